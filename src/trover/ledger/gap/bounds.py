"""What can be said of claimed money after a period without statements: an interval, never a point (rules 1.10)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """`least` to `most`, in the unit of what went in."""

    least: int
    most: int


def bounds_after(reached: int, debits: int | None, after: int) -> Bounds:
    """What of `reached` (claimed money in the account when the gap begins) can be there when it ends.

    `debits`: all that was paid out in the gap, None where unknown; `after`: the balance at its end, which may be
    negative. All in one unit. What left cannot exceed the debits, and what stayed cannot exceed the balance.
    """
    most = min(reached, max(after, 0))
    least = 0 if debits is None else max(0, reached - debits)
    return Bounds(min(least, most), most)
