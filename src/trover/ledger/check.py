"""Checks of rows against what else the evidence says: claims against entries, balances against rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from trover.ledger.event import Account, Event
from trover.sources.record import AccountRecord, EventRecord, Pointer

PlaceOf = Callable[[Pointer], Place]


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
    place: PlaceOf = lambda pointer: Place(),
) -> list[Problem]:
    """Claims that name no entry, or together exceed what entered there (rules 1.1)."""
    every = list(claims)
    wanted = {claim.transfer for claim in every}
    entries = {event.id: event for event in events if event.id in wanted}
    found: list[Problem] = []
    claimed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for claim in every:
        where = _where(claim, place)
        if claim.amount <= 0:
            found.append(AmountNotPositive(claim.amount, where))
            continue
        if claim.transfer in broken and not claim.account:
            continue
        entered = _entered(claim, accounts, entries)
        if isinstance(entered, Problem):
            found.append(entered.at(where))
            continue
        key = (claim.transfer, claim.account)
        claimed[key] += claim.amount
        if claimed[key] > entered:
            entry = claim.transfer or f"the opening of {claim.account}"
            says = f"is claimed together at {entry}, where {entered} came in"
            found.append(ClaimExceedsTransfer(claimed[key], where, says=says))
    return found


def _where(claim: ClaimLike, place: PlaceOf) -> Place:
    pointer = getattr(claim, "pointer", None)
    return place(pointer) if isinstance(pointer, Pointer) else Place()


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
    declared: Iterable[AccountRecord],
    records: Sequence[EventRecord],
    place: PlaceOf,
) -> tuple[dict[str, Account], list[Problem]]:
    """Accounts with their opening balance, and every printed balance that the rows do not reproduce.

    An account whose source prints running balances but no opening gets the opening that the first
    printed balance implies. After a contradiction counting goes on from the printed balance, so that
    each one reported is its own.
    """
    replaced = {record.replaces for record in records if record.replaces}
    rows = sorted((r for r in records if r.id not in replaced), key=lambda r: (r.time, r.seq))
    opened = _opened(accounts, declared, rows)
    balance = {id: account.opening for id, account in opened.items()}
    found: list[Problem] = []
    for record in rows:
        for account, change in _changes(record):
            if account in balance:
                balance[account] += change
        account = record.balance_account
        if record.balance is not None and balance.get(account) != record.balance:
            found.append(_contradiction(record.balance, balance.get(account), account, place(record.pointer)))
            balance[account] = record.balance
    for last in declared:
        if last.closing is not None and last.closing != balance.get(last.id):
            found.append(_contradiction(last.closing, balance.get(last.id), last.id, place(last.pointer)))
    return opened, found


def _contradiction(printed: int, counted: int | None, account: str, where: Place) -> Problem:
    says = f"is the balance printed for {account}, but the rows give {counted}"
    return BalanceContradictsRows(printed, where, says=says)


def _opened(
    accounts: Mapping[str, Account], declared: Iterable[AccountRecord], rows: Sequence[EventRecord]
) -> dict[str, Account]:
    stated = {record.id for record in declared if record.opening is not None}
    opened = dict(accounts)
    change: defaultdict[str, int] = defaultdict(int)
    for record in rows:
        for account, amount in _changes(record):
            change[account] += amount
        account = record.balance_account
        if record.balance is not None and account in opened and account not in stated:
            opened[account] = replace(opened[account], opening=record.balance - change[account])
            stated.add(account)
    return opened


def _changes(record: EventRecord) -> Iterator[tuple[str, int]]:
    for leg in record.inputs:
        yield leg.account, -leg.amount
    for leg in record.outputs:
        yield leg.account, leg.amount
