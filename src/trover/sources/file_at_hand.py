"""One file being read: the places of its rows, and what is found wrong there with the remedy that helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trover.errors import DuplicateKey, FieldMissing, FieldWrong, Place, Problem, TooLong
from trover.sources.amounts import Money, unsigned
from trover.sources.custody import SourceFile
from trover.sources.record import Pointer

OF_A_BANK: dict[type[Problem], str] = {
    DuplicateKey: "Neither is chosen: ask the bank which it means.",
    FieldMissing: "Nothing is assumed in its place: obtain the file again.",
    FieldWrong: "Obtain the file again, or ask the bank what it means.",
    TooLong: "Ids and names have at most 200 characters, texts 20,000: check that the file is whole.",
}
"""What helps in a file of a bank, where the general remedy speaks of a table."""


@dataclass
class FileAtHand:
    """`where` is a row, or what a format has instead that knows its row (`row_of`)."""

    source: SourceFile
    remedies: Mapping[type[Problem], str] = field(default_factory=dict)
    """What helps in this format, where the general remedy does not."""
    found: list[Problem] = field(default_factory=list)
    """What keeps the file from being read, or the row at hand."""
    remarks: list[Problem] = field(default_factory=list)
    """What does not agree and does not keep the file from being read."""
    page: str = ""
    """Id of the statement or message at hand."""

    def row_of(self, where: Any) -> int | None:
        row: int | None = where
        return row

    def place(self, where: Any, column: str = "") -> Place:
        return Place(self.source.name, self.page, self.row_of(where), column)

    def pointer(self, where: Any) -> Pointer:
        return Pointer(self.source.sha256, self.page, self.row_of(where) or 0)

    def located(self, problem: Problem, where: Any, column: str = "") -> Problem:
        """`problem` at its place, with the remedy that helps here."""
        return problem.at(self.place(where, column), self.remedies.get(type(problem), ""))

    def report(self, problem: Problem, where: Any, column: str = "") -> None:
        self.found.append(self.located(problem, where, column))

    def remark(self, problem: Problem, where: Any, column: str = "") -> None:
        self.remarks.append(self.located(problem, where, column))

    def unsigned(self, text: str, currency: str, where: Any, column: str) -> Money | None:
        """An amount with a decimal point that is never negative; None after a problem."""
        try:
            return unsigned(text, currency)
        except Problem as problem:
            self.report(problem, where, column)
            return None
