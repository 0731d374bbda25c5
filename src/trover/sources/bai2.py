"""BAI2: balance reports of banks of North America, with opening and closing ledger and their transactions.

What is read and what is not: docs/formats/bai2.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from trover.errors import (
    AmountTooLarge,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    InputErrors,
    Problem,
    RecordMisplaced,
    TooLong,
    TotalContradicted,
    Truncated,
    UnknownCurrency,
)
from trover.sources.bai2_records import Record, records_of
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.dates import short_day
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.parties import Party
from trover.sources.reader import Reading
from trover.sources.record import INTEREST, StatementRecord
from trover.sources.row_book import Movement, Own, RowBook
from trover.sources.rows import account_id
from trover.sources.strict_json import DIGITS
from trover.sources.text import TEXT_LIMIT, joined, shortened

OPENING, CLOSING = "010", "015"
NOT_MONEY = "890"
_INTEREST = ("354",)
_DEFAULT = "USD"
"""The currency where neither account nor group states one: the format says so."""
_TEST, _DELETION = "4", "2"
_INTERIM = ("1", "3")
_HEAD = re.compile(rb"\s*01,[^,\r\n]*,[^,\r\n]*,[0-9 ]{6},")
_AMOUNT = re.compile(r"[+-]?\d+", re.ASCII)
_REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "Amounts of BAI2 are digits without decimal sign: obtain the file again.",
    DateUnreadable: "Days of BAI2 are written YYMMDD: obtain the file again.",
    TotalContradicted: "Ask for the file again: a record may be missing. The rows that stand there were read.",
    UnknownCurrency: "Obtain the file again, or ask the bank which currency it means.",
}


@dataclass(slots=True)
class _Group:
    """What record 02 says of the accounts after it."""

    record: Record
    currency: str
    status: str
    interim: bool
    day: datetime | None
    total: int = 0
    accounts: int = 0


@dataclass(slots=True)
class _Account:
    """Record 03 and the transactions (16) after it."""

    record: Record
    group: _Group
    rows: list[Record] = field(default_factory=list)
    total: int = 0
    """Sum of every amount of the account, for its control total."""


class Bai2Reader:
    """Balance reports, version 2."""

    name = "bai2"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_HEAD.match(source.data[:400]))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = RowBook(source, _REMEDIES)
        records = list(records_of(source))
        for number, account in enumerate(_accounts(records, book), 1):
            _read(account, number, book)
        return book.reading(self.name)


def _accounts(records: list[Record], book: RowBook) -> Iterator[_Account]:
    """The accounts of every group, once the order of the records and their counts are looked at."""
    found = list(_walk(records, book))
    if book.found:
        raise InputErrors(book.found)
    yield from found


def _walk(records: list[Record], book: RowBook) -> Iterator[_Account]:
    group: _Group | None = None
    account: _Account | None = None
    groups, total, closed = 0, 0, False
    starts = {"02": 0, "03": 0}
    for position, record in enumerate(records):
        code = record.code
        expected = _expected(position == 0, group is not None, account is not None, closed)
        if code not in expected:
            says = f"stands on a place where only {' or '.join(expected) or 'nothing'} can stand"
            book.report(RecordMisplaced(code, says=says), record.row)
            return
        if code == "01":
            _check_version(record, book)
        elif code == "02":
            group, starts["02"] = _group(record, book), position
        elif code == "03" and group is not None:
            account, starts["03"] = _Account(record, group), position
        elif code == "16" and account is not None:
            account.rows.append(record)
        elif code == "49" and account is not None and group is not None:
            account.total = sum(_amounts_of(account))
            _compare(record, 1, account.total, "the amounts of the account", book)
            _count(record, 2, _physical(records, starts["03"], position), book)
            group.total, group.accounts = group.total + (_total(record) or 0), group.accounts + 1
            yield account
            account = None
        elif code == "98" and group is not None:
            _compare(record, 1, group.total, "the control totals of its accounts", book)
            _count(record, 2, group.accounts, book, "accounts")
            _count(record, 3, _physical(records, starts["02"], position), book)
            total, groups, group = total + (_total(record) or 0), groups + 1, None
        else:
            _compare(record, 1, total, "the control totals of its groups", book)
            _count(record, 2, groups, book, "groups")
            _count(record, 3, _physical(records, 0, position), book)
            closed = True
    if not closed:
        says = "the file ends before its last record (99)"
        book.report(Truncated("", says=says), records[-1].row)


def _expected(first: bool, in_group: bool, in_account: bool, closed: bool) -> tuple[str, ...]:
    if first:
        return ("01",)
    if closed:
        return ()
    if in_account:
        return "16", "49"
    return ("03", "98") if in_group else ("02", "99")


def _check_version(record: Record, book: RowBook) -> None:
    version = record.at(8)
    if version not in ("", "2"):
        book.report(FieldWrong(version, says="is the version of the format; only version 2 is read"), record.row, "9")


def _group(record: Record, book: RowBook) -> _Group:
    text = record.at(4)
    day = short_day(text)
    if day is None:
        wrong = DateUnreadable(text) if text else FieldMissing("", says="the day (as-of date) is missing")
        book.report(wrong, record.row, "5")
    return _Group(record, record.at(6), record.at(3), record.at(7) in _INTERIM, day)


def _physical(records: list[Record], first: int, last: int) -> int:
    """How many records, continuations counted, stand from `first` to `last`."""
    return sum(record.lines for record in records[first : last + 1])


def _total(record: Record) -> int | None:
    text = record.at(1)
    return int(text) if _AMOUNT.fullmatch(text) and len(text) <= DIGITS else None


def _compare(record: Record, at: int, counted: int, of: str, book: RowBook) -> None:
    """A control total that its amounts do not give; some banks count debits as negative, and that is seen too."""
    stated = _total(record)
    if stated is None:
        book.remark(TotalContradicted(shortened(record.at(at)), says="is no control total"), record.row, str(at + 1))
    elif stated != counted:
        says = f"is the control total stated, but {of} come to {counted}"
        book.remark(TotalContradicted(record.at(at), says=says), record.row, str(at + 1))


def _count(record: Record, at: int, counted: int, book: RowBook, of: str = "records") -> None:
    text = record.at(at)
    if text.lstrip("0") != str(counted).lstrip("0"):
        says = f"is the number of {of} stated, but {counted} stand there"
        book.remark(TotalContradicted(shortened(text), says=says), record.row, str(at + 1))


def _amounts_of(account: _Account) -> Iterator[int]:
    for summary in _summaries(account.record):
        if _AMOUNT.fullmatch(summary[1]):
            yield int(summary[1][:DIGITS])
    for row in account.rows:
        if _AMOUNT.fullmatch(row.at(2)):
            yield int(row.at(2)[:DIGITS])


def _summaries(record: Record) -> Iterator[tuple[str, str, str]]:
    """Type code, amount and item count of every summary or status in record 03; fields left out are passed over."""
    at = 3
    while at < len(record.fields):
        if not record.at(at):
            at += 1
            continue
        yield record.at(at), record.at(at + 1), record.at(at + 2)
        at = _after_funds(record, at + 3)


def _after_funds(record: Record, at: int) -> int:
    """The field after the funds type at `at`, which says how many more belong to it."""
    kind = record.at(at)
    if kind == "V":
        return at + 3
    if kind == "S":
        return at + 4
    if kind == "D":
        count = record.at(at + 1)
        pairs = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
        return at + 2 + 2 * pairs
    return at + 1


def _read(account: _Account, number: int, book: RowBook) -> None:
    record, group = account.record, account.group
    before = len(book.found)
    name, currency = account_id(record.at(1)), record.at(2) or group.currency or _DEFAULT
    if not name:
        book.report(FieldMissing("", says="the account is missing"), record.row, "2")
    try:
        minor_units(currency)
    except UnknownCurrency as problem:
        book.report(problem, record.row, "3")
    if not book.usable(name, record.row, "2") or len(book.found) > before or group.day is None:
        return
    own = book.own(f"{book.source.sha256[:12]}:{number}", name, currency)
    balances = [_balance(account, code, own, book) for code in (OPENING, CLOSING)]
    book.declare(
        StatementRecord(
            pointer=book.pointer(record.row),
            id=own.statement,
            account=own.account,
            currency=currency,
            opening=balances[0],
            closing=balances[1],
            start=group.day.date(),
            end=group.day.date(),
            booked=not group.interim,
        )
    )
    for position, row in enumerate(account.rows, 1):
        _row(row, group, own, f"{own.statement}:{position}", book)


def _balance(account: _Account, code: str, own: Own, book: RowBook) -> int | None:
    """A ledger balance; one that is given twice with two amounts, or cannot be read, fails the statement."""
    record = account.record
    found = dict.fromkeys(amount for kind, amount, _ in _summaries(record) if kind == code and amount)
    if not found:
        return None
    before = len(book.found)
    values = {_minor(text, record.row, code, book) for text in found}
    if len(values) > 1:
        book.report(FieldWrong(", ".join(found), says=f"are two balances {code} of one account"), record.row, code)
    if book.break_row(record.row, f"{own.statement}:{code}", own, before):
        return None
    return values.pop()


def _minor(text: str, row: int, column: str, book: RowBook) -> int | None:
    if not _AMOUNT.fullmatch(text):
        book.report(AmountUnreadable(shortened(text)), row, column)
        return None
    if len(text.lstrip("+-0")) > DIGITS:
        book.report(AmountTooLarge(shortened(text)), row, column)
        return None
    return int(text)


def _row(row: Record, group: _Group, own: Own, id: str, book: RowBook) -> None:
    amount = row.at(2)
    if reason := _not_booked(row, group):
        book.leave(row.row, id, own, amount, reason)
        return
    before = len(book.found)
    sign = _sign(row.at(1))
    if not sign:
        says = "is a type code that does not say whether money comes or goes"
        book.report(FieldWrong(shortened(row.at(1)), says=says), row.row, "2")
    minor = _minor(amount, row.row, "3", book) if amount else None
    if minor is not None and minor < 0:
        says = "is negative, though the type code says in which direction it goes"
        book.report(AmountUnreadable(shortened(amount), says=says), row.row, "3")
    bank, customer, text = _texts(row)
    if len(text) > TEXT_LIMIT:
        book.report(TooLong(shortened(text)), row.row, "text")
    if book.break_row(row.row, id, own, before):
        return
    if not minor or group.day is None:
        book.leave(row.row, id, own, amount, "its amount is zero" if minor == 0 else "no amount is given")
        return
    references = tuple(reference for reference in (bank, customer) if reference.strip("0"))
    book.book(
        Movement(
            id=id,
            row=row.row,
            time=group.day,
            time_text=group.record.at(4),
            signed=minor * sign,
            party=Party(),
            note=_note(row, bank, customer, text),
            kind=INTEREST if row.at(1) in _INTEREST else "",
            references=references,
        ),
        own,
        "text",
    )


def _not_booked(row: Record, group: _Group) -> str:
    if group.status == _TEST:
        return "it stands in a test group"
    if group.status == _DELETION:
        return "it stands in a group that takes back an earlier one"
    return "it says something that is no money (type code 890)" if row.at(1) == NOT_MONEY else ""


def _sign(code: str) -> int:
    """1 where the type code is of a credit, -1 of a debit, 0 where it is of neither or not known."""
    if not re.fullmatch(r"\d{3}", code, re.ASCII) or code in ("100", "400"):
        return 0
    number = int(code)
    if 101 <= number <= 399 or 920 <= number <= 959:
        return 1
    return -1 if 401 <= number <= 699 or 960 <= number <= 999 else 0


def _texts(row: Record) -> tuple[str, str, str]:
    """Bank's reference, customer's reference, and the text, whose commas are its own."""
    at = _after_funds(row, 3)
    return row.at(at), row.at(at + 1), row.rest(at + 2)


def _note(row: Record, bank: str, customer: str, text: str) -> str:
    kind = row.at(3)
    funds = {"V": f"value date {row.at(4)}", "S": f"available {' '.join(row.at(n) for n in (4, 5, 6))}"}
    return joined(
        (
            text,
            f"bank's reference {bank}" if bank else "",
            f"customer's reference {customer}" if customer else "",
            f"type code {row.at(1)}",
            funds.get(kind, f"availability {kind}" if kind in ("0", "1", "2", "D") else ""),
        )
    )
