"""Dates in a declared format, or in ISO 8601 where none is declared; an ambiguous date is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache

from trover.errors import DateAmbiguous, DateUnreadable
from trover.sources.calendars import GREGORIAN, gregorian_day
from trover.sources.digits import plain_digits
from trover.sources.months import fold, months_of
from trover.sources.text import shortened
from trover.sources.times import Moment, Precision, iso_parts, located

ISO = "iso"
_NUMERIC = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:\D.*)?", re.ASCII | re.DOTALL)

_FIXED = {
    "Y": r"(?P<Y>\d{4})", "f": r"(?P<f>\d{1,6})", "b": r"(?P<b>[^\W\d_][^\d/,;:]*?)", "p": r"(?P<p>[AaPp]\.?[Mm]\.?)",
    "z": r"(?P<z>Z|[+-]\d{2}:?\d{2})", "a": r"[^\W\d_]+\.?", "%": "%",
}  # fmt: skip
_ALIKE = {"B": "b", "A": "a"}
_TWO_DIGITS = frozenset("ymdHIMS")
_DIGITS = _TWO_DIGITS | {"Y", "j", "f"}
DIRECTIVES = frozenset(_FIXED) | frozenset(_ALIKE) | _TWO_DIGITS
"""Letters that may follow % in a format; they mean what they mean to strptime."""


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a source writes dates.

    formats: as for strptime, or "iso"; none: ISO 8601 only. zone: of times that state none. calendar: gregorian,
    hijri or jalali. years_from: the first of the hundred years in which a year of two digits lies; None: no such
    year is read. languages: of the names of months.
    """

    formats: tuple[str, ...] = ()
    zone: tzinfo | None = None
    calendar: str = GREGORIAN
    years_from: int | None = None
    languages: tuple[str, ...] = ("en",)

    def moment(self, text: str) -> Moment:
        """The moment `text` states in one of the formats.

        Raises `DateUnreadable`, or `DateAmbiguous` where two formats give two moments, or where none is
        declared and day and month could change places.
        """
        found = {moment for name in self.formats or (ISO,) if (moment := self._attempt(text, name)) is not None}
        if len(found) == 1:
            return found.pop()
        if len(found) > 1 or (not self.formats and _could_swap(text)):
            raise DateAmbiguous(shortened(text))
        raise DateUnreadable(shortened(text))

    def _attempt(self, text: str, name: str) -> Moment | None:
        plain = plain_digits(text)
        parts = iso_parts(plain) if name == ISO else self._parts(plain, name)
        return located(*parts, self.zone, text) if parts else None

    def _parts(self, text: str, name: str) -> tuple[datetime, Precision] | None:
        match = pattern_of(name).fullmatch(text)
        if match is None:
            return None
        said = match.groupdict()
        year, month = self._year(said), self._month(said)
        if year is None or month is None:
            return None
        try:
            day = gregorian_day(self.calendar, year, month, int(said["d"]))
            parsed = datetime(day.year, day.month, day.day, *_clock(said))
            zone = _zone(said.get("z"))
        except ValueError:
            return None
        if zone is not None:
            return parsed.replace(tzinfo=zone), Precision.ZONED
        return parsed, Precision.NAIVE if {"H", "I"} & set(said) else Precision.DAY

    def _year(self, said: dict[str, str]) -> int | None:
        if "Y" in said:
            return int(said["Y"])
        if self.years_from is None:
            return None
        return self.years_from + (int(said["y"]) - self.years_from) % 100

    def _month(self, said: dict[str, str]) -> int | None:
        if "m" in said:
            return int(said["m"])
        return months_of(self.calendar, self.languages).get(fold(said["b"]))


@cache
def pattern_of(name: str) -> re.Pattern[str]:
    """What a format matches: two digits where nothing parts two numbers, else one or two.

    Raises `ValueError` for a directive that is not read, or where day, month or year is not stated once.
    """
    tokens = re.findall(r"%(.)|([^%])|(%)$", name, re.DOTALL)
    if any(lone for _, _, lone in tokens):
        raise ValueError("ends in %")
    letters = [_ALIKE.get(letter, letter) for letter, _, _ in tokens]
    said = [letter for letter in letters if letter and letter not in "a%"]
    if unknown := [letter for letter in said if letter not in DIRECTIVES]:
        raise ValueError(f"has %{unknown[0]}, which is not read")
    if len(set(said)) < len(said):
        raise ValueError("states one part twice")
    if len({"Y", "y"} & set(said)) != 1 or len({"m", "b"} & set(said)) != 1 or "d" not in said:
        raise ValueError("needs a day (%d), one month (%m or %b) and one year (%Y or %y)")
    if ("I" in said) != ("p" in said) or {"H", "I"} <= set(said):
        raise ValueError("needs %p beside %I, and one of %H and %I")
    return re.compile("".join(_piece(letters, tokens, at) for at in range(len(tokens))), re.ASCII)


def _piece(letters: list[str], tokens: list[tuple[str, str, str]], at: int) -> str:
    letter, literal = letters[at], tokens[at][1]
    if not letter:
        return r"\s+" if literal.isspace() else re.escape(literal)
    if letter not in _TWO_DIGITS:
        piece = _FIXED[letter]
        return piece if letter not in "ab" else f"(?u:{piece})"
    beside = [letters[near] for near in (at - 1, at + 1) if 0 <= near < len(letters)]
    exact = letter in "yMS" or any(near in _DIGITS for near in beside)
    return rf"(?P<{letter}>\d{{2}})" if exact else rf"(?P<{letter}>\d{{1,2}})"


def _clock(said: dict[str, str]) -> tuple[int, int, int, int]:
    hour = int(said.get("H") or said.get("I") or 0)
    if "p" in said:
        if not 1 <= hour <= 12:
            raise ValueError("is no hour of twelve")
        hour = hour % 12 + (12 if said["p"][0] in "Pp" else 0)
    fraction = said.get("f") or ""
    return hour, int(said.get("M") or 0), int(said.get("S") or 0), int(fraction.ljust(6, "0"))


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


@lru_cache(maxsize=4096)
def moment_of(text: str, formats: tuple[str, ...], zone: tzinfo | None) -> Moment:
    """The moment `text` states in one of `formats`; see `DateStyle.moment`."""
    return DateStyle(formats, zone).moment(text)


@lru_cache(maxsize=4096)
def short_day(text: str) -> datetime | None:
    """A day written YYMMDD, of the years 1970 to 2069; None where it is none."""
    if not re.fullmatch(r"\d{6}", text, re.ASCII):
        return None
    year = int(text[:2]) + (2000 if int(text[:2]) < 70 else 1900)
    try:
        return datetime(year, int(text[2:4]), int(text[4:]), tzinfo=UTC)
    except ValueError:
        return None


def _could_swap(text: str) -> bool:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return False
    first, second = int(match[1]), int(match[2])
    return 1 <= first <= 12 and 1 <= second <= 12 and first != second
