"""Rows brought to the statements they stand on; where a source prints none, one for each file and account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from trover.ledger.event import EXTERNAL, FEE, AccountKind, Event, kind_of
from trover.sources.record import AccountRecord, BrokenRow, EventRecord, Pointer, Record, StatementRecord
from trover.sources.times import has_time_of_day

_HALF_A_DAY = timedelta(hours=12)
OUTSIDE = (EXTERNAL, FEE)
STATED = (AccountKind.BANK, AccountKind.WALLET, AccountKind.CASH)
"""Kinds of account of which statements exist; things bought and outputs of transactions have none."""


@dataclass(slots=True)
class Sheet:
    """A statement with its rows in the order given, and what each adds to its account, in minor units."""

    statement: StatementRecord
    implied: bool
    rows: list[EventRecord] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)

    def add(self, row: EventRecord, change: int) -> None:
        self.rows.append(row)
        self.changes.append(change)

    def balance(self, row: EventRecord) -> int | None:
        """The running balance printed beside `row` for this account."""
        own = self.statement.account
        return row.balance if row.balance_account in ("", own) else None

    def sort(self) -> None:
        """By posting order where each row has its own, else as they were read."""
        posted = [row.seq for row in self.rows]
        if all(one < two for one, two in pairwise(posted)) or len(set(posted)) < len(posted):
            return
        order = sorted(range(len(posted)), key=posted.__getitem__)
        self.rows = [self.rows[i] for i in order]
        self.changes = [self.changes[i] for i in order]


def sheets_of(records: Iterable[Record], broken: Sequence[BrokenRow] = ()) -> list[Sheet]:
    """Every statement of `records` with its rows; each row stands on at least one."""
    gather = _Gather(list(records))
    gather.events()
    for row in broken:
        gather.broken(row)
    gather.declared()
    for sheet in gather.sheets.values():
        sheet.sort()
    return list(gather.sheets.values())


class _Gather:
    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.sheets: dict[tuple[str, ...], Sheet] = {}
        self.accounts: dict[tuple[str, str], AccountRecord] = {}
        self.currencies: dict[str, str] = {}
        self._stated: dict[str, bool] = {}
        self.printed: set[tuple[str, str]] = set()
        for record in records:
            if isinstance(record, StatementRecord):
                self.sheets[record.pointer.sha256, record.id] = Sheet(record, implied=False)
                self.printed.add((record.pointer.sha256, record.account))
            elif isinstance(record, AccountRecord):
                self.accounts.setdefault((record.pointer.sha256, record.id), record)
                self.currencies.setdefault(record.id, record.currency)
                self._stated[record.id] = _has_statements(record.id, record.kind)

    def events(self) -> None:
        """Every row to its statements. Rows alike in all but amount and stranger go where the first of them went."""
        rows = [record for record in self.records if isinstance(record, EventRecord)]
        replaced = {row.replaces for row in rows if row.replaces}
        ways: dict[tuple[str, ...], list[tuple[Sheet, int]]] = {}
        for row in rows:
            if row.id in replaced:
                for sheet, _ in self._places(row):
                    sheet.replaced.append(row.id)
                continue
            if len(row.inputs) > 1 or len(row.outputs) > 1 or not (row.inputs and row.outputs):
                for sheet, change in self._places(row):
                    sheet.add(row, change)
                continue
            (given,), (got,) = row.inputs, row.outputs
            payer = "" if given.account.startswith(OUTSIDE) else given.account
            payee = "" if got.account.startswith(OUTSIDE) else got.account
            sha256, stood, beside = row.pointer.sha256, row.statement, row.balance_account
            key = (sha256, stood, beside, payer, payee, given.currency, got.currency)
            way = ways.get(key)
            if way is None:
                places = self._places(row) if payer != payee else []
                way = [(sheet, 1 if sheet.statement.account == payee else -1) for sheet, change in places if change]
                if len(way) < len(places) or not way:
                    for sheet, change in self._places(row):
                        sheet.add(row, change)
                    continue
                ways[key] = way
            for sheet, sign in way:
                sheet.rows.append(row)
                sheet.changes.append(got.amount if sign > 0 else -given.amount)

    def _places(self, row: EventRecord) -> list[tuple[Sheet, int]]:
        if row.statement:
            sheet = self.sheets.get((row.pointer.sha256, row.statement))
            own = sheet.statement.account if sheet else row.balance_account
            changes = _changes(row, own)
            if sheet is None:
                currency = next((c for c in changes if c), self.currencies.get(own, ""))
                sheet = self._imply(row.pointer, own, currency, row.statement)
            return [(sheet, sum(changes.values()))]
        found = []
        for own in self._own(row):
            known = self.currencies.get(own, "")
            merged: dict[str, int] = {}
            for currency, change in _changes(row, own).items():
                merged[currency or known] = merged.get(currency or known, 0) + change
            found += [(self._imply(row.pointer, own, currency), change) for currency, change in merged.items()]
        return found or [(self._imply(row.pointer, "", _any_currency(row)), 0)]

    def _own(self, row: EventRecord) -> list[str]:
        """The accounts whose statement this row is on: every one it moves that has statements."""
        own = {row.balance_account: None} if row.balance_account and self._has(row.balance_account) else {}
        own |= {leg.account: None for leg in (*row.inputs, *row.outputs) if self._has(leg.account)}
        return list(own)

    def _has(self, account: str) -> bool:
        known = self._stated.get(account)
        if known is None:
            known = self._stated[account] = _has_statements(account)
        return known

    def _imply(self, pointer: Pointer, account: str, currency: str, id: str = "") -> Sheet:
        key = (pointer.sha256, id) if id else (pointer.sha256, account, currency)
        sheet = self.sheets.get(key)
        if sheet is None:
            declared = self.accounts.get((pointer.sha256, account))
            if declared is not None and declared.currency != currency:
                declared = None
            name = id or f"{pointer.sha256[:12]}:{account or 'no account'}"
            main = self.currencies.get(account, currency)
            statement = StatementRecord(
                pointer=declared.pointer if declared else pointer,
                id=name if id or currency == main else f"{name}:{currency}",
                account=account,
                currency=currency,
                opening=declared.opening if declared else None,
                closing=declared.closing if declared else None,
            )
            sheet = self.sheets[key] = Sheet(statement, implied=True)
            self.printed.add((pointer.sha256, account))
        return sheet

    def broken(self, row: BrokenRow) -> None:
        sheet = self.sheets.get((row.pointer.sha256, row.statement)) if row.statement else None
        if sheet is None:
            currency = self.currencies.get(row.account, "")
            sheet = self._imply(row.pointer, row.account, currency, row.statement)
        sheet.broken.append(replace(row, account=row.account or sheet.statement.account))

    def declared(self) -> None:
        """Accounts without a row whose balances the file prints."""
        for (sha256, id), account in self.accounts.items():
            if (account.opening is None and account.closing is None) or not self._stated[id]:
                continue
            if (sha256, id) not in self.printed:
                self._imply(account.pointer, id, account.currency)


def day_of(row: EventRecord | Event) -> date:
    """The calendar day of a row as its source writes it.

    A day without time is midnight in some zone: the nearest midnight in UTC is that day.
    """
    return row.time.date() if has_time_of_day(row.time_text) else (row.time + _HALF_A_DAY).date()


def _has_statements(account: str, kind: str = "") -> bool:
    try:
        return kind_of(account, kind) in STATED
    except ValueError:
        return True


def _changes(row: EventRecord, own: str) -> dict[str, int]:
    """Currency, empty where the row states none -> what the row adds to `own`, in minor units."""
    changes: dict[str, int] = {}
    for leg in row.inputs:
        if leg.account == own:
            changes[leg.currency] = changes.get(leg.currency, 0) - leg.amount
    for leg in row.outputs:
        if leg.account == own:
            changes[leg.currency] = changes.get(leg.currency, 0) + leg.amount
    return changes or {"": 0}


def _any_currency(row: EventRecord) -> str:
    return next((leg.currency for leg in (*row.inputs, *row.outputs) if leg.currency), "")
