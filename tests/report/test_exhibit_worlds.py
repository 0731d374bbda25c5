"""Exhibits of random worlds with every feature of the rules: each is made, and each traced figure sums its rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from material_for_tests import cover
from tests.effort import some

from strategies import World, account_worlds
from trover.ledger.event import Account, Event, Input, Output, kind_of, transfer
from trover.ledger.ledger import Ledger
from trover.report.exhibit import assemble
from trover.report.flow import flow
from trover.report.material import Material
from trover.report.reading import Reading
from trover.trace import compare
from trover.trace.arithmetic import NANO
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant

DERIVED = ("Change by", "Rateable", "Any one", "Fungible", "Last balance", "Repaid")
"""Figures computed from their rows otherwise than by adding them."""


def scaled(world: World) -> bool:
    """Whether a conversion, a sale or interest makes what leaves an account another amount than what entered."""
    return any(e.kind == "interest" or any(leg.amount != leg.cost for leg in e.outputs) for e in world.ledger)


def flows_conserve(reading: Reading) -> None:
    """What enters an account or a transaction of a flow picture leaves it again, or is left in it."""
    for answer in reading.main():
        bands = flow(reading, answer).bands
        for node in {node for band in bands for node in (band.start, band.end) if node.kind in ("account", "event")}:
            into = sum(band.weight for band in bands if band.end == node)
            out = sum(band.weight for band in bands if band.start == node)
            assert abs(into - out) < NANO // 1000, (answer.key, node)


@given(account_worlds())
@settings(max_examples=some(60))
def test_every_traced_figure_of_a_random_world_is_the_sum_of_its_rows(world: World) -> None:
    keys = [key for key in compare.keys_for("account", world.facts) if not key.startswith("s984")]
    answers = list(compare.run(world.ledger, world.facts, keys, steps=True))
    material = Material(world.ledger, world.facts, answers, cover(title="World"), Variant.AS_BOOKED, "Drawn at random.")
    exhibit = assemble(material)
    if not scaled(world):
        flows_conserve(Reading(material))
    unsummed = [f.what for f in exhibit.figures.values() if f.amount and not f.parts and not f.what.startswith(DERIVED)]
    assert unsummed == []


@pytest.mark.parametrize("good_faith", [False, True])
@pytest.mark.parametrize("payees", [("B",), ("B", "C"), ("EXT:Shop",)])
def test_a_claim_that_enters_beside_claimed_money_of_an_account_is_drawn(
    payees: tuple[str, ...], good_faith: bool
) -> None:
    share = 150 // len(payees)
    events = [
        transfer("t1", datetime(2021, 1, 1, tzinfo=UTC), 1, "EXT:Ann", "A", 100),
        Event(
            "t2",
            datetime(2021, 1, 2, tzinfo=UTC),
            2,
            (Input("EXT:Ben", 50), Input("A", 100)),
            tuple(Output(payee, share, share) for payee in payees),
        ),
    ]
    names = ("A", "B", "C", "EXT:Ann", "EXT:Ben", "EXT:Shop")
    ledger = Ledger.of([Account(name, "EUR", kind_of(name)) for name in names], events)
    claims = (Claim("Ann", 100, "t1"), Claim("Ben", 50, "t2"))
    facts = Assumptions(claims, bfp=frozenset({"t2"} if good_faith else ()))
    found = list(compare.run(ledger, facts, ["fifo", "haircut"], steps=True))
    reading = Reading(Material(ledger, facts, found, cover(title="World"), Variant.AS_BOOKED, "As booked."))
    flows_conserve(reading)
    for answer in found:
        came = {b.start.key: b.figure.amount for b in flow(reading, answer).bands if b.start.kind == "source"}
        assert came == {"from:Ann": 100, "from:Ben": 50}


def test_what_comes_back_in_another_currency_than_was_paid_is_drawn_and_not_netted() -> None:
    days = [datetime(2021, 1, day, tzinfo=UTC) for day in (1, 2)]
    events = [transfer("out", days[0], 1, "A", "EXT:Shop", 1, 1), transfer("back", days[1], 2, "EXT:Cash", "A", 1)]
    accounts = [Account("A", "USD", kind_of("A"), opening=1), Account("EXT:Shop", "EUR", kind_of("EXT:"))]
    ledger = Ledger.of([*accounts, Account("EXT:Cash", "USD", kind_of("EXT:"))], events)
    facts = Assumptions((Claim("Ann", 1, account="A"),), linked_to={"back": "out"})
    found = list(compare.run(ledger, facts, ["fifo"], steps=True))
    reading = Reading(Material(ledger, facts, found, cover(title="World"), Variant.AS_BOOKED, "As booked."))
    flows_conserve(reading)
    drawn = [(b.start.name, b.end.name, b.figure.amount) for b in flow(reading, found[0]).bands]
    assert ("A", "Shop", 1) in drawn
    assert ("Shop", "A", 1) in drawn
