"""One row of a table to one record, under a mapping: the part that CSV shares with other tables."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass

from trover.errors import (
    AmountNotPositive,
    AmountUnreadable,
    BothSides,
    DuplicateId,
    FieldMissing,
    FieldWrong,
    Place,
    Problem,
    TooLong,
)
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.dates import moment_of
from trover.sources.mapping import NEWEST_FIRST, STATEMENT, Mapping
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer, Record
from trover.sources.text import ID_LIMIT, shortened
from trover.sources.times import Moment, ZoneWatch

EXTERNAL = "EXT:"
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}", re.ASCII)


def account_id(text: str) -> str:
    """An account number as an id: an IBAN without its spaces, anything else as written."""
    return text.replace(" ", "") if _IBAN.fullmatch(text) else " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Party:
    account: str
    currency: str


class RowReader:
    """Collects the rows of one table; what is wrong with a cell is added to `found` with row and column."""

    def __init__(self, source: SourceFile, mapping: Mapping, found: list[Problem], page: str = "") -> None:
        self.source, self.mapping, self.found, self.page = source, mapping, found, page
        self.broken: set[str] = set()
        self.accounts: dict[str, AccountRecord] = {}
        self.events: list[EventRecord] = []
        self.first_row: dict[str, int] = {}
        self.zones = ZoneWatch()
        self.suspects: set[str] = set()
        self._parties: dict[tuple[str, str], str] = {}
        self._statements: set[str] = set()
        self._row = 0
        self._declare()

    def _declare(self) -> None:
        for account in self.mapping.accounts:
            currency = account.currency or self.mapping.currency
            place = Place(self.mapping.name, "accounts", column=account.id)
            decimals = self._decimals(currency, place) if currency else None
            opening = None
            if not currency:
                self.found.append(FieldMissing("currency", place))
            elif account.opening and decimals is not None:
                opening = self._amount(account.opening, decimals, place)
            own = account_id(account.id)
            if own in self.accounts:
                self.found.append(DuplicateId(account.id, place))
            if decimals is None:
                self.suspects.add(own)
            pointer = Pointer(self.source.sha256, self.page, 0)
            self.accounts[own] = AccountRecord(pointer, own, currency, account.kind, account.holder, opening)

    def add(self, row: int, cells: Dict[str, str]) -> None:
        """Read one row, `row` counted from 1 at the top of the file or sheet."""
        self._row = row
        before = len(self.found)
        id = cells.get("id") or f"{self.source.sha256[:12]}:{self.page + ':' if self.page else ''}{row}"
        self._identify(id)
        if self.mapping.columns.get("id") and not cells.get("id"):
            self.found.append(FieldMissing("", self._place("id"), says="the id is empty"))
        moment = self._moment(cells)
        legs = self._statement(cells) if self.mapping.shape == STATEMENT else self._transfer(cells, id)
        if legs is None or moment is None or len(self.found) > before or self._suspect(legs):
            self.broken.add(id)
            return
        inputs, outputs, own = legs
        balance = self._balance(cells, own)
        self.events.append(
            EventRecord(
                pointer=Pointer(self.source.sha256, self.page, row),
                id=id,
                time=moment.time,
                time_text=_time_text(cells),
                seq=self._seq(cells),
                inputs=inputs,
                outputs=outputs,
                kind=cells.get("kind", ""),
                note=cells.get("note", ""),
                reverses=cells.get("reverses", ""),
                replaces=cells.get("replaces", ""),
                balance=balance,
                balance_account=own.account,
                balance_text=cells.get("balance", ""),
            )
        )

    def _suspect(self, legs: _Legs) -> bool:
        """An account whose declaration is wrong would only repeat its problem at every row."""
        return bool(self.suspects) and any(leg.account in self.suspects for leg in (*legs[0], *legs[1]))

    def records(self) -> tuple[Record, ...]:
        """Accounts, then events, once every row is in; adds what only the whole table shows."""
        self.found += self.zones.problems()
        if len(self._statements) > 1:
            self._find_both_sides()
        return (*self.accounts.values(), *self.events)

    def _find_both_sides(self) -> None:
        """Rows of one statement that name the account of another statement of the same file."""
        own = self._statements | {f"{EXTERNAL}{id}" for id in self._statements}
        for event in self.events:
            payer, payee = event.inputs[0].account, event.outputs[0].account
            if payer in own and payee in own:
                self._row = event.pointer.row
                other = payee if payer == event.balance_account else payer
                self.found.append(BothSides(other.removeprefix(EXTERNAL), self._place("counterparty_account")))

    def _identify(self, id: str) -> None:
        if len(id) > ID_LIMIT:
            self.found.append(TooLong(shortened(id), self._place("id")))
        first = self.first_row.setdefault(id, self._row)
        if first != self._row:
            self.found.append(DuplicateId(id, self._place("id"), says=f"is also the id of row {first}"))

    def _place(self, name: str) -> Place:
        return Place(self.source.name, self.page, self._row, self.mapping.columns.get(name, name))

    def _moment(self, cells: Dict[str, str]) -> Moment | None:
        text = _time_text(cells)
        if not text:
            self.found.append(FieldMissing("", self._place("date"), says="the date is empty"))
            return None
        try:
            moment = moment_of(text, self.mapping.dates, self.mapping.timezone)
        except Problem as problem:
            self.found.append(problem.at(self._place("date")))
            return None
        if self.mapping.timezone is None and self.zones.is_first(moment):
            self.zones.note(moment, text, self._place("date"))
        return moment

    def _seq(self, cells: Dict[str, str]) -> int:
        if "seq" in self.mapping.columns:
            return self._order(cells["seq"])
        return -self._row if self.mapping.order == NEWEST_FIRST else self._row

    def _order(self, text: str) -> int:
        value = self._amount(text, 0, "seq") or 0
        if -(2**63) < value < 2**63:
            return value
        self.found.append(FieldWrong(shortened(text), self._place("seq"), says="is too large for a posting order"))
        return 0

    def _transfer(self, cells: Dict[str, str], id: str) -> _Legs | None:
        currency = self._currency(cells, "currency", self.mapping.currency)
        decimals = self._decimals(currency, "currency")
        converts = bool(cells.get("amount_to"))
        currency_to = self._currency(cells, "currency_to", currency) if converts else currency
        decimals_to = self._decimals(currency_to, "currency_to") if currency_to != currency else decimals
        payer, payee = self._side(cells, "from", currency), self._side(cells, "to", currency_to)
        if decimals is None or decimals_to is None or payer is None or payee is None:
            return None
        amount = self._positive(cells["amount"], decimals, "amount")
        arrives = self._positive(cells["amount_to"], decimals_to, "amount_to") if converts else amount
        fee = self._amount(cells["fee"], decimals, "fee") if cells.get("fee") else 0
        if amount is None or arrives is None or fee is None:
            return None
        if fee < 0:
            self.found.append(AmountNotPositive(cells["fee"], self._place("fee")))
            return None
        outputs = [LegRecord(payee.account, arrives, amount if converts else None, currency_to)]
        if fee:
            outputs.append(LegRecord(f"FEE:{id}", fee, None, currency))
        own = payee if payer.account.startswith(EXTERNAL) else payer
        return (LegRecord(payer.account, amount + fee, None, currency),), tuple(outputs), own

    def _statement(self, cells: Dict[str, str]) -> _Legs | None:
        currency = self._currency(cells, "currency", self.mapping.currency)
        decimals = self._decimals(currency, "currency")
        account = account_id(cells.get("account") or self.mapping.account)
        number, holder = cells.get("counterparty_account", ""), cells.get("counterparty", "")
        other = self._party(number, holder, currency, "counterparty_account" if number else "counterparty")
        if not account:
            self.found.append(FieldMissing("", self._place("account"), says="the account is empty"))
        if decimals is None or not account:
            return None
        signed = self._signed(cells, decimals)
        if signed is None:
            return None
        self._statements.add(account)
        if account not in self.accounts:
            self.accounts[account] = AccountRecord(Pointer(self.source.sha256, self.page, self._row), account, currency)
        own = LegRecord(account, abs(signed), None, currency)
        far = LegRecord(other, abs(signed), None, currency)
        legs = (own, far) if signed < 0 else (far, own)
        return (legs[0],), (legs[1],), _Party(account, currency)

    def _signed(self, cells: Dict[str, str], decimals: int) -> int | None:
        """What the row adds to the own account; a row that moves nothing is a problem."""
        if "amount" in self.mapping.columns:
            value = self._amount(cells["amount"], decimals, "amount")
            if value == 0:
                self.found.append(AmountNotPositive(cells["amount"], self._place("amount"), says="moves nothing"))
            return value or None
        filled = [name for name in ("debit", "credit") if cells[name]]
        if len(filled) != 1:
            says = "fills both debit and credit" if filled else "fills neither debit nor credit"
            self.found.append(AmountUnreadable("", self._place("debit"), says=f"the row {says}"))
            return None
        value = self._positive(cells[filled[0]], decimals, filled[0])
        return value if value is None or filled == ["credit"] else -value

    def _side(self, cells: Dict[str, str], side: str, currency: str) -> _Party | None:
        number, holder = cells.get(side, ""), cells.get(f"{side}_holder", "")
        if not number and not holder:
            self.found.append(FieldMissing("", self._place(side), says="neither account nor name is given"))
            return None
        return _Party(self._party(number, holder, currency, side if number else f"{side}_holder"), currency)

    def _party(self, number: str, holder: str, currency: str, column: str) -> str:
        """The account that number and name mean, remembered: few parties make many rows."""
        known = self._parties.get((number, holder))
        if known is None:
            known = self._new_party(number, holder, currency, column)
            if number or holder:
                self._parties[number, holder] = known
        return known

    def _new_party(self, number: str, holder: str, currency: str, column: str) -> str:
        """A declared account, or else a party outside the ledger, whose name is kept the first time it occurs."""
        plain = account_id(number) or " ".join(holder.split()) or f"UNKNOWN:{self.source.sha256[:12]}:{self._row}"
        if len(plain) > ID_LIMIT:
            self.found.append(TooLong(shortened(plain), self._place(column)))
        if number and plain in self.accounts:
            return plain
        id = plain if plain.startswith(EXTERNAL) else f"{EXTERNAL}{plain}"
        if id not in self.accounts:
            pointer = Pointer(self.source.sha256, self.page, self._row)
            self.accounts[id] = AccountRecord(pointer, id, currency, "external", " ".join(holder.split()))
        return id

    def _currency(self, cells: Dict[str, str], name: str, fallback: str) -> str:
        currency = cells.get(name) or fallback
        if not currency:
            self.found.append(FieldMissing("", self._place(name), says="the currency is empty"))
        return currency

    def _decimals(self, currency: str, where: str | Place) -> int | None:
        try:
            return minor_units(currency) if currency else None
        except Problem as problem:
            self.found.append(problem.at(self._place(where) if isinstance(where, str) else where))
            return None

    def _amount(self, text: str, decimals: int, where: str | Place) -> int | None:
        try:
            return self.mapping.amounts.minor(text, decimals)
        except Problem as problem:
            self.found.append(problem.at(self._place(where) if isinstance(where, str) else where))
            return None

    def _positive(self, text: str, decimals: int, name: str) -> int | None:
        value = self._amount(text, decimals, name)
        if value is not None and value <= 0:
            self.found.append(AmountNotPositive(text, self._place(name)))
            return None
        return value

    def _balance(self, cells: Dict[str, str], own: _Party) -> int | None:
        if not cells.get("balance"):
            return None
        decimals = self._decimals(own.currency, "currency")
        return None if decimals is None else self._amount(cells["balance"], decimals, "balance")


_Legs = tuple[tuple[LegRecord, ...], tuple[LegRecord, ...], _Party]


def _time_text(cells: Dict[str, str]) -> str:
    day, time = cells["date"], cells.get("time", "")
    return f"{day} {time}" if day and time else day or time
