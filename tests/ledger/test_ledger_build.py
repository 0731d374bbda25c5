"""Records become a ledger, or every reason why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trover.errors import InputErrors
from trover.ledger.base import Base
from trover.ledger.build import build_ledger
from trover.ledger.event import AccountKind
from trover.ledger.join import join
from trover.ledger.ledger import Ledger
from trover.sources.record import AccountRecord, ClaimRecord, EventRecord, LegRecord, Pointer, Record, StatementRecord

T0 = datetime(2020, 1, 1, tzinfo=UTC)
FILES = {"f": "file.csv", "g": "next.csv"}


def account(id: str = "T", opening: int | None = 0, file: str = "f", **more: object) -> AccountRecord:
    return AccountRecord(Pointer(file, "", 1), id, **({"currency": "EUR", "opening": opening} | more))  # type: ignore[arg-type]


def move(day: int, sender: str, receiver: str, amount: int, file: str = "f", **more: object) -> EventRecord:
    values: dict[str, object] = {
        "pointer": Pointer(file, "", day + 1),
        "id": f"{file}{day}",
        "time": T0 + timedelta(days=day),
        "time_text": "",
        "seq": day,
        "inputs": (LegRecord(sender, amount),),
        "outputs": (LegRecord(receiver, amount),),
    }
    return EventRecord(**(values | more))  # type: ignore[arg-type]


def build(*records: Record, base: Ledger | None = None, claims: tuple[ClaimRecord, ...] = ()) -> Ledger:
    return build_ledger(records, files=FILES, base=Base(*filter(None, [base])), claims=claims)


def refused(*records: Record, base: Ledger | None = None, claims: tuple[ClaimRecord, ...] = ()) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        build(*records, base=base, claims=claims)
    found = [f"{type(p).__name__} {p.place}: {p.value!r} {p.says}" for p in caught.value.problems]
    return [line.replace(", column ", " ") for line in found]


def test_parties_outside_and_things_bought_need_no_declaration() -> None:
    ledger = build(account(), move(1, "EXT:A", "T", 5), move(2, "T", "ASSET:CAR", 5))
    kinds = {a.id: a.kind for a in ledger.account_list}
    assert kinds == {"T": AccountKind.BANK, "EXT:A": AccountKind.EXTERNAL, "ASSET:CAR": AccountKind.ASSET}


def test_a_thing_never_bought_cannot_be_sold() -> None:
    assert refused(account(), move(1, "ASSET:CAR", "T", 5)) == [
        "UnknownAccount file.csv, row 2 from: 'ASSET:CAR' is not an account of this ledger"
    ]


def test_an_unknown_account_is_named_with_file_and_row() -> None:
    assert refused(account(), move(3, "T", "U", 5)) == [
        "UnknownAccount file.csv, row 4 to: 'U' is not an account of this ledger"
    ]


def test_legs_must_balance_in_cost() -> None:
    event = move(1, "T", "EXT:B", 100, outputs=(LegRecord("EXT:B", 90), LegRecord("FEE:x", 9)))
    assert refused(account(), event) == [
        "UnbalancedEvent file.csv, row 2: 'f1' does not balance: 100 goes in, 99 comes out"
    ]


def test_two_currencies_need_both_amounts() -> None:
    accounts = account(), account("U", currency="GBP")
    assert refused(*accounts, move(1, "T", "U", 5)) == [
        "MixedCurrencies file.csv, row 2: 'f1' gives EUR and receives GBP"
    ]
    ledger = build(*accounts, move(1, "T", "U", 5, outputs=(LegRecord("U", 4, 5),)))
    assert next(iter(ledger)).outputs[0].cost == 5


def test_inputs_in_two_currencies_have_no_common_measure() -> None:
    inputs = (LegRecord("T", 1), LegRecord("U", 1))
    event = move(1, "T", "EXT:B", 2, inputs=inputs, outputs=(LegRecord("EXT:B", 2, 2),))
    assert refused(account(), account("U", currency="GBP"), event) == [
        "MixedCurrencies file.csv, row 2: 'f1' mixes currencies that need one rate"
    ]


def test_a_stated_currency_must_be_that_of_the_account() -> None:
    event = move(1, "T", "EXT:B", 2, inputs=(LegRecord("T", 2, currency="GBP"),))
    assert [line.split()[0] for line in refused(account(), event)] == ["MixedCurrencies"]


@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_above_zero(amount: int) -> None:
    assert [line.split()[0] for line in refused(account(), move(1, "T", "EXT:B", amount))] == ["AmountNotPositive"]


def test_amounts_have_at_most_38_digits() -> None:
    assert len(build(account(), move(1, "T", "EXT:B", 10**38 - 1))) == 1
    assert [line.split()[0] for line in refused(account(), move(1, "T", "EXT:B", 10**38))] == ["AmountTooLarge"]


def test_a_replaced_row_is_stored_and_no_longer_in_force() -> None:
    wrong = move(1, "EXT:A", "T", 5)
    right = move(2, "EXT:A", "T", 6, time=wrong.time, seq=1, replaces="f1")
    ledger = build(account(), wrong, right)
    assert [e.id for e in ledger] == ["f1", "f2"]
    assert [e.id for e in ledger.current] == ["f2"]


def test_a_correction_names_one_row_that_exists_and_is_not_replaced_yet() -> None:
    rows = (
        move(1, "EXT:A", "T", 5),
        move(2, "EXT:A", "T", 5, replaces="f1"),
        move(3, "EXT:A", "T", 5, replaces="f1"),
        move(4, "EXT:A", "T", 5, replaces="zz"),
        move(5, "EXT:A", "T", 5, replaces="f5"),
    )
    assert refused(account(), *rows) == [
        "DuplicateId file.csv, row 4 replaces: 'f1' is already replaced by f2",
        "UnknownTransfer file.csv, row 5 replaces: 'zz' is not a transfer of this ledger",
        "UnknownTransfer file.csv, row 6 replaces: 'f5' is replaced by itself",
    ]


def test_a_later_file_is_added_to_the_ledger_before_it() -> None:
    base = build(account(opening=10), move(1, "EXT:A", "T", 5))
    part = build(account(opening=15, file="g"), move(2, "T", "EXT:B", 3, "g"), base=base)
    assert [event.id for event in part] == ["g2"]
    assert [a.id for a in part.account_list] == ["T", "EXT:B"]
    whole = join([base, part])
    assert [event.id for event in whole] == ["f1", "g2"]
    assert whole.account_by_id["T"].opening == 10


def test_a_later_file_may_not_repeat_an_id_and_may_correct_an_earlier_row() -> None:
    base = build(account(), move(1, "EXT:A", "T", 5))
    assert refused(move(9, "EXT:A", "T", 5, "g", id="f1"), base=base) == [
        "DuplicateId next.csv, row 10 id: 'f1' is already the id of a row of the ledger"
    ]
    part = build(move(9, "EXT:A", "T", 6, "g", replaces="f1"), base=base)
    assert [event.id for event in join([base, part]).current] == ["g9"]


def test_a_claim_enters_from_outside_and_no_more_than_came_in() -> None:
    def claim(amount: int, transfer: str = "", at: str = "") -> ClaimRecord:
        return ClaimRecord(Pointer("f", "claims", 1), "A", amount, transfer, at)

    rows = account(opening=20), account("U"), move(1, "EXT:A", "T", 100), move(2, "T", "U", 50)
    assert len(build(*rows, claims=(claim(60, "f1"), claim(40, "f1"), claim(20, at="T")))) == 2
    assert refused(*rows, claims=(claim(60, "f1"), claim(41, "f1"))) == [
        "ClaimExceedsTransfer file.csv, claims, row 1 amount: 101 is claimed together at f1, where 100 came in"
    ]
    assert refused(*rows, claims=(claim(21, at="T"),)) == [
        "ClaimExceedsTransfer file.csv, claims, row 1 amount: 21 is claimed together "
        "at the opening of T, where 20 came in"
    ]
    assert refused(*rows, claims=(claim(1, "f2"), claim(1, "f9"), claim(0, "f1"), claim(1, at="X"))) == [
        "ClaimNotExternal file.csv, claims, row 1 entered: 'f2' does not enter the ledger from outside",
        "UnknownTransfer file.csv, claims, row 1 entered: 'f9' is not a transfer of this ledger",
        "AmountNotPositive file.csv, claims, row 1 amount: 0 is not an amount above zero",
        "UnknownAccount file.csv, claims, row 1 entered: 'X' is not an account of this ledger",
    ]


def test_one_account_is_declared_in_one_way() -> None:
    assert refused(account(), account(), account(file="g", opening=3), account("U", kind="boat")) == [
        "DuplicateId file.csv, row 1 id: 'T' occurs more than once",
        "UnknownKind file.csv, row 1 type: 'boat' is not a kind of account",
    ]
    assert refused(account(), account(file="g", currency="GBP")) == [
        "AccountContradiction next.csv, row 1: 'T' is declared in two ways"
    ]


def test_nobody_pays_himself_from_the_same_account() -> None:
    assert [line.split()[0] for line in refused(account(), move(1, "T", "T", 5))] == ["SameAccount"]


def test_an_event_keeps_its_references_and_the_statement_on_which_it_stands() -> None:
    announced = StatementRecord(Pointer("f"), "s", "T", "EUR", booked=False)
    row = move(1, "EXT:A", "T", 5, references=("E2E-1",), statement="s")
    (event,) = build(account(), announced, row)
    assert (event.references, event.statement, event.balance_account, event.booked) == (("E2E-1",), "s", "T", False)
    (bare,) = build(account(), move(1, "EXT:A", "T", 5))
    assert (bare.references, bare.statement, bare.balance_account, bare.booked) == ((), "", "", True)
