"""The smallest evidence between two addresses, and what falls when a part of it does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cluster.chains import chain, path_ends

from trover.cluster.clustering import COSPEND, Choice, Clustering, cluster
from trover.cluster.link import link
from trover.cluster.without import hinges, kinds_of_evidence, pieces_without
from trover.errors import InputErrors

LONG_AND_SHORT = """
t1: A 5, B 5 -> p 9
t2: B 5, C 5 -> q 9
t3: C 5, D 5 -> r 9
t4: A 5, E 5 -> s 9
t5: E 5, D 5 -> t 9
t6: A 5, F 5 -> u 9
t7: F 5, D 5 -> v 9
"""


def test_the_smallest_set_is_found_and_the_earliest_of_several() -> None:
    found = link(cluster(chain(LONG_AND_SHORT)), "A", "D")
    assert found.joined
    assert found.transactions == ("t4", "t5")
    assert [(step.left, step.right, step.evidence) for step in found.steps] == [
        ("A", "E", (COSPEND,)),
        ("E", "D", (COSPEND,)),
    ]


def test_both_directions_give_the_same_transactions() -> None:
    found = cluster(chain(LONG_AND_SHORT))
    for a in "ABCDEF":
        for b in "ABCDEF":
            one, other = link(found, a, b), link(found, b, a)
            assert one.transactions == other.transactions[::-1]
            assert path_ends([(step.left, step.right) for step in one.steps])


def test_without_a_transaction_the_next_smallest_set_joins() -> None:
    without = cluster(chain(LONG_AND_SHORT), Choice(without=frozenset({"t5"})))
    assert link(without, "A", "D").transactions == ("t6", "t7")


def test_addresses_of_two_clusters_are_not_joined_by_anything() -> None:
    found = link(cluster(chain("t1: A 5, B 5 -> C 9")), "A", "C")
    assert not found.joined
    assert found.steps == ()


def test_an_address_the_chain_does_not_hold_is_refused() -> None:
    with pytest.raises(InputErrors, match="'nobody' is an address of no transaction in this case"):
        link(cluster(chain("t1: A 5, B 5 -> C 9")), "A", "nobody")


CHANGE = """
t0:  -> A 10, B 10, S 10
t1: A 10 -> S 6, N 3
t2: N 3, B 10 -> S 12
"""


def test_change_joins_only_where_it_is_chosen_and_is_named_in_the_link() -> None:
    view = chain(CHANGE)
    assert not link(cluster(view), "A", "B").joined
    found = link(cluster(view, Choice(change=("fresh",))), "A", "B")
    assert [(step.tx, step.evidence) for step in found.steps] == [("t1", ("fresh",)), ("t2", (COSPEND,))]


def test_of_two_smallest_sets_the_one_without_change_is_taken() -> None:
    view = chain("""
t0:  -> A 10, B 10, C 10, S 10
t1: A 10 -> S 6, N 3
t2: N 3, B 10 -> S 12
t3: A 10, C 10 -> S 19
t4: C 10, B 10 -> S 19
""")
    assert link(cluster(view, Choice(change=("fresh",))), "A", "B").transactions == ("t3", "t4")


def test_without_a_heuristic_the_cluster_falls_apart() -> None:
    found = cluster(chain(CHANGE), Choice(change=("fresh",)))
    assert found.addresses("A") == ("A", "B", "N")
    assert kinds_of_evidence(found) == (COSPEND, "fresh")
    assert pieces_without(found, "A", evidence=["fresh"]) == (("B", "N"), ("A",))
    assert pieces_without(found, "A", evidence=[COSPEND]) == (("A", "N"), ("B",))
    assert pieces_without(found, "A", ["t2"]) == (("A", "N"), ("B",))
    assert pieces_without(found, "A") == (("A", "B", "N"),)


def test_hinges_are_the_transactions_without_which_it_falls_apart() -> None:
    found = cluster(chain(LONG_AND_SHORT + "t8: A 5, G 5, H 5 -> w 9\nt9: D 5, F 5 -> x 9\n"))
    assert [(hinge.tx, hinge.pieces) for hinge in hinges(found, "C")] == [("t8", (6, 1, 1))]


@pytest.mark.parametrize(
    "text", [LONG_AND_SHORT, CHANGE, "t1: A 5, B 5 -> C 9\nt2: B 5, C 9 -> D 1\nt3: C 1, A 3 -> E 1"]
)
def test_hinges_agree_with_leaving_out_each_transaction(text: str) -> None:
    found = cluster(chain(text), Choice(change=("fresh",)))
    expected = []
    for txid in found.view.txids:
        pieces = pieces_without(found, "A", [txid])
        if len(pieces) > 1:
            expected.append((txid, tuple(map(len, pieces))))
    assert [(hinge.tx, hinge.pieces) for hinge in hinges(found, "A")] == expected


GROUPS = st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=4), min_size=1, max_size=14)


def _random(groups: list[list[int]]) -> Clustering:
    return cluster(chain("\n".join(f"t{n}: {', '.join(f'a{a} 9' for a in g)} -> z{n} 8" for n, g in enumerate(groups))))


@given(GROUPS)
def test_no_fewer_transactions_join_two_addresses(groups: list[list[int]]) -> None:
    """Beside a search that knows nothing of graphs: sets of addresses that grow by one transaction at a time."""
    found = _random(groups)
    start = groups[0][0]
    reached, away, least = {start}, 0, {start: 0}
    while True:
        grown = reached.union(*(group for group in groups if reached & set(group)))
        if grown == reached:
            break
        away += 1
        least.update((address, away) for address in grown - reached)
        reached = grown
    for address in {a for group in groups for a in group}:
        steps = link(found, f"a{start}", f"a{address}").steps
        assert len(steps) == least.get(address, 0)
        assert path_ends([(step.left, step.right) for step in steps])
        for step in steps:
            assert {int(step.left[1:]), int(step.right[1:])} <= set(groups[int(step.tx[1:])])


@given(GROUPS)
def test_hinges_are_what_leaving_each_out_shows(groups: list[list[int]]) -> None:
    found = _random(groups)
    start = f"a{groups[0][0]}"
    without = [(txid, tuple(map(len, pieces_without(found, start, [txid])))) for txid in found.view.txids]
    expected = [(txid, pieces) for txid, pieces in without if len(pieces) > 1]
    assert [(hinge.tx, hinge.pieces) for hinge in hinges(found, start)] == expected
