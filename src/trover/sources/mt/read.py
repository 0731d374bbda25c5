"""Every message of a file to records, each by what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trover.errors import FieldMissing, FieldWrong, InputErrors, MessageNotRead
from trover.sources.custody import SourceFile
from trover.sources.mt.context import Context, text_of
from trover.sources.mt.message import Message, messages_of
from trover.sources.mt.payment import ADVICES, PAYMENTS, PaymentReader
from trover.sources.mt.statement import StatementReader
from trover.sources.reader import Reading
from trover.sources.record import Unbooked
from trover.sources.statements import with_returns
from trover.sources.text import shortened

ADVICE = "900 or MT910"
BOOKED = {"940": True, "950": True, "942": False}
"""Statements -> whether their rows are booked for good."""


def read_messages(source: SourceFile, name: str) -> Reading:
    context = Context(source)
    text = text_of(context)
    messages = messages_of(text)
    if not messages:
        raise InputErrors([FieldMissing("", context.place(1), says="the file holds no message that can be read")])
    statements = StatementReader(context)
    payments = PaymentReader(context)
    unbooked: list[Unbooked] = []
    for number, message in enumerate(messages, 1):
        kind = message.kind or _kind_of(message)
        if message.training:
            unbooked += _training(context, message, number)
        elif kind in BOOKED:
            statements.read(message, number, BOOKED[kind])
        elif kind in PAYMENTS or kind in ADVICES:
            payments.read(message, number, kind)
        elif kind[1:2] == "9":
            unbooked.append(_moves_nothing(context, message, number, kind))
        else:
            _refuse(context, message, kind)
    _compare_rows(context, text, messages)
    context.say_counted()
    context.events = with_returns(statements.entries)
    context.unbooked += (*payments.unbooked, *unbooked)
    reading = context.reading(name)
    records, broken = (*reading.records, *payments.records), reading.broken | payments.broken
    return replace(reading, records=records, broken=broken)


def _compare_rows(context: Context, text: str, messages: Sequence[Message]) -> None:
    """Remark where the text holds `:61:` inside a line: a row whose line break was lost would hide there."""
    begun = {each.row for message in messages for each in message.all("61")}
    if text.count(":61:") == len(begun):
        return
    context.page = ""
    for row, line in enumerate(text.split("\n"), 1):
        if line.count(":61:") > (row in begun):
            says = "holds :61: inside a line, perhaps a row whose line break was lost; it is read as text"
            context.remark_once("inside", FieldWrong(shortened(line), says=says), row, "61")


def _refuse(context: Context, message: Message, kind: str) -> None:
    says = "is not a message of SWIFT that is read"
    remedy = "Give statements (MT940, MT942, MT950), payments (MT103, MT202) or advices (MT900, MT910)."
    if kind == ADVICE:
        says = "stands without block 2, which says whether money came or went"
        remedy = "Obtain the message with its blocks; nothing is assumed in their place."
    context.page = ""
    context.report(MessageNotRead(f"MT{kind}", says=says, remedy=remedy), message.row)


def _kind_of(message: Message) -> str:
    """What a message without blocks is, by its fields. An advice is not known so: nothing says which way it goes."""
    tags = {each.tag for each in message.fields}
    if "32A" in tags and not tags & {"25", "25P"}:
        return "202" if tags & {"58A", "58D"} else "103"
    if "32A" in tags:
        return ADVICE
    return "942" if tags & {"34F", "13D", "90C", "90D"} and not tags & {"60F", "60M", "62F", "62M"} else "940"


def _training(context: Context, message: Message, number: int) -> list[Unbooked]:
    reason = "it stands in a training message ({TNG:}), which moves nothing"
    rows = list(message.all("61", "32A")) or message.fields[:1]
    id = f"{context.source.sha256[:12]}:{number}"
    return [
        Unbooked(context.pointer(row.row), f"{id}:{position}", "", "", row.text, reason)
        for position, row in enumerate(rows, 1)
    ]


def _moves_nothing(context: Context, message: Message, number: int, kind: str) -> Unbooked:
    id = f"{context.source.sha256[:12]}:{number}"
    return Unbooked(context.pointer(message.row), id, "", "", f"MT{kind}", f"an MT{kind} moves nothing by itself")
