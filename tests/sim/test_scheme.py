"""Seeded schemes of 3,000 transfers: the engine finds the recipients and amounts that are known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scheme import BLENDED, RECIPIENTS, VICTIMS, Scheme, scheme, truth_blended, truth_in_order

from trover.trace import reference
from trover.trace.arithmetic import NANO
from trover.trace.audit import audit
from trover.trace.result import CLEAN, Trace
from trover.trace.rules import LotRule, rule

EVENTS = 3000
NEAR = Decimal(1) / 1000
"""Minor units: 3,000 events, each rounding by a few nano units."""


@pytest.fixture(scope="module", params=[1, 2])
def made(request: pytest.FixtureRequest) -> Scheme:
    return scheme(request.param, EVENTS)


def run(made: Scheme, id: str, steps: bool = False) -> Trace:
    found = rule(id)
    assert isinstance(found, LotRule)
    return reference.trace(made.ledger, made.facts, found, id, steps=steps)


def test_the_scheme_launders(made: Scheme) -> None:
    """Every victim has money in it, some reaches recipients under every order, and none is left out."""
    assert len(made.ledger) == EVENTS
    truth = truth_in_order(made, "fifo")
    reached = {owner for id in RECIPIENTS for owner in truth.get(id, {})}
    assert reached >= set(VICTIMS)
    entered = sum(claim.amount for claim in made.facts.claims)
    assert entered == sum(q for row in truth.values() for owner, q in row.items() if owner in VICTIMS)


@pytest.mark.parametrize("id", ["fifo", "lifo"])
def test_ordered_rules_give_the_known_amounts_to_the_unit(made: Scheme, id: str) -> None:
    truth = truth_in_order(made, id)
    found = {account: held for account, held in run(made, id).content.items() if held}
    assert found == {a: {o: q * NANO for o, q in row.items()} for a, row in truth.items() if row}


@pytest.mark.parametrize("id", BLENDED)
def test_blended_rules_give_the_known_amounts(made: Scheme, id: str) -> None:
    truth = truth_blended(made, id)
    found = run(made, id).content
    for account in truth:
        wanted = {CLEAN if id == "poison" and owner == "OWN" else owner: q for owner, q in truth[account].items()}
        for owner in {**wanted, **found.get(account, {})}:
            got = Decimal(found.get(account, {}).get(owner, 0)) / NANO
            assert abs(got - wanted.get(owner, Decimal(0))) < NEAR, (account, owner)


def test_hallett_fifo_leaves_what_libr_leaves_in_all(made: Scheme) -> None:
    ordered, blended = run(made, "hallett_fifo"), run(made, "libr")
    for account in made.accounts:
        assert abs(ordered.claimed(account) - blended.claimed(account)) < NANO // 1000


def test_the_audit_of_the_whole_scheme_finds_nothing(made: Scheme) -> None:
    trace = run(made, "haircut", steps=True)
    found = audit(made.ledger, made.facts, trace)
    assert (found.problems, found.events) == ((), EVENTS)
