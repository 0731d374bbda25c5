"""The tables of samples on the pages of formats are what the command makes of the real data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tools import format_table

from trover.sources.record import Pointer, StatementRecord

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
    ("opening", "closing", "moved", "says"),
    [
        (100, 150, 50, "proved"),
        (100, 150, 49, "fails by 0.01"),
        (100, None, 50, "not proved: no balances"),
        (None, 150, 50, "not proved: no balances"),
    ],
)
def test_the_gate_of_a_line(opening: int | None, closing: int | None, moved: int, says: str) -> None:
    day = date(2021, 4, 1)
    statement = StatementRecord(Pointer("00"), "S", "A", "EUR", opening, closing, day, day)
    assert format_table.gate(statement, moved) == says
