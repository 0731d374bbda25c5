"""A Bitcoin transaction as any source of it states it, before it becomes accounts and an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trover.sources.record import Pointer

SUPPLY = 21_000_000 * 10**8
"""Satoshi that there can ever be: no value and no sum of values is larger."""
CURRENCY = "BTC"
COINBASE = "EXT:COINBASE"
KIND = "chain"
PLACES = 10**6
"""Posting order of a transaction: height x PLACES + its position in the block."""


@dataclass(frozen=True, slots=True)
class Spent:
    """An output that is emptied: `txid` and `output` name it, `value` (satoshi) is None where it is not stated."""

    txid: str
    output: int
    value: int | None = None
    address: str = ""

    @property
    def id(self) -> str:
        return output_id(self.txid, self.output)


@dataclass(frozen=True, slots=True)
class Made:
    """An output that is filled with `value` satoshi; `address` is empty where its script has none."""

    value: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class ChainTransaction:
    """One transaction of the chain. `inputs` is empty for a coinbase, which makes new coin and collects fees.

    `height` is None where the source does not say in which block it stands; `position` counts within the block
    from 0. `time` is the block's.
    """

    pointer: Pointer
    txid: str
    time: datetime
    time_text: str
    height: int | None
    position: int
    inputs: tuple[Spent, ...]
    outputs: tuple[Made, ...]
    statement: str = ""
    references: tuple[str, ...] = ()

    @property
    def is_coinbase(self) -> bool:
        return not self.inputs

    @property
    def seq(self) -> int:
        return (self.height or 0) * PLACES + self.position


def output_id(txid: str, output: int) -> str:
    """The id of the account that an output is."""
    return f"{txid}:{output}"
