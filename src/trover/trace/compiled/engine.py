"""Runs the kernels over a ledger and gives them memory as they need it."""

from __future__ import annotations

import numpy as np

from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions
from trover.trace.compiled import columns, loop
from trover.trace.compiled.arena import LIVE_CELLS, NONE, Lots
from trover.trace.compiled.books import LAST_SLOT, LOGGED, RING, SHARE, Books, Law, Legs
from trover.trace.compiled.findings import Gathered, NotCarriedError, gather
from trover.trace.compiled.holdings import Lookup, Places, summed
from trover.trace.compiled.jit import Table, Vector
from trover.trace.result import CLEAN, ENGINE_VERSION, TAINTED, Trace
from trover.trace.rules import OLDEST_FIRST, PRO_RATA, LotRule, Stages

ROWS = 1 << 12
"""Rows of the first tables; they double when they fill."""
SOME = 1 << 18
"""Accounts whose content is gathered at a time."""


def trace(ledger: Ledger, facts: Assumptions, rule: LotRule, key: str = "") -> Trace:
    """The integers of `reference.trace`, without movements. Raises `NotCarriedError` for what it does not carry."""
    legs = columns.legs_of(ledger)
    accounts = columns.accounts_of(ledger, facts.dissipated)
    _check(ledger, legs)
    parties = columns.parties_of(ledger) if facts.reverses or facts.linked_to else columns.NOTHING
    gathered = gather(ledger, facts, rule, legs, accounts)
    owners = (TAINTED, CLEAN) if rule.contaminates else facts.owners
    run = _Run(legs, accounts, parties, gathered, rule, len(owners), joins=True)
    if not run.to_the_end(len(ledger)):
        run = _Run(legs, accounts, parties, gathered, rule, len(owners), joins=False)
        run.to_the_end(len(ledger))
    places = Places(ledger, run.books, run.claimed(), gathered.good_faith, owners)
    return Trace(
        key or rule.id,
        rule.id,
        owners,
        Lookup(lambda: places.all, places.content),
        Lookup(lambda: places.all, places.total),
        Lookup(lambda: places.accounts, places.balance),
        engine=f"compiled {ENGINE_VERSION}",
    )


def _check(ledger: Ledger, legs: Legs) -> None:
    amounts = (legs.in_amount, legs.out_amount, legs.out_cost)
    if not all(columns.positive(table) for table in amounts):
        raise NotCarriedError("amounts that are not positive")
    moved = sum(columns.volume(table) for table in (*amounts, columns.words(ledger.accounts["opening"])))
    if moved > columns.WIDEST:
        raise NotCarriedError("amounts beyond 128 bits of nano units")
    plain = not len(legs.in_first) and not len(legs.out_first)
    if not (np.array_equal(legs.in_amount, legs.out_cost) if plain else loop.balanced(legs, len(ledger))):
        raise NotCarriedError("events that do not balance")


def law_of(rule: LotRule, *, joins: bool) -> Law:
    """The rule as the kernels read it."""
    rows = (rule.draw(False), rule.draw(True), rule.repays, (PRO_RATA,), (OLDEST_FIRST,))
    stages = np.full((len(rows), max(len(row) for row in rows) + 1, 2), -1, np.int64)
    for number, row in enumerate(rows):
        _write(stages[number], row)
    flags = (rule.keeps_order, rule.contaminates, rule.largest_first, joins, rule.newest_first)
    return Law(stages, np.array(flags, np.int64))


def _write(table: Table, stages: Stages) -> None:
    for number, stage in enumerate(stages):
        table[number] = int(stage.whose), int(stage.how)


class _Run:
    """One rule over one ledger. `joins`: whether neighbouring lots of OWN are kept as one (see `books`)."""

    def __init__(
        self,
        legs: Legs,
        accounts: Table,
        parties: Vector,
        gathered: Gathered,
        rule: LotRule,
        owners: int,
        *,
        joins: bool,
    ) -> None:
        self.legs, self.gathered, self.law = legs, gathered, law_of(rule, joins=joins)
        registers = np.array([NONE, 0, 0, NONE, 0, 0, 0], np.int64)
        self.lots = Lots(_table(ROWS), _table(ROWS), registers, np.array([owners - 1], np.int64))
        outputs = int(np.diff(legs.out_first).max()) if len(legs.out_first) > 1 else 1
        self.books = Books(
            account=_rows(accounts, SHARE if rule.keeps_order else SHARE + 4),
            party=parties,
            overdraft=np.zeros((len(accounts), 3), np.int64),
            faith=np.zeros((len(gathered.good_faith), 3), np.int64),
            paid=np.zeros((len(gathered.slots), 9), np.int64),
            log=_table(ROWS),
            note=np.zeros(3, np.int64),
            order=np.zeros(max(outputs, 1), np.int64),
        )
        self.books.paid[:, RING] = NONE
        self.books.paid[:, LAST_SLOT] = gathered.slots
        self.logs: list[Table] = []
        need = (len(gathered.facts.claim) + len(gathered.opening)) * 2 + ROWS
        self._grow(need, need)
        loop.open_accounts(self.lots, self.books, self.law, gathered.facts, gathered.opening)

    def to_the_end(self, events: int) -> bool:
        """Run every event; False where neighbouring lots must be kept apart."""
        event, why = 0, loop.FULL
        while why == loop.FULL:
            event, why = loop.run(self.lots, self.books, self.legs, self.law, self.gathered.facts, event, events)
            if why == loop.FULL:
                self._make_room(event)
        return why == loop.DONE

    def _make_room(self, event: int) -> None:
        self._drain()
        legs = sum(int(np.diff(first[event : event + 2])[0]) if len(first) else 1 for first in self.legs[2::4])
        need = 4 * (loop.ROOM * (legs + 1) * int(self.lots.own[0] + 1) + int(self.lots.at[LIVE_CELLS]))
        self._grow(need, need)

    def _grow(self, rows: int, logged: int) -> None:
        cell, lot, log = self.lots.cell, self.lots.lot, self.books.log
        self.lots = self.lots._replace(cell=_longer(cell, rows), lot=_longer(lot, rows))
        self.books = self.books._replace(log=_longer(log, logged))

    def _drain(self) -> None:
        self.logs.append(summed([self.books.log[: self.books.note[LOGGED]]]))
        self.books.note[LOGGED] = 0

    def claimed(self) -> Table:
        """Claimants' content of every account and sink."""
        self._drain()
        live = int(self.lots.at[LIVE_CELLS])
        self._grow(0, max(live, SOME) + 1)
        account = 0
        while account < len(self.books.account):
            account = loop.log_held(self.lots, self.books, account)
            self._drain()
        return summed(self.logs)


def _rows(accounts: Table, columns: int) -> Table:
    """The accounts in rows of so many columns, none of them across two lines of the processor's cache."""
    line = 8
    room = np.zeros(len(accounts) * columns + line, np.int64)
    start = -(room.ctypes.data // 8) % line
    table = room[start : start + len(accounts) * columns].reshape(-1, columns)
    table[:, : accounts.shape[1]] = accounts
    return table


def _table(rows: int) -> Table:
    return np.empty((rows, 4), np.int64)


def _longer(table: Table, rows: int) -> Table:
    if len(table) >= rows:
        return table
    longer = _table(max(rows, 2 * len(table)))
    longer[: len(table)] = table
    return longer
