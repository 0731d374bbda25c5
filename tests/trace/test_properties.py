"""What holds for every ledger: the property tests (a) to (k) of the rules, section 3, and the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tables import NANO, START
from tests.effort import some

from strategies import World, account_worlds, output_worlds
from trover.ledger.event import Account, AccountKind, Event, Input, Output, transfer
from trover.ledger.ledger import Ledger
from trover.trace import reference
from trover.trace.audit import audit
from trover.trace.claim import OWN, Assumptions, Claim
from trover.trace.result import Trace
from trover.trace.rules import LotRule, rules_on

Engine = Callable[[Ledger, Assumptions, LotRule], Trace]
ENGINES: dict[str, Engine] = {"reference": reference.trace}
RULES = [rule for rule in rules_on("account") if isinstance(rule, LotRule)]
CONSERVING = [rule for rule in RULES if not rule.contaminates]
UTXO = [rule for rule in rules_on("utxo") if isinstance(rule, LotRule) and not rule.contaminates]
NEAR = 200
"""Nano units for each event: how far rounding may move a figure when the same money moves in other steps."""

every_engine = pytest.mark.parametrize("trace", ENGINES.values(), ids=ENGINES)


def scaled(world: World, k: int) -> World:
    accounts = [replace(a, opening=a.opening * k) for a in world.ledger.account_list]
    events = [
        replace(
            event,
            inputs=tuple(Input(leg.account, leg.amount * k) for leg in event.inputs),
            outputs=tuple(Output(leg.account, leg.amount * k, leg.cost * k) for leg in event.outputs),
        )
        for event in world.ledger
    ]
    claims = tuple(replace(claim, amount=claim.amount * k) for claim in world.facts.claims)
    return World(Ledger.of(accounts, events), replace(world.facts, claims=claims))


def renamed(world: World, name: Callable[[str], str]) -> World:
    """The same world with other names for accounts and events; prefixes stay, they say what a thing is."""
    ledger, facts = world.ledger, world.facts
    accounts = [replace(a, id=name(a.id)) for a in ledger.account_list]
    events = [
        replace(
            event,
            id=name(event.id),
            inputs=tuple(replace(leg, account=name(leg.account)) for leg in event.inputs),
            outputs=tuple(replace(leg, account=name(leg.account)) for leg in event.outputs),
        )
        for event in ledger
    ]
    links = {field: {name(a): name(b) for a, b in getattr(facts, field).items()} for field in ("reverses", "linked_to")}
    claims = tuple(
        replace(
            c, transfer=c.transfer and name(c.transfer), account=c.account and name(c.account), claimant=c.claimant * 2
        )
        for c in facts.claims
    )
    named = {field: frozenset(map(name, getattr(facts, field))) for field in ("bfp", "dissipated")}
    return World(Ledger.of(accounts, events), replace(facts, claims=claims, **links, **named))


def with_events(world: World, events: Iterable[Event], claims: tuple[Claim, ...] | None = None) -> World:
    """The world with these events, in this order whatever their numbers were."""
    numbered = [replace(event, seq=number) for number, event in enumerate(events)]
    facts = world.facts if claims is None else replace(world.facts, claims=claims)
    return World(Ledger.of(world.ledger.account_list, numbered), facts)


def near(one: Trace, other: Trace, bound: int, times: int = 1) -> None:
    """`other` is `times` `one`, within `bound` nano units for every owner in every account."""
    for account in {**one.content, **other.content}:
        mine, theirs = one.content.get(account, {}), other.content.get(account, {})
        for owner in mine | theirs:
            assert abs(mine.get(owner, 0) * times - theirs.get(owner, 0)) <= bound, (account, owner)


def of_claimants(trace: Trace) -> dict[tuple[str, str], int]:
    return {(a, o): q for a, held in trace.content.items() for o, q in held.items() if o != OWN}


# (a), (d) and the audit


@every_engine
@settings(max_examples=some(40))
@given(world=account_worlds(daily=True))
def test_owners_sum_to_the_balance_and_nobody_has_less_than_nothing(trace: Engine, world: World) -> None:
    for rule in RULES:
        found = trace(world.ledger, world.facts, rule)
        for account, balance in found.balances.items():
            assert sum(found.content[account].values()) == max(balance, 0) * NANO
        for held in found.content.values():
            assert all(quantity > 0 for quantity in held.values())
        table = found.table()
        assert {account: sum(row.values()) for account, row in table.items()} == dict(found.totals)


@settings(max_examples=some(40))
@given(world=account_worlds(daily=True))
def test_every_trace_passes_the_audit(world: World) -> None:
    for rule in RULES:
        trace = reference.trace(world.ledger, world.facts, rule, steps=True)
        assert audit(world.ledger, world.facts, trace).problems == ()


# (b)


@every_engine
@settings(max_examples=some(25))
@given(world=account_worlds(plain=True))
def test_claims_are_all_there_in_accounts_and_sinks(trace: Engine, world: World) -> None:
    entered: dict[str, int] = {}
    for claim in world.facts.claims:
        entered[claim.claimant] = entered.get(claim.claimant, 0) + claim.amount * NANO
    for rule in CONSERVING:
        found: dict[str, int] = {}
        for (_, owner), quantity in of_claimants(trace(world.ledger, world.facts, rule)).items():
            found[owner] = found.get(owner, 0) + quantity
        assert found == entered


# (c), (i): one account, payments to outside


@st.composite
def single_accounts(draw: st.DrawFn, claimants: int = 3) -> World:
    """One account: credits, partly claimed, and payments out, that may overdraw it."""
    opening = draw(st.integers(-300, 300))
    accounts = [
        Account("T", "EUR", AccountKind.BANK, opening=opening),
        Account("EXT:X", "EUR", AccountKind.EXTERNAL),
    ]
    events, claims = [], []
    for number in range(draw(st.integers(1, 25))):
        amount = draw(st.integers(1, 500))
        legs = ("EXT:X", "T") if draw(st.booleans()) else ("T", "EXT:X")
        events.append(transfer(f"t{number}", START + timedelta(days=number), number, *legs, amount))
        left = amount if legs[1] == "T" else 0
        for claimant in draw(st.lists(st.sampled_from("ABC"[:claimants]), max_size=2)):
            part = draw(st.integers(0, left))
            if part:
                claims.append(Claim(claimant, part, transfer=f"t{number}"))
            left -= part
    return World(Ledger.of(accounts, events), Assumptions(tuple(claims)))


@every_engine
@settings(max_examples=some(60))
@given(world=single_accounts(claimants=1))
def test_libr_is_the_lowest_balance_since_each_entry(trace: Engine, world: World) -> None:
    entered = {claim.transfer: 0 for claim in world.facts.claims}
    for claim in world.facts.claims:
        entered[claim.transfer] += claim.amount
    balance, traced = world.ledger.account_list[0].opening, 0
    for event in world.ledger:
        leg = event.inputs[0]
        balance += -leg.amount if leg.account == "T" else leg.amount
        traced = min(traced + entered.get(event.id, 0), max(balance, 0))
    libr = next(rule for rule in RULES if rule.id == "libr")
    assert trace(world.ledger, world.facts, libr).content["T"].get("A", 0) == traced * NANO


@every_engine
@settings(max_examples=some(60))
@given(world=single_accounts())
def test_libr_leaves_most_and_taint_first_least(trace: Engine, world: World) -> None:
    left = {rule.id: trace(world.ledger, world.facts, rule).claimed("T") for rule in CONSERVING}
    slack = NEAR * len(world.ledger)
    assert left["libr"] + slack >= left["haircut"] >= left["taint_first"] - slack
    assert left["libr"] == left["hallett_fifo"] == left["oatway"]


# (e), (f)


@every_engine
@settings(max_examples=some(25))
@given(world=account_worlds(most_events=15, plain=True), k=st.sampled_from([2, 7, 1000]))
def test_amounts_times_k_give_results_times_k(trace: Engine, world: World, k: int) -> None:
    for rule in RULES:
        one, many = (trace(w.ledger, w.facts, rule) for w in (world, scaled(world, k)))
        near(one, many, NEAR * (len(world.ledger) + 1) * (k + 1), k)


def _other_name(id: str) -> str:
    prefix, colon, rest = id.rpartition(":")
    return f"{prefix}{colon}{rest[::-1]}~{len(rest)}"


@every_engine
@settings(max_examples=some(25))
@given(world=account_worlds(most_events=15))
def test_names_do_not_matter(trace: Engine, world: World) -> None:
    other = renamed(world, _other_name)
    for rule in RULES:
        mine, theirs = (trace(w.ledger, w.facts, rule) for w in (world, other))
        kinds = ("OD:", "BFP:")
        names = {a: a[: len(p)] + _other_name(a[len(p) :]) for a in mine.content for p in kinds if a.startswith(p)}
        wanted = {
            names.get(account) or _other_name(account): {
                o if rule.contaminates or o == OWN else o * 2: q for o, q in held.items()
            }
            for account, held in mine.content.items()
        }
        assert dict(theirs.content) == wanted


# (g), (h)


@every_engine
@settings(max_examples=some(40))
@given(world=account_worlds(most_events=15, plain=True), data=st.data())
def test_a_payment_in_two_parts_is_the_payment(trace: Engine, world: World, data: st.DataObject) -> None:
    events = list(world.ledger)
    balances = _balances(world)
    able = [
        at
        for at, event in enumerate(events)
        if event.inputs[0].amount > 1
        and not event.inputs[0].account.startswith("EXT:")
        and event.id not in world.facts.bfp
        and balances[at].get(event.outputs[0].account, 0) >= 0
    ]
    assume(able)
    at = data.draw(st.sampled_from(able))
    parts = _halves(events[at], data.draw(st.integers(1, events[at].inputs[0].amount - 1)))
    other = with_events(world, [*events[:at], *parts, *events[at + 1 :]])
    for rule in RULES:
        near(*(trace(w.ledger, w.facts, rule) for w in (world, other)), NEAR * (len(events) + 2))


@every_engine
@settings(max_examples=some(40))
@given(world=account_worlds(most_events=15, plain=True), data=st.data())
def test_a_credit_in_two_parts_of_the_same_composition_is_the_credit(
    trace: Engine, world: World, data: st.DataObject
) -> None:
    double = scaled(world, 2)
    events, balances = list(double.ledger), _balances(double)
    able = [
        at
        for at, event in enumerate(events)
        if event.inputs[0].account.startswith("EXT:") and balances[at].get(event.outputs[0].account, 0) >= 0
    ]
    assume(able)
    at = data.draw(st.sampled_from(able))
    parts = _halves(events[at], events[at].inputs[0].amount // 2)
    claims: list[Claim] = []
    for claim in double.facts.claims:
        mine = [replace(claim, transfer=part.id, amount=claim.amount // 2) for part in parts]
        claims += mine if claim.transfer == events[at].id else [claim]
    other = with_events(double, [*events[:at], *parts, *events[at + 1 :]], tuple(claims))
    for rule in RULES:
        near(*(trace(w.ledger, w.facts, rule) for w in (double, other)), NEAR * (len(events) + 2))


def _balances(world: World) -> list[dict[str, int]]:
    """Balances before each event."""
    balance = {a.id: a.opening for a in world.ledger.account_list if not a.is_external}
    found = []
    for event in world.ledger:
        found.append(dict(balance))
        for leg in event.inputs:
            if leg.account in balance:
                balance[leg.account] -= leg.amount
        for out in event.outputs:
            if out.account in balance:
                balance[out.account] += out.amount
    return found


def _halves(event: Event, first: int) -> list[Event]:
    source, target, amount = event.inputs[0].account, event.outputs[0].account, event.inputs[0].amount
    return [
        transfer(f"{event.id}{mark}", event.time, event.seq, source, target, part)
        for mark, part in (("+", first), ("-", amount - first))
    ]


# (j)


@every_engine
@settings(max_examples=some(25))
@given(world=account_worlds(), amount=st.integers(1, 1000), account=st.sampled_from(["EUR1", "EUR2", "ASSET:boat"]))
def test_an_own_credit_at_the_end_changes_no_claimant(trace: Engine, world: World, amount: int, account: str) -> None:
    last = transfer("last", START + timedelta(days=4000), 0, "EXT:source", account, amount)
    other = World(Ledger.of(world.ledger.account_list, [*world.ledger, last]), world.facts)
    for rule in CONSERVING:
        assert of_claimants(trace(world.ledger, world.facts, rule)) == of_claimants(
            trace(other.ledger, other.facts, rule)
        )


# (k)


@every_engine
@settings(max_examples=some(40))
@given(world=output_worlds())
def test_unspent_outputs_and_fees_hold_what_went_in(trace: Engine, world: World) -> None:
    entered: dict[str, int] = {}
    for claim in world.facts.claims:
        entered[claim.claimant] = entered.get(claim.claimant, 0) + claim.amount * NANO
    for rule in UTXO:
        found = trace(world.ledger, world.facts, rule)
        held: dict[str, int] = {}
        for (_, owner), quantity in of_claimants(found).items():
            held[owner] = held.get(owner, 0) + quantity
        assert held == entered
        assert sum(found.totals.values()) == _entered(world)


def _entered(world: World) -> int:
    mined = sum(leg.amount for event in world.ledger for leg in event.inputs if leg.account.startswith("EXT:"))
    return mined + sum(account.opening for account in world.ledger.account_list)
