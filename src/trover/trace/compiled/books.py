"""What the kernels read and write: balances, sinks, remembered payments, legs, findings and the rule, as tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trover.trace.compiled.arena import AFTER, CELLS, NEXT, NONE, OWNER, QH, QL, Lots, is_own, quantity
from trover.trace.compiled.jit import Accounts, Amounts, Cube, Starts, Table, Vector, part, record
from trover.trace.compiled.wide import ZERO, Word, add, subtract

LO, HI, HELD, KIND = 0, 1, 2, 3
"""Columns of an account: balance (an external one: what it received), head of its lots, kind.

Without lots an account holds OWN only. An external account keeps in HELD when it first received: -2 - n.
"""
SHARED = 1 << 62
"""In HELD: the account is one lot of one claimant and OWN; the claimant's cell stands in the account's own row."""
SHARE = 4
"""First column of that cell, for rules that know no order; other rules have no such columns."""
EXTERNAL, ASSET, PRESERVED, FEE = 1, 2, 4, 8
"""Bits of KIND."""
RING, ORIGIN, PAYEE, SINK, SHOWN, LEFT_LO, LEFT_HI, KEPT, LAST_SLOT = range(9)
"""Columns of a remembered leg: its lots, payer, payee, the sink they are in, where a purchaser in good faith kept them
the sink that shows OWN instead, what has not come back (minor units), if it was made, the end of its event's rows."""
EVENT, FLAGS, RETURNS, REMEMBER, FAITH, FIRST_CLAIM, LAST_CLAIM = range(7)
"""Columns of a finding: event, bits, payment returned, payment to remember, good-faith sink, claims."""
INTEREST, REVERSAL = 1, 2
"""Bits of FLAGS."""
LOGGED, SINKS, UNCLEAR = range(3)
"""Registers. UNCLEAR: set where the integers depend on lots that were joined."""
ORDERED, CONTAMINATES, LARGEST_FIRST, JOINS, NEWEST_FIRST = range(5)
"""Flags of a rule. JOINS: neighbouring lots of OWN are kept as one while that changes no integer."""
ANY_DRAW, PURCHASE, REPAYS, RATEABLY, IN_TURN = range(5)
"""Rows of `stages`: a withdrawal, to buy a preserved asset, a credit into an overdraft, pro rata, oldest first."""


@record
class Books(NamedTuple):
    """`party`: a number for who is behind each account, whatever the currency.

    Sinks are numbered: an external account by its row, OD:<account> by n + row, BFP:<event> by 2n + k.
    `log`: (sink, owner, low, high), what claimants' content went into a sink, negative where it came back.
    """

    account: Table
    party: Vector
    overdraft: Table
    faith: Table
    paid: Table
    log: Table
    note: Vector
    order: Vector


@record
class Legs(NamedTuple):
    """Legs of all events; `in_first` and `out_first` are empty where every event has one leg on each side.

    Amounts have one column (64 bits) or two (low and high word).
    """

    in_account: Accounts
    in_amount: Amounts
    in_first: Starts
    out_account: Accounts
    out_amount: Amounts
    out_cost: Amounts
    out_first: Starts


@record
class Findings(NamedTuple):
    """`row`: events that need more than their legs, in their order; `claim`: (owner, 0, low, high) in minor units."""

    row: Table
    claim: Table


@record
class Law(NamedTuple):
    """The rule as data: stages[ANY_DRAW ... IN_TURN] of (whose, how), ended by -1; and its flags."""

    stages: Cube
    flag: Vector


@part
def account_at(accounts: Accounts, leg: int) -> int:
    """The account of a leg, 64 bits wide so that each kernel is compiled once."""
    return int(np.int64(accounts[leg]))


@part
def amount_of(amounts: Amounts, leg: int) -> tuple[Word, Word]:
    if amounts.shape[1] == 1:
        return ZERO, np.uint64(amounts[leg, 0])
    return np.uint64(amounts[leg, 1]), np.uint64(amounts[leg, 0])


@part
def balance_of(table: Table, row: int) -> tuple[Word, Word]:
    return np.uint64(table[row, HI]), np.uint64(table[row, LO])


@part
def set_balance(table: Table, row: int, high: Word, low: Word) -> None:
    table[row, HI] = np.int64(high)
    table[row, LO] = np.int64(low)


@part
def change(table: Table, row: int, high: Word, low: Word, negative: bool) -> None:
    bh, bl = balance_of(table, row)
    if negative:
        bh, bl = subtract(bh, bl, high, low)
    else:
        bh, bl = add(bh, bl, high, low)
    set_balance(table, row, bh, bl)


@part
def open_sink(b: Books, sink: int) -> None:
    """Sinks are listed in the order in which they first received."""
    count = len(b.account)
    if sink < count:
        if b.account[sink, HELD] == NONE:
            b.account[sink, HELD] = -2 - b.note[SINKS]
            b.note[SINKS] += 1
        return
    table, row = (b.overdraft, sink - count) if sink < 2 * count else (b.faith, sink - 2 * count)
    if table[row, HELD] == 0:
        b.note[SINKS] += 1
        table[row, HELD] = b.note[SINKS]


@part
def change_sink(b: Books, sink: int, high: Word, low: Word, negative: bool) -> None:
    """Add minor units to the total of a sink, or take them off it."""
    count = len(b.account)
    if sink < count:
        change(b.account, sink, high, low, negative)
    elif sink < 2 * count:
        change(b.overdraft, sink - count, high, low, negative)
    else:
        change(b.faith, sink - 2 * count, high, low, negative)


@part
def log_claimants(m: Lots, b: Books, sink: int, head: int, negative: bool) -> None:
    lot = head
    while lot != NONE:
        cell = m.lot[lot, CELLS]
        while cell != NONE:
            if not is_own(m, cell):
                high, low = quantity(m, cell)
                if negative:
                    high, low = subtract(ZERO, ZERO, high, low)
                top = b.note[LOGGED]
                b.note[LOGGED] = top + 1
                b.log[top, OWNER] = sink
                b.log[top, AFTER] = m.cell[cell, OWNER]
                b.log[top, QL] = np.int64(low)
                b.log[top, QH] = np.int64(high)
            cell = m.cell[cell, AFTER]
        lot = m.lot[lot, NEXT]
        if lot == head:
            break


@part
def into_sink(m: Lots, b: Books, sink: int, head: int, high: Word, low: Word) -> None:
    """Book the ring's content, `amount` minor units in all, in a sink."""
    open_sink(b, sink)
    change_sink(b, sink, high, low, False)
    log_claimants(m, b, sink, head, False)
