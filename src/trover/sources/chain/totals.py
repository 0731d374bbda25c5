"""What an explorer counts: the totals of an address, and the height of its last block.

`/address/<address>` gives an object with `address` and `chain_stats`, `/blocks/tip/height` a number alone. Neither
moves anything. They can tell whether an output that nothing in a case spends was spent. docs/formats/bitcoin.md.
"""

from __future__ import annotations

import re

from trover.errors import FieldWrong, InputErrors, Problem
from trover.sources.chain.address import Network, check_address
from trover.sources.chain.transaction import SUPPLY
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import AddressTotals, Pointer
from trover.sources.strict_json import load_json

FORMAT = "explorer totals"
_HEIGHT = re.compile(rb"[1-9]\d{0,8}\r?\n?")
_MOST = 10**12
"""Outputs of one address: no address has as many."""


class TotalsReader:
    """One object with `address` and `chain_stats`, or a file that holds a height and nothing else."""

    name = FORMAT

    def sniff(self, source: SourceFile) -> bool:
        if _HEIGHT.fullmatch(source.data):
            return True
        return source.media == "application/json" and b'"chain_stats"' in source.data and source.size < 65_536

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        pointer = Pointer(source.sha256, "", 1)
        if _HEIGHT.fullmatch(source.data):
            return Reading(source, self.name, (), totals=(AddressTotals(pointer, "", height=int(source.data)),))
        found: list[Problem] = []
        made = _totals(Fields(load_json(source), found, source.name, "", 1), pointer)
        if found:
            raise InputErrors(found)
        return Reading(source, self.name, (), totals=(made,))


def _totals(top: Fields, pointer: Pointer) -> AddressTotals:
    text = top.text("address")
    try:
        address = check_address(text, Network.MAIN, top.place("address")).text
    except Problem as problem:
        top.add(problem)
        address = ""
    stats = Fields(top.mapping("chain_stats"), top.problems, top.file, "chain_stats", 1)
    filled, spent = (stats.integer(f"{name}_txo_count", limit=_MOST) for name in ("funded", "spent"))
    got, gone = (stats.integer(f"{name}_txo_sum") for name in ("funded", "spent"))
    if stats.clean and not (0 <= spent <= filled and 0 <= gone <= got):
        stats.add(FieldWrong(spent, stats.place("spent_txo_count"), says="are spent, of fewer or of less than came in"))
    elif stats.clean and got - gone > SUPPLY:
        stats.add(FieldWrong(got - gone, stats.place("funded_txo_sum"), says="is left, more than there can be"))
    return AddressTotals(pointer, address, filled, got, spent, gone)
