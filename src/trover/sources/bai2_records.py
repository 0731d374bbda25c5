"""The records of a BAI2 file: fields between commas, a slash at the end, and continuations (88) joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trover.errors import InputErrors, Place, Problem, RecordMisplaced
from trover.sources.custody import SourceFile
from trover.sources.row_book import text_of
from trover.sources.text import shortened

CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
_JOINED = re.compile(r"/ *(?=(?:02|98|99),)")
_NEXT = re.compile(r"/ *(?=(?:01|02|03|16|49|88|98|99),)")


@dataclass(slots=True)
class Record:
    """One record with its continuations: `lines` of them in all, `row` the first line it stands on."""

    code: str
    row: int
    fields: list[str]
    lines: int = 1
    continued: set[int] = field(default_factory=set)
    """Positions of fields that begin a continuation: a text goes on there without a comma."""

    def at(self, position: int) -> str:
        """The field at `position` (0 = the code), without spaces around it; empty where there is none."""
        return self.fields[position].strip() if position < len(self.fields) else ""

    def rest(self, position: int) -> str:
        """The text that begins at `position`, with single spaces."""
        parts: list[str] = []
        for at in range(position, len(self.fields)):
            if at > position:
                parts.append(" " if at in self.continued else ",")
            parts.append(self.fields[at])
        return " ".join("".join(parts).split())

    def go_on(self, text: str) -> None:
        self.continued.add(len(self.fields))
        self.fields += text.split(",")
        self.lines += 1


def records_of(source: SourceFile) -> Iterator[Record]:
    """Every record of the file. Raises `InputErrors` for a line that is none."""
    found: list[Problem] = []
    at_hand: Record | None = None
    for row, line in _lines(text_of(source, "cp1252")):
        code, _, rest = line.partition(",")
        if code not in CODES or (code == "88" and at_hand is None):
            says = "begins a record, and is the code of none" if code not in CODES else "continues no record"
            found.append(RecordMisplaced(shortened(code), Place(source.name, row=row), says=says))
        elif code == "88" and at_hand is not None:
            at_hand.go_on(_without_slash(rest))
        else:
            if at_hand is not None:
                yield at_hand
            at_hand = Record(code, row, [code, *_without_slash(rest).split(",")])
    if found:
        raise InputErrors(found)
    if at_hand is not None:
        yield at_hand


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their number; records that stand on one line are taken apart."""
    together = _JOINED.search(text) is not None
    for row, line in enumerate(text.splitlines(), 1):
        for piece in _NEXT.split(line) if together else (line,):
            if piece.strip():
                yield row, piece.strip()


def _without_slash(text: str) -> str:
    """`text` without the slash that ends a record."""
    return text.rstrip().removesuffix("/")
