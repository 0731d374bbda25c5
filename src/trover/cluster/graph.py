"""The evidence of one cluster as a graph: addresses on one side, the transactions that join them on the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trover.cluster.clustering import COSPEND, Clustering


@dataclass(frozen=True)
class Evidence:
    """`joins[tx]` are the addresses that transaction joins, each with the evidence for it (`COSPEND` or heuristics).

    An address that a transaction spends from carries `COSPEND`, one that only change heuristics name carries those.
    """

    addresses: tuple[int, ...]
    joins: dict[int, dict[int, tuple[str, ...]]]

    @cached_property
    def joined_by(self) -> dict[int, list[int]]:
        """Transactions that join each address, in chain order."""
        at: dict[int, list[int]] = {address: [] for address in self.addresses}
        for tx in sorted(self.joins):
            for address in self.joins[tx]:
                at[address].append(tx)
        return at


def evidence_of(clustering: Clustering, address: int) -> Evidence:
    """What joins the cluster of `address`: only transactions that join two addresses or more."""
    view, root = clustering.view, clustering.root
    inside = clustering.members(address)
    spent = (view.in_address >= 0) & (root[view.in_address] == root[address])
    joins: dict[int, dict[int, tuple[str, ...]]] = {}
    changed: dict[int, dict[int, list[str]]] = {}
    for link in clustering.change.of(root[clustering.change.address] == root[address]):
        changed.setdefault(link.tx, {}).setdefault(link.address, []).append(link.heuristic)
    for tx in dict.fromkeys(view.in_tx[spent].tolist()):
        spenders = view.spenders(tx)
        change = changed.get(tx, {})
        if not clustering.linking[tx]:
            if not change:
                continue
            spenders = spenders[:1]
        together: dict[int, tuple[str, ...]] = dict.fromkeys(spenders, (COSPEND,))
        for changing, keys in change.items():
            together.setdefault(changing, tuple(keys))
        if len(together) > 1:
            joins[tx] = together
    return Evidence(tuple(np.sort(inside).tolist()), joins)
