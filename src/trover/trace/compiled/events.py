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
    IN_TURN,
    JOINS,
    KEPT,
    KIND,
    LARGEST_FIRST,
    NEWEST_FIRST,
    ORDERED,
    ORIGIN,
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
from trover.trace.compiled.jit import Starts, jit, part
from trover.trace.compiled.restore import enter, remember, taint_all, taint_lot
from trover.trace.compiled.shares import scale
from trover.trace.compiled.wide import TOP, ZERO, Word, add, less, subtract, to_nano

LENT = -1
"""The entry order of what a bank lends, until the event has been marked."""


@part
def first_leg(starts: Starts, event: int) -> int:
    return event if starts.shape[0] == 0 else int(starts[event])


@part
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


@part
def _hide_lots(m: Lots, b: Books, account: int) -> None:
    """An account that holds one lot of OWN needs no lots."""
    lot = b.account[account, HELD]
    if lot >= 0 and m.lot[lot, NEXT] == lot and is_own(m, m.lot[lot, CELLS]):
        drop_cells(m, m.lot[lot, CELLS])
        drop_lot(m, lot)
        b.account[account, HELD] = NONE


@part
def _draw(m: Lots, b: Books, law: Law, account: int, row: int, pieces: int, high: Word, low: Word) -> int:
    if b.account[account, KIND] & ASSET:
        row = RATEABLY
    head, taken = take(m, b.account[account, HELD], high, low, law.stages[row])
    b.account[account, HELD] = head
    return join(m, pieces, taken)


@part
def _draw_input(
    m: Lots, b: Books, law: Law, account: int, ph: Word, pl: Word, high: Word, low: Word
) -> tuple[int, Word, Word]:
    """What the account gives, then what its bank lends where the balance does not suffice (rules 1.3).

    The first `p` nano units that it gives buy a preserved asset; returns the lots and what did not.
    """
    bh, bl = balance_of(b.account, account)
    if bh >= TOP:
        bh, bl = ZERO, ZERO
    change(b.account, account, high, low, True)
    lent = NONE
    if less(bh, bl, high, low):
        lh, ll = subtract(high, low, bh, bl)
        lh, ll = to_nano(lh, ll)
        lent = own_lot(m, lh, ll)
        m.lot[lent, SEQ] = LENT
        high, low = bh, bl
    high, low = to_nano(high, low)
    pieces = NONE
    if ph != ZERO or pl != ZERO:
        gh, gl = ph, pl
        if less(high, low, ph, pl):
            gh, gl = high, low
        pieces = _draw(m, b, law, account, PURCHASE, pieces, gh, gl)
        high, low = subtract(high, low, gh, gl)
        ph, pl = subtract(ph, pl, gh, gl)
    pieces = _draw(m, b, law, account, ANY_DRAW, pieces, high, low)
    if law.flag[ORDERED]:
        pieces = in_entry_order(m, pieces)
    if law.flag[NEWEST_FIRST]:
        return join(m, lent, pieces), ph, pl
    return join(m, pieces, lent), ph, pl


@part
def _mark(m: Lots, law: Law, inside: int) -> None:
    """Any taint taints all that came in, but not what banks lent."""
    tainted = law.flag[CONTAMINATES] != 0 and has_claimant(m, inside)
    lot = inside
    while lot != NONE:
        if m.lot[lot, SEQ] == LENT:
            m.lot[lot, SEQ] = 0
        elif tainted:
            taint_lot(m, lot)
        lot = m.lot[lot, NEXT]
        if lot == inside:
            break


@part
def _before(b: Books, legs: Legs, law: Law, leg: int, other: int) -> bool:
    fee = b.account[account_at(legs.out_account, leg), KIND] & FEE
    other_fee = b.account[account_at(legs.out_account, other), KIND] & FEE
    if fee != other_fee:
        return bool(fee < other_fee)
    if not law.flag[LARGEST_FIRST]:
        return False
    ah, al = amount_of(legs.out_amount, leg)
    bh, bl = amount_of(legs.out_amount, other)
    return less(bh, bl, ah, al)


@part
def _order_outputs(b: Books, legs: Legs, law: Law, start: int, end: int) -> None:
    """The order in which outputs are filled: as they stand or the largest first, and fees last."""
    for place in range(end - start):
        leg = start + place
        while place > 0 and _before(b, legs, law, leg, b.order[place - 1]):
            b.order[place] = b.order[place - 1]
            place -= 1
        b.order[place] = leg


@part
def _leave(
    m: Lots,
    b: Books,
    slot: int,
    origin: int,
    payee: int,
    sink: int,
    shown: int,
    lots: int,
    high: Word,
    low: Word,
) -> None:
    """The end of the lots of a leg, unless a return may restore them."""
    if slot != NONE:
        remember(m, b, slot, origin, payee, sink, shown, lots, high, low)
    else:
        drop_ring(m, lots)


@part
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


@part
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


@part
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
        keep_place = earlier != NONE and b.paid[earlier, KEPT] != 0 and b.paid[earlier, ORIGIN] == account
    b.account[account, HELD] = _arrive(m, b, law, account, lots, keep_place)


@part
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
        sink = 2 * len(b.account) + faith
        into_sink(m, b, sink, lots, high, low)
        _leave(m, b, slot, origin, account, sink, account if kind & EXTERNAL else NONE, lots, high, low)
        qh, ql = to_nano(high, low)
        lots = own_lot(m, qh, ql)
    if not kind & EXTERNAL:
        _credit(m, b, law, facts, account, special, lots, high, low)
    else:
        into_sink(m, b, account, lots, high, low)
        _leave(m, b, slot if faith == NONE else NONE, origin, account, account, NONE, lots, high, low)
    return inside


@part
def run_event(m: Lots, b: Books, legs: Legs, law: Law, facts: Findings, event: int, special: int) -> None:
    in_start, in_end = first_leg(legs.in_first, event), first_leg(legs.in_first, event + 1)
    out_start, out_end = first_leg(legs.out_first, event), first_leg(legs.out_first, event + 1)
    realised, outside = True, NONE
    ph, pl, eh, el = ZERO, ZERO, ZERO, ZERO
    for leg in range(out_start, out_end):
        account = account_at(legs.out_account, leg)
        _show_lots(m, b, account)
        if b.account[account, KIND] & PRESERVED:
            ch, cl = amount_of(legs.out_cost, leg)
            ph, pl = add(ph, pl, ch, cl)
    for leg in range(in_end - 1, in_start - 1, -1):
        account = account_at(legs.in_account, leg)
        realised = realised and b.account[account, KIND] & ASSET != 0
        if b.account[account, KIND] & EXTERNAL:
            high, low = amount_of(legs.in_amount, leg)
            eh, el = add(eh, el, high, low)
            outside = account
    if outside != NONE:
        target = account_at(legs.out_account, out_start)
        outside = enter(m, b, law, facts, special, outside, target, eh, el)
    inside = NONE
    ph, pl = to_nano(ph, pl)
    for leg in range(in_start, in_end):
        account = account_at(legs.in_account, leg)
        high, low = amount_of(legs.in_amount, leg)
        if b.account[account, KIND] & EXTERNAL:
            qh, ql = to_nano(high, low)
            outside, pieces = take(m, outside, qh, ql, law.stages[IN_TURN])
        else:
            _show_lots(m, b, account)
            pieces, ph, pl = _draw_input(m, b, law, account, ph, pl, high, low)
        inside = join(m, inside, pieces)
    _mark(m, law, inside)
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
