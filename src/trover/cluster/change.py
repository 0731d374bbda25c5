"""Which output of a transaction is its change: one named heuristic each, none of them proof.

Every heuristic says which outputs it cannot rule out; it is evidence only where one output alone is left and the
transaction pays at least two. The definitions are those of the literature (Androulaki et al. 2013, Meiklejohn et
al. 2013, Kalodner et al. 2020); how often each is right was measured, see `rates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from trover.cluster.view import DATA, UNKNOWN, ChainView, Flags, Ints, least

ROUND = 10**6
"""Satoshi: multiples of 0.01 bitcoin are called round."""


@dataclass(frozen=True, slots=True)
class Heuristic:
    """`candidates` marks the output rows that it cannot rule out; `needs` names what the source must state."""

    key: str
    says: str
    candidates: Callable[[ChainView], Flags]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """Heuristic `heuristic` says that output row `output` of transaction `tx` returns to who spent."""

    tx: int
    output: int
    address: int
    heuristic: str


@dataclass(frozen=True)
class ChangeLinks:
    """Change links in columns, in chain order; `which` is the place of the heuristic in `keys`."""

    keys: tuple[str, ...]
    tx: Ints
    output: Ints
    address: Ints
    which: Ints

    def __len__(self) -> int:
        return len(self.tx)

    def __iter__(self) -> Iterator[ChangeLink]:
        columns = (self.tx, self.output, self.address, self.which)
        for tx, output, address, which in zip(*(column.tolist() for column in columns), strict=True):
            yield ChangeLink(tx, output, address, self.keys[which])

    def of(self, chosen: Flags) -> ChangeLinks:
        """Those that are chosen."""
        return ChangeLinks(self.keys, self.tx[chosen], self.output[chosen], self.address[chosen], self.which[chosen])


def _spendable(view: ChainView) -> Flags:
    spendable: Flags = view.out_type != DATA
    return spendable


def _script_type(view: ChainView) -> Flags:
    types = view.in_type.astype(np.int64)
    low, high = least(view.in_first, types), -least(view.in_first, -types)
    one = (low == high) & (low > 0)
    same: Flags = one[view.out_tx] & (view.out_type == low[view.out_tx])
    return same


def _smaller(view: ChainView) -> Flags:
    """Where an input's value is not known its `UNKNOWN` is the least, and nothing is below it."""
    smaller: Flags = view.out_value < least(view.in_first, view.in_value)[view.out_tx]
    return smaller


def _not_round(view: ChainView) -> Flags:
    odd: Flags = view.out_value % ROUND != 0
    return odd


def _fresh(view: ChainView) -> Flags:
    new = np.zeros(len(view.out_address), np.bool_)
    known = view.out_address >= 0
    new[known] = view.first_seen[view.out_address[known]] == view.out_tx[known]
    return new


def _fresh_and_smaller(view: ChainView) -> Flags:
    return _fresh(view) & _smaller(view)


def _peeling(view: ChainView) -> Flags:
    looks = (view.in_counts == 1) & (view.out_counts == 2)
    peels = np.zeros(len(view), np.bool_)
    known = view.in_output >= 0
    before = np.zeros(len(view.in_output), np.bool_)
    before[known] = looks[view.out_tx[view.in_output[known]]]
    np.logical_or.at(peels, view.in_tx, before)
    spent = view.spent_by >= 0
    after = np.zeros(len(view.out_value), np.bool_)
    after[spent] = looks[view.spent_by[spent]]
    np.logical_or.at(peels, view.out_tx, after)
    peels &= looks
    goes_on = ~spent
    goes_on[spent] = peels[view.spent_by[spent]]
    left: Flags = peels[view.out_tx] & goes_on
    return left


def _locktime(view: ChainView) -> Flags:
    spent = view.spent_by >= 0
    here = view.locktime[view.out_tx]
    there = np.where(spent, view.locktime[np.where(spent, view.spent_by, 0)], UNKNOWN)
    same = (there > 0) == (here > 0)
    left: Flags = (here != UNKNOWN) & (~spent | (same & (there != UNKNOWN)))
    return left


HEURISTICS: dict[str, Heuristic] = {
    heuristic.key: heuristic
    for heuristic in (
        Heuristic("reuse", "it pays back to an address that the transaction spends from", lambda view: view.pays_back),
        Heuristic("script_type", "it alone has the script type of all inputs", _script_type, "script types"),
        Heuristic("smaller", "it alone is smaller than the smallest input", _smaller, "input values"),
        Heuristic("round", "it alone is no multiple of 0.01 bitcoin", _not_round),
        Heuristic("fresh", "it alone pays to an address never seen before", _fresh),
        Heuristic("fresh_smaller", "it alone is smaller than every input and new", _fresh_and_smaller, "input values"),
        Heuristic("peeling", "it alone continues a chain of one input and two outputs", _peeling),
        Heuristic("locktime", "it alone is spent with the same use of the lock time", _locktime, "lock times"),
    )
}


def only_candidates(view: ChainView, heuristic: str, *, payments: bool = True) -> Ints:
    """Output rows that alone are left in their transaction.

    With `payments` as evidence must be: the transaction pays two outputs or more, and where one of them goes back to
    an address it spends from, that one is the change and no other is named.
    """
    spendable = _spendable(view)
    left = HEURISTICS[heuristic].candidates(view) & spendable & ~view.coinbase[view.out_tx]
    count = np.bincount(view.out_tx[left], minlength=len(view))
    alone = (count == 1) & (view.in_counts > 0)
    if payments:
        alone &= np.bincount(view.out_tx[spendable], minlength=len(view)) > 1
        back = view.pays_back
        left &= back | (np.bincount(view.out_tx[back], minlength=len(view)) == 0)[view.out_tx]
    rows: Ints = np.flatnonzero(left & alone[view.out_tx])
    return rows


def change_links(view: ChainView, heuristics: Iterable[str], usable: Flags) -> ChangeLinks:
    """The change that each heuristic names in the `usable` transactions, in chain order."""
    keys = tuple(dict.fromkeys(heuristics))
    rows = [only_candidates(view, key) for key in keys]
    which = np.repeat(np.arange(len(keys)), [len(found) for found in rows])
    row = np.concatenate([np.empty(0, np.int64), *rows])
    kept = usable[view.out_tx[row]] & (view.out_address[row] >= 0)
    row, which = row[kept], which[kept]
    order = np.lexsort((which, row))
    row, which = row[order], which[order]
    return ChangeLinks(keys, view.out_tx[row], row, view.out_address[row].astype(np.int64), which)
