"""One event under a rule: inputs drawn and entered, outputs drawn from them in order (rules 1.13).

The compiled twin of `trover.trace.reference`; what the stages mean is in `draw`.
"""

from __future__ import annotations

from trover.trace.compiled.arena import (
    BEFORE,
    CELLS,
    LAST_SEQ,
    NEXT,
    NONE,
    SEQ,
    Lots,
    absorb,
    drop_cells,
    drop_lot,
    drop_ring,
    fuse,
    has_claimant,
    has_own,
    is_own,
    join,
    own_lot,
    unlink,
)
from trover.trace.compiled.books import (
    ANY_DRAW,
    ASSET,
    CONTAMINATES,
    EXTERNAL,
    FAITH,
    FEE,
    FLAGS,
    HELD,
    JOINS,
    KEPT,
    KIND,
    LARGEST_FIRST,
    ORDERED,
    ORIGIN,
    OTHER,
    PRESERVED,
    PURCHASE,
    RATEABLY,
    REMEMBER,
    REPAYS,
    RETURNS,
    REVERSAL,
    UNCLEAR,
    Books,
    Findings,
    Law,
    Legs,
    account_at,
    amount_of,
    balance_of,
    change,
    into_sink,
)
from trover.trace.compiled.draw import in_entry_order, merge, take, united
from trover.trace.compiled.jit import Starts, jit
from trover.trace.compiled.restore import enter, remember, taint_all
from trover.trace.compiled.shares import scale
from trover.trace.compiled.wide import TOP, ZERO, Word, less, subtract, to_nano


@jit
def first_leg(starts: Starts, event: int) -> int:
    return event if starts.shape[0] == 0 else int(starts[event])


@jit
def _show_lots(m: Lots, b: Books, account: int) -> None:
    """Give an account that holds OWN only a lot that says so."""
    if b.account[account, HELD] == NONE and not b.account[account, KIND] & EXTERNAL:
        high, low = balance_of(b.account, account)
        if high < TOP and (high != ZERO or low != ZERO):
            high, low = to_nano(high, low)
            lot = own_lot(m, high, low)
            m.at[LAST_SEQ] += 1
            m.lot[lot, SEQ] = m.at[LAST_SEQ]
            b.account[account, HELD] = lot


@jit
def _hide_lots(m: Lots, b: Books, account: int) -> None:
    """An account that holds one lot of OWN needs no lots."""
    lot = b.account[account, HELD]
    if lot >= 0 and m.lot[lot, NEXT] == lot and is_own(m, m.lot[lot, CELLS]):
        drop_cells(m, m.lot[lot, CELLS])
        drop_lot(m, lot)
        b.account[account, HELD] = NONE


@jit
def _draw_input(m: Lots, b: Books, law: Law, account: int, preserved: bool, high: Word, low: Word) -> tuple[int, int]:
    """What the account gives, and what its bank lends where the balance does not suffice (rules 1.3)."""
    bh, bl = balance_of(b.account, account)
    if bh >= TOP:
        bh, bl = ZERO, ZERO
    change(b.account, account, high, low, True)
    lent = NONE
    if less(bh, bl, high, low):
        lh, ll = subtract(high, low, bh, bl)
        lh, ll = to_nano(lh, ll)
        lent = own_lot(m, lh, ll)
        high, low = bh, bl
    row = ANY_DRAW
    if b.account[account, KIND] & ASSET:
        row = RATEABLY
    elif preserved:
        row = PURCHASE
    high, low = to_nano(high, low)
    head, pieces = take(m, b.account[account, HELD], high, low, law.stages[row])
    b.account[account, HELD] = head
    if law.flag[ORDERED]:
        pieces = in_entry_order(m, pieces)
    return pieces, lent


