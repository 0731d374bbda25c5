"""One file of messages being read: its text, the places of its fields, and everything found wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from trover.errors import (
    AmountNotPositive,
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    InputErrors,
    Place,
    Problem,
    TooLong,
    UnknownCurrency,
    WrongEncoding,
)
from trover.sources.custody import SourceFile
from trover.sources.mt.message import Field
from trover.sources.record import Pointer
from trover.sources.text import decode

REMEDIES: dict[type[Problem], str] = {
    AmountUnreadable: "Amounts of MT messages are digits with a comma, as 1250,50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    AmountNotPositive: "Amounts are not negative; the letter C or D before them says in which direction they go.",
    DateUnreadable: "Days of MT messages are written as YYMMDD: obtain the file again.",
    FieldMissing: "Nothing is assumed in its place: obtain the file again.",
    FieldWrong: "Obtain the file again, or ask the bank what it means.",
    TooLong: "Ids and names have at most 200 characters, texts 20,000: check that the file is whole.",
    UnknownCurrency: "Obtain the file again, or ask the bank which currency it means.",
}
"""What helps in a message of a bank, where the general remedy speaks of a table."""
_CODE_PAGE = "cp1252"
"""What a file is read as that is not UTF-8. Digits and tags are the same in every code page of banks."""


@dataclass
class Context:
    """One file being read. `page` is what the message at hand calls itself: the number of its statement."""

    source: SourceFile
    found: list[Problem] = field(default_factory=list)
    row_found: list[Problem] = field(default_factory=list)
    """What is wrong with the row at hand, which fails its statement and not the file."""
    remarks: list[Problem] = field(default_factory=list)
    page: str = ""
    _counted: dict[str, tuple[Problem, int]] = field(default_factory=dict)

    def place(self, row: int, tag: str = "") -> Place:
        return Place(self.source.name, self.page, row, f":{tag}:" if tag else "")

    def pointer(self, row: int) -> Pointer:
        return Pointer(self.source.sha256, self.page, row)

    def located(self, problem: Problem, row: int, tag: str) -> Problem:
        """`problem` at its place, with the remedy that helps here."""
        remedy = REMEDIES.get(type(problem), problem.remedy)
        return type(problem)(problem.value, self.place(row, tag), says=problem.says, remedy=remedy)

    def refuse(self, problem: Problem, row: int, tag: str = "") -> None:
        """A problem of the whole file."""
        self.found.append(self.located(problem, row, tag))

    def wrong(self, problem: Problem, where: Field) -> None:
        """A problem of the row at hand."""
        self.row_found.append(self.located(problem, where.row, where.tag))

    def remark(self, problem: Problem, where: Field) -> None:
        self.remarks.append(self.located(problem, where.row, where.tag))

    def remark_once(self, kind: str, problem: Problem, row: int, tag: str) -> None:
        """A remark that may hold for every row: said once, at the first, with the number of rows."""
        known = self._counted.get(kind)
        self._counted[kind] = (known[0], known[1] + 1) if known else (self.located(problem, row, tag), 1)

    def all_remarks(self) -> tuple[Problem, ...]:
        repeated = []
        for problem, count in self._counted.values():
            more = f" (and so {count - 1} more)" if count > 1 else ""
            repeated.append(
                type(problem)(problem.value, problem.place, says=problem.says + more, remedy=problem.remedy)
            )
        return (*self.remarks, *repeated)


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
