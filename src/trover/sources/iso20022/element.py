"""What every part of a message asks of an element: texts, amounts, days, and the place of what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from trover.errors import (
    AmountNotPositive,
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    Place,
    Problem,
    TooLong,
)
from trover.sources.amounts import AmountStyle
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.record import Pointer
from trover.sources.text import TEXT_LIMIT, shortened
from trover.sources.times import Moment, Precision, iso_moment
from trover.sources.xml_safe import Element, text_of

CREDIT, DEBIT = "CRDT", "DBIT"
REMEDIES: dict[type[Problem], str] = {
    AmountUnreadable: "Amounts of ISO 20022 are digits with a point, as 1250.50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    AmountNotPositive: "Amounts are not negative; CdtDbtInd says in which direction they go.",
    DateUnreadable: "Days of ISO 20022 are written as 2020-01-31: obtain the file again.",
    FieldMissing: "Nothing is assumed in its place: obtain the file again.",
    FieldWrong: "Obtain the file again, or ask the bank what it means.",
    TooLong: "Ids and names have at most 200 characters, texts 20,000: check that the file is whole.",
}
"""What helps in a message of a bank, where the general remedy speaks of a table."""
STYLE = AmountStyle()
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_FINER = re.compile(r"(\.\d{6})\d+", re.ASCII)


def prepare(root: Element, context: Context) -> None:
    """Give every element its name without namespace: versions differ in the namespace and little else.

    A text that is longer than any such text can be is a problem.
    """
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if len(element.text or "") > TEXT_LIMIT:
            context.report(TooLong(shortened(element.text)), element, element.tag)


@dataclass(frozen=True, slots=True)
class Money:
    """A printed amount: minor units of `currency` (never negative), and the text it stood in."""

    minor: int
    currency: str
    text: str

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"


@dataclass
class Context:
    """One file being read: where its elements are, and everything found wrong with them."""

    source: SourceFile
    found: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """What does not agree and does not keep the file from being read."""
    page: str = ""
    """Id of the statement or message at hand."""

    def place(self, element: Element | None, column: str = "") -> Place:
        row = None if element is None else element.sourceline
        return Place(self.source.name, self.page, row, column)

    def pointer(self, element: Element) -> Pointer:
        return Pointer(self.source.sha256, self.page, element.sourceline or 0)

    def report(self, problem: Problem, element: Element | None, column: str = "") -> None:
        remedy = REMEDIES.get(type(problem), problem.remedy)
        self.found.append(type(problem)(problem.value, self.place(element, column), says=problem.says, remedy=remedy))

    def missing(self, element: Element, column: str, says: str = "") -> None:
        self.report(FieldMissing("" if says else column, says=says), element, column)

    def money(self, element: Element | None, parent: Element, column: str) -> Money | None:
        """The amount of `element`, found at `column` of `parent`; None after a problem."""
        if element is None or not (text := (element.text or "").strip()):
            self.missing(parent, column)
            return None
        currency = element.get("Ccy", "")
        if not currency:
            self.missing(element, f"{column}/@Ccy", says="the currency is missing")
            return None
        try:
            minor = STYLE.minor(text, minor_units(currency))
        except Problem as problem:
            self.report(problem, element, column)
            return None
        if minor < 0:
            self.report(AmountNotPositive(shortened(text)), element, column)
            return None
        return Money(minor, currency, text)

    def credit(self, element: Element) -> bool | None:
        """Whether money comes in, as `CdtDbtInd` of an entry or a balance says; None after a problem."""
        indicator = text_of(element, "CdtDbtInd")
        if indicator not in (CREDIT, DEBIT):
            wrong = FieldWrong(indicator, says="is neither CRDT nor DBIT") if indicator else FieldMissing("CdtDbtInd")
            self.report(wrong, element, "CdtDbtInd")
            return None
        return indicator == CREDIT

    def day(self, element: Element | None, column: str) -> datetime | None:
        """The day that a date or a time states, as it is printed; None where none is stated."""
        text = date_text(element)
        if not text:
            return None
        try:
            return day_of(text)
        except Problem as problem:
            self.report(problem, element, column)
            return None


def date_text(element: Element | None) -> str:
    """What a date element prints: `Dt`, `DtTm`, or itself."""
    return text_of(element, "Dt", "DtTm", ".")


@lru_cache(maxsize=4096)
def moment_of(text: str) -> Moment:
    """A date or a time of XML Schema. Parts of a second finer than a microsecond are left out (the text keeps them).

    Raises `DateUnreadable`.
    """
    day = _DAY.fullmatch(text)
    return iso_moment(day[1] if day else _FINER.sub(r"\1", text))


def day_of(text: str) -> datetime:
    """The day as printed, whatever zone it is printed in. Raises `DateUnreadable`."""
    moment_of(text)
    return iso_moment(text[:10]).time


def timed(texts: list[str]) -> bool:
    """All texts state a time of day, and all or none of them a zone: only then do the times compare."""
    kinds = set()
    for text in texts:
        try:
            kinds.add(moment_of(text).precision)
        except DateUnreadable:
            continue
    return len(kinds) == 1 and Precision.DAY not in kinds
