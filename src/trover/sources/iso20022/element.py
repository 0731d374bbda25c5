"""What every part of a message asks of an element: texts, amounts, days, and the place of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    Problem,
)
from trover.sources.amounts import Money
from trover.sources.currency import MINOR_UNITS
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.parties import Party
from trover.sources.row_book import RowBook
from trover.sources.times import Moment, Precision, iso_moment
from trover.sources.xml_at_hand import XmlAtHand
from trover.sources.xml_safe import Element, text_of

CREDIT, DEBIT = "CRDT", "DBIT"
REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "Amounts of ISO 20022 are digits with a point, as 1250.50: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    AmountNotPositive: "Amounts are not negative; CdtDbtInd says in which direction they go.",
    DateUnreadable: "Days of ISO 20022 are written as 2020-01-31: obtain the file again.",
}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_FINER = re.compile(r"(\.\d{6})\d+", re.ASCII)


@dataclass
class Context(XmlAtHand, RowBook):
    """One file being read: its accounts, statements and events, and everything found wrong with its elements."""

    remedies: Mapping[type[Problem], str] = field(default_factory=lambda: REMEDIES)

    def other(self, party: Party, currency: str, element: Element, unknown: str) -> str:
        """The id of a party outside; a party that is not named at all gets one of its own from `unknown`."""
        return self.outside.id(party, currency, self.pointer(element), self.place(element, "RltdPties"), unknown)

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
        return self.unsigned(text, currency, element, column)

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


def currency_of(amount: Element | None) -> str:
    """The currency that an amount states, whether or not its digits can be read; empty where it is not known."""
    code = "" if amount is None else amount.get("Ccy", "")
    return code if code in MINOR_UNITS else ""


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
