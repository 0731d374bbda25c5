"""Taint-all: a screening measure, never an amount recoverable."""

from __future__ import annotations

from trover.trace.rules import CLAIMANTS_RATEABLY, OWN_MONEY, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (CLAIMANTS_RATEABLY, OWN_MONEY)


RULE = LotRule(
    id="poison",
    title="Taint-all (poison): screening only",
    section="2.10",
    also_called=("taint-all", "poisoned chalice"),
    between="screening; no owners are told apart",
    assumes="Any contact taints everything, until the account is empty.",
    authority=("Moser, Bohme and Breuker (2014) (verify before quoting)",),
    used="Screening of accounts and blockchains. No court is known to quantify by it.",
    favours="nobody: it marks many times the amount of the claim",
    caution="Its figures say what money touched, never how much can be recovered.",
    recoverable=False,
    draw=draw,
    contaminates=True,
    on=frozenset({"account", "utxo"}),
)
