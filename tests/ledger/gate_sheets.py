"""Statements for the tests of the gate: built from plain numbers, true or with one thing wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from trover.errors import Place
from trover.ledger.gate import Verdict, judge
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer, Record, StatementRecord

SHA = "ab" * 32
OWN = "ACC"
START = datetime(2024, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """`day` counted from the first, what the row adds, and what is printed beside it."""

    day: int
    change: int
    balance: int | None = None
    id: str = ""
    other: str = "EXT:X"


def place(pointer: Pointer, column: str = "") -> Place:
    return Place("file.csv", pointer.page, pointer.row or None, column)


def event(row: Row, number: int, statement: str = "S", own: str = OWN, currency: str = "EUR") -> EventRecord:
    mine = LegRecord(own, abs(row.change), None, currency)
    other = LegRecord(row.other, abs(row.change), None, currency)
    return EventRecord(
        pointer=Pointer(SHA, "", number),
        id=row.id or f"r{number}",
        time=START + timedelta(days=row.day),
        time_text="",
        seq=number,
        inputs=(mine,) if row.change < 0 else (other,),
        outputs=(other,) if row.change < 0 else (mine,),
        balance=row.balance,
        balance_account=own,
        statement=statement,
    )


def records_of(rows: Sequence[Row], opening: int | None = None, closing: int | None = None) -> list[Record]:
    pointer = Pointer(SHA, "", 0)
    made: list[Record] = [
        AccountRecord(pointer, OWN, "EUR"),
        StatementRecord(pointer, "S", OWN, "EUR", opening, closing),
    ]
    return [*made, *(event(row, number) for number, row in enumerate(rows, 1))]


def judged(rows: Sequence[Row], opening: int | None = None, closing: int | None = None) -> Verdict:
    (verdict,) = judge(records_of(rows, opening, closing), place)
    return verdict


@st.composite
def statements(draw: st.DrawFn, least: int = 1, most: int = 25, spread: int = 30) -> tuple[int, list[Row]]:
    """Opening and rows with every balance, true and in order; small amounts, so that balances recur."""
    opening = draw(st.integers(-spread, spread))
    amounts = st.integers(-spread, spread).filter(bool)
    rows, count, day = [], opening, 0
    for number in range(draw(st.integers(least, most))):
        day += draw(st.sampled_from((0, 0, 0, 1, 2)))
        change = draw(amounts)
        count += change
        rows.append(Row(day, change, count, f"t{number}"))
    return opening, rows


@st.composite
def shuffled(draw: st.DrawFn, rows: Sequence[Row]) -> list[Row]:
    """`rows` with those of each day in any order."""
    days = dict.fromkeys(row.day for row in rows)
    return [row for day in days for row in draw(st.permutations([row for row in rows if row.day == day]))]
