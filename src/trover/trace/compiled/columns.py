"""A ledger's columns as the tables the kernels read, without a copy where Arrow allows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.event import FEE as FEE_ID
from trover.ledger.event import AccountKind, in_currency, party_id
from trover.ledger.ledger import Ledger
from trover.trace.compiled.books import ASSET, EXTERNAL, FEE, HELD, HI, KIND, LO, PRESERVED, Legs
from trover.trace.compiled.jit import Table, Vector

WIDEST = 2.0**95
"""Minor units that may move in a ledger in all, so that nano units and their sums fit 127 bits."""

NOTHING: Table = np.zeros(0, np.int64)


def words(column: pa.ChunkedArray) -> Table:
    """Amounts as rows of one 64-bit word, or of two (low, high) for decimals."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], column.type)
    if not pa.types.is_decimal(array.type):
        return np.asarray(array.to_numpy(zero_copy_only=False), np.int64).reshape(-1, 1)
    stored = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
    return stored[array.offset : array.offset + len(array)]


def volume(amounts: Table) -> float:
    """What all amounts sum to at most, near enough to compare with a limit."""
    if not len(amounts):
        return 0.0
    if amounts.shape[1] == 1:
        return float(max(abs(int(amounts.min())), abs(int(amounts.max())))) * len(amounts)
    return float(np.abs(amounts[:, 1].astype(np.float64) * 2.0**64 + amounts[:, 0].view(np.uint64)).sum())


def positive(amounts: Table) -> bool:
    if not len(amounts):
        return True
    top = amounts[:, -1]
    if amounts.shape[1] == 1:
        return bool(top.min() > 0)
    return bool(((top > 0) | ((top == 0) & (amounts[:, 0] != 0))).all())


def legs_of(ledger: Ledger) -> Legs:
    inputs, outputs = ledger.inputs, ledger.outputs
    amount, cost = words(outputs["amount"]), words(outputs["cost"])
    tables: tuple[Any, ...] = (
        _accounts(inputs["account"]),
        words(inputs["amount"]),
        _starts(ledger, "inputs"),
        _accounts(outputs["account"]),
        amount,
        cost,
        _starts(ledger, "outputs"),
    )
    return Legs(*map(_read_only, tables))


def _read_only(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Arrow's memory is read-only; kernels are compiled once if all tables of legs are."""
    view = table.view()
    view.flags.writeable = False
    return view


def _accounts(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    return np.ascontiguousarray(column.to_numpy(), np.int32)


def _starts(ledger: Ledger, side: str) -> Table:
    """Row of the first leg of each event and the end; nothing where every event has one leg on this side."""
    counts = ledger.events[side].to_numpy()
    if len(counts) and counts.min() == counts.max() == 1:
        return NOTHING
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def accounts_of(ledger: Ledger, dissipated: Iterable[str]) -> Table:
    """Balance, no lots, kind of each account."""
    table = np.zeros((ledger.accounts.num_rows, 4), np.int64)
    opening = words(ledger.accounts["opening"])
    table[:, LO] = opening[:, 0]
    table[:, HI] = opening[:, 1] if opening.shape[1] == 2 else opening[:, 0] >> 63
    table[:, HELD] = -1
    kind, ids = ledger.accounts["kind"], ledger.accounts["id"]
    external, asset = where(kind, AccountKind.EXTERNAL), where(kind, AccountKind.ASSET)
    gone = pc.is_in(ids, value_set=pa.array(list(dissipated), pa.string())).to_numpy(zero_copy_only=False)
    fee = pc.starts_with(ids, FEE_ID).to_numpy(zero_copy_only=False)
    table[:, KIND] = external * EXTERNAL + asset * ASSET + (asset & ~gone) * PRESERVED + fee * FEE
    table[external, LO] = 0
    table[external, HI] = 0
    return table


def where(column: pa.ChunkedArray, value: str) -> npt.NDArray[np.bool_]:
    """Which rows hold `value`; a column with a dictionary is compared by its numbers."""
    if not pa.types.is_dictionary(column.type):
        found: npt.NDArray[np.bool_] = pc.equal(column, value).to_numpy(zero_copy_only=False)
        return found
    parts = [chunk.indices.to_numpy() == pc.index(chunk.dictionary, value).as_py() for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.bool_)


def parties_of(ledger: Ledger) -> Vector:
    """A number for the party behind each account: the same for all currencies of an external party."""
    ids = ledger.accounts["id"]
    numbers = np.arange(len(ids), dtype=np.int64)
    several = np.flatnonzero(pc.match_substring(ids, in_currency("", "")).to_numpy(zero_copy_only=False))
    known: dict[str, int] = {}
    for row in several.tolist():
        party = party_id(ids[row].as_py())
        if party not in known:
            found = pc.index(ids, party).as_py()
            known[party] = found if found >= 0 else row
        numbers[row] = known[party]
    return numbers
