"""Times as sources write them: read exactly, never guessed, normalised to UTC with the text kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from trover.errors import DateAmbiguous, DateUnreadable, Place, Problem, ZoneMissing
from trover.sources.text import shortened

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)

OF_DAY = r":|^[0-9]{9,10}$"
"""What shows that the text of a time holds a time of day: hours and minutes, or the seconds since 1970 of a chain."""
_OF_DAY = re.compile(OF_DAY, re.ASCII)


def has_time_of_day(text: str) -> bool:
    """Whether a time, as its source writes it, is more than a day."""
    return _OF_DAY.search(text) is not None


class Precision(StrEnum):
    """What a source's time says about its zone."""

    DAY = "day"
    NAIVE = "naive"
    ZONED = "zoned"


@dataclass(frozen=True, slots=True)
class Moment:
    """`time` in UTC and how it was written."""

    time: datetime
    precision: Precision


def iso_moment(text: str, zone: tzinfo | None = None) -> Moment:
    """An ISO 8601 date or time. A day or a time without zone is taken in `zone`, or as UTC. Raises `DateUnreadable`."""
    parts = iso_parts(text)
    if parts is None:
        raise DateUnreadable(shortened(text))
    return located(*parts, zone, text)


def iso_parts(text: str) -> tuple[datetime, Precision] | None:
    """What an ISO 8601 date or time says, not yet placed in a zone; None where it is none."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if match["time"] is None:
        return parsed, Precision.DAY
    return parsed, Precision.ZONED if match["zone"] else Precision.NAIVE


def located(parsed: datetime, precision: Precision, zone: tzinfo | None, text: str) -> Moment:
    """`parsed` in UTC.

    Raises `DateUnreadable` where UTC leaves the calendar (years 1 to 9999) or the zone has no such time
    because clocks go forward, and `DateAmbiguous` where it has two because clocks go back.
    """
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone or UTC)
    if precision is Precision.NAIVE and aware.utcoffset() != aware.replace(fold=1).utcoffset():
        _refuse_change_of_clocks(aware, text)
    try:
        return Moment(aware.astimezone(UTC), precision)
    except OverflowError:
        raise DateUnreadable(shortened(text)) from None


def _refuse_change_of_clocks(aware: datetime, text: str) -> None:
    remedy = "Write the time with its offset from UTC, for example 2020-10-25T03:30+02:00."
    if aware.astimezone(UTC).astimezone(aware.tzinfo).replace(fold=0) == aware:
        raise DateAmbiguous(text, says=f"happens twice in {aware.tzinfo}, where clocks go back", remedy=remedy)
    raise DateUnreadable(text, says=f"does not happen in {aware.tzinfo}, where clocks go forward", remedy=remedy)


class ZoneWatch:
    """Notices a source that writes some times with a zone and some without (rules 1.2: never mix them)."""

    def __init__(self) -> None:
        self._first: dict[bool, tuple[str, Place]] = {}

    def is_first(self, moment: Moment) -> bool:
        """Nothing of this kind was noted yet: only then is it worth naming its place."""
        return (moment.precision is Precision.ZONED) not in self._first

    def note(self, moment: Moment, text: str, place: Place) -> None:
        self._first.setdefault(moment.precision is Precision.ZONED, (text, place))

    def problems(self) -> list[Problem]:
        """One problem naming the first time without a zone and the first with one, if both occur."""
        if len(self._first) < 2:
            return []
        (text, place), (zoned, where) = self._first[False], self._first[True]
        at = f" (row {where.row}: {zoned!r})" if where.row is not None else ""
        return [ZoneMissing(text, place, says=ZoneMissing.says + at)]
