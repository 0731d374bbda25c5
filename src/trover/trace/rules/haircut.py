"""Averaging: every withdrawal has the composition of the balance."""

from __future__ import annotations

from trover.trace.rules import PRO_RATA, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (PRO_RATA,)


RULE = LotRule(
    id="haircut",
    title="Averaging (haircut)",
    section="2.5",
    also_called=("averaging", "pro rata of every withdrawal"),
    between="all owners, the residual OWN included",
    assumes="Each withdrawal takes from everybody in proportion to what is in the account at that moment.",
    authority=(
        "United States v. Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986), option (c) (verify before quoting)",
        "Moser, Bohme and Breuker (2014), for blockchains (verify before quoting)",
    ),
    used="United States forfeiture as one of three admissible approaches; screening of blockchains.",
    favours="nobody in particular; it spreads the claim thinly over every recipient",
    draw=draw,
    on=frozenset({"account", "utxo"}),
)
