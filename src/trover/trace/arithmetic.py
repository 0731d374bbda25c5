"""The arithmetic of compositions: integer fixed point at 10^-9 minor unit, exact sums (rules 1.12).

Every quantity that carries a composition is an integer number of nano units (10^-9 of a minor unit).
A split rounds each part half to even; what that leaves over or short is given, one nano unit each, to
the parts that rounding moved the other way, in owner order (claimants as they first appear in the
claims, OWN last). So sums stay exact, every part is within one nano unit of its exact value, and no
part exceeds what it was taken from. Every engine must return these integers.
"""

from __future__ import annotations

from collections.abc import Sequence

NANO = 10**9
"""Nano units in one minor unit."""

TIE = 1000
"""Remainders within this many nano units (10^-6 minor unit) are equal when rounding for print."""


def half_even(numerator: int, denominator: int) -> int:
    """`numerator / denominator` (denominator > 0), rounded to the nearest integer, halves to even."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient & 1):
        return quotient + 1
    return quotient


def apportion(parts: Sequence[int], target: int) -> list[int]:
    """Share `target` in proportion to `parts` (all >= 0, sum > 0): integers that sum to `target`.

    Order of `parts` is owner order. Used to split a quantity out of a lot and to convert a lot.
    """
    total = sum(parts)
    shared = [half_even(part * target, total) for part in parts]
    residual = target - sum(shared)
    step = 1 if residual > 0 else -1
    for index, part in enumerate(parts):
        if residual == 0:
            break
        if (part * target - shared[index] * total) * step > 0:
            shared[index] += step
            residual -= step
    return shared


def largest_remainder(parts: Sequence[int], total: int, unit: int = NANO) -> list[int]:
    """Round `parts` (in 1/`unit`) to whole units that sum to `total` (rules 1.12).

    Floors every part, then gives the missing units by descending remainder; remainders within 10^-6
    of each other are ties and go in the order of `parts` (owner order, OWN last).
    """
    whole = [part // unit for part in parts]
    missing = total - sum(whole)
    if missing == 0:
        return whole
    if not 0 <= missing <= len(parts):
        raise ValueError(f"{missing} units to give to {len(parts)} parts")
    for index in _by_remainder([part % unit for part in parts], unit * TIE // NANO)[:missing]:
        whole[index] += 1
    return whole


def _by_remainder(remainders: list[int], tie: int) -> list[int]:
    """Indices by descending remainder, near-equal ones in their own order."""
    ranked = sorted(range(len(remainders)), key=lambda i: (-remainders[i], i))
    result: list[int] = []
    group: list[int] = []
    for index in ranked:
        if group and remainders[group[0]] - remainders[index] > tie:
            result += sorted(group)
            group = []
        group.append(index)
    return result + sorted(group)
