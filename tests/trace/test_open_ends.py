"""What reached a gap, somebody unknown and cash, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

from trover.ledger.event import Account, AccountKind, transfer
from trover.ledger.gap import Bounds, Gap, Why
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim
from trover.trace.compare import run
from trover.trace.open_ends import End, Reached, open_ends

GAP = Gap("A", "EUR", date(2024, 1, 5), date(2024, 1, 9), 700, 500, Why.MISSING, ("a", "a"), ("b", "b"), (), 250)
ACCOUNTS = [
    Account("A", "EUR", AccountKind.BANK, "", 100),
    *(
        Account(id, "EUR", AccountKind.EXTERNAL)
        for id in ("EXT:V", "EXT:W", "EXT:UNKNOWN:x:7", "EXT:CASH", "EXT:SHOP", GAP.sink)
    ),
]


def at(day: int) -> datetime:
    return datetime(2024, 1, day, tzinfo=UTC)


LEDGER = Ledger.of(
    ACCOUNTS,
    [
        transfer("t1", at(1), 1, "EXT:V", "A", 600),
        transfer("t2", at(1), 2, "EXT:W", "A", 200),
        transfer("t3", at(2), 3, "A", "EXT:UNKNOWN:x:7", 140),
        transfer("t4", at(3), 4, "A", "EXT:CASH", 40),
        transfer("t5", at(3), 5, "A", "EXT:SHOP", 20),
        transfer("t6", at(5), 6, "A", GAP.sink, 700),
        transfer("t7", at(9), 7, GAP.sink, "A", 500),
    ],
)
FACTS = Assumptions(claims=(Claim("V", 600, "t1"), Claim("W", 200, "t2")))


def test_every_open_end_with_what_reached_it_and_what_may_be_beyond() -> None:
    """libr: 100 of its own leaves first, then V and W as 3 to 1: 40 unknown, 40 cash, 20 shop, 700 into the gap."""
    gap, unknown, cash = open_ends(run(LEDGER, FACTS, ["libr"]), LEDGER, {GAP.sink: GAP})
    assert (unknown.end, unknown.reached) == (End.UNKNOWN, {"libr": {"V": Reached(30), "W": Reached(10)}})
    assert (cash.end, cash.reached) == (End.CASH, {"libr": {"V": Reached(30), "W": Reached(10)}})
    assert gap.reached == {"libr": {"V": Reached(525, Bounds(275, 500)), "W": Reached(175, Bounds(0, 175))}}
    # together 700 reached it, 250 went out, and 500 were there after it
    assert (gap.least, gap.most, gap.beyond) == (700, 700, Bounds(450, 500))


def test_what_is_paid_to_an_account_of_the_case_that_does_not_show_it() -> None:
    """B's own statement begins later, so the payment stays outside; it is an open end and not just a recipient."""
    accounts = [Account("A", "EUR", AccountKind.BANK), Account("B-77001", "EUR", AccountKind.BANK, "", 5)]
    accounts += [Account(id, "EUR", AccountKind.EXTERNAL) for id in ("EXT:V", "EXT:B77001", "EXT:C77002")]
    events = [
        transfer("t1", at(1), 1, "EXT:V", "A", 60),
        transfer("t2", at(2), 2, "A", "EXT:B77001", 40),
        transfer("t3", at(2), 3, "A", "EXT:C77002", 20),
        transfer("t4", at(9), 4, "B-77001", "EXT:C77002", 5),
    ]
    ledger = Ledger.of(accounts, events)
    (end,) = open_ends(run(ledger, Assumptions(claims=(Claim("V", 60, "t1"),)), ["libr"]), ledger, {})
    assert (end.end, end.place, end.reached) == (End.UNSEEN, "EXT:B77001", {"libr": {"V": Reached(40)}})


def test_the_range_over_rules() -> None:
    """fifo: the 100 of its own and 40 of V went to the unknown; lifo: 140 of W."""
    ends = open_ends(run(LEDGER, FACTS, ["fifo", "lifo"]), LEDGER, {GAP.sink: GAP})
    (unknown,) = [end for end in ends if end.end is End.UNKNOWN]
    assert {key: {who: each.amount for who, each in row.items()} for key, row in unknown.reached.items()} == {
        "fifo": {"V": 40},
        "lifo": {"W": 140},
    }
    assert (unknown.least, unknown.most, unknown.beyond) == (40, 140, None)


def test_a_bridged_gap_has_no_interval_and_screening_no_place() -> None:
    ends = open_ends(run(LEDGER, FACTS, ["libr", "poison"]), LEDGER, {})
    assert [end.beyond for end in ends] == [None, None, None]
    assert {key for end in ends for key in end.reached} == {"libr"}
