"""Both sides of a payment in a case: one transfer, unless a person says otherwise or something rests on a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import AUTHOR

from trover.case.case import Case
from trover.case.claiming import claims_at
from trover.case.explained import explain
from trover.case.finding import Claimed, GoodFaith, NotSameTransfer, Reversal, SameTransfer
from trover.case.pairing import two_sided
from trover.errors import InputErrors
from trover.ledger.event import UNDERWAY

MAPPING = {
    "shape": "statement",
    "currency": "EUR",
    "columns": {name: name for name in ("id", "account", "date", "amount", "counterparty_account", "balance")},
}
HEAD = "id,account,date,amount,counterparty_account,balance\n"
PAYER = (
    HEAD
    + "x1,DE89370400440532013000,2020-01-01,100.00,EXT:Victim,100.00\n"
    + "x2,DE89370400440532013000,2020-01-02,-60.00,FR7630006000011234567890189,40.00\n"
    + "x3,DE89370400440532013000,2020-01-03,-30.00,FR7630006000011234567890189,10.00\n"
    + "x4,DE89370400440532013000,2020-01-06,-5.00,,5.00\n"
)
PAYEE = (
    HEAD
    + "y1,FR7630006000011234567890189,2020-01-02,60.00,DE89370400440532013000,60.00\n"
    + "y2,FR7630006000011234567890189,2020-01-05,30.00,DE89370400440532013000,90.00\n"
    + "y3,FR7630006000011234567890189,2020-01-06,5.00,,95.00\n"
    + "y4,FR7630006000011234567890189,2020-01-07,-70.00,EXT:Dealer,25.00\n"
)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = Case.create(tmp_path / "case", "R v Example", AUTHOR)
    for name, text in (("payer.csv", PAYER), ("payee.csv", PAYEE)):
        (tmp_path / name).write_text(text)
        made.add(tmp_path / name, MAPPING)
    return made


def traced(case: Case) -> list[str]:
    return [event.id for event in case.traced()]


def refused(case: Case, *findings: object) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        case.record_all(findings, reason="seen")  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def test_what_is_traced_has_each_payment_once_and_what_is_stored_has_each_row(case: Case) -> None:
    assert traced(case) == ["x1", "x2", "x3", "y2", "y3", "x4", "y4"]
    assert len(case.ledger()) == 8
    assert case.traced().stated_by == {"y1": "x2"}
    assert [note.text for note in case.derived().notes if note.step == "paired"] == [
        "1 payment with rows on both statements of one day, each made one transfer",
        "1 payment with rows on both statements of two days, under way between them",
        "2 rows may be sides of payments and wait for a person",
    ]


def test_a_claim_is_traced_from_one_statement_into_the_other(case: Case) -> None:
    case.record(Claimed("Victim", 100_00, transfer="x1"), reason="order")
    (answer,) = case.trace(["fifo"])
    held = {account: row["Victim"] for account, row in answer.table.items() if row["Victim"]}
    nobody = next(account for account in held if account.startswith("EXT:UNKNOWN:"))
    payer, payee = "DE89370400440532013000", "FR7630006000011234567890189"
    assert held == {payer: 5_00, nobody: 5_00, payee: 20_00, "EXT:Dealer": 70_00}


def test_a_person_joins_what_waits_and_parts_what_was_made(case: Case) -> None:
    joined = case.record(SameTransfer("x4", "y3"), reason="same slip")
    assert case.traced().stated_by == {"y1": "x2", "y3": "x4"}
    apart = case.record(NotSameTransfer("x2", "y1"), reason="two payments of that day")
    assert case.traced().stated_by == {"y3": "x4"}
    case.withdraw(joined.id, reason="other slip")
    case.withdraw(apart.id, reason="one payment after all")
    assert case.traced().stated_by == {"y1": "x2"}


def test_a_result_rests_on_what_was_made_one(case: Case) -> None:
    case.record(Claimed("Victim", 100_00, transfer="x1"), reason="order")
    case.trace(["fifo"])
    case.record(NotSameTransfer("x2", "y1"), reason="two payments of that day")
    (entry,) = case.stale()
    assert any("not_same_transfer" in why for why in entry.why)


def test_a_claim_keeps_the_row_where_it_enters_apart(case: Case) -> None:
    (claim,) = claims_at(case, "Victim", ["y1"], "", None)
    assert (claim.amount, claim.transfer) == (60_00, "y1")
    case.record(claim, reason="the money of the victim's account")
    assert case.traced().stated_by == {}
    assert "y1" in traced(case)
    (group,) = [group for group in two_sided(case)["waiting"] if group["candidates"][0]["payee"] == "y1"]
    assert group["why"] == "a finding or a return rests on one of the rows"
    assert "'y1' does not enter the ledger from outside" in refused(case, SameTransfer("x2", "y1"))[0]


def test_a_return_and_its_payment_stay_two_rows(tmp_path: Path) -> None:
    made = Case.create(tmp_path / "case", "R v Example", AUTHOR)
    back = "x5,DE89370400440532013000,2020-01-07,60.00,FR7630006000011234567890189,65.00\n"
    again = "y5,FR7630006000011234567890189,2020-01-07,-60.00,DE89370400440532013000,-35.00\n"
    for name, text in (("payer.csv", PAYER + back), ("payee.csv", PAYEE + again)):
        (tmp_path / name).write_text(text)
        made.add(tmp_path / name, MAPPING)
    assert made.traced().stated_by == {"y1": "x2", "x5": "y5"}
    made.record(Reversal("x5", "x2"), reason="the bank sent it back")
    assert made.traced().stated_by == {}


def test_good_faith_of_the_payee_holds_for_the_one_transfer(case: Case) -> None:
    case.record(GoodFaith("y1"), reason="invoice seen")
    assert case.assumptions().bfp == {"x2"}


def test_what_cannot_be_one_payment_is_refused(case: Case) -> None:
    assert refused(case, SameTransfer("x3", "y1"))[0].startswith("'y1' cannot be the other side of x3")
    assert refused(case, SameTransfer("y4", "x1"))[0].startswith("'x1' cannot be the other side of y4")
    assert refused(case, SameTransfer("x4", "none"))[0].startswith("'none' is not")
    both = refused(case, SameTransfer("x4", "y3"), NotSameTransfer("x4", "y3"))
    assert both[0].startswith("'x4 and y3' is also the subject of finding")


def test_the_lists_say_what_was_made_what_waits_and_what_has_no_answer(case: Case) -> None:
    lists = two_sided(case)
    assert [(pair["payer"], pair["payee"], pair["became"]) for pair in lists["pairs"]] == [
        ("x2", "y1", "one transfer"),
        ("x3", "y2", "two, the money under way between them"),
    ]
    assert [group["why"] for group in lists["waiting"]] == ["only amount and day speak for it"]
    assert lists["unmatched"] == []


def test_both_rows_are_explained_under_either_id(case: Case) -> None:
    case.record(Claimed("Victim", 100_00, transfer="x1"), reason="order")
    for row in ("x2", "y1"):
        lines = list(explain(case, row, ["fifo"]).lines())
        assert [line for line in lines if line.startswith("  source: payer.csv")] != []
        assert [line for line in lines if line.startswith("  source: payee.csv")] != []


def test_money_under_way_is_an_account_of_what_is_traced_only(case: Case) -> None:
    assert f"{UNDERWAY}x3" in case.traced().account_by_id
    assert f"{UNDERWAY}x3" not in case.ledger().account_by_id


def test_a_statement_that_is_there_twice_and_has_gaps_still_pairs_once(case: Case, tmp_path: Path) -> None:
    again = PAYER.replace("\nx", "\nagain").replace("EXT:Victim", "Victim")
    later = (
        HEAD
        + "x8,DE89370400440532013000,2020-03-01,500.00,EXT:Other,750.00\n"
        + "x9,DE89370400440532013000,2020-03-02,-200.00,FR7630006000011234567890189,550.00\n"
    )
    more = (
        HEAD
        + "y8,FR7630006000011234567890189,2020-03-01,5.00,EXT:Other,80.00\n"
        + "y9,FR7630006000011234567890189,2020-03-02,200.00,DE89370400440532013000,280.00\n"
    )
    for name, text in (("again.csv", again), ("later.csv", later), ("more.csv", more)):
        (tmp_path / name).write_text(text)
        case.add(tmp_path / name, MAPPING)
    events = {event.id: event for event in case.traced()}
    assert [sorted(other.id for other in events[id].also) for id in ("x2", "x9")] == [["again2", "y1"], ["y9"]]
    assert [other.id for other in events["x3"].also] == ["again3"]
    assert [event.inputs[0].account for event in events.values() if event.kind == "gap"] != []
    balance = dict.fromkeys(("DE89370400440532013000", "FR7630006000011234567890189"), 0)
    for event in case.traced():
        for paid in event.inputs:
            if paid.account in balance:
                balance[paid.account] -= paid.amount
        for got in event.outputs:
            if got.account in balance:
                balance[got.account] += got.amount
        beside = [(event.balance_account, event.balance), *((o.balance_account, o.balance) for o in event.also)]
        for account, printed in beside:
            assert printed is None or balance[account] == printed, event.id
