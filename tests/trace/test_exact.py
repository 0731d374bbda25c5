"""The engine against a second program in exact fractions: rounding stays below a stated bound."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from shadow import Shadow
from tables import NANO, lot_rule
from tests.effort import some

from strategies import World, account_worlds, output_worlds
from trover.trace import reference

RULES = ("fifo", "lifo", "libr", "hallett_fifo", "haircut", "taint_first", "oatway")
UTXO_RULES = ("fifo", "lifo", "haircut")

PER_EVENT = 60
"""Nano units by which one event may move a figure from its exact value: a few splits for each of its legs."""


def _bound(world: World) -> Fraction:
    """What rounding may add up to; a conversion that multiplies amounts multiplies what was rounded before it."""
    grows = Fraction(1)
    for event in world.ledger:
        for leg in event.outputs:
            grows *= max(Fraction(1), Fraction(leg.amount, leg.cost))
    return PER_EVENT * (len(world.ledger) + 1) * grows


def _compare(world: World, rule: str) -> None:
    exact = Shadow(world.ledger, world.facts, rule).content
    fixed = reference.trace(world.ledger, world.facts, lot_rule(rule)).content
    bound = _bound(world)
    for account in exact | dict(fixed):
        for owner in {**exact.get(account, {}), **fixed.get(account, {})}:
            off = exact.get(account, {}).get(owner, Fraction(0)) * NANO - fixed.get(account, {}).get(owner, 0)
            assert abs(off) <= bound, (rule, account, owner, float(off), float(bound))


@settings(max_examples=some(40))
@given(world=account_worlds(most_events=15, daily=True))
def test_accounts(world: World) -> None:
    for rule in RULES:
        _compare(world, rule)


@settings(max_examples=some(25))
@given(world=output_worlds())
def test_outputs(world: World) -> None:
    for rule in UTXO_RULES:
        _compare(world, rule)
