"""The reference engine against the text of the rules, one situation a test."""

from __future__ import annotations

import pytest
from tables import event, exact, ledger_of, run, shown, table

from trover.trace.audit import audit
from trover.trace.claim import Assumptions, Claim, InterestMode
from trover.trace.rules import LotRule, rules_on

RULES = [rule.id for rule in rules_on("account") if isinstance(rule, LotRule)]


def trace(text: str, rule: str, variant: str = "", *, opening: dict[str, int] | None = None, **findings: object):  # type: ignore[no-untyped-def]
    return run(*table(text, opening=opening, **findings), rule, variant)


# Overdrafts (1.3)

REPAYS = """
    EXT:A -> P 100 | A 60
    P -> T 100
"""


@pytest.mark.parametrize(
    ("rule", "repaid", "left"),
    [
        ("libr", "A 30, OWN 40", "A 30"),
        ("hallett_fifo", "A 30, OWN 40", "A 30"),
        ("oatway", "A 30, OWN 40", "A 30"),
        ("haircut", "A 42, OWN 28", "A 18, OWN 12"),
        ("taint_first", "A 60, OWN 10", "OWN 30"),
        ("fifo", "A 42, OWN 28", "A 18, OWN 12"),
        ("lifo", "A 42, OWN 28", "A 18, OWN 12"),
    ],
)
def test_what_of_a_mixed_credit_repays_the_bank(rule: str, repaid: str, left: str) -> None:
    found = trace(REPAYS, rule, opening={"T": -70})
    assert (shown(found, "OD:T"), shown(found, "T")) == (repaid, left)


@pytest.mark.parametrize(("rule", "repaid", "left"), [("fifo", "A 40", "A 20, B 40"), ("lifo", "B 40", "A 60")])
def test_lots_repay_in_the_order_in_which_they_arrive(rule: str, repaid: str, left: str) -> None:
    text = """
        EXT:A -> P 60 | A 60
        EXT:B -> P 40 | B 40
        P -> T 100
    """
    found = trace(text, rule, opening={"T": -40})
    assert (shown(found, "OD:T"), shown(found, "T")) == (repaid, left)


@pytest.mark.parametrize("rule", RULES)
def test_what_the_bank_advances_is_own(rule: str) -> None:
    found = trace("EXT:A -> T 60 | A 60\n T -> EXT:X 100", rule)
    assert shown(found, "EXT:X") == ("TAINTED 60, CLEAN 40" if rule == "poison" else "A 60, OWN 40")
    assert shown(found, "T") == ""
    assert found.balances["T"] == -40


@pytest.mark.parametrize("rule", RULES)
def test_a_later_credit_never_funds_an_earlier_debit(rule: str) -> None:
    found = trace("T -> EXT:X 100\n EXT:A -> T 60 | A 60\n EXT:B -> T 70 | B 70", rule)
    assert shown(found, "EXT:X") == ("CLEAN 100" if rule == "poison" else "OWN 100")
    assert shown(found, "OD:T") == ("TAINTED 100" if rule == "poison" else "A 60, B 40")


def test_the_banks_part_of_an_input_enters_with_it_before_the_next_input() -> None:
    events = [event("t1", 1, {"EXT:A": 30}, {"U": 30}), event("t2", 2, {"T": 50, "U": 30}, {"V": 60, "W": 20})]
    ledger = ledger_of(events, {"T": 20})
    findings = Assumptions((Claim("A", 30, "t1"),))
    assert shown(run(ledger, findings, "fifo"), "V") == "A 10, OWN 50"
    assert shown(run(ledger, findings, "lifo"), "V") == "A 30, OWN 30"


@pytest.mark.parametrize("parts", [["T -> U 150"], ["T -> U 100", "T -> U 50"]], ids=["whole", "in two"])
@pytest.mark.parametrize(("rule", "x"), [("lifo", "A 10, OWN 50"), ("fifo", "A 60")])
def test_the_banks_part_arrives_last(parts: list[str], rule: str, x: str) -> None:
    text = "\n".join(["EXT:A -> T 60 | A 60", "EXT:B -> T 40 | B 40", *parts, "U -> EXT:X 60"])
    assert shown(trace(text, rule), "EXT:X") == x


# Returns (1.7)

RETURN = """
    EXT:A -> T 100 | A 100
    EXT:B -> T 100 | B 100
    T -> EXT:X 150
    EXT:C -> T 50 | C 50
    EXT:X -> T 90 | reverses t3
    T -> EXT:Y 80
"""


