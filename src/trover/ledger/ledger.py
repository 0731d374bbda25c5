"""The ledger: accounts and events in posting order, columnar (Arrow), every row bound to its source.

Four tables. `accounts`: one row each. `events`: one row each, in ledger order, with the number of its
input and output legs. `inputs` and `outputs`: the legs of all events one after another; `account` is
the row of the account in `accounts`. Amounts are integers of minor units, 64 bits wide where they
fit and decimal128(38, 0) where they do not, so that wei neither overflow nor are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.event import Account, AccountKind, Event, Input, OtherRow, Output
from trover.sources.record import Pointer
from trover.sources.times import OF_DAY

WIDE = pa.decimal128(38, 0)
_DAY = 86_400_000_000
"""In microseconds, in which times are kept."""
OTHER_ROW = pa.struct(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("page", pa.string()),
        ("row", pa.int32()),
        ("note", pa.string()),
        ("balance_account", pa.string()),
        ("balance", WIDE),
    ]
)

EVENTS = pa.schema(
    [
        ("id", pa.string()),
        ("time", pa.timestamp("us", tz="UTC")),
        ("time_text", pa.string()),
        ("seq", pa.int64()),
        ("kind", pa.string()),
        ("note", pa.string()),
        ("reverses", pa.string()),
        ("replaces", pa.string()),
        ("source", pa.string()),
        ("page", pa.string()),
        ("row", pa.int32()),
        ("inputs", pa.int32()),
        ("outputs", pa.int32()),
        ("balance_account", pa.string()),
        ("statement", pa.string()),
        ("booked", pa.bool_()),
        ("references", pa.list_(pa.string())),
        ("also", pa.list_(OTHER_ROW)),
        ("statements", pa.list_(pa.string())),
    ]
)
"""And `balance`, which is as wide as it must be, null where the source prints none."""


def amounts(values: Sequence[int | None]) -> pa.Array:
    """Integers as int64 where all fit, else decimal128(38, 0). Raises ArrowInvalid beyond 38 digits."""
    if all(value is None or -(2**63) <= value < 2**63 for value in values):
        return pa.array(values, pa.int64())
    return pa.array(values, WIDE)


@dataclass(frozen=True)
class Ledger:
    """Accounts and events in ledger order. Build one with `Ledger.of`; it is never changed."""

    accounts: pa.Table
    events: pa.Table
    inputs: pa.Table
    outputs: pa.Table

    @classmethod
    def of(cls, accounts: Iterable[Account], events: Iterable[Event]) -> Ledger:
        """A ledger of events sorted by (time, seq). Raises KeyError for an undeclared account."""
        owners = tuple(accounts)
        index = {account.id: row for row, account in enumerate(owners)}
        ordered = sorted(events, key=lambda event: (event.time, event.seq))
        return cls(_accounts(owners), _events(ordered), *_legs(ordered, index))

    def __len__(self) -> int:
        return int(self.events.num_rows)

    def first_leg(self, side: str) -> npt.NDArray[np.int64]:
        """Row of the first leg of each event in the table `side` (inputs or outputs)."""
        counts = self.events[side].to_numpy().astype(np.int64)
        starts: npt.NDArray[np.int64] = np.cumsum(counts) - counts
        return starts

    def take(self, rows: npt.NDArray[np.int64]) -> Ledger:
        """The ledger of these event rows, in this order."""
        chosen = pa.array(rows)
        return Ledger(
            self.accounts,
            self.events.take(chosen),
            self.inputs.take(pa.array(self._legs_of(rows, "inputs"))),
            self.outputs.take(pa.array(self._legs_of(rows, "outputs"))),
        )

    def among(self, ids: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Which events have one of these ids."""
        found: npt.NDArray[np.bool_] = pc.is_in(
            self.events["id"], value_set=pa.array(list(ids), pa.string())
        ).to_numpy()
        return found

    def event_of(self, side: str) -> npt.NDArray[np.int64]:
        """Row of the event of each leg in the table `side`."""
        return np.repeat(np.arange(len(self)), self.events[side].to_numpy())

    @cached_property
    def external(self) -> npt.NDArray[np.bool_]:
        """Which accounts stand outside the ledger."""
        outside: npt.NDArray[np.bool_] = pc.equal(self.accounts["kind"], AccountKind.EXTERNAL.value).to_numpy()
        return outside

    @cached_property
    def timed(self) -> npt.NDArray[np.bool_]:
        """Which events have a time of day in their source."""
        timed: npt.NDArray[np.bool_] = pc.match_substring_regex(self.events["time_text"], OF_DAY).to_numpy()
        return timed

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """The day of each event, counted from 1970-01-01, as its source writes it.

        A day without time is midnight in some zone: the nearest midnight in UTC is that day.
        """
        moments = self.events["time"].cast(pa.int64()).to_numpy()
        days: npt.NDArray[np.int64] = (moments + ~self.timed * (_DAY // 2)) // _DAY
        return days

    def _legs_of(self, rows: npt.NDArray[np.int64], side: str) -> npt.NDArray[np.int64]:
        counts = self.events[side].to_numpy().astype(np.int64)[rows]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        legs: npt.NDArray[np.int64] = np.repeat(self.first_leg(side)[rows], counts) + within
        return legs

    @cached_property
    def current(self) -> Ledger:
        """The rows in force: without those that a correction replaces. Tracing starts here."""
        replaced = pc.is_in(self.events["id"], value_set=pc.unique(self.events["replaces"]))
        if not pc.any(replaced).as_py():
            return self
        return self.take(np.flatnonzero(~replaced.to_numpy()))

    def with_accounts(self, accounts: Sequence[Account], remap: npt.NDArray[np.int32]) -> Ledger:
        """The same events over other accounts; `remap[old row]` is the new row."""
        return Ledger(_accounts(accounts), self.events, moved(self.inputs, remap), moved(self.outputs, remap))

    def with_columns(self, **columns: pa.Array) -> Ledger:
        """The same events with these values in these of their columns."""
        events = self.events
        for name, values in columns.items():
            field = events.schema.field(name)
            events = events.set_column(events.column_names.index(name), field, values.cast(field.type))
        return Ledger(self.accounts, events, self.inputs, self.outputs)

    def with_openings(self, openings: Mapping[str, int]) -> Ledger:
        """The same events, the accounts named in `openings` with these opening balances, in minor units."""
        had = self.accounts["opening"].to_pylist()
        ids = self.accounts["id"].to_pylist() if openings else []
        new = [openings.get(id, opening) for id, opening in zip(ids, had, strict=False)]
        if not openings or new == had:
            return self
        place = self.accounts.column_names.index("opening")
        return replace(self, accounts=self.accounts.set_column(place, "opening", amounts(list(map(int, new)))))

    def with_also(self, rows: Mapping[str, Sequence[OtherRow]]) -> Ledger:
        """The same events, those named in `rows` (by id) with these further rows of evidence."""
        ids, also = self.events["id"].to_pylist(), self.events["also"].to_pylist()
        told = [
            [*(had or ()), *(_plain_row(row) for row in rows.get(id, ()))] for id, had in zip(ids, also, strict=True)
        ]
        return self.with_columns(also=pa.array(told, EVENTS.field("also").type))

    @cached_property
    def account_list(self) -> tuple[Account, ...]:
        rows: list[dict[str, Any]] = self.accounts.to_pylist()
        return tuple(
            Account(
                r["id"], r["currency"], AccountKind(r["kind"]), r["holder"], int(r["opening"]), r.get("address") or ""
            )
            for r in rows
        )

    @cached_property
    def account_by_id(self) -> dict[str, Account]:
        return {account.id: account for account in self.account_list}

    def __iter__(self) -> Iterator[Event]:
        """Events in ledger order, as objects: for ledgers a person can read, not for millions."""
        ids = self.accounts["id"].to_pylist() if len(self) else []
        into = zip(self.inputs["account"].to_pylist(), self.inputs["amount"].to_pylist(), strict=True)
        outs = self.outputs
        out = zip(*(outs[name].to_pylist() for name in ("account", "amount", "cost")), strict=True)
        for row in self.events.to_pylist():
            yield Event(
                id=row["id"],
                time=row["time"].astimezone(UTC),
                seq=row["seq"],
                inputs=tuple(Input(ids[a], int(x)) for a, x in (next(into) for _ in range(row["inputs"]))),
                outputs=tuple(Output(ids[a], int(x), int(c)) for a, x, c in (next(out) for _ in range(row["outputs"]))),
                kind=row["kind"],
                note=row["note"],
                time_text=row["time_text"],
                source=Pointer(row["source"], row["page"], row["row"]) if row["source"] else None,
                reverses=row["reverses"],
                replaces=row["replaces"],
                balance=None if row["balance"] is None else int(row["balance"]),
                balance_account=row["balance_account"],
                statement=row["statement"],
                booked=row["booked"],
                references=tuple(row["references"]),
                also=tuple(map(_other_row, row["also"])),
                statements=tuple(row["statements"]),
            )

    @cached_property
    def stated_by(self) -> dict[str, str]:
        """Id of every other row that states an event -> id of that event."""
        return {other["id"]: row["id"] for row in self.with_others.to_pylist() for other in row["also"]}

    @property
    def with_others(self) -> pa.Table:
        """Id and other rows of the events that have any: few among many."""
        told = self.events.select(["id", "also"])
        return told.filter(pc.greater(pc.list_value_length(told["also"]), 0))

    @cached_property
    def printed(self) -> dict[str, tuple[str, int]]:
        """Event -> account and running balance (minor units) that its source prints beside it."""
        rows = self.events.select(["id", "balance_account", "balance"]).filter(pc.is_valid(self.events["balance"]))
        return {row["id"]: (row["balance_account"], int(row["balance"])) for row in rows.to_pylist()}


def with_every_column(events: pa.Table) -> pa.Table:
    """Events with the columns that parts of older cases lack: they say nothing, and every row is booked."""
    each = pa.array(np.zeros(len(events), np.int64))
    for field in [*EVENTS, pa.field("balance", pa.int64())]:
        if field.name not in events.column_names:
            events = events.append_column(field, pa.array([_unsaid(field)], field.type).take(each))
    return events.select([*EVENTS.names, "balance"])


def _unsaid(field: pa.Field) -> Any:
    if field.name in ("booked", "balance"):
        return True if field.name == "booked" else None
    return [] if pa.types.is_list(field.type) else ""


def moved(legs: pa.Table, remap: npt.NDArray[np.int32]) -> pa.Table:
    """The legs over other accounts; `remap[old row]` is the new row."""
    return legs.set_column(0, "account", pa.array(remap[legs["account"].to_numpy()], pa.int32()))


def _accounts(accounts: Sequence[Account]) -> pa.Table:
    return pa.table(
        {
            "id": pa.array([a.id for a in accounts], pa.string()),
            "currency": pa.array([a.currency for a in accounts], pa.string()),
            "kind": pa.array([a.kind.value for a in accounts], pa.string()),
            "holder": pa.array([a.holder for a in accounts], pa.string()),
            "opening": amounts([a.opening for a in accounts]),
            "address": pa.array([a.address for a in accounts], pa.string()),
        }
    )


def _events(events: Sequence[Event]) -> pa.Table:
    source = [event.source or Pointer("") for event in events]
    columns = {
        "id": [e.id for e in events],
        "time": [e.time for e in events],
        "time_text": [e.time_text for e in events],
        "seq": [e.seq for e in events],
        "kind": [e.kind for e in events],
        "note": [e.note for e in events],
        "reverses": [e.reverses for e in events],
        "replaces": [e.replaces for e in events],
        "source": [p.sha256 for p in source],
        "page": [p.page for p in source],
        "row": [p.row for p in source],
        "inputs": [len(e.inputs) for e in events],
        "outputs": [len(e.outputs) for e in events],
        "balance_account": [e.balance_account for e in events],
        "statement": [e.statement for e in events],
        "booked": [e.booked for e in events],
        "references": [e.references for e in events],
        "also": [[_plain_row(other) for other in e.also] for e in events],
        "statements": [list(e.statements) for e in events],
    }
    table = pa.table({name: pa.array(values, EVENTS.field(name).type) for name, values in columns.items()})
    return table.append_column("balance", amounts([e.balance for e in events]))


def _plain_row(other: OtherRow) -> dict[str, Any]:
    pointer = other.source or Pointer("")
    return {
        "id": other.id,
        "source": pointer.sha256,
        "page": pointer.page,
        "row": pointer.row,
        "note": other.note,
        "balance_account": other.balance_account,
        "balance": None if other.balance is None else Decimal(other.balance),
    }


def _other_row(row: dict[str, Any]) -> OtherRow:
    pointer = Pointer(row["source"], row["page"], row["row"]) if row["source"] else None
    balance = None if row["balance"] is None else int(row["balance"])
    return OtherRow(row["id"], pointer, row["note"], balance, row["balance_account"])


def _legs(events: Sequence[Event], index: dict[str, int]) -> tuple[pa.Table, pa.Table]:
    inputs = [leg for event in events for leg in event.inputs]
    outputs = [leg for event in events for leg in event.outputs]
    return (
        pa.table(
            {
                "account": pa.array([index[leg.account] for leg in inputs], pa.int32()),
                "amount": amounts([leg.amount for leg in inputs]),
            }
        ),
        pa.table(
            {
                "account": pa.array([index[leg.account] for leg in outputs], pa.int32()),
                "amount": amounts([leg.amount for leg in outputs]),
                "cost": amounts([leg.cost for leg in outputs]),
            }
        ),
    )
