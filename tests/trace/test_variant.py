"""Variants read the ledger another way; a finding that cannot be followed is refused with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tables import event, ledger_of, run, shown, table

from trover.errors import BackwardLimit, ClaimExceedsTransfer, ConsolidationWrong, MissingChoice, Problem, UnknownRule
from trover.ledger.ledger import Ledger
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant, applicable, apply, variant


def order(text: str, chosen: Variant, **findings: object) -> list[str]:
    ledger, facts = table(text, **findings)  # type: ignore[arg-type]
    return [event.id for event in apply(ledger, facts, chosen)[0]]


DAY = """
    T -> EXT:X 10
    T -> ASSET:CAR 10 | same day
    T -> U 10 | same day
    ASSET:CAR -> T 5 | same day
    EXT:A -> T 10 | same day
    EXT:B -> T 10
"""


def test_ties_are_broken_by_kind_of_movement_within_one_time_only() -> None:
    assert order(DAY, Variant.AS_BOOKED) == ["t1", "t2", "t3", "t4", "t5", "t6"]
    assert order(DAY, Variant.CREDITS_FIRST) == ["t5", "t3", "t4", "t1", "t2", "t6"]
    assert order(DAY, Variant.DEBITS_FIRST) == ["t1", "t2", "t3", "t4", "t5", "t6"]


def test_a_payment_with_a_fee_to_an_own_account_is_a_movement_inside() -> None:
    events = [
        replace(event("t1", 1, {"T": 11}, {"U": 10, "FEE:t1": 1}), seq=1),
        replace(event("t2", 1, {"EXT:A": 9, "EXT:B": 2}, {"T": 11}), seq=2),
        replace(event("t3", 1, {"T": 11}, {"EXT:X": 10, "FEE:t3": 1}), seq=0),
    ]
    read, _ = apply(ledger_of(events), Assumptions(), Variant.CREDITS_FIRST)
    assert [e.id for e in read] == ["t2", "t1", "t3"]


def test_a_return_waits_for_its_payment() -> None:
    text = """
        EXT:A -> T 50
        T -> EXT:X 50 | same day
        EXT:X -> T 50 | same day, reverses t2
        EXT:A -> T 9 | same day
    """
    assert order(text, Variant.CREDITS_FIRST) == ["t1", "t4", "t2", "t3"]
    assert order(text, Variant.DEBITS_FIRST) == ["t2", "t1", "t3", "t4"]


def test_findings_that_are_not_there_have_no_variant() -> None:
    ledger, facts = table(DAY)
    assert applicable(facts) == [Variant.AS_BOOKED, Variant.CREDITS_FIRST, Variant.DEBITS_FIRST]
    for chosen in (Variant.BACKWARD, Variant.CONSOLIDATED, Variant.NO_LINK):
        with pytest.raises(MissingChoice):
            apply(ledger, facts, chosen)
    assert variant("seq") is Variant.AS_BOOKED
    with pytest.raises(UnknownRule, match="not a variant"):
        variant("forward")


# Backward tracing (2.8)

DURANT = """
    EXT:A -> T 70 | A 70
    T -> U 100
    EXT:B -> U 5
    EXT:A -> T 30 | A 30, backward t2
