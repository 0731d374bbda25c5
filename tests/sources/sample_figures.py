"""The figures of every statement of a sample, as tables beside the tests list them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.sources.readings import events, read_or_problems, statements

from trover.sources.custody import read_source
from trover.sources.reader import Reading

COLUMNS = ("currency", "rows", "not_booked", "credits", "debits", "opening", "closing", "gate")
Line = tuple[str, ...]


def listed(table: Path) -> dict[str, list[Line]]:
    """File -> its lines in `table`, without the name of the file."""
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            lines[row["file"]].append(tuple(row[name] for name in COLUMNS))
    return dict(lines)


def figures(path: Path) -> list[Line]:
    """One line a statement, with the problem of its first broken row in place of the gate; or one for the file's."""
    read = read_or_problems(read_source(path))
    problems = read.problems if isinstance(read, Reading) else read
    if problems or not isinstance(read, Reading):
        return [("", "", "", "", "", "", "", type(problems[0]).__name__)]
    return list(_lines(read))


def _lines(reading: Reading) -> Iterator[Line]:
    broken = {row.statement: type(row.problems[0]).__name__ for row in reversed(reading.broken_rows)}
    booked, printed = events(reading), statements(reading)
    assert len(booked) == sum(1 for e in booked for s in printed if e.statement == s.id)
    for statement in printed:
        own = [event for event in booked if event.statement == statement.id]
        credits = sum(leg.amount for e in own for leg in e.outputs if leg.account == statement.account)
        debits = sum(leg.amount for e in own for leg in e.inputs if leg.account == statement.account)
        yield (
            statement.currency,
            str(len(own)),
            str(sum(1 for row in reading.unbooked if row.statement == statement.id)),
            str(credits),
            str(debits),
            shown(statement.opening),
            shown(statement.closing),
            broken.get(statement.id) or gate(statement.opening, statement.closing, credits - debits),
        )
    if loose := sum(1 for row in reading.unbooked if not row.statement):
        yield ("", "0", str(loose), "", "", "", "", "open")


def gate(opening: int | None, closing: int | None, moved: int) -> str:
    if opening is None or closing is None:
        return "open"
    return "proved" if closing - opening == moved else f"fails by {closing - opening - moved}"


def shown(value: int | None) -> str:
    return "" if value is None else str(value)
