"""The order of rows that printed balances prove, made the posting order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from trover.ledger.gate import Order, Verdict
from trover.ledger.precedence import kept
from trover.sources.record import EventRecord

_Key = tuple[datetime, int, int]


def in_proven_order(events: Sequence[EventRecord], verdicts: Iterable[Verdict]) -> list[EventRecord]:
    """The events with posting orders (`seq`) such that the rows of every proven statement stand as it proves.

    The posting orders are those the file gave, dealt out anew. Where a proven order goes against the times printed
    beside the rows, a row is given the time of the row before it if that is later; its original text stays. Where
    two statements of one file prove orders that exclude each other, all is left as printed.
    """
    chains = [verdict.rows for verdict in verdicts if verdict.order is not Order.NONE and len(verdict.rows) > 1]
    keys: dict[str, _Key] = {e.id: (e.time, e.seq, number) for number, e in enumerate(events)}
    if all(keys[one] < keys[two] for chain in chains for one, two in pairwise(chain)):
        return list(events)
    order = _merged(chains, keys)
    if order is None:
        return list(events)
    posted = sorted(keys[id][1] for id in order)
    if len(set(posted)) < len(posted):
        posted = list(range(1, len(order) + 1))
    seqs = dict(zip(order, posted, strict=True))
    times = _times(chains, order, keys)
    return [replace(e, seq=seqs[e.id], time=times[e.id]) if e.id in seqs else e for e in events]


def _merged(chains: Sequence[Sequence[str]], keys: Mapping[str, _Key]) -> list[str] | None:
    """All rows of the chains in an order that keeps each, the earliest as printed first; None if there is none."""
    rows = sorted({id for chain in chains for id in chain}, key=lambda id: (keys[id], id))
    rank = {id: number for number, id in enumerate(rows)}
    after: defaultdict[int, set[int]] = defaultdict(set)
    for chain in chains:
        for one, two in pairwise(chain):
            after[rank[one]].add(rank[two])
    order, stuck = kept(after, rank.values())
    return None if stuck else [rows[number] for number in order]


def _times(chains: Sequence[Sequence[str]], order: Sequence[str], keys: Mapping[str, _Key]) -> dict[str, datetime]:
    """Time of each row: its own, or that of the latest row before it in a chain."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for one, two in pairwise(chain):
            before[two].append(one)
    times: dict[str, datetime] = {}
    for id in order:
        times[id] = max([keys[id][0], *(times[one] for one in before[id])])
    return times
