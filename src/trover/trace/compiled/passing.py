"""Short ways for the events that make up most of a ledger: one leg on each side, nothing special, one amount.

Each gives the integers `events.run_event` would give, or declines (False) and has changed nothing:
`own_passes` where only OWN moves, `share_passes` where an account is one lot of OWN and one claimant,
`taint_passes` where taint spreads. All are for runs that join neighbouring lots of OWN (`books.JOINS`).

An account that the last two work on keeps the claimant's part beside its balance (`books.SHARED`): one row to
load instead of a lot and two cells. `restore` gives it its lot back for whatever needs one.
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
    drop_cells,
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
    SHARE,
    SHARED,
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

FEW = 12
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
def _drawn(law: Law, ch: Word, cl: Word, high: Word, low: Word, bh: Word, bl: Word) -> tuple[bool, Word, Word]:
    """What a claimant's `c` bears of a withdrawal from a balance, in nano units; whether this is the way."""
    qh, ql = to_nano(high, low)
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
def _set_share(b: Books, account: int, owner: int, high: Word, low: Word) -> None:
    b.account[account, SHARE + OWNER] = owner
    b.account[account, SHARE + QL], b.account[account, SHARE + QH] = np.int64(low), np.int64(high)


@part
def _share_of(b: Books, account: int) -> tuple[Word, Word]:
    return np.uint64(b.account[account, SHARE + QH]), np.uint64(b.account[account, SHARE + QL])


@part
def _shared(m: Lots, b: Books, account: int) -> bool:
    """Whether the account is one lot of one claimant and OWN; its lot is given up for its share if it has one."""
    lot = b.account[account, HELD]
    if lot == SHARED:
        return True
    if not _is_pair(m, lot):
        return False
    cell = m.lot[lot, CELLS]
    high, low = quantity(m, cell)
    _set_share(b, account, m.cell[cell, OWNER], high, low)
    drop_cells(m, cell)
    drop_lot(m, lot)
    b.account[account, HELD] = SHARED
    return True


@part
def restore(m: Lots, b: Books, account: int) -> None:
    """Give an account whose share is kept beside its balance the lot it stands for."""
    if b.account[account, HELD] != SHARED:
        return
    ch, cl = _share_of(b, account)
    bh, bl = balance_of(b.account, account)
    oh, ol = to_nano(bh, bl)
    oh, ol = subtract(oh, ol, ch, cl)
    own = new_cell(m, m.own[0], oh, ol, NONE) if oh != ZERO or ol != ZERO else NONE
    m.at[LAST_SEQ] += 1
    b.account[account, HELD] = new_lot(m, new_cell(m, b.account[account, SHARE + OWNER], ch, cl, own), m.at[LAST_SEQ])


@part
def _credit_share(b: Books, payee: int, owner: int, th: Word, tl: Word) -> None:
    """A claimant's part to an account of the ledger without overdraft, or out of it; balances are not changed here."""
    if b.account[payee, KIND] & EXTERNAL:
        open_sink(b, payee)
        top = b.note[LOGGED]
        b.note[LOGGED] = top + 1
        b.log[top, OWNER], b.log[top, AFTER] = payee, owner
        b.log[top, QL], b.log[top, QH] = np.int64(tl), np.int64(th)
    elif b.account[payee, HELD] == SHARED:
        ch, cl = _share_of(b, payee)
        ch, cl = add(ch, cl, th, tl)
        _set_share(b, payee, owner, ch, cl)
    else:
        _set_share(b, payee, owner, th, tl)
        b.account[payee, HELD] = SHARED


