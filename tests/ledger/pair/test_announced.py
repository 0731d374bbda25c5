"""What is announced and then booked counts once, with both rows as evidence; what is not booked stays."""

from __future__ import annotations

import pytest
from two_sided import X, Y, ledger_of

from trover.ledger.event import Account, AccountKind, Event, OtherRow, transfer
from trover.ledger.ledger import Ledger
from trover.ledger.pair import booked_later, counted_once
from trover.sources.record import Pointer


def same(*lines: str) -> dict[str, str]:
    return booked_later(ledger_of(*lines))


def test_an_announced_row_is_the_booked_one_that_alone_fits_it() -> None:
    ledger = ledger_of("X 1 -100 EXT:Y booked=no note=advice", "X 2 -100 EXT:Y note=booked", "X 3 5 EXT:Shop")
    once = counted_once(ledger, booked_later(ledger))
    assert [event.id for event in once] == ["r2", "r3"]
    first = next(iter(once))
    assert first.also == (OtherRow("r1", Pointer(f"file of {X}", "", 1), "advice", None, X),)
    assert first.note == "booked"


@pytest.mark.parametrize(
    ("announced", "booked"),
    [
        ("X 1 -100 EXT:Y booked=no", "X 1 -100 EXT:FR7630006000011234567890189/Beta"),
        ("X 1 100 EXT:Beta_Metals booked=no", "X 2 100 EXT:BETA_METALS_SA"),
        ("X 1 100 EXT:UNKNOWN:1 booked=no", "X 2 100 EXT:Y"),
        ("X 1 100 EXT:Z E2E-2021-7 booked=no", "X 2 100 EXT:UNKNOWN:2 E2E20217"),
        ("X 1 100 EXT:99887766/Beta booked=no", "X 2 100 EXT:Beta"),
    ],
)
def test_the_other_party_may_be_given_otherwise(announced: str, booked: str) -> None:
    assert same(announced, booked) == {"r1": "r2"}


@pytest.mark.parametrize(
    "booked",
    [
        "X 2 -100 EXT:Y booked=no",
        "X 2 100 EXT:Y",
        "X 2 -101 EXT:Y",
        "X 0 -100 EXT:Y",
        "X 9 -100 EXT:Y",
        "Z 2 -100 EXT:Y",
        "X 2 -100 EXT:99887766",
        "X 2 -100 EXT:Delta_Oil",
    ],
)
def test_another_movement_is_not_the_one_announced(booked: str) -> None:
    assert same("X 1 -100 EXT:Y booked=no", booked) == {}


def test_two_equal_payments_announced_are_two_booked() -> None:
    both = "X 1 -100 EXT:Y booked=no", "X 1 -100 EXT:Y booked=no", "X 2 -100 EXT:Y", "X 2 -100 EXT:Y"
    assert same(*both) == {"r1": "r3", "r2": "r4"}
    assert same(*both[:3]) == {}


def test_an_order_between_two_parties_outside_is_the_booked_row_of_the_account_it_names() -> None:
    ledger = ledger_of("X 2 -100 EXT:Y", "Z 1 1 EXT:X", "Z 1 -1 EXT:Y")
    order = transfer(
        "o1", next(iter(ledger)).time, 9, f"EXT:{X}", f"EXT:{Y}", 10000, booked=False, source=Pointer("order")
    )
    whole = Ledger.of(ledger.account_list, [*ledger, order])
    assert booked_later(whole) == {"o1": "r1"}
    (event,) = [event for event in counted_once(whole, {"o1": "r1"}) if event.id == "r1"]
    assert [other.id for other in event.also] == ["o1"]


def test_nothing_is_looked_for_where_nothing_is_announced() -> None:
    assert same("X 1 -100 EXT:Y", "X 1 -100 EXT:Y") == {}
    empty = Ledger.of([Account("T", "EUR", AccountKind.BANK)], list[Event]())
    assert booked_later(empty) == {}
