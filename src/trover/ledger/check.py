"""Checks of rows against what else the evidence says: claims against entries, balances against rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from trover.errors import (
    AmountNotPositive,
    BalanceContradictsRows,
    ClaimExceedsTransfer,
    ClaimNotExternal,
    Place,
    Problem,
    UnknownAccount,
    UnknownTransfer,
)
from trover.ledger.currency import minor_units
from trover.ledger.event import Account, Event
from trover.ledger.ledger import Ledger
from trover.ledger.money import money
from trover.sources.record import AccountRecord, EventRecord, Pointer

Row = Event | EventRecord


class PlaceOf(Protocol):
    """Turns a pointer, and our name of a column, into a place a person finds."""

    def __call__(self, pointer: Pointer, column: str = "") -> Place: ...


class ClaimLike(Protocol):
    """A claim as a file or a finding states it; it may carry a `pointer` to where it stands."""

    @property
    def claimant(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def transfer(self) -> str: ...
    @property
    def account(self) -> str: ...


def claim_problems(
    claims: Iterable[ClaimLike],
    accounts: Mapping[str, Account],
    events: Iterable[Event],
    broken: frozenset[str] | set[str] = frozenset(),
    place: PlaceOf = lambda pointer, column="": Place(),
) -> list[Problem]:
    """Claims that name no entry, or together exceed what entered there (rules 1.1)."""
    every = list(claims)
    wanted = {claim.transfer for claim in every}
    entries = {event.id: event for event in events if event.id in wanted}
    found: list[Problem] = []
    claimed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for claim in every:
        if claim.amount <= 0:
            found.append(AmountNotPositive(claim.amount, _where(claim, place, "amount")))
            continue
        if claim.transfer in broken and not claim.account:
            continue
        entered = _entered(claim, accounts, entries)
        if isinstance(entered, Problem):
            found.append(entered.at(_where(claim, place, "entered")))
            continue
        key = (claim.transfer, claim.account)
        claimed[key] += claim.amount
        if claimed[key] > entered:
            entry = claim.transfer or f"the opening of {claim.account}"
            says = f"is claimed together at {entry}, where {entered} came in"
            found.append(ClaimExceedsTransfer(claimed[key], _where(claim, place, "amount"), says=says))
    return found


def _where(claim: ClaimLike, place: PlaceOf, column: str) -> Place:
    pointer = getattr(claim, "pointer", None)
    return place(pointer, column) if isinstance(pointer, Pointer) else Place()


def _entered(claim: ClaimLike, accounts: Mapping[str, Account], entries: Mapping[str, Event]) -> int | Problem:
    """Minor units that entered where the claim says."""
    if claim.account:
        account = accounts.get(claim.account)
        return UnknownAccount(claim.account) if account is None else max(account.opening, 0)
    event = entries.get(claim.transfer)
    if event is None:
        return UnknownTransfer(claim.transfer)
    outside = [leg.amount for leg in event.inputs if accounts[leg.account].is_external]
    return sum(outside) if outside else ClaimNotExternal(claim.transfer)


def balance_problems(
    accounts: Mapping[str, Account],
    declared: Sequence[AccountRecord],
    records: Sequence[EventRecord],
    place: PlaceOf,
    base: Ledger | None = None,
) -> tuple[dict[str, Account], list[Problem]]:
    """Accounts with their opening balance, and every printed balance that the rows do not reproduce.

    An account whose source prints running balances but no opening gets the opening that the first
    printed balance implies. An account of `base` has its opening already: what a later source prints as
    opening must be what the rows before give. After a contradiction counting goes on from the printed
    balance, so that each one reported is its own.
    """
    printed = any(r.balance is not None for r in records) or any(d.closing is not None for d in declared)
    stored = base.account_by_id if base else {}
    if not printed and not any(d.opening is not None and d.id in stored for d in declared):
        return dict(accounts), []
    rows: list[Row] = [*(base or ()), *records]
    replaced = {row.replaces for row in rows if row.replaces}
    rows = sorted((row for row in rows if row.id not in replaced), key=lambda row: (row.time, row.seq))
    opened = _opened(accounts, declared, rows, stored)
    book = _Book(opened)
    expected = _expected(declared, records, stored)
    for row in rows:
        for record in expected.pop(row.id, ()):
            book.compare(record.id, record.opening, place(record.pointer, "opening"))
        book.post(row)
        if isinstance(row, EventRecord) and row.balance is not None:
            book.compare(row.balance_account, row.balance, place(row.pointer, "balance"), row.balance_text)
    for last in declared:
        book.compare(last.id, last.closing, place(last.pointer, "closing"))
    return opened, book.found


class _Book:
    """Balances as the rows make them, beside those the sources print."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.accounts = accounts
        self.balance = {id: account.opening for id, account in accounts.items()}
        self.found: list[Problem] = []

    def post(self, row: Row) -> None:
        for account, change in _changes(row):
            if account in self.balance:
                self.balance[account] += change

    def compare(self, account: str, printed: int | None, where: Place, text: str = "") -> None:
        """Report a printed balance that is not the counted one; `text` is how it is printed."""
        counted = self.balance.get(account)
        if printed is None or counted == printed:
            return
        shown = str(counted)
        if text and counted is not None:
            shown = money(counted, minor_units(self.accounts[account].currency))
        says = f"is the balance printed for {account}, but the rows give {shown}"
        self.found.append(BalanceContradictsRows(text or printed, where, says=says))
        self.balance[account] = printed


def _expected(
    declared: Sequence[AccountRecord], records: Sequence[EventRecord], stored: Mapping[str, Account]
) -> dict[str, list[AccountRecord]]:
    """First new row of an account -> what its source prints as the balance before that row."""
    printed = {record.id: record for record in declared if record.opening is not None and record.id in stored}
    expected: dict[str, list[AccountRecord]] = {}
    for row in sorted(records, key=lambda row: (row.time, row.seq)) if printed else ():
        for leg in (*row.inputs, *row.outputs):
            if leg.account in printed:
                expected.setdefault(row.id, []).append(printed.pop(leg.account))
    return expected


def _opened(
    accounts: Mapping[str, Account],
    declared: Sequence[AccountRecord],
    rows: Sequence[Row],
    stored: Mapping[str, Account],
) -> dict[str, Account]:
    stated = {record.id for record in declared if record.opening is not None} | set(stored)
    opened = dict(accounts)
    change: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for account, amount in _changes(row):
            change[account] += amount
        if not isinstance(row, EventRecord) or row.balance is None or row.balance_account in stated:
            continue
        account = row.balance_account
        if account in opened:
            opened[account] = replace(opened[account], opening=row.balance - change[account])
            stated.add(account)
    return opened


def _changes(row: Row) -> Iterator[tuple[str, int]]:
    for leg in row.inputs:
        yield leg.account, -leg.amount
    for out in row.outputs:
        yield out.account, out.amount
