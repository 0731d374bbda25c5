"""What is left of a cluster when a part of the evidence falls, and which transactions hold it together alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from trover.cluster.clustering import COSPEND, Clustering, cluster
from trover.cluster.graph import Evidence, evidence_of

Node = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Hinge:
    """A transaction without which the cluster falls into `pieces` (numbers of addresses, the largest first)."""

    tx: str
    pieces: tuple[int, ...]


def pieces_without(
    clustering: Clustering, address: str, transactions: Iterable[str] = (), evidence: Iterable[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """Into what the cluster of `address` falls without these transactions (txid) and kinds of evidence.

    The pieces, the largest first, each in the order in which its addresses occur. One piece: nothing changes.
    """
    view = clustering.view
    choice = replace(clustering.choice, without=clustering.choice.without | frozenset(transactions))
    for key in evidence:
        choice = choice.dropping(key)
    less = cluster(view, choice, clustering.shapes)
    pieces: dict[int, list[int]] = {}
    for member in clustering.members(clustering.number(address)).tolist():
        pieces.setdefault(int(less.root[member]), []).append(member)
    ordered = sorted(pieces.values(), key=lambda piece: (-len(piece), piece[0]))
    return tuple(tuple(view.addresses[member] for member in piece) for piece in ordered)


def kinds_of_evidence(clustering: Clustering) -> tuple[str, ...]:
    """What may be dropped: co-spending and the change heuristics in use."""
    return (*([COSPEND] if clustering.choice.cospend else ()), *clustering.choice.change)


def hinges(clustering: Clustering, address: str) -> tuple[Hinge, ...]:
    """Transactions that alone hold a part of the cluster, in chain order."""
    view = clustering.view
    evidence = evidence_of(clustering, clustering.number(address))
    found = sorted(_cut(evidence))
    return tuple(Hinge(view.txids[tx], pieces) for tx, pieces in found)


def _cut(evidence: Evidence) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Transactions that are articulation points of the graph, with the sizes that are left (Hopcroft and Tarjan 1973).

    One walk in depth: a node's `low` is the earliest node that its subtree reaches; a subtree that reaches nothing
    before the transaction itself is held by that transaction alone.
    """
    if len(evidence.addresses) < 2:
        return
    seen: dict[Node, int] = {}
    low: dict[Node, int] = {}
    size: dict[Node, int] = {}
    cut: dict[int, list[int]] = {}
    start: Node = (False, evidence.addresses[0])
    stack: list[tuple[Node, Node | None, Iterator[Node]]] = [(start, None, iter(_beside(evidence, start)))]
    seen[start] = low[start] = 0
    size[start] = 1
    while stack:
        node, parent, beside = stack[-1]
        for other in beside:
            if other == parent:
                continue
            if other in seen:
                low[node] = min(low[node], seen[other])
                continue
            seen[other] = low[other] = len(seen)
            size[other] = 0 if other[0] else 1
            stack.append((other, node, iter(_beside(evidence, other))))
            break
        else:
            stack.pop()
            if parent is not None:
                low[parent] = min(low[parent], low[node])
                size[parent] += size[node]
                if parent[0] and low[node] >= seen[parent]:
                    cut.setdefault(parent[1], []).append(size[node])
    for tx, parts in cut.items():
        above = len(evidence.addresses) - sum(parts)
        yield tx, tuple(sorted((*parts, above), reverse=True))


def _beside(evidence: Evidence, node: Node) -> list[Node]:
    """Neighbours of an address (False) or a transaction (True)."""
    is_tx, number = node
    if is_tx:
        return [(False, address) for address in evidence.joins[number]]
    return [(True, tx) for tx in evidence.joined_by[number]]
