"""Claims and the human findings a trace rests on. The software never sets one of them (rules 0.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

OWN = "OWN"
"""What is not shown to belong to a claimant: a residual, not a finding that the money is clean."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A named interest in an incoming amount (minor units of the currency in which it comes in).

    It enters once, at an external credit (`transfer`) or in an opening balance (`account`); exactly
    one of the two is given. `repaid` reduces its weight in a distribution. `offence` is the date of
    the offence where it differs from the day of the deposit.
    """

    claimant: str
    amount: int
    transfer: str = ""
    account: str = ""
    repaid: int = 0
    offence: date | None = None
    id: str = ""


class InterestMode(StrEnum):
    """Who bears interest (rules 1.5)."""

    ACCRUE = "accrue"
    ACCRUE_DAILY = "accrue_daily"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The findings of people that a trace takes as given; each is recorded in the case with author and reason.

    bfp: transfers to a bona fide purchaser. reverses: return -> returned transfer. linked_to: cash
    deposit -> withdrawal. backward_for: credit -> the debit it funded. consolidate: pool -> accounts.
    dissipated: assets found to be gone, which are no longer preserved purchases (rules 2.7).
    fund: accounts that form the fund of a distribution (none named: all). action_date: 18 USC 984.
    """

    claims: tuple[Claim, ...] = ()
    bfp: frozenset[str] = frozenset()
    reverses: Mapping[str, str] = field(default_factory=dict)
    linked_to: Mapping[str, str] = field(default_factory=dict)
    backward_for: Mapping[str, str] = field(default_factory=dict)
    consolidate: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dissipated: frozenset[str] = frozenset()
    fund: tuple[str, ...] = ()
    action_date: date | None = None
    interest: InterestMode = InterestMode.ACCRUE

    @property
    def owners(self) -> tuple[str, ...]:
        """Claimants in the order they first appear in the claims, then OWN."""
        return (*dict.fromkeys(claim.claimant for claim in self.claims), OWN)
