"""Movements of Ethereum as the ledger that is traced has them: once each, in the order of the chain, nothing overdrawn.

What is stored stays as each file states it. The same transfer may stand in the files of its sender, of its receiver
and of a block; no file shows what an address held before the first row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.build import LARGEST
from trover.ledger.ledger import Ledger
from trover.ledger.pair import counted_once
from trover.ledger.settle_ethereum import NUMBERED, content_of, contradict, name_of
from trover.sources.chain.ethereum.transfer import (
    BLOCKS,
    FAILED,
    LOGS,
    TRANSACTION,
    TRANSACTIONS,
    UNSTATED,
    WITHOUT_FEE,
    WITHOUT_RECEIPT,
    path_of,
)

PREFIX = "eth:"
_Rows = npt.NDArray[np.int64]
_NAME = re.compile(
    r"(?P<hash>0x[0-9a-f]{64})(?::(?P<word>trace|log|internal|token|flow):(?P<place>[0-9_]+))?", re.ASCII
)
_ODD = rf"^[0-9a-f]{{12}}:|{NUMBERED.pattern}"
"""Ids that carry the hash of a file, and those of movements whose place no file states."""
_BEST = {TRANSACTION: 0, FAILED: 0, WITHOUT_FEE: 1, WITHOUT_RECEIPT: 2}
_STATED = {"internal": "trace", "token": "log", "flow": "flow"}


def movements(ledger: Ledger) -> _Rows:
    """Rows of the events that move ether or tokens between addresses."""
    own = pc.starts_with(ledger.accounts["id"], PREFIX).to_numpy().astype(bool)
    chosen = np.zeros(len(ledger), bool)
    if own.any():
        for side, legs in (("inputs", ledger.inputs), ("outputs", ledger.outputs)):
            chosen[ledger.event_of(side)[own[legs["account"].to_numpy()]]] = True
    return np.flatnonzero(chosen)


@dataclass(frozen=True, slots=True)
class _Row:
    """One movement: `name` without the hash of its file, `word` and `place` of what is not the transaction itself."""

    id: str
    name: str
    hash: str
    word: str
    place: str
    kind: str
    source: str
    seq: int
    content: tuple[object, ...]

    @property
    def is_placed(self) -> bool:
        return self.word not in _STATED


def _read(ledger: Ledger, rows: _Rows) -> list[_Row]:
    part = ledger.take(rows)
    found = []
    for event in part:
        name = name_of(event.id)
        match = _NAME.fullmatch(name)
        hash, word, place = (match["hash"], match["word"] or "", match["place"] or "") if match else ("", "", "")
        source = event.source.sha256 if event.source else ""
        found.append(_Row(event.id, name, hash, word, place, event.kind, source, event.seq, content_of(event)))
    return found


@dataclass(frozen=True)
class Once:
    """`ledger` with each movement once. `same`: id left out -> id kept; `contradicted`: ids that two files state
    differently, of which the first counts."""

    ledger: Ledger
    same: dict[str, str]
    contradicted: tuple[str, ...] = ()


def once(ledger: Ledger) -> Once:
    """Each movement once, under its own name, in the order of the chain."""
    rows = movements(ledger)
    if not len(rows) or _is_plain(ledger, rows):
        return Once(ledger, {})
    every = _read(ledger, rows)
    same, contradicted = _same(every)
    ledger = _in_chain_order(ledger, rows, every)
    ledger = counted_once(ledger, same)
    named = _renamed(every, same)
    if named:
        ledger = ledger.with_columns(id=pa.array([named.get(id, id) for id in ledger.events["id"].to_pylist()]))
    kept = {gone: named.get(first, first) for gone, first in same.items()}
    return Once(ledger, kept, tuple(named.get(id, id) for id in contradicted))


def _is_plain(ledger: Ledger, rows: _Rows) -> bool:
    """Whether each movement stands in one file that states its place, as in an export of whole blocks."""
    odd = pc.match_substring_regex(ledger.events["id"].take(pa.array(rows)), _ODD)
    posted = ledger.events["seq"].to_numpy()[rows]
    if pc.any(odd).as_py() or bool((posted % BLOCKS // TRANSACTIONS >= UNSTATED).any()):
        return False
    return len(np.unique(posted)) == len(posted)


def _same(every: Iterable[_Row]) -> tuple[dict[str, str], list[str]]:
    """Id left out -> id kept, and ids kept that another file contradicts.

    Where files state the place of a movement, it is told by that; else the n-th of one content in a file is the n-th
    of that content in another.
    """
    placed: defaultdict[str, list[_Row]] = defaultdict(list)
    loose: defaultdict[tuple[object, ...], defaultdict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for row in every:
        if row.is_placed:
            placed[row.name].append(row)
        else:
            loose[row.hash, _STATED[row.word], *row.content][row.source].append(row)
    same: dict[str, str] = {}
    contradicted = []
    known: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for rows in placed.values():
        best = min(rows, key=lambda row: _BEST.get(row.kind, 0))
        same |= {row.id: best.id for row in rows if row.id != best.id}
        if any(contradict((best.kind, best.content), (row.kind, row.content)) for row in rows):
            contradicted.append(best.id)
        known[best.hash, best.word, *best.content].append(best.id)
    for content, files in loose.items():
        kept = known[content]
        for rows in files.values():
            for number, row in enumerate(rows):
                if number < len(kept):
                    same[row.id] = kept[number]
                else:
                    kept.append(row.id)
    return same, contradicted


def _renamed(every: Iterable[_Row], same: dict[str, str]) -> dict[str, str]:
    """Id -> name, for movements that another file's name made carry the hash of their own."""
    kept = [row for row in every if row.id not in same]
    taken = {row.id for row in kept}
    named: dict[str, str] = {}
    for row in kept:
        if row.id != row.name and row.name not in taken:
            named[row.id] = row.name
            taken.add(row.name)
    return named


