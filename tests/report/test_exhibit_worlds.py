"""Exhibits of random worlds with every feature of the rules: each is made, and each traced figure sums its rows."""

from __future__ import annotations

from hypothesis import given, settings
from material_for_tests import cover

from strategies import World, account_worlds
from trover.report.exhibit import assemble
from trover.report.material import Material
from trover.trace import compare
from trover.trace.variant import Variant

DERIVED = ("Change by", "Rateable", "Any one", "Fungible", "Last balance", "Repaid")
"""Figures computed from their rows otherwise than by adding them."""


@given(account_worlds())
@settings(max_examples=40)
def test_every_traced_figure_of_a_random_world_is_the_sum_of_its_rows(world: World) -> None:
    keys = [key for key in compare.keys_for("account", world.facts) if not key.startswith("s984")]
    answers = list(compare.run(world.ledger, world.facts, keys, steps=True))
    material = Material(world.ledger, world.facts, answers, cover(title="World"), Variant.AS_BOOKED, "Drawn at random.")
    exhibit = assemble(material)
    unsummed = [f.what for f in exhibit.figures.values() if f.amount and not f.parts and not f.what.startswith(DERIVED)]
    assert unsummed == []
