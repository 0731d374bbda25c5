"""Sections of accounts to statements, and documents to the rows on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from trover.errors import (
    AmountNotPositive,
    AmountUnreadable,
    DateUnreadable,
    DuplicateKey,
    FieldMissing,
    FieldWrong,
    Problem,
    TooLong,
    TotalContradicted,
)
from trover.sources.amounts import point_or_comma
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.dates import moment_of
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.one_c.document import FAR, Side, day_text, movement_of, sides_of
from trover.sources.one_c.sections import File, Section
from trover.sources.record import StatementRecord
from trover.sources.row_book import Own, RowBook
from trover.sources.rows import account_id
from trover.sources.text import TEXT_LIMIT, shortened

CURRENCIES = {
    "810": "RUB",
    "643": "RUB",
    "840": "USD",
    "978": "EUR",
    "826": "GBP",
    "756": "CHF",
    "156": "CNY",
    "392": "JPY",
    "398": "KZT",
    "933": "BYN",
    "949": "TRY",
    "784": "AED",
    "344": "HKD",
    "356": "INR",
    "051": "AMD",
    "944": "AZN",
    "860": "UZS",
    "417": "KGS",
    "972": "TJS",
}
"""Places 6 to 8 of a Russian account number (ISO 4217 numbers, and 810 as before 1998) -> currency."""
REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "Amounts are digits with a point, as 1250.50: obtain the file again.",
    DateUnreadable: "Days are written DD.MM.YYYY: obtain the file again.",
    TotalContradicted: "Ask for the file again: a document may be missing. Those that stand there were read.",
}
_TOTALS = {"ВсегоПоступило": "came in", "ВсегоСписано": "went out"}


@dataclass(slots=True)
class _Sheet:
    """A statement and what its rows come to."""

    record: StatementRecord
    own: Own
    section: Section
    came: int = 0
    went: int = 0
    rows: int = 0

    def covers(self, day: date) -> bool:
        start, end = self.record.start, self.record.end
        return (start is None or start <= day) and (end is None or day <= end)


class StatementReader:
    """One file: each own account keeps its statements, and a document is a row on the statement of its own side."""

    def __init__(self, source: SourceFile) -> None:
        self.book = RowBook(source, REMEDIES)
        self.sheets: defaultdict[str, list[_Sheet]] = defaultdict(list)
        self.seen: dict[tuple[str, ...], int] = {}

    def read(self, file: File) -> None:
        for section in file.accounts:
            self._account(section, account_id(section.get("РасчСчет")))
        for number in file.heading.every("РасчСчет"):
            if account_id(number) not in self.sheets:
                self._account(file.heading, account_id(number))
        if not self.sheets and not self.book.found:
            self.book.report(FieldMissing("", says="no account of its own (РасчСчет) is named in the file"), 1)
        if self.book.found:
            return
        for position, document in enumerate(file.documents, 1):
            self._document(document, position)
        for sheets in self.sheets.values():
            for sheet in sheets:
                self._compare(sheet)

    def _account(self, section: Section, number: str) -> None:
        book = self.book
        if not number:
            book.report(FieldMissing("РасчСчет"), section.row, "РасчСчет")
            return
        currency = currency_of(number)
        if not currency:
            says = "is no account number of 20 digits whose places 6 to 8 give a known currency"
            book.report(FieldWrong(shortened(number), says=says), section.row, "РасчСчет")
            return
        start, end = self._day(section, "ДатаНачала"), self._day(section, "ДатаКонца")
        own = book.own(f"{book.source.sha256[:12]}:{len(book.statements) + 1}", number, currency)
        record = StatementRecord(
            pointer=book.pointer(section.row),
            id=own.statement,
            account=own.account,
            currency=currency,
            opening=self._balance(section, "НачальныйОстаток", own),
            closing=self._balance(section, "КонечныйОстаток", own),
            start=start,
            end=end,
        )
        book.declare(record)
        self.sheets[number].append(_Sheet(record, own, section))

    def _day(self, section: Section, name: str) -> date | None:
        text = section.get(name)
        if not text:
            return None
        try:
            return day_of(text).date()
        except Problem as problem:
            self.book.report(problem, section.row, name)
            return None

    def _balance(self, section: Section, name: str, own: Own) -> int | None:
        """A printed balance; one that cannot be read, or stands there twice, fails the statement."""
        texts = dict.fromkeys(section.every(name))
        before = len(self.book.found)
        values = [self._minor(text, section.row, name, own) for text in texts]
        if len(texts) > 1:
            self.book.report(DuplicateKey(name, says="is given twice, with two amounts"), section.row, name)
        if self.book.break_row(section.row, f"{own.statement}:{name}", own, before):
            return None
        return values[0] if values else None

    def _minor(self, text: str, row: int, column: str, own: Own) -> int | None:
        try:
            return point_or_comma(text, minor_units(own.currency))
        except Problem as problem:
            self.book.report(problem, row, column)
            return None

    def _document(self, document: Section, position: int) -> None:
        """The row on the statement of each own side; a document that names no own account is of nobody here."""
        book = self.book
        sides = sides_of(document, self.sheets)
        if not sides:
            says = "is a document of no account of this file: neither payer nor payee is among them"
            book.report(FieldWrong(document.get("Номер") or document.title, says=says), document.row, "ПлательщикСчет")
            return
        both = len(sides) > 1
        for side in sides:
            id = f"{book.source.sha256[:12]}:d{position}" + (f":{side.word}" if both else "")
            self._row(document, side, both, id)

    def _row(self, document: Section, side: Side, both: bool, id: str) -> None:
        book = self.book
        first = self.sheets[side.account][0].own
        before = len(book.found)
        text = day_text(document, side, both)
        day = self._booked(document, text) if text else None
        minor = self._amount(document, first)
        if both and currency_of(side.other) != first.currency:
            says = "goes between own accounts in two currencies, and the document states one amount"
            book.report(FieldWrong(document.get("Номер"), says=says), document.row, "Сумма")
        own = self._sheet(side.account, day).own if day else first
        if book.break_row(document.row, id, own, before):
            return
        if reason := self._not_booked(document, side, both, text, minor):
            book.leave(document.row, id, own, document.get("Сумма"), reason)
            return
        assert day is not None
        assert minor is not None
        event = book.book(movement_of(document, side, id, day, text, minor), own, FAR[side.word])
        if event is not None:
            sheet = self._sheet(side.account, day)
            sheet.rows += 1
            sheet.came += minor if side.comes else 0
            sheet.went += 0 if side.comes else minor

    def _not_booked(self, document: Section, side: Side, both: bool, text: str, minor: int | None) -> str:
        if not text and both:
            return f"it is not booked on this side ({'ДатаПоступило' if side.comes else 'ДатаСписано'} is empty)"
        if not text:
            return "the bank has not booked it (ДатаСписано and ДатаПоступило are empty)"
        if not minor:
            return "its amount is zero"
        if not both:
            return ""
        key = (document.title, document.get("Номер"), text, document.get("Сумма"), side.word, side.account, side.other)
        row = self.seen.setdefault(key, document.row)
        return "" if row == document.row else f"the same document between own accounts stands on row {row}"

    def _booked(self, document: Section, text: str) -> datetime | None:
        try:
            return day_of(text)
        except Problem as problem:
            self.book.report(problem, document.row, "Дата")
            return None

    def _amount(self, document: Section, own: Own) -> int | None:
        """The amount; and what is wrong with the texts of the document is found here too."""
        book, row = self.book, document.row
        for name, values in document.values.items():
            if len(values) > 1 and len(set(values)) > 1:
                book.report(DuplicateKey(name, says="is given twice in one document"), row, name)
            if len(values[0]) > TEXT_LIMIT:
                book.report(TooLong(shortened(values[0])), row, name)
        text = document.get("Сумма")
        if not text:
            book.report(FieldMissing("Сумма"), row, "Сумма")
            return None
        minor = self._minor(text, row, "Сумма", own)
        if minor is not None and minor < 0:
            book.report(AmountNotPositive(text), row, "Сумма")
        return minor

    def _sheet(self, account: str, day: datetime) -> _Sheet:
        """The statement whose period has `day`; for a day outside of every period a statement without balances."""
        sheets = self.sheets[account]
        for sheet in sheets:
            if sheet.covers(day.date()):
                return sheet
        first = sheets[0]
        own = replace(first.own, statement=f"{first.own.statement}:{day.date()}")
        record = replace(first.record, id=own.statement, opening=None, closing=None, start=day.date(), end=day.date())
        self.book.declare(record)
        sheets.append(_Sheet(record, own, Section("", "", first.section.row)))
        return sheets[-1]

    def _compare(self, sheet: _Sheet) -> None:
        for name, counted in (("ВсегоПоступило", sheet.came), ("ВсегоСписано", sheet.went)):
            text = sheet.section.get(name)
            if not text:
                continue
            try:
                stated = point_or_comma(text, minor_units(sheet.own.currency))
            except Problem as problem:
                self.book.remark(problem, sheet.section.row, name)
                continue
            if stated != counted:
                says = f"is the total stated, but the documents that {_TOTALS[name]} are {counted} minor units"
                self.book.remark(TotalContradicted(text, says=says), sheet.section.row, name)


def currency_of(number: str) -> str:
    """The currency of a Russian account number; empty where it has none that is known."""
    digits = len(number) == 20 and number.isascii() and number.isdigit()
    return CURRENCIES.get(number[5:8], "") if digits else ""


@lru_cache(maxsize=4096)
def day_of(text: str) -> datetime:
    """A day written DD.MM.YYYY. Raises `DateUnreadable`."""
    return moment_of(text, ("%d.%m.%Y",), None).time
