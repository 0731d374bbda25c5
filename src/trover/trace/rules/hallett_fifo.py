"""The orthodox English combination: own money first, claimants among themselves first in, first out."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_OLDEST_FIRST, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (OWN_MONEY, CLAIMANTS_OLDEST_FIRST)


RULE = LotRule(
    id="hallett_fifo",
    title="Own money first, claimants first in first out (Hallett with Clayton)",
    section="2.3",
    also_called=("Re Hallett's Estate", "orthodox English combination"),
    between="claimants against the wrongdoer, and claimants among themselves",
    assumes="The wrongdoer's own money leaves first; then the claimants' money in the order in which it came in.",
    authority=("Re Hallett's Estate (1880) 13 Ch D 696", "Devaynes v Noble (1816) 1 Mer 572 (verify before quoting)"),
    used="England and Wales, against the wrongdoer and those who claim through him.",
    favours="claimants against the wrongdoer; among claimants, those who came late",
    caution="A credit whose owner is unknown is OWN only as a residual; identify the wrongdoer's money where possible.",
    draw=draw,
)
