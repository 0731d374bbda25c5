"""Short ways for the events that make up most of a ledger: one leg on each side, nothing special, one amount.

Each gives the integers `events.run_event` would give, or declines (False) and has changed nothing:
`own_passes` where only OWN moves, `blend_passes` where an account is one lot of OWN and one claimant.
Both are for runs that join neighbouring lots of OWN (`books.JOINS`).
"""

from __future__ import annotations

import numpy as np

from trover.trace.compiled.arena import (
    AFTER,
    ALL,
    BEFORE,
    CELLS,
    LAST_SEQ,
    LIVE_CELLS,
    LIVE_LOTS,
    NEXT,
    NONE,
    OWN_ONLY,
    OWNER,
    QH,
    QL,
    SEQ,
    Lots,
    drop_cell,
    drop_lot,
    is_own,
    new_cell,
    new_lot,
    own_lot,
    put,
    quantity,
)
from trover.trace.compiled.books import (
    ANY_DRAW,
    ASSET,
    CONTAMINATES,
    EXTERNAL,
    HELD,
    KIND,
    LOGGED,
    ORDERED,
    Books,
    Law,
    balance_of,
    change,
    change_sink,
    open_sink,
)
from trover.trace.compiled.draw import BLEND, TAIL
from trover.trace.compiled.jit import part
from trover.trace.compiled.wide import TOP, ZERO, Word, add, less, ratio, subtract, to_nano

FEW = 8
"""Rows that a short way may need."""


@part
def receive(b: Books, account: int, high: Word, low: Word) -> None:
    """A credit of OWN to an account without lots, or to a sink."""
    if b.account[account, KIND] & EXTERNAL:
        open_sink(b, account)
    else:
        bh, bl = balance_of(b.account, account)
        if bh >= TOP:
            dh, dl = subtract(ZERO, ZERO, bh, bl)
            if less(high, low, dh, dl):
                dh, dl = high, low
            sink = len(b.account) + account
            open_sink(b, sink)
            change_sink(b, sink, dh, dl, False)
    change(b.account, account, high, low, False)


@part
def has_few(m: Lots, b: Books) -> bool:
    return bool(
        m.at[LIVE_CELLS] + FEW < len(m.cell)
        and m.at[LIVE_LOTS] + FEW < len(m.lot)
        and b.note[LOGGED] + m.at[LIVE_CELLS] + FEW < len(b.log)
    )


@part
def _last_cell(m: Lots, lot: int) -> int:
    cell = m.lot[lot, CELLS]
    while m.cell[cell, AFTER] != NONE:
        cell = m.cell[cell, AFTER]
    return int(cell)


@part
def _own_source(m: Lots, b: Books, law: Law, payer: int, qh: Word, ql: Word) -> int:
    """The cell of OWN that alone bears a withdrawal of `q` nano units and is not emptied by it, or NONE."""
    whose, how = law.stages[ANY_DRAW, 0, 0], law.stages[ANY_DRAW, 0, 1]
    head = b.account[payer, HELD]
    lot = m.lot[head, BEFORE] if how == TAIL else head
    cell = m.lot[lot, CELLS]
    if whose == OWN_ONLY:
        cell = _last_cell(m, lot)
    elif whose != ALL or how == BLEND:
        return NONE
    if not is_own(m, cell):
        return NONE
    high, low = quantity(m, cell)
    return int(cell) if less(qh, ql, high, low) else NONE


@part
def _add_to(m: Lots, cell: int, qh: Word, ql: Word) -> None:
    high, low = quantity(m, cell)
    high, low = add(high, low, qh, ql)
    put(m, cell, high, low)


@part
def _take_from(m: Lots, cell: int, qh: Word, ql: Word) -> None:
    high, low = quantity(m, cell)
    high, low = subtract(high, low, qh, ql)
    put(m, cell, high, low)


@part
def _add_own(m: Lots, b: Books, law: Law, payee: int, qh: Word, ql: Word) -> None:
    """OWN to an account that has lots."""
    head = b.account[payee, HELD]
    tail = m.lot[head, BEFORE]
    cell = _last_cell(m, tail)
    if law.flag[ORDERED] and not is_own(m, m.lot[tail, CELLS]):
        lot = own_lot(m, qh, ql)
        m.at[LAST_SEQ] += 1
        m.lot[lot, SEQ] = m.at[LAST_SEQ]
        m.lot[tail, NEXT], m.lot[lot, BEFORE] = lot, tail
        m.lot[lot, NEXT], m.lot[head, BEFORE] = head, lot
    elif is_own(m, cell) or law.flag[CONTAMINATES]:
        _add_to(m, cell, qh, ql)
    else:
        m.cell[cell, AFTER] = new_cell(m, m.own[0], qh, ql, NONE)


@part
def own_passes(m: Lots, b: Books, law: Law, payer: int, payee: int, high: Word, low: Word) -> bool:
    """Only OWN moves: the payer has no lots, or a lot of OWN bears it all."""
    if (b.account[payer, KIND] | b.account[payee, KIND]) & ASSET:
        return False
    qh, ql = to_nano(high, low)
    if b.account[payer, HELD] >= 0:
        cell = _own_source(m, b, law, payer, qh, ql)
        if cell == NONE:
            return False
        _take_from(m, cell, qh, ql)
    if not b.account[payer, KIND] & EXTERNAL:
        change(b.account, payer, high, low, True)
    if b.account[payee, HELD] >= 0:
        _add_own(m, b, law, payee, qh, ql)
        change(b.account, payee, high, low, False)
    else:
        receive(b, payee, high, low)
    return True


