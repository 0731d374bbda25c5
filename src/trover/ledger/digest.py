"""The canonical text of a ledger and its hash: what a result is bound to, and what a bundle carries.

Four CSV tables in UTF-8, each with a header line, LF at the end of every line, columns and order as in
`COLUMNS`. Accounts stand in the ledger's order, events in ledger order, legs in the order of their
events: inputs (`in`), then outputs (`out`), counted from 1. `also` lists, in the order of their events, the
other rows of evidence that state the same event. Integers are plain digits with - where
negative; times are UTC as 2012-07-06T00:00:00.000000Z; a value is quoted with " only if it holds a
comma, a quote, CR or LF, and a quote inside is doubled. `cost` is empty for inputs, `row` for events
without source. Printed balances and references are left out: they were compared with the rows and change no
figure. So are addresses of outputs: they follow from the transactions that the sources hold.

The ledger hash is the SHA-256 of `accounts.csv <hash>`, `also.csv <hash>`, `events.csv <hash>`,
`legs.csv <hash>`, one line each with LF at its end, where <hash> is the SHA-256 of that table in lower-case
hexadecimal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.ledger import OTHER_ROW, Ledger

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "accounts.csv": ("id", "currency", "kind", "holder", "opening"),
    "also.csv": ("event", "id", "source", "page", "row", "note"),
    "events.csv": (
        "id", "time", "time_text", "seq", "kind", "note", "reverses", "replaces", "source", "page", "row",
    ),
    "legs.csv": ("event", "side", "leg", "account", "amount", "cost"),
}  # fmt: skip
BATCH = 50_000
_SPECIAL = '[",\r\n]'


def canonical(ledger: Ledger) -> dict[str, Iterator[bytes]]:
    """The canonical tables by file name, each as a stream of chunks; nothing is held whole."""
    return {
        "accounts.csv": _table("accounts.csv", _accounts(ledger)),
        "also.csv": _table("also.csv", _also(ledger)),
        "events.csv": _table("events.csv", _events(ledger)),
        "legs.csv": _table("legs.csv", _legs(ledger)),
    }


def ledger_hash(ledger: Ledger) -> str:
    """The hash of the ledger's canonical text, in lower-case hexadecimal."""
    hashes = {}
    for name, chunks in canonical(ledger).items():
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
        hashes[name] = digest.hexdigest()
    return combined(hashes)


def combined(hashes: Mapping[str, str]) -> str:
    """The ledger hash from the hashes of its tables."""
    text = "".join(f"{name} {hashes[name]}\n" for name in COLUMNS)
    return hashlib.sha256(text.encode()).hexdigest()


_Rows = Iterator[list[list[str]]]


def _table(name: str, batches: _Rows) -> Iterator[bytes]:
    yield (",".join(COLUMNS[name]) + "\n").encode()
    for columns in batches:
        lines = "\n".join(map(",".join, zip(*columns, strict=True)))
        if lines:
            yield (lines + "\n").encode()


def _accounts(ledger: Ledger) -> _Rows:
    for start in range(0, ledger.accounts.num_rows, BATCH):
        part = ledger.accounts.slice(start, BATCH)
        yield [_text(part[name]) for name in ("id", "currency", "kind", "holder")] + [_digits(part["opening"])]


def _events(ledger: Ledger) -> _Rows:
    for start in range(0, ledger.events.num_rows, BATCH):
        part = ledger.events.slice(start, BATCH)
        sources = part["source"].to_pylist()
        rows = [row if source else "" for row, source in zip(_digits(part["row"]), sources, strict=True)]
        yield [
            _text(part["id"]),
            _times(part["time"]),
            _text(part["time_text"]),
            _digits(part["seq"]),
            *(_text(part[name]) for name in ("kind", "note", "reverses", "replaces", "source", "page")),
            rows,
        ]


def _also(ledger: Ledger) -> _Rows:
    told = ledger.with_others
    for start in range(0, told.num_rows, BATCH):
        part = told.slice(start, BATCH).combine_chunks()
        lists = part["also"].combine_chunks()
        rows = pa.Table.from_struct_array(pa.chunked_array([pc.list_flatten(lists)], OTHER_ROW))
        event = part["id"].take(pc.list_parent_indices(lists))
        places = zip(_digits(rows["row"]), rows["source"].to_pylist(), strict=True)
        yield [
            _text(event),
            *(_text(rows[name]) for name in ("id", "source", "page")),
            [row if source else "" for row, source in places],
            _text(rows["note"]),
        ]


def _legs(ledger: Ledger) -> _Rows:
    """Legs of one batch of events after another, inputs and outputs of an event side by side."""
    names = np.array(_text(ledger.accounts["id"]), dtype=object)
    first = {side: ledger.first_leg(side) for side in ("inputs", "outputs")}
    for start in range(0, ledger.events.num_rows, BATCH):
        part = ledger.events.slice(start, BATCH)
        ids = np.array(_text(part["id"]), dtype=object)
        parts = []
        for side, legs in (("inputs", ledger.inputs), ("outputs", ledger.outputs)):
            counts = part[side].to_numpy().astype(np.int64)
            chosen = legs.slice(int(first[side][start]), int(counts.sum()))
            parts.append(_side(side, chosen, counts, ids, names))
        event, rank = (np.concatenate([p[key] for p in parts]) for key in ("event", "rank"))
        order = np.lexsort((rank, event))
        columns = ("id", "side", "leg", "account", "amount", "cost")
        yield [list(np.concatenate([p[name] for p in parts])[order]) for name in columns]


def _side(side: str, legs: pa.Table, counts: Any, ids: Any, names: Any) -> dict[str, Any]:
    event = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(event)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    is_output = side == "outputs"
    return {
        "event": event,
        "rank": number + is_output * np.int64(2**40),
        "id": ids[event],
        "side": np.full(len(event), "out" if is_output else "in", dtype=object),
        "leg": number.astype(str).astype(object),
        "account": names[legs["account"].to_numpy()],
        "amount": np.array(_digits(legs["amount"]), dtype=object),
        "cost": np.array(_digits(legs["cost"]) if is_output else [""] * len(event), dtype=object),
    }


def _text(column: pa.ChunkedArray) -> list[str]:
    values: list[str] = column.to_pylist()
    special = pc.match_substring_regex(column, _SPECIAL)
    if pc.any(special).as_py():
        for row in np.flatnonzero(special.to_numpy()):
            values[row] = '"' + values[row].replace('"', '""') + '"'
    return values


def _digits(column: pa.ChunkedArray) -> list[str]:
    digits: list[str] = pc.cast(column, pa.string()).to_pylist()
    return digits


def _times(column: pa.ChunkedArray) -> list[str]:
    moments = pc.cast(column, pa.int64()).to_numpy().astype("datetime64[us]")
    return [f"{text}Z" for text in np.datetime_as_string(moments, unit="us")]
