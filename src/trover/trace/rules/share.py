"""Mixed purchase: a share of the asset in proportion to the contribution."""

from __future__ import annotations

from collections.abc import Mapping

from trover.trace.rules import ValuationRule
from trover.trace.shares import by_weight


def divide(price: int, contributions: Mapping[str, int], value: int) -> dict[str, int]:
    return by_weight(value, contributions)


RULE = ValuationRule(
    id="share",
    title="Proportionate share of an asset",
    section="2.11",
    between="contributors to a purchase",
    assumes="Each contributor owns the asset in proportion to what was paid in; gains and losses alike.",
    authority=("Foskett v McKeown [2000] UKHL 29, [2001] 1 AC 102",),
    used="England and Wales and the Commonwealth, against the wrongdoer, volunteers and among innocent contributors.",
    favours="claimants where the asset rose in value",
    caution="If claimants disagree between share and lien, a person decides.",
    divide=divide,
)
