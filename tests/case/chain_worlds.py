"""Small chains for cases: a ransom that moves on, a hop that nobody has, and where it comes to light again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.case.worlds import AUTHOR
from tests.cluster.explorer import address, answer

from trover.case.case import Case

REASON = "From a public explorer, compared with a second one"


def out(transaction: dict[str, Any], number: int = 0) -> str:
    """The id of an output."""
    return f"{transaction['txid']}:{number}"


RANSOM = answer(100, [("victim", 1000)], [("gang", 700), ("victim", 290)])
ONWARD = answer(101, [("gang", 700)], [("hop", 650), ("gang", 45)], [(RANSOM["txid"], 0)])
"""Pays to the hop, whose spending nobody has."""
LATER = answer(110, [("mule", 500), ("other", 500)], [("cash", 600), ("rest", 390)])
"""Spends what the hop led to, of which only the value is stated, together with other coin."""
START, LOST, FOUND = out(RANSOM), out(ONWARD), f"{LATER['vin'][0]['txid']}:0"
CASH = out(LATER)


def totals(name: str, filled: tuple[int, int], spent: tuple[int, int]) -> dict[str, Any]:
    """What an explorer counts of an address: outputs and their sum, and of these the spent."""
    stats = {"funded_txo_count": filled[0], "funded_txo_sum": filled[1]}
    stats |= {"spent_txo_count": spent[0], "spent_txo_sum": spent[1], "tx_count": filled[0]}
    return {"address": address(name), "chain_stats": stats, "mempool_stats": dict.fromkeys(stats, 0)}


def written(folder: Path, name: str, value: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def chain_case(folder: Path, transactions: Iterable[Any], *more: tuple[str, object]) -> Case:
    """A case of these transactions, admitted, and of further files by name."""
    case = Case.create(folder / "case", "R v Example", AUTHOR, currency="BTC")
    files = [written(folder, "chain.json", list(transactions)), *(written(folder, *each) for each in more)]
    report = case.add(files, unproved=REASON)
    assert not report.problems
    return case