@jit
def _before(b: Books, legs: Legs, leg: int, other: int) -> bool:
    fee = b.account[account_at(legs.out_account, leg), KIND] & FEE
    other_fee = b.account[account_at(legs.out_account, other), KIND] & FEE
    if fee != other_fee:
        return bool(fee < other_fee)
    ah, al = amount_of(legs.out_amount, leg)
    bh, bl = amount_of(legs.out_amount, other)
    return less(bh, bl, ah, al)


@jit
def _order_outputs(b: Books, legs: Legs, law: Law, start: int, end: int) -> None:
    """The order in which outputs are filled: as they stand, or the largest first and fees last."""
    for place in range(end - start):
        leg = start + place
        if law.flag[LARGEST_FIRST]:
            while place > 0 and _before(b, legs, leg, b.order[place - 1]):
                b.order[place] = b.order[place - 1]
                place -= 1
        b.order[place] = leg


@jit
def _to_sink(m: Lots, b: Books, slot: int, origin: int, sink: int, lots: int, high: Word, low: Word) -> None:
    into_sink(m, b, sink, lots, high, low)
    if slot != NONE and not b.paid[slot, KEPT]:
        remember(m, b, slot, origin, sink, lots, high, low)
    else:
        drop_ring(m, lots)


@jit
def _number(m: Lots, head: int, keep_place: bool) -> None:
    lot = head
    while lot != NONE:
        if not (keep_place and m.lot[lot, SEQ]):
            m.at[LAST_SEQ] += 1
            m.lot[lot, SEQ] = m.at[LAST_SEQ]
        lot = m.lot[lot, NEXT]
        if lot == head:
            break


@jit
def _joined(m: Lots, head: int, lots: int) -> int:
    """`join`, where a lot of OWN that arrives next to a lot of OWN becomes part of it."""
    while lots != NONE:
        lot = lots
        lots = unlink(m, lots, lot)
        if head != NONE and is_own(m, m.lot[lot, CELLS]):
            tail = m.lot[head, BEFORE]
            if is_own(m, m.lot[tail, CELLS]):
                m.lot[tail, CELLS] = absorb(m, m.lot[tail, CELLS], m.lot[lot, CELLS])
                drop_lot(m, lot)
                continue
        head = join(m, head, lot)
    return head


@jit
def _arrive(m: Lots, b: Books, law: Law, account: int, lots: int, keep_place: bool) -> int:
    """The lots of the account with those that come in."""
    head = b.account[account, HELD]
    _number(m, lots, keep_place)
    if keep_place and law.flag[ORDERED]:
        if law.flag[JOINS] and (has_claimant(m, head) or has_claimant(m, lots)):
            b.note[UNCLEAR] = 1
        head = united(m, merge(m, head, in_entry_order(m, lots)))
    elif law.flag[ORDERED] and law.flag[JOINS]:
        head = _joined(m, head, lots)
    else:
        head = join(m, head, lots)
    if law.flag[CONTAMINATES] and has_claimant(m, head):
        head = fuse(m, head)
        taint_all(m, head)
    elif b.account[account, KIND] & ASSET or not law.flag[ORDERED]:
        head = fuse(m, head)
    return head


@jit
def _credit(
    m: Lots, b: Books, law: Law, facts: Findings, account: int, special: int, lots: int, high: Word, low: Word
) -> None:
    bh, bl = balance_of(b.account, account)
    if bh >= TOP:
        dh, dl = subtract(ZERO, ZERO, bh, bl)
        if less(high, low, dh, dl):
            dh, dl = high, low
        qh, ql = to_nano(dh, dl)
        lots, paid = take(m, lots, qh, ql, law.stages[REPAYS])
        into_sink(m, b, len(b.account) + account, paid, dh, dl)
        drop_ring(m, paid)
    change(b.account, account, high, low, False)
    keep_place = False
    if special != NONE and facts.row[special, FLAGS] & REVERSAL:
        earlier = facts.row[special, RETURNS]
        keep_place = b.paid[earlier, KEPT] != 0 and b.paid[earlier, ORIGIN] == account
    b.account[account, HELD] = _arrive(m, b, law, account, lots, keep_place)


