"""The compiled engine returns the integers of the reference engine, for every rule and every feature."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.effort import some

from strategies import World, account_worlds, output_worlds
from trover.ledger.event import Account, AccountKind, Event, Input, Output, transfer
from trover.ledger.ledger import Ledger
from trover.trace import engines, reference
from trover.trace.claim import Assumptions, Claim, InterestMode
from trover.trace.rules import LotRule, all_rules

RULES = [rule for rule in all_rules().values() if isinstance(rule, LotRule)]
LARGEST = st.sampled_from([10, 1000, 10**14, 10**26])
START = datetime(2024, 1, 1, tzinfo=UTC)


def assert_same(ledger: Ledger, facts: Assumptions, rule: LotRule) -> None:
    slow = reference.trace(ledger, facts, rule)
    fast = engines.trace(ledger, facts, rule, engine="compiled")
    assert fast.engine.startswith("compiled")
    assert (fast.key, fast.rule, fast.owners) == (slow.key, slow.rule, slow.owners)
    assert list(fast.content.items()) == list(slow.content.items())
    assert dict(fast.totals) == dict(slow.totals)
    assert dict(fast.balances) == dict(slow.balances)


@settings(max_examples=some(200))
@given(LARGEST.flatmap(lambda largest: account_worlds(largest=largest)), st.sampled_from(RULES))
def test_accounts(world: World, rule: LotRule) -> None:
    assert_same(world.ledger, world.facts, rule)


@settings(max_examples=some(100))
@given(account_worlds(plain=True, most_events=60), st.sampled_from(RULES))
def test_plain_transfers(world: World, rule: LotRule) -> None:
    assert_same(world.ledger, world.facts, rule)


@settings(max_examples=some(100))
@given(output_worlds(), st.sampled_from(RULES))
def test_unspent_outputs(world: World, rule: LotRule) -> None:
    assert_same(world.ledger, world.facts, rule)


def town(events: int, *, special: bool, seed: int) -> tuple[Ledger, Assumptions]:
    """A seeded world of 400 accounts with hubs; `special`: with conversions, fees, returns and good faith."""
    chance = random.Random(seed)
    ids = [f"acct{number}" for number in range(400)]
    accounts = [Account(id, "EUR", AccountKind.BANK, opening=chance.randrange(-2000, 20_000)) for id in ids]
    accounts += [Account(id, "EUR", AccountKind.EXTERNAL) for id in ("EXT:in", "EXT:out", "FEE:bank")]
    made: list[Event] = []
    claims: list[Claim] = []
    reverses: dict[str, str] = {}
    bfp: set[str] = set()
    paid: list[Event] = []
    for number in range(events):
        id, time = f"t{number}", START + timedelta(seconds=number // 3)
        payer, payee = (ids[min(int(400 * chance.random() ** 3), 399)] for _ in "ab")
        amount = int(chance.lognormvariate(6, 1.5)) + 2
        choice = chance.random()
        if choice < 0.1:
            made.append(transfer(id, time, number, "EXT:in", payee, amount))
            if chance.random() < 0.1:
                claims.append(Claim(f"V{chance.randrange(30)}", chance.randint(1, amount), transfer=id))
        elif choice < 0.2:
            made.append(transfer(id, time, number, payer, "EXT:out", amount))
            paid.append(made[-1])
            if special and chance.random() < 0.02:
                bfp.add(id)
        elif special and choice < 0.22 and paid:
            back = chance.choice(paid)
            amount = chance.randint(1, back.outputs[0].amount)
            made.append(transfer(id, time, number, "EXT:in", back.inputs[0].account, amount))
            reverses[id] = back.id
        elif special and choice < 0.3:
            legs = (Output(payee, amount + chance.randrange(5), amount - 1), Output("FEE:bank", 1, 1))
            made.append(Event(id, time, number, (Input(payer, amount),), legs))
        elif payer != payee:
            made.append(transfer(id, time, number, payer, payee, amount))
    facts = Assumptions(claims=tuple(claims), reverses=reverses, bfp=frozenset(bfp))
    return Ledger.of(accounts, made), facts


@pytest.mark.parametrize("special", [False, True], ids=["plain", "special"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_larger_world(rule: LotRule, special: bool) -> None:
    assert_same(*town(2_000, special=special, seed=7), rule)


@pytest.mark.slow
@pytest.mark.parametrize("special", [False, True], ids=["plain", "special"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_large_world(rule: LotRule, special: bool) -> None:
    assert_same(*town(20_000, special=special, seed=11), rule)


def small() -> tuple[Ledger, Assumptions]:
    accounts = [Account("a", "EUR", AccountKind.BANK), Account("EXT:x", "EUR", AccountKind.EXTERNAL)]
    ledger = Ledger.of(
        accounts, [transfer("in", START, 1, "EXT:x", "a", 10), transfer("out", START, 2, "a", "EXT:x", 3)]
    )
    return ledger, Assumptions(claims=(Claim("V", 4, transfer="in"),))


def test_small_ledgers_run_on_the_reference() -> None:
    assert engines.trace(*small(), RULES[0]).engine.startswith("reference")


def test_large_ledgers_run_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LARGE", 2)
    assert engines.trace(*small(), RULES[0]).engine.startswith("compiled")


def test_a_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROVER_ENGINE", "compiled")
    assert engines.trace(*small(), RULES[0]).engine.startswith("compiled")


def test_unknown_engine() -> None:
    with pytest.raises(ValueError, match="abacus"):
        engines.trace(*small(), RULES[0], engine="abacus")


def test_what_is_not_carried_runs_on_the_reference() -> None:
    ledger, facts = small()
    daily = Assumptions(claims=facts.claims, interest=InterestMode.ACCRUE_DAILY)
    assert engines.trace(ledger, daily, RULES[0], engine="compiled").engine.startswith("reference")
    assert engines.trace(ledger, facts, RULES[0], steps=True, engine="compiled").movements
    wide = [transfer("in", START, 1, "EXT:x", "a", 10**37)]
    beyond = Ledger.of(ledger.account_list, wide)
    trace = engines.trace(beyond, facts, RULES[0], engine="compiled")
    assert trace.engine.startswith("reference")
    assert trace.totals["a"] == 10**37
