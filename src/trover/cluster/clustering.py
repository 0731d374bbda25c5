"""Clusters under a named choice of evidence: which addresses, and the transactions on which that rests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trover.cluster.change import HEURISTICS, ChangeLinks, change_links
from trover.cluster.shapes import SEVERAL, Shape, recognise
from trover.cluster.union import roots
from trover.cluster.view import UNKNOWN, ChainView, Flags, Ints, Numbers
from trover.errors import AddressNotHeld, EvidenceUnknown, InputErrors, TransactionNotHeld

COSPEND = "cospend"
"""Addresses spent in one transaction belong together, unless several parties made it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which evidence is used. By default co-spending alone, without transactions of several parties.

    `change`: heuristics of `change.HEURISTICS` used beside co-spending. `let`: kinds of `shapes.SEVERAL` that are
    nevertheless joined. `without`: transactions (txid) left out as evidence. `cospend`: whether that is used at all.
    Raises `InputErrors` for a name that is none of these.
    """

    change: tuple[str, ...] = ()
    let: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    cospend: bool = True

    def __post_init__(self) -> None:
        wrong = [(key, tuple(HEURISTICS)) for key in self.change if key not in HEURISTICS]
        wrong += [(key, SEVERAL) for key in sorted(self.let) if key not in SEVERAL]
        if wrong:
            raise InputErrors([EvidenceUnknown(key, remedy=f"There are: {', '.join(known)}.") for key, known in wrong])

    def dropping(self, evidence: str) -> Choice:
        """The same without one heuristic, `COSPEND` included."""
        if evidence == COSPEND:
            return replace(self, cospend=False)
        return replace(self, change=tuple(key for key in self.change if key != evidence))


@dataclass(frozen=True)
class Clustering:
    """Result of one choice over one view: `root` of each address; `linking` marks transactions that co-spend."""

    view: ChainView
    choice: Choice
    shapes: dict[int, Shape]
    linking: Flags
    change: ChangeLinks
    root: Numbers

    @cached_property
    def _order(self) -> tuple[Ints, Ints, Ints]:
        """Addresses grouped by root, where each group begins, and its root."""
        order = np.argsort(self.root, kind="stable")
        ids, first = np.unique(self.root[order], return_index=True)
        return order, first, ids.astype(np.int64)

    def __len__(self) -> int:
        """How many clusters, those of a single address included."""
        return len(self._order[2])

    def members(self, address: int) -> Ints:
        """Numbers of the addresses in the cluster of `address`, ascending."""
        order, first, ids = self._order
        at = int(np.searchsorted(ids, self.root[address]))
        return order[first[at] : first[at + 1] if at + 1 < len(first) else None]

    def addresses(self, address: str) -> tuple[str, ...]:
        """The cluster of `address`, in the order in which they first occur. Raises `InputErrors` for an unknown one."""
        return tuple(self.view.addresses[n] for n in self.members(self.number(address)).tolist())

    def number(self, address: str) -> int:
        """Number of an address in the view. Raises `InputErrors` where no transaction names it."""
        try:
            return self.view.address_number[address]
        except KeyError:
            raise InputErrors([AddressNotHeld(address)]) from None

    def several(self) -> Iterator[Ints]:
        """Clusters of two addresses and more, the largest first."""
        order, first, _ids = self._order
        sizes = np.diff(np.append(first, len(order)))
        large = np.flatnonzero(sizes > 1)
        for at in large[np.argsort(-sizes[large], kind="stable")].tolist():
            yield order[first[at] : first[at] + sizes[at]]

    @cached_property
    def kept_out(self) -> dict[int, Shape]:
        """Transactions that join nothing because several parties made them."""
        return {tx: shape for tx, shape in self.shapes.items() if _apart(shape, self.choice)}


def _apart(shape: Shape, choice: Choice) -> bool:
    return shape.kind in SEVERAL and shape.kind not in choice.let


def cluster(view: ChainView, choice: Choice | None = None, shapes: dict[int, Shape] | None = None) -> Clustering:
    """Cluster the addresses of `view`; `shapes`, where they are known already, are not looked for again.

    Raises `InputErrors` where a transaction to be left out is not in the view.
    """
    choice = choice or Choice()
    if missing := sorted(txid for txid in choice.without if txid not in view.tx_number):
        raise InputErrors([TransactionNotHeld(txid) for txid in missing])
    shapes = recognise(view) if shapes is None else shapes
    usable = ~view.coinbase
    usable[[tx for tx, shape in shapes.items() if _apart(shape, choice)]] = False
    usable[[view.tx_number[txid] for txid in choice.without]] = False
    linking = usable & (view.in_counts > 1) if choice.cospend else np.zeros(len(view), np.bool_)
    change = change_links(view, choice.change, usable)
    left, right = change_pairs(view, change)
    return Clustering(view, choice, shapes, linking, change, roots(view, linking, left, right))


def change_pairs(view: ChainView, links: ChangeLinks) -> tuple[Ints, Ints]:
    """What the links join: the first address that is spent from and the change address."""
    known = np.flatnonzero(view.in_address >= 0)
    spender = np.full(len(view), UNKNOWN, np.int64)
    spender[view.in_tx[known][::-1]] = view.in_address[known][::-1]
    left = spender[links.tx]
    return left[left >= 0], links.address[left >= 0]
