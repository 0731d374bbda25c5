"""18 USC 984: fungible property in the same account, within one year of the offence."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from trover.trace.rules import DerivedRule, Table

if TYPE_CHECKING:
    from trover.ledger.event import Event
    from trover.trace.claim import Claim
    from trover.trace.derive import Basis


def one_year_after(day: date) -> date:
    """The same day of the next year; 29 February gives 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def derive(basis: Basis) -> Table:
    action = basis.assumptions.action_date
    assert action is not None
    deposits: dict[str, Fraction] = defaultdict(Fraction)
    for claim in basis.assumptions.claims:
        if claim.account and claim.offence and action <= one_year_after(claim.offence):
            deposits[claim.account] += claim.amount
    claims = [claim for claim in basis.assumptions.claims if claim.transfer]
    entered = {claim.transfer for claim in claims}
    for event in basis.events_until(action):
        if event.id in entered:
            timely = [c for c in claims if c.transfer == event.id and action <= one_year_after(_offence(c, event))]
            credit = sum(leg.amount for leg in event.inputs)
            for leg in event.outputs:
                deposits[leg.account] += Fraction(sum(claim.amount for claim in timely) * leg.amount, credit)
    balances = basis.balances_on(action)
    return {
        id: {"FORFEITABLE": max(0, min(balances[id], int(amount)))} for id, amount in deposits.items() if id in balances
    }


def _offence(claim: Claim, deposit: Event) -> date:
    return claim.offence or deposit.time.date()


def applies(basis: Basis) -> str:
    if basis.assumptions.action_date is None:
        return "the date on which the action was commenced is not recorded"
    return ""


RULE = DerivedRule(
    id="s984",
    title="Fungible property (18 USC 984)",
    section="2.9",
    also_called=("18 USC 984",),
    between="the State against the account",
    assumes=(
        "Money in the same account is forfeitable without tracing, up to the offence deposits made there, in an "
        "action begun not more than one year after the offence."
    ),
    authority=(
        "18 U.S.C. s 984",
        "United States v. All Funds Presently on Deposit, 832 F. Supp. 542 (EDNY 1993)",
    ),
    used="United States, civil actions in rem; interbank accounts are excluded unless the holder knowingly took part.",
    favours="the State, within the year",
    caution=(
        "The year counts from the offence, which may precede the deposit. Recovery under it and direct tracing "
        "together never exceed the proceeds of the offence. Good faith of an owner is no part of the arithmetic."
    ),
    derive=derive,
    applies=applies,
)
