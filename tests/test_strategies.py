"""The random worlds are what they promise: balanced, and with every feature among them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings

from strategies import World, account_worlds, output_worlds
from trover.trace import reference
from trover.trace.rules import LotRule, all_rules

FIFO = all_rules()["fifo"]
assert isinstance(FIFO, LotRule)


FEATURES: dict[str, Callable[[World], bool]] = {
    "many legs": lambda world: any(len(event.inputs) > 1 and len(event.outputs) > 2 for event in world.ledger),
    "conversion": lambda world: any(leg.amount != leg.cost for event in world.ledger for leg in event.outputs),
    "interest": lambda world: any(event.kind == "interest" for event in world.ledger),
    "good faith": lambda world: bool(world.facts.bfp),
    "reversal": lambda world: bool(world.facts.reverses),
    "cash link": lambda world: bool(world.facts.linked_to),
    "claimed opening": lambda world: any(claim.account for claim in world.facts.claims),
    "overdraft": lambda world: min(reference.trace(world.ledger, world.facts, FIFO).balances.values()) < 0,
}


@settings(max_examples=50)
@given(account_worlds())
def test_events_balance(world: World) -> None:
    for event in world.ledger:
        assert sum(leg.amount for leg in event.inputs) == sum(leg.cost for leg in event.outputs)


@settings(max_examples=25)
@given(output_worlds())
def test_outputs_are_emptied_whole(world: World) -> None:
    trace = reference.trace(world.ledger, world.facts, FIFO)
    assert all(balance >= 0 for balance in trace.balances.values())


def test_every_feature_occurs() -> None:
    seen: set[str] = set()

    @settings(max_examples=200, derandomize=True, database=None)
    @given(account_worlds())
    def look(world: World) -> None:
        seen.update(name for name, holds in FEATURES.items() if holds(world))

    look()
    assert seen == set(FEATURES)
