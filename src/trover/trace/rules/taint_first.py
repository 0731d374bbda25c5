"""Drugs in, first out: tainted money leaves first."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_RATEABLY, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (CLAIMANTS_RATEABLY, OWN_MONEY)


RULE = LotRule(
    id="taint_first",
    title="Tainted money first (drugs in, first out)",
    section="2.9",
    also_called=("drugs in, first out",),
    between="claimants, then the residual OWN",
    assumes="The claimants' money leaves first, rateably among them; own money only after it.",
    authority=("United States v. Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986), option (b) in sequence",),
    used="United States civil forfeiture, to reach what was bought out of the account.",
    favours="claimants against recipients and assets bought; it leaves least in the account",
    draw=draw,
)
