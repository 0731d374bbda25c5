"""The utxo family of the case format: every output is an account that is filled once and emptied once.

A transaction is one event: its inputs in order, its outputs in order, the fee last to FEE:<txid>. What
an output known at the start holds is entered lot by lot, in the order the file lists, so that first in
first out has an order to follow. The order of the file is the order of the chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trover.errors import AmountNotPositive, DuplicateId, FieldWrong, OutputsExceedInputs, OutputSpent, UnknownOutput
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.record import AccountRecord, ClaimRecord, EventRecord, LegRecord, Pointer, Record

ORIGIN = "EXT:ORIGIN"
CLEAN = "CLEAN"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a source gives only an order, no times; `time_text` is then empty."""


@dataclass(frozen=True, slots=True)
class StartLot:
    """`value` minor units of `owner` in an output known at the start, entered by the event `entry`."""

    pointer: Pointer
    owner: str
    value: int
    entry: str


def utxo_records(top: Fields, source: SourceFile, currency: str) -> tuple[tuple[Record, ...], list[StartLot]]:
    """Accounts and events of the file, and the lots the first outputs hold."""
    chain = _Chain(source, currency)
    for row in top.rows("utxos"):
        chain.start(row)
    for row in top.rows("transactions"):
        chain.transaction(row)
    return (*chain.accounts, *chain.events), chain.lots


def utxo_claims(
    lots: list[StartLot], params: Mapping[str, Any]
) -> tuple[tuple[str, ...], str, tuple[ClaimRecord, ...]]:
    """Owners, the name of the residual, and one claim for each lot of an owner."""
    named = params.get("owners")
    seen = dict.fromkeys(lot.owner for lot in lots)
    owners = tuple(map(str, named)) if isinstance(named, list) else tuple(o for o in seen if o not in (CLEAN, "OWN"))
    rest = [owner for owner in seen if owner not in owners]
    claims = tuple(
        ClaimRecord(lot.pointer, owner, lot.value, transfer=lot.entry)
        for owner in owners
        for lot in lots
        if lot.owner == owner
    )
    return owners, rest[0] if len(rest) == 1 else CLEAN, claims


class _Chain:
    def __init__(self, source: SourceFile, currency: str) -> None:
        self.source, self.currency = source, currency
        self.accounts: list[AccountRecord] = []
        self.events: list[EventRecord] = []
        self.lots: list[StartLot] = []
        self.value: dict[str, int] = {}
        self.spent: dict[str, str] = {}
        self.txids: set[str] = set()

    def pointer(self, row: Fields) -> Pointer:
        return Pointer(self.source.sha256, row.section, row.row or 0)

    def start(self, row: Fields) -> None:
        output = row.id("id")
        total = 0
        for position, lot in enumerate(row.array("lots")):
            if not _is_lot(lot):
                row.add(FieldWrong(str(lot), row.place("lots"), says="is not a pair of owner and whole number"))
                continue
            owner, value = lot
            if value < 0:
                row.add(AmountNotPositive(value, row.place("lots")))
            elif value:
                entry = f"{ORIGIN}>{output}#{position}"
                self.lots.append(StartLot(self.pointer(row), owner, value, entry))
                self._event(row, entry, (LegRecord(ORIGIN, value),), (LegRecord(output, value),))
                total += value
        self._create(row, "id", output, total)

    def transaction(self, row: Fields) -> None:
        txid = row.id("txid")
        if txid in self.txids:
            row.add(DuplicateId(txid, row.place("txid")))
        self.txids.add(txid)
        inputs = [self._spend(row, output, txid) for output in row.array("ins")]
        outputs = [self._out(row, out) for out in row.array("outs")]
        if not inputs or not outputs:
            row.add(FieldWrong(txid, row.place("ins" if not inputs else "outs"), says="moves nothing"))
        fee = sum(leg.amount for leg in inputs if leg) - sum(leg.amount for leg in outputs if leg)
        if fee < 0 and row.clean:
            row.add(OutputsExceedInputs(txid, row.place("outs")))
        if not row.clean:
            return
        legs = [leg for leg in outputs if leg and leg.amount]
        if fee:
            legs.append(LegRecord(f"FEE:{txid}", fee))
        self._event(row, txid, tuple(leg for leg in inputs if leg and leg.amount), tuple(legs))

    def _event(self, row: Fields, id: str, inputs: tuple[LegRecord, ...], outputs: tuple[LegRecord, ...]) -> None:
        seq = len(self.events) + 1
        self.events.append(EventRecord(self.pointer(row), id, UNDATED, "", seq, inputs, outputs))

    def _create(self, row: Fields, column: str, output: str, value: int) -> None:
        if output in self.value:
            row.add(DuplicateId(output, row.place(column)))
        elif output:
            self.value[output] = value
            self.accounts.append(AccountRecord(self.pointer(row), output, self.currency, "output", opening=0))

    def _spend(self, row: Fields, output: object, txid: str) -> LegRecord | None:
        if not isinstance(output, str) or output not in self.value:
            row.add(UnknownOutput(str(output), row.place("ins")))
            return None
        if output in self.spent:
            row.add(OutputSpent(output, row.place("ins"), says=f"is already spent by {self.spent[output]}"))
            return None
        self.spent[output] = txid
        return LegRecord(output, self.value[output])

    def _out(self, row: Fields, out: object) -> LegRecord | None:
        fields = Fields(out, row.problems, row.file, row.section, row.row)
        output, value = fields.id("id"), fields.integer("value")
        if value < 0:
            row.add(AmountNotPositive(value, row.place("outs")))
        self._create(row, "outs", output, value)
        return LegRecord(output, value) if output and value >= 0 else None


def _is_lot(lot: object) -> bool:
    return (
        isinstance(lot, list)
        and len(lot) == 2
        and isinstance(lot[0], str)
        and isinstance(lot[1], int)
        and not isinstance(lot[1], bool)
    )
