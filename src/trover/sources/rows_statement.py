"""Tables whose rows stand on the statements of own accounts: each row is one side, the other is outside.

Where a file holds the statements of payer and payee, the payment stands in it twice, as printed; making one of
the two is no reader's work.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from datetime import UTC, date
from functools import cached_property

from trover.errors import FieldMissing, FieldWrong, Place, Problem
from trover.sources.custody import SourceFile
from trover.sources.mapping import (
    CLOSING,
    NEWEST_FIRST,
    OPENING,
    TOTAL,
    UNBOOKED,
    Mapping,
    RowRule,
)
from trover.sources.mapping_fields import folded, is_one_of
from trover.sources.record import (
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    Pointer,
    Record,
    StatementRecord,
    Unbooked,
)
from trover.sources.rows import Cells, Positions, account_id
from trover.sources.rows_amounts import WORDS, Own, StatementAmounts
from trover.sources.text import shortened

_REASONS = {OPENING: "opening balance", CLOSING: "closing balance", TOTAL: "total", UNBOOKED: "not booked"}


class StatementRows(StatementAmounts):
    """The rows of a table of the shape `statement`."""

    def __init__(self, source: SourceFile, mapping: Mapping, found: list[Problem]) -> None:
        self._owns: dict[tuple[str, str, str], Own] = {}
        self._by_cells: dict[tuple[str, str, str], Own] = {}
        super().__init__(source, mapping, found)

    @cached_property
    def _whole_file(self) -> str:
        """The own account where neither a row nor a line above the header names it."""
        if not self.mapping.account_in_name:
            return self.mapping.account
        before, _, after = self.mapping.account_in_name.partition("*")
        name = self.source.name.rpartition("/")[2]
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
            return name[len(before) : len(name) - len(after)]
        says = f"is not a name such as {self.mapping.account_in_name}, in which the account stands"
        remedy = "Give this file its own mapping; no account is assumed."
        self.found.append(FieldWrong(shortened(name), Place(self.source.name), says=says, remedy=remedy))
        return ""

    def begin(self, page: str, positions: Positions, head: Dict[str, str]) -> None:
        super().begin(page, positions, head)
        self._by_cells = {}
        at = {name: place[0] for name, place in positions.items()}
        self._account_at, self._currency_at = at.get("account"), at.get("currency")
        self._statement_at, self._bank_at = at.get("statement"), at.get("counterparty_bank")
        self._number_at, self._holder_at = at.get("counterparty_account"), at.get("counterparty")
        self._date_at, self._time_at = at["date"], at.get("time")
        self._kind_at, self._status_at = at.get("kind"), at.get("=status")
        self._turned_ids = "reverses" in at or "replaces" in at
        self._noted = bool(self._note_at or self._value_date_at or self._bank_at is not None)
        self._rules = [(at[f"=rows{number}"], rule) for number, rule in enumerate(self.mapping.rows)]
        self._printed_above(head)

    def add(self, row: int, cells: Cells) -> None:
        self._row = row
        found = self.found
        before = len(found)
        own = self._own(cells)
        if own is not None and (self._rules or self._status_at is not None) and self._set_aside(cells, own, before):
            return
        id = self._identify(cells) if self._id_at is not None else f"{self._prefix}{row}"
        day = cells[self._date_at].strip() if self._time_at is None else self._time_text(cells)
        time = self._times.get(day) or self._time(day)
        signed = fee = balance = None
        balance_text = cells[self._balance_at].strip() if self._balance_at is not None else ""
        if own is not None:
            signed = self._signed(cells, own)
            fee = 0 if self._fee_at is None else self._fee(cells, own)
            balance = self._balance(cells, balance_text, own) if balance_text else None
        other = self._other(cells, own)
        seq = self._seq(cells) if self._seq_at is not None else row * self._step
        if len(found) > before or own is None or time is None or signed is None or fee is None:
            self._break(cells, id, own, before)
            return
        if own.account in self.suspects:
            self.broken.add(id)
            return
        if not signed and not fee:
            self._leave_out(cells, id, own, "moves nothing")
            return
        inputs, outputs = _legs(own, other, signed, fee, id)
        self.events.append(
            EventRecord(
                Pointer(self._sha256, self.page, row),
                id,
                time,
                day,
                seq,
                inputs,
                outputs,
                cells[self._kind_at].strip() if self._kind_at is not None else "",
                self._note(cells) if self._noted else "",
                self._text(cells, "reverses") if self._turned_ids else "",
                self._text(cells, "replaces") if self._turned_ids else "",
                balance,
                own.account,
                balance_text,
                own.statement,
                self._references(cells) if self._references_at else (),
            )
        )

    def misshaped(self, row: int, cells: Cells, problem: Problem) -> None:
        self._row = row
        before = len(self.found)
        self.found.append(problem)
        own = self._known_own(cells)
        if own is not None:
            self._break(cells, f"{self._prefix}{row}", own, before)

    def _known_own(self, cells: Cells) -> Own | None:
        """The statement on which a row stands whose cells may have moved: only one that other rows stand on, too."""
        at = self._account_at
        if at is None and self._statement_at is None and self._currency_at is None:
            return self._find_own("", "", "")
        account = self._account_id(cells[at] if at is not None and at < len(cells) else "", "")
        own = [each for each in self._owns.values() if each.account == account]
        return own[0] if len(own) == 1 else None

    def records(self) -> tuple[Record, ...]:
        self.found += self.zones.problems()
        return (*self.accounts.values(), *self._statements(), *self.events)

    def _statements(self) -> list[StatementRecord]:
        several = [own.account for own in self._owns.values()]
        made = []
        for own in self._owns.values():
            opening = own.opening
            if opening is None and several.count(own.account) == 1:
                opening = self.accounts[own.account].opening
            made.append(
                StatementRecord(
                    own.pointer,
                    own.statement,
                    own.account,
                    own.currency,
                    opening,
                    own.closing,
                    own.start,
                    own.end,
                    own.number,
                )
            )
        return made

    def _printed_above(self, head: Dict[str, str]) -> None:
        """Balances that stand above the header, on the statement of the account named there or for the whole file."""
        self._row = 0
        if self._account_at is not None or not ({"opening", "closing"} & set(head)):
            return
        own = self._find_own("", "", "")
        for name in ("opening", "closing"):
            if own is not None and name in head and (name == "closing" or own.opening is None):
                value = self._amount(head[name], own.decimals, own.currency, name)
                if value is not None and self.mapping.balance_is_owed:
                    value = -value
                setattr(own, name, value)

    def _own(self, cells: Cells) -> Own | None:
        account = cells[self._account_at] if self._account_at is not None else ""
        currency = cells[self._currency_at] if self._currency_at is not None else ""
        number = cells[self._statement_at] if self._statement_at is not None else ""
        known = self._by_cells.get((account, currency, number))
        if known is None:
            known = self._find_own(account.strip(), currency.strip(), number.strip())
            if known is not None:
                self._by_cells[account, currency, number] = known
                holder = self._text(cells, "account_holder")
                if holder and not self.accounts[known.account].holder:
                    self._name(known.account, holder)
        return known

    def _name(self, account: str, holder: str) -> None:
        had = self.accounts[account]
        self.accounts[account] = AccountRecord(had.pointer, had.id, had.currency, had.kind, holder, had.opening)

    def _account_id(self, text: str, currency: str) -> str:
        plain = account_id(text.strip() or self.head.get("account", "") or self._whole_file)
        return f"{plain} in {currency}" if plain and currency and self.mapping.account_per_currency else plain

    def _find_own(self, account: str, currency: str, number: str) -> Own | None:
        currency = currency or self.head.get("currency", "") or self.mapping.currency
        number = number or self.head.get("number", "")
        if not currency:
            self.found.append(FieldMissing("", self._place("currency"), says="the currency is empty"))
        own = self._account_id(account, currency)
        if not own:
            self.found.append(FieldMissing("", self._place("account"), says="the account is empty"))
        decimals = self._decimals(currency, "currency")
        if decimals is None or not own:
            return None
        known = self._owns.get((own, currency, number))
        if known is None:
            pointer = Pointer(self.source.sha256, self.page, self._row)
            id = ":".join(filter(None, (self.source.sha256[:12], own, number)))
            if own not in self.accounts:
                self.accounts[own] = AccountRecord(pointer, own, currency)
            elif any(key[0] == own and key[1] != currency for key in self._owns):
                id = f"{id}:{currency}"
            known = self._owns[own, currency, number] = Own(own, currency, decimals, id, number, pointer)
        return known

    def _other(self, cells: Cells, own: Own | None) -> str:
        number = cells[self._number_at].strip() if self._number_at is not None else ""
        holder = cells[self._holder_at].strip() if self._holder_at is not None else ""
        bank = cells[self._bank_at].strip() if self._bank_at is not None else ""
        known = self._parties.get((number, holder, bank))
        if known is not None:
            return known
        currency = own.currency if own else ""
        return self._party(number, holder, bank, currency, "counterparty_account" if number else "counterparty")

    def _note(self, cells: Cells) -> str:
        note = super()._note(cells)
        if self._bank_at is not None and (bank := cells[self._bank_at].strip()):
            note = f"{note}; bank {bank}" if note else f"bank {bank}"
        return note

    def _break(self, cells: Cells, id: str, own: Own | None, before: int) -> None:
        """Keep the row as broken; where its account is known, its problems are that account's and not the file's."""
        self.broken.add(self._text(cells, "id") or id if self._id_at is not None and self._id_at < len(cells) else id)
        if own is None:
            return
        problems = tuple(self.found[before:])
        del self.found[before:]
        pointer = Pointer(self.source.sha256, self.page, self._row)
        self.broken_rows.append(BrokenRow(pointer, id, own.account, own.statement, problems))

    def _leave_out(self, cells: Cells, id: str, own: Own, reason: str, amount: str = "") -> None:
        printed = amount or self._text(cells, "amount") or self._text(cells, "credit") or self._text(cells, "debit")
        pointer = Pointer(self.source.sha256, self.page, self._row)
        self.unbooked.append(Unbooked(pointer, id, own.statement, own.account, printed, reason))

    def _set_aside(self, cells: Cells, own: Own, before: int) -> bool:
        """Whether the row is no movement by a rule of the mapping; it is kept with the reason."""
        for at, rule in self._rules:
            if is_one_of(cells[at], rule.texts):
                self._balance_line(cells, own, rule, before)
                return True
        if self._status_at is not None and self.mapping.status is not None:
            text = cells[self._status_at].strip()
            word = folded(text)
            if word in self.mapping.status.unbooked:
                self._leave_out(cells, self._identify(cells), own, f"{self.mapping.status.column}: {text or 'empty'}")
                return True
            if word not in self.mapping.status.booked:
                place = self._place("status", self.mapping.status.column)
                says = "is not a status that the mapping names"
                self.found.append(FieldWrong(shortened(text), place, says=says, remedy=WORDS))
        return False

    def _balance_line(self, cells: Cells, own: Own, rule: RowRule, before: int) -> None:
        text = self._text(cells, "balance")
        value = None
        if rule.means in (OPENING, CLOSING):
            value = self._balance(cells, text, own) if text else self._signed(cells, own)
        if len(self.found) > before:
            self._break(cells, f"{self._prefix}{self._row}", own, before)
            return
        self._leave_out(cells, f"{self._prefix}{self._row}", own, rule.reason or _REASONS[rule.means], text)
        day = self._day(cells)
        newest = self.mapping.order == NEWEST_FIRST
        if rule.means == OPENING and (own.opening is None or newest):
            own.opening, own.start = value, day
        elif rule.means == CLOSING and (own.closing is None or not newest):
            own.closing, own.end = value, day

    def _day(self, cells: Cells) -> date | None:
        """The day a line of balance is of, where it prints one that can be read."""
        try:
            moment = self.mapping.dates.moment(self._time_text(cells))
        except Problem:
            return None
        return moment.time.astimezone(self.mapping.dates.zone or UTC).date()


def _legs(own: Own, other: str, signed: int, fee: int, id: str) -> tuple[tuple[LegRecord, ...], tuple[LegRecord, ...]]:
    currency = own.currency
    if not fee:
        if signed < 0:
            return (LegRecord(own.account, -signed, None, currency),), (LegRecord(other, -signed, None, currency),)
        return (LegRecord(other, signed, None, currency),), (LegRecord(own.account, signed, None, currency),)
    charge = LegRecord(f"FEE:{id}", fee, None, currency)
    if signed <= 0:
        paid = (LegRecord(other, -signed, None, currency),) if signed else ()
        return (LegRecord(own.account, fee - signed, None, currency),), (*paid, charge)
    came = LegRecord(other, signed, None, currency)
    if signed > fee:
        return (came,), (LegRecord(own.account, signed - fee, None, currency), charge)
    short = (LegRecord(own.account, fee - signed, None, currency),) if fee > signed else ()
    return (came, *short), (charge,)
