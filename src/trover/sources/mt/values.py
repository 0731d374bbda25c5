"""Amounts, days, balances and statement lines (:61:) as MT messages write them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from trover.errors import DateUnreadable, FieldWrong, Problem
from trover.sources.amounts import AmountStyle, Money
from trover.sources.currency import minor_units
from trover.sources.text import shortened

_STYLE = AmountStyle(decimal=",")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?(\d[\d.,]*)", re.ASCII)
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}| {4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?\s?"
    r"(?P<amount>\d[\d.,]*)(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<rest>[^\n]*)(?:\n(?P<more>.*))?",
    re.ASCII | re.DOTALL,
)
_AMOUNT = re.compile(r"\s*([A-Z]{3})\s?(\d+(?:,\d*)?)\s*", re.ASCII)
_SHORT = 20
_CENTURY = 80
"""Two digits of a year from here on are of the years 1980 to 1999."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A printed balance: minor units with sign, its day, and its currency (empty where it prints none)."""

    minor: int
    day: date
    currency: str


@dataclass(slots=True)
class Line:
    """A statement line. `entry` is the day of booking, `value` that of value; None where none is printed or valid.

    `credit` says whether money comes in once reversal marks are taken into account.
    """

    minor: int
    amount: str
    credit: bool
    mark: str
    funds: str
    day: date
    day_text: str
    value_text: str
    kind: str
    customer: str
    bank: str
    more: str
    padded: bool
    """The reference is filled up with spaces to its 16 characters, and a name follows it."""


def minor_of(text: str, decimals: int) -> int:
    """Minor units of an amount with a decimal comma; nothing need follow the comma. Raises the problems of amounts."""
    whole, comma, part = text.partition(",")
    if len(part) <= decimals and text.isascii() and whole.isdigit() and len(text) < _SHORT and (part or "0").isdigit():
        return int(whole + part.ljust(decimals, "0"))
    return _STYLE.minor(whole if comma and not part and whole else text, decimals)


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """The day of YYMMDD: 80 to 99 are 1980 to 1999, 00 to 79 are 2000 to 2079. Raises `DateUnreadable`."""
    year, month, day = _parts(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise DateUnreadable(text, says="is not a day of the calendar") from None


@lru_cache(maxsize=4096)
def entry_day_of(value: str, entry: str) -> date:
    """The day MMDD of the year that brings it nearest to the value date YYMMDD. Raises `DateUnreadable`.

    The value date may be 29 or 30 February of any year: banks that count months of 30 days print it.
    """
    year, month, day = _parts(value)
    if month == 2 and day in (29, 30):
        day = min(day, calendar.monthrange(year, 2)[1])
    try:
        near = date(year, month, day)
    except ValueError:
        raise DateUnreadable(value, says="is not a day of the calendar") from None
    found = []
    for candidate in (year - 1, year, year + 1):
        try:
            found.append(date(candidate, int(entry[:2]), int(entry[2:])))
        except ValueError:
            continue
    if not found:
        raise DateUnreadable(entry, says="is not a day of the calendar (MMDD)")
    return min(found, key=lambda each: abs(each - near))


@lru_cache(maxsize=4096)
def midnight(day: date) -> datetime:
    """The day as printed, as a time of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _parts(text: str) -> tuple[int, int, int]:
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise DateUnreadable(shortened(text), says="is not a day (YYMMDD)")
    year = int(text[:2])
    return year + (1900 if year >= _CENTURY else 2000), int(text[2:4]), int(text[4:])


def balance_of(text: str, currency: str) -> Balance:
    """A balance (:60F: and so on), in `currency` where it prints none. Raises a problem."""
    match = _BALANCE.fullmatch(text.strip())
    if match is None:
        raise FieldWrong(shortened(text), says="is not a balance: C or D, day (YYMMDD), currency, amount")
    printed = match[3] or ""
    minor = minor_of(match[4], minor_units(printed or currency))
    return Balance(minor if match[1] == "C" else -minor, day_of(match[2]), printed)


def line_of(text: str, decimals: int) -> Line:
    """A statement line whose amount has `decimals`. Raises a problem."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise FieldWrong(
            shortened(text.partition("\n")[0]),
            says="is not a row: value date (YYMMDD), entry date (MMDD), C, D, RC or RD, amount, type",
        )
    value, entry, mark, funds, amount, kind, rest, more = match.groups()
    entry = (entry or "").strip()
    day = entry_day_of(value, entry) if entry else day_of(value)
    minor = minor_of(amount, decimals)
    customer, _, bank = rest.partition("//")
    more = (more or "").strip()
    padded = not bank and len(customer) > 16 and not customer[10:16].strip()
    if padded:
        customer, more = customer[:16], "\n".join(filter(None, (customer[16:].strip(), more)))
    return Line(
        minor=minor,
        amount=amount,
        credit=mark in ("C", "RD", "EC"),
        mark=mark,
        funds=funds or "",
        day=day,
        day_text=entry or value,
        value_text="" if not entry or entry == value[2:] else value,
        kind=(kind or "").strip(),
        customer=customer.strip(),
        bank=bank.strip(),
        more=more,
        padded=padded,
    )


def amount_in(text: str) -> Money | None:
    """The amount `EUR4,5`; None where `text` is none. Raises nothing."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    try:
        return Money(minor_of(match[2], minor_units(match[1])), match[1], text.strip())
    except Problem:
        return None
