"""The benchmark's statements, small: every format is read in the sandbox, and every statement proves."""

from __future__ import annotations

import pytest
from benchmarks.large_files import CSV_MAPPING, FORMATS, made, statements

from trover.errors import Place
from trover.ledger.gate import Standing, judge
from trover.sources.custody import source_of
from trover.sources.reader import Reading
from trover.sources.record import EventRecord
from trover.sources.sandbox import read_in_sandbox

ROWS = 3100
UNPROVED = {"ofx": Standing.UNPROVED}
"""A format that prints one balance proves nothing by it."""


@pytest.mark.parametrize("name", FORMATS)
def test_the_statements_of_the_benchmark_are_read_and_proved(name: str) -> None:
    read = read_in_sandbox(source_of(name, made(name, ROWS)), CSV_MAPPING if name == "csv" else None)
    assert isinstance(read, Reading)
    assert (read.problems, read.broken_rows) == ((), ())
    assert sum(isinstance(record, EventRecord) for record in read.records) == ROWS
    verdicts = judge(read.records, lambda pointer, column="": Place(name, row=pointer.row, column=column))
    assert {verdict.standing for verdict in verdicts} == {UNPROVED.get(name, Standing.PROVED)}


def test_the_statements_add_up() -> None:
    for each in statements(ROWS):
        assert each.opening + sum(row.cents for row in each.rows) == each.closing == each.rows[-1].balance
