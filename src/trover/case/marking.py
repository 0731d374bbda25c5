"""How a thing may be handled: marking (TLP 2.0), legal basis and retention date, inherited strictest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from trover.errors import DateUnreadable, InputErrors, Problem, UnknownMarking


class Tlp(IntEnum):
    """Traffic Light Protocol 2.0 (FIRST, 2022), from the widest to the narrowest circle."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    def __str__(self) -> str:
        return f"TLP:{self.name.replace('_', '+')}"


_BY_NAME = {str(level): level for level in Tlp}


def tlp(text: str) -> Tlp:
    """The marking written as `TLP:AMBER+STRICT` or `AMBER+STRICT`. Raises `UnknownMarking`."""
    name = text.strip().upper()
    try:
        return _BY_NAME[name if name.startswith("TLP:") else f"TLP:{name}"]
    except KeyError:
        raise UnknownMarking(text) from None


@dataclass(frozen=True, slots=True)
class Handling:
    """Who may see a thing, on what legal basis it is held, and until when (None: not stated)."""

    marking: Tlp = Tlp.AMBER_STRICT
    legal_basis: tuple[str, ...] = ()
    retention: date | None = None


def strictest(first: Handling, *more: Handling) -> Handling:
    """What applies to a thing made of several: the narrowest marking, every legal basis, the earliest date."""
    every = (first, *more)
    dates = [handling.retention for handling in every if handling.retention]
    return Handling(
        marking=max(handling.marking for handling in every),
        legal_basis=tuple(dict.fromkeys(basis for handling in every for basis in handling.legal_basis)),
        retention=min(dates) if dates else None,
    )


def stated(
    default: Handling,
    marking: str | Tlp | None = None,
    legal_basis: str | Iterable[str] | None = None,
    retention: str | date | None = None,
) -> Handling:
    """What was stated, each by default as in `default`. Raises `InputErrors`."""
    found: list[Problem] = []
    level, until = default.marking, default.retention
    try:
        level = default.marking if marking is None else marking if isinstance(marking, Tlp) else tlp(marking)
    except UnknownMarking as problem:
        found.append(problem)
    try:
        until = until if retention is None else _day(retention)
    except ValueError:
        found.append(DateUnreadable(str(retention), says="is not a day", remedy="Write the date as 2031-01-31."))
    if found:
        raise InputErrors(found)
    bases = (legal_basis,) if isinstance(legal_basis, str) else legal_basis
    return Handling(level, default.legal_basis if bases is None else tuple(filter(None, bases)), until)


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
