"""A ledger with its statements put together: rows that repeat once, statements in order, gaps as events.

An account is drained into its gap before it and filled from it again after it, so that what reaches the gap is
stated as reached, and nothing is carried over it. What comes back is nobody's claim. Where a person found that
composition carries on, only the net difference is booked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from trover.ledger.event import Account, AccountKind, Event, Input, Output
from trover.ledger.gap.span import Examined, Gap
from trover.ledger.gap.stand import Rows, Stand
from trover.ledger.join import join
from trover.ledger.ledger import Ledger
from trover.ledger.pair import counted_once

KIND = "gap"
_MICRO = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = 4
"""Posting orders are dealt out so far apart that the events of a gap find room between two rows of one time."""


def put_together(ledger: Ledger, found: Examined, bridged: Collection[str] = ()) -> Ledger:
    """`ledger` as `found` says it is to be read. `bridged`: sinks of the gaps that a person's finding bridges."""
    ledger = _in_order(_without(ledger, found), found)
    held = {(account.id, account.currency) for account in ledger.account_list}
    gaps = [gap for gap in found.gaps if gap.stops and (gap.account, gap.currency) in held]
    if not gaps:
        return ledger
    stand = Stand(ledger)
    places = [_place(stand, found, gap) for gap in gaps]
    if any(drain == filled for drain, filled, _ in places):
        ledger = _renumbered(ledger)
    events: list[Event] = []
    accounts = {account.id: account for account in ledger.account_list}
    for gap, (drain, filled, after) in zip(gaps, places, strict=True):
        accounts.setdefault(gap.sink, Account(gap.sink, gap.currency, AccountKind.EXTERNAL, _holder(gap)))
        seq = _STEP * after + 1 if drain == filled else 0
        events += _events(gap, drain, filled, seq, gap.sink in bridged)
    return join([ledger, Ledger.of(accounts.values(), events)])


def _holder(gap: Gap) -> str:
    days = f"{gap.start.isoformat()} to {gap.end.isoformat()}" if gap.start < gap.end else gap.start.isoformat()
    return f"gap in {gap.account}, {days}"


def _events(gap: Gap, drain: datetime, filled: datetime, seq: int, is_bridged: bool) -> list[Event]:
    assert gap.after is not None
    if is_bridged:
        return _moves(gap, gap.after - gap.before, filled, seq + 1, "bridged")
    return [
        *_moves(gap, -gap.before, drain, seq, "reached"),
        *_moves(gap, gap.after, filled, seq + 1, "resumed"),
    ]


def _moves(gap: Gap, change: int, time: datetime, seq: int, name: str) -> list[Event]:
    """The event that adds `change` to the account, from the gap or into it; none for zero."""
    if not change:
        return []
    giver, taker = (gap.sink, gap.account) if change > 0 else (gap.account, gap.sink)
    legs = (Input(giver, abs(change)),), (Output(taker, abs(change), abs(change)),)
    day = gap.end if name != "reached" else gap.start
    id = f"{gap.sink.removeprefix('EXT:')}:{name}"
    return [Event(id, time, seq, *legs, kind=KIND, note=gap.why.value, time_text=day.isoformat())]


def _place(stand: Stand, found: Examined, gap: Gap) -> tuple[datetime, datetime, int]:
    """When the account is drained and when it is filled again, and the row after which both stand if at one time."""
    names = found.order[gap.account, gap.currency]
    rows = np.unique(np.concatenate([stand.rows(name) for name in names]))
    if gap.last in names and gap.next in names and not gap.rows_out and gap.start == gap.end:
        cut = names.index(gap.next)
        first = np.unique(np.concatenate([stand.rows(name) for name in names[:cut]]))
        second = np.setdiff1d(rows, first)
    else:
        days = stand.days()[rows]
        first, second = rows[days < gap.start.toordinal()], rows[days > gap.end.toordinal()]
    begin = datetime.combine(gap.start, datetime.min.time(), UTC)
    end = datetime.combine(gap.end, datetime.min.time(), UTC) + timedelta(days=1) - _MICRO
    after = int(first[-1]) if len(first) else -1
    earliest = _moment(int(stand.time[first].max())) + _MICRO if len(first) else begin
    latest = _moment(int(stand.time[second].min())) - _MICRO if len(second) else max(end, earliest + _MICRO)
    if earliest >= latest:
        moment = earliest - _MICRO
        return moment, moment, after
    drain = min(max(begin, earliest), latest - _MICRO)
    return drain, max(min(end, latest), drain + _MICRO), after


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _without(ledger: Ledger, found: Examined) -> Ledger:
    """Without rows that repeat, each kept as a second row of evidence of the one it repeats, and contradicted ones."""
    ledger = counted_once(ledger, found.repeated)
    if not found.rows_out:
        return ledger
    return ledger.take(np.flatnonzero(~ledger.among(found.rows_out)))


def _in_order(ledger: Ledger, found: Examined) -> Ledger:
    """Where two statements of an account have rows at one time, those of the earlier statement first.

    The rows of one account change places among themselves; those of other accounts stay where they are.
    """
    several = [names for names in found.order.values() if len(names) > 1]
    if not several:
        return ledger
    stand = Stand(ledger)
    order = np.arange(len(ledger), dtype=np.int64)
    for names in several:
        rows, rank = _ranked(stand, names)
        places = np.sort(rows)
        wanted = rows[np.lexsort((rows, rank, stand.time[rows]))]
        if not np.array_equal(places, wanted):
            order[places] = order[wanted]
    if np.array_equal(order, np.arange(len(ledger))):
        return ledger
    return _renumbered(ledger.take(order))


def _ranked(stand: Stand, names: Sequence[tuple[str, str]]) -> tuple[Rows, Rows]:
    """Rows of an account's statements, each once, with the place of its statement."""
    parts = [stand.rows(name) for name in names]
    rows = np.concatenate(parts)
    rank = np.concatenate([np.full(len(part), place, np.int64) for place, part in enumerate(parts)])
    first = np.unique(rows, return_index=True)[1]
    return rows[first], rank[first]


def _renumbered(ledger: Ledger) -> Ledger:
    """The same order, each event with a posting order of its own."""
    return ledger.with_columns(seq=pa.array(_STEP * np.arange(len(ledger), dtype=np.int64)))
