"""Evidence into a case: each file read and judged by itself, so that a bad one keeps no other out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from trover.case.asserted import asserted_by
from trover.case.assume import bodies_of
from trover.case.chain_complete import newly_complete
from trover.case.chain_tables import FORMAT as TABLES
from trover.case.chain_tables import together
from trover.case.finding import Body
from trover.case.gather import Gathered
from trover.case.marking import Handling
from trover.case.proven_order import in_proven_order
from trover.case.reuse import Content, Reuse
from trover.case.solve import stated_assumptions
from trover.case.state import Refused, Source, State
from trover.case.statement import statement_of
from trover.errors import (
    AccountContradiction,
    DuplicateId,
    InputErrors,
    Place,
    Problem,
    UnknownAccount,
    UnknownFamily,
    UnknownTransfer,
)  # fmt: skip
from trover.ledger.base import Base
from trover.ledger.build import build_ledger
from trover.ledger.check import PlaceIn
from trover.ledger.gate import Verdict, judge
from trover.ledger.ledger import Ledger
from trover.ledger.outputs import Values, height_of, leaves_open, settle
from trover.ledger.settle_ethereum import agreed, complete, lacks, learn
from trover.sources.case_json import CaseFile, read_case
from trover.sources.currency import MINOR_UNITS, token_currency
from trover.sources.custody import SourceFile, read_source
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, EventRecord, Unbooked
from trover.sources.sandbox import Archive, opened, read_all, read_in_sandbox
from trover.sources.strict_yaml import load_yaml

CASE = "case"
"""The name of the format that carries claims and findings of its own."""
ARCHIVE = "archive"
"""The format of a file that only holds other files."""
ETHEREUM = ("ethereum-etl", "etherscan", "valued flows")
WAITING = ("bitcoin blocks", "bitcoin core", "esplora")
"""Formats of transactions that may wait for the value of an input, which another file states."""
CHAIN_FORMATS = (*WAITING, TABLES, *ETHEREUM)
"""Formats whose rows another file may complete: outputs it spends, times, receipts."""
DECIMALS = "decimals "
"""Before the contract of a token, in what a file states."""
ELSEWHERE = (UnknownTransfer, UnknownAccount)
"""Problems of a file that another file, read after it, may solve."""


@dataclass(frozen=True)
class Taken:
    """One file that was read: what the case keeps of it, and all its rows, admitted or not, as a ledger.

    `bodies` are the findings it states, which hold once all its rows are in.
    """

    source: Source
    data: bytes
    rows: Ledger
    bodies: tuple[Body, ...] = ()
    unbooked: tuple[Unbooked, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass
class Intake:
    """What the files come to. `refused`: each file that could not be read, with its bytes and all its problems.

    `unreadable`: problems of paths of which no bytes could be had; `skipped`: path and why. `completed`: sources the
    case has, each with rows that only these files complete, on statements of their own.
    """

    taken: list[Taken] = field(default_factory=list)
    completed: list[Taken] = field(default_factory=list)
    unchanged: list[Source] = field(default_factory=list)
    refused: list[tuple[SourceFile, tuple[Problem, ...]]] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def take_in(
    state: State,
    ledger: Ledger,
    paths: Iterable[str | Path],
    columns: Mapping[str, Any] | None,
    handling: Handling,
    content: Content,
) -> Intake:
    """Read and judge what `paths` hold beside `ledger`, all rows the case has stored; what it has is not read again.

    content: the bytes of a source of the case, whose mapping may fit a new file where `columns` is None.
    """
    intake, gathered = Intake(), Gathered()
    taker = _Taker(state, Base(ledger), columns, handling)
    taker.reuse = reuse = Reuse(dict(state.sources), content)
    new = _new_files(state, gathered.files(paths), handling, intake)
    later: list[Reading] = []
    chain: list[Reading] = []

    def take(reading: Reading) -> tuple[Problem, ...]:
        try:
            intake.taken.append(taker.take(reading))
        except InputErrors as errors:
            return errors.problems
        return ()

    for answer in read_all((file, reuse.mapping_for(file) if columns is None else columns) for file in new):
        if not isinstance(answer, Reading):
            why = reuse.blocked.get(answer.source.sha256)
            intake.refused.append((answer.source, (*answer.problems, *([why] if why else []))))
        elif answer.format in CHAIN_FORMATS:
            chain.append(answer)
        elif problems := take(answer):
            if all(isinstance(problem, ELSEWHERE) for problem in problems):
                later.append(answer)
            else:
                intake.refused.append((answer.source, problems))
    chain, alone = together(chain, _stored_tables(chain, state, content))
    intake.refused += [(reading.source, (problem,)) for reading, problem in alone]
    taker.know(chain, state, content)
    later += sorted(chain, key=lambda reading: height_of(reading.records))
    intake.refused += [(reading.source, problems) for reading in later if (problems := take(reading))]
    if chain:
        intake.completed += taker.completed(state, content)
    intake.unreadable[:0], intake.skipped[:0] = gathered.problems, gathered.skipped
    return intake


def _new_files(state: State, files: Iterable[SourceFile], handling: Handling, intake: Intake) -> Iterator[SourceFile]:
    """What is to be read of `files`: each that the case does not have, and of archives each such member."""
    again = {refused.archive for refused in state.refused.values()}
    seen: set[str] = set()
    for file in files:
        known = state.sources.get(file.sha256)
        if known is not None:
            intake.unchanged.append(known)
            if known.format != ARCHIVE or file.sha256 not in again:
                continue
        for found in opened([file]):
            if isinstance(found, Archive):
                if known is None:
                    intake.taken.append(_archive(file, handling))
                    intake.unreadable += found.problems
                    intake.skipped += [(f"{file.name}: {path}", why) for path, why in found.skipped]
                    intake.unchanged += [state.sources[m.sha256] for m in found.members if m.sha256 in state.sources]
                members: Sequence[SourceFile] = found.members
            elif isinstance(found, SourceFile):
                members = [found]
            else:
                members = []
                intake.refused.append((file, found.problems))
            for member in members:
                if member.sha256 not in state.sources and member.sha256 not in seen:
                    seen.add(member.sha256)
                    yield member


def _archive(file: SourceFile, handling: Handling) -> Taken:
    """An archive itself: kept as it came; its members are sources of their own."""
    source = Source(file.sha256, file.name, file.size, file.media, ARCHIVE, handling)
    return Taken(source, file.data, Ledger.of((), ()))


def take_again(state: State, data: Mapping[str, bytes], beside: Sequence[Ledger], content: Content) -> list[Taken]:
    """Sources of the case read once more, as they were read first, each beside the rows of all others.

    data: SHA-256 -> bytes; beside: all rows that are booked or about to be; content: of any source. Raises
    `InputErrors`.
    """
    taken: list[Taken] = []
    every = Base(*beside)
    for sha256, own_bytes in data.items():
        source = state.sources[sha256]
        answer = read_in_sandbox(source.file(own_bytes), source.mapping)
        if not isinstance(answer, Reading):
            raise InputErrors(answer.problems)
        others = State({id: other for id, other in state.sources.items() if id != sha256})
        is_booked = bool(state.booked.get(sha256))
        rows = [_of_others(part, sha256) for part in beside] + [one.rows for one in taken] if is_booked else []
        own = _Taker(others, Base(*rows) if is_booked else every, source.mapping, source.handling)
        if answer.format in CHAIN_FORMATS:
            whole, _ = together([answer], _stored_tables([answer], others, content))
            answer = whole[0] if whole else answer
            own.know([answer], others, content)
        taken.append(own.take(answer))
        if is_booked:
            every.add(taken[-1].rows)
    return taken


def _of_others(part: Ledger, sha256: str) -> Ledger:
    return part.take(np.flatnonzero(pc.not_equal(part.events["source"], sha256).to_numpy()))


def _stored_tables(chain: Iterable[Reading], state: State, content: Content) -> list[Reading]:
    """The tables of transactions that the case has, read again where a new one may need them."""
    if not any(reading.format == TABLES for reading in chain):
        return []
    stored = [source for source in state.sources.values() if source.format == TABLES]
    answers = [read_in_sandbox(source.file(content(source.sha256)), source.mapping) for source in stored]
    return [answer for answer in answers if isinstance(answer, Reading)]


def columns_of(mapping: str | Path | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The mapping as plain data, checked. Raises `InputErrors`."""
    if mapping is None:
        return None
    if isinstance(mapping, Mapping):
        plain, name = dict(mapping), "mapping"
    else:
        source = read_source(mapping)
        plain, name = load_yaml(source), source.name
    mapping_of(plain, name)
    return plain


