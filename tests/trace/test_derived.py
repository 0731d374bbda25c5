"""Rules that build on another rule's result, and distributions, against their definitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import event, ledger_of, table
from test_properties import single_accounts
from tests.effort import some

from strategies import World
from trover.ledger.ledger import Ledger
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim
from trover.trace.rules import Table
from trover.trace.rules.s984 import one_year_after


def answer(ledger: Ledger, facts: Assumptions, key: str) -> Table:
    (found,) = compare.run(ledger, facts, [key])
    assert not found.skipped, found.skipped
    return found.table


# Any one withdrawal (2.9)


@settings(max_examples=some(50))
@given(world=single_accounts(claimants=1))
def test_any_one_withdrawal_is_the_largest_of_payment_and_lowest_balance_before_it(world: World) -> None:
    entered: dict[str, int] = {}
    for claim in world.facts.claims:
        entered[claim.transfer] = entered.get(claim.transfer, 0) + claim.amount
    balance, traced, best = world.ledger.account_by_id["T"].opening, 0, 0
    for e in world.ledger:
        amount = e.inputs[0].amount
        if e.inputs[0].account == "T":
            best = max(best, min(amount, traced))
            amount = -amount
        balance += amount
        traced = min(traced + entered.get(e.id, 0), max(balance, 0))
    (found,) = compare.run(world.ledger, world.facts, ["any_one_withdrawal"])
    if not world.facts.claims:
        assert found.skipped == "no claim is entered"
    else:
        assert found.table["T"] == {"A": traced}
        assert found.table.get("EXT:X", {"A": 0})["A"] == best


def test_any_one_withdrawal_is_in_the_currency_that_arrived() -> None:
    text = """
        EXT:A -> T 100 | A 60
        T -> P 100 => 80
    """
    assert answer(*table(text), "any_one_withdrawal")["P"] == {"A": 48}


def test_any_one_withdrawal_reaches_no_purchaser_in_good_faith() -> None:
    text = """
        EXT:A -> T 100 | A 60
        T -> EXT:SHOP 50 | bfp
    """
    found = answer(*table(text), "any_one_withdrawal")
    assert "EXT:SHOP" not in found
    assert found["BFP:t2"] == {"A": 50}


def test_any_one_withdrawal_is_no_more_than_what_did_not_come_back() -> None:
    text = """
        EXT:A -> T 100 | A 60
        T -> EXT:X 50
        EXT:X -> T 40 | reverses t2
        T -> EXT:CASH 30
        EXT:CASH -> U 30 | linked t4
    """
    found = answer(*table(text), "any_one_withdrawal")
    assert found["EXT:X"] == {"A": 10}
    assert found.get("EXT:CASH", {"A": 0}) == {"A": 0}


def test_any_one_withdrawal_by_an_event_of_several_legs_counts_each_leg() -> None:
    events = [
        event("t1", 1, {"EXT:A": 60}, {"T": 60}),
        event("t2", 2, {"T": 60, "U": 40}, {"EXT:X": 70, "EXT:Y": 30}),
    ]
    facts = Assumptions((Claim("A", 60, "t1"),))
    found = answer(ledger_of(events, {"U": 40}), facts, "any_one_withdrawal")
    assert (found["EXT:X"], found["EXT:Y"]) == ({"A": 60}, {"A": 30})


# 18 USC 984 (2.9)


@pytest.mark.parametrize(
    ("offence", "last"),
    [
        (date(2019, 6, 30), date(2020, 6, 30)),
        (date(2020, 2, 28), date(2021, 2, 28)),
        (date(2020, 2, 29), date(2021, 3, 1)),
        (date(2019, 2, 28), date(2020, 2, 28)),
        (date(2019, 3, 1), date(2020, 3, 1)),
    ],
)
def test_the_year_ends_on_the_same_day_and_29_february_on_1_march(offence: date, last: date) -> None:
    assert one_year_after(offence) == last


def s984(action: date, *, offence: date | None = None) -> int:
    ledger, facts = table("EXT:A -> T 100 | A 80\n EXT:OWN -> T 50\n T -> EXT:X 90")
    claims = tuple(replace(claim, offence=offence) for claim in facts.claims)
    found = answer(ledger, replace(facts, claims=claims, action_date=action), "s984")
    return found.get("T", {"FORFEITABLE": 0})["FORFEITABLE"]


def test_s984_is_the_balance_up_to_the_deposits_of_the_year() -> None:
    assert s984(date(2020, 1, 2)) == 80
    assert s984(date(2020, 1, 3)) == 80
    assert s984(date(2020, 1, 4)) == 60
    assert s984(date(2021, 1, 2)) == 60
    assert s984(date(2021, 1, 3)) == 0
    assert s984(date(2020, 1, 1)) == 0


def test_s984_counts_from_the_offence_where_it_came_before_the_deposit() -> None:
    assert s984(date(2020, 2, 29), offence=date(2019, 3, 1)) == 60
    assert s984(date(2020, 3, 1), offence=date(2019, 3, 1)) == 60
    assert s984(date(2020, 3, 2), offence=date(2019, 3, 1)) == 0
    assert s984(date(2021, 3, 1), offence=date(2020, 2, 29)) == 60


def test_s984_of_a_claim_in_the_opening_needs_its_offence() -> None:
    claims = (Claim("A", 70, account="T"),)
    ledger, facts = table("EXT:OWN -> T 1", opening={"T": 100}, claims=claims, action_date=date(2020, 6, 1))
    assert answer(ledger, facts, "s984") == {}
    dated = replace(facts, claims=(replace(claims[0], offence=date(2019, 6, 1)),))
    assert answer(ledger, dated, "s984") == {"T": {"FORFEITABLE": 70}}


def test_s984_follows_a_deposit_into_each_account_it_reached_in_its_currency() -> None:
    events = [event("t1", 1, {"EXT:A": 100}, {"T": 60, "U": 40})]
    facts = Assumptions((Claim("A", 50, "t1"),), action_date=date(2020, 2, 1))
    assert answer(ledger_of(events), facts, "s984") == {"T": {"FORFEITABLE": 30}, "U": {"FORFEITABLE": 20}}
    ledger, facts = table("EXT:A -> T 100 => 80 | A 50", action_date=date(2020, 2, 1))
    assert answer(ledger, facts, "s984") == {"T": {"FORFEITABLE": 40}}


def test_s984_is_not_run_without_the_date_of_the_action() -> None:
    (found,) = compare.run(*table("EXT:A -> T 1 | A 1"), ["s984"])
    assert found.skipped == "the date on which the action was commenced is not recorded"


# Pari passu (2.6)


@settings(max_examples=some(50))
@given(world=single_accounts().filter(lambda world: bool(world.facts.claims)), repaid=st.integers(0, 400))
def test_pari_passu_shares_the_collective_libr_interest(world: World, repaid: int) -> None:
    first, *rest = world.facts.claims
    facts = replace(world.facts, claims=(replace(first, repaid=repaid), *rest))
    keys = ["libr", "pari_passu", "pari_passu_traceable"]
    libr, plain, traceable = compare.run(world.ledger, facts, keys)
    weights = dict.fromkeys((claim.claimant for claim in facts.claims), 0)
    for claim in facts.claims:
        weights[claim.claimant] += claim.amount - claim.repaid
    weights = {name: max(weight, 0) for name, weight in weights.items()}
    interest = {name: libr.table["T"].get(name, 0) for name in weights}
    for found, takes_part in ((plain, weights), (traceable, {n: w if interest[n] else 0 for n, w in weights.items()})):
        whole = sum(takes_part.values())
        pool = min(sum(interest.values()), whole)
        assert sum(found.table["FUND"].values()) == pool
        for name, weight in takes_part.items():
            exact = Fraction(pool * weight, whole) if whole else Fraction(0)
            assert abs(found.table["FUND"][name] - exact) < 1


# Receiverships (2.9)

sums = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 10**7), min_size=1)


@given(invested=sums, withdrawn=sums, pool=st.integers(0, 10**7))
def test_rising_tide_finds_the_level_that_bisection_finds(
    invested: dict[str, int], withdrawn: dict[str, int], pool: int
) -> None:
    withdrawn = {name: withdrawn.get(name, 0) for name in invested}
    found = compare.distribute({"pool": pool, "invested": invested, "withdrawn": withdrawn})["rising_tide"]["FUND"]
    losses = sum(max(0, amount - withdrawn[name]) for name, amount in invested.items())
    wanted = min(pool, losses)

    def paid(level: Fraction) -> dict[str, Fraction]:
        return {name: max(Fraction(0), level * amount - withdrawn[name]) for name, amount in invested.items()}

    low, high = Fraction(0), Fraction(1)
    for _ in range(60):
        level = (low + high) / 2
        low, high = (low, level) if sum(paid(level).values()) > wanted else (level, high)
    assert sum(found.values()) == wanted
    for name, exact in paid(low).items():
        assert abs(found[name] - exact) < 1 + Fraction(1, 1000)


@given(invested=sums, withdrawn=sums, pool=st.integers(0, 10**7))
def test_net_loss_shares_by_what_was_lost(invested: dict[str, int], withdrawn: dict[str, int], pool: int) -> None:
    withdrawn = {name: withdrawn.get(name, 0) for name in invested}
    found = compare.distribute({"pool": pool, "invested": invested, "withdrawn": withdrawn})["net_loss"]["FUND"]
    losses = {name: max(0, amount - withdrawn[name]) for name, amount in invested.items()}
    whole = sum(losses.values())
    assert sum(found.values()) == min(pool, whole)
    for name, loss in losses.items():
        exact = Fraction(min(pool, whole) * loss, whole) if whole else Fraction(0)
        assert abs(found[name] - exact) < 1


# Mixed purchases (2.11)

contributed = st.dictionaries(st.sampled_from(["A", "B", "OWN"]), st.integers(0, 10**6), min_size=1)


@given(contributions=contributed.filter(lambda c: sum(c.values()) > 0), value=st.integers(0, 10**7))
def test_share_lien_and_election(contributions: dict[str, int], value: int) -> None:
    price = sum(contributions.values())
    inputs = {
        "asset": "ASSET:X",
        "price": price,
        "contributions": contributions,
        "valuations": [{"id": "v", "value": value}],
    }
    found = {key: table["ASSET:X"] for key, table in compare.divide_asset(inputs).items()}
    claims = {name: amount for name, amount in contributions.items() if name != "OWN"}
    whole = sum(claims.values())
    lien_pool = min(value, whole)
    for name, amount in contributions.items():
        assert abs(found["share@v"][name] - Fraction(value * amount, price)) < 1
    for name, amount in claims.items():
        assert abs(found["lien@v"][name] - (Fraction(lien_pool * amount, whole) if whole else 0)) < 1
    assert found["lien@v"]["OWN"] == value - lien_pool
    better = "share@v" if value >= price or not contributions.get("OWN") else "lien@v"
    assert found["election@v"] == found[better]
    assert all(sum(row.values()) == value for row in found.values())
