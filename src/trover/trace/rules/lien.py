"""Mixed purchase: a charge on the asset for the amount contributed."""

from __future__ import annotations

from collections.abc import Mapping

from trover.trace.claim import OWN
from trover.trace.rules import ValuationRule
from trover.trace.shares import by_weight


def divide(price: int, contributions: Mapping[str, int], value: int) -> dict[str, int]:
    claims = {name: amount for name, amount in contributions.items() if name != OWN}
    charged = min(value, sum(claims.values()))
    return {**by_weight(charged, claims), OWN: value - charged}


RULE = ValuationRule(
    id="lien",
    title="Lien for the amount contributed",
    section="2.11",
    between="claimants against the wrongdoer",
    assumes="The asset is charged with what the claimants paid in, before the wrongdoer has anything; no interest.",
    authority=("Foskett v McKeown [2000] UKHL 29, [2001] 1 AC 102", "Re Hallett's Estate (1880) 13 Ch D 696"),
    used="England and Wales and the Commonwealth, against the wrongdoer and volunteers who claim through him.",
    favours="claimants where the asset fell in value",
    caution="Interest on the lien is for the court. Not against an innocent co-contributor.",
    divide=divide,
)
