"""All events of a ledger in order: balances only while nothing traced is near, the rule wherever it is."""

from __future__ import annotations

import numpy as np

from trover.trace.compiled.arena import LAST_SEQ, LIVE_CELLS, LIVE_LOTS, NONE, SEQ, Lots
from trover.trace.compiled.books import (
    EVENT,
    EXTERNAL,
    HELD,
    JOINS,
    KIND,
    LOGGED,
    UNCLEAR,
    Books,
    Findings,
    Law,
    Legs,
    account_at,
    amount_of,
    balance_of,
    change,
    change_sink,
    log_claimants,
    open_sink,
)
from trover.trace.compiled.events import first_leg, run_event
from trover.trace.compiled.jit import Table, jit, kernel
from trover.trace.compiled.restore import blended
from trover.trace.compiled.wide import TOP, ZERO, Word, add, less, subtract

DONE, FULL, UNCLEAR_LOTS = 0, 1, 2
"""What a run ends with: the last event, memory that must grow first, lots that must be kept apart."""

ROOM = 8
"""Cells, for each owner and leg, that one event may need beyond copies of what is there."""


@kernel
def open_accounts(m: Lots, b: Books, law: Law, facts: Findings, opening: Table) -> None:
    """Give claimed openings their lot; `opening` has rows (account, first claim, last claim)."""
    for row in range(opening.shape[0]):
        account = opening[row, 0]
        high, low = balance_of(b.account, account)
        lot = blended(m, law, facts.claim, opening[row, 1], opening[row, 2], high, low)
        m.at[LAST_SEQ] += 1
        m.lot[lot, SEQ] = m.at[LAST_SEQ]
        b.account[account, HELD] = lot


@jit
def _has_room(m: Lots, b: Books, legs: Legs, event: int, special: int) -> bool:
    start, end = first_leg(legs.out_first, event), first_leg(legs.out_first, event + 1)
    count = first_leg(legs.in_first, event + 1) - first_leg(legs.in_first, event) + end - start
    need = ROOM * (count + 1) * (m.own[0] + 1)
    for leg in range(start, end):
        ah, al = amount_of(legs.out_amount, leg)
        ch, cl = amount_of(legs.out_cost, leg)
        if ah != ch or al != cl:
            special = 0
    copies = m.at[LIVE_CELLS] if special != NONE else 0
    return bool(
        m.at[LIVE_CELLS] + copies + need < len(m.cell)
        and m.at[LIVE_LOTS] + copies + need < len(m.lot)
        and b.note[LOGGED] + m.at[LIVE_CELLS] + copies + need < len(b.log)
    )


@jit
def _receive(b: Books, account: int, high: Word, low: Word) -> None:
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


@jit
def _pass_by(b: Books, legs: Legs, event: int, stop: int) -> int:
    """Balances of events that nothing traced can touch; returns the first that something can, or `stop`."""
    for row in range(event, stop):
        payer, payee = account_at(legs.in_account, row), account_at(legs.out_account, row)
        if b.account[payer, HELD] >= 0 or b.account[payee, HELD] >= 0:
            return row
        high, low = amount_of(legs.in_amount, row)
        if not b.account[payer, KIND] & EXTERNAL:
            change(b.account, payer, high, low, True)
        high, low = amount_of(legs.out_amount, row)
        _receive(b, payee, high, low)
    return stop


@jit
def _pass_by_legs(b: Books, legs: Legs, event: int, stop: int) -> int:
    """The same where events have several legs."""
    for row in range(event, stop):
        in_start, in_end = first_leg(legs.in_first, row), first_leg(legs.in_first, row + 1)
        out_start, out_end = first_leg(legs.out_first, row), first_leg(legs.out_first, row + 1)
        for leg in range(in_start, in_end):
            if b.account[account_at(legs.in_account, leg), HELD] >= 0:
                return row
        for leg in range(out_start, out_end):
            if b.account[account_at(legs.out_account, leg), HELD] >= 0:
                return row
        for leg in range(in_start, in_end):
            if not b.account[account_at(legs.in_account, leg), KIND] & EXTERNAL:
                high, low = amount_of(legs.in_amount, leg)
                change(b.account, account_at(legs.in_account, leg), high, low, True)
        for leg in range(out_start, out_end):
            high, low = amount_of(legs.out_amount, leg)
            _receive(b, account_at(legs.out_account, leg), high, low)
    return stop


@kernel
def run(m: Lots, b: Books, legs: Legs, law: Law, facts: Findings, event: int, end: int) -> tuple[int, int]:
    """Run events from `event` on; returns where it stopped and why."""
    special = int(np.searchsorted(facts.row[:, EVENT], event))
    single = legs.in_first.shape[0] == 0 and legs.out_first.shape[0] == 0
    while event < end:
        stop = end if special == facts.row.shape[0] else facts.row[special, EVENT]
        if law.flag[JOINS]:
            event = _pass_by(b, legs, event, stop) if single else _pass_by_legs(b, legs, event, stop)
            if event == end:
                break
        here = special if event == stop and special < facts.row.shape[0] else NONE
        if not _has_room(m, b, legs, event, here):
            return event, FULL
        run_event(m, b, legs, law, facts, event, here)
        if b.note[UNCLEAR]:
            return event, UNCLEAR_LOTS
        if here != NONE:
            special += 1
        event += 1
    return event, DONE


@kernel
def log_held(m: Lots, b: Books, account: int) -> int:
    """Log the claimants' content of accounts from `account` on, as of sinks; returns where the log was full."""
    for row in range(account, len(b.account)):
        if b.account[row, HELD] >= 0:
            if b.note[LOGGED] + m.at[LIVE_CELLS] > len(b.log):
                return row
            log_claimants(m, b, row, b.account[row, HELD], False)
    return len(b.account)


@kernel
def balanced(legs: Legs, events: int) -> bool:
    """Whether what goes into each event is what its outputs cost."""
    for event in range(events):
        high, low = ZERO, ZERO
        for leg in range(first_leg(legs.in_first, event), first_leg(legs.in_first, event + 1)):
            ah, al = amount_of(legs.in_amount, leg)
            high, low = add(high, low, ah, al)
        for leg in range(first_leg(legs.out_first, event), first_leg(legs.out_first, event + 1)):
            ah, al = amount_of(legs.out_cost, leg)
            high, low = subtract(high, low, ah, al)
        if high != ZERO or low != ZERO:
            return False
    return True
