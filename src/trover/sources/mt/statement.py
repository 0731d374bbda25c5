"""Statements and reports of an account (MT940, MT942, MT950): accounts, balances, and rows in printed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trover.errors import FieldMissing, FieldWrong, Problem, TooLong, Truncated
from trover.sources.currency import MINOR_UNITS
from trover.sources.mt.context import Context
from trover.sources.mt.message import STATEMENT_TAGS, Field, Message
from trover.sources.mt.row import event_of
from trover.sources.mt.totals import compare_totals
from trover.sources.mt.values import Balance, Line, balance_of, line_of
from trover.sources.record import REVERSAL, StatementRecord, Unbooked
from trover.sources.row_book import Own
from trover.sources.rows import account_id
from trover.sources.statements import Entry
from trover.sources.text import TEXT_LIMIT, shortened

OPENING, CLOSING = ("60F", "60M"), ("62F", "62M")
_EXPECTED = {"EC": "the bank expects it as a credit", "ED": "the bank expects it as a debit"}


@dataclass(frozen=True, slots=True)
class Row:
    """A :61: and the texts that follow it."""

    field: Field
    texts: list[Field]


class StatementReader:
    """Every statement of one file, kept apart by account, by currency and by page."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entries: list[Entry] = []

    def read(self, message: Message, number: int, booked: bool) -> None:
        """One message; `number` is its position in the file."""
        context = self.context
        context.page = _text(message, "28C", "28")
        rows = _rows(message)
        account = self._account(message)
        currency = self._currency(message) if account else ""
        if not account or not currency:
            return
        own = context.own(f"{context.source.sha256[:12]}:{number}", account, currency)
        self._declare(message, own, booked)
        for position, row in enumerate(rows, 1):
            self._row(row, own, f"{own.statement}:{position}")
        compare_totals(context, message, own, [row.field.lines for row in rows])
        self._remarks(message)

    def _account(self, message: Message) -> str:
        """The number in :25:, as printed; empty after a problem."""
        context = self.context
        fields = list(message.all("25", "25P"))
        if not fields or not fields[0].text:
            context.report(FieldMissing("", says="the account (:25:) is missing"), message.row, "25")
            return ""
        account = account_id(fields[0].lines[0].strip() if fields[0].tag == "25P" else fields[0].text)
        if not context.usable(account, fields[0].row, "25"):
            return ""
        for other in fields[1:]:
            if account_id(other.text) != account:
                says = "is a second account in one statement, so the account of its rows is not certain"
                context.report(FieldWrong(shortened(other.text), says=says), other)
                return ""
        return account

    def _currency(self, message: Message) -> str:
        """The currency of the first balance, limit or sum that prints one; else at the end of the account's number."""
        for each in message.all(*OPENING, *CLOSING, "34F", "90C", "90D", "64"):
            text = each.text
            code = text[7:10] if each.tag in (*OPENING, *CLOSING, "64") else text.lstrip("0123456789")[:3]
            if code in MINOR_UNITS and code.isalpha():
                return code
            if code.isascii() and code.isalpha() and code.isupper() and len(code) == 3:
                self.context.report(FieldWrong(code, says="is not a currency"), each)
                return ""
        account = message.first("25", "25P")
        code = account.text[-3:] if account else ""
        if message.first("61") and code in MINOR_UNITS and code.isalpha():
            return code
        lacks = "no balance that prints its currency" if message.first("61") else "neither a row nor a balance"
        self.context.report(FieldMissing("", says=f"the statement holds {lacks}"), message.row, "60F")
        return ""

    def _declare(self, message: Message, own: Own, booked: bool) -> None:
        context = self.context
        opening = self._balance(message, OPENING, own)
        closing = self._balance(message, CLOSING, own)
        statement = StatementRecord(
            pointer=context.pointer(message.row),
            id=own.statement,
            account=own.account,
            currency=own.currency,
            opening=opening.minor if opening else None,
            closing=closing.minor if closing else None,
            start=opening.day if opening else None,
            end=closing.day if closing else None,
            number=context.page,
            booked=booked,
        )
        context.declare(statement)
        if opening and closing and closing.day < opening.day:
            says = "is the day of the closing balance, before that of the opening balance"
            self._remark(message, CLOSING, FieldWrong(str(closing.day), says=says))

    def _remark(self, message: Message, tags: Sequence[str], problem: Problem) -> None:
        where = message.first(*tags)
        if where is not None:
            self.context.remark(problem, where)

    def _balance(self, message: Message, tags: tuple[str, ...], own: Own) -> Balance | None:
        """The first balance with one of `tags`. What cannot be read, or contradicts it, fails the statement."""
        context = self.context
        first: Balance | None = None
        for each in message.all(*tags):
            before = len(context.found)
            try:
                balance = balance_of(each.text, own.currency)
                if balance.currency not in ("", own.currency):
                    raise FieldWrong(balance.currency, says=f"is not {own.currency}, the currency of this statement")
                if first and (first.minor, first.day) != (balance.minor, balance.day):
                    raise FieldWrong(each.text, says="is a second such balance of this statement, and another one")
            except Problem as problem:
                context.report(problem, each)
                context.break_row(each, f"{own.statement}:{each.tag}", own, before)
                continue
            if not balance.currency:
                says = f"prints no currency; it is taken to be {own.currency}, that of the statement"
                context.remark(FieldMissing(each.text, says=says), each)
            first = first or balance
        return first

    def _row(self, row: Row, own: Own, id: str) -> None:
        context, where = self.context, row.field
        before = len(context.found)
        context.seq += 1
        try:
            line = line_of("\n".join(where.lines).rstrip(), own.decimals)
        except Problem as problem:
            context.report(problem, where)
            context.break_row(where, id, own, before)
            return
        reason = _EXPECTED.get(line.mark, "") or ("its amount is zero" if not line.minor else "")
        if reason:
            amount = f"{line.amount} {own.currency} {line.mark}"
            left = Unbooked(context.pointer(where), id, own.statement, own.account, amount, reason)
            context.unbooked.append(left)
            return
        self._check(line, row)
        if context.break_row(where, id, own, before):
            return
        event = event_of(context, own, id, line, where, row.texts)
        if not context.break_row(where, id, own, before):
            self.entries.append(Entry(event, event.references, own.account, line.credit, event.kind == REVERSAL))

    def _check(self, line: Line, row: Row) -> None:
        context, where = self.context, row.field
        if "," not in line.amount:
            says = "has no decimal comma; it is taken as whole units"
            context.remark_once("comma", FieldWrong(line.amount, says=says), where)
        for text in row.texts:
            if sum(map(len, text.lines)) > TEXT_LIMIT:
                context.report(TooLong(shortened(text.text)), text)

    def _remarks(self, message: Message) -> None:
        context = self.context
        for row, line in message.looks:
            says = "begins like a field that statements do not have; it is read as part of the text before it"
            context.remark_once("looks", FieldWrong(shortened(line), says=says), row, "86")
        for each in message.fields:
            if each.tag not in STATEMENT_TAGS:
                says = "is not a field of a statement; nothing of it is read"
                context.remark(FieldWrong(f":{each.tag}:{shortened(each.text)}", says=says), each)
        if message.enveloped and not message.ended:
            says = "the message ends without -}, perhaps cut off"
            context.remarks.append(Truncated("", context.place(message.fields[-1].row), says=says))


def _rows(message: Message) -> list[Row]:
    """Every :61: with the :86: or :NS: that follow it."""
    rows: list[Row] = []
    texts: list[Field] | None = None
    for each in message.fields:
        if each.tag == "61":
            texts = []
            rows.append(Row(each, texts))
        elif texts is not None and each.tag in ("86", "NS") and (not texts or texts[0].tag == each.tag):
            texts.append(each)
        else:
            texts = None
    return rows


def _text(message: Message, *tags: str) -> str:
    found = message.first(*tags)
    return shortened(found.text) if found else ""
