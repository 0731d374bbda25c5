"""Wasabi 1 (one base value for all, change beside it) and Wasabi 2 (WabiSabi: many standard values)."""

from __future__ import annotations

from itertools import pairwise

from trover.cluster.shapes.shape import Kind, Shape, Tx

BASE = (4_000_000, 12_500_000)
"""Satoshi: the base value was about 0.1 bitcoin, at the beginning 0.05, and fell a little in every round."""
FEWEST_EQUAL = 5
OTHERS = 2
"""Change, fees and multiples of the base value: at most this many for each base value; a batch of payments has more."""
FEWEST_INPUTS, FEWEST_OUTPUTS = 5, 10
STANDARD = 75
"""Percent of the outputs that have a standard value, at least."""
SEVERAL_VALUES = 2
"""Values that occur more than once, at least."""


def _standard_values() -> frozenset[int]:
    smallest, largest = 5_000, 1_375 * 10**8
    series = ((2, (1,)), (3, (1, 2)), (10, (1, 2, 5)))
    powers = (m * base**k for base, multiples in series for k in range(60) for m in multiples)
    return frozenset(value for value in powers if smallest <= value <= largest)


STANDARD_VALUES = _standard_values()

ONE = Kind(
    "wasabi1",
    "Wasabi 1 CoinJoin: many outputs of one value near 0.1 or 0.05 bitcoin, change beside them",
    True,
    "ZeroLink: The Bitcoin Fungibility Framework (2017)",
)
TWO = Kind(
    "wasabi2",
    "Wasabi 2 CoinJoin: inputs and outputs sorted, outputs of many standard values",
    True,
    "WabiSabi, Ficsor, Kogman, Ontivero and Seres (2021)",
)


def wasabi1(tx: Tx) -> Shape | None:
    value, equal = tx.most_equal
    if equal < FEWEST_EQUAL or not BASE[0] <= value <= BASE[1] or not equal <= tx.distinct_senders:
        return None
    if set(tx.in_types) - {"p2wpkh"} or set(tx.out_types) - {"p2wpkh"}:
        return None
    if not 1 <= len(tx.paid) - equal <= OTHERS * equal:
        return None
    return Shape(
        ONE.key,
        equal,
        (f"{equal} outputs of {value} sat", f"{tx.distinct_senders} input addresses", "all pay to witness key hashes"),
    )


def wasabi2(tx: Tx) -> Shape | None:
    if len(tx.ins) < FEWEST_INPUTS or len(tx.outs) < FEWEST_OUTPUTS or tx.distinct_senders < FEWEST_INPUTS:
        return None
    if {*tx.in_types, *tx.out_types} - {"p2wpkh", "p2tr"} or not (_falls(tx.ins) and _falls(tx.outs)):
        return None
    standard = sum(value in STANDARD_VALUES for value in tx.outs)
    repeated = sum(number > 1 for number in tx.counts.values())
    if standard * 100 < STANDARD * len(tx.outs) or repeated < SEVERAL_VALUES:
        return None
    return Shape(
        TWO.key,
        2,
        (
            f"{standard} of {len(tx.outs)} outputs have standard values",
            f"{repeated} values occur more than once",
            "inputs and outputs sorted by value",
        ),
    )


def _falls(values: list[int]) -> bool:
    return all(a >= b for a, b in pairwise(values))