def refused_file(file: SourceFile, problems: Sequence[Problem], handling: Handling) -> Refused:
    said = tuple(str(problem) for problem in problems)
    return Refused(file.sha256, file.name, file.size, file.media, said, handling, file.archive, file.member)


class _Taker:
    """Takes one reading after another; each stands beside all that were taken before it."""

    def __init__(self, state: State, base: Base, columns: Mapping[str, Any] | None, handling: Handling) -> None:
        self.base = base
        self.columns, self.handling = columns, handling
        self.reuse: Reuse | None = None
        self.units: dict[str, tuple[int, str]] = {}
        for source in state.sources.values():
            for currency, decimals in source.minor_units.items():
                self.units.setdefault(currency, (decimals, source.name))
        self.evidence = {id: source.name for source in state.sources.values() for id in source.evidence}
        self.names = {source.sha256: source.name for source in state.sources.values()}
        self.values = Values()
        self.stated: dict[str, str] = {}

    def know(self, readings: Iterable[Reading], state: State, content: Content) -> None:
        """The values of outputs in all files of chains, those the case has read again where one is not stated."""
        readings = list(readings)
        if any(leaves_open(reading.records) or lacks(reading.records) for reading in readings):
            for source in state.sources.values():
                if source.format in CHAIN_FORMATS:
                    answer = read_in_sandbox(source.file(content(source.sha256)), source.mapping)
                    if isinstance(answer, Reading):
                        self._learn(answer)
        for reading in readings:
            self._learn(reading)

    def _learn(self, reading: Reading) -> None:
        learn(self.stated, reading.stated)
        if reading.format not in ETHEREUM:
            self.values.add(reading.records)

    def take(self, reading: Reading) -> Taken:
        """Raises `InputErrors` with everything that is wrong with this file; nothing of it has then entered."""
        found: list[Problem] = []
        case = _case(reading.source, found) if reading.format == CASE else None
        if case is None:
            reading = self._settled(_with_own_ids(reading, self.base.ids))
        assumptions = stated_assumptions(case, found) if case else None
        minor_units = _own_units(reading, case)
        found += self._decimals(reading.source.name, minor_units)
        found += [
            DuplicateId(record.id, Place(reading.source.name, row=record.pointer.row), says=f"is in {known} already")
            for record in reading.evidence
            if (known := self.evidence.get(record.id))
        ]
        rows, verdicts = self._rows(reading, found)
        self.names[reading.source.sha256] = reading.source.name
        for currency, decimals in minor_units.items():
            self.units.setdefault(currency, (decimals, reading.source.name))
        self.evidence |= {record.id: reading.source.name for record in reading.evidence}
        source = self._source(reading, minor_units, verdicts)
        bodies = tuple(bodies_of(assumptions, case.params, rows)) if assumptions and case else ()
        remarks = reading.remarks
        if self.reuse is not None and (reused := self.reuse.remarks.get(reading.source.sha256)):
            remarks = (reused, *remarks)
        return Taken(source, reading.source.data, rows, bodies, reading.unbooked, remarks)

    def _rows(self, reading: Reading, found: Sequence[Problem] = ()) -> tuple[Ledger, Sequence[Verdict]]:
        """All rows of `reading` beside those before it, judged. Raises `InputErrors` with `found` and what is wrong."""
        place = PlaceIn(reading.files, reading.columns)
        verdicts = judge(reading.records, place, reading.broken_rows) if not (found or reading.problems) else ()
        rows = build_ledger(
            _ordered(reading, verdicts),
            files=reading.files,
            columns=reading.columns,
            claims=reading.claims,
            problems=[*found, *reading.problems],
            broken=reading.broken | {row.id for row in reading.broken_rows},
            base=self.base,
            statements=_statements(verdicts),
        )
        self.base.add(rows)
        return rows, verdicts

    def completed(self, state: State, content: Content) -> Iterator[Taken]:
        """Sources of the case with transactions that waited for a value which is now known."""
        waiting = [s for s in state.sources.values() if s.unbooked and s.format in WAITING]
        answers = [read_in_sandbox(source.file(content(source.sha256)), source.mapping) for source in waiting]
        readings = [answer for answer in answers if isinstance(answer, Reading) and leaves_open(answer.records)]
        self.know(readings, state, content)
        for reading in readings:
            source = state.sources[reading.source.sha256]
            settled = self._settled(reading)
            known = frozenset(statement.id for statement in source.statements)
            more = newly_complete(reading, settled, self.base.ids, state.booked.get(source.sha256, frozenset()), known)
            if more is not None:
                rows, verdicts = self._rows(more)
                statements = (*source.statements, *map(statement_of, verdicts))
                changed = replace(source, statements=statements, unbooked=len(settled.unbooked))
                yield Taken(changed, reading.source.data, rows)

    def _settled(self, reading: Reading) -> Reading:
        """Transactions of a chain with the value of every input; those that stay without are kept, not booked."""
        if reading.format not in CHAIN_FORMATS:
            return reading
        place = PlaceIn(reading.files | self.names, reading.columns)
        if reading.format in ETHEREUM:
            done = agreed(complete(reading.records, self.stated), self.base.among, place)
            return replace(
                reading,
                records=tuple(done.records),
                unbooked=(*reading.unbooked, *done.waiting),
                broken_rows=(*reading.broken_rows, *done.broken),
            )
        made = settle(reading.records, self.values, self.base.outputs, self.base.ids, place)
        return replace(
            reading,
            records=tuple(made.records),
            unbooked=(*reading.unbooked, *made.waiting),
            broken_rows=(*reading.broken_rows, *made.broken),
        )

    def _source(self, reading: Reading, minor_units: Mapping[str, int], verdicts: Sequence[Verdict]) -> Source:
        file = reading.source
        return Source(
            sha256=file.sha256,
            name=file.name,
            size=file.size,
            media=file.media,
            format=reading.format,
            handling=self.handling,
            mapping=None if reading.format == CASE else self._mapping(file.sha256),
            minor_units=minor_units,
            statements=tuple(map(statement_of, verdicts)),
            unbooked=len(reading.unbooked),
            evidence=tuple(record.id for record in reading.evidence),
            asserted=asserted_by(reading),
            archive=file.archive,
            member=file.member,
        )

    def _mapping(self, sha256: str) -> Mapping[str, Any] | None:
        """What was given, or what an earlier file was read under."""
        return self.columns if self.reuse is None else self.reuse.chosen.get(sha256, self.columns)

    def _decimals(self, name: str, minor_units: Mapping[str, int]) -> Iterator[Problem]:
        """Two files may not mean different units by one currency."""
        for currency, decimals in minor_units.items():
            first, other = self.units.get(currency, (decimals, ""))
            if first != decimals:
                says = f"has {decimals} decimals here and {first} in {other}"
                yield AccountContradiction(currency, Place(name), says=says)


