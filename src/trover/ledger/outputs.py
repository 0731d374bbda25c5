"""Outputs of transactions across files: what an emptied output held, and that it is emptied once.

A transaction names what it spends and not always its value; the value stands in the transaction that made it, or is
stated beside the input. What one file leaves open another may fill in. Where no source states it the transaction is
kept and not booked: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.errors import OutputsExceedInputs, OutputSpent, Problem, UnknownOutput, ValueContradicted
from trover.ledger.check import PlaceOf
from trover.ledger.event import FEE, AccountKind
from trover.ledger.ledger import Ledger
from trover.sources.record import (
    NOT_STATED,
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    Pointer,
    Record,
    StatementRecord,
    Unbooked,
)

CURRENCY = "BTC"

OUTPUT = AccountKind.OUTPUT.value


class OutputIndex:
    """Outputs of a ledger: what the transaction that made each put into it, and which one took out how much."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.spent: dict[str, tuple[str, int]] = {}

    def add(self, part: Ledger) -> None:
        kinds = pc.equal(part.accounts["kind"], OUTPUT).to_numpy().astype(bool)
        if not kinds.any():
            return
        names, ids = part.accounts["id"], part.events["id"]
        rows = _of_outputs(part.outputs, kinds)
        made = zip(_names(names, part.outputs, rows), part.outputs["amount"].take(rows).to_pylist(), strict=True)
        for account, value in made:
            self.made.setdefault(account, int(value))
        rows = _of_outputs(part.inputs, kinds)
        event = np.repeat(np.arange(len(part)), part.events["inputs"].to_numpy())[rows]
        spenders, taken = ids.take(event).to_pylist(), part.inputs["amount"].take(rows).to_pylist()
        for account, id, value in zip(_names(names, part.inputs, rows), spenders, taken, strict=True):
            self.spent.setdefault(account, (id, int(value)))


def _of_outputs(legs: pa.Table, kinds: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.flatnonzero(kinds[legs["account"].to_numpy()])


def _names(names: pa.ChunkedArray, legs: pa.Table, rows: npt.NDArray[np.int64]) -> list[str]:
    found: list[str] = names.take(legs["account"].take(rows)).to_pylist()
    return found


def leaves_open(records: Iterable[Record]) -> bool:
    """Whether some input's value is to be found elsewhere."""
    events = (record for record in records if isinstance(record, EventRecord))
    return any(leg.amount == NOT_STATED for event in events for leg in event.inputs)


def height_of(records: Iterable[Record]) -> int:
    """The posting order of the first transaction: files are booked in the order of the chain."""
    return min((record.seq for record in records if isinstance(record, EventRecord)), default=0)


@dataclass(frozen=True)
class Values:
    """Values of outputs that files bring, in minor units: `made` by a transaction, or only `stated`."""

    made: dict[str, int] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)

    def add(self, records: Iterable[Record]) -> None:
        for record in records:
            if isinstance(record, AccountRecord):
                if record.kind == OUTPUT and record.opening is not None:
                    self.stated[record.id] = record.opening
            elif isinstance(record, EventRecord):
                self.made.update((leg.account, leg.amount) for leg in record.outputs)


@dataclass
class Settled:
    """Records whose inputs all have a value. `waiting`: transactions that nobody's values complete; `broken`: those
    that contradict what is known."""

    records: list[Record] = field(default_factory=list)
    waiting: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)


def settle(
    records: Iterable[Record], values: Values, known: OutputIndex, ids: Container[str], place: PlaceOf
) -> Settled:
    """`records` with every input's value filled in. values: of outputs in all files of the case.

    known, ids: outputs and ids of rows of the ledger these records are added to. What a transaction made is bound by
    its id; a transaction completed by a value that is only stated stands on a statement of its own.
    """
    everything = list(records)
    work = _Settle(values, known, ids, place)
    events = [made for each in everything if isinstance(each, EventRecord) and (made := work.event(each)) is not None]
    here = {leg.account for event in events for leg in event.outputs}
    emptied = {leg.account: leg.amount for event in events for leg in event.inputs}
    for record in everything:
        if isinstance(record, AccountRecord) and record.kind == OUTPUT:
            is_made = record.id in here or record.id in known.made
            opening = None if is_made else emptied.get(record.id, record.opening)
            work.result.records.append(replace(record, opening=opening))
        elif not isinstance(record, EventRecord):
            work.result.records.append(record)
    work.result.records += [*work.statements.values(), *events]
    return work.result


