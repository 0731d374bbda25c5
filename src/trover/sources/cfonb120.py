"""CFONB 120: statements of French banks in records of 120 signs.

What is read and what is not: docs/formats/cfonb120.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from trover.errors import (
    AmountTooFine,
    AmountTooLarge,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    InputErrors,
    Place,
    Problem,
    RecordMisplaced,
    TooLong,
    UnknownCurrency,
)
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.dates import short_day
from trover.sources.file_at_hand import OF_A_BANK
from trover.sources.parties import Party
from trover.sources.reader import Reading
from trover.sources.record import REVERSAL, StatementRecord
from trover.sources.row_book import Movement, Own, RowBook, text_of
from trover.sources.rows import account_id
from trover.sources.text import joined

WIDTH = 120
OLD, MOVEMENT, DETAIL, NEW = "01", "04", "05", "07"
_HEAD = re.compile(rb"\s*0[147][0-9 ]{5}[^\r\n]{8,9}[A-Z ]{3}[0-9 ] ?")
_SIGNS = "{ABCDEFGHI}JKLMNOPQR"
_FRENCH = {"é": "{", "è": "}"}
"""The last sign of an amount in the French code page, where braces are letters."""
_QUALIFIERS = {
    "LIB": "",
    "LCC": "",
    "LC2": "",
    "LCS": "structured",
    "RCN": "client reference",
    "REF": "reference",
    "RUM": "mandate",
    "NPO": "ultimate debtor",
    "NBU": "ultimate creditor",
    "IPO": "ultimate debtor",
    "IBU": "ultimate creditor",
    "NPY": "payer",
    "NBE": "beneficiary",
    "IPY": "payer",
    "IBE": "beneficiary",
    "CPY": "account of the payer",
    "CBE": "account of the beneficiary",
}
"""Qualifier of a detail -> what the note calls it."""
_REFERENCES = ("RCN", "REF")
_REMEDIES: dict[type[Problem], str] = OF_A_BANK | {
    AmountUnreadable: "An amount is 13 digits and a last sign that is both digit and direction: obtain the file again.",
    AmountTooFine: "Nothing is rounded on reading: ask the bank which amount it booked.",
    DateUnreadable: "Days are written DDMMYY: obtain the file again.",
    TooLong: "Ids and names have at most 200 characters: check that the file is whole.",
    UnknownCurrency: "Obtain the file again, or ask the bank which currency it means.",
}


@dataclass(slots=True)
class _Record:
    """One record of 120 signs, and the line it stands on (without line breaks: its number)."""

    text: str
    row: int
    details: list[_Record] = field(default_factory=list)

    def cut(self, first: int, length: int) -> str:
        """The field at position `first` (1 = first), without spaces around it."""
        return self.text[first - 1 : first - 1 + length].strip()

    @property
    def code(self) -> str:
        return self.text[:2]

    @property
    def account(self) -> str:
        """Bank, branch and number: what stands in an IBAN of France between check digits and key."""
        return account_id(f"{self.cut(3, 5)}{self.cut(12, 5)}{self.cut(22, 11)}")

    @property
    def key(self) -> tuple[str, str, str]:
        """Branch, number and currency, which all records of a statement share."""
        return self.cut(12, 5), self.cut(22, 11), self.cut(17, 3)


class Cfonb120Reader:
    """Statements in records of 120 signs, with line breaks or without."""

    name = "cfonb120"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_HEAD.match(source.data[:400])) and _is_wide(source.data)

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = RowBook(source, _REMEDIES)
        statements = list(_statements(_records(source)))
        for number, statement in enumerate(statements, 1):
            _read(statement, number, book)
        return book.reading(self.name)


def _is_wide(data: bytes) -> bool:
    """The first line has the width of a record or of several, or lacks only blanks at its end."""
    line = data.lstrip().split(b"\n", 1)[0].rstrip(b"\r")
    return 91 <= len(line) <= WIDTH + 8 or len(line) % WIDTH == 0


def _records(source: SourceFile) -> Iterator[_Record]:
    """Every record that is not blank. Raises `InputErrors` for what is none."""
    text = text_of(source, "cp1252")
    found: list[Problem] = []
    broken = "\n" in text.strip()
    row = 0
    for line_number, line in enumerate(text.splitlines() if broken else [text.strip("\r\n")], 1):
        for at in range(0, max(len(line.rstrip()), 1), WIDTH):
            piece = line[at : at + WIDTH].ljust(WIDTH)
            row = line_number if broken else row + 1
            if not piece.strip():
                continue
            if piece[:2] not in (OLD, MOVEMENT, DETAIL, NEW):
                says = "begins a record, and only 01, 04, 05 and 07 do"
                found.append(RecordMisplaced(piece[:2], Place(source.name, row=row), says=says))
            yield _Record(piece, row)
    if found:
        raise InputErrors(found)


@dataclass(slots=True)
class _Statement:
    """The records of one statement; the balances are None where their records are missing."""

    first: _Record
    old: _Record | None = None
    new: _Record | None = None
    rows: list[_Record] = field(default_factory=list)


def _statements(records: Iterator[_Record]) -> Iterator[_Statement]:
    """The records of each statement: 01 opens it and 07 closes it; without one of them it has no such balance."""
    at_hand: _Statement | None = None
    for record in records:
        if record.code == OLD or at_hand is None:
            if at_hand is not None:
                yield at_hand
            at_hand = _Statement(record, old=record if record.code == OLD else None)
            if record.code == OLD:
                continue
        if record.code == NEW:
            if record.key == at_hand.first.key:
                at_hand.new = record
                yield at_hand
                at_hand = None
            else:
                yield at_hand
                yield _Statement(record, new=record)
                at_hand = None
        elif record.code == DETAIL and at_hand.rows and at_hand.rows[-1].code == MOVEMENT:
            at_hand.rows[-1].details.append(record)
        else:
            at_hand.rows.append(record)
    if at_hand is not None:
        yield at_hand


def _read(statement: _Statement, number: int, book: RowBook) -> None:
    record = statement.first
    before = len(book.found)
    account, currency = record.account, record.cut(17, 3)
    if not record.cut(22, 11):
        book.report(FieldMissing("", says="the account is missing"), record.row, "22-32")
    elif book.usable(account, record.row, "22-32"):
        _decimals(record, book)
    if len(book.found) > before:
        return
    own = book.own(f"{book.source.sha256[:12]}:{number}", account, currency)
    opening, start = _balance(statement.old, own, "01", book)
    closing, end = _balance(statement.new, own, "07", book)
    book.declare(
        StatementRecord(
            pointer=book.pointer(record.row),
            id=own.statement,
            account=own.account,
            currency=currency,
            opening=opening,
            closing=closing,
            start=start.date() if start else None,
            end=end.date() if end else None,
        )
    )
    for position, row in enumerate(statement.rows, 1):
        _row(row, statement.first, own, f"{own.statement}:{position}", book)


def _balance(record: _Record | None, own: Own, code: str, book: RowBook) -> tuple[int | None, datetime | None]:
    """A printed balance and its day; one that cannot be read fails the statement."""
    if record is None:
        return None, None
    before = len(book.found)
    minor, day = _amount(record, own, book), _day(record, 35, book)
    if book.break_row(record.row, f"{own.statement}:{code}", own, before):
        return None, None
    return minor, day


def _row(record: _Record, first: _Record, own: Own, id: str, book: RowBook) -> None:
    before = len(book.found)
    if record.code == DETAIL:
        book.report(RecordMisplaced("05", says="is a detail, and no movement stands before it"), record.row)
    for each in (record, *record.details):
        if each.key != first.key:
            says = f"is of another account or currency than the statement of row {first.row}"
            book.report(RecordMisplaced(" ".join(each.key), says=says), each.row, "12-32")
    if book.break_row(record.row, id, own, before):
        return
    signed, day = _amount(record, own, book), _day(record, 35, book)
    foreign = _foreign(record, own, book)
    if book.break_row(record.row, id, own, before) or signed is None or day is None:
        return
    if not signed:
        book.leave(record.row, id, own, record.cut(91, 14), "its amount is zero")
        return
    book.book(
        Movement(
            id=id,
            row=record.row,
            time=day,
            time_text=record.cut(35, 6),
            signed=signed,
            party=_party(record, own, signed > 0),
            note=_note(record),
            kind=REVERSAL if record.cut(41, 2).strip("0") else "",
            references=tuple(dict.fromkeys(_references(record))),
            foreign=foreign,
        ),
        own,
        "49-118",
    )


def _amount(record: _Record, own: Own, book: RowBook) -> int | None:
    """The signed amount of positions 91 to 104 in minor units; None after a problem."""
    text = record.cut(91, 14)
    last = _FRENCH.get(text[-1:], text[-1:])
    digits = text[:-1]
    if not last or last not in _SIGNS or not re.fullmatch(r"\d{0,13}", digits, re.ASCII):
        book.report(
            AmountUnreadable(text) if text else FieldMissing("", says="the amount is missing"), record.row, "91-104"
        )
        return None
    place = _SIGNS.index(last)
    minor = _scaled(int(f"{digits}{place % 10}"), record, own.currency, book)
    return minor if minor is None or place < 10 else -minor


def _scaled(value: int, record: _Record, currency: str, book: RowBook) -> int | None:
    """`value` with the decimals that the record states, in minor units of `currency`."""
    decimals = _decimals(record, book)
    if decimals is None:
        return None
    scale: int = 10 ** minor_units(currency)
    whole, rest = divmod(value * scale, int(10**decimals))
    if rest:
        says = f"has more decimals than its currency ({minor_units(currency)})"
        book.report(AmountTooFine(record.cut(91, 14), says=says), record.row, "91-104")
        return None
    return whole


def _decimals(record: _Record, book: RowBook) -> int | None:
    """The number of decimals in position 20; None after a problem with it or with the currency before it."""
    currency, decimals = record.cut(17, 3), record.cut(20, 1)
    try:
        minor_units(currency)
    except UnknownCurrency as problem:
        missing = FieldMissing("", says="the currency is missing")
        book.report(problem if currency else missing, record.row, "17-19")
        return None
    if not decimals.isascii() or not decimals.isdigit():
        book.report(FieldWrong(decimals, says="is not the number of decimals of the amount"), record.row, "20")
        return None
    return int(decimals)


def _day(record: _Record, first: int, book: RowBook) -> datetime | None:
    text = record.cut(first, 6)
    day = short_day(text[4:] + text[2:4] + text[:2])
    if day is None:
        column = f"{first}-{first + 5}"
        book.report(DateUnreadable(text) if text else FieldMissing("", says="the day is missing"), record.row, column)
    return day


def _information(record: _Record, *qualifiers: str, first: int = 49, length: int = 70) -> str:
    """The first text that is not empty among the details with one of `qualifiers`, by their order."""
    for qualifier in qualifiers:
        for each in record.details:
            if each.text[45:48] == qualifier and (text := " ".join(each.cut(first, length).split())):
                return text
    return ""


def _party(record: _Record, own: Own, comes: bool) -> Party:
    """The payer of a credit, the beneficiary of a debit, as the details name them."""
    if not record.details:
        return Party()
    roles = ("CPY", "NPY", "NPO", "IPY") if comes else ("CBE", "NBE", "NBU", "IBE")
    number = account_id(_information(record, roles[0], length=35))
    name = _information(record, roles[1], roles[2])
    return Party("" if own.number in number else number, name, _information(record, roles[3], length=35))


def _foreign(record: _Record, own: Own, book: RowBook) -> tuple[int, str] | None:
    """What was instructed in another currency (MMO): three signs, its decimals, and 14 digits without sign."""
    detail = next((each for each in record.details if each.text[45:48] == "MMO"), None)
    if detail is None or detail.cut(49, 3) in ("", own.currency):
        return None
    currency, decimals, digits = detail.cut(49, 3), detail.cut(52, 1), detail.cut(53, 14)
    try:
        minor_units(currency)
    except UnknownCurrency as problem:
        book.report(problem, detail.row, "49-51")
        return None
    if not re.fullmatch(r"\d\d+", decimals + digits, re.ASCII):
        book.report(AmountUnreadable(f"{decimals}{digits}"), detail.row, "52-66")
        return None
    whole, rest = divmod(int(digits) * 10 ** minor_units(currency), 10 ** int(decimals))
    if rest or whole >= 10**38:
        book.report(AmountTooFine(digits) if rest else AmountTooLarge(digits), detail.row, "53-66")
        return None
    return (whole, currency) if whole else None


def _references(record: _Record) -> Iterator[str]:
    """The client's reference, those of the remittance and the transaction, and the reference of the record."""
    for qualifier in _REFERENCES:
        yield from filter(None, (_information(record, qualifier, length=35),))
    yield from filter(None, (_information(record, "REF", first=84, length=35), record.cut(105, 16)))


def _note(record: _Record) -> str:
    """The label, every detail by its name, and the codes of the record."""
    parts = [" ".join(record.cut(49, 31).split())]
    for detail in record.details:
        qualifier = detail.text[45:48].strip()
        name = _QUALIFIERS.get(qualifier, qualifier)
        parts.append(f"{name} {' '.join(detail.cut(49, 70).split())}".strip())
    value, entry, rejected = record.cut(43, 6), record.cut(82, 7), record.cut(41, 2)
    parts += [
        f"reference {record.cut(105, 16)}" if record.cut(105, 16) else "",
        f"entry {entry}" if entry.strip("0 ") else "",
        f"code {'/'.join(filter(None, (record.cut(33, 2), record.cut(8, 4))))}",
        f"value date {value}" if value.strip("0") and value != record.cut(35, 6) else "",
        f"returned for {rejected}" if rejected.strip("0") else "",
    ]
    return joined(parts)
