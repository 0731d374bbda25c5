"""Blocks of several files that exclude each other."""

from __future__ import annotations

from datetime import UTC, datetime

from trover.ledger.chain import on_one_branch
from trover.ledger.event import Account, AccountKind, Event, Input, Output
from trover.ledger.ledger import Ledger

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def block(name: str, follows: str, height: int, *others: str, work: int = 5) -> list[Event]:
    """A coinbase and other transactions of one block, each making an output."""
    first = (f"block {name}", f"follows {follows}", f"work {work}")
    events = []
    for position, txid in enumerate((f"coin-{name}", *others)):
        references = first if not position else first[:1]
        legs = ((Input("EXT:COINBASE", 5),), (Output(f"{txid}:0", 5, 5),))
        events.append(Event(txid, DAY, height * 10**6 + position, *legs, kind="chain", references=references))
    return events


def ledger(*blocks: list[Event]) -> Ledger:
    events = [event for each in blocks for event in each]
    outside = Account("EXT:COINBASE", "BTC", AccountKind.EXTERNAL)
    ids = dict.fromkeys(event.outputs[0].account for event in events)
    return Ledger.of([outside, *(Account(id, "BTC", AccountKind.OUTPUT) for id in ids)], events)


def left(*blocks: list[Event]) -> list[str]:
    return [event.id for event in on_one_branch(ledger(*blocks))[0]]


def test_blocks_that_follow_each_other_all_count() -> None:
    made, rivals = on_one_branch(ledger(block("a", "", 1), block("b", "a", 2), block("c", "elsewhere", 9)))
    assert (len(made), rivals) == (3, [])


def test_of_two_blocks_of_one_height_that_with_more_work_counts() -> None:
    made, (rival,) = on_one_branch(ledger(block("a", "", 1), block("b", "a", 2), block("c", "a", 2, work=6)))
    assert [event.id for event in made] == ["coin-a", "coin-c"]
    assert str(rival) == "the block b does not count: c of the same height has at least as much work"


def test_the_longer_branch_counts_though_its_first_block_came_later() -> None:
    assert left(block("a", "", 1), block("b", "a", 2), block("c", "a", 2), block("d", "c", 3)) == [
        "coin-a",
        "coin-c",
        "coin-d",
    ]


def test_of_equals_the_first_in_the_ledger_counts() -> None:
    assert left(block("b", "a", 2), block("c", "a", 2)) == ["coin-b"]


def test_a_transaction_that_an_explorer_puts_into_a_block_that_lost_is_left_out() -> None:
    said = block("b", "a", 2, "t")[1:]
    assert left(said, block("c", "a", 2, "u")) == ["coin-c", "u"]


def test_where_no_block_is_proved_nothing_is_left_out() -> None:
    assert left(block("b", "a", 2, "t")[1:], block("c", "a", 2, "u")[1:]) == ["t", "u"]
