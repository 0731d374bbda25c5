"""Pari passu: what is left is shared in proportion to the claims, dates ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trover.trace.given import Given
from trover.trace.rules import DerivedRule, Table
from trover.trace.shares import by_weight

if TYPE_CHECKING:
    from trover.trace.derive import Basis


def derive(basis: Basis) -> Table:
    weights = basis.weights()
    pool = min(sum(basis.traced().values()), sum(weights.values()))
    return {"FUND": by_weight(pool, weights)}


def applies(basis: Basis) -> str:
    currencies = basis.fund_currencies()
    if len(currencies) > 1:
        return f"the fund holds {', '.join(sorted(currencies))}: name the accounts of one currency as the fund"
    return "" if basis.claimants else "no claim is entered"


def distribute(given: Given) -> dict[str, int]:
    """From `pool` and `claims`."""
    pool, claims = given.amount("pool"), given.amounts("claims")
    return by_weight(min(pool, sum(claims.values())), claims)


RULE = DerivedRule(
    id="pari_passu",
    title="Rateable sharing regardless of dates (pari passu)",
    section="2.6",
    also_called=("pari passu ex post facto", "pro rata"),
    between="claimants among themselves",
    assumes=(
        "The claimants together own what can still be traced into the fund under the lowest intermediate balance; "
        "they share it in proportion to their claims, less what was repaid, whenever they paid in."
    ),
    authority=(
        "Barlow Clowes International v Vaughan [1991] EWCA Civ 11",
        "Charity Commission v Framjee [2014] EWHC 2507 (Ch)",
        "Cunningham v Brown, 265 US 1 (1924) (verify before quoting)",
    ),
    used="England and Wales, Canada, Australia, New Zealand, United States, between innocent contributors.",
    favours="claimants whose money had already gone when others paid in",
    caution=(
        "Whether claimants whose chain was broken may share is for the court; pari_passu_traceable shows the other "
        "answer and both are printed."
    ),
    derive=derive,
    applies=applies,
    distribute=distribute,
    needs=frozenset({"claims"}),
    on=frozenset({"account", "distribution"}),
)
