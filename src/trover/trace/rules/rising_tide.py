"""Receivership: every investor is lifted to the same proportion of the investment, withdrawals counted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from trover.trace.given import Given
from trover.trace.rules import DerivedRule
from trover.trace.shares import rounded


def distribute(given: Given) -> dict[str, int]:
    """From `pool`, `invested` and `withdrawn`; nobody is lifted above the whole of the investment."""
    pool, invested, withdrawn = given.amount("pool"), given.amounts("invested"), given.amounts("withdrawn")
    taken = {name: withdrawn.get(name, 0) for name in invested}
    pool = min(pool, sum(max(0, amount - taken[name]) for name, amount in invested.items()))
    level = water_level(pool, invested, taken)
    return rounded({name: max(Fraction(0), level * amount - taken[name]) for name, amount in invested.items()}, pool)


def water_level(pool: int, invested: Mapping[str, int], withdrawn: Mapping[str, int]) -> Fraction:
    """The r at which the sum of max(0, r x invested - withdrawn) is `pool`, exactly."""
    starts = sorted((Fraction(withdrawn[name], amount), name) for name, amount in invested.items() if amount > 0)
    level, rate, given = Fraction(0), 0, Fraction(0)
    for start, name in starts:
        reaches = given + rate * (start - level)
        if rate and reaches >= pool:
            break
        level, given, rate = start, reaches, rate + invested[name]
    return level + (pool - given) / rate if rate else level


RULE = DerivedRule(
    id="rising_tide",
    title="Rising tide",
    section="2.9",
    between="investors of a fraud among themselves",
    assumes=(
        "Withdrawals count as recovery: money goes first to those who got back the smallest part of what they "
        "invested, until all stand at the same proportion."
    ),
    authority=("SEC v. Huber, 702 F.3d 903 (7th Cir. 2012)",),
    used="United States receiverships.",
    favours="investors who took nothing out",
    distribute=distribute,
    needs=frozenset({"invested", "withdrawn"}),
    on=frozenset({"distribution"}),
)
