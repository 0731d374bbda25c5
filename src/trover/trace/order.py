"""The order in which an engine runs events: time, tie, posting order, and what findings move (rules 1.2, 1.7, 2.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.ledger import Ledger

Rows = npt.NDArray[np.int64]


def reorder(ledger: Ledger, tie: Rows, backward: Mapping[str, str], returns: Mapping[str, str]) -> Ledger:
    """Sort by time, tie and posting order; a return never precedes what it returns.

    A credit linked backward moves to the instant before the debit it funded, wherever that has moved to.
    """
    time = ledger.events["time"].cast(pa.int64()).to_numpy()
    seq = ledger.events["seq"].to_numpy()
    order: Rows = np.lexsort((seq, tie, time)).astype(np.int64)
    funds, first = _moves(ledger, order, backward, returns)
    if funds or first:
        order = order[_Emission(funds, first).run(len(order))]
    if np.array_equal(order, np.arange(len(ledger))):
        return ledger
    return ledger.take(order)


def _moves(
    ledger: Ledger, order: Rows, backward: Mapping[str, str], returns: Mapping[str, str]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Places in `order`: debit -> the later credits that funded it; return -> the payment it would precede.

    Where any credit moves, every return waits for its payment.
    """
    place = _places(ledger, order, {*backward, *backward.values(), *returns, *returns.values()})
    funds: dict[int, list[int]] = defaultdict(list)
    for credit, debit in backward.items():
        if credit in place and debit in place and place[credit] > place[debit]:
            funds[place[debit]].append(place[credit])
    for credits in funds.values():
        credits.sort()
    pairs = {place[again]: place[first] for again, first in returns.items() if again in place and first in place}
    return dict(funds), {again: first for again, first in pairs.items() if funds or again < first}


def _places(ledger: Ledger, order: Rows, ids: set[str]) -> dict[str, int]:
    if not ids:
        return {}
    names = pa.array(sorted(ids), pa.string())
    found = pc.index_in(ledger.events["id"], value_set=names).take(pa.array(order))
    at = np.flatnonzero(found.is_valid().to_numpy())
    return {names[found[int(i)].as_py()].as_py(): int(i) for i in at}


class _Emission:
    """Places one after another: what funds a debit just before it, a return as soon as its payment is out."""

    def __init__(self, funds: dict[int, list[int]], first: dict[int, int]) -> None:
        self.funds, self.first = funds, first
        self.waiting: dict[int, list[int]] = defaultdict(list)
        self.out: dict[int, None] = {}

    def run(self, count: int) -> Rows:
        for place in range(count):
            self._emit(place)
        left = [place for place in range(count) if place not in self.out]
        return np.array([*self.out, *left], np.int64)

    def _emit(self, place: int) -> None:
        todo = [place]
        while todo:
            now = todo[-1]
            before = [credit for credit in self.funds.pop(now, ()) if credit not in self.out]
            if before:
                todo += reversed(before)
                continue
            todo.pop()
            first = self.first.get(now, -1)
            if first >= 0 and first not in self.out:
                self.waiting[first].append(now)
            elif now not in self.out:
                self.out[now] = None
                todo += reversed(self.waiting.pop(now, []))