def txid_of(id: str) -> str:
    """The id of the transaction, from the id of an event that may carry the file's hash before it."""
    return id.rpartition(":")[2]


class _Settle:
    def __init__(self, values: Values, known: OutputIndex, ids: Container[str], place: PlaceOf) -> None:
        self.values, self.known, self.ids, self.place = values, known, ids, place
        self.result = Settled()
        self.statements: dict[str, StatementRecord] = {}

    def event(self, event: EventRecord) -> EventRecord | None:
        inputs, missing, problems = [], [], []
        for leg in event.inputs:
            value = self._value(leg)
            problem = self._problem(event, leg, value)
            if problem is not None:
                problems.append(problem)
            elif value is None:
                missing.append(leg.account)
            elif value:
                inputs.append(leg if leg.amount == value else replace(leg, amount=value))
        outputs = event.outputs
        total = sum(leg.amount for leg in outputs)
        given = sum(leg.amount for leg in inputs)
        if not (problems or missing) and any(leg.amount == NOT_STATED for leg in event.inputs):
            if given < total:
                says = f"pays out {total} minor units and takes in {given}"
                problems.append(OutputsExceedInputs(event.id, self.place(event.pointer), says=says))
            elif given > total:
                outputs = (*outputs, LegRecord(f"{FEE}{txid_of(event.id)}", given - total))
        if problems:
            sha256 = event.pointer.sha256
            own = f"{sha256[:12]}:{txid_of(event.id)}"
            self.result.broken.append(BrokenRow(event.pointer, event.id, "", own, tuple(problems)))
            return None
        if missing:
            reason = f"no source states what {len(missing)} of its inputs held, the first of them {missing[0]}"
            self.result.waiting.append(Unbooked(event.pointer, event.id, event.statement, "", str(total), reason))
            return None
        done = replace(event, inputs=tuple(inputs), outputs=outputs)
        bound = all(leg.amount != NOT_STATED or self._made(leg) is not None for leg in event.inputs)
        return done if bound else replace(done, statement=self._apart(event))

    def _apart(self, event: EventRecord) -> str:
        """The statement of transactions of this file that are completed by stated values."""
        sha256 = event.pointer.sha256
        id = f"{sha256[:12]}:stated values"
        self.statements.setdefault(id, StatementRecord(Pointer(sha256), id, "", CURRENCY, chain="values"))
        return id

    def _made(self, leg: LegRecord) -> int | None:
        made = self.known.made.get(leg.account)
        return self.values.made.get(leg.account) if made is None else made

    def _value(self, leg: LegRecord) -> int | None:
        if leg.amount != NOT_STATED:
            return leg.amount
        made = self._made(leg)
        return self.values.stated.get(leg.account) if made is None else made

    def _problem(self, event: EventRecord, leg: LegRecord, value: int | None) -> Problem | None:
        if leg.account.startswith("EXT:"):
            return None
        place = self.place(event.pointer)
        id, taken = self.known.spent.get(leg.account, (event.id, value))
        by = txid_of(id)
        if by != txid_of(event.id):
            return OutputSpent(leg.account, place, says=f"is already spent by {by}")
        made = self._made(leg)
        if made is not None and value != made:
            return ValueContradicted(value, place, says=f"is not the value of {leg.account}, which is {made}")
        if value is not None and taken != value:
            return ValueContradicted(
                value, place, says=f"is not the value of {leg.account}, elsewhere stated as {taken}"
            )
        maker = leg.account.rpartition(":")[0]
        if made is None and value != 0 and maker in self.ids:
            return UnknownOutput(leg.account, place, says="does not exist: its transaction has no such output")
        return None
