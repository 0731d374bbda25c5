"""Pari passu among those claimants only whose money can still be traced into the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trover.trace.rules import DerivedRule, Table
from trover.trace.rules.pari_passu import applies
from trover.trace.shares import by_weight

if TYPE_CHECKING:
    from trover.trace.derive import Basis


def derive(basis: Basis) -> Table:
    traced = basis.traced()
    weights = {claimant: weight if traced[claimant] > 0 else 0 for claimant, weight in basis.weights().items()}
    pool = min(sum(traced.values()), sum(weights.values()))
    return {"FUND": by_weight(pool, weights)}


RULE = DerivedRule(
    id="pari_passu_traceable",
    title="Rateable sharing among those still traced",
    section="2.6",
    between="claimants among themselves",
    assumes="As pari passu, but a claimant whose own money can no longer be traced has no weight.",
    authority=(
        "James Roscoe (Bolton) Ltd v Winder [1915] 1 Ch 62",
        "Charity Commission v Framjee [2014] EWHC 2507 (Ch)",
    ),
    used="Where a court holds that a broken chain ends the claim.",
    favours="claimants whose money came in after the balance was last exhausted",
    caution="Whether a broken chain ends the claim is for the court; pari_passu is printed beside it.",
    derive=derive,
    applies=applies,
)