@part
def _is_pair(m: Lots, lot: int) -> bool:
    """Whether the lot holds one claimant and perhaps OWN."""
    cell = m.lot[lot, CELLS]
    after = m.cell[cell, AFTER]
    return not is_own(m, cell) and (after == NONE or is_own(m, after))


@part
def _drawn(m: Lots, law: Law, cell: int, high: Word, low: Word, bh: Word, bl: Word) -> tuple[bool, Word, Word]:
    """What the claimant's `cell` bears of a withdrawal from a balance, in nano units; whether this is the way."""
    qh, ql = to_nano(high, low)
    ch, cl = quantity(m, cell)
    oh, ol = to_nano(bh, bl)
    oh, ol = subtract(oh, ol, ch, cl)
    th, tl = ZERO, ZERO
    for row in range(law.stages.shape[1]):
        whose = law.stages[ANY_DRAW, row, 0]
        if whose < 0 or (qh == ZERO and ql == ZERO):
            break
        if whose == ALL:
            if row > 0:
                return False, th, tl
            th, tl, _ = ratio(ch, cl, high, low, bh, bl)
            return True, th, tl
        mh, ml = (oh, ol) if whose == OWN_ONLY else (ch, cl)
        if less(qh, ql, mh, ml):
            mh, ml = qh, ql
        qh, ql = subtract(qh, ql, mh, ml)
        if whose != OWN_ONLY:
            th, tl = mh, ml
    return qh == ZERO and ql == ZERO, th, tl


@part
def _settle_payer(m: Lots, b: Books, payer: int, th: Word, tl: Word, oh: Word, ol: Word) -> None:
    lot = b.account[payer, HELD]
    cell = m.lot[lot, CELLS]
    own = m.cell[cell, AFTER]
    if own != NONE:
        _take_from(m, own, oh, ol)
        if m.cell[own, QL] == 0 and m.cell[own, QH] == 0:
            drop_cell(m, own)
            own = NONE
            m.cell[cell, AFTER] = NONE
    _take_from(m, cell, th, tl)
    if m.cell[cell, QL] == 0 and m.cell[cell, QH] == 0:
        drop_cell(m, cell)
        if own != NONE:
            drop_cell(m, own)
        drop_lot(m, lot)
        b.account[payer, HELD] = NONE


@part
def _settle_payee(m: Lots, b: Books, payee: int, owner: int, th: Word, tl: Word, oh: Word, ol: Word) -> None:
    """A claimant's part and OWN to an account without overdraft."""
    lot = b.account[payee, HELD]
    if lot < 0:
        bh, bl = balance_of(b.account, payee)
        bh, bl = to_nano(bh, bl)
        oh, ol = add(oh, ol, bh, bl)
        own = new_cell(m, m.own[0], oh, ol, NONE) if oh != ZERO or ol != ZERO else NONE
        m.at[LAST_SEQ] += 1
        b.account[payee, HELD] = new_lot(m, new_cell(m, owner, th, tl, own), m.at[LAST_SEQ])
        return
    cell = m.lot[lot, CELLS]
    _add_to(m, cell, th, tl)
    if m.cell[cell, AFTER] != NONE:
        _add_to(m, m.cell[cell, AFTER], oh, ol)
    elif oh != ZERO or ol != ZERO:
        m.cell[cell, AFTER] = new_cell(m, m.own[0], oh, ol, NONE)


@part
def blend_passes(m: Lots, b: Books, law: Law, payer: int, payee: int, high: Word, low: Word) -> bool:
    """Of the payer's one claimant and OWN to an account with none or the same claimant, or out of the ledger."""
    if law.flag[ORDERED] or law.flag[CONTAMINATES] or b.account[payer, HELD] < 0 or payer == payee:
        return False
    if (b.account[payer, KIND] | b.account[payee, KIND]) & ASSET or not _is_pair(m, b.account[payer, HELD]):
        return False
    bh, bl = balance_of(b.account, payer)
    ph, _ = balance_of(b.account, payee)
    cell = m.lot[b.account[payer, HELD], CELLS]
    owner = m.cell[cell, OWNER]
    outside = b.account[payee, KIND] & EXTERNAL != 0
    if not less(high, low, bh, bl) or (not outside and ph >= TOP):
        return False
    lot = b.account[payee, HELD]
    if lot >= 0 and not (_is_pair(m, lot) and m.cell[m.lot[lot, CELLS], OWNER] == owner):
        return False
    way, th, tl = _drawn(m, law, cell, high, low, bh, bl)
    if not way:
        return False
    oh, ol = to_nano(high, low)
    oh, ol = subtract(oh, ol, th, tl)
    _settle_payer(m, b, payer, th, tl, oh, ol)
    change(b.account, payer, high, low, True)
    if th == ZERO and tl == ZERO and lot < 0:
        receive(b, payee, high, low)
        return True
    if outside:
        open_sink(b, payee)
        top = b.note[LOGGED]
        b.note[LOGGED] = top + 1
        b.log[top, OWNER], b.log[top, AFTER] = payee, owner
        b.log[top, QL], b.log[top, QH] = np.int64(tl), np.int64(th)
    else:
        _settle_payee(m, b, payee, owner, th, tl, oh, ol)
    change(b.account, payee, high, low, False)
    return True