def _in_chain_order(ledger: Ledger, rows: _Rows, every: list[_Row]) -> Ledger:
    """Movements by block, transaction and place; a place that one file leaves open is taken from another."""
    index: dict[str, int] = {}
    for row in every:
        given = row.seq % BLOCKS // TRANSACTIONS
        if row.hash and given < UNSTATED:
            index.setdefault(row.hash, given)
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for at, row in enumerate(every):
        groups[row.seq // BLOCKS, row.hash].append(at)
    posted = ledger.events["seq"].to_numpy().copy()
    for (block, hash), members in groups.items():
        if not hash:
            continue
        given = min(index.get(hash, every[at].seq % BLOCKS // TRANSACTIONS) for at in members)
        counts = [0, 0]
        for at in sorted(members, key=lambda at: _inside(every[at])):
            logs = every[at].word in ("log", "token")
            counts[logs] += bool(every[at].word)
            posted[rows[at]] = block * BLOCKS + given * TRANSACTIONS + LOGS * logs + min(counts[logs], LOGS - 1)
    ledger = ledger.with_columns(seq=pa.array(posted))
    times = ledger.events["time"].cast(pa.int64()).to_numpy()
    order = np.lexsort((posted, times)).astype(np.int64)
    return ledger if np.array_equal(order, np.arange(len(order))) else ledger.take(order)


def _inside(row: _Row) -> tuple[object, ...]:
    path = path_of(row.place) if row.word in ("trace", "log") else ()
    return row.word in ("log", "token"), not row.is_placed, path, row.seq


def held_before(ledger: Ledger) -> tuple[Ledger, dict[str, int]]:
    """Addresses that pay out more than the rows bring them open with the least that the rows need.

    No file shows what an address held before its first row. Also account -> that least amount, in smallest units,
    or the largest that the ledger can say.
    """
    own = pc.starts_with(ledger.accounts["id"], PREFIX).to_numpy().astype(bool)
    if not own.any():
        return ledger, {}
    balance: dict[int, int] = {}
    lowest: dict[int, int] = {}
    for account, change in _changes(ledger, own):
        balance[account] = now = balance.get(account, 0) + change
        if now < lowest.get(account, 0):
            lowest[account] = now
    openings = {
        account.id: min(-lowest[row], LARGEST - 1)
        for row, account in enumerate(ledger.account_list)
        if row in lowest and -lowest[row] > account.opening
    }
    return ledger.with_openings(openings), openings


def _changes(ledger: Ledger, own: npt.NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Row of an account and what an event adds to it, event by event, what goes out before what comes in."""
    legs = []
    for side, table, sign in (("inputs", ledger.inputs, -1), ("outputs", ledger.outputs, 1)):
        chosen = np.flatnonzero(own[table["account"].to_numpy()])
        events = ledger.event_of(side)[chosen].tolist()
        accounts, amounts = (table[name].take(chosen).to_pylist() for name in ("account", "amount"))
        legs += [
            (event, sign, account, sign * int(x)) for event, account, x in zip(events, accounts, amounts, strict=True)
        ]
    legs.sort(key=lambda leg: leg[:2])
    return ((account, change) for _, _, account, change in legs)