@pytest.mark.parametrize(
    ("rule", "x", "y"),
    [
        ("fifo", "A 40, B 20", "A 60, B 20"),
        ("lifo", "A 20, B 40", "B 30, C 50"),
        ("hallett_fifo", "A 40, B 20", "A 60, B 20"),
    ],
)
def test_a_partial_return_restores_rateably_and_in_the_first_order(rule: str, x: str, y: str) -> None:
    found = trace(RETURN, rule)
    assert (shown(found, "EXT:X"), shown(found, "EXT:Y")) == (x, y)


def test_returns_of_one_payment_in_parts_empty_its_sink() -> None:
    text = """
        EXT:A -> T 7 | A 7
        EXT:B -> T 3 | B 3
        T -> EXT:X 10
        EXT:X -> T 3 | reverses t3
        EXT:X -> T 3 | reverses t3
        EXT:X -> T 4 | reverses t3
    """
    for rule in ("fifo", "lifo", "libr", "haircut"):
        found = trace(text, rule)
        assert exact(found, "T") == {"A": 7, "B": 3}
        assert (exact(found, "EXT:X"), found.totals["EXT:X"]) == ({}, 0)


def test_what_comes_back_beyond_the_payment_is_own() -> None:
    found = trace("EXT:A -> T 50 | A 50\n T -> EXT:X 50\n EXT:X -> T 70 | reverses t2", "libr")
    assert (shown(found, "T"), found.totals["EXT:X"]) == ("A 50, OWN 20", 0)


def test_two_returns_bring_back_no_more_than_was_paid() -> None:
    text = """
        EXT:A -> T 10 | A 10
        T -> EXT:X 10
        EXT:X -> T 6 | reverses t2
        EXT:X -> T 6 | reverses t2
    """
    for rule in ("fifo", "lifo", "libr", "haircut"):
        assert (shown(trace(text, rule), "T"), shown(trace(text, rule), "EXT:X")) == ("A 10, OWN 2", "")


def test_a_return_to_another_account_joins_it_as_new() -> None:
    text = """
        EXT:A -> T 50 | A 50
        T -> EXT:X 50
        EXT:B -> U 50 | B 50
        EXT:X -> U 50 | reverses t2
        U -> EXT:Y 60
    """
    assert shown(trace(text, "fifo"), "EXT:Y") == "A 10, B 50"
    assert shown(trace(text, "lifo"), "EXT:Y") == "A 50, B 10"


def test_the_trough_between_payment_and_return_does_not_cut_the_claim() -> None:
    text = """
        EXT:A -> T 100 | A 100
        T -> EXT:X 100
        EXT:X -> T 100 | reverses t2
    """
    assert shown(trace(text, "libr"), "T") == "A 100"


def test_a_return_within_the_day_never_precedes_its_payment() -> None:
    text = """
        EXT:A -> T 100 | A 100
        T -> EXT:X 80 | same day
        EXT:X -> T 80 | same day, reverses t2
        T -> EXT:Y 50 | same day
    """
    for variant in ("", "credits_first", "debits_first"):
        found = trace(text, "libr", variant)
        sinks = {id: shown(found, id) for id in ("EXT:X", "EXT:Y", "OD:T") if shown(found, id)}
        assert sum(found.totals[id] for id in ("EXT:X", "EXT:Y")) == 50, (variant, sinks)


def test_a_return_comes_out_of_what_was_paid_to_its_payer() -> None:
    events = [
        event(
            "t1",
            1,
            {
                "EXT:A": 60,
            },
            {"T": 60},
        ),
        event("t2", 2, {"EXT:OWN": 40}, {"T": 40}),
        event("t3", 3, {"T": 100}, {"EXT:X": 60, "EXT:Y": 30, "FEE:t3": 10}),
        event("t4", 4, {"EXT:Y": 30}, {"T": 30}),
    ]
    findings = Assumptions((Claim("A", 60, "t1"),), reverses={"t4": "t3"})
    found = run(ledger_of(events), findings, "fifo")
    assert [shown(found, id) for id in ("EXT:X", "EXT:Y", "FEE:t3", "T")] == ["A 60", "", "OWN 10", "OWN 30"]


