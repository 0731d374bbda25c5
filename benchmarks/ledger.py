"""A seeded scale-free ledger: few hubs, many small accounts, bursts in which money moves on, in time order.

Kept as Parquet (payer, payee, amount); account 0 is the largest hub, the last two are outside. One theft
enters the largest hub after a stated share of the transfers: early, and it touches nearly all that follows; late,
and most of the ledger is over before it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim

ACCOUNTS_PER_EVENT = 0.1
SKEW = 3.0
MOVES_ON = 0.3
OUTSIDE = 0.1
OPENING = 1_000_000
THEFT = 50_000_000
CHUNK = 5_000_000


def parquet(folder: Path, events: int, theft: float, seed: int = 1) -> Path:
    """The file of `events` transfers with the theft after the share `theft` of them, made if it is not there."""
    path = folder / f"transfers-{events}-{theft_at(events, theft)}-{seed}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        schema = pa.schema([("payer", pa.int32()), ("payee", pa.int32()), ("amount", pa.int64())])
        with pq.ParquetWriter(part, schema) as writer:
            for first in range(0, events, CHUNK):
                columns = _transfers(first, min(CHUNK, events - first), events, theft, seed)
                writer.write_table(pa.table(list(columns), schema=schema))
        part.rename(path)
    return path


def theft_at(events: int, theft: float) -> int:
    """The row of the theft."""
    return int(events * theft)


def accounts_for(events: int) -> int:
    return max(int(events * ACCOUNTS_PER_EVENT), 10) + 2


def _transfers(first: int, count: int, events: int, share: float, seed: int) -> tuple[npt.NDArray[np.int64], ...]:
    chance = np.random.default_rng([seed, first])
    inside = accounts_for(events) - 2
    payer, payee = ((inside * chance.random(count) ** SKEW).astype(np.int64) for _ in range(2))
    amount = np.exp(chance.normal(8, 1.5, count)).astype(np.int64) + 1
    rows = np.arange(count)
    moves_on = (chance.random(count) < MOVES_ON) & (rows > 50)
    payer[moves_on] = payee[rows[moves_on] - chance.integers(1, 50, count)[moves_on]]
    choice = chance.random(count)
    payer[choice < OUTSIDE / 2] = inside
    payee[(choice >= OUTSIDE / 2) & (choice < OUTSIDE)] = inside + 1
    same = payer == payee
    payee[same] = (payee[same] + 1) % inside
    theft = theft_at(events, share) - first
    if 0 <= theft < count:
        payer[theft], payee[theft], amount[theft] = inside, 0, THEFT
    return payer.astype(np.int32), payee.astype(np.int32), amount


def load(path: Path, events: int, theft: float) -> tuple[Ledger, Assumptions]:
    """The ledger, with no more columns than a trace reads, and the claim at the theft."""
    table = pq.read_table(path)
    ones = pa.array(np.ones(events, np.int32))
    ids = pc.cast(pa.array(np.arange(events)), pa.string())
    kind = pa.array(np.broadcast_to(np.zeros(1, np.int8), events), pa.int8())
    kinds = pa.DictionaryArray.from_arrays(kind, pa.array([""]))
    amount = table["amount"].combine_chunks()
    count = accounts_for(events)
    opening = np.full(count, OPENING, np.int64)
    opening[-2:] = 0
    names = pc.binary_join_element_wise("a", pc.cast(pa.array(np.arange(count)), pa.string()), "")
    which = np.zeros(count, np.int8)
    which[-2:] = 1
    accounts = pa.table(
        {
            "id": names,
            "currency": pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), pa.array(["EUR"])),
            "kind": pa.DictionaryArray.from_arrays(pa.array(which), pa.array(["bank", "external"])).cast(pa.string()),
            "opening": opening,
        }
    )
    ledger = Ledger(
        accounts,
        pa.table({"id": ids, "kind": kinds, "inputs": ones, "outputs": ones}),
        pa.table({"account": table["payer"].combine_chunks(), "amount": amount}),
        pa.table({"account": table["payee"].combine_chunks(), "amount": amount, "cost": amount}),
    )
    return ledger, Assumptions(claims=(Claim("V", THEFT, transfer=str(theft_at(events, theft))),))
