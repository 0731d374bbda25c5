"""Filled forms for tests, made the way a typist and a spreadsheet make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trover.errors import InputErrors, Problem
from trover.sources.custody import SourceFile, source_of
from trover.sources.keying_form import COLUMNS, Form, NamedFile, form_text, read_form

SCAN = ("scan", NamedFile("scan.pdf", "ab" * 32))
HEAD = {"account": "EE77 3300 3334 8704 0004", "currency": "EUR", "opening": "100.00", "closing": "150.50"}
ROWS = (
    "1,1,2020-01-02,Salary,Employer,,,100.50,200.50",
    "1,2,2020-01-03,Rent,Landlord,,50.00,,150.50",
)


def row(text: str) -> dict[str, str]:
    return dict(zip(COLUMNS, text.split(","), strict=True))


def file_of(by: str = "A. Ali", rows: Sequence[str] = ROWS, name: str = "", **stated: str) -> SourceFile:
    """A form filled by a person; `stated` changes fields of the head, with _ for a space."""
    named = {field.replace("_", " "): value for field, value in stated.items()}
    head: Mapping[str, str] = {"keyed by": by, **HEAD, **named}
    text = form_text(head, [SCAN], [row(line) for line in rows])
    return source_of(name or f"{by[:1].lower() or 'x'}.csv", text.encode())


def form_of(by: str = "A. Ali", rows: Sequence[str] = ROWS, **stated: str) -> Form:
    found: list[Problem] = []
    form = read_form(file_of(by, rows, **stated), found)
    if found or form is None:
        raise InputErrors(found)
    return form


def problems_of(source: SourceFile) -> list[str]:
    found: list[Problem] = []
    read_form(source, found)
    return [str(problem) for problem in found]
