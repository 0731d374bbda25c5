"""Lots in preallocated memory: rows of two tables linked by index, freed rows used again.

A cell is what one owner has in a lot; the cells of a lot are linked in owner order, OWN last, none is
zero. Lots of one place (an account, an event, a remembered payment) form a ring, so that its head leads
to its tail; a place without lots has the head `NONE`. Quantities are nano units of 128 bits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trover.trace.compiled.jit import Table, Vector, jit, part, record
from trover.trace.compiled.wide import ZERO, Word, add, less, subtract

NONE = -1

OWNER, AFTER, QL, QH = 0, 1, 2, 3
"""Columns of a cell: owner, next cell, quantity."""
CELLS, NEXT, BEFORE, SEQ = 0, 1, 2, 3
"""Columns of a lot: first cell, next and previous lot, entry order."""
FREE_CELL, TOP_CELL, LIVE_CELLS, FREE_LOT, TOP_LOT, LIVE_LOTS, LAST_SEQ = range(7)
"""Registers."""

ALL, OWN_ONLY, CLAIMANTS_ONLY = 0, 1, 2


@record
class Lots(NamedTuple):
    """cells and lots, the registers, and the number of the owner OWN, in `own[0]`."""

    cell: Table
    lot: Table
    at: Vector
    own: Vector


@part
def is_own(m: Lots, cell: int) -> bool:
    return bool(m.cell[cell, OWNER] == m.own[0])


@part
def belongs(m: Lots, cell: int, whose: int) -> bool:
    return whose == ALL or is_own(m, cell) == (whose == OWN_ONLY)


@part
def quantity(m: Lots, cell: int) -> tuple[Word, Word]:
    return np.uint64(m.cell[cell, QH]), np.uint64(m.cell[cell, QL])


@part
def put(m: Lots, cell: int, high: Word, low: Word) -> None:
    m.cell[cell, QH] = np.int64(high)
    m.cell[cell, QL] = np.int64(low)


@part
def new_cell(m: Lots, owner: int, high: Word, low: Word, after: int) -> int:
    cell = m.at[FREE_CELL]
    if cell == NONE:
        cell = m.at[TOP_CELL]
        m.at[TOP_CELL] += 1
    else:
        m.at[FREE_CELL] = m.cell[cell, AFTER]
    m.at[LIVE_CELLS] += 1
    m.cell[cell, OWNER] = owner
    m.cell[cell, AFTER] = after
    put(m, cell, high, low)
    return int(cell)


@part
def drop_cell(m: Lots, cell: int) -> None:
    m.cell[cell, AFTER] = m.at[FREE_CELL]
    m.at[FREE_CELL] = cell
    m.at[LIVE_CELLS] -= 1


@part
def drop_cells(m: Lots, first: int) -> None:
    while first != NONE:
        after = m.cell[first, AFTER]
        drop_cell(m, first)
        first = after


@part
def new_lot(m: Lots, first: int, seq: int) -> int:
    """A ring of one lot."""
    lot = m.at[FREE_LOT]
    if lot == NONE:
        lot = m.at[TOP_LOT]
        m.at[TOP_LOT] += 1
    else:
        m.at[FREE_LOT] = m.lot[lot, NEXT]
    m.at[LIVE_LOTS] += 1
    m.lot[lot, CELLS] = first
    m.lot[lot, NEXT] = lot
    m.lot[lot, BEFORE] = lot
    m.lot[lot, SEQ] = seq
    return int(lot)


@part
def own_lot(m: Lots, high: Word, low: Word) -> int:
    """A lot that belongs to no claimant, not yet in any entry order."""
    return new_lot(m, new_cell(m, m.own[0], high, low, NONE), 0)


@part
def drop_lot(m: Lots, lot: int) -> None:
    """Free a lot whose cells are gone or are used elsewhere."""
    m.lot[lot, NEXT] = m.at[FREE_LOT]
    m.at[FREE_LOT] = lot
    m.at[LIVE_LOTS] -= 1


@part
def unlink(m: Lots, head: int, lot: int) -> int:
    """Take `lot` out of the ring of `head`; returns the new head."""
    after, before = m.lot[lot, NEXT], m.lot[lot, BEFORE]
    if after == lot:
        return NONE
    m.lot[before, NEXT] = after
    m.lot[after, BEFORE] = before
    m.lot[lot, NEXT] = lot
    m.lot[lot, BEFORE] = lot
    return int(after) if head == lot else head


@part
def join(m: Lots, head: int, other: int) -> int:
    """The ring of `head` followed by the ring of `other`."""
    if head == NONE:
        return other
    if other == NONE:
        return head
    tail, last = m.lot[head, BEFORE], m.lot[other, BEFORE]
    m.lot[tail, NEXT] = other
    m.lot[other, BEFORE] = tail
    m.lot[last, NEXT] = head
    m.lot[head, BEFORE] = last
    return head


@jit
def drop_ring(m: Lots, head: int) -> None:
    while head != NONE:
        lot = head
        head = unlink(m, head, lot)
        drop_cells(m, m.lot[lot, CELLS])
        drop_lot(m, lot)


@part
def sum_of(m: Lots, lot: int, whose: int) -> tuple[Word, Word]:
    """What the lot holds of `whose`."""
    high, low = ZERO, ZERO
    cell = m.lot[lot, CELLS]
    while cell != NONE:
        if belongs(m, cell, whose):
            qh, ql = quantity(m, cell)
            high, low = add(high, low, qh, ql)
        cell = m.cell[cell, AFTER]
    return high, low


@jit
def total(m: Lots, head: int) -> tuple[Word, Word]:
    high, low = ZERO, ZERO
    lot = head
    while lot != NONE:
        sh, sl = sum_of(m, lot, ALL)
        high, low = add(high, low, sh, sl)
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    return high, low


@part
def has_claimant(m: Lots, head: int) -> bool:
    lot = head
    while lot != NONE:
        cell = m.lot[lot, CELLS]
        if cell != NONE and not is_own(m, cell):
            return True
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    return False


@jit
def has_own(m: Lots, head: int) -> bool:
    lot = head
    while lot != NONE:
        cell = m.lot[lot, CELLS]
        while cell != NONE:
            if is_own(m, cell):
                return True
            cell = m.cell[cell, AFTER]
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    return False


@part
def copy_cells(m: Lots, first: int, whose: int) -> int:
    """A copy of the cells of `whose`."""
    result, last = NONE, NONE
    while first != NONE:
        if belongs(m, first, whose):
            high, low = quantity(m, first)
            copy = new_cell(m, m.cell[first, OWNER], high, low, NONE)
            if last == NONE:
                result = copy
            else:
                m.cell[last, AFTER] = copy
            last = copy
        first = m.cell[first, AFTER]
    return result


@jit
def absorb(m: Lots, first: int, other: int) -> int:
    """Both lists of cells as one, in owner order; both are used up."""
    result, last = NONE, NONE
    while first != NONE or other != NONE:
        if other == NONE or (first != NONE and m.cell[first, OWNER] <= m.cell[other, OWNER]):
            cell = first
            first = m.cell[first, AFTER]
            if other != NONE and m.cell[cell, OWNER] == m.cell[other, OWNER]:
                ah, al = quantity(m, cell)
                bh, bl = quantity(m, other)
                high, low = add(ah, al, bh, bl)
                put(m, cell, high, low)
                gone = other
                other = m.cell[other, AFTER]
                drop_cell(m, gone)
        else:
            cell = other
            other = m.cell[other, AFTER]
        if last == NONE:
            result = cell
        else:
            m.cell[last, AFTER] = cell
        last = cell
        m.cell[cell, AFTER] = NONE
    return result


@part
def remove(m: Lots, first: int, part: int, spend: bool) -> int:
    """Take `part` out of the cells of `first`, owner by owner and at most what is there; returns what is left.

    With `spend`, what was taken is taken off `part` as well, so that the rest of it can come from another lot.
    """
    result, last, cell = NONE, NONE, first
    while cell != NONE:
        after = m.cell[cell, AFTER]
        while part != NONE and m.cell[part, OWNER] < m.cell[cell, OWNER]:
            part = m.cell[part, AFTER]
        high, low = quantity(m, cell)
        if part != NONE and m.cell[part, OWNER] == m.cell[cell, OWNER]:
            ph, pl = quantity(m, part)
            th, tl = ph, pl
            if less(high, low, ph, pl):
                th, tl = high, low
            high, low = subtract(high, low, th, tl)
            if spend:
                ph, pl = subtract(ph, pl, th, tl)
                put(m, part, ph, pl)
        if high == ZERO and low == ZERO:
            drop_cell(m, cell)
        else:
            put(m, cell, high, low)
            if last == NONE:
                result = cell
            else:
                m.cell[last, AFTER] = cell
            last = cell
            m.cell[cell, AFTER] = NONE
        cell = after
    return result


@part
def fuse(m: Lots, head: int) -> int:
    """All lots of the ring as one blended lot in the place of the first."""
    if head == NONE:
        return NONE
    while m.lot[head, NEXT] != head:
        lot = m.lot[head, NEXT]
        unlink(m, head, lot)
        m.lot[head, CELLS] = absorb(m, m.lot[head, CELLS], m.lot[lot, CELLS])
        drop_lot(m, lot)
    return head


@jit
def prune(m: Lots, head: int) -> int:
    """Without zero cells, and without lots that hold nothing."""
    if head == NONE:
        return NONE
    lot, end = head, m.lot[head, BEFORE]
    while True:
        after, last = m.lot[lot, NEXT], lot == end
        m.lot[lot, CELLS] = remove(m, m.lot[lot, CELLS], NONE, False)
        if m.lot[lot, CELLS] == NONE:
            head = unlink(m, head, lot)
            drop_lot(m, lot)
        if last:
            return head
        lot = after
