"""Forms of transactions that several wallets make together. A form is what the transaction shows; who took part is
inference. The first form that fits is taken, from the most to the least particular."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trover.cluster.shapes.joinmarket import JOINMARKET, TWO_PARTIES, joinmarket
from trover.cluster.shapes.payjoin import MOST_INPUTS, PAYJOIN, payjoin, spare_input
from trover.cluster.shapes.shape import Kind, Shape, Tx
from trover.cluster.shapes.wasabi import ONE, TWO, wasabi1, wasabi2
from trover.cluster.shapes.whirlpool import MIX, TX0, mix, tx0
from trover.cluster.view import DATA, ChainView, Flags

__all__ = ["KINDS", "SEVERAL", "Kind", "Shape", "recognise"]

KINDS: dict[str, Kind] = {kind.key: kind for kind in (MIX, TX0, TWO, ONE, JOINMARKET, TWO_PARTIES, PAYJOIN)}
SEVERAL = tuple(kind.key for kind in KINDS.values() if kind.several)
"""Kinds whose inputs belong to several wallets, so that they must not be joined."""

_ORDER: tuple[Callable[[Tx], Shape | None], ...] = (mix, tx0, wasabi2, wasabi1, joinmarket, payjoin)


def recognise(view: ChainView) -> dict[int, Shape]:
    """Number of each transaction that has a form named in `KINDS` -> its shape, in chain order."""
    found = {}
    for number in np.flatnonzero(_candidates(view)).tolist():
        tx = Tx(view, number)
        for look in _ORDER:
            if shape := look(tx):
                found[number] = shape
                break
    return found


def _candidates(view: ChainView) -> Flags:
    """Transactions that may have one of the forms, by their columns: the rest are never looked at one by one."""
    ins, outs = view.in_counts, view.out_counts
    several = (ins > 1) & (outs > 1) & ~view.coinbase
    small = several & (outs == 2) & (ins <= MOST_INPUTS) & spare_input(view)
    data = np.zeros(len(view), np.int64)
    np.add.at(data, view.out_tx[view.out_type == DATA], 1)
    may: Flags = (several & (outs > 2) & _repeats(view)) | small | ((data == 1) & (outs > 2) & (ins > 0))
    return may


def _repeats(view: ChainView) -> Flags:
    """Whether two outputs of a transaction have one value."""
    order = np.lexsort((view.out_value, view.out_tx))
    tx, value = view.out_tx[order], view.out_value[order]
    same = (tx[1:] == tx[:-1]) & (value[1:] == value[:-1])
    repeats = np.zeros(len(view), np.bool_)
    repeats[tx[1:][same]] = True
    return repeats
