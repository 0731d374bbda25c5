"""Fedwire messages in the format of tags ({1500}...): one payment each, instructed and not a booking.

What is read and what is not: docs/formats/fedwire.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from trover.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    Problem,
    UnknownField,
)
from trover.sources.custody import SourceFile
from trover.sources.parties import Party, apart
from trover.sources.reader import Reading
from trover.sources.record import INSTRUCTION, StatementRecord
from trover.sources.row_book import Movement, Own, RowBook
from trover.sources.text import ID_LIMIT, decode, shortened

TAGS = {
    "1100": "message disposition",
    "1110": "receipt time stamp",
    "1120": "output message accountability data",
    "1130": "error",
    "1500": "sender supplied information",
    "1510": "type and subtype",
    "1520": "input message accountability data",
    "2000": "amount",
    "3100": "sender",
    "3320": "sender reference",
    "3400": "receiver",
    "3500": "previous message",
    "3600": "business function code",
    "3610": "local instrument",
    "3620": "payment notification",
    "3700": "charges",
    "3710": "instructed amount",
    "3720": "exchange rate",
    "4000": "intermediary institution",
    "4100": "beneficiary's institution",
    "4200": "beneficiary",
    "4320": "reference for beneficiary",
    "4400": "account debited in drawdown",
    "5000": "originator",
    "5010": "originator option F",
    "5100": "originator's institution",
    "5200": "instructing institution",
    "5400": "account credited in drawdown",
    "6000": "originator to beneficiary",
    "6410": "advice to beneficiary's institution",
    "6420": "method of payment to beneficiary",
}
"""Tags that are read or whose absence is noticed, with their names."""
_OTHERS = frozenset(
    "6100 6110 6200 6210 6300 6310 6400 6500 7033 7050 7052 7056 7057 7059 7070 7072 "
    "8200 8250 8300 8350 8400 8450 8500 8550 8600 8650 8700 8750 9000".split()
)
"""Tags of the format that say nothing of amount, parties, time or reference."""
MANDATORY = ("1500", "1510", "1520", "2000", "3100", "3400", "3600")
_REQUIRES = {
    "4000": ("4100",),
    "4100": ("4200",),
    "5200": ("5100",),
    "5100": ("5000", "5010"),
    "6410": ("4200",),
    "6420": ("6410",),
}
"""Tag -> one of these must stand beside it."""
MOVES = {"00": "", "02": "reversal", "08": "reversal of an earlier day", "32": "drawdown honoured"}
"""Subtypes that move money, with what is said of them."""
_MOVES_NOTHING = {
    "01": "it asks for a reversal",
    "07": "it asks for the reversal of a transfer of an earlier day",
    "31": "it asks for a drawdown",
    "33": "it refuses a drawdown",
    "90": "it is a service message",
}
_ACCOUNT_CODES = ("D", "T")
_CODES = {
    "1": "passport",
    "2": "tax id",
    "3": "driver's licence",
    "4": "alien registration",
    "5": "corporate id",
    "9": "id",
    "B": "BIC",
    "C": "CHIPS participant",
    "F": "routing number",
    "U": "CHIPS id",
}
_START = re.compile(r"\A\s*\{\d{4}\}")
_TAG = re.compile(r"\{(\d{4})\}")
_REMEDIES: dict[type[Problem], str] = dict.fromkeys(
    (AmountUnreadable, DateUnreadable, FieldMissing, FieldWrong, UnknownField),
    "Obtain the message again from the bank; nothing is assumed in its place.",
)


@dataclass(frozen=True, slots=True)
class _Tag:
    number: str
    value: str
    row: int


class FedwireReader:
    """Fedwire messages, one or several in a file."""

    name = "fedwire"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_START.match(source.data[:256].decode("latin-1")))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = RowBook(source, _REMEDIES)
        for number, tags in enumerate(_messages(decode(source.data, source.name)), 1):
            _Message(book, number, tags).read()
        return book.reading(self.name)


def _messages(text: str) -> list[dict[str, _Tag]]:
    """The tags of each message. A tag that comes again begins the next one: none stands twice in a message."""
    messages: list[dict[str, _Tag]] = [{}]
    places = list(_TAG.finditer(text))
    row, at = 1, 0
    for match, after in zip(places, [*places[1:], None], strict=True):
        row += text.count("\n", at, match.start())
        at = match.start()
        value = text[match.end() : after.start() if after else len(text)]
        tag = _Tag(match[1], value.replace("\r", "").replace("\n", ""), row)
        if tag.number in messages[-1]:
            messages.append({})
        messages[-1][tag.number] = tag
    return messages


class _Message:
    """One message and its tags, to be booked, left or broken."""

    def __init__(self, book: RowBook, number: int, tags: dict[str, _Tag]) -> None:
        self.book, self.tags = book, tags
        self.id = f"{book.source.sha256[:12]}:{number}"
        self.row = next(iter(tags.values())).row
        self.cents = 0
        self.day: date | None = None

    def read(self) -> None:
        """What is wrong with a message fails it alone where its payer is named, and else the file."""
        book = self.book
        before = len(book.found)
        self._check()
        wrong = len(book.found) > before
        if not wrong and (reason := self._not_booked()):
            self._leave(reason)
            return
        payer = self._party("5000", "5010", "5100", "5200") or self._bank("3100")
        payee = self._party("4200", "4100") or self._bank("3400")
        payer, payee = apart(payer, payee)
        if not wrong and payer.id == payee.id:
            self._leave("payer and payee are one")
            return
        pointer = book.pointer(self.row)
        payer_id, _ = (
            book.outside.id(party, "USD", pointer, book.place(self.row, column), self.id)
            for party, column in ((payer, "{5000}"), (payee, "{4200}"))
        )
        if not 0 < len(payer.id) <= ID_LIMIT:
            return
        own, imad = Own(self.id, payer_id, "", "USD"), shortened(self.value("1520"))
        book.statements.append(
            StatementRecord(pointer, self.id, payer_id, "USD", start=self.day, end=self.day, number=imad, booked=False)
        )
        if not book.break_row(self.row, self.id, own, before):
            book.book(self._movement(payee), own, "{4200}")

    def _leave(self, reason: str) -> None:
        amount = f"{self.cents // 100}.{self.cents % 100:02}"
        self.book.leave(self.row, self.id, Own("", "", "", "USD"), amount, reason)

    def _check(self) -> None:
        """Every tag is known, those required are there, and amount and day can be read."""
        for tag in self.tags.values():
            if tag.number not in TAGS and tag.number not in _OTHERS:
                self._report(UnknownField(f"{{{tag.number}}}", says="is not a tag of Fedwire"), tag)
        for number in MANDATORY:
            if number not in self.tags:
                self._missing(number, "")
        for number, needed in _REQUIRES.items():
            if number in self.tags and not any(each in self.tags for each in needed):
                self._missing(needed[0], f", which {{{number}}} requires")
        self._read_amount()
        self._read_day()
        self._read_kind()

    def _missing(self, number: str, why: str) -> None:
        says = f"{{{number}}} ({TAGS[number]}) is missing{why}"
        self.book.report(FieldMissing("", says=says), self.row, f"{{{number}}}")

    def _report(self, problem: Problem, tag: _Tag) -> None:
        self.book.report(problem, tag.row, f"{{{tag.number}}}")

    def _read_amount(self) -> None:
        tag = self.tags.get("2000")
        if tag is None:
            return
        digits = tag.value.strip()
        if re.fullmatch(r"\d{12}", digits, re.ASCII):
            self.cents = int(digits)
        else:
            says = "is not an amount of 12 digits in cents"
            self._report(AmountUnreadable(shortened(digits), says=says), tag)

    def _read_day(self) -> None:
        tag = self.tags.get("1520")
        if tag is None:
            return
        text = tag.value.strip()
        try:
            self.day = datetime.strptime(text[:8], "%Y%m%d").date() if text[:8].isascii() else None
        except ValueError:
            self.day = None
        if self.day is None or len(text) != 22:
            says = "is not a day, a source and a sequence number (22 characters)"
            self._report(DateUnreadable(shortened(text), says=says), tag)

    def _read_kind(self) -> None:
        tag = self.tags.get("1510")
        subtype = self.value("1510")[2:]
        if tag is not None and subtype not in MOVES and subtype not in _MOVES_NOTHING:
            self._report(FieldWrong(tag.value, says="is not a type and subtype that is known"), tag)
        sender = self.tags.get("1500")
        if sender is not None and sender.value[10:11] not in ("T", "P"):
            says = "does not say in its 11th place whether it is a test (T) or production (P)"
            self._report(FieldWrong(shortened(sender.value), says=says), sender)

    def value(self, number: str) -> str:
        """The text of a tag, lines joined, with single spaces; empty if the tag is not there."""
        tag = self.tags.get(number)
        return " ".join(tag.value.replace("*", " ").split()) if tag else ""

    def _not_booked(self) -> str:
        """Why this message is no payment; empty where it is one."""
        reason = _MOVES_NOTHING.get(self.value("1510")[2:], "")
        if self.tags["1500"].value[10:11] == "T":
            reason = "it is a test message"
        elif not reason and not self.cents:
            reason = "its amount is zero"
        elif "1130" in self.tags:
            reason = f"it was rejected: {self.value('1130')}"
        return reason

    def _movement(self, payee: Party) -> Movement:
        assert self.day is not None
        return Movement(
            id=self.id,
            row=self.row,
            time=datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC),
            time_text=self.tags["1520"].value[:8],
            signed=-self.cents,
            party=payee,
            note=self._note(),
            kind=INSTRUCTION,
            references=tuple(filter(None, map(self.value, ("1520", "1120", "3320", "4320")))),
        )

    def _bank(self, number: str) -> Party:
        """A depository institution: routing number (9), short name."""
        tag = self.tags.get(number)
        value = tag.value if tag else ""
        return Party("", " ".join(value[9:].replace("*", " ").split()), f"routing number {value[:9]}" if tag else "")

    def _party(self, *numbers: str) -> Party:
        for number in numbers:
            tag = self.tags.get(number)
            if tag and (party := _option_f(tag.value) if number == "5010" else _party(tag.value)):
                return party
        return Party()

    def _note(self) -> str:
        """Purpose, references and banks, in a fixed order, joined by `; `."""
        again = "sent again, perhaps a duplicate" if self.tags["1500"].value[11:12] == "P" else ""
        shown = [self.value("6000"), again, MOVES[self.value("1510")[2:]]]
        shown += [f"IMAD {self.value('1520')}"]
        omad = self.value("1120")
        shown.append(f"accepted, OMAD {omad}" if omad else "")
        for number in ("3320", "4320", "3500", "3600", "3700", "3710", "3720", "3100", "3400", "5100", "4100", "4000"):
            if value := self.value(number):
                shown.append(f"{TAGS[number]} {value}")
        return "; ".join(filter(None, shown))


def _fields(value: str, first: int, width: int = 35) -> list[str]:
    """The parts of a value: between asterisks, or else `first` characters and then `width` each."""
    if "*" in value:
        return [part.strip() for part in value.split("*")]
    return [value[:first].strip()] + [value[at : at + width].strip() for at in range(first, len(value), width)]


def _party(value: str) -> Party:
    """A code for the kind of identifier, the identifier (34), the name (35), and an address."""
    code, rest = value[:1], _fields(value[1:], 34)
    identifier, name = rest[0], " ".join(rest[1].split()) if len(rest) > 1 else ""
    if code in _ACCOUNT_CODES:
        return Party(identifier, name)
    return Party("", name, f"{_CODES.get(code, 'id')} {identifier}" if identifier else "")


def _option_f(value: str) -> Party:
    """A party of option F: an account after a slash or an identification, then numbered lines; 1/ is the name."""
    first, *lines = _fields(value, 35)
    name = " ".join(line[2:] for line in lines if line.startswith("1/"))
    return Party(first[1:], name) if first.startswith("/") else Party("", name, first)
