"""Whole minor units shared by weight: largest remainder, ties in the order of the weights (rules 1.12)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from trover.trace.arithmetic import NANO, largest_remainder


def by_weight(pool: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`pool` minor units in proportion to `weights`; all 0 where there is no weight."""
    total = sum(weights.values())
    if total <= 0:
        return dict.fromkeys(weights, 0)
    return rounded({name: Fraction(pool * weight, total) for name, weight in weights.items()}, pool)


def rounded(exact: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Exact amounts that sum to `total`, as whole minor units that sum to it."""
    parts = [int(amount * NANO) for amount in exact.values()]
    return dict(zip(exact, largest_remainder(parts, total), strict=True))