def test_a_purchaser_in_good_faith_who_returns_the_money_gives_back_what_was_paid() -> None:
    text = """
        EXT:A -> T 100 | A 80
        T -> EXT:X 50 | bfp
        EXT:X -> T 20 | reverses t2
    """
    found = trace(text, "haircut")
    assert [shown(found, id) for id in ("T", "BFP:t2", "EXT:X")] == ["A 56, OWN 14", "A 24, OWN 6", "OWN 30"]


# Purchasers, cash (1.11)


def test_what_a_purchaser_in_good_faith_receives_is_own() -> None:
    text = """
        EXT:A -> T 100 | A 100
        T -> U 60 | bfp
        U -> EXT:X 70
    """
    for rule in ("fifo", "libr", "taint_first", "lifo"):
        found = trace(text, rule, opening={"U": 20})
        assert [shown(found, id) for id in ("T", "BFP:t2", "U", "EXT:X")] == ["A 40", "A 60", "OWN 10", "OWN 70"]


def test_a_cash_deposit_is_own_unless_a_person_links_it() -> None:
    text = """
        EXT:A -> T 100 | A 70
        T -> EXT:CASH 50
        EXT:CASH -> U 40 | linked t2
        EXT:CASH -> U 25
    """
    linked, unlinked = trace(text, "haircut"), trace(text, "haircut", "no_link")
    assert (shown(linked, "U"), shown(linked, "EXT:CASH")) == ("A 28, OWN 37", "A 7, OWN 3")
    assert (shown(unlinked, "U"), shown(unlinked, "EXT:CASH")) == ("OWN 65", "A 35, OWN 15")


# Claims that enter


def test_a_claim_enters_once_however_many_legs_its_credit_has() -> None:
    events = [event("t1", 1, {"EXT:A": 50, "T": 20, "EXT:B": 50}, {"U": 60, "V": 60})]
    findings = Assumptions((Claim("A", 40, "t1"),))
    for rule in ("fifo", "haircut", "libr", "lifo"):
        ledger = ledger_of(events, {"T": 20})
        found = run(ledger, findings, rule)
        assert sum(found.content[id].get("A", 0) for id in found.content) == 40 * 10**9
        assert audit(ledger, findings, found).problems == ()
    assert exact(run(ledger_of(events, {"T": 20}), findings, "fifo"), "U") == {"A": 20, "OWN": 40}


def test_a_credit_with_several_owners_has_no_order_inside() -> None:
    found = trace("EXT:M -> T 100 | A 30, B 20\n T -> EXT:X 50", "fifo")
    assert shown(found, "EXT:X") == "A 15, B 10, OWN 25"


# Interest (1.5)


def test_interest_on_an_overdrawn_account_is_own() -> None:
    text = """
        EXT:A -> T 50 | A 50
        T -> EXT:X 60
        EXT:BANK -> T 25 | interest
    """
    for mode in (InterestMode.ACCRUE, InterestMode.OWN):
        found = trace(text, "libr", interest=mode)
        assert (shown(found, "T"), shown(found, "OD:T")) == ("OWN 15", "OWN 10")


def test_interest_by_the_day_weighs_each_day() -> None:
    text = """
        EXT:A -> T 100 | A 100
        EXT:OWN -> T 300
        EXT:BANK -> T 60 | interest
    """
    # A 100 for two days, OWN 300 for one: 60 x 200/500 and 60 x 300/500.
    found = trace(text, "libr", interest=InterestMode.ACCRUE_DAILY)
    assert exact(found, "T") == {"A": 124, "OWN": 336}
    assert exact(trace(text, "libr"), "T") == {"A": 115, "OWN": 345}


def test_interest_by_the_day_counts_days_not_events() -> None:
    events = [
        event("t1", 1, {"EXT:A": 100}, {"T": 100}),
        event("t2", 8, {"EXT:OWN": 100}, {"T": 100}),
        event("t3", 9, {"EXT:BANK": 90}, {"T": 90}, "interest"),
    ]
    facts = Assumptions((Claim("A", 100, "t1"),), interest=InterestMode.ACCRUE_DAILY)
    # A 100 for eight days, OWN 100 for one.
    assert exact(run(ledger_of(events), facts, "libr"), "T") == {"A": 180, "OWN": 110}


def test_interest_by_the_day_follows_the_days_although_the_account_is_empty_when_it_is_posted() -> None:
    text = """
        EXT:A -> T 100 | A 75
        T -> EXT:X 100
        EXT:BANK -> T 8 | interest
        EXT:BANK -> T 5 | interest
    """
    found = trace(text, "haircut", interest=InterestMode.ACCRUE_DAILY)
    # The second interest follows the one day on which the first was there.
    assert found.content["T"] == {"A": 9_750_000_000, "OWN": 3_250_000_000}


