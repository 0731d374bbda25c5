"""A ledger's chain events as a view: what the ledger holds as facts, nothing added.

An output is an account of kind `output` whose id is its outpoint and whose `address` the chain states; a chain
event spends and fills such accounts. An output without value moves nothing and is in no event; its account is
there, and stands here for the data it carries. Version, sequence and lock time are not booked, so heuristics that
need them find nothing here, and say so (`Heuristic.needs`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.cluster.view import DATA, TYPE_NUMBER, UNKNOWN, ChainView, Flags, Ints, Numbers
from trover.ledger.event import AccountKind
from trover.ledger.ledger import Ledger

CHAIN = "chain"
_PREFIXES = (("bc1p", "p2tr"), ("tb1p", "p2tr"), ("bcrt1p", "p2tr"), ("3", "p2sh"), ("2", "p2sh"))
_PREFIXES_BY_SIZE = ("bc1q", "tb1q", "bcrt1q")
_SHORT_PROGRAM = 40
"""Characters after the prefix of an address that pays to a witness script hash are more than this."""


def type_of_address(address: str) -> str:
    """Script type that a valid Bitcoin address stands for. A public key paid to directly is shown as `p2pkh`."""
    for prefix, kind in _PREFIXES:
        if address.startswith(prefix):
            return kind
    for prefix in _PREFIXES_BY_SIZE:
        if address.startswith(prefix):
            return "p2wsh" if len(address) - len(prefix) > _SHORT_PROGRAM else "p2wpkh"
    return "p2pkh" if address[:1] in ("1", "m", "n") else "unknown"


def view_of(ledger: Ledger) -> ChainView:
    """The chain events in force in ledger order, over accounts of kind `output` with their addresses."""
    ledger = ledger.current
    is_output = pc.equal(ledger.accounts["kind"], AccountKind.OUTPUT.value).to_numpy()
    touches = sum(np.diff(_legs(ledger, side, is_output)[2]) for side in ("inputs", "outputs")) > 0
    rows = np.flatnonzero(pc.equal(ledger.events["kind"], CHAIN).to_numpy() & touches)
    ledger = ledger.take(rows)
    number, addresses = _addresses(ledger, is_output)
    types = np.array([TYPE_NUMBER[type_of_address(address)] for address in addresses] + [0], np.int8)
    in_account, in_value, in_first = _legs(ledger, "inputs", is_output)
    out_account, out_value, out_first = _with_empty(ledger, is_output, *_legs(ledger, "outputs", is_output))
    filled_at = np.full(ledger.accounts.num_rows, UNKNOWN, np.int64)
    filled_at[out_account] = np.arange(len(out_account))
    unknown_each, unknown_in = (np.full(size, UNKNOWN, np.int64) for size in (len(rows), len(in_account)))
    return ChainView(
        txids=ledger.events["id"].to_pylist(),
        addresses=addresses,
        in_first=in_first,
        in_address=number[in_account],
        in_value=in_value,
        in_type=types[number[in_account]],
        in_output=filled_at[in_account],
        in_sequence=unknown_in,
        out_first=out_first,
        out_address=number[out_account],
        out_value=out_value,
        out_type=np.where(out_value > 0, types[number[out_account]], DATA).astype(np.int8),
        out_size=np.full(len(out_account), UNKNOWN, np.int64),
        version=unknown_each,
        locktime=unknown_each,
        time=ledger.events["time"].to_numpy().astype("datetime64[s]").astype(np.int64),
        coinbase=np.diff(in_first) == 0,
    )


def _addresses(ledger: Ledger, is_output: Flags) -> tuple[Numbers, Sequence[str]]:
    """Number of the address of each account (`UNKNOWN` where it has none), and the addresses."""
    number = np.full(ledger.accounts.num_rows, UNKNOWN, np.int32)
    if "address" not in ledger.accounts.column_names:
        return number, ()
    stated = pc.fill_null(ledger.accounts["address"], "").to_numpy(zero_copy_only=False)
    held = is_output & (stated != "")
    coded = pa.array(stated[held], pa.string()).dictionary_encode()
    number[held] = coded.indices.to_numpy()
    return number, tuple(coded.dictionary.to_pylist())


def _legs(ledger: Ledger, side: str, is_output: Flags) -> tuple[Ints, Ints, Ints]:
    """Account and value of the legs of one side that are outputs of the chain, and where each event's begin."""
    legs = getattr(ledger, side)
    account = legs["account"].to_numpy().astype(np.int64)
    kept = is_output[account]
    tx = np.repeat(np.arange(len(ledger)), ledger.events[side].to_numpy())
    first = np.concatenate(([0], np.cumsum(np.bincount(tx[kept], minlength=len(ledger)))))
    return account[kept], legs["amount"].to_numpy().astype(np.int64)[kept], first


def _with_empty(ledger: Ledger, is_output: Flags, account: Ints, value: Ints, first: Ints) -> tuple[Ints, Ints, Ints]:
    """The outputs with those that hold nothing, which are known by their accounts alone, after the others."""
    in_a_leg = np.zeros(len(is_output), np.bool_)
    for legs in (ledger.inputs, ledger.outputs):
        in_a_leg[legs["account"].to_numpy()] = True
    number = {txid: tx for tx, txid in enumerate(ledger.events["id"].to_pylist())}
    rows = np.flatnonzero(is_output & ~in_a_leg)
    ids = ledger.accounts["id"].take(pa.array(rows)).to_pylist()
    empty = [(number[txid], row) for row, id in zip(rows.tolist(), ids, strict=True) if (txid := id[:64]) in number]
    if not empty:
        return account, value, first
    more = np.array(empty, np.int64)
    tx = np.concatenate((np.repeat(np.arange(len(first) - 1), np.diff(first)), more[:, 0]))
    order = np.argsort(tx, kind="stable")
    counts = np.bincount(tx, minlength=len(first) - 1)
    values = np.concatenate((value, np.zeros(len(more), np.int64)))
    return np.concatenate((account, more[:, 1]))[order], values[order], np.concatenate(([0], np.cumsum(counts)))
