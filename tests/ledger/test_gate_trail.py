"""Trails against every permutation: found where one exists, the earliest of several, and several exactly told."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from trover.ledger.gate.trail import has_others, start_of, stepwise, trail

Edge = tuple[int, int]
EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6)
WALKS = st.lists(st.integers(0, 3), min_size=2, max_size=7)


def every_trail(edges: list[Edge], start: int) -> list[tuple[int, ...]]:
    def walks(order: tuple[int, ...]) -> bool:
        nodes = [start, *(edges[edge][1] for edge in order)]
        return all(edges[edge][0] == node for edge, node in zip(order, nodes, strict=False))

    return [order for order in permutations(range(len(edges))) if walks(order)]


def columns(edges: list[Edge]) -> tuple[list[int], list[int]]:
    return [edge[0] for edge in edges], [edge[1] for edge in edges]


@given(EDGES, st.integers(0, 3))
def test_a_trail_is_found_just_where_one_exists_and_is_the_first_of_all(edges: list[Edge], start: int) -> None:
    possible = every_trail(edges, start)
    found = trail(*columns(edges), start)
    assert found == (list(min(possible)) if possible else None)


@given(WALKS, st.randoms(use_true_random=False), st.booleans())
def test_several_orders_are_told_exactly(nodes: list[int], random, distinct: bool) -> None:  # type: ignore[no-untyped-def]
    edges = list(pairwise(nodes))
    random.shuffle(edges)
    kinds = [index % 2 if distinct else 0 for index in range(len(edges))]
    possible = every_trail(edges, nodes[0])
    read = {tuple((edges[edge], kinds[edge]) for edge in order) for order in possible}
    found = trail(*columns(edges), nodes[0])
    assert found is not None
    passed = [nodes[0], *(edges[edge][1] for edge in found)]
    assert has_others(passed, [(edges[edge], kinds[edge]) for edge in found]) == (len(read) > 1)


@given(WALKS)
def test_the_start_is_known_unless_the_rows_close_a_circle(nodes: list[int]) -> None:
    edges = list(pairwise(nodes))
    expected = nodes[0] if nodes[0] != nodes[-1] else None
    assert start_of(*columns(edges)) == expected


@given(EDGES, st.integers(0, 3))
def test_stepwise_loses_no_row(edges: list[Edge], start: int) -> None:
    assert sorted(stepwise(*columns(edges), start)) == list(range(len(edges)))


def test_stepwise_names_the_edge_that_does_not_fit() -> None:
    # 0 -> 5 -> 9 -> 7, the second edge starting at 6 instead of 5
    before, after = [9, 6, 0], [7, 9, 5]
    assert stepwise(before, after, 0) == [2, 1, 0]
