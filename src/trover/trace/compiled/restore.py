"""Where content enters from outside: claims, interest, and payments that come back (rules 1.1, 1.5, 1.7)."""

from __future__ import annotations

import numpy as np

from trover.trace.compiled.arena import (
    AFTER,
    ALL,
    CELLS,
    NEXT,
    NONE,
    OWNER,
    Lots,
    absorb,
    copy_cells,
    drop_cells,
    has_claimant,
    join,
    new_cell,
    new_lot,
    own_lot,
    sum_of,
    total,
)
from trover.trace.compiled.books import (
    CONTAMINATES,
    FEE,
    FIRST_CLAIM,
    FLAGS,
    HELD,
    INTEREST,
    JOINS,
    KEPT,
    KIND,
    LAST_CLAIM,
    LAST_SLOT,
    LEFT_HI,
    LEFT_LO,
    ORDERED,
    ORIGIN,
    PAYEE,
    RETURNS,
    RING,
    SHOWN,
    SINK,
    UNCLEAR,
    Books,
    Findings,
    Law,
    change_sink,
    log_claimants,
)
from trover.trace.compiled.jit import Table, jit, part
from trover.trace.compiled.shares import apportion, take_back
from trover.trace.compiled.wide import ZERO, Word, less, subtract, to_nano

TAINTED = 0


@part
def taint_lot(m: Lots, lot: int) -> None:
    high, low = sum_of(m, lot, ALL)
    drop_cells(m, m.lot[lot, CELLS])
    m.lot[lot, CELLS] = new_cell(m, TAINTED, high, low, NONE)


@part
def taint_all(m: Lots, head: int) -> None:
    """Every lot of the ring wholly tainted."""
    lot = head
    while lot != NONE:
        taint_lot(m, lot)
        lot = m.lot[lot, NEXT]
        if lot == head:
            break


@part
def blended(m: Lots, law: Law, claim: Table, first: int, last: int, high: Word, low: Word) -> int:
    """One lot of `amount` minor units: the claims entered there (rows first to last), the rest OWN."""
    high, low = to_nano(high, low)
    cells, tail = NONE, NONE
    for row in range(first, last):
        ch, cl = to_nano(np.uint64(claim[row, 3]), np.uint64(claim[row, 2]))
        high, low = subtract(high, low, ch, cl)
        cell = new_cell(m, claim[row, OWNER], ch, cl, NONE)
        if tail == NONE:
            cells = cell
        else:
            m.cell[tail, AFTER] = cell
        tail = cell
    if high != ZERO or low != ZERO:
        cells = absorb(m, cells, new_cell(m, m.own[0], high, low, NONE))
    lot = new_lot(m, cells, 0)
    if law.flag[CONTAMINATES] and first < last:
        taint_all(m, lot)
    return lot


@jit
def _fruit(m: Lots, head: int, high: Word, low: Word) -> int:
    """Interest in the composition of the balance that bore it."""
    every, lot = NONE, head
    while True:
        every = absorb(m, every, copy_cells(m, m.lot[lot, CELLS], ALL))
        lot = m.lot[lot, NEXT]
        if lot == head:
            break
    dh, dl = total(m, head)
    th, tl = to_nano(high, low)
    part = apportion(m, every, ALL, th, tl, dh, dl)
    drop_cells(m, every)
    return new_lot(m, part, 0)


@part
def returned(b: Books, earlier: int, source: int) -> int:
    """The remembered leg that an event from `source` returns: what was paid to it, else the first that is no fee."""
    found, no_fee = NONE, NONE
    for slot in range(earlier, b.paid[earlier, LAST_SLOT] if earlier != NONE else earlier):
        if b.paid[slot, KEPT]:
            if b.party[b.paid[slot, PAYEE]] == b.party[source]:
                return slot
            if no_fee == NONE and not b.account[b.paid[slot, PAYEE], KIND] & FEE:
                no_fee = slot
            if found == NONE:
                found = slot
    return found if no_fee == NONE else no_fee


@part
def restored(m: Lots, b: Books, law: Law, k: int, high: Word, low: Word) -> int:
    """The composition the earlier payment had, taken back out of its sink; what exceeds it is OWN."""
    lh, ll = np.uint64(b.paid[k, LEFT_HI]), np.uint64(b.paid[k, LEFT_LO])
    qh, ql = high, low
    if less(lh, ll, high, low):
        qh, ql = lh, ll
    head = int(b.paid[k, RING])
    if law.flag[JOINS] and law.flag[ORDERED] and has_claimant(m, head):
        b.note[UNCLEAR] = 1
    if qh == lh and ql == ll:
        back, head = head, NONE
    elif qh == ZERO and ql == ZERO:
        back = NONE
    else:
        th, tl = to_nano(qh, ql)
        head, back = take_back(m, head, th, tl)
    b.paid[k, RING] = head
    lh, ll = subtract(lh, ll, qh, ql)
    b.paid[k, LEFT_HI], b.paid[k, LEFT_LO] = np.int64(lh), np.int64(ll)
    log_claimants(m, b, b.paid[k, SINK], back, True)
    change_sink(b, b.paid[k, SINK], qh, ql, True)
    if b.paid[k, SHOWN] != NONE:
        change_sink(b, b.paid[k, SHOWN], qh, ql, True)
    if less(qh, ql, high, low):
        eh, el = subtract(high, low, qh, ql)
        eh, el = to_nano(eh, el)
        back = join(m, back, own_lot(m, eh, el))
    return back


@part
def enter(
    m: Lots, b: Books, law: Law, facts: Findings, special: int, source: int, target: int, high: Word, low: Word
) -> int:
    """What comes from outside, by all legs together; `special` is the event's row in the findings or NONE.

    `source` is the first account outside that pays, `target` the first recipient.
    """
    if special == NONE:
        return blended(m, law, facts.claim, 0, 0, high, low)
    slot = returned(b, facts.row[special, RETURNS], source)
    if slot != NONE:
        return restored(m, b, law, slot, high, low)
    if facts.row[special, FLAGS] & INTEREST and b.account[target, HELD] >= 0:
        return _fruit(m, b.account[target, HELD], high, low)
    return blended(m, law, facts.claim, facts.row[special, FIRST_CLAIM], facts.row[special, LAST_CLAIM], high, low)


@part
def remember(
    m: Lots, b: Books, first: int, origin: int, payee: int, sink: int, shown: int, head: int, high: Word, low: Word
) -> None:
    """Keep the lots of a leg, `amount` minor units in all, so that a return can restore them."""
    k = first
    while b.paid[k, KEPT]:
        k += 1
    b.paid[k, RING] = head
    b.paid[k, ORIGIN] = origin
    b.paid[k, PAYEE] = payee
    b.paid[k, SINK] = sink
    b.paid[k, SHOWN] = shown
    b.paid[k, LEFT_HI], b.paid[k, LEFT_LO] = np.int64(high), np.int64(low)
    b.paid[k, KEPT] = 1
