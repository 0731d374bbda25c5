"""Re Oatway: preserved purchases take the claimants' money first, everything else own money first."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_RATEABLY, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (CLAIMANTS_RATEABLY, OWN_MONEY) if preserved else (OWN_MONEY, CLAIMANTS_RATEABLY)


RULE = LotRule(
    id="oatway",
    title="First charge on preserved assets (Re Oatway)",
    section="2.7",
    also_called=("Re Oatway", "cherry-picking"),
    between="claimants against the wrongdoer",
    assumes=(
        "What was bought and is still there was bought with the claimants' money as far as there was any; "
        "everything else was paid with own money first."
    ),
    authority=(
        "Re Oatway [1903] 2 Ch 356",
        "Shalson v Russo [2003] EWHC 1637 (Ch)",
        "Turner v Jacob [2006] EWHC 1317 (Ch)",
    ),
    used="England and Wales; by election of the claimant, for some only where the balance left does not suffice.",
    favours="claimants; it gives the largest traced total",
    caution="This is an election by the claimant. The result under libr must be shown beside it.",
    draw=draw,
)
