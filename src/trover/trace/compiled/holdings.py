"""What the kernels found, as the mappings of a `Trace`; an account is looked up only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import NANO
from trover.trace.compiled.books import EXTERNAL, HELD, HI, KIND, LO, Books
from trover.trace.compiled.jit import Table
from trover.trace.compiled.loop import added_up, in_order
from trover.trace.lot import Content

T = TypeVar("T")


def summed(logs: Sequence[Table]) -> Table:
    """Rows (place, owner, low, high) added up by place and owner, in that order."""
    log = np.concatenate([table.reshape(-1, 4) for table in logs]) if logs else np.zeros((0, 4), np.int64)
    if not in_order(log):
        log = log[np.lexsort((log[:, 1], log[:, 0]))]
    return log[: added_up(log)]


def _pair(high: int, low: int) -> int:
    return (int(high) << 64) + int(low) % (1 << 64)


@dataclass
class Places:
    """Accounts, then sinks in the order in which they first received.

    `claimed`: rows of `summed`. A place is numbered as the sinks of `Books`.
    """

    ledger: Ledger
    books: Books
    claimed: Table
    good_faith: Sequence[str]
    owners: Sequence[str]

    @cached_property
    def accounts(self) -> dict[str, int]:
        """id -> row of each account that is not external."""
        inside = np.flatnonzero(self.books.account[:, KIND] & EXTERNAL == 0).tolist()
        ids = self.ledger.accounts["id"].to_pylist()
        return {ids[row]: row for row in inside}

    @cached_property
    def all(self) -> dict[str, int]:
        """id -> number of each account and each sink."""
        books, count = self.books, len(self.books.account)
        ids = self.ledger.accounts["id"].to_pylist()
        outside = np.flatnonzero((books.account[:, KIND] & EXTERNAL != 0) & (books.account[:, HELD] < -1)).tolist()
        sinks = {-2 - int(books.account[row, HELD]): (ids[row], row) for row in outside}
        for row in np.flatnonzero(books.overdraft[:, HELD]).tolist():
            sinks[int(books.overdraft[row, HELD]) - 1] = (f"OD:{ids[row]}", count + row)
        for row in np.flatnonzero(books.faith[:, HELD]).tolist():
            sinks[int(books.faith[row, HELD]) - 1] = (f"BFP:{self.good_faith[row]}", 2 * count + row)
        return self.accounts | dict(sinks[order] for order in sorted(sinks))

    def balance(self, place: int) -> int:
        count = len(self.books.account)
        table = (self.books.account, self.books.overdraft, self.books.faith)[min(place // count, 2)]
        row = place - count * min(place // count, 2)
        return _pair(table[row, HI], table[row, LO])

    def total(self, place: int) -> int:
        """Minor units: the balance of an account, 0 where overdrawn; what a sink received."""
        balance = self.balance(place)
        return balance if self.is_sink(place) else max(balance, 0)

    def is_sink(self, place: int) -> bool:
        return place >= len(self.books.account) or bool(self.books.account[place, KIND] & EXTERNAL)

    def content(self, place: int) -> Content:
        first, last = np.searchsorted(self.claimed[:, 0], (place, place + 1))
        rows = self.claimed[first:last].tolist()
        held = {self.owners[owner]: quantity for _, owner, low, high in rows if (quantity := _pair(high, low))}
        own = self.total(place) * NANO - sum(held.values())
        return held | ({self.owners[-1]: own} if own else {})


class Lookup(Mapping[str, T], Generic[T]):
    """id -> what `read` finds at its place; not even the ids are listed before one is asked for."""

    def __init__(self, list_places: Callable[[], Mapping[str, int]], read: Callable[[int], T]) -> None:
        self._list_places, self._read = list_places, read

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return self._list_places()

    def __getitem__(self, id: str) -> T:
        return self._read(self._places[id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
