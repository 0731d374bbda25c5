"""Taint in, highest out: for unspent outputs of a blockchain."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_RATEABLY, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (CLAIMANTS_RATEABLY, OWN_MONEY)


RULE = LotRule(
    id="tiho",
    title="Taint in, highest out",
    section="2.10",
    also_called=("taint in highest out",),
    between="claimants, then the residual OWN",
    assumes="Tainted coins go to the output of the highest value first; the fee is filled last.",
    authority=("Tironsakkul and others, on tracking tainted cryptocurrency (verify before quoting)",),
    used="Research on blockchains; untested in any court.",
    favours="those who look for where the bulk of the money went",
    caution="Untested in any court.",
    draw=draw,
    largest_first=True,
    on=frozenset({"utxo"}),
)