def _with_own_ids(reading: Reading, taken: Collection[str]) -> Reading:
    """The reading with the file's hash before ids that a row of another file has.

    Two banks number their rows alike, and one export repeats rows of another: whether a row is the same is told by
    the statement it stands on, not by its number. Rows of payments on no statement keep theirs, and are refused.
    """
    rows = [record for record in reading.records if isinstance(record, EventRecord) and record.id in taken]
    again = {row.id for row in rows}
    if not again or not all(row.statement or row.balance is not None for row in rows):
        return reading

    def named(id: str) -> str:
        return f"{reading.source.sha256[:12]}:{id}" if id in again else id

    records = [
        replace(record, id=named(record.id), reverses=named(record.reverses), replaces=named(record.replaces))
        if isinstance(record, EventRecord)
        else record
        for record in reading.records
    ]
    return replace(reading, records=tuple(records))


def _ordered(reading: Reading, verdicts: Sequence[Verdict]) -> list[Any]:
    """The records, events among them with the posting orders that the verdicts prove."""
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    others = [record for record in reading.records if not isinstance(record, EventRecord)]
    return [*others, *in_proven_order(events, verdicts)]


def _statements(verdicts: Iterable[Verdict]) -> dict[str, tuple[str, ...]]:
    """Id of each row -> ids of the statements it stands on."""
    found: dict[str, tuple[str, ...]] = {}
    for verdict in verdicts:
        for row in (*verdict.rows, *verdict.replaced):
            found[row] = (*found.get(row, ()), verdict.statement.id)
    return found


def _case(source: SourceFile, found: list[Problem]) -> CaseFile:
    """The case file; what is wrong with its rows its reading has already said."""
    case = read_case(source, [])
    if case.family in ("asset", "distribution"):
        says = "is a family without transfers"
        remedy = "Answer this file with trover solve; a case holds ledgers."
        found.append(UnknownFamily(case.family, Place(source.name), says=says, remedy=remedy))
    return case


def _own_units(reading: Reading, case: CaseFile | None) -> dict[str, int]:
    """Decimals of each currency in the file: a case file states its own."""
    currencies = {record.currency for record in reading.records if isinstance(record, AccountRecord)}
    if case is not None:
        return dict.fromkeys(sorted(currencies | {case.currency}), case.minor_unit)
    known = {currency: MINOR_UNITS[currency] for currency in sorted(currencies) if currency in MINOR_UNITS}
    return known | _token_units(reading.stated)


def _token_units(stated: Mapping[str, str]) -> dict[str, int]:
    """Decimals of tokens, where the file states them."""
    tokens = {key.removeprefix(DECIMALS): text for key, text in stated.items() if key.startswith(DECIMALS)}
    return {token_currency(token): int(text) for token, text in tokens.items() if text.isdecimal() and len(text) < 4}
