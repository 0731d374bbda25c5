"""Blocks in the order of the chain: linked by what they follow, and at each height the branch with more work."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trover.sources.chain.block import EASIEST, GENESIS, Block

PERIOD = 2016
"""Blocks between two changes of the target."""
FORTNIGHT = 14 * 24 * 3600
MEDIAN = 11


@dataclass
class Placed:
    """A block with its height (None where nothing says it), all the work up to it in this file, and its faults here."""

    block: Block
    row: int
    height: int | None = None
    work: int = 0
    parent: Placed | None = None
    children: list[Placed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    time: int = 0
    """The block's time, or that of the latest block before it if that is later."""
    tree: int = 0
    """Which of the trees it is in, counted from 0."""
    depth: int = 0
    """How many blocks of the file are before it in its branch."""

    @property
    def moment(self) -> datetime:
        """`time` as the ledger has it."""
        return datetime.fromtimestamp(self.time, UTC)


@dataclass
class Branches:
    """`chain`: blocks that count, in order; `stale`: each block that lost, with the one of its height that counts.

    `roots`: blocks that follow one which is not here.
    """

    chain: list[Placed] = field(default_factory=list)
    stale: list[tuple[Placed, Placed | None]] = field(default_factory=list)
    roots: list[Placed] = field(default_factory=list)
    faulty: list[Placed] = field(default_factory=list)
    again: list[Placed] = field(default_factory=list)


def branches_of(blocks: Sequence[Block], rows: Sequence[int], is_main: bool = True) -> Branches:
    """Sound blocks put in order. rows: where each stands in the file."""
    found = Branches()
    by_hash: dict[str, Placed] = {}
    for block, row in zip(blocks, rows, strict=True):
        placed = Placed(block, row)
        if block.header.hash in by_hash:
            found.again.append(placed)
        else:
            by_hash[block.header.hash] = placed
    for placed in by_hash.values():
        placed.parent = by_hash.get(placed.block.header.previous)
        (placed.parent.children if placed.parent else found.roots).append(placed)
    for tree, root in enumerate(found.roots):
        _heights(root, tree)
    sound: list[Placed] = []
    for root in found.roots:
        sound += _judged(root, found, is_main)
    _choose(sound, found)
    return found


def _below(root: Placed) -> list[Placed]:
    """`root` and all that follow it, each after the one it follows."""
    found, todo = [], [root]
    while todo:
        placed = todo.pop()
        found.append(placed)
        todo += reversed(placed.children)
    return found


def _heights(root: Placed, tree: int) -> None:
    """Heights from the first block of all, or from the first height that a coinbase below states."""
    every = _below(root)
    for placed in every:
        placed.tree, placed.depth = tree, placed.parent.depth + 1 if placed.parent else 0
    start: int | None = 0 if root.block.header.hash == GENESIS else None
    if start is None:
        stated = ((placed.block.stated_height, placed.depth) for placed in every)
        start = next((height - below for height, below in stated if height is not None and height >= below), None)
    for placed in every:
        placed.height = None if start is None else start + placed.depth


def _judged(root: Placed, found: Branches, is_main: bool) -> list[Placed]:
    """Blocks of this tree that stand on sound ones; what follows a faulty block is not on the chain either."""
    sound, lost = [], set()
    for placed in _below(root):
        parent = placed.parent
        if parent is not None and id(parent) in lost:
            placed.faults = [f"follows the block {parent.block.header.hash}, which is refused"]
        else:
            placed.faults = _link_faults(placed, is_main)
        if placed.faults:
            lost.add(id(placed))
            found.faulty.append(placed)
            continue
        placed.work = placed.block.header.work + (parent.work if parent else 0)
        placed.time = max(placed.block.header.time, parent.time if parent else 0)
        sound.append(placed)
    return sound


def _link_faults(placed: Placed, is_main: bool) -> list[str]:
    header, stated = placed.block.header, placed.block.stated_height
    if stated is not None and placed.height is not None and stated != placed.height:
        return [f"states the height {stated} and stands at {placed.height}"]
    if placed.parent is None:
        return []
    faults = []
    before = _before(placed, MEDIAN)
    if len(before) == MEDIAN and header.time <= sorted(each.block.header.time for each in before)[MEDIAN // 2]:
        faults.append("has a time that is not after the middle of the eleven blocks before it")
    if is_main and placed.height is not None:
        wanted = _bits(placed)
        if wanted is not None and header.bits != wanted:
            faults.append(f"states bits {header.bits:08x}, and a block that follows these has {wanted:08x}")
    return faults


def _before(placed: Placed, count: int) -> list[Placed]:
    found: list[Placed] = []
    at = placed.parent
    while at is not None and len(found) < count:
        found.append(at)
        at = at.parent
    return found


def _bits(placed: Placed) -> int | None:
    """The target that the blocks before give, as bits; None where too few of them are here."""
    assert placed.parent is not None
    assert placed.height is not None
    last = placed.parent.block.header
    if placed.height % PERIOD:
        return last.bits
    period = _before(placed, PERIOD)
    if len(period) < PERIOD:
        return None
    span = last.time - period[-1].block.header.time
    span = min(max(span, FORTNIGHT // 4), FORTNIGHT * 4)
    return bits_of(min(last.target * span // FORTNIGHT, EASIEST))


def bits_of(target: int) -> int:
    """A target in its short form of four bytes."""
    size = (target.bit_length() + 7) // 8
    digits = target << 8 * (3 - size) if size <= 3 else target >> 8 * (size - 3)
    if digits & 0x800000:
        digits, size = digits >> 8, size + 1
    return size << 24 | digits


def _choose(sound: Sequence[Placed], found: Branches) -> None:
    """Of each tree the branch with the most work, the first of equals; of trees that meet at a height likewise."""
    tops = {id(placed): placed for placed in sound}
    for placed in sound:
        if placed.parent is not None:
            tops.pop(id(placed.parent), None)
    best: dict[int, Placed] = {}
    for top in sorted(tops.values(), key=lambda top: (-top.work, top.row)):
        best.setdefault(top.tree, top)
    kept: set[int] = set()
    taken: dict[int, Placed] = {}
    for top in best.values():
        for each in (top, *_before(top, top.depth)):
            if each.height is None or each.height not in taken:
                kept.add(id(each))
            if each.height is not None:
                taken.setdefault(each.height, each)
    found.chain = _merged([placed for placed in sound if id(placed) in kept], found.roots)
    beside = {each.block.header.previous: each for each in found.chain}
    for placed in sound:
        if id(placed) not in kept:
            rival = taken.get(placed.height) if placed.height is not None else None
            found.stale.append((placed, rival or beside.get(placed.block.header.previous)))


def _merged(chain: Sequence[Placed], roots: Sequence[Placed]) -> list[Placed]:
    """Blocks of known height by height; trees whose height nothing says go between them by their times."""
    known = sorted((each for each in chain if each.height is not None), key=lambda each: each.height or 0)
    latest = 0
    for each in known:
        latest = each.time = max(each.time, latest)
    begins = [(root.time, root.row) for root in roots]
    others = sorted(
        (each for each in chain if each.height is None), key=lambda each: (begins[each.tree], each.tree, each.depth)
    )
    return list(heapq.merge(known, others, key=lambda each: each.time))