# Conversion, fees, assets (1.4, 1.6, 1.9)


def test_a_conversion_scales_every_lot() -> None:
    text = """
        EXT:A -> T 40 | A 40
        EXT:B -> T 60 | B 60
        T -> P 100 => 80
        P -> EXT:X 40
    """
    assert exact(trace(text, "fifo"), "EXT:X") == {"A": 32, "B": 8}
    assert exact(trace(text, "lifo"), "P") == {"B": 40}


@pytest.mark.parametrize("fee_first", [True, False])
def test_the_fee_is_filled_last(fee_first: bool) -> None:
    legs = {"FEE:t3": 10, "EXT:X": 60} if fee_first else {"EXT:X": 60, "FEE:t3": 10}
    events = [
        event("t1", 1, {"EXT:OWN": 60}, {"T": 60}),
        event("t2", 2, {"EXT:A": 10}, {"T": 10}),
        event("t3", 3, {"T": 70}, legs),
    ]
    found = run(ledger_of(events), Assumptions((Claim("A", 10, "t2"),)), "fifo")
    assert (shown(found, "EXT:X"), shown(found, "FEE:t3")) == ("OWN 60", "A 10")


def test_an_asset_is_one_thing_and_is_sold_rateably() -> None:
    text = """
        EXT:A -> T 60 | A 60
        T -> ASSET:CAR 60
        EXT:OWN -> T 40
        T -> ASSET:CAR 40
        ASSET:CAR -> P 50 => 75
    """
    for rule in ("fifo", "lifo", "libr", "taint_first", "oatway", "hallett_fifo"):
        found = trace(text, rule)
        assert [exact(found, id) for id in ("P", "ASSET:CAR")] == [{"A": 45, "OWN": 30}, {"A": 30, "OWN": 20}]


def test_an_asset_exchanged_for_another_keeps_its_shares() -> None:
    text = """
        EXT:A -> T 100 | A 60
        T -> ASSET:CAR 100
        ASSET:CAR -> ASSET:BOAT 50 => 70
    """
    for rule in ("fifo", "libr", "oatway", "taint_first"):
        assert exact(trace(text, rule), "ASSET:BOAT") == {"A": 42, "OWN": 28}


def test_oatway_draws_claimants_money_for_the_asset_only() -> None:
    events = [
        event("t1", 1, {"EXT:A": 300}, {"T": 300}),
        event("t2", 2, {"T": 200}, {"EXT:X": 100, "ASSET:CAR": 100}),
    ]
    found = run(ledger_of(events, {"T": 300}), Assumptions((Claim("A", 300, "t1"),)), "oatway")
    assert [shown(found, id) for id in ("ASSET:CAR", "EXT:X", "T")] == ["A 100", "OWN 100", "A 200, OWN 200"]


# Taint-all (2.10)


def test_poison_marks_every_unit_until_the_account_is_empty() -> None:
    text = """
        EXT:A -> T 1 | A 1
        EXT:OWN -> T 99
        T -> EXT:X 40
        T -> EXT:Y 80
        EXT:OWN -> T 50
    """
    found = trace(text, "poison")
    assert [shown(found, id) for id in ("EXT:X", "EXT:Y", "OD:T", "T")] == [
        "TAINTED 40",
        "TAINTED 60, CLEAN 20",
        "CLEAN 20",
        "CLEAN 30",
    ]


def test_taint_that_repays_an_overdraft_does_not_flag() -> None:
    found = trace("EXT:A -> T 50 | A 50\n EXT:OWN -> T 30", "poison", opening={"T": -50})
    assert (shown(found, "OD:T"), shown(found, "T")) == ("TAINTED 50", "CLEAN 30")


def test_under_poison_what_a_bank_advances_stays_clean_beside_an_equal_clean_credit() -> None:
    events = [
        event("t1", 1, {"EXT:A": 10}, {"T": 10}),
        event("t2", 2, {"T": 40, "EXT:B": 30}, {"EXT:X": 70}),
    ]
    found = run(ledger_of(events), Assumptions((Claim("A", 10, "t1"),)), "poison")
    assert shown(found, "EXT:X") == "TAINTED 40, CLEAN 30"
