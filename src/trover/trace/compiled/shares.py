"""Splitting and scaling lots in proportion: the arithmetic of `trover.trace.arithmetic.apportion` on cells."""

from __future__ import annotations

from trover.trace.compiled.arena import (
    AFTER,
    ALL,
    BEFORE,
    CELLS,
    NEXT,
    NONE,
    OWNER,
    SEQ,
    Lots,
    belongs,
    copy_cells,
    drop_ring,
    join,
    new_lot,
    prune,
    put,
    quantity,
    remove,
    total,
)
from trover.trace.compiled.jit import jit
from trover.trace.compiled.wide import ONE, ZERO, Word, add, less, ratio, subtract, to_minor


@jit
def _lowest(th: Word, tl: Word, dh: Word, dl: Word) -> tuple[Word, Word, Word, Word]:
    """`t / d` in minor units where both are whole: the same ratio, in fewer bits."""
    if th != ZERO or dh != ZERO:
        mh, ml, rest = to_minor(dh, dl)
        if rest == ZERO and mh == ZERO:
            nh, nl, rest = to_minor(th, tl)
            if rest == ZERO and nh == ZERO:
                return nh, nl, mh, ml
    return th, tl, dh, dl


@jit
def _gap(sh: Word, sl: Word, th: Word, tl: Word) -> tuple[int, Word]:
    """By which sign and how many nano units the sum `s` of rounded parts misses its target."""
    if less(sh, sl, th, tl):
        return 1, subtract(th, tl, sh, sl)[1]
    return -1, subtract(sh, sl, th, tl)[1]


@jit
def _nudge(m: Lots, cell: int, step: int) -> None:
    high, low = quantity(m, cell)
    if step > 0:
        high, low = add(high, low, ZERO, ONE)
    else:
        high, low = subtract(high, low, ZERO, ONE)
    put(m, cell, high, low)


@jit
def apportion(m: Lots, first: int, whose: int, th: Word, tl: Word, dh: Word, dl: Word) -> int:
    """New cells: `t` shared in proportion to the cells of `whose`, whose sum is `d`. Zero cells are left out."""
    part = copy_cells(m, first, whose)
    if th == dh and tl == dl:
        return part
    if part != NONE and m.cell[part, AFTER] == NONE:
        put(m, part, th, tl)
        return part
    nh, nl, mh, ml = _lowest(th, tl, dh, dl)
    sh, sl, cell = ZERO, ZERO, part
    while cell != NONE:
        ph, pl = quantity(m, cell)
        qh, ql, _ = ratio(ph, pl, nh, nl, mh, ml)
        put(m, cell, qh, ql)
        sh, sl = add(sh, sl, qh, ql)
        cell = m.cell[cell, AFTER]
    step, left = _gap(sh, sl, th, tl)
    cell = part
    while left != ZERO and cell != NONE:
        while not belongs(m, first, whose):
            first = m.cell[first, AFTER]
        ph, pl = quantity(m, first)
        if ratio(ph, pl, nh, nl, mh, ml)[2] == step:
            _nudge(m, cell, step)
            left -= ONE
        first, cell = m.cell[first, AFTER], m.cell[cell, AFTER]
    return remove(m, part, NONE, False)


@jit
def copy_ring(m: Lots, head: int) -> int:
    result, lot = NONE, head
    while lot != NONE:
        result = join(m, result, new_lot(m, copy_cells(m, m.lot[lot, CELLS], ALL), m.lot[lot, SEQ]))
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    return result


@jit
def _next_owner(m: Lots, head: int, after: int) -> int:
    """The first owner in the ring that comes after `after` in owner order."""
    best, lot = NONE, head
    while True:
        cell = m.lot[lot, CELLS]
        while cell != NONE and m.cell[cell, OWNER] <= after:
            cell = m.cell[cell, AFTER]
        if cell != NONE and (best == NONE or m.cell[cell, OWNER] < best):
            best = m.cell[cell, OWNER]
        lot = m.lot[lot, NEXT]
        if lot == head:
            return int(best)


@jit
def _settle(
    m: Lots, head: int, before: int, owner: int, step: int, left: Word, nh: Word, nl: Word, mh: Word, ml: Word
) -> Word:
    """Give one nano unit to each cell of `owner` that rounding moved the other way, lot by lot, while any is left."""
    lot, old = head, before
    while left != ZERO:
        cell, was = m.lot[lot, CELLS], m.lot[old, CELLS]
        while cell != NONE and m.cell[cell, OWNER] < owner:
            cell, was = m.cell[cell, AFTER], m.cell[was, AFTER]
        if cell != NONE and m.cell[cell, OWNER] == owner:
            ph, pl = quantity(m, was)
            if ratio(ph, pl, nh, nl, mh, ml)[2] == step:
                _nudge(m, cell, step)
                left -= ONE
        lot, old = m.lot[lot, NEXT], m.lot[old, NEXT]
        if lot == head:
            break
    return left


@jit
def scale_cells(m: Lots, head: int, th: Word, tl: Word) -> None:
    """All cells of the ring in the same proportions, `t` in all; what rounding leaves goes by owner, then by lot."""
    dh, dl = total(m, head)
    if head == NONE or (th == dh and tl == dl):
        return
    before = copy_ring(m, head)
    nh, nl, mh, ml = _lowest(th, tl, dh, dl)
    sh, sl, lot = ZERO, ZERO, head
    while True:
        cell = m.lot[lot, CELLS]
        while cell != NONE:
            ph, pl = quantity(m, cell)
            qh, ql, _ = ratio(ph, pl, nh, nl, mh, ml)
            put(m, cell, qh, ql)
            sh, sl = add(sh, sl, qh, ql)
            cell = m.cell[cell, AFTER]
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    step, left = _gap(sh, sl, th, tl)
    owner = _next_owner(m, head, -1)
    while left != ZERO and owner != NONE:
        left = _settle(m, head, before, owner, step, left, nh, nl, mh, ml)
        owner = _next_owner(m, head, owner)
    drop_ring(m, before)


@jit
def scale(m: Lots, head: int, th: Word, tl: Word) -> int:
    """`scale_cells`, without what became zero."""
    scale_cells(m, head, th, tl)
    return prune(m, head)


@jit
def take_back(m: Lots, head: int, th: Word, tl: Word) -> tuple[int, int]:
    """Take `t` out of the ring lot by lot in proportion: what is left of it, and the lots taken, in their places."""
    back = copy_ring(m, head)
    scale_cells(m, back, th, tl)
    lot, gone, end = head, back, m.lot[head, BEFORE]
    while True:
        m.lot[lot, CELLS] = remove(m, m.lot[lot, CELLS], m.lot[gone, CELLS], False)
        if lot == end:
            break
        lot, gone = m.lot[lot, NEXT], m.lot[gone, NEXT]
    return prune(m, head), prune(m, back)