@jit
def _pay(
    m: Lots,
    b: Books,
    legs: Legs,
    law: Law,
    facts: Findings,
    leg: int,
    special: int,
    origin: int,
    realised: bool,
    inside: int,
) -> int:
    """Fill one output; returns what is left inside the event."""
    account = account_at(legs.out_account, leg)
    kind = b.account[account, KIND]
    ch, cl = amount_of(legs.out_cost, leg)
    high, low = amount_of(legs.out_amount, leg)
    row = ANY_DRAW
    if realised:
        row = RATEABLY
    elif kind & PRESERVED:
        row = PURCHASE
    qh, ql = to_nano(ch, cl)
    inside, lots = take(m, inside, qh, ql, law.stages[row])
    if not law.flag[ORDERED]:
        lots = fuse(m, lots)
    if ch != high or cl != low:
        if law.flag[ORDERED] and law.flag[JOINS] and has_claimant(m, lots) and has_own(m, lots):
            b.note[UNCLEAR] = 1
        qh, ql = to_nano(high, low)
        lots = scale(m, lots, qh, ql)
    slot, faith = NONE, NONE
    if special != NONE:
        slot = facts.row[special, REMEMBER]
        if not kind & FEE:
            faith = facts.row[special, FAITH]
    if faith != NONE:
        _to_sink(m, b, slot, origin, 2 * len(b.account) + faith, lots, high, low)
        qh, ql = to_nano(high, low)
        lots = own_lot(m, qh, ql)
    if kind & EXTERNAL:
        if faith == NONE:
            _to_sink(m, b, slot, origin, account, lots, high, low)
        else:
            into_sink(m, b, account, lots, high, low)
            drop_ring(m, lots)
            if slot != NONE:
                b.paid[slot, OTHER] = account
    else:
        _credit(m, b, law, facts, account, special, lots, high, low)
    return inside


@jit
def run_event(m: Lots, b: Books, legs: Legs, law: Law, facts: Findings, event: int, special: int) -> None:
    in_start, in_end = first_leg(legs.in_first, event), first_leg(legs.in_first, event + 1)
    out_start, out_end = first_leg(legs.out_first, event), first_leg(legs.out_first, event + 1)
    preserved, realised = False, True
    for leg in range(out_start, out_end):
        _show_lots(m, b, account_at(legs.out_account, leg))
        preserved = preserved or b.account[account_at(legs.out_account, leg), KIND] & PRESERVED != 0
    inside, advanced = NONE, NONE
    for leg in range(in_start, in_end):
        account = account_at(legs.in_account, leg)
        high, low = amount_of(legs.in_amount, leg)
        realised = realised and b.account[account, KIND] & ASSET != 0
        if b.account[account, KIND] & EXTERNAL:
            target = account_at(legs.out_account, out_start)
            inside = join(m, inside, enter(m, b, law, facts, special, target, high, low))
        else:
            _show_lots(m, b, account)
            pieces, lent = _draw_input(m, b, law, account, preserved, high, low)
            inside, advanced = join(m, inside, pieces), join(m, advanced, lent)
    if law.flag[CONTAMINATES] and has_claimant(m, inside):
        taint_all(m, inside)
    inside = join(m, inside, advanced)
    if not law.flag[ORDERED]:
        inside = fuse(m, inside)
    origin = account_at(legs.in_account, in_start)
    _order_outputs(b, legs, law, out_start, out_end)
    for place in range(out_end - out_start):
        leg = b.order[place]
        inside = _pay(m, b, legs, law, facts, leg, special, origin, realised, inside)
    drop_ring(m, inside)
    if law.flag[JOINS]:
        for leg in range(in_start, in_end):
            _hide_lots(m, b, account_at(legs.in_account, leg))
        for leg in range(out_start, out_end):
            _hide_lots(m, b, account_at(legs.out_account, leg))
