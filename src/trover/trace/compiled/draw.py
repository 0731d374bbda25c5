"""TAKE on rings of lots (the compiled twin of `trover.trace.draw`), and rings in entry order."""

from __future__ import annotations

from trover.trace.compiled.arena import (
    AFTER,
    BEFORE,
    CELLS,
    NEXT,
    NONE,
    OWN_ONLY,
    SEQ,
    Lots,
    absorb,
    belongs,
    copy_cells,
    drop_cells,
    drop_lot,
    join,
    new_cell,
    new_lot,
    quantity,
    remove,
    sum_of,
    unlink,
)
from trover.trace.compiled.jit import Table, jit, part
from trover.trace.compiled.shares import apportion
from trover.trace.compiled.wide import ZERO, Word, add, less, subtract

HEAD, TAIL, BLEND = 0, 1, 2


@part
def _separate(m: Lots, first: int, whose: int) -> tuple[int, int]:
    """The cells of others and the cells of `whose`; no copies."""
    rest, part, last_rest, last_part = NONE, NONE, NONE, NONE
    while first != NONE:
        after = m.cell[first, AFTER]
        m.cell[first, AFTER] = NONE
        if belongs(m, first, whose):
            if last_part == NONE:
                part = first
            else:
                m.cell[last_part, AFTER] = first
            last_part = first
        else:
            if last_rest == NONE:
                rest = first
            else:
                m.cell[last_rest, AFTER] = first
            last_rest = first
        first = after
    return rest, part


@part
def _draw_lot(
    m: Lots, head: int, pieces: int, lot: int, qh: Word, ql: Word, whose: int, seq: int
) -> tuple[int, int, Word, Word]:
    """Up to `q` of `whose` out of one lot, pro rata; returns what is still wanted."""
    sh, sl = sum_of(m, lot, whose)
    if sh == ZERO and sl == ZERO:
        return head, pieces, qh, ql
    if less(qh, ql, sh, sl):
        part = apportion(m, m.lot[lot, CELLS], whose, qh, ql, sh, sl)
        m.lot[lot, CELLS] = remove(m, m.lot[lot, CELLS], part, False)
        return head, join(m, pieces, new_lot(m, part, seq)), ZERO, ZERO
    rest, part = _separate(m, m.lot[lot, CELLS], whose)
    if rest == NONE:
        head = unlink(m, head, lot)
        m.lot[lot, SEQ] = seq
        pieces = join(m, pieces, lot)
    else:
        m.lot[lot, CELLS] = rest
        pieces = join(m, pieces, new_lot(m, part, seq))
    qh, ql = subtract(qh, ql, sh, sl)
    return head, pieces, qh, ql


@part
def _walk(m: Lots, head: int, pieces: int, qh: Word, ql: Word, whose: int, how: int) -> tuple[int, int, Word, Word]:
    """Lot by lot from one end; a blended lot pro rata."""
    lot = head if how == HEAD else m.lot[head, BEFORE]
    end = m.lot[head, BEFORE] if how == HEAD else head
    while qh != ZERO or ql != ZERO:
        following = m.lot[lot, NEXT] if how == HEAD else m.lot[lot, BEFORE]
        last = lot == end
        head, pieces, qh, ql = _draw_lot(m, head, pieces, lot, qh, ql, whose, m.lot[lot, SEQ])
        if last:
            break
        lot = following
    return head, pieces, qh, ql


@jit
def _gather_own(m: Lots, head: int, qh: Word, ql: Word) -> tuple[int, Word, Word]:
    """One cell of OWN, at most `q`, and what is still wanted; looks no further than it must."""
    high, low, lot = ZERO, ZERO, head
    while less(high, low, qh, ql):
        sh, sl = sum_of(m, lot, OWN_ONLY)
        high, low = add(high, low, sh, sl)
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    if less(qh, ql, high, low):
        high, low = qh, ql
    if high == ZERO and low == ZERO:
        return NONE, qh, ql
    qh, ql = subtract(qh, ql, high, low)
    return new_cell(m, m.own[0], high, low, NONE), qh, ql


@jit
def _gather(m: Lots, head: int, qh: Word, ql: Word, whose: int) -> tuple[int, Word, Word]:
    """`q`, or all there is, in the composition of all lots; and what is still wanted."""
    every, lot = NONE, head
    while True:
        every = absorb(m, every, copy_cells(m, m.lot[lot, CELLS], whose))
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    if every == NONE:
        return NONE, qh, ql
    sh, sl, cell = ZERO, ZERO, every
    while cell != NONE:
        ch, cl = quantity(m, cell)
        sh, sl = add(sh, sl, ch, cl)
        cell = m.cell[cell, AFTER]
    if not less(qh, ql, sh, sl):
        qh, ql = subtract(qh, ql, sh, sl)
        return every, qh, ql
    part = apportion(m, every, 0, qh, ql, sh, sl)
    drop_cells(m, every)
    return part, ZERO, ZERO


