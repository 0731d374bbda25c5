"""Evidence into a case: every file read, one ledger of all of them, and what the files themselves claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trover.case.assume import bodies_of
from trover.case.finding import Body
from trover.case.marking import Handling
from trover.case.solve import stated_assumptions
from trover.case.state import Source, State
from trover.errors import AccountContradiction, FieldWrong, InputErrors, Place, Problem, UnknownFamily
from trover.ledger.build import build_ledger
from trover.ledger.join import join
from trover.ledger.ledger import Ledger
from trover.sources.case_json import CaseFile, read_case
from trover.sources.currency import MINOR_UNITS
from trover.sources.custody import SourceFile, read_source
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, Record, Unbooked
from trover.sources.sandbox import read_all
from trover.sources.strict_yaml import load_yaml

CASE = "case"
"""The name of the format that carries claims and findings of its own."""


@dataclass
class Intake:
    """What adding these files comes to: a new part of the ledger, and the ledger with it.

    `stated`: file name and the finding it states, in order; `unbooked`: file name and the row that moves nothing;
    `remarks`: what does not agree inside a file and did not keep it out.
    """

    added: list[Source] = field(default_factory=list)
    unchanged: list[Source] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    part: Ledger = field(default_factory=lambda: Ledger.of((), ()))
    ledger: Ledger = field(default_factory=lambda: Ledger.of((), ()))
    stated: list[tuple[str, Body]] = field(default_factory=list)
    unbooked: list[tuple[str, Unbooked]] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def take_in(
    state: State,
    ledger: Ledger,
    paths: Iterable[str | Path],
    mapping: str | Path | Mapping[str, Any] | None,
    handling: Handling,
) -> Intake:
    """Read `paths` beside `ledger`, the one the case has. Raises `InputErrors` with the problems of all files."""
    found: list[Problem] = []
    columns = _columns(mapping, found)
    intake = Intake()
    readings: list[Reading] = []
    files = _files(paths, found)
    intake.unchanged = [state.sources[file.sha256] for file in files if file.sha256 in state.sources]
    for reading in _read(files, state, columns, found):
        readings.append(reading)
        intake.remarks += reading.remarks
        intake.unbooked += [(reading.source.name, row) for row in reading.unbooked]
        intake.added.append(_source(reading, columns, handling))
        intake.files[intake.added[-1].path] = reading.source.data
    if intake.added or found:
        found += _decimals([*state.sources.values(), *intake.added])
        _build(intake, ledger, readings, found)
    return intake


def _build(intake: Intake, base: Ledger, new: Sequence[Reading], found: list[Problem]) -> None:
    cases = [(reading.source.name, _case(reading.source, found)) for reading in new if reading.format == CASE]
    stated = [(name, stated_assumptions(case, found), case) for name, case in cases]
    records: list[Record] = [record for reading in new for record in reading.records]
    held = base if len(base) else None
    intake.part = build_ledger(
        records,
        files={sha256: name for reading in new for sha256, name in reading.files.items()},
        columns={sha256: headers for reading in new for sha256, headers in reading.columns.items()},
        claims=[claim for reading in new for claim in reading.claims],
        problems=[*found, *(problem for reading in new for problem in reading.problems)],
        broken=frozenset().union(*(reading.broken for reading in new)),
        base=held,
    )
    intake.ledger = join([base, intake.part]) if held else intake.part
    for name, assumptions, case in stated:
        intake.stated += [(name, body) for body in bodies_of(assumptions, case.params, intake.ledger)]


def _case(source: SourceFile, found: list[Problem]) -> CaseFile:
    """The case file; what is wrong with its rows its reading has already said."""
    case = read_case(source, [])
    if case.family in ("asset", "distribution"):
        says = "is a family without transfers"
        remedy = "Answer this file with trover solve; a case holds ledgers."
        found.append(UnknownFamily(case.family, Place(source.name), says=says, remedy=remedy))
    return case


def _columns(mapping: str | Path | Mapping[str, Any] | None, found: list[Problem]) -> Mapping[str, Any] | None:
    """The mapping as plain data, checked."""
    if mapping is None:
        return None
    try:
        if isinstance(mapping, Mapping):
            plain, name = dict(mapping), "mapping"
        else:
            source = read_source(mapping)
            plain, name = load_yaml(source), source.name
        mapping_of(plain, name)
        return plain
    except InputErrors as errors:
        found += errors.problems
        return None


def _files(paths: Iterable[str | Path], found: list[Problem]) -> list[SourceFile]:
    files: dict[str, SourceFile] = {}
    for path in paths:
        try:
            file = read_source(path)
        except InputErrors as errors:
            found += errors.problems
            continue
        files.setdefault(file.sha256, file)
    return list(files.values())


def _read(
    files: Iterable[SourceFile], state: State, columns: Mapping[str, Any] | None, found: list[Problem]
) -> Iterator[Reading]:
    """What is read of the files that the case does not have, in processes of their own."""
    new = [file for file in files if file.sha256 not in state.sources and _well_named(file, found)]
    for answer in read_all((file, columns) for file in new):
        if isinstance(answer, Reading):
            yield answer
        else:
            found += answer.problems


def _well_named(file: SourceFile, found: list[Problem]) -> bool:
    if len(file.name.encode("utf-8", "surrogateescape")) <= 200:
        return True
    found.append(FieldWrong(file.name[:60], says="is a file name of more than 200 bytes", remedy="Rename the file."))
    return False


def _source(reading: Reading, columns: Mapping[str, Any] | None, handling: Handling) -> Source:
    file = reading.source
    return Source(
        sha256=file.sha256,
        name=file.name,
        size=file.size,
        media=file.media,
        format=reading.format,
        handling=handling,
        mapping=None if reading.format == CASE else columns,
        minor_units=_own_units(reading),
    )


def _own_units(reading: Reading) -> dict[str, int]:
    """Decimals of each currency in the file: a case file states its own."""
    currencies = {record.currency for record in reading.records if isinstance(record, AccountRecord)}
    if reading.format == CASE:
        case = read_case(reading.source, [])
        return dict.fromkeys(sorted(currencies | {case.currency}), case.minor_unit)
    return {currency: MINOR_UNITS[currency] for currency in sorted(currencies) if currency in MINOR_UNITS}


def _decimals(sources: Iterable[Source]) -> list[Problem]:
    """Two files may not mean different units by one currency."""
    known: dict[str, tuple[int, str]] = {}
    found: list[Problem] = []
    for source in sources:
        for currency, decimals in source.minor_units.items():
            first, name = known.setdefault(currency, (decimals, source.name))
            if first != decimals:
                says = f"has {decimals} decimals here and {first} in {name}"
                found.append(AccountContradiction(currency, Place(source.name), says=says))
    return found
