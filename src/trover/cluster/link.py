"""Why two addresses are in one cluster: the smallest set of transactions that joins them.

Shortest path in the graph of addresses and transactions. Of several sets of the same size the one that leans on
change heuristics least is taken, then the one with the earliest transactions seen from the older of the two addresses,
so the answer is always the same, whichever is asked for first.
"""

from __future__ import annotations

from dataclasses import dataclass

from trover.cluster.clustering import COSPEND, Clustering
from trover.cluster.graph import Evidence, evidence_of


@dataclass(frozen=True, slots=True)
class Step:
    """Transaction `tx` joins `left` and `right`; `evidence` says how: `COSPEND`, or the heuristics for change."""

    tx: str
    left: str
    right: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The steps from `left` to `right`; none where they are not in one cluster (or are the same address)."""

    left: str
    right: str
    joined: bool
    steps: tuple[Step, ...]

    @property
    def transactions(self) -> tuple[str, ...]:
        return tuple(step.tx for step in self.steps)


def link(clustering: Clustering, left: str, right: str) -> Link:
    """The smallest evidence that joins two addresses. Raises `InputErrors` for an address not held."""
    view = clustering.view
    a, b = clustering.number(left), clustering.number(right)
    if clustering.root[a] != clustering.root[b]:
        return Link(left, right, False, ())
    walked = _walk(evidence_of(clustering, a), min(a, b), max(a, b))
    if a > b:
        walked = [(tx, other, one, how) for tx, one, other, how in reversed(walked)]
    steps = tuple(
        Step(view.txids[tx], view.addresses[one], view.addresses[other], how) for tx, one, other, how in walked
    )
    return Link(left, right, True, steps)


def _walk(evidence: Evidence, a: int, b: int) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """From `a` along the best transactions towards `b`."""
    cost = _costs(evidence, a, b)
    walked = []
    while a != b:
        _left, tx, other = min(
            ((cost[other][0], cost[other][1] + _leans(evidence, tx, a, other)), tx, other)
            for tx in evidence.joined_by[a]
            for other in evidence.joins[tx]
            if other in cost and cost[other][0] == cost[a][0] - 1
        )
        walked.append((tx, a, other, _how(evidence, tx, a, other)))
        a = other
    return walked


def _costs(evidence: Evidence, a: int, b: int) -> dict[int, tuple[int, int]]:
    """Of the addresses nearer to `b` than `a`: how many transactions away, and how many of them lean on change."""
    cost = {b: (0, 0)}
    level, away = [b], 0
    while a not in cost:
        away += 1
        reached: dict[int, int] = {}
        for near in level:
            for tx in evidence.joined_by[near]:
                for other in evidence.joins[tx]:
                    if other not in cost:
                        leaning = cost[near][1] + _leans(evidence, tx, near, other)
                        reached[other] = min(leaning, reached.get(other, leaning))
        cost.update((other, (away, leaning)) for other, leaning in reached.items())
        level = sorted(reached)
    return cost


def _how(evidence: Evidence, tx: int, one: int, other: int) -> tuple[str, ...]:
    """Evidence that joins two addresses of one transaction: what is weaker of the two."""
    found = {key for side in (one, other) for key in evidence.joins[tx][side]} - {COSPEND}
    return tuple(sorted(found)) or (COSPEND,)


def _leans(evidence: Evidence, tx: int, one: int, other: int) -> int:
    return _how(evidence, tx, one, other) != (COSPEND,)
