"""What every part of an OFX file shares: the problems found, the rows left out, and the parties outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from trover.errors import (
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    DuplicateKey,
    FieldMissing,
    FieldWrong,
    Place,
    Problem,
    TooLong,
    UnknownField,
)
from trover.sources.custody import SourceFile
from trover.sources.ofx.markup import Node
from trover.sources.ofx.values import minor_of
from trover.sources.parties import Outside
from trover.sources.record import BrokenRow, Pointer, Unbooked
from trover.sources.text import TEXT_LIMIT, shortened

REMEDIES: dict[type[Problem], str] = {
    AmountUnreadable: "Amounts of OFX are digits with a point or a comma, as -1250.50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    DateUnreadable: "Dates of OFX are written as 20200131 or 20200131120000[-5:EST]: obtain the file again.",
    DuplicateKey: "Neither is chosen: ask the bank which it means.",
    FieldMissing: "Nothing is assumed in its place: obtain the file again.",
    FieldWrong: "Obtain the file again, or ask the bank what it means.",
    UnknownField: "What is not understood is not left out in silence: ask the bank what it means.",
    TooLong: "Ids and names have at most 200 characters, texts 20,000: check that the file is whole.",
}
"""What helps in a file of a bank, where the general remedy speaks of a table."""


@dataclass(frozen=True, slots=True)
class Own:
    """The statement on which a row stands: its id, its account, that account's number, and the currency."""

    statement: str
    account: str
    number: str
    currency: str


@dataclass
class Context:
    """One file being read."""

    source: SourceFile
    found: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    unbooked: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    outside: Outside = field(init=False)
    seq: int = 0

    def __post_init__(self) -> None:
        self.outside = Outside(self.found)

    def place(self, node: Node, column: str = "") -> Place:
        return Place(self.source.name, "", node.row, column)

    def pointer(self, node: Node) -> Pointer:
        return Pointer(self.source.sha256, "", node.row)

    def report(self, problem: Problem, node: Node, column: str = "") -> None:
        self.found.append(self._placed(problem, node, column))

    def remark(self, problem: Problem, node: Node, column: str = "") -> None:
        self.remarks.append(self._placed(problem, node, column))

    def _placed(self, problem: Problem, node: Node, column: str) -> Problem:
        remedy = REMEDIES.get(type(problem), problem.remedy)
        return type(problem)(problem.value, self.place(node, column), says=problem.says, remedy=remedy)

    def money(self, node: Node, tag: str, currency: str) -> int | None:
        """The amount of element `tag` in minor units, with its sign; None after a problem."""
        text = node.get(tag)
        if not text:
            self.report(FieldMissing(tag), node, tag)
            return None
        try:
            return minor_of(text, currency)
        except Problem as problem:
            self.report(problem, node, tag)
            return None

    def check_texts(self, node: Node) -> None:
        """No element stands twice in `node`, and none is longer than any text is."""
        for tag in dict.fromkeys(node.twice):
            self.report(DuplicateKey(tag, says="is given twice, in different places of one row"), node, tag)
        if max(map(len, node.values.values()), default=0) > TEXT_LIMIT:
            for tag, value in node.values.items():
                if len(value) > TEXT_LIMIT:
                    self.report(TooLong(shortened(value)), node, tag)

    def leave(self, node: Node, id: str, own: Own, amount: str, reason: str) -> None:
        shown = f"{amount} {own.currency}".strip() if amount else ""
        self.unbooked.append(Unbooked(self.pointer(node), id, own.statement, own.account, shown, reason))

    def break_row(self, node: Node, id: str, own: Own, before: int) -> bool:
        """Whether anything was found wrong since `before`; then it is this row's, and the row is left out."""
        if len(self.found) == before:
            return False
        problems = tuple(self.found[before:])
        del self.found[before:]
        self.broken.append(BrokenRow(self.pointer(node), id, own.account, own.statement, problems))
        return True


def joined(parts: Iterable[str]) -> str:
    """The parts of a note, each once, joined by `; `."""
    return "; ".join(dict.fromkeys(filter(None, parts)))
