"""Instructed payments (pacs.008, .009, .004, pain.001, .008): announced, and not bookings of any account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from trover.errors import Problem
from trover.sources.amounts import Money
from trover.sources.iso20022.detail import references_of, remittance_of, shown_references
from trover.sources.iso20022.element import Context, currency_of, date_text, moment_of
from trover.sources.iso20022.node import Node
from trover.sources.iso20022.party import party_of
from trover.sources.iso20022.totals import compare_totals
from trover.sources.parties import Party, apart
from trover.sources.record import INSTRUCTION, EventRecord, LegRecord, StatementRecord, Unbooked
from trover.sources.row_book import Own
from trover.sources.text import ID_LIMIT, joined
from trover.sources.xml_safe import Element, text_of, texts_of

MESSAGES = ("FIToFICstmrCdtTrf", "FICdtTrf", "CstmrCdtTrfInitn", "CstmrDrctDbtInitn", "PmtRtr")
"""The elements of messages that are read here."""
_AMOUNTS = ("IntrBkSttlmAmt", "RtrdIntrBkSttlmAmt", "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "InstdAmt")
_ORIGINAL = {"OrgnlEndToEndId": "original end-to-end id", "OrgnlTxId": "original transaction id"}


@dataclass(frozen=True, slots=True)
class _Payment:
    """One transaction, who pays whom, and the element that states its day."""

    row: Element
    element: Node
    """The same held in plain Python."""
    payer: Party
    payee: Party
    day: Element | None
    remarks: tuple[str, ...] = ()


class InstructionReader:
    """Every payment of one message; one `StatementRecord` with `booked` false for each payer and currency."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.statements: dict[tuple[str, str], StatementRecord] = {}
        self._message = ""
        self._currency = ""

    def read(self, message: Element) -> None:
        self._message = text_of(message, "GrpHdr/MsgId")
        self.context.page = self._message
        payments = list(_payments(message))
        if not payments:
            self.context.missing(message, "CdtTrfTxInf", "the message holds no payment")
        currencies = {currency_of(_amount(payment.element)[1]) for payment in payments} - {""}
        self._currency = currencies.pop() if len(currencies) == 1 else ""
        amounts = [self._payment(payment, number) for number, payment in enumerate(payments, 1)]
        compare_totals(self.context, message, "GrpHdr", amounts, mixed=True)

    def _payment(self, payment: _Payment, number: int) -> Money | None:
        """The amount of a payment, which is announced, left or broken; None where it cannot be read."""
        context, element = self.context, payment.element
        id = f"{context.source.sha256[:12]}:{number}"
        before = len(context.found)
        context.report_too_long(payment.row)
        path, stated = _amount(element)
        amount = context.money(stated, element, path)
        currency = amount.currency if amount else currency_of(stated) or self._currency
        when = date_text(payment.day)
        time = self._time(payment, when)
        payer, payee = apart(payment.payer, payment.payee)
        giver = context.other(payer, currency, element, f"{id}:Dbtr")
        taker = context.other(payee, currency, element, f"{id}:Cdtr")
        if len(context.found) > before or amount is None or time is None:
            if currency and 0 < len(payer.id) <= ID_LIMIT:
                self._break(element, Own(id, giver, "", currency), before)
        elif giver == taker or not amount.minor:
            reason = "its amount is zero" if not amount.minor else "payer and payee are one account"
            context.unbooked.append(Unbooked(context.pointer(element), id, "", giver, str(amount), reason))
        else:
            context.events.append(
                EventRecord(
                    pointer=context.pointer(element),
                    id=id,
                    time=time,
                    time_text=when,
                    seq=number,
                    inputs=(LegRecord(giver, amount.minor, None, amount.currency),),
                    outputs=(LegRecord(taker, amount.minor, None, amount.currency),),
                    kind=INSTRUCTION,
                    note=_note(payment, amount),
                    statement=self._statement(giver, amount.currency, element),
                    references=tuple(dict.fromkeys(references_of(element.find("PmtId")).values())),
                )
            )
        return amount

    def _time(self, payment: _Payment, when: str) -> datetime | None:
        """None after a problem."""
        if not when:
            self.context.missing(payment.element, "IntrBkSttlmDt", "the day of the payment is missing")
            return None
        try:
            return moment_of(when).time
        except Problem as problem:
            self.context.report(problem, payment.day)
            return None

    def _break(self, element: Node, own: Own, before: int) -> None:
        """A payment fails alone, on a statement of its own: no balance binds the payments of one payer together."""
        context = self.context
        context.break_row(element, own.statement, own, before)
        statement = StatementRecord(
            context.pointer(element), own.statement, own.account, own.currency, number=self._message, booked=False
        )
        context.statements.append(statement)

    def _statement(self, account: str, currency: str, element: Element) -> str:
        known = self.statements.get((account, currency))
        if known is None:
            id = f"{self.context.source.sha256[:12]}:{self._message}:{len(self.statements) + 1}"
            pointer = self.context.pointer(element)
            known = StatementRecord(pointer, id, account, currency, number=self._message, booked=False)
            self.statements[account, currency] = known
            self.context.statements.append(known)
        return known.id


