"""Which events of a ledger stand on which statement, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.gap.span import Movement, Span
from trover.ledger.gate.gather import day_of
from trover.ledger.ledger import Ledger

Rows = npt.NDArray[np.int64]
_EPOCH = 719_163
"""Ordinal of 1970-01-01."""


class Stand:
    """Pairs of an event and a statement it stands on: `event` is its row, `code` the statement's place in `names`."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        lists = ledger.events["statements"]
        parents = pc.list_parent_indices(lists)
        sources = ledger.events["source"].take(parents)
        named = pc.binary_join_element_wise(sources, pc.list_flatten(lists), "\n")
        encoded = named.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        self.event: Rows = parents.to_numpy().astype(np.int64)
        self.code: Rows = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        self.names = [_name(text) for text in encoded.dictionary.to_pylist()]
        self.codes = {name: code for code, name in enumerate(self.names)}
        self.time: Rows = ledger.events["time"].cast(pa.int64()).to_numpy()
        self._order: Rows = np.argsort(self.code, kind="stable")
        self._starts: Rows = np.searchsorted(self.code[self._order], np.arange(len(self.names) + 1))

    def rows(self, name: tuple[str, str]) -> Rows:
        """Rows of the events on statement `name` (SHA-256 and id), in ledger order."""
        code = self.codes.get(name)
        if code is None:
            return np.zeros(0, np.int64)
        return self.event[self._order[self._starts[code] : self._starts[code + 1]]]

    def days(self) -> Rows:
        """Ordinal of the day of each event, as its source writes it (`day_of`)."""
        return self.ledger.days + _EPOCH

    def movements(self, span: Span) -> Sequence[Movement]:
        """The rows of `span` in order."""
        return list(self._movements(span))

    def _movements(self, span: Span) -> Iterator[Movement]:
        for event in self.ledger.take(self.rows(span.name)):
            change = sum(out.amount for out in event.outputs if out.account == span.account)
            change -= sum(leg.amount for leg in event.inputs if leg.account == span.account)
            balance = event.balance if event.balance_account in ("", span.account) else None
            legs = {leg.account for leg in event.inputs} | {out.account for out in event.outputs}
            parties = sorted(legs - {span.account})
            yield Movement(event.id, day_of(event), change, balance, event.references, " ".join(parties))


def _name(text: str) -> tuple[str, str]:
    source, _, id = text.partition("\n")
    return source, id
