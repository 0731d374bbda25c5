"""Each heuristic for change names one output, or none."""

from __future__ import annotations

import pytest
from tests.cluster.chains import chain

from trover.cluster.change import HEURISTICS, only_candidates
from trover.cluster.clustering import Choice, cluster
from trover.cluster.view import ChainView, Coin, ViewBuilder

START = "t0: -> A 100000000, B 100000000, S 50000000\n"


def named(view: ChainView, heuristic: str, tx: str = "t1") -> list[str]:
    """Addresses that the heuristic calls change of `tx`."""
    rows = only_candidates(view, heuristic)
    number = view.tx_number[tx]
    return [view.addresses[view.out_address[row]] for row in rows.tolist() if view.out_tx[row] == number]


@pytest.mark.parametrize(
    ("heuristic", "transactions", "change"),
    [
        ("reuse", "t1: A 9 -> S 5, A 3", ["A"]),
        ("reuse", "t1: A 9 -> S 5, N 3", []),
        ("smaller", "t1: A 9, B 8 -> S 12, N 3", ["N"]),
        ("smaller", "t1: A 9, B 8 -> M 6, N 3", []),
        ("round", "t1: A 100000000 -> S 3000000, N 96990000", ["N"]),
        ("round", "t1: A 100000000 -> S 3000001, N 96990000", []),
        ("fresh", "t1: A 9 -> S 5, N 3", ["N"]),
        ("fresh", "t1: A 9 -> M 5, N 3", []),
        ("fresh", "t1: A 9 -> A 5, N 3", []),
        ("fresh", "t1: A 9 -> N 8", []),
        ("fresh_smaller", "t1: A 9, B 8 -> M 12, N 3", ["N"]),
        ("fresh_smaller", "t1: A 9, B 8 -> M 12, S 3", []),
        ("peeling", "t1: A@t0:0 9 -> M 1, N 8\nt2: N@t1:1 8 -> O 1, P 7\nt3: M@t1:0 1 -> Q 1", ["N"]),
        ("peeling", "t1: A@t0:0 9 -> M 1, N 8", []),
    ],
)
def test_what_is_named_as_change(heuristic: str, transactions: str, change: list[str]) -> None:
    assert named(chain(START + transactions), heuristic) == change


def test_script_type_and_lock_time() -> None:
    builder = ViewBuilder()
    builder.add("t1", [Coin("A", 9, "p2wpkh")], [Coin("M", 5, "p2pkh"), Coin("N", 3, "p2wpkh")], locktime=700_000)
    builder.add("t2", [Coin("M", 5, "p2pkh", "t1:0")], [Coin("S", 4, "p2pkh")], locktime=0)
    builder.add("t3", [Coin("N", 3, "p2wpkh", "t1:1")], [Coin("S", 2, "p2pkh")], locktime=700_009)
    view = builder.view()
    assert named(view, "script_type") == named(view, "locktime") == ["N"]


def test_what_the_source_does_not_state_is_not_used() -> None:
    """Script types, lock times and input values are unknown here, so nothing that needs them names anything."""
    builder = ViewBuilder()
    builder.add("t1", [Coin("A")], [Coin("M", 5), Coin("N", 3)])
    builder.add("t2", [Coin("M", outpoint="t1:0")], [Coin("S", 4)])
    view = builder.view()
    assert {key: named(view, key) for key, heuristic in HEURISTICS.items() if heuristic.needs} == {
        "script_type": [],
        "smaller": [],
        "fresh_smaller": [],
        "locktime": [],
    }


def test_data_is_neither_payment_nor_change() -> None:
    builder = ViewBuilder()
    builder.add("t1", [Coin("A", 9, "p2wpkh")], [Coin("N", 8, "p2wpkh"), Coin("", 0, "data", script_size=40)])
    assert named(builder.view(), "fresh") == []


def test_no_change_is_named_in_a_transaction_of_several_parties() -> None:
    view = chain(START + "t1: A 70000000, B 60000000 -> S 50000000, T 50000000, N 20000000, S 9990000")
    assert named(view, "fresh_smaller") == []
    assert len(cluster(view, Choice(change=("smaller", "fresh", "round"))).change) == 0


def test_two_heuristics_that_name_one_output_are_two_pieces_of_evidence() -> None:
    view = chain(START + "t1: A 100000000 -> S 3000000, N 96990000")
    found = cluster(view, Choice(change=("round", "fresh")))
    assert [(link.heuristic, view.addresses[link.address]) for link in found.change] == [("round", "N"), ("fresh", "N")]
    assert found.addresses("A") == ("A", "N")
