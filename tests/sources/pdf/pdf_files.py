"""Statements in PDF that typst makes for the tests, of banks and parties that do not exist."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

MAPPING: dict[str, Any] = {
    "format": "pdf",
    "shape": "statement",
    "columns": {"date": "Datum", "note": "Verwendungszweck", "amount": "Betrag", "balance": "Saldo"},
    "dates": "%d.%m.%Y",
    "decimal": ",",
    "thousands": ".",
    "currency": "EUR",
    "head": {"account": "IBAN"},
    "rows": [
        {"column": "Verwendungszweck", "is": "Alter Kontostand*", "means": "opening"},
        {"column": "Verwendungszweck", "is": "Neuer Kontostand*", "means": "closing"},
        {"column": "Verwendungszweck", "is": "Übertrag*", "means": "total"},
    ],
}
Entry = tuple[str, str, str, str]
ROWS: tuple[Entry, ...] = (
    ("", "Alter Kontostand", "", "1.000,00"),
    ("01.02.2024", "Überweisung an Müller GmbH\\ Rechnung 4711\\ vielen Dank", "-250,50", "749,50"),
    ("02.02.2024", "Gutschrift Meier", "1.500,00", "2.249,50"),
    ("02.02.2024", "Kartenzahlung 17", "-9,99", "2.239,51"),
    ("", "Neuer Kontostand", "", "2.239,51"),
)
HEADER = "table.header[Datum][Verwendungszweck][Betrag][Saldo],"


def statement(
    rows: Sequence[Entry] = ROWS, header: str = HEADER, page: str = "", above: str = "", below: str = "", more: str = ""
) -> bytes:
    """A statement of one account: a line with the number, the table, and what stands `above` and `below` it."""
    cells = "\n".join("".join(f"[{cell}]," for cell in row) for row in rows)
    return made(f"""\
#set page(paper: "a4" {page})
#set text(font: "DejaVu Sans Mono", size: 8pt)
#set smartquote(enabled: false)
Kontoauszug Nr. 2 \\
IBAN: DE89 3704 0044 0532 0130 00 \\
{above}
#table(columns: (60pt, 1fr, 70pt, 70pt), stroke: none, align: (left, left, right, right), {more} {header}
{cells}
)
{below}
""")


@lru_cache
def made(text: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.typ"
        path.write_text(text, encoding="utf-8")
        data: bytes = typst.compile(path)
        return data
