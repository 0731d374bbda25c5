"""Whirlpool: mixes of 5 to 10 equal inputs and outputs of one pool, and the Tx0 that prepares coins for a pool."""

from __future__ import annotations

from trover.cluster.shapes.shape import Kind, Shape, Tx
from trover.cluster.view import UNKNOWN

POOLS = (100_000, 1_000_000, 2_500_000, 5_000_000, 25_000_000, 50_000_000)
"""Satoshi of one coin in each pool."""
FEWEST, MOST = 5, 10
PREMIX = 2
"""A coin that enters a pool is larger than the pool's by its share of the miner's fee, at most by half."""
MARK = 64
"""Bytes of data that a Tx0 carries at least."""

MIX = Kind(
    "whirlpool",
    "Whirlpool mix: as many outputs as inputs, all of one pool's value",
    True,
    "Whirlpool protocol (Samourai Wallet, 2019)",
)
TX0 = Kind(
    "whirlpool_tx0",
    "Whirlpool Tx0: one wallet cuts its coins for a pool and pays the pool's fee",
    False,
    "Whirlpool protocol (Samourai Wallet, 2019)",
)


def mix(tx: Tx) -> Shape | None:
    if not (FEWEST <= len(tx.ins) <= MOST and len(tx.ins) == len(tx.outs)):
        return None
    value, equal = tx.most_equal
    if not equal == len(tx.ins) == tx.distinct_senders:
        return None
    if value not in POOLS or not tx.values_known or set(tx.in_types) - {"p2wpkh"}:
        return None
    if any(not value <= given <= value + value // PREMIX for given in tx.ins):
        return None
    entering = sum(given > value for given in tx.ins)
    if not entering:
        return None
    return Shape(
        MIX.key,
        equal,
        (f"{equal} inputs and {equal} outputs", f"every output {value} sat, a pool of Whirlpool", f"{entering} enter"),
    )


def tx0(tx: Tx) -> Shape | None:
    """One output of data, equal outputs just above a pool's value, a smaller output for the pool's fee."""
    if (
        len(tx.data_sizes) != 1
        or UNKNOWN < tx.data_sizes[0] < MARK
        or set(tx.in_types) - {"p2wpkh", "p2tr", "p2sh", "p2pkh"}
    ):
        return None
    for value, number in sorted(tx.counts.items(), key=lambda item: (-item[1], -item[0])):
        pool = next((p for p in reversed(POOLS) if p < value <= p + p // PREMIX), 0)
        rest = sorted(tx.counts.elements())
        rest = [other for other in rest if other != value]
        if pool and 1 <= len(rest) <= 3 and rest[0] < pool:
            return Shape(
                TX0.key,
                1,
                (f"{number} outputs of {value} sat for the pool of {pool}", "an output of data", "an output for a fee"),
            )
    return None
