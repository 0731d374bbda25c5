"""Payments that somebody reports and no bank proves: accounts, parties, and statements that are not booked."""

from __future__ import annotations

from trover.errors import Place, Problem, TooLong
from trover.sources.custody import SourceFile
from trover.sources.parties import Outside, Party
from trover.sources.record import AccountRecord, BrokenRow, EventRecord, Pointer, Record, StatementRecord
from trover.sources.text import ID_LIMIT, shortened


class Announced:
    """The accounts, statements and events of one file. Problems of a party are added to `found`."""

    def __init__(self, source: SourceFile, found: list[Problem]) -> None:
        self.source, self.found = source, found
        self.outside = Outside(found)
        self.own: dict[str, AccountRecord] = {}
        self.statements: dict[tuple[str, str], StatementRecord] = {}
        self.events: list[EventRecord] = []
        self._failed: list[tuple[Pointer, str, str, str, tuple[Problem, ...]]] = []

    def account(self, party: Party, own: bool, currency: str, pointer: Pointer, place: Place, unknown: str) -> str:
        """The id of `party`: an account of the ledger if `own`, in the pocket of its currency, else one outside."""
        if not own or not party.account:
            return self.outside.id(party, currency, pointer, place, unknown)
        id = party.account
        if len(id) > ID_LIMIT or len(party.name) > ID_LIMIT:
            remedy = "Ids and names have at most 200 characters: check that the file is whole."
            self.found.append(TooLong(shortened(max(id, party.name, key=len)), place, remedy=remedy))
        known = self.own.get(id)
        if known is not None and known.currency != currency and currency:
            id = f"{id} in {currency}"
        if currency:
            self.own.setdefault(id, AccountRecord(pointer, id, currency, "bank", party.name))
        return id

    def statement(self, account: str, currency: str, pointer: Pointer, number: str) -> StatementRecord:
        """The statement of what is announced for `account` in `currency`, one for the whole file."""
        known = self.statements.get((account, currency))
        if known is None:
            id = f"{self.source.sha256[:12]}:S{len(self.statements) + 1}"
            known = StatementRecord(pointer, id, account, currency, number=number, booked=False)
            self.statements[account, currency] = known
        return known

    def fail(self, pointer: Pointer, id: str, account: str, currency: str) -> None:
        """What was found wrong with a payment of `account` fails the statement on which it would stand."""
        self._failed.append((pointer, id, account, currency, tuple(self.found)))
        self.found.clear()

    def broken(self) -> tuple[tuple[BrokenRow, ...], tuple[Problem, ...]]:
        """Rows that could not be read; and the problems of those whose account or currency is known nowhere."""
        rows: list[BrokenRow] = []
        loose: list[Problem] = []
        for pointer, id, account, currency, problems in self._failed:
            kept = [s for (own, code), s in self.statements.items() if own == account and currency in ("", code)]
            if account and (kept or currency):
                statement = kept[0] if kept else self.statement(account, currency, pointer, pointer.page)
                rows.append(BrokenRow(pointer, id, statement.account, statement.id, problems))
            else:
                loose += problems
        return tuple(rows), tuple(loose)

    def records(self) -> tuple[Record, ...]:
        return (*self.own.values(), *self.outside.accounts.values(), *self.statements.values(), *self.events)
