"""Which two rows are one payment: made one only where nothing else is possible, else left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from two_sided import X, Y, Z, ids, ledger_of

from trover.ledger.ledger import Ledger, with_every_column
from trover.ledger.pair import How, Ruling, Why, find_pairs
from trover.ledger.pair.score import POINTS


def made(*lines: str, **more: object) -> list[tuple[str, str]]:
    return ids(find_pairs(ledger_of(*lines), **more).pairs())  # type: ignore[arg-type]


def waits(*lines: str, **more: object) -> list[tuple[Why, list[tuple[str, str]]]]:
    found = find_pairs(ledger_of(*lines), **more)  # type: ignore[arg-type]
    assert not list(found.pairs())
    return [(group.why, ids(group.candidates)) for group in found.waiting]


def test_two_rows_that_name_each_other_are_one_payment() -> None:
    (pair,) = find_pairs(ledger_of("X 1 -100 EXT:Y", "Y 2 100 EXT:X")).pairs()
    assert (pair.payer, pair.payee, pair.payer_account, pair.payee_account) == ("r1", "r2", X, Y)
    assert (pair.days, pair.how, pair.score) == (1, How.ONLY, 20 + 9 + 40 + 40)
    assert pair.reasons == (
        "the same amount",
        "credited 1 day after the debit",
        "the payer's statement names the payee's account",
        "the payee's statement names the payer's account",
    )


@pytest.mark.parametrize(
    "other",
    [
        "EXT:FR76_3000_6000_0112_3456_7890_189",
        "EXT:30006000011234567890189",
        "EXT:12345678901",
        "EXT:1234567890189",
        "EXT:Beta_Metals_SA",
        "EXT:METALS_SA,_BÉTA",
    ],
)
def test_one_side_that_names_the_other_is_enough_if_the_other_is_silent(other: str) -> None:
    assert made(f"X 1 -100 {other}", "Y 1 100 EXT:UNKNOWN:1") == [("r1", "r2")]


@pytest.mark.parametrize("other", ["EXT:Z", "EXT:7890189", "EXT:99887766", "EXT:CASH", "EXT:Somebody_Else"])
def test_a_statement_that_names_somebody_else_is_not_joined(other: str) -> None:
    assert waits(f"X 1 -100 {other}", "Y 1 100 EXT:X") == [(Why.CONTRADICTED, [("r1", "r2")])]


def test_a_holder_whose_name_is_written_otherwise_contradicts_nothing() -> None:
    assert made("X 1 -100 EXT:Y", "Y 1 100 EXT:ALPHA") == [("r1", "r2")]


def test_a_shared_reference_is_enough_where_nobody_is_named() -> None:
    assert made("X 1 -100 EXT:UNKNOWN:1 E2E-2021-7", "Y 1 100 EXT:UNKNOWN:2 e2e/2021.7 other") == [("r1", "r2")]


@pytest.mark.parametrize("reference", ["NOTPROVIDED", "SALARY", "12", "0000000"])
def test_a_reference_that_says_nothing_is_none(reference: str) -> None:
    assert waits(f"X 1 -100 EXT:UNKNOWN:1 {reference}", f"Y 1 100 EXT:UNKNOWN:2 {reference}") == [
        (Why.SILENT, [("r1", "r2")])
    ]


def test_amount_and_day_alone_wait() -> None:
    assert waits("X 1 -100 EXT:UNKNOWN:1", "Y 3 100 EXT:UNKNOWN:2") == [(Why.SILENT, [("r1", "r2")])]


@pytest.mark.parametrize(
    "rows",
    [
        ("X 1 -100 EXT:Y", "Y 1 101 EXT:X"),
        ("X 1 -100 EXT:Y", "Y 7 100 EXT:X"),
        ("X 2 -100 EXT:Y", "Y 1 100 EXT:X"),
        ("X 1 -100 EXT:Y", "X 1 100 EXT:Y"),
        ("X 1 -100 EXT:Y USD", "Y 1 100 EXT:X"),
        ("X 1 -100 EXT:Y booked=no", "Y 1 100 EXT:X"),
        ("X 1 -100 EXT:Y", "Y 1 100 EXT:X kind=interest"),
        ("X 1 -100 EXT:Nobody", "Y 1 100 EXT:Anybody"),
    ],
)
def test_what_is_no_payment_between_the_two(rows: tuple[str, ...]) -> None:
    found = find_pairs(ledger_of(*rows))
    assert (list(found.pairs()), found.waiting) == ([], [])


def test_the_window_is_a_parameter() -> None:
    assert made("X 1 -100 EXT:Y", "Y 7 100 EXT:X", window=6) == [("r1", "r2")]


def test_a_stated_fee_or_exchange_explains_another_amount() -> None:
    assert made("X 1 -105 EXT:Y fee=5", "Y 1 100 EXT:X") == [("r1", "r2")]
    assert made("X 1 -100 EXT:Y", "Y 1 95 EXT:X fee=5") == [("r1", "r2")]
    assert made("X 1 -100 EXT:Y as=110/USD", "Y 2 110 EXT:X USD") == [("r1", "r2")]
    assert made("X 1 -100 EXT:Y", "Y 2 110 EXT:X as=100/EUR USD") == [("r1", "r2")]


def test_a_difference_that_is_not_explained_waits_if_a_reference_is_shared() -> None:
    assert waits("X 1 -100 EXT:Y E2E-2021-7", "Y 1 90 EXT:X E2E-2021-7") == [(Why.AMOUNTS, [("r1", "r2")])]


def test_equal_payments_of_one_day_are_interchangeable_only_if_all_are_there() -> None:
    three = ["X 1 -100 EXT:Y"] * 3
    found = find_pairs(ledger_of(*three, *["Y 2 100 EXT:X"] * 3))
    assert ids(found.pairs()) == [("r1", "r4"), ("r2", "r5"), ("r3", "r6")]
    assert {pair.how for pair in found.pairs()} == {How.ALIKE}
    ((why, candidates),) = waits(*three, *["Y 2 100 EXT:X"] * 2)
    assert (why, len(candidates)) == (Why.SEVERAL, 6)


def test_equal_payments_of_several_days_pair_if_there_is_one_way_only() -> None:
    found = find_pairs(ledger_of("X 1 -100 EXT:Y", "X 3 -100 EXT:Y", "Y 2 100 EXT:X", "Y 4 100 EXT:X"))
    assert [(p.payer, p.payee, p.how) for p in found.pairs()] == [
        ("r1", "r3", How.ONLY_WAY),
        ("r2", "r4", How.ONLY_WAY),
    ]
    ((why, candidates),) = waits("X 1 -100 EXT:Y", "X 2 -100 EXT:Y", "Y 3 100 EXT:X", "Y 4 100 EXT:X")
    assert (why, len(candidates)) == (Why.SEVERAL, 4)


def test_references_tell_equal_payments_apart() -> None:
    payers = "X 1 -100 EXT:Y INV-0001", "X 2 -100 EXT:Y INV-0002"
    found = find_pairs(ledger_of(*payers, "Y 3 100 EXT:X INV-0002", "Y 4 100 EXT:X INV-0001"))
    assert [(p.payer, p.payee, p.how) for p in found.pairs()] == [
        ("r1", "r4", How.REFERENCE),
        ("r2", "r3", How.REFERENCE),
    ]


def test_payments_of_others_do_not_stand_in_the_way_of_one_that_is_named() -> None:
    others = [f"Y {day} 100 EXT:{number}" for day, number in enumerate(("99887766", "88776655", "Delta_Oil"), 1)]
    assert made("X 1 -100 EXT:Y", "Y 2 100 EXT:X", *others) == [("r1", "r2")]


def test_a_stranger_stands_in_the_way_of_a_row_that_names_nobody() -> None:
    ((why, candidates),) = waits("X 1 -100 EXT:Y", "Y 2 100 EXT:UNKNOWN:1", "Y 2 100 EXT:Delta_Oil")
    assert (why, len(candidates)) == (Why.CONTRADICTED, 2)


def test_rows_of_two_accounts_of_one_holder_wait() -> None:
    same = {X: "Alpha Trading Ltd", Y: "Beta Metals SA", Z: "Beta Metals SA"}
    rows = "X 1 -100 EXT:Beta_Metals_SA", "Y 1 100 EXT:X", "Z 1 100 EXT:X"
    found = find_pairs(ledger_of(*rows, holders=same))
    assert [group.why for group in found.waiting] == [Why.ACCOUNTS]
    assert not list(found.pairs())


def test_a_person_decides_what_waits_and_undoes_what_was_made() -> None:
    silent = "X 1 -100 EXT:UNKNOWN:1", "Y 3 100 EXT:UNKNOWN:2"
    (pair,) = find_pairs(ledger_of(*silent), [Ruling("r1", "r2", True)]).pairs()
    assert (pair.payer, pair.payee, pair.how) == ("r1", "r2", How.PERSON)
    sure = "X 1 -100 EXT:Y", "Y 1 100 EXT:X"
    assert waits(*sure, rulings=[Ruling("r1", "r2", False)]) == []
    two = "X 1 -100 EXT:Y", "X 1 -100 EXT:Y", "Y 1 100 EXT:X"
    assert made(*two, rulings=[Ruling("r2", "r3", True)]) == [("r2", "r3")]
    assert made(*two, rulings=[Ruling("r2", "r3", False)]) == [("r1", "r3")]


def test_rows_on_which_something_rests_wait() -> None:
    rows = "X 1 -100 EXT:Y", "Y 1 100 EXT:X"
    assert waits(*rows, held=["r2"]) == [(Why.HELD, [("r1", "r2")])]
    assert made(*rows, held=["r2"], rulings=[Ruling("r1", "r2", True)]) == [("r1", "r2")]


def test_a_row_whose_other_side_is_missing_is_listed() -> None:
    found = find_pairs(ledger_of("X 1 -100 EXT:Y", "Y 1 30 EXT:X", "Y 2 -1 EXT:Shop"))
    assert [(row.id, row.account, row.other, row.direction) for row in found.unmatched] == [
        ("r1", X, (Y,), "paid"),
        ("r2", Y, (X,), "received"),
    ]


def test_the_lists_are_plain_data() -> None:
    found = find_pairs(ledger_of("X 1 -100 EXT:Y", "Y 1 100 EXT:X", "X 5 -7 EXT:UNKNOWN:1", "Y 5 7 EXT:UNKNOWN:2"))
    plain = found.plain()
    assert plain["window_days"] == 5
    assert plain["pairs"][0]["how"] == "each is the only candidate of the other"
    assert plain["waiting"][0]["candidates"][0]["reasons"][0] == "the same amount"
    assert plain["unmatched"] == []


def test_a_ledger_without_statements_has_no_sides() -> None:
    ledger = ledger_of("X 1 -100 EXT:Y", "Y 1 100 EXT:X")
    bare = ledger.events.drop_columns(["balance_account", "references", "booked", "also"])
    whole = with_every_column(bare)
    assert whole.schema.names == ledger.events.schema.names
    assert len(find_pairs(Ledger(ledger.accounts, whole, ledger.inputs, ledger.outputs))) == 0
    assert len(find_pairs(Ledger.of((), ()))) == 0


def test_the_points_are_as_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/concepts/pairing.md").read_text()
    assert [row for row in POINTS if f"| {row[0]} | {row[1]} |" not in page] == []
