"""Dates and amounts as OFX writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from trover.errors import DateUnreadable
from trover.sources.amounts import point_or_comma
from trover.sources.currency import minor_units
from trover.sources.text import shortened
from trover.sources.times import Moment, Precision, located

_DATE = re.compile(
    r"(?P<day>\d{8})(?:(?P<time>\d{4}(?:\d{2}(?:\.(?P<part>\d{1,6}))?)?))?"
    r" *(?:\[ *(?P<hours>[+-]?\d{1,2})?(?:\.(?P<fraction>\d{1,2}))? *[+-]?(?::[^\[\]]*)?\])?",
    re.ASCII,
)
_FRACTIONS = {"": 0, "0": 0, "00": 0, "5": 30, "50": 30, "30": 30, "25": 15, "15": 15, "75": 45, "45": 45}
"""What follows the hours of an offset -> minutes: OFX means parts of an hour, some banks write minutes."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as printed: the day, and the moment in UTC with what is known of its zone."""

    day: datetime
    moment: Moment
    clock: str
    """The time of day as printed, empty where only a day is."""


@lru_cache(maxsize=8192)
def stamp_of(text: str) -> Stamp:
    """A date of OFX, as 20050824, 20050824080000.123 or 20050824080000[-5:EST]. Raises `DateUnreadable`."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise DateUnreadable(shortened(text))
    clock = match["time"] or ""
    try:
        day = datetime.strptime(match["day"], "%Y%m%d").replace(tzinfo=UTC)
        digits = clock.partition(".")[0].ljust(6, "0")
        part = int((match["part"] or "").ljust(6, "0"))
        parsed = datetime(day.year, day.month, day.day, int(digits[:2]), int(digits[2:4]), int(digits[4:]), part)
    except ValueError:
        raise DateUnreadable(shortened(text)) from None
    zone = _zone(match["hours"] or "", match["fraction"] or "")
    if not clock:
        return Stamp(day, Moment(day, Precision.DAY), "")
    if zone is None:
        return Stamp(day, located(parsed, Precision.NAIVE, None, text), clock)
    return Stamp(day, located(parsed.replace(tzinfo=zone), Precision.ZONED, None, text), clock)


def _zone(hours: str, fraction: str) -> timezone | None:
    """The offset in brackets; None where it is not given or is none."""
    if not hours or fraction not in _FRACTIONS or abs(int(hours)) > 14:
        return None
    minutes = abs(int(hours)) * 60 + _FRACTIONS[fraction]
    return timezone(timedelta(minutes=-minutes if hours.startswith("-") else minutes))


def timed(texts: Iterable[str]) -> bool:
    """All texts state a time of day, all or none a zone, and not every one the same time, which would say nothing."""
    kinds, clocks = set(), set()
    for text in texts:
        try:
            stamp = stamp_of(text)
        except DateUnreadable:
            continue
        kinds.add(stamp.moment.precision)
        clocks.add(stamp.clock.partition(".")[0])
    return len(kinds) == 1 and Precision.DAY not in kinds and len(clocks) > 1


def minor_of(text: str, currency: str) -> int:
    """An amount with sign in minor units of `currency`, point or comma decimal.

    Raises `AmountUnreadable`, `AmountTooFine`, `AmountTooLarge`, `UnknownCurrency`.
    """
    return point_or_comma(text, minor_units(currency))
