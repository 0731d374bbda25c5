"""What new records must fit in with: accounts, ids and corrections of the ledger they are added to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow.compute as pc

from trover.ledger.event import Account, Event
from trover.ledger.ledger import Ledger
from trover.ledger.outputs import OutputIndex


class Base:
    """Parts of a ledger seen by what is added to them. `add` makes it larger: many files cost one look at each."""

    def __init__(self, *parts: Ledger) -> None:
        self.accounts: dict[str, Account] = {}
        self.ids: set[str] = set()
        self.replaces: dict[str, str] = {}
        """Id of a row that replaces another -> that other."""
        self.outputs = OutputIndex()
        self._parts: list[Ledger] = []
        for part in parts:
            self.add(part)

    def add(self, part: Ledger) -> None:
        if not len(part):
            return
        self.accounts |= part.account_by_id
        self.ids.update(part.events["id"].to_pylist())
        changed = part.events.filter(pc.not_equal(part.events["replaces"], ""))
        self.replaces |= dict(zip(changed["id"].to_pylist(), changed["replaces"].to_pylist(), strict=True))
        self.outputs.add(part)
        self._parts.append(part)

    def events(self) -> Iterator[Event]:
        """Every event, part by part, as objects."""
        for part in self._parts:
            yield from part

    def among(self, ids: Collection[str]) -> Iterator[Event]:
        """The events with these ids, as objects."""
        for part in self._parts:
            rows = np.flatnonzero(part.among(ids))
            if len(rows):
                yield from part.take(rows)
