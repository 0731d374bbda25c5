"""Mixed purchase: the better of share and lien for the claimants."""

from __future__ import annotations

from collections.abc import Mapping

from trover.trace.claim import OWN
from trover.trace.rules import ValuationRule, lien, share


def divide(price: int, contributions: Mapping[str, int], value: int) -> dict[str, int]:
    charge_is_open = contributions.get(OWN, 0) > 0
    divide_as = lien.divide if charge_is_open and value < price else share.divide
    return divide_as(price, contributions, value)


RULE = ValuationRule(
    id="election",
    title="Election between share and lien",
    section="2.11",
    between="claimants against the wrongdoer",
    assumes=(
        "The claimants choose a share where the asset is worth at least its price and a lien where it is worth less; "
        "among innocent contributors alone there is only the share."
    ),
    authority=("Foskett v McKeown [2000] UKHL 29, [2001] 1 AC 102",),
    used="England and Wales and the Commonwealth.",
    favours="claimants",
    caution="The election is the claimants'; the software prints what it would be worth.",
    divide=divide,
)