@jit
def _blend(m: Lots, head: int, pieces: int, qh: Word, ql: Word, whose: int, seq: int) -> tuple[int, int, Word, Word]:
    """Pro rata over all lots, as one piece; of each owner the oldest lot gives first."""
    if m.lot[head, NEXT] == head:
        return _draw_lot(m, head, pieces, head, qh, ql, whose, seq)
    if whose == OWN_ONLY:
        part, qh, ql = _gather_own(m, head, qh, ql)
    else:
        part, qh, ql = _gather(m, head, qh, ql, whose)
    if part == NONE:
        return head, pieces, qh, ql
    left = copy_cells(m, part, 0)
    lot, end = head, m.lot[head, BEFORE]
    while True:
        following, last = m.lot[lot, NEXT], lot == end
        m.lot[lot, CELLS] = remove(m, m.lot[lot, CELLS], left, True)
        if m.lot[lot, CELLS] == NONE:
            head = unlink(m, head, lot)
            drop_lot(m, lot)
        left = remove(m, left, NONE, False)
        if last or left == NONE:
            break
        lot = following
    drop_cells(m, left)
    return head, join(m, pieces, new_lot(m, part, seq)), qh, ql


@part
def take(m: Lots, head: int, qh: Word, ql: Word, stages: Table) -> tuple[int, int]:
    """Remove `q` nano units by `stages` (rows: whose, how): what is left, and the pieces in the order taken."""
    pieces = NONE
    seq = 0 if head == NONE else m.lot[head, SEQ]
    for row in range(stages.shape[0]):
        whose, how = stages[row, 0], stages[row, 1]
        if head == NONE or whose < 0 or (qh == ZERO and ql == ZERO):
            break
        if how == BLEND:
            head, pieces, qh, ql = _blend(m, head, pieces, qh, ql, whose, seq)
        else:
            head, pieces, qh, ql = _walk(m, head, pieces, qh, ql, whose, how)
    return head, pieces


@jit
def _reversed(m: Lots, head: int) -> int:
    lot, tail = head, m.lot[head, BEFORE]
    while True:
        after = m.lot[lot, NEXT]
        m.lot[lot, NEXT], m.lot[lot, BEFORE] = m.lot[lot, BEFORE], after
        if lot == tail:
            return int(tail)
        lot = after


@jit
def merge(m: Lots, head: int, other: int) -> int:
    """Two rings in entry order as one; of equal ones those of `head` come first."""
    result = NONE
    while head != NONE and other != NONE:
        if m.lot[head, SEQ] <= m.lot[other, SEQ]:
            lot = head
            head = unlink(m, head, lot)
        else:
            lot = other
            other = unlink(m, other, lot)
        result = join(m, result, lot)
    return join(m, result, join(m, head, other))


@jit
def in_entry_order(m: Lots, head: int) -> int:
    """The ring sorted by entry order; lots of equal order keep theirs."""
    if head == NONE:
        return NONE
    rising, falling, lot = True, True, head
    while m.lot[lot, NEXT] != head:
        here, there = m.lot[lot, SEQ], m.lot[m.lot[lot, NEXT], SEQ]
        rising, falling = rising and here <= there, falling and here > there
        lot = m.lot[lot, NEXT]
    if rising:
        return head
    if falling:
        return _reversed(m, head)
    result, run = NONE, NONE
    while head != NONE:
        lot = head
        head = unlink(m, head, lot)
        if run != NONE and m.lot[lot, SEQ] < m.lot[m.lot[run, BEFORE], SEQ]:
            result = merge(m, result, run)
            run = NONE
        run = join(m, run, lot)
    return merge(m, result, run)


@jit
def united(m: Lots, head: int) -> int:
    """A ring in entry order whose lots of equal order are one lot again, each in the place of its first."""
    if head == NONE:
        return NONE
    lot = head
    while m.lot[lot, NEXT] != head:
        following = m.lot[lot, NEXT]
        if m.lot[following, SEQ] == m.lot[lot, SEQ]:
            unlink(m, head, following)
            m.lot[lot, CELLS] = absorb(m, m.lot[lot, CELLS], m.lot[following, CELLS])
            drop_lot(m, following)
        else:
            lot = following
    return head
