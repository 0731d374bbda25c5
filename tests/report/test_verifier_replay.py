"""The verifier's own engine, on random ledgers, finds the same integers as the engine whose bundle it checks."""

from __future__ import annotations

from dataclasses import replace

from bundle_cases import KEY
from hypothesis import given, settings
from tests.effort import some

from strategies import START, World, account_worlds, output_worlds
from trover.report.bundle import keys
from trover.report.bundle.write import contents, signed
from trover.report.verifier.check import check_bundle, result_id
from trover.trace import compare
from trover.trace.result import ENGINE_VERSION


def failures(world: World, family: str) -> list[list[str]]:
    facts = replace(world.facts, action_date=START.date()) if family == "account" else world.facts
    answers = list(compare.run(world.ledger, facts, compare.keys_for(family, facts), family, steps=True))
    files = contents(world.ledger, facts, answers, {"cover": {}, "findings": [], "sources": []})
    results = {answer.key: result_id(answer.key, ENGINE_VERSION, files) for answer in answers}
    report = check_bundle(signed(files, KEY, results=results), keys.fingerprint(KEY))
    return [failure.lines() for failure in report.failures]


@settings(max_examples=some(25))
@given(account_worlds(daily=True))
def test_every_rule_and_variant_on_accounts(world: World) -> None:
    assert failures(world, "account") == []


@settings(max_examples=some(20))
@given(account_worlds(largest=10**36))
def test_amounts_of_many_digits(world: World) -> None:
    assert failures(world, "account") == []


@settings(max_examples=some(20))
@given(output_worlds())
def test_every_rule_on_outputs(world: World) -> None:
    assert failures(world, "utxo") == []
