"""One transaction of a statement (STMTTRN) to one event: time, amount, counterparty, references, note."""

from __future__ import annotations

from trover.errors import DateUnreadable, FieldMissing, FieldWrong
from trover.sources.ofx.context import Context
from trover.sources.ofx.markup import Node
from trover.sources.ofx.values import Stamp, stamp_of
from trover.sources.parties import Party
from trover.sources.record import INTEREST, EventRecord
from trover.sources.row_book import Movement, Own, with_balance
from trover.sources.rows import account_id
from trover.sources.text import joined

_REFERENCES = {"CHECKNUM": "cheque", "REFNUM": "reference", "SRVRTID": "server id"}
_DATES = {"DTUSER": "initiated", "DTAVAIL": "available", "VALUEDATE": "value date"}
_AMONG_FIRST = frozenset(("DTPOSTED", "TRNAMT", "NAME", "MEMO", "CORRECTFITID", "CORRECTACTION"))
_CREDITS, _DEBITS = ("CREDIT", "C", "IN"), ("DEBIT", "D", "OUT")
"""Types that say in which direction money goes; the short ones are not OFX, and banks print them."""
BALANCE = "ACCTBAL"
"""The balance after the row, which some banks print; OFX itself has no such element."""


def currency_of(node: Node, default: str) -> str:
    """The currency that the amounts of `node` are in: CURRENCY says that they were not converted."""
    stated = node.find("CURRENCY")
    return (stated.get("CURSYM") if stated else node.get("CURRENCY")) or default


def read_transaction(context: Context, node: Node, own: Own, id: str, use_times: bool) -> EventRecord | None:
    """The event of one booked transaction; None where it is not booked, or after a problem."""
    before = len(context.found)
    context.check_texts(node)
    stamp = stamp_at(context, node, "DTPOSTED")
    signed = context.money(node, "TRNAMT", own.currency)
    if signed:
        _check_sign(context, node, signed)
    balance = context.money(node, BALANCE, own.currency) if node.get(BALANCE) else None
    if context.break_row(node.row, id, own, before) or signed is None or stamp is None:
        return None
    if not signed:
        context.leave(node.row, id, own, node.get("TRNAMT"), "its amount is zero")
        return None
    event = context.book(_movement(node, own, id, stamp, signed, use_times), own, "NAME")
    if event is None or balance is None:
        return event
    context.events[-1] = with_balance(event, balance, node.get(BALANCE), own)
    return context.events[-1]


def _check_sign(context: Context, node: Node, signed: int) -> None:
    """Some banks print amounts without a sign, or with that of the other side: a type that contradicts is no proof."""
    kind = node.get("TRNTYPE").upper()
    if kind in (_CREDITS if signed < 0 else _DEBITS):
        says = f"has another sign than a row of the type {kind} has"
        context.report(FieldWrong(node.get("TRNAMT"), says=says), node.row, "TRNAMT")


def stamp_at(context: Context, node: Node, tag: str) -> Stamp | None:
    """The date of element `tag`; None after a problem."""
    text = node.get(tag)
    if not text:
        context.report(FieldMissing(tag), node.row, tag)
        return None
    try:
        return stamp_of(text)
    except DateUnreadable as problem:
        context.report(problem, node.row, tag)
        return None


def _movement(node: Node, own: Own, id: str, stamp: Stamp, signed: int, use_times: bool) -> Movement:
    party = _party(node, own)
    return Movement(
        id=id,
        row=node.row,
        time=stamp.moment.time if use_times else stamp.day,
        time_text=node.get("DTPOSTED"),
        signed=signed,
        party=party,
        note=_note(node, party, stamp),
        kind=INTEREST if signed > 0 and node.get("TRNTYPE").upper() == "INT" else "",
        references=_references(node),
    )


def _party(node: Node, own: Own) -> Party:
    """The account that the transfer names, unless it is the own one; and the payee's name."""
    if not node.children:
        return Party("", node.get("NAME") or node.get("PAYEE") or node.get("EXTDNAME"))
    payee = node.find("PAYEE")
    name = node.get("NAME") or (payee.get("NAME") if payee else node.get("PAYEE")) or node.get("EXTDNAME")
    target = node.find("BANKACCTTO", "CCACCTTO")
    number = account_id(target.get("ACCTID")) if target else ""
    return Party("" if number in (own.number, own.account) else number, name)


def _references(node: Node) -> tuple[str, ...]:
    """The numbers that are given; zeros stand for none."""
    values = node.values
    return tuple([values[tag] for tag in _REFERENCES if tag in values and values[tag].strip("0")])


def _note(node: Node, party: Party, stamp: Stamp) -> str:
    """Everything beside amount and party that a reader of the statement sees, in a fixed order."""
    parts = [node.get("MEMO"), party.name]
    later: list[str] = []
    for tag, value in node.values.items():
        if not value or tag in _AMONG_FIRST:
            continue
        if tag in _REFERENCES:
            parts.append(f"{_REFERENCES[tag]} {value}" if value.strip("0") else "")
        elif tag in _DATES:
            later.append(_date(tag, value, stamp))
        else:
            later.append(f"{tag} {value}")
    parts += later
    parts += [_shown(child) for child in node.children]
    if action := node.get("CORRECTACTION"):
        parts.append(f"correction ({action}) of FITID {node.get('CORRECTFITID')}")
    return joined(parts)


def _date(tag: str, text: str, stamp: Stamp) -> str:
    """A further date, where its day is not the day of booking."""
    try:
        same = stamp_of(text).day == stamp.day
    except DateUnreadable:
        same = False
    return "" if same else f"{_DATES[tag]} {text}"


def _shown(child: Node) -> str:
    """What an aggregate inside a transaction says, in words where it is a currency."""
    if child.tag in ("CURRENCY", "ORIGCURRENCY"):
        word = "in" if child.tag == "CURRENCY" else "converted from"
        return f"{word} {child.get('CURSYM')} at rate {child.get('CURRATE')}"
    values = [node_value for tag in child.values if (node_value := child.get(tag))]
    inner = [_shown(each) for each in child.children]
    return f"{child.tag} {', '.join(filter(None, (*values, *inner)))}".strip()
