"""What became of every file of a folder: `python -m tools.format_table FOLDER` prints a table in Markdown.

FOLDER is looked for under TROVER_DATA. One line a statement: rows, what came in and went out, the
balances that are printed, and what the gate says; one line a file that was refused, with its first problem.
`--into PAGE` writes the table into a page, between the lines `<!-- files: NAME -->` and `<!-- end of files -->`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.pages.markdown import table

from trover.errors import InputErrors, Place, Problem
from trover.ledger.currency import minor_units
from trover.ledger.gate import Verdict, judge
from trover.ledger.money import money
from trover.sources.custody import read_source
from trover.sources.reader import Reading, read_records
from trover.sources.record import Pointer

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
        yield from statements(name, reading)


def _refused(name: str, problem: Problem) -> list[str]:
    return [f"`{name}`", "", "0", "", "", "", "", f"`{type(problem).__name__}`: {_plain(problem)}"]


def _plain(problem: Problem) -> str:
    shown = f"`{problem.value}` " if problem.value != "" else ""
    return f"{shown}{problem.says}".replace("|", "\\|")


def statements(name: str, reading: Reading) -> Iterator[list[str]]:
    """The lines of one file that was read."""
    left = len(reading.unbooked)
    for verdict in judge(reading.records, _place, reading.broken_rows):
        statement, decimals = verdict.statement, minor_units(verdict.statement.currency)
        skipped = sum(1 for row in reading.unbooked if row.statement == statement.id)
        left -= skipped
        amounts = (verdict.credits, verdict.debits, statement.opening, statement.closing)
        shown = ["" if amount is None else money(amount, decimals) for amount in amounts]
        count = _count(verdict.count, skipped, len(verdict.broken))
        yield [f"`{name}`", statement.currency, count, *shown, gate(verdict)]
    if left:
        yield [f"`{name}`", "", _count(0, left), "", "", "", "", f"not booked: {reading.unbooked[0].reason}"]


def _place(pointer: Pointer, column: str = "") -> Place:
    return Place(page=pointer.page, row=pointer.row, column=column)


def _count(booked: int, skipped: int, broken: int = 0) -> str:
    aside = ", ".join(f"{count} {word}" for count, word in ((skipped, "not booked"), (broken, "not read")) if count)
    return f"{booked} ({aside})" if aside else str(booked)


def gate(verdict: Verdict) -> str:
    """What the gate says of a statement, and the first place where it fails."""
    if verdict.first_bad is None:
        announced = not verdict.statement.booked
        return f"{verdict.standing}: announced, not booked" if announced else str(verdict.standing)
    problem = verdict.first_bad
    return f"{verdict.standing}, row {problem.place.row}: `{type(problem).__name__}`: {_plain(problem)}"


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
