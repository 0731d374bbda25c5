"""The tables of samples on the pages of formats are what the command makes of the real data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tools import format_table

from trover.sources.custody import source_of
from trover.sources.reader import Reading
from trover.sources.record import EventRecord, LegRecord, Pointer, StatementRecord

PAGES = Path(__file__).resolve().parents[2] / "docs" / "formats"


@pytest.mark.realdata
@pytest.mark.parametrize("name", format_table.FORMATS)
def test_the_table_on_the_page_is_the_one_that_is_made(data_root: Path, name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    made = format_table.table(format_table.HEADER, list(format_table.rows_of(data_root / "bank" / name)))
    assert format_table.page_with(page, name, made) == page


@pytest.mark.parametrize("name", format_table.FORMATS)
def test_a_page_has_its_place_for_the_table(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert "\n\nMADE\n\n<!-- end of files -->" in format_table.page_with(page, name, "MADE")


@pytest.mark.parametrize(
    ("opening", "closing", "booked", "says"),
    [
        (100, 150, True, "proved"),
        (
            100,
            149,
            True,
            "failed, row 7: `BalanceContradictsRows`: `1.49` is the closing balance stated for A, "
            "but the rows give 1.50",
        ),
        (100, None, True, "unproved"),
        (100, 150, False, "unproved: announced, not booked"),
    ],
)
def test_the_gate_of_a_line(opening: int, closing: int | None, booked: bool, says: str) -> None:
    day, time = date(2021, 4, 1), datetime(2021, 4, 1, tzinfo=UTC)
    statement = StatementRecord(Pointer("00", row=7), "S", "A", "EUR", opening, closing, day, day, booked=booked)
    legs = ((LegRecord("EXT:B", 50),), (LegRecord("A", 50),))
    records = (statement, EventRecord(Pointer("00", row=8), "t1", time, "", 1, *legs, statement="S"))
    reading = Reading(source_of("a.txt", b"x"), "test", records)
    assert list(format_table.statements("a.txt", reading)) == [
        ["`a.txt`", "EUR", "1", "0.50", "0.00", "1.00", f"{(closing or 0) / 100:.2f}" if closing else "", says]
    ]
