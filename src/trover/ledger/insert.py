"""Events put into a ledger in places of their own: directly after a row, at the time of that row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from trover.ledger.event import Account, Event
from trover.ledger.join import join
from trover.ledger.ledger import Ledger


def inserted(
    ledger: Ledger,
    events: Sequence[tuple[int, Event]],
    accounts: Iterable[Account] = (),
    instead: Mapping[int, Event] | None = None,
) -> Ledger:
    """`ledger` with each event directly after the row beside it, in the order given.

    accounts: those that the events need beside the ledger's own. instead: row -> the event that takes its place.
    Every row keeps its place and its time; posting orders are dealt out anew.
    """
    instead = instead or {}
    if not events and not instead:
        return ledger
    step = 1 + max(Counter(row for row, _ in events).values(), default=0)
    whole = ledger.with_columns(seq=pa.array(step * np.arange(len(ledger), dtype=np.int64)))
    rows = sorted({*instead, *(row for row, _ in events)})
    at = dict(zip(rows, whole.take(np.array(rows, np.int64)), strict=True))
    used: Counter[int] = Counter()
    placed = [replace(event, time=at[row].time, seq=at[row].seq) for row, event in instead.items()]
    for row, event in events:
        used[row] += 1
        placed.append(replace(event, time=at[row].time, seq=at[row].seq + used[row]))
    kept = np.setdiff1d(np.arange(len(ledger)), np.array(sorted(instead), np.int64))
    return join([whole.take(kept), Ledger.of([*ledger.account_list, *accounts], placed)])