@part
def share_passes(m: Lots, b: Books, law: Law, payer: int, payee: int, high: Word, low: Word) -> bool:
    """Between accounts that are one claimant and OWN, or OWN only, or outside the ledger."""
    if payer == payee or (b.account[payer, KIND] | b.account[payee, KIND]) & ASSET:
        return False
    if b.account[payee, HELD] >= 0 and not _shared(m, b, payee):
        return False
    if b.account[payer, HELD] < 0:
        if not b.account[payer, KIND] & EXTERNAL:
            change(b.account, payer, high, low, True)
        change(b.account, payee, high, low, False)
        return True
    if not _shared(m, b, payer):
        return False
    bh, bl = balance_of(b.account, payer)
    ph, _ = balance_of(b.account, payee)
    owner, held = b.account[payer, SHARE + OWNER], b.account[payee, HELD]
    outside = b.account[payee, KIND] & EXTERNAL != 0
    if not less(high, low, bh, bl) or (not outside and ph >= TOP):
        return False
    if held == SHARED and b.account[payee, SHARE + OWNER] != owner:
        return False
    ch, cl = _share_of(b, payer)
    way, th, tl = _drawn(law, ch, cl, high, low, bh, bl)
    if not way:
        return False
    change(b.account, payer, high, low, True)
    if th == ZERO and tl == ZERO:
        if held < 0:
            receive(b, payee, high, low)
        else:
            change(b.account, payee, high, low, False)
        return True
    ch, cl = subtract(ch, cl, th, tl)
    _set_share(b, payer, owner, ch, cl)
    if ch == ZERO and cl == ZERO:
        b.account[payer, HELD] = NONE
    _credit_share(b, payee, owner, th, tl)
    change(b.account, payee, high, low, False)
    return True


@part
def _is_tainted(m: Lots, b: Books, account: int) -> bool:
    """Whether all of the account is one claimant's."""
    if not _shared(m, b, account):
        return False
    high, low = balance_of(b.account, account)
    high, low = to_nano(high, low)
    ch, cl = _share_of(b, account)
    return bool(ch == high and cl == low)


@part
def taint_passes(m: Lots, b: Books, payer: int, payee: int, high: Word, low: Word) -> bool:
    """Between accounts that are tainted whole or clean whole, under a rule by which taint spreads."""
    if payer == payee or (b.account[payer, KIND] | b.account[payee, KIND]) & ASSET:
        return False
    outside, dirty = b.account[payee, KIND] & EXTERNAL != 0, b.account[payer, HELD] >= 0
    if b.account[payee, HELD] >= 0 and not _is_tainted(m, b, payee):
        return False
    bh, bl = balance_of(b.account, payer)
    if dirty and (not _is_tainted(m, b, payer) or less(bh, bl, high, low)):
        return False
    ph, pl = balance_of(b.account, payee)
    if not outside and ph >= TOP:
        return False
    owner = b.account[payer, SHARE + OWNER] if dirty else b.account[payee, SHARE + OWNER]
    if dirty:
        bh, bl = subtract(bh, bl, high, low)
        qh, ql = to_nano(bh, bl)
        _set_share(b, payer, owner, qh, ql)
        if bh == ZERO and bl == ZERO:
            b.account[payer, HELD] = NONE
    if not b.account[payer, KIND] & EXTERNAL:
        change(b.account, payer, high, low, True)
    if outside:
        qh, ql = to_nano(high, low)
        _credit_share(b, payee, owner, qh, ql)
    else:
        ph, pl = add(ph, pl, high, low)
        qh, ql = to_nano(ph, pl)
        _set_share(b, payee, owner, qh, ql)
        b.account[payee, HELD] = SHARED
    change(b.account, payee, high, low, False)
    return True


@part
def passes(m: Lots, b: Books, law: Law, payer: int, payee: int, high: Word, low: Word) -> bool:
    """The short way of the rule, if there is one for this event."""
    if not law.flag[ORDERED]:
        spreads = law.flag[CONTAMINATES] != 0
        if not spreads and share_passes(m, b, law, payer, payee, high, low):
            return True
        if spreads and taint_passes(m, b, payer, payee, high, low):
            return True
        restore(m, b, payer)
        restore(m, b, payee)
    return own_passes(m, b, law, payer, payee, high, low)
