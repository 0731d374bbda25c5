"""Balances that sources state, against what the rows give: opening, running and closing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trover.errors import AccountContradiction, BalanceContradictsRows, Place, Problem
from trover.ledger.check import PlaceOf
from trover.ledger.currency import minor_units
from trover.ledger.event import Account, Event
from trover.ledger.ledger import Ledger
from trover.ledger.money import money
from trover.sources.record import AccountRecord, EventRecord, Pointer

Row = Event | EventRecord


@dataclass(frozen=True, slots=True)
class _Stated:
    """A balance of `account` that the file `source` states; source is empty for what is stored already."""

    account: str
    amount: int
    pointer: Pointer
    source: str
    column: str


def balance_problems(
    accounts: Mapping[str, Account],
    declared: Sequence[AccountRecord],
    records: Sequence[EventRecord],
    place: PlaceOf,
    base: Ledger | None = None,
) -> tuple[dict[str, Account], list[Problem]]:
    """Accounts with their opening balance, and every stated balance that the rows do not reproduce.

    An account whose source prints running balances but no opening gets the opening that the first
    printed balance implies. Where several files state an opening of one account, the file whose rows come
    first gives the ledger's; that of any other file repeats it, or is what the rows before it give: a
    difference is a gap between two statements. After a contradiction counting goes on from the stated
    balance, so that each one reported is its own.
    """
    stored = base.account_by_id if base else {}
    openings = _several(declared, stored)
    closings = [
        _Stated(d.id, d.closing, d.pointer, d.pointer.sha256, "closing") for d in declared if d.closing is not None
    ]
    if not openings and not closings and all(record.balance is None for record in records):
        return dict(accounts), []
    rows = _in_force([*(base or ()), *records])
    spans = _spans(rows, [*(o for several in openings.values() for o in several), *closings])
    opened = dict(accounts)
    before, found = _chosen(openings, spans, opened, place)
    if not found:
        _imply(opened, {d.id for d in declared if d.opening is not None} | set(stored), rows)
    after: defaultdict[str, list[_Stated]] = defaultdict(list)
    for closing in closings:
        after[spans.get((closing.source, closing.account), ("", ""))[1]].append(closing)
    return opened, [*found, *_walk(opened, rows, before, after, place)]


def _several(declared: Sequence[AccountRecord], stored: Mapping[str, Account]) -> dict[str, list[_Stated]]:
    """Openings of the accounts for which more than one amount is stated."""
    stated: defaultdict[str, list[_Stated]] = defaultdict(list)
    for record in declared:
        if record.opening is None:
            continue
        if record.id in stored and not stated[record.id]:
            stated[record.id].append(_Stated(record.id, stored[record.id].opening, record.pointer, "", "opening"))
        stated[record.id].append(_Stated(record.id, record.opening, record.pointer, record.pointer.sha256, "opening"))
    return {id: openings for id, openings in stated.items() if len({o.amount for o in openings}) > 1}


def _in_force(rows: Sequence[Row]) -> list[Row]:
    replaced = {row.replaces for row in rows if row.replaces}
    return sorted((row for row in rows if row.id not in replaced), key=lambda row: (row.time, row.seq))


def _spans(rows: Sequence[Row], stated: Sequence[_Stated]) -> dict[tuple[str, str], tuple[str, str]]:
    """(source, account) -> ids of the first and last row of that source that move that account, in ledger order."""
    wanted = {(each.source, each.account) for each in stated}
    spans: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows if wanted else ():
        source = row.pointer.sha256 if isinstance(row, EventRecord) else ""
        for account, _ in _changes(row):
            if (source, account) in wanted:
                first, _ = spans.get((source, account), (row.id, ""))
                spans[source, account] = first, row.id
    return spans


def _chosen(
    openings: Mapping[str, list[_Stated]],
    spans: Mapping[tuple[str, str], tuple[str, str]],
    opened: dict[str, Account],
    place: PlaceOf,
) -> tuple[dict[str, list[_Stated]], list[Problem]]:
    """Row -> openings to compare before it. Sets the opening of `opened` to that of the earliest file."""
    order = {key: position for position, key in enumerate(spans)}
    before: defaultdict[str, list[_Stated]] = defaultdict(list)
    found: list[Problem] = []
    for account, several in openings.items():
        first, *later = sorted(several, key=lambda o: order.get((o.source, o.account), len(order)))
        opened[account] = replace(opened[account], opening=first.amount)
        for other in later:
            if other.amount == first.amount:
                continue
            span = spans.get((other.source, account))
            if span is None:
                where = place(other.pointer, "opening")
                found.append(AccountContradiction(account, where, says="has two opening balances"))
            else:
                before[span[0]].append(other)
    return before, found


def _imply(opened: dict[str, Account], stated: set[str], rows: Sequence[Row]) -> None:
    """Give accounts without stated opening the one their first printed balance implies."""
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


def _walk(
    opened: Mapping[str, Account],
    rows: Sequence[Row],
    before: Mapping[str, list[_Stated]],
    after: Mapping[str, list[_Stated]],
    place: PlaceOf,
) -> list[Problem]:
    book = _Book(opened)
    for row in rows:
        for stated in before.get(row.id, ()):
            book.compare(stated.account, stated.amount, place(stated.pointer, stated.column))
        for account, change in _changes(row):
            book.post(account, change)
        if isinstance(row, EventRecord) and row.balance is not None:
            book.compare(row.balance_account, row.balance, place(row.pointer, "balance"), row.balance_text)
        for stated in after.get(row.id, ()):
            book.compare(stated.account, stated.amount, place(stated.pointer, stated.column))
    for stated in after.get("", ()):  # of files without a row of that account
        book.compare(stated.account, stated.amount, place(stated.pointer, stated.column))
    return book.found


class _Book:
    """Balances as the rows make them, beside those the sources state."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.accounts = accounts
        self.balance = {id: account.opening for id, account in accounts.items()}
        self.found: list[Problem] = []

    def post(self, account: str, change: int) -> None:
        if account in self.balance:
            self.balance[account] += change

    def compare(self, account: str, stated: int, where: Place, text: str = "") -> None:
        """Report a stated balance that is not the counted one; `text` is how it is printed."""
        counted = self.balance.get(account)
        if counted == stated:
            return
        shown = str(counted)
        if text and counted is not None:
            shown = money(counted, minor_units(self.accounts[account].currency))
        says = f"is the balance stated for {account}, but the rows give {shown}"
        self.found.append(BalanceContradictsRows(text or stated, where, says=says))
        self.balance[account] = stated


def _changes(row: Row) -> Iterator[tuple[str, int]]:
    for leg in row.inputs:
        yield leg.account, -leg.amount
    for out in row.outputs:
        yield out.account, out.amount
