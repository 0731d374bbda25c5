"""Payments (MT103, MT202) as instructions, and advices of a debit or a credit (MT900, MT910)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trover.errors import FieldMissing, FieldWrong, Problem
from trover.sources.amounts import Money
from trover.sources.currency import minor_units
from trover.sources.legs import two_sides
from trover.sources.mt.context import Context
from trover.sources.mt.message import Field, Message
from trover.sources.mt.party import party_of, receiver_of, sender_of
from trover.sources.mt.values import amount_in, day_of, midnight, minor_of
from trover.sources.parties import Party, apart
from trover.sources.record import INSTRUCTION, AccountRecord, EventRecord, LegRecord, StatementRecord, Unbooked
from trover.sources.rows import account_id
from trover.sources.text import joined, shortened

PAYMENTS, ADVICES = ("103", "202"), {"900": False, "910": True}
"""Advices -> whether money came in."""
_PAYERS = {
    "103": ("50A", "50F", "50K", "50"),
    "202": ("52A", "52D"),
    "900": (),
    "910": ("50A", "50F", "50K", "52A", "52D"),
}
_PAYEES = {"103": ("59", "59A", "59F"), "202": ("58A", "58D")}
_SETTLED = re.compile(r"(\d{6})([A-Z]{3})(\d[\d.,]*)", re.ASCII)
_AGENTS = {
    "52": "ordering bank",
    "53": "sender's correspondent",
    "54": "receiver's correspondent",
    "56": "intermediary bank",
    "57": "account with bank",
}
_SHOWN = {
    "23B": "operation",
    "26T": "transaction type",
    "36": "rate",
    "71A": "charges",
    "71F": "sender's charges",
    "71G": "receiver's charges",
    "72": "to the receiver",
    "77B": "regulatory",
    "77T": "envelope",
}


class PaymentReader:
    """Every payment and advice of one file, each with a statement of its own that is not booked for good."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.records: list[StatementRecord | EventRecord] = []
        self.unbooked: list[Unbooked] = []
        self.broken: set[str] = set()

    def read(self, message: Message, number: int, kind: str) -> None:
        """One message; `number` is its position in the file."""
        context = self.context
        reference = message.first("20")
        context.page = shortened(reference.text) if reference else ""
        id = f"{context.source.sha256[:12]}:{number}"
        before = len(context.found)
        if reference is None or not reference.text:
            self._missing(message, "20", "the reference of the message")
        settled = self._settled(message)
        sides = self._advised(message, id, kind) if kind in ADVICES else self._paid(message, id, kind)
        if settled is None or sides is None or len(context.found) > before:
            self.broken.add(id)
            return
        where, amount = settled
        reason = "its amount is zero" if not amount.minor else "payer and payee are one" if sides[0] == sides[1] else ""
        if reason:
            self.unbooked.append(Unbooked(context.pointer(where), id, "", sides[0], where.text, reason))
        else:
            self._record(message, id, number, kind, where, amount, sides)

    def _missing(self, message: Message, tag: str, what: str) -> None:
        self.context.report(FieldMissing("", says=f"{what} (:{tag}:) is missing"), message.row, tag)

    def _settled(self, message: Message) -> tuple[Field, Money] | None:
        """:32A: and its amount; None after a problem."""
        where = message.first("32A")
        if where is None:
            self._missing(message, "32A", "day, currency and amount")
            return None
        match = _SETTLED.fullmatch(where.text)
        try:
            if match is None:
                raise FieldWrong(shortened(where.text), says="is not a day (YYMMDD), a currency and an amount")
            day_of(match[1])
            return where, Money(minor_of(match[3], minor_units(match[2])), match[2], f"{match[2]}{match[3]}")
        except Problem as problem:
            self.context.report(problem, where)
            return None

    def _paid(self, message: Message, id: str, kind: str) -> tuple[str, str] | None:
        """Ids of payer and payee, both outside the ledger; None after a problem."""
        context = self.context
        payer, payee = party_of(message.first(*_PAYERS[kind])), party_of(message.first(*_PAYEES[kind]))
        if kind == "202" and not payer:
            payer = sender_of(message)
        if not payer:
            self._missing(message, "50a" if kind == "103" else "52a", "the payer")
        if not payee:
            self._missing(message, "59a" if kind == "103" else "58a", "the payee")
        if not payer or not payee:
            return None
        payer, payee = apart(payer, payee)
        currency = _currency(message)
        pointer = context.pointer(message.row)
        first = context.outside.id(
            payer, currency, pointer, context.place(message.row, _PAYERS[kind][0]), f"{id}:payer"
        )
        second = context.outside.id(
            payee, currency, pointer, context.place(message.row, _PAYEES[kind][0]), f"{id}:payee"
        )
        return first, second

    def _advised(self, message: Message, id: str, kind: str) -> tuple[str, str] | None:
        """Ids of who gives and who gets, one of them the account of the advice; None after a problem."""
        context = self.context
        account = message.first("25", "25P")
        if account is None or not account.text:
            self._missing(message, "25", "the account")
            return None
        own = account_id(account.lines[0].strip() if account.tag == "25P" else account.text)
        currency = _currency(message)
        own = context.own(id, own, currency).account
        context.accounts.setdefault(own, AccountRecord(context.pointer(account), own, currency, "bank"))
        party = party_of(message.first(*_PAYERS[kind])) if _PAYERS[kind] else Party()
        place = context.place(message.row, "50a")
        other = context.outside.id(party, currency, context.pointer(message.row), place, id)
        return (other, own) if ADVICES[kind] else (own, other)

    def _record(
        self, message: Message, id: str, number: int, kind: str, where: Field, amount: Money, sides: tuple[str, str]
    ) -> None:
        context = self.context
        day = day_of(where.text[:6])
        own = sides[1] if ADVICES.get(kind) else sides[0]
        inputs, outputs = _legs(message, id, kind, amount, sides)
        pointer = context.pointer(message.row)
        currency = inputs[0].currency if own == sides[0] else amount.currency
        statement = StatementRecord(pointer, id, own, currency, start=day, end=day, number=context.page, booked=False)
        event = EventRecord(
            pointer=context.pointer(where),
            id=id,
            time=midnight(day),
            time_text=where.text[:6],
            seq=number,
            inputs=inputs,
            outputs=outputs,
            kind="" if kind in ADVICES else INSTRUCTION,
            note=_note(message),
            statement=id,
            references=_references(message),
        )
        self.records += [statement, event]