def _amount(payment: Node) -> tuple[str, Node | None]:
    """The amount of a payment, and where it stands, or would."""
    found = ((path, payment.find(path)) for path in _AMOUNTS)
    return next((each for each in found if each[1] is not None), (_AMOUNTS[0], None))


def _rows(parent: Element, tag: str) -> Iterator[tuple[Element, Node]]:
    return ((row, Node(row)) for row in parent.iterfind(tag))


def _payments(message: Element) -> Iterator[_Payment]:
    header = message.find("GrpHdr")
    for order in message.iterfind("PmtInf"):
        payer = party_of(order, "Dbtr")
        for row, each in _rows(order, "CdtTrfTxInf"):
            yield _Payment(row, each, payer, party_of(each, "Cdtr"), order.find("ReqdExctnDt"))
        payee = party_of(order, "Cdtr")
        for row, each in _rows(order, "DrctDbtTxInf"):
            yield _Payment(row, each, party_of(each, "Dbtr"), payee, order.find("ReqdColltnDt"))
    for row, each in _rows(message, "CdtTrfTxInf"):
        yield _Payment(row, each, party_of(each, "Dbtr"), party_of(each, "Cdtr"), _day(header, each))
    for row, each in _rows(message, "TxInf"):
        yield _returned(row, each, _day(header, each))


def _returned(row: Element, element: Node, day: Element | None) -> _Payment:
    """A return goes from the first payee back to the first payer, unless a chain of its own says otherwise."""
    chain, first = element.find("RtrChain"), element.find("OrgnlTxRef")
    payer = party_of(chain, "Dbtr") or party_of(first, "Cdtr")
    payee = party_of(chain, "Cdtr") or party_of(first, "Dbtr")
    words = [text_of(element, "RtrRsnInf/Rsn/Cd", "RtrRsnInf/Rsn/Prtry"), *texts_of(element, "RtrRsnInf/AddtlInf")]
    remarks = [f"returned: {' '.join(filter(None, words)) or 'no reason given'}"]
    remarks += [f"{name} {value}" for tag, name in _ORIGINAL.items() if (value := text_of(element, tag))]
    return _Payment(row, element, payer, payee, day, tuple(remarks))


def _day(header: Element | None, payment: Element) -> Element | None:
    """The settlement day of the payment, or else of the message."""
    found = payment.find("IntrBkSttlmDt")
    return found if found is not None or header is None else header.find("IntrBkSttlmDt")


def _note(payment: _Payment, amount: Money) -> str:
    element = payment.element
    stated = element.find("InstdAmt")
    other = "" if stated is None else f"{text_of(stated, '.')} {stated.get('Ccy', '')}"
    transfer = text_of(element, "Amt/EqvtAmt/CcyOfTrf")
    parts = [
        remittance_of(element),
        *shown_references(references_of(element.find("PmtId"))),
        *payment.remarks,
        f"instructed {other}" if other and other != str(amount) else "",
        f"to be sent in {transfer}" if transfer else "",
        f"exchange rate {rate}" if (rate := text_of(element, "XchgRate", "XchgRateInf/XchgRate")) else "",
        *(f"charge {text_of(each, '.')} {each.get('Ccy', '')}" for each in element.iterfind("ChrgsInf/Amt")),
    ]
    return joined(parts)
