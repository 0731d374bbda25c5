"""All events of a ledger in order: balances only while nothing traced is near, the rule wherever it is."""

from __future__ import annotations

import numpy as np

from trover.trace.compiled.arena import AFTER, CELLS, LAST_SEQ, LIVE_CELLS, LIVE_LOTS, NONE, OWNER, SEQ, Lots
from trover.trace.compiled.books import (
    EVENT,
    EXTERNAL,
    HELD,
    JOINS,
    KIND,
    LOGGED,
    SHARE,
    SHARED,
    UNCLEAR,
    Books,
    Findings,
    Law,
    Legs,
    account_at,
    amount_of,
    balance_of,
    change,
    log_claimants,
)
from trover.trace.compiled.events import first_leg, run_event
from trover.trace.compiled.jit import Table, bare, jit, kernel, part, prefetch
from trover.trace.compiled.passing import has_few, passes, receive, restore
from trover.trace.compiled.restore import blended
from trover.trace.compiled.wide import ZERO, add, subtract

DONE, FULL, UNCLEAR_LOTS = 0, 1, 2
"""What a run ends with: the last event, memory that must grow first, lots that must be kept apart."""

AHEAD = 24
"""How many events ahead accounts are loaded."""

ROOM = 10
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


@part
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


@part
def _look_ahead(m: Lots, b: Books, legs: Legs, row: int) -> None:
    """Load what events further on need: first the accounts, then their lots, then the cells of these."""
    if row + AHEAD < len(legs.in_account):
        prefetch(b.account, account_at(legs.in_account, row + AHEAD))
        prefetch(b.account, account_at(legs.out_account, row + AHEAD))
        for side in range(2):
            accounts = legs.in_account if side == 0 else legs.out_account
            lot = b.account[account_at(accounts, row + 2 * AHEAD // 3), HELD]
            if 0 <= lot < SHARED:
                prefetch(m.lot, lot)
            lot = b.account[account_at(accounts, row + AHEAD // 3), HELD]
            if 0 <= lot < SHARED:
                prefetch(m.cell, m.lot[lot, CELLS])


@part
def _pass_by(m: Lots, b: Books, legs: Legs, law: Law, event: int, stop: int) -> int:
    """Events that need no lots, or only a short way; returns the first that needs more, or `stop`."""
    for row in range(event, stop):
        _look_ahead(m, b, legs, row)
        payer, payee = account_at(legs.in_account, row), account_at(legs.out_account, row)
        high, low = amount_of(legs.in_amount, row)
        ah, al = amount_of(legs.out_amount, row)
        if b.account[payer, HELD] < 0 and b.account[payee, HELD] < 0:
            if not b.account[payer, KIND] & EXTERNAL:
                change(b.account, payer, high, low, True)
            receive(b, payee, ah, al)
        elif ah != high or al != low or not has_few(m, b) or not passes(m, b, law, payer, payee, high, low):
            return row
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
            receive(b, account_at(legs.out_account, leg), high, low)
    return stop


@part
def _restore_all(m: Lots, b: Books, legs: Legs, event: int) -> None:
    """Lots for every account of the event."""
    for leg in range(first_leg(legs.in_first, event), first_leg(legs.in_first, event + 1)):
        restore(m, b, account_at(legs.in_account, leg))
    for leg in range(first_leg(legs.out_first, event), first_leg(legs.out_first, event + 1)):
        restore(m, b, account_at(legs.out_account, leg))


@jit
def _bare_lots(m: Lots) -> Lots:
    return Lots(bare(m.cell), bare(m.lot), bare(m.at), bare(m.own))


@jit
def _bare_books(b: Books) -> Books:
    return Books(
        bare(b.account),
        bare(b.party),
        bare(b.overdraft),
        bare(b.faith),
        bare(b.paid),
        bare(b.log),
        bare(b.note),
        bare(b.order),
    )


@jit
def _bare_legs(legs: Legs) -> Legs:
    return Legs(
        bare(legs.in_account),
        bare(legs.in_amount),
        bare(legs.in_first),
        bare(legs.out_account),
        bare(legs.out_amount),
        bare(legs.out_cost),
        bare(legs.out_first),
    )


@jit
def _bare_law(law: Law) -> Law:
    return Law(bare(law.stages), bare(law.flag))


@jit
def _bare_facts(facts: Findings) -> Findings:
    return Findings(bare(facts.row), bare(facts.claim))


@kernel
def run(m: Lots, b: Books, legs: Legs, law: Law, facts: Findings, event: int, end: int) -> tuple[int, int]:
    """Run events from `event` on; returns where it stopped and why."""
    m, b, legs, law, facts = _bare_lots(m), _bare_books(b), _bare_legs(legs), _bare_law(law), _bare_facts(facts)
    special = int(np.searchsorted(facts.row[:, EVENT], event))
    single = legs.in_first.shape[0] == 0 and legs.out_first.shape[0] == 0
    while event < end:
        stop = end if special == facts.row.shape[0] else facts.row[special, EVENT]
        if law.flag[JOINS]:
            event = _pass_by(m, b, legs, law, event, stop) if single else _pass_by_legs(b, legs, event, stop)
            if event == end:
                break
        here = special if event == stop and special < facts.row.shape[0] else NONE
        if not _has_room(m, b, legs, event, here):
            return event, FULL
        _restore_all(m, b, legs, event)
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
        if b.account[row, HELD] == SHARED:
            top = b.note[LOGGED]
            if top == len(b.log):
                return row
            b.note[LOGGED] = top + 1
            b.log[top] = b.account[row, SHARE:]
            b.log[top, OWNER], b.log[top, AFTER] = row, b.account[row, SHARE + OWNER]
        elif b.account[row, HELD] >= 0:
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


@kernel
def in_order(log: Table) -> bool:
    """Whether rows (place, owner, ...) stand by place and owner."""
    for row in range(1, len(log)):
        before, here = log[row - 1], log[row]
        if here[0] < before[0] or (here[0] == before[0] and here[1] < before[1]):
            return False
    return True


@kernel
def added_up(log: Table) -> int:
    """Add up neighbouring rows (place, owner, low, high) of one place and owner; returns how many are left."""
    last = 0
    for row in range(1, len(log)):
        if log[row, 0] == log[last, 0] and log[row, 1] == log[last, 1]:
            high, low = np.uint64(log[last, 3]), np.uint64(log[last, 2])
            high, low = add(high, low, np.uint64(log[row, 3]), np.uint64(log[row, 2]))
            log[last, 2], log[last, 3] = np.int64(low), np.int64(high)
        else:
            last += 1
            for column in range(4):
                log[last, column] = log[row, column]
    return min(last + 1, len(log))
