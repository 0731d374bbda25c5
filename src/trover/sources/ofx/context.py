"""What every part of an OFX file shares: amounts and texts of its elements, and the book of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trover.errors import (
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    DuplicateKey,
    FieldMissing,
    Problem,
    TooLong,
    UnknownField,
)
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.ofx.markup import Node
from trover.sources.ofx.values import minor_of
from trover.sources.row_book import RowBook
from trover.sources.text import TEXT_LIMIT, shortened

REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "Amounts of OFX are digits with a point or a comma, as -1250.50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    DateUnreadable: "Dates of OFX are written as 20200131 or 20200131120000[-5:EST]: obtain the file again.",
    UnknownField: "What is not understood is not left out in silence: ask the bank what it means.",
}


@dataclass
class Context(RowBook):
    """One file being read."""

    remedies: Mapping[type[Problem], str] = field(default_factory=lambda: REMEDIES)

    def money(self, node: Node, tag: str, currency: str) -> int | None:
        """The amount of element `tag` in minor units, with its sign; None after a problem."""
        text = node.get(tag)
        if not text:
            self.report(FieldMissing(tag), node.row, tag)
            return None
        try:
            return minor_of(text, currency)
        except Problem as problem:
            self.report(problem, node.row, tag)
            return None

    def check_texts(self, node: Node) -> None:
        """No element stands twice in `node`, and none is longer than any text is."""
        for tag in dict.fromkeys(node.twice):
            self.report(DuplicateKey(tag, says="is given twice, in different places of one row"), node.row, tag)
        if max(map(len, node.values.values()), default=0) > TEXT_LIMIT:
            for tag, value in node.values.items():
                if len(value) > TEXT_LIMIT:
                    self.report(TooLong(shortened(value)), node.row, tag)
