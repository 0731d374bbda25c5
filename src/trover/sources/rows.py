"""One row of a table to one record, under a mapping: what tables of every shape and format share.

A value is interpreted once: days, parties and amounts that occur again are looked up. What is wrong with a cell
is a problem with row and column, and the row is kept as broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from datetime import datetime

from trover.errors import AmountNotPositive, DuplicateId, FieldMissing, FieldWrong, Place, Problem, TooLong
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.digits import plain_digits, unmarked
from trover.sources.mapping import NEWEST_FIRST, Mapping
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, BrokenRow, EventRecord, Pointer, Record, Unbooked
from trover.sources.text import ID_LIMIT, shortened
from trover.sources.times import ZoneWatch

EXTERNAL = "EXT:"
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}", re.ASCII)
_REMEMBERED = 200_000
"""Values of one kind that are looked up again; more than that are read anew each time."""

Cells = Sequence[str]
Positions = Dict[str, tuple[int, ...]]
"""Our name of a column -> where it stands in a row; one place, or several where several may be mapped."""


def account_id(text: str) -> str:
    """An account number as an id: an IBAN without its spaces, anything else as written, its digits as 0 to 9."""
    if not text.isascii():
        text = plain_digits(text)
    return text.replace(" ", "") if _IBAN.fullmatch(text) else " ".join(text.split())


def is_iban(id: str) -> bool:
    """Whether an id has the form of an IBAN, which says its bank itself."""
    return _IBAN.fullmatch(id) is not None


class TableRows:
    """Collects the rows of one table. `found`: what is wrong with the file; `broken_rows`: with one account."""

    def __init__(self, source: SourceFile, mapping: Mapping, found: list[Problem]) -> None:
        self.source, self.mapping, self.found = source, mapping, found
        self.page = ""
        self.broken: set[str] = set()
        self.broken_rows: list[BrokenRow] = []
        self.unbooked: list[Unbooked] = []
        self.accounts: dict[str, AccountRecord] = {}
        self.events: list[EventRecord] = []
        self.zones = ZoneWatch()
        self.suspects: set[str] = set()
        self._first_row: dict[str, int] = {}
        self._parties: dict[tuple[str, str, str], str] = {}
        self._times: dict[str, datetime] = {}
        self._row = 0
        self._sha256, self._cell = source.sha256, mapping.amounts.cell
        self._step = -1 if mapping.order == NEWEST_FIRST else 1
        self._positions: Positions = {}
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
                opening = self._amount(account.opening, decimals, currency, place)
            own = account_id(account.id)
            if own in self.accounts:
                self.found.append(DuplicateId(account.id, place))
            if decimals is None:
                self.suspects.add(own)
            pointer = Pointer(self.source.sha256)
            self.accounts[own] = AccountRecord(pointer, own, currency, account.kind, account.holder, opening)

    def begin(self, page: str, positions: Positions, head: Dict[str, str]) -> None:
        """The rows that follow stand on `page` (a sheet; empty in a text file), their columns at `positions`.

        `head` holds what lines above the header print (`Mapping.head`).
        """
        self.page, self._positions, self.head = page, positions, head
        name = f"{page}:" if page else ""
        self._prefix = f"{self.source.sha256[:12]}:{name}"
        self._id_at = positions["id"][0] if "id" in positions else None
        self._seq_at = positions["seq"][0] if "seq" in positions else None
        self._note_at, self._references_at = positions.get("note", ()), positions.get("references", ())
        self._value_date_at = positions.get("value_date", ())

    def add(self, row: int, cells: Cells) -> None:
        """Read one row, `row` counted from 1 at the top of the file or sheet."""
        raise NotImplementedError

    def misshaped(self, row: int, cells: Cells, problem: Problem) -> None:
        """Take note of a row that has not the shape of the table, and of `problem` with it."""
        self.found.append(problem)

    def records(self) -> tuple[Record, ...]:
        """Accounts, statements, then events, once every row is in; adds what only the whole table shows."""
        self.found += self.zones.problems()
        return (*self.accounts.values(), *self.events)

    def reading(self, format: str) -> Reading:
        """All of it as what one file says."""
        records = self.records()
        problems = list(self.found)
        if problems:  # the file is refused, so all that is wrong with it is said at once
            problems += [problem for row in self.broken_rows for problem in row.problems]
            problems.sort(key=lambda problem: (problem.place.file == self.source.name, problem.place.row or 0))
        return Reading(
            self.source,
            format,
            records,
            tuple(problems),
            frozenset(self.broken),
            headers=self.mapping.columns,
            unbooked=tuple(self.unbooked),
            broken_rows=tuple(self.broken_rows),
        )

    def _text(self, cells: Cells, name: str) -> str:
        """The cell of a column, empty where the mapping has no such column."""
        at = self._positions.get(name)
        return cells[at[0]].strip() if at else ""

    def _identify(self, cells: Cells) -> str:
        """The id of the row: the one printed, or file and line."""
        plain = f"{self._prefix}{self._row}"
        if self._id_at is None:
            return plain
        id = cells[self._id_at].strip()
        if not id:
            self.found.append(FieldMissing("", self._place("id"), says="the id is empty"))
            return plain
        if len(id) > ID_LIMIT:
            self.found.append(TooLong(shortened(id), self._place("id")))
            return plain
        first = self._first_row.setdefault(id, self._row)
        if first != self._row:
            self.found.append(DuplicateId(id, self._place("id"), says=f"is also the id of row {first}"))
            return plain
        return id

    def _place(self, name: str, column: str = "") -> Place:
        return Place(self.source.name, self.page, self._row, column or self.mapping.columns.get(name, name))

    def _time(self, text: str) -> datetime | None:
        known = self._times.get(text)
        if known is not None:
            return known
        if not text:
            self.found.append(FieldMissing("", self._place("date"), says="the date is empty"))
            return None
        try:
            moment = self.mapping.dates.moment(text)
        except Problem as problem:
            self.found.append(problem.at(self._place("date")))
            return None
        if self.mapping.dates.zone is None and self.zones.is_first(moment):
            self.zones.note(moment, text, self._place("date"))
        if len(self._times) < _REMEMBERED:
            self._times[text] = moment.time
        return moment.time

    def _time_text(self, cells: Cells) -> str:
        day, time = self._text(cells, "date"), self._text(cells, "time")
        return f"{day} {time}" if day and time else day or time

    def _note(self, cells: Cells) -> str:
        """The purpose as printed; what has no field of its own stands behind it, with its name."""
        found = [text for at in self._note_at if (text := cells[at].strip())]
        for at in self._value_date_at:
            if text := cells[at].strip():
                found.append(f"value date {text}")
        return "; ".join(found)

    def _references(self, cells: Cells) -> tuple[str, ...]:
        found = (cells[at].strip() for at in self._references_at)
        return tuple(dict.fromkeys(text for text in found if text))

    def _seq(self, cells: Cells) -> int:
        return self._order(cells[self._seq_at].strip()) if self._seq_at is not None else self._row * self._step

    def _order(self, text: str) -> int:
        value = self._amount(text, 0, "", "seq") or 0
        if -(2**63) < value < 2**63:
            return value
        self.found.append(FieldWrong(shortened(text), self._place("seq"), says="is too large for a posting order"))
        return 0

    def _party(self, number: str, holder: str, bank: str, currency: str, column: str) -> str:
        """The account that number, name and bank mean, remembered: few parties make many rows."""
        known = self._parties.get((number, holder, bank))
        if known is None:
            known = self._new_party(number, holder, bank, currency, column)
            if number or holder:
                self._parties[number, holder, bank] = known
        return known

    def _new_party(self, number: str, holder: str, bank: str, currency: str, column: str) -> str:
        """A party outside the ledger, whose name is kept the first time it occurs."""
        name = " ".join(unmarked(holder).split())
        plain = account_id(number)
        if plain and bank and bank not in self.mapping.banks and not is_iban(plain):
            plain = f"{plain}/{bank}"
        plain = plain or name or f"UNKNOWN:{self._prefix}{self._row}"
        if len(plain) > ID_LIMIT:
            self.found.append(TooLong(shortened(plain), self._place(column)))
        if inside := self._inside(number, plain):
            return inside
        id = plain if plain.startswith(EXTERNAL) else f"{EXTERNAL}{plain}"
        if id not in self.accounts:
            pointer = Pointer(self.source.sha256, self.page, self._row)
            self.accounts[id] = AccountRecord(pointer, id, currency, "external", name)
        return id

    def _inside(self, number: str, plain: str) -> str:
        """The declared account that a party is, where the shape of the table books both sides."""
        return ""

    def _decimals(self, currency: str, where: str | Place) -> int | None:
        try:
            return minor_units(currency) if currency else None
        except Problem as problem:
            self.found.append(problem.at(self._place(where) if isinstance(where, str) else where))
            return None

    def _amount(self, text: str, decimals: int, currency: str, where: str | Place) -> int | None:
        try:
            return self.mapping.amounts.cell(text, decimals, currency)
        except Problem as problem:
            self.found.append(problem.at(self._place(where) if isinstance(where, str) else where))
            return None

    def _positive(self, text: str, decimals: int, currency: str, name: str) -> int | None:
        value = self._amount(text, decimals, currency, name)
        if value is not None and value <= 0:
            self.found.append(AmountNotPositive(text, self._place(name)))
            return None
        return value
