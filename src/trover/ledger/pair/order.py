"""One order for rows of several accounts in which paired rows are one, or the debit comes first.

The rows of each account keep their order, and so do rows with a time of day. Only stretches of the ledger
that lie between the two rows of a pair are touched. Where the orders of the accounts leave no place for one
event, its rows stay two; where they leave no place for the debit before the credit, the pair is not made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trover.ledger.ledger import Ledger
from trover.ledger.pair.sides import Mask, Rows
from trover.ledger.precedence import kept


@dataclass(frozen=True)
class Arranged:
    """`rows`: event rows in their new order, those that are part of another event left out. For each pair whether
    it is `one` event, and whether no order lets it be made at all (`barred`)."""

    rows: Rows
    one: Mask
    barred: Mask


def arrange(ledger: Ledger, payer: Rows, payee: Rows, one: Mask) -> Arranged:
    """Arrange `ledger` so that each pair of event rows can be what it is to be: `one` event, or debit before credit."""
    stretches = _stretches(payer, payee, one)
    inside = np.zeros(len(ledger), bool)
    for first, last in stretches:
        inside[first : last + 1] = True
    accounts = _accounts_inside(ledger, inside)
    one, barred = one.copy(), np.zeros(len(payer), bool)
    at_row = _pairs_by_row(payer, payee)
    out: list[Rows] = []
    done = 0
    for first, last in stretches:
        out.append(np.arange(done, first))
        stretch = _Stretch(range(first, last + 1), accounts, ledger.timed, payer, payee, at_row)
        out.append(np.array(stretch.run(one, barred), np.int64))
        done = last + 1
    out.append(np.arange(done, len(ledger)))
    return Arranged(np.concatenate(out), one, barred)


def _stretches(payer: Rows, payee: Rows, one: Mask) -> list[tuple[int, int]]:
    """First and last row of each stretch between two rows that must meet or change places."""
    wanted = one | (payer > payee)
    ends = sorted(
        zip(np.minimum(payer, payee)[wanted].tolist(), np.maximum(payer, payee)[wanted].tolist(), strict=True)
    )
    merged: list[tuple[int, int]] = []
    for first, last in ends:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _accounts_inside(ledger: Ledger, rows: Mask) -> dict[int, list[int]]:
    """Event row -> the accounts inside the ledger that it moves, for the chosen rows."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for side, legs in (("inputs", ledger.inputs), ("outputs", ledger.outputs)):
        event, account = ledger.event_of(side), legs["account"].to_numpy()
        chosen = rows[event] & ~ledger.external[account]
        for row, moved in zip(event[chosen].tolist(), account[chosen].tolist(), strict=True):
            found[row].append(moved)
    return found


def _pairs_by_row(payer: Rows, payee: Rows) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for pair, rows in enumerate(zip(payer.tolist(), payee.tolist(), strict=True)):
        for row in rows:
            found[row].append(pair)
    return found


class _Stretch:
    """Rows of one stretch; a node is a row, and the payer's row of a pair that is one event is both rows."""

    def __init__(
        self, rows: range, accounts: dict[int, list[int]], timed: Mask, payer: Rows, payee: Rows,
        at_row: dict[int, list[int]],
    ) -> None:  # fmt: skip
        self.rows, self.accounts, self.timed, self.payer, self.payee = rows, accounts, timed, payer, payee
        here = {pair for row in rows for pair in at_row.get(row, ())}
        self.pairs = sorted(pair for pair in here if int(payer[pair]) in rows and int(payee[pair]) in rows)

    def run(self, one: Mask, barred: Mask) -> list[int]:
        """The rows in order. Changes `one` and `barred` where the orders of the accounts leave no choice."""
        while True:
            node = {int(self.payee[pair]): int(self.payer[pair]) for pair in self.pairs if one[pair]}
            after = self._after(node, one, barred)
            order, stuck = kept(after, [row for row in self.rows if row not in node])
            if not stuck:
                return order
            self._give_way(_cycle(after, stuck), one, barred)

    def _after(self, node: dict[int, int], one: Mask, barred: Mask) -> dict[int, set[int]]:
        """Node -> nodes that must come after it."""
        after: dict[int, set[int]] = defaultdict(set)
        last: dict[int, int] = {}
        clock = -1
        for row in self.rows:
            here = node.get(row, row)
            for account in self.accounts.get(row, ()):
                before = last.get(account, here)
                if before != here:
                    after[before].add(here)
                last[account] = here
            if self.timed[row] and not (here != row and self.timed[here]):
                if clock not in (-1, here):
                    after[clock].add(here)
                clock = here
        for pair in self.pairs:
            if not one[pair] and not barred[pair]:
                after[int(self.payer[pair])].add(int(self.payee[pair]))
        return after

    def _give_way(self, cycle: Sequence[int], one: Mask, barred: Mask) -> None:
        """Break a circle: one event becomes two, or else a pair is given up."""
        rows = set(cycle)
        for pair in self.pairs:
            if one[pair] and int(self.payer[pair]) in rows:
                one[pair] = False
                return
        for pair in self.pairs:
            if not barred[pair] and {int(self.payer[pair]), int(self.payee[pair])} <= rows:
                barred[pair] = True
                return
        raise AssertionError("rows of a ledger contradict their own order")


def _cycle(after: dict[int, set[int]], stuck: set[int]) -> list[int]:
    """Some circle among the stuck nodes: each has one before it that is stuck too."""
    before = {behind: node for node in sorted(stuck) for behind in after.get(node, ()) if behind in stuck}
    path: list[int] = []
    node = min(stuck)
    while node not in path:
        path.append(node)
        node = before[node]
    return path[path.index(node) :]
