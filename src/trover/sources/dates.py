"""Dates in a declared format, or in ISO 8601 where none is declared; an ambiguous date is refused."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache

from trover.errors import DateAmbiguous, DateUnreadable
from trover.sources.text import shortened
from trover.sources.times import Moment, Precision, iso_parts, located

ISO = "iso"
_NUMERIC = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:\D.*)?", re.ASCII | re.DOTALL)


@lru_cache(maxsize=4096)
def moment_of(text: str, formats: tuple[str, ...], zone: tzinfo | None) -> Moment:
    """The moment `text` states in one of `formats` (strptime, or "iso"; none: ISO only).

    Raises `DateUnreadable`, or `DateAmbiguous` where two formats give two moments, or where none is
    declared and day and month could change places.
    """
    found = {moment for name in formats or (ISO,) if (moment := _attempt(text, name, zone)) is not None}
    if len(found) == 1:
        return found.pop()
    if len(found) > 1 or (not formats and _could_swap(text)):
        raise DateAmbiguous(shortened(text))
    raise DateUnreadable(shortened(text))


def _attempt(text: str, name: str, zone: tzinfo | None) -> Moment | None:
    parts = iso_parts(text) if name == ISO else _parts(text, name)
    return located(*parts, zone, text) if parts else None


def _parts(text: str, name: str) -> tuple[datetime, Precision] | None:
    try:
        parsed = datetime.strptime(text, name)
    except ValueError:
        return None
    if parsed.tzinfo:
        return parsed, Precision.ZONED
    timed = any(sign in name for sign in ("%H", "%I", "%X", "%c"))
    return parsed, Precision.NAIVE if timed else Precision.DAY


def _could_swap(text: str) -> bool:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return False
    first, second = int(match[1]), int(match[2])
    return 1 <= first <= 12 and 1 <= second <= 12 and first != second
