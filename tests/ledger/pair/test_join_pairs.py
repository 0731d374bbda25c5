"""Paired rows become one payment: nothing is lost, every account keeps its rows in order with their balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from two_sided import X, Y, ledger_of
from worlds_of_payments import NOISE, PAYMENTS, Noise, Payment, world

from trover.ledger.event import UNDERWAY, Event, Input, OtherRow, Output
from trover.ledger.ledger import Ledger
from trover.ledger.pair import Joined, Ruling, find_pairs, join_pairs
from trover.sources.record import Pointer
from trover.trace.claim import Assumptions, Claim
from trover.trace.compare import run


def joined(*lines: str, rulings: Iterable[Ruling] = (), **more: object) -> Joined:
    return join_pairs(find_pairs(ledger_of(*lines, **more), rulings))  # type: ignore[arg-type]


def ids(ledger: Ledger) -> list[str]:
    return [event.id for event in ledger]


def histories(ledger: Ledger) -> dict[str, list[tuple[str, int]]]:
    """Account inside -> the rows on its own statement in order, with the balance after each."""
    balance = {account.id: account.opening for account in ledger.account_list if not account.is_external}
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for event in ledger:
        for paid in event.inputs:
            if paid.account in balance:
                balance[paid.account] -= paid.amount
        for got in event.outputs:
            if got.account in balance:
                balance[got.account] += got.amount
        for row, account in ((event.id, event.balance_account), *((o.id, o.balance_account) for o in event.also)):
            found[account].append((row, balance[account]))
    return dict(found)


def test_rows_of_one_day_are_one_event_with_both_sources() -> None:
    (event,) = joined("X 1 -100 EXT:Y note=rent", "Y 1 100 EXT:X note=rent_received").ledger
    assert (event.id, event.inputs, event.outputs) == ("r1", (Input(X, 10000),), (Output(Y, 10000, 10000),))
    assert event.also == (OtherRow("r2", Pointer(f"file of {Y}", "", 2), "rent received", None, Y),)
    assert event.note == "rent"


def test_rows_of_two_days_are_two_events_with_money_under_way() -> None:
    found = joined("X 1 -100 EXT:Y", "X 2 -7 EXT:Shop", "Y 3 100 EXT:X")
    one, _, other = found.ledger
    assert one.outputs == (Output(f"{UNDERWAY}r1", 10000, 10000),)
    assert (other.id, other.inputs) == ("r3", (Input(f"{UNDERWAY}r1", 10000),))
    assert (found.one.tolist(), found.underway.tolist(), found.barred.tolist()) == ([], [0], [])


def test_fees_and_exchanges_stay_in_the_legs() -> None:
    (event,) = joined("X 1 -105 EXT:Y fee=5", "Y 1 100 EXT:X").ledger
    assert event.outputs == (Output(Y, 10000, 10000), Output("FEE:r1", 500, 500))
    (event,) = joined("X 1 -100 EXT:Y", "Y 1 95 EXT:X fee=5").ledger
    assert event.outputs == (Output(Y, 9500, 9500), Output("FEE:r2", 500, 500))
    (event,) = joined("X 1 -100 EXT:Y as=110/USD", "Y 1 110 EXT:X USD").ledger
    assert event.outputs == (Output(Y, 11000, 10000),)
    (event,) = joined("X 1 -100 EXT:Y", "Y 1 110 EXT:X as=100/EUR USD").ledger
    assert event.outputs == (Output(Y, 11000, 10000),)
    (event,) = joined("X 1 -105 EXT:Y fee=5", "Y 1 100 EXT:X fee=5").ledger
    assert event.outputs == (Output(Y, 10000, 10000), Output("FEE:r1", 500, 500))


def test_a_fee_of_the_payee_after_an_exchange_is_left_to_the_second_of_two_events() -> None:
    one, other = joined("X 1 -100 EXT:Y as=110/USD", "Y 1 105 EXT:X fee=5 USD").ledger
    assert one.outputs == (Output(f"{UNDERWAY}r1", 11000, 10000),)
    assert other.inputs == (Input(f"{UNDERWAY}r1", 11000),)
    assert other.outputs == (Output(Y, 10500, 10500), Output("FEE:r2", 500, 500))


def test_what_a_person_joins_although_less_arrives_bears_a_charge() -> None:
    rows = "X 1 -100 EXT:Y E2E-2021-7", "Y 1 90 EXT:X E2E-2021-7"
    (event,) = joined(*rows, rulings=[Ruling("r1", "r2", True)]).ledger
    assert event.outputs == (Output(Y, 9000, 9000), Output("FEE:r1:r2", 1000, 1000))
    more = "X 1 -90 EXT:Y", "Y 1 100 EXT:X"
    found = joined(*more, rulings=[Ruling("r1", "r2", True)])
    assert (ids(found.ledger), found.barred.tolist()) == (["r1", "r2"], [0])


def test_a_credit_before_its_debit_is_not_joined_even_by_a_person() -> None:
    found = joined("Y 1 100 EXT:X", "X 2 -100 EXT:Y", rulings=[Ruling("r2", "r1", True)])
    assert found.barred.tolist() == [0]
    assert not any(account.id.startswith(UNDERWAY) for account in found.ledger.account_list)


def test_each_account_keeps_its_own_order_within_the_day() -> None:
    found = joined("X 1 50 EXT:A", "X 1 -100 EXT:Y", "X 1 -3 EXT:B", "Y 1 -9 EXT:C", "Y 1 100 EXT:X", "Y 1 -4 EXT:D")
    assert ids(found.ledger) == ["r1", "r4", "r2", "r3", "r6"]
    assert [event.seq for event in found.ledger] == [0, 1, 2, 3, 4]


def test_orders_that_leave_no_place_for_one_event_make_two() -> None:
    rows = "X 1 -100 EXT:Y", "X 1 70 EXT:Y", "Y 1 -70 EXT:X", "Y 1 100 EXT:X"
    found = joined(*rows)
    assert (len(found.one), len(found.underway)) == (1, 1)
    assert histories(found.ledger)[X] == histories(ledger_of(*rows))[X]
    assert histories(found.ledger)[Y] == histories(ledger_of(*rows))[Y]


def test_orders_in_which_each_credit_comes_first_bar_a_pair() -> None:
    found = joined("X 1 70 EXT:Y", "X 1 -100 EXT:Y", "Y 1 100 EXT:X", "Y 1 -70 EXT:X")
    assert (len(found.one) + len(found.underway), len(found.barred)) == (1, 1)


def test_a_row_without_time_of_day_goes_where_the_clock_of_the_other_puts_it() -> None:
    found = joined("X 1 -100 EXT:Y at=14:00", "Y 1 100 EXT:X", "Y 1 -60 EXT:Shop", "X 1 -1 EXT:Shop at=15:00")
    assert ids(found.ledger) == ["r1", "r3", "r4"]
    assert [f"{event.time:%H:%M}" for event in found.ledger] == ["14:00", "14:00", "15:00"]
    assert list(found.ledger)[1].time_text == "2021-03-02"


def test_a_trail_goes_on_through_both_statements() -> None:
    rows = "X 1 100 EXT:Victim", "X 2 -100 EXT:Y", "Y 4 100 EXT:X", "Y 5 -40 EXT:Dealer"
    answers = run(joined(*rows).ledger, Assumptions(claims=(Claim("V", 10000, transfer="r1"),)), ["fifo", "libr"])
    tables = {answer.key: {id: row for id, row in answer.table.items() if any(row.values())} for answer in answers}
    expected = {Y: {"V": 6000, "OWN": 0}, "EXT:Dealer": {"V": 4000, "OWN": 0}}
    assert tables == {"fifo": expected, "libr": expected}


def test_legs_of_a_batch_are_joined_one_by_one() -> None:
    ledger = ledger_of("X 1 -100 EXT:Y", "Y 1 60 EXT:X", "Z 2 40 EXT:X")
    first, *rest = ledger
    batch = Event(
        **{**_fields(first), "outputs": (Output(f"EXT:{Y}", 6000, 6000), Output("EXT:Gamma Gonzalez", 4000, 4000))}
    )
    names = {account.id for account in ledger.account_list}
    extra = ledger_of("X 1 -1 EXT:Gamma_Gonzalez").account_list
    whole = Ledger.of([*ledger.account_list, *(a for a in extra if a.id not in names)], [batch, *rest])
    found = join_pairs(find_pairs(whole))
    one, *others = found.ledger
    assert [leg.account for leg in one.outputs] == [f"{UNDERWAY}r1:1", f"{UNDERWAY}r1:2"]
    assert [event.inputs[0].account for event in others] == [f"{UNDERWAY}r1:1", f"{UNDERWAY}r1:2"]


def _fields(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__dataclass_fields__}


def test_a_ledger_without_pairs_stays_as_it_is() -> None:
    ledger = ledger_of("X 1 -100 EXT:Shop", "Y 1 100 EXT:Z")
    assert join_pairs(find_pairs(ledger)).ledger is ledger


@given(st.lists(PAYMENTS, max_size=9), st.lists(NOISE, max_size=6))
def test_every_row_and_every_balance_stands(payments: list[Payment], noise: list[Noise]) -> None:
    ledger, _ = world(payments, noise)
    pairing = find_pairs(ledger)
    found = join_pairs(pairing)
    assert len(found.one) + len(found.underway) + len(found.barred) == len(pairing)
    assert histories(found.ledger) == histories(ledger)
    moments = [(event.time, event.seq) for event in found.ledger]
    assert moments == sorted(moments)
    for event in found.ledger:
        assert sum(leg.amount for leg in event.inputs) == sum(leg.cost for leg in event.outputs)


@given(st.lists(PAYMENTS, max_size=9), st.lists(NOISE, max_size=6))
def test_money_under_way_arrives(payments: list[Payment], noise: list[Noise]) -> None:
    ledger, _ = world(payments, noise)
    under: defaultdict[str, list[int]] = defaultdict(list)
    for event in join_pairs(find_pairs(ledger)).ledger:
        for out in event.outputs:
            if out.account.startswith(UNDERWAY):
                under[out.account].append(out.amount)
        for into in event.inputs:
            if into.account.startswith(UNDERWAY):
                under[into.account].append(-into.amount)
    assert [moves for moves in under.values() if len(moves) != 2 or moves[0] <= 0 or sum(moves)] == []