def _currency(message: Message) -> str:
    """The currency in which the payer pays: that of :33B:, else of :32A:."""
    ordered = message.first("33B")
    settled = message.first("32A")
    return ordered.text[:3] if ordered else settled.text[6:9] if settled else ""


def _legs(
    message: Message, id: str, kind: str, amount: Money, sides: tuple[str, str]
) -> tuple[tuple[LegRecord, ...], tuple[LegRecord, ...]]:
    """What the payer gives and the payee gets. A difference in one currency is a charge if :71F: states just that."""
    payer, payee = sides
    first = message.first("33B")
    ordered = amount_in(first.text) if first and kind == "103" else None
    if ordered is None or not ordered.minor:
        return two_sides(LegRecord(payer, amount.minor, None, amount.currency), payee, credit=False)
    own = LegRecord(payer, ordered.minor, None, ordered.currency)
    if ordered.currency != amount.currency:
        return two_sides(own, payee, credit=False, foreign=LegRecord(payee, amount.minor, None, amount.currency))
    stated = [amount_in(each.text) for each in message.all("71F")]
    charges = sum(each.minor for each in stated if each and each.currency == ordered.currency)
    if charges and ordered.minor - charges == amount.minor:
        return two_sides(own, payee, credit=False, fee=LegRecord(f"FEE:{id}", charges, None, ordered.currency))
    return two_sides(LegRecord(payer, amount.minor, None, amount.currency), payee, credit=False)


def _references(message: Message) -> tuple[str, ...]:
    found = [message.uetr, *(each.text for each in message.all("20", "21"))]
    return tuple(dict.fromkeys(each for each in found if each and each.upper() not in ("NONREF", "NEW")))


def _note(message: Message) -> str:
    """Purpose, references, banks and charges, in a fixed order, joined by `; `."""
    ordered = message.first("33B")
    parts = [
        *(each.text for each in message.all("70")),
        *_named(message, "20", "sender's reference"),
        *_named(message, "21", "related reference"),
        f"UETR {message.uetr}" if message.uetr else "",
        f"ordered {ordered.text}" if ordered else "",
    ]
    for tag, name in _SHOWN.items():
        parts += _named(message, tag, name)
    parts.append(f"sender {sender}" if (sender := sender_of(message)) else "")
    parts.append(f"receiver {receiver}" if (receiver := receiver_of(message)) else "")
    underlying = any(each.tag.startswith("58") for each in message.fields)
    for each in message.fields:
        if name := _AGENTS.get(each.tag[:2], ""):
            parts.append(f"{name} {each.text}")
        elif underlying and each.tag[:2] in ("50", "59"):
            parts.append(f"underlying {'payer' if each.tag[:2] == '50' else 'payee'} {each.text}")
    parts += [
        says
        for sign, says in (("{PDE:", "perhaps sent twice"), ("{PDM:", "perhaps sent twice"))
        if sign in message.trailer
    ]
    return joined(parts)


def _named(message: Message, tag: str, name: str) -> Iterator[str]:
    return (f"{name} {each.text}" for each in message.all(tag) if each.text)
