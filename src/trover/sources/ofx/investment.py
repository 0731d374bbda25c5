"""Investment statements: cash that moves enters the ledger; what moves securities only is listed with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from trover.errors import FieldWrong
from trover.sources.ofx.context import Context
from trover.sources.ofx.markup import Node
from trover.sources.ofx.transaction import stamp_at
from trover.sources.parties import Party
from trover.sources.record import INTEREST, EventRecord
from trover.sources.row_book import Movement, Own
from trover.sources.text import joined

_IN = ("SELLDEBT", "SELLMF", "SELLOPT", "SELLOTHER", "SELLSTOCK", "INCOME", "RETOFCAP")
_OUT = ("BUYDEBT", "BUYMF", "BUYOPT", "BUYOTHER", "BUYSTOCK", "INVEXPENSE", "MARGININTEREST")
CASH = (*_IN, *_OUT)
"""Trades and incomes whose TOTAL moves cash of the account."""
NOTHING = {
    "REINVEST": "income is reinvested, no cash moves",
    "TRANSFER": "securities are transferred, no cash moves",
    "SPLIT": "a security is split, no cash moves",
    "JRNLFUND": "cash moves between two parts of one account",
    "JRNLSEC": "securities move between two parts of one account",
    "CLOSUREOPT": "an option is closed, no cash moves",
}
_ELSEWHERE = "OTHER"
"""The part of an account (SUBACCTFUND) that is none of its cash: contributions go through it to a fund at once."""
_CHARGES = ("COMMISSION", "FEES", "LOAD", "TAXES", "WITHHOLDING", "PENALTY")


@dataclass(frozen=True, slots=True)
class Trade:
    """An investment transaction: its aggregate, and the parts of it that say when, what and how much."""

    kind: str
    node: Node
    body: Node
    """Where TOTAL stands: INVBUY, INVSELL, or the aggregate itself."""
    head: Node
    """Where date and FITID stand."""

    @property
    def currency(self) -> str:
        stated = self.body.find("CURRENCY") or self.node.find("CURRENCY")
        return stated.get("CURSYM") if stated else ""


def trade_of(node: Node) -> Trade:
    body = node.find("INVBUY", "INVSELL") or node
    return Trade(node.tag, node, body, body.find("INVTRAN") or node)


def read_trade(context: Context, trade: Trade, own: Own, id: str) -> EventRecord | None:
    """The event of a trade or an income that moves cash; None where none moves, or after a problem."""
    node, body = trade.node, trade.body
    fund = body.get("SUBACCTFUND").upper()
    reason = NOTHING.get(trade.kind, "")
    if not reason and fund == _ELSEWHERE:
        reason = "a security is paid through no cash of this account (SUBACCTFUND OTHER)"
    if reason:
        context.leave(node.row, id, own, body.get("TOTAL"), reason)
        return None
    before = len(context.found)
    for part in (body, trade.head) if trade.head is not body else (body,):
        context.check_texts(part)
    stamp = stamp_at(context, trade.head, "DTTRADE")
    signed = context.money(body, "TOTAL", own.currency)
    if signed:
        _check_sign(context, trade, signed)
    if len(context.found) == before and signed == 0:
        context.leave(node.row, id, own, body.get("TOTAL"), "its amount is zero")
        return None
    if context.break_row(node.row, id, own, before) or not signed or not stamp:
        return None
    party = _security(body)
    movement = Movement(
        id=id,
        row=node.row,
        time=stamp.day,
        time_text=trade.head.get("DTTRADE"),
        signed=signed,
        party=party,
        note=_note(trade, party),
        kind=INTEREST if signed > 0 and body.get("INCOMETYPE").upper() == "INTEREST" else "",
    )
    return context.book(movement, own, "SECID")


def _check_sign(context: Context, trade: Trade, signed: int) -> None:
    """A trade goes the way its kind says; an expense with a positive total does not say whether it is given back."""
    if (signed > 0) != (trade.kind in _IN):
        says = f"has another sign than the cash of {trade.kind} has"
        context.report(FieldWrong(trade.body.get("TOTAL"), says=says), trade.body.row, "TOTAL")


def _security(body: Node) -> Party:
    """The security that is bought, sold or bears the income, by the number it goes by."""
    security = body.find("SECID")
    if security is None:
        return Party()
    return Party("", "", f"{security.get('UNIQUEIDTYPE')} {security.get('UNIQUEID')}".strip())


def _note(trade: Trade, party: Party) -> str:
    head, body = trade.head, trade.body
    words = [head.get("MEMO"), trade.kind, party.identification]
    if units := body.get("UNITS"):
        words.append(f"{units} units at {body.get('UNITPRICE')}")
    words += [f"{tag.lower()} {value}" for tag in _CHARGES if (value := body.get(tag)).strip("+-0.,")]
    words += [f"FITID {head.get('FITID')}" if head.get("FITID") else ""]
    words += [f"settled {head.get('DTSETTLE')}" if head.get("DTSETTLE") else ""]
    words += [f"{tag} {value}" for tag in ("INCOMETYPE", "SUBACCTFUND") if (value := body.get(tag))]
    return joined(words)
