"""One file of messages being read: its text, the places of its fields, and everything found wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trover.errors import (
    AmountNotPositive,
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    InputErrors,
    Place,
    Problem,
    UnknownCurrency,
    WrongEncoding,
)
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.mt.message import Field
from trover.sources.row_book import RowBook
from trover.sources.text import decode

REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "Amounts of MT messages are digits with a comma, as 1250,50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    AmountNotPositive: "Amounts are not negative; the letter C or D before them says in which direction they go.",
    DateUnreadable: "Days of MT messages are written as YYMMDD: obtain the file again.",
    UnknownCurrency: "Obtain the file again, or ask the bank which currency it means.",
}
_CODE_PAGE = "cp1252"
"""What a file is read as that is not UTF-8. Digits and tags are the same in every code page of banks."""


@dataclass
class Context(RowBook):
    """One file being read. `where` is a field, or a row; `page` is the number of the statement at hand."""

    remedies: Mapping[type[Problem], str] = field(default_factory=lambda: REMEDIES)
    _counted: dict[str, tuple[Problem, int]] = field(default_factory=dict)

    def row_of(self, where: Field | int) -> int:
        return where.row if isinstance(where, Field) else where

    def place(self, where: Field | int, column: str = "") -> Place:
        """The place of a field, or of a row and the tag `column`."""
        tag = where.tag if isinstance(where, Field) else column
        return super().place(where, f":{tag}:" if tag else "")

    def remark_once(self, kind: str, problem: Problem, where: Field | int, tag: str = "") -> None:
        """A remark that may hold for every row: said once, at the first, with the number of rows."""
        known = self._counted.get(kind)
        self._counted[kind] = (known[0], known[1] + 1) if known else (self.located(problem, where, tag), 1)

    def say_counted(self) -> None:
        """Add the remarks that were counted to the others."""
        for problem, count in self._counted.values():
            more = f" (and so {count - 1} more)" if count > 1 else ""
            says = problem.says + more
            self.remarks.append(type(problem)(problem.value, problem.place, says=says, remedy=problem.remedy))


def text_of(context: Context) -> str:
    """The text of the file with single line feeds: UTF-8, else Windows-1252 with a remark.

    A byte that Windows-1252 lacks stands as `\\x81` in the text, so that nothing is lost.

    Raises `InputErrors` for a NUL byte.
    """
    data, name = context.source.data, context.source.name
    try:
        text = decode(data, name)
    except InputErrors as errors:
        if not isinstance(errors.problems[0], WrongEncoding):
            raise
        text = _in_code_page(context, errors.problems[0])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x01", "").replace("\x03", "")


def _in_code_page(context: Context, problem: Problem) -> str:
    data, name = context.source.data, context.source.name
    shown = data.decode(_CODE_PAGE, "backslashreplace")
    says = f"{problem.says}; names and texts are read as Windows-1252, which the file does not state"
    remedy = "Amounts, days and accounts are the same in every such encoding; compare names with the original."
    context.remarks.append(WrongEncoding(problem.value, problem.place, says=says, remedy=remedy))
    return decode(shown.encode(), name)
