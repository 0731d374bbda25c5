"""Points and reasons of a candidate. Points rank what a person looks at; they decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from trover.ledger.pair.identity import Says

AMOUNT = 20
DAY = 10
"""For the same day; one less for each day between, never below 0."""
NUMBER, NAME = 40, 25
REFERENCE = 30
PURPOSE = 10
OTHER, STRANGER = -60, -30

POINTS: Sequence[tuple[str, str]] = (
    ("both state one amount, in one currency, before or after a fee or exchange that one of them states", f"{AMOUNT}"),
    ("same day; for each day between one less, never below 0", f"{DAY}"),
    ("a statement names the account of the other by its number; for each of the two", f"{NUMBER}"),
    ("a statement names the holder of the other by name; for each of the two", f"{NAME}"),
    ("both carry one reference", f"{REFERENCE}"),
    ("both purpose texts share a number or word with a number in it", f"{PURPOSE}"),
    ("a statement gives the number of another account; for each of the two", f"{OTHER}"),
    ("a statement gives a name that shares no word with the holder's; for each of the two", f"{STRANGER}"),
)
"""What counts and how much, for the documentation."""


@lru_cache(maxsize=65536)
def judged(
    amount: bool, lag: int, payer_says: int, payee_says: int, references: int, purpose: bool = False
) -> tuple[int, tuple[str, ...]]:
    """Points of a candidate and the reasons in words."""
    found = [_amount(amount), _day(lag)]
    found += [_named("payer", "payee", payer_says), _named("payee", "payer", payee_says)]
    if references:
        shared = "one reference" if references == 1 else f"{references} references"
        found.append((REFERENCE, f"both carry {shared}"))
    if purpose:
        found.append((PURPOSE, "their purpose texts share a number"))
    return sum(points for points, _ in found), tuple(filter(None, (reason for _, reason in found)))


def _amount(same: bool) -> tuple[int, str]:
    return (AMOUNT, "the same amount") if same else (0, "the amounts differ and no fee is stated")


def _day(lag: int) -> tuple[int, str]:
    if lag == 0:
        return DAY, "the same day"
    days = "1 day" if lag == 1 else f"{lag} days"
    return max(0, DAY - lag), f"credited {days} after the debit"


def _named(one: str, other: str, says: int) -> tuple[int, str]:
    reasons = {
        Says.NUMBER: (NUMBER, f"the {one}'s statement names the {other}'s account"),
        Says.NAME: (NAME, f"the {one}'s statement names the {other}'s holder"),
        Says.NOTHING: (0, f"the {one}'s statement does not say who the {other} is"),
        Says.STRANGER: (STRANGER, f"the {one}'s statement gives another name"),
        Says.OTHER: (OTHER, f"the {one}'s statement gives the number of another account"),
    }
    return reasons[Says(says)]
