"""What became of every file of a folder: `python -m tools.format_table FOLDER` prints a table in Markdown.

FOLDER is looked for under TROVER_DATA. One line a statement: rows, what came in and went out, and whether
opening + movements is the closing balance; one line a file that was refused, with the class of its first problem.
`--into PAGE` writes the table into a page, between the lines `<!-- files: NAME -->` and `<!-- end of files -->`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.pages.markdown import table

from trover.errors import InputErrors, Problem
from trover.ledger.currency import minor_units
from trover.ledger.money import money
from trover.sources.custody import read_source
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord, StatementRecord

HEADER = ["File", "Currency", "Rows", "In", "Out", "Opening", "Closing", "Gate or problem"]
FORMATS = {"iso20022": (".xml",), "fedwire": (".txt",), "mt940": (".sta", ".txt"), "ofx": (".ofx",)}
"""Name of a format's folder -> how names of its files end."""


def rows_of(folder: Path) -> Iterator[list[str]]:
    """The lines of the table for the files in `folder`, by path."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix in FORMATS[folder.name]):
        name = path.relative_to(folder).as_posix()
        try:
            reading = read_records(read_source(path))
        except InputErrors as errors:
            yield _refused(name, errors.problems[0])
            continue
        if reading.problems:
            yield _refused(name, reading.problems[0])
            continue
        yield from _statements(name, reading)


def _refused(name: str, problem: Problem) -> list[str]:
    return [f"`{name}`", "", "0", "", "", "", "", f"`{type(problem).__name__}`: {_plain(problem)}"]


def _plain(problem: Problem) -> str:
    shown = f"`{problem.value}` " if problem.value != "" else ""
    return f"{shown}{problem.says}".replace("|", "\\|")


def _statements(name: str, reading: Reading) -> Iterator[list[str]]:
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    left = len(reading.unbooked)
    for statement in (record for record in reading.records if isinstance(record, StatementRecord)):
        own = [event for event in events if event.statement == statement.id]
        skipped = sum(1 for row in reading.unbooked if row.statement == statement.id)
        broken = [row for row in reading.broken_rows if row.statement == statement.id]
        left -= skipped
        line = [f"`{name}`", statement.currency, _count(len(own), skipped, len(broken)), *_sums(statement, own)]
        if broken:
            problem = broken[0].problems[0]
            line[-1] = f"fails on row {broken[0].pointer.row}: `{type(problem).__name__}`: {_plain(problem)}"
        yield line
    if left:
        yield [f"`{name}`", "", _count(0, left), "", "", "", "", f"not booked: {reading.unbooked[0].reason}"]


def _count(booked: int, skipped: int, broken: int = 0) -> str:
    aside = ", ".join(f"{count} {word}" for count, word in ((skipped, "not booked"), (broken, "not read")) if count)
    return f"{booked} ({aside})" if aside else str(booked)


def _sums(statement: StatementRecord, events: list[EventRecord]) -> list[str]:
    own, decimals = statement.account, minor_units(statement.currency)
    came = sum(leg.amount for event in events for leg in event.outputs if leg.account == own)
    went = sum(leg.amount for event in events for leg in event.inputs if leg.account == own)
    shown = [money(amount, decimals) if amount is not None else "" for amount in (statement.opening, statement.closing)]
    return [money(came, decimals), money(went, decimals), *shown, gate(statement, came - went)]


def gate(statement: StatementRecord, moved: int) -> str:
    """Whether a statement proves itself."""
    if statement.opening is None or statement.closing is None:
        return "not proved: no balances" if statement.booked else "announced: no balances"
    difference = statement.closing - statement.opening - moved
    if not difference:
        return "proved"
    return f"fails by {money(difference, minor_units(statement.currency))}"


def page_with(page: str, name: str, made: str) -> str:
    """`page` with `made` between the marks for `name`."""
    marks = re.compile(rf"(<!-- files: {name} -->\n).*?(<!-- end of files -->)", re.DOTALL)
    return marks.sub(lambda match: f"{match[1]}\n{made}\n\n{match[2]}", page)


def main(words: list[str]) -> int:
    folder = Path(os.environ.get("TROVER_DATA", "../shared/data")) / words[0]
    made = table(HEADER, list(rows_of(folder)))
    if words[1:2] != ["--into"]:
        print(made)
        return 0
    page = Path(words[2])
    page.write_text(page_with(page.read_text(encoding="utf-8"), folder.name, made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