"""


def test_a_credit_linked_backward_comes_just_before_the_debit_it_funded() -> None:
    assert order(DURANT, Variant.BACKWARD) == ["t1", "t4", "t2", "t3"]
    ledger, facts = table(DURANT)
    assert shown(run(ledger, facts, "libr", "backward"), "U") == "A 100, OWN 5"
    assert shown(run(ledger, facts, "libr"), "U") == "A 70, OWN 35"


def test_a_chain_of_links_moves_as_one() -> None:
    text = """
        T -> EXT:X 100
        P -> T 100 | backward t1
        EXT:A -> P 100 | A 100, backward t2
    """
    assert order(text, Variant.BACKWARD) == ["t3", "t2", "t1"]
    assert shown(run(*table(text), "fifo", "backward"), "EXT:X") == "A 100"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "EXT:A -> T 70\n T -> U 100\n EXT:A -> T 31 | backward t2",
            "brings 31 for t2, which created a shortfall of 30",
        ),
        (
            "T -> U 50\n EXT:A -> T 30 | backward t1\n EXT:A -> T 30 | backward t1",
            "brings 60 for t1, which created a shortfall of 50",
        ),
        ("EXT:A -> T 99\n T -> U 50\n EXT:A -> T 1 | backward t2", "brings 1 for t2, which created a shortfall of 0"),
        ("T -> U 50\n EXT:A -> U 30 | backward t1", "does not reach an account of the holder who paid t1"),
        ("T -> U 50\n EXT:A -> EXT:B 30 | backward t1", "does not reach an account of the holder who paid t1"),
        ("EXT:A -> T 30 | backward t2\n T -> U 50", "linked backward to t2, which does not come before it"),
        (
            "T -> EXT:X 50\n EXT:X -> T 30 | reverses t1, backward t1",
            "returns earlier money, and is linked backward as if it were new",
        ),
        ("T -> U 50\n EXT:A -> T 30 | backward t9", "'t9' is not a transfer of this ledger"),
    ],
)
def test_a_link_beyond_the_limits_bars_backward_tracing_and_nothing_else(text: str, why: str) -> None:
    ledger, facts = table(text)
    with pytest.raises(Problem, match=why):
        apply(ledger, facts, Variant.BACKWARD)
    answers = {answer.key: answer for answer in compare.run(ledger, facts, ["libr", "libr@backward", "fifo"])}
    assert why in answers["libr@backward"].skipped
    assert not answers["libr"].skipped
    assert not answers["fifo"].skipped


def test_a_credit_to_another_account_of_the_holder_is_under_common_control() -> None:
    ledger, facts = table("T -> U 50\n EXT:A -> S 50 | backward t1")
    held = [replace(a, holder="H") if a.id in ("T", "S") else a for a in ledger.account_list]
    assert [e.id for e in apply(Ledger.of(held, ledger), facts, Variant.BACKWARD)[0]] == ["t2", "t1"]
    foreign = [replace(a, currency="GBP") if a.id == "S" else a for a in held]
    with pytest.raises(BackwardLimit, match="in its currency"):
        apply(Ledger.of(foreign, ledger), facts, Variant.BACKWARD)


# Consolidation (1.8)

POOL = {"POOL": ("T", "S")}


def test_movements_inside_a_pool_are_dropped_and_its_openings_added() -> None:
    text = """
        EXT:A -> T 100 | A 100
        T -> S 60
        S -> EXT:X 50
    """
    ledger, facts = table(text, opening={"T": 10, "S": 40}, consolidate=POOL)
    read, _ = apply(ledger, facts, Variant.CONSOLIDATED)
    assert [e.id for e in read] == ["t1", "t3"]
    assert {a.id: a.opening for a in read.account_list} == {"POOL": 50, "EXT:A": 0, "EXT:X": 0}
    assert shown(run(ledger, facts, "libr", "consolidated"), "POOL") == "A 100"


def test_an_overdrawn_member_lowers_the_pool() -> None:
    ledger, facts = table("EXT:A -> T 100 | A 100", opening={"T": -70, "S": 40}, consolidate=POOL)
    found = run(ledger, facts, "libr", "consolidated")
    assert (shown(found, "POOL"), shown(found, "OD:POOL")) == ("A 70", "A 30")


def test_claims_that_an_overdrawn_member_took_up_are_refused() -> None:
    claims = (Claim("A", 35, account="S"),)
    ledger, facts = table("EXT:B -> T 1", opening={"T": -10, "S": 40}, consolidate=POOL, claims=claims)
    assert shown(run(ledger, facts, "libr"), "S") == "A 35, OWN 5"
    with pytest.raises(ClaimExceedsTransfer, match="35 is claimed in the opening balances of POOL"):
        apply(ledger, facts, Variant.CONSOLIDATED)


def test_a_fee_on_a_movement_inside_is_all_that_leaves() -> None:
    events = [
        event("t1", 1, {"EXT:A": 100}, {"T": 100}),
        event("t2", 2, {"T": 60}, {"S": 58, "FEE:t2": 2}),
        event("t3", 3, {"T": 40, "S": 10}, {"S": 30, "EXT:X": 20}),
    ]
    facts = Assumptions((Claim("A", 100, "t1"),), consolidate=POOL)
    ledger = ledger_of(events, {"S": 20})
    read, _ = apply(ledger, facts, Variant.CONSOLIDATED)
    legs = [([(leg.account, leg.amount) for leg in e.inputs], [(o.account, o.cost) for o in e.outputs]) for e in read]
    assert legs[1:] == [
        ([("POOL", 2)], [("FEE:t2", 2)]),
        ([("POOL", 10), ("POOL", 10)], [("EXT:X", 20)]),
    ]
    found = run(ledger, facts, "libr", "consolidated")
    assert [shown(found, id) for id in ("FEE:t2", "EXT:X", "POOL")] == ["OWN 2", "A 2, OWN 18", "A 98"]


def test_the_fund_of_a_distribution_is_the_pool_where_its_accounts_are_merged() -> None:
    text = """
        EXT:A -> T 100 | A 100
        T -> EXT:X 30
        T -> U 20
    """
    ledger, facts = table(text, opening={"S": 0}, consolidate=POOL, fund=("T", "S"))
    answers = {a.key: a.table for a in compare.run(ledger, facts, ["pari_passu", "pari_passu@consolidated"])}
    assert answers["pari_passu"] == answers["pari_passu@consolidated"] == {"FUND": {"A": 50}}


@pytest.mark.parametrize(
    ("pools", "why"),
    [
        ({"P": ("T", "EXT:A")}, "no account with a running balance"),
        ({"P": ("T",), "Q": ("T", "S")}, "in two pools"),
        ({"U": ("T", "S")}, "of an account outside it"),
    ],
)
def test_pools_that_cannot_be_made(pools: dict[str, tuple[str, ...]], why: str) -> None:
    ledger, facts = table("EXT:A -> T 100\n T -> S 50\n S -> U 10", consolidate=pools)
    with pytest.raises(ConsolidationWrong, match=why):
        apply(ledger, facts, Variant.CONSOLIDATED)
