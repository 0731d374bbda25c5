"""The chain as clustering needs it: transactions, inputs, outputs and addresses in columns, in chain order.

Rows of `inputs` and `outputs` of one transaction lie side by side: `in_first[tx]` to `in_first[tx + 1]`. Addresses
are numbered in the order in which they first occur (outputs of a transaction before its inputs, so that an address
is older than what spends from it). What the source does not say is `UNKNOWN`, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

UNKNOWN = -1
"""A value, number or address that the source does not state."""

SCRIPT_TYPES = ("unknown", "p2pk", "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "multisig", "data", "other")
TYPE_NUMBER = {name: number for number, name in enumerate(SCRIPT_TYPES)}
DATA = TYPE_NUMBER["data"]


@dataclass(frozen=True, slots=True)
class Coin:
    """One input or output: `address` empty where there is none, `value` in satoshi, `outpoint` (of an input) as
    `<txid>:<n>` of the output it spends, empty where it is not known."""

    address: str
    value: int = UNKNOWN
    script_type: str = "unknown"
    outpoint: str = ""
    sequence: int = UNKNOWN
    script_size: int = UNKNOWN
    """Bytes of the script; only asked of outputs that carry data."""


@dataclass(frozen=True)
class ChainView:
    """Columns of one set of transactions. Build it with `ViewBuilder` or `from_ledger`; it is never changed."""

    txids: Sequence[str]
    addresses: Sequence[str]
    in_first: Ints
    in_address: Numbers
    in_value: Ints
    in_type: npt.NDArray[np.int8]
    in_output: Ints
    """Row of the output that the input spends, `UNKNOWN` where the view does not hold it."""
    in_sequence: Ints
    out_first: Ints
    out_address: Numbers
    out_value: Ints
    out_type: npt.NDArray[np.int8]
    out_size: Ints
    version: Ints
    locktime: Ints
    time: Ints
    """Seconds since 1970, of the block."""
    coinbase: Flags

    def __len__(self) -> int:
        return len(self.txids)

    @cached_property
    def tx_number(self) -> dict[str, int]:
        return {txid: number for number, txid in enumerate(self.txids)}

    @cached_property
    def address_number(self) -> dict[str, int]:
        return {address: number for number, address in enumerate(self.addresses)}

    @cached_property
    def in_counts(self) -> Ints:
        return np.diff(self.in_first)

    @cached_property
    def out_counts(self) -> Ints:
        return np.diff(self.out_first)

    @cached_property
    def in_tx(self) -> Ints:
        """Transaction of each input row."""
        return np.repeat(np.arange(len(self)), self.in_counts)

    @cached_property
    def out_tx(self) -> Ints:
        """Transaction of each output row."""
        return np.repeat(np.arange(len(self)), self.out_counts)

    @cached_property
    def spent_by(self) -> Ints:
        """Transaction that spends each output, `UNKNOWN` where none of the view does."""
        spender = np.full(len(self.out_value), UNKNOWN, np.int64)
        known = self.in_output >= 0
        spender[self.in_output[known]] = self.in_tx[known]
        return spender

    @cached_property
    def first_seen(self) -> Ints:
        """First transaction in which each address receives or spends."""
        first = np.full(len(self.addresses), len(self), np.int64)
        for address, tx in ((self.out_address, self.out_tx), (self.in_address, self.in_tx)):
            held = address >= 0
            np.minimum.at(first, address[held], tx[held])
        return first

    @cached_property
    def pays_back(self) -> Flags:
        """Outputs that pay to an address from which their transaction spends."""
        many = len(self.addresses) + 1
        spent = (self.in_tx * many + self.in_address)[self.in_address >= 0]
        back: Flags = np.isin(self.out_tx * many + self.out_address, spent) & (self.out_address >= 0)
        return back

    def inputs(self, tx: int) -> slice:
        return slice(int(self.in_first[tx]), int(self.in_first[tx + 1]))

    def outputs(self, tx: int) -> slice:
        return slice(int(self.out_first[tx]), int(self.out_first[tx + 1]))

    def spenders(self, tx: int) -> list[int]:
        """Numbers of the distinct addresses that `tx` spends from, in input order."""
        return list(dict.fromkeys(a for a in self.in_address[self.inputs(tx)].tolist() if a >= 0))


def least(first: Ints, values: Ints) -> Ints:
    """The least of the values of each transaction, whose rows begin at `first`; `UNKNOWN` where it has none."""
    some = np.diff(first) > 0
    found = np.full(len(some), UNKNOWN, np.int64)
    if some.any():
        found[some] = np.minimum.reduceat(values, first[:-1][some])
    return found


class ViewBuilder:
    """Collects transactions in chain order and makes a `ChainView` of them."""

    def __init__(self) -> None:
        self._txids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._outpoints: dict[str, int] = {}
        self._in: list[tuple[int, int, int, int, int]] = []
        self._spends: list[str] = []
        self._out: list[tuple[int, int, int, int]] = []
        self._tx: list[tuple[int, int, int, int, int, bool]] = []

    def add(
        self,
        txid: str,
        inputs: Iterable[Coin],
        outputs: Iterable[Coin],
        *,
        version: int = UNKNOWN,
        locktime: int = UNKNOWN,
        time: int = UNKNOWN,
        coinbase: bool = False,
    ) -> None:
        """The next transaction of the chain."""
        for n, coin in enumerate(outputs):
            self._outpoints[f"{txid}:{n}"] = len(self._out)
            self._out.append((self._number(coin.address), coin.value, TYPE_NUMBER[coin.script_type], coin.script_size))
        for coin in inputs:
            self._in.append(
                (self._number(coin.address), coin.value, TYPE_NUMBER[coin.script_type], coin.sequence, len(self._txids))
            )
            self._spends.append(coin.outpoint)
        self._txids.append(txid)
        self._tx.append((len(self._in), len(self._out), version, locktime, time, coinbase))

    def _number(self, address: str) -> int:
        return self._numbers.setdefault(address, len(self._numbers)) if address else UNKNOWN

    def view(self) -> ChainView:
        """What was added; an input without address or value takes them from the output it spends, if that is here."""
        spends = np.array([self._outpoints.get(outpoint, UNKNOWN) for outpoint in self._spends], np.int64)
        inputs = np.array(self._in, np.int64).reshape(-1, 5)
        outputs = np.array(self._out, np.int64).reshape(-1, 4)
        txs = np.array(self._tx, np.int64).reshape(-1, 6)
        _fill(inputs, outputs, spends)
        return ChainView(
            txids=tuple(self._txids),
            addresses=tuple(self._numbers),
            in_first=np.concatenate(([0], txs[:, 0])),
            in_address=inputs[:, 0].astype(np.int32),
            in_value=inputs[:, 1].copy(),
            in_type=inputs[:, 2].astype(np.int8),
            in_output=spends,
            in_sequence=inputs[:, 3].copy(),
            out_first=np.concatenate(([0], txs[:, 1])),
            out_address=outputs[:, 0].astype(np.int32),
            out_value=outputs[:, 1].copy(),
            out_type=outputs[:, 2].astype(np.int8),
            out_size=outputs[:, 3].copy(),
            version=txs[:, 2].copy(),
            locktime=txs[:, 3].copy(),
            time=txs[:, 4].copy(),
            coinbase=txs[:, 5].astype(np.bool_),
        )


def _fill(inputs: Ints, outputs: Ints, spends: Ints) -> None:
    """What an input does not state, from the output it spends."""
    known = spends >= 0
    for column, unstated in ((0, UNKNOWN), (1, UNKNOWN), (2, TYPE_NUMBER["unknown"])):
        missing = known & (inputs[:, column] == unstated)
        inputs[missing, column] = outputs[spends[missing], column]
