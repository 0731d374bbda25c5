"""Lowest intermediate balance: own money first, claimants share each loss rateably."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_RATEABLY, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (OWN_MONEY, CLAIMANTS_RATEABLY)


RULE = LotRule(
    id="libr",
    title="Lowest intermediate balance (own money first; rolling charge)",
    section="2.4",
    also_called=(
        "lowest intermediate balance rule",
        "drugs in, last out",
        "rolling charge",
        "North American method",
        "pro rata on the basis of tracing",
    ),
    between="claimants against the wrongdoer, and claimants among themselves",
    assumes=(
        "The wrongdoer's own money leaves first; then the claimants bear each withdrawal in proportion to what "
        "each still has in the account. What has once left is not made good by later own money."
    ),
    authority=(
        "James Roscoe (Bolton) Ltd v Winder [1915] 1 Ch 62",
        "Re Hallett's Estate (1880) 13 Ch D 696",
        "Ontario Securities Commission and Greymac (1986) 55 OR (2d) 673 (CA) (verify before quoting)",
        "Boughner v Greyhawk Equity Partners 2013 ONCA 26",
        "United States v. Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986), option (a)",
    ),
    used="England and Wales, Canada (general rule), Australia, New Zealand, United States.",
    favours="claimants in the account; those paid out of it are reached last",
    caution=(
        "An own payment made expressly to restore the trust is a person's finding and is entered as a claim. "
        "Balances at the end of a day give an upper bound only."
    ),
    draw=draw,
)
