"""Blocks of several files that exclude each other: of two branches that with more work counts.

Within one file the reader has chosen already. Here the blocks of all files are one tree: the first transaction of
each carries as references its hash, the hash it follows, and its work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from trover.ledger.ledger import Ledger

PLACES = 10**6
"""Posting order of a transaction of Bitcoin: height x PLACES + position; below it the height is not known."""
BLOCK, FOLLOWS, WORK = "block ", "follows ", "work "


@dataclass(frozen=True, slots=True)
class Rival:
    """A block that does not count, and the one that counts at its height."""

    height: int
    lost: str
    counts: str

    def __str__(self) -> str:
        return f"the block {self.lost} does not count: {self.counts} of the same height has at least as much work"


@dataclass(slots=True)
class _Node:
    hash: str
    previous: str
    work: int
    height: int
    order: int
    total: int = 0


def one_branch(ledger: Ledger, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[Ledger, list[Rival]]:
    """The ledger without the transactions of blocks that lost; rows: its transactions, by number.

    What a source only says to stand in a block that no file proves is left out as well where a proved one has its
    height. A transaction that is also in the block that counts stays by it.
    """
    block, nodes = _blocks(ledger, rows)
    heights = ledger.events["seq"].to_numpy()[rows] // PLACES
    counts = _counting(nodes)
    if not counts:
        return ledger, []
    out: list[int] = []
    rivals: dict[str, Rival] = {}
    for row, hash, height in zip(rows.tolist(), block, heights.tolist(), strict=True):
        winner = counts.get(height)
        if winner and hash and hash != winner:
            out.append(row)
            rivals.setdefault(hash, Rival(height, hash, winner))
    if not out:
        return ledger, []
    keep = np.ones(len(ledger), bool)
    keep[out] = False
    return ledger.take(np.flatnonzero(keep)), sorted(rivals.values(), key=lambda rival: (rival.height, rival.lost))


def _blocks(ledger: Ledger, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[list[str], dict[str, _Node]]:
    """The block of each row, empty where none is named, and the blocks that files prove."""
    found: list[str] = []
    nodes: dict[str, _Node] = {}
    references = pc.take(ledger.events["references"], rows).to_pylist()
    heights = ledger.events["seq"].to_numpy()[rows] // PLACES
    for order, (names, height) in enumerate(zip(references, heights.tolist(), strict=True)):
        said = {name.partition(" ")[0] + " ": name.partition(" ")[2] for name in names or ()}
        hash = said.get(BLOCK, "")
        found.append(hash)
        if hash and said.get(WORK, "").isdigit() and height:
            nodes.setdefault(hash, _Node(hash, said.get(FOLLOWS, ""), int(said[WORK]), height, order))
    return found, nodes


def _counting(nodes: dict[str, _Node]) -> dict[int, str]:
    """Height -> the block that counts, where at least one is proved."""
    for node in sorted(nodes.values(), key=lambda node: node.height):
        before = nodes.get(node.previous)
        node.total = node.work + (before.total if before else 0)
    tips = sorted(nodes.values(), key=lambda node: (-node.total, -node.height, node.order))
    counts: dict[int, str] = {}
    for tip in tips:
        at: _Node | None = tip
        while at is not None and at.height not in counts:
            counts[at.height] = at.hash
            at = nodes.get(at.previous)
    return counts
