"""Orders of rows in which every row starts at the balance where the one before it ends.

Each row is an edge from the balance before it to the balance after it. An order that reproduces all balances
is an Eulerian trail of these edges, found in linear time (Hierholzer 1873); whether it is the only one is decided
exactly, without listing trails.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence


def trail(before: Sequence[int], after: Sequence[int], start: int) -> list[int] | None:
    """Positions of the edges in an order from `start` through all of them, or None where there is none.

    Of several it is the one that at each step takes the earliest edge with which the rest can still be walked.
    """
    leaving: dict[int, list[int]] = {}
    for edge in range(len(before) - 1, -1, -1):
        leaving.setdefault(before[edge], []).append(edge)
    walked: list[int] = []
    stack = [(start, -1)]
    while stack:
        node, via = stack[-1]
        if edges := leaving.get(node):
            edge = edges.pop()
            stack.append((after[edge], edge))
        else:
            stack.pop()
            if via >= 0:
                walked.append(via)
    walked.reverse()
    if len(walked) < len(before):
        return None
    node = start
    for edge in walked:
        if before[edge] != node:
            return None
        node = after[edge]
    return walked


def start_of(before: Sequence[int], after: Sequence[int]) -> int | None:
    """The one balance from which a trail can start; None where the edges close a circle or no trail exists."""
    surplus: dict[int, int] = {}
    for node in before:
        surplus[node] = surplus.get(node, 0) + 1
    for node in after:
        surplus[node] = surplus.get(node, 0) - 1
    starts = [node for node, count in surplus.items() if count > 0]
    return starts[0] if len(starts) == 1 and surplus[starts[0]] == 1 else None


def has_others(nodes: Sequence[int], labels: Sequence[Hashable]) -> bool:
    """Whether another trail over the same edges from the same start reads differently in its labels.

    `nodes` are the balances of a trail, one more than its edges; `labels` say which edges are interchangeable.
    Leaving node i by a later edge j is possible just when something passed between them is passed again after j:
    only then can the part left out be walked later.
    """
    last = {node: position for position, node in enumerate(nodes)}
    first: dict[int, int] = {}
    other: dict[int, int] = {}
    positions: list[int] = []
    reaches: list[int] = []
    for j, label in enumerate(labels):
        node = nodes[j]
        reach = last[node]
        while reaches and reaches[-1] <= reach:
            positions.pop()
            reaches.pop()
        positions.append(j)
        reaches.append(reach)
        if node not in first:
            first[node] = j
            continue
        i: int | None = first[node]
        if labels[first[node]] != label:
            other.setdefault(node, j)
        else:
            i = other.get(node)
        if i is not None and reaches[bisect_left(positions, i)] > j:
            return True
    return False


def stepwise(before: Sequence[int], after: Sequence[int], start: int) -> list[int]:
    """All edges, following the balances as far as they lead; where they break off, on from an edge none leads to.

    Where no trail exists this puts next to each other what belongs together, so that the edge that does not fit
    is the one that is named.
    """
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, int] = {}
    for edge in range(len(before) - 1, -1, -1):
        leaving.setdefault(before[edge], []).append(edge)
        arriving[after[edge]] = arriving.get(after[edge], 0) + 1
    walked: list[int] = []
    used = [False] * len(before)
    node = start
    seeds = _Seeds(before, used, arriving)
    while len(walked) < len(before):
        edges = leaving.get(node)
        edge = edges.pop() if edges else -1
        if edge < 0:
            edge = seeds.next()
        if used[edge]:
            continue
        used[edge] = True
        walked.append(edge)
        node = after[edge]
        arriving[node] -= 1
    return walked


class _Seeds:
    """Where to go on after a break: the earliest unused edge to which no unused edge leads, or else the earliest."""

    def __init__(self, before: Sequence[int], used: list[bool], arriving: dict[int, int]) -> None:
        self.before, self.used, self.arriving = before, used, arriving
        self.place = 0

    def next(self) -> int:
        while self.used[self.place]:
            self.place += 1
        # A short look ahead names the row better; a long one would make a broken year cost its square.
        for edge in range(self.place, min(self.place + 500, len(self.before))):
            if not self.used[edge] and not self.arriving.get(self.before[edge]):
                return edge
        return self.place
