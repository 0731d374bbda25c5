"""Statements, reports and notifications (camt.053, .052, .054): accounts, balances, and entries in printed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trover.errors import FieldWrong, UnknownCurrency
from trover.sources.amounts import Money
from trover.sources.currency import MINOR_UNITS
from trover.sources.iso20022.element import CREDIT, DEBIT, Context, currency_of, timed
from trover.sources.iso20022.entry import BOOKED, booking_text, not_booked, read_entry, status_of
from trover.sources.iso20022.node import Node
from trover.sources.iso20022.party import account_of as number_of
from trover.sources.iso20022.totals import compare_totals
from trover.sources.record import StatementRecord, Unbooked
from trover.sources.row_book import Own
from trover.sources.statements import Entry, with_returns
from trover.sources.xml_safe import Element, text_of

KINDS = {"Stmt": True, "Rpt": False, "Ntfctn": False}
"""Element of one account -> whether its entries are booked for good: a statement; a report or a notification."""
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


@dataclass(frozen=True, slots=True)
class Balance:
    """A booked balance: minor units with sign, and its day."""

    minor: int
    day: date | None
    code: str


class StatementReader:
    """Every statement of one message, kept apart by account and by currency."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entries: list[Entry] = []

    def read(self, message: Element) -> None:
        found = [element for element in message if element.tag in KINDS]
        if not found:
            self.context.missing(message, "Stmt", "the message holds no statement, report or notification")
        use_times = timed([booking_text(e) for s in found for e in s.iterfind("Ntry") if status_of(e) == BOOKED])
        for number, element in enumerate(found, 1):
            self.context.page = text_of(element, "Id")
            self._statement(element, number, use_times)
        self.context.page = ""
        self.context.events = with_returns(self.entries)

    def _statement(self, element: Element, position: int, use_times: bool) -> None:
        context = self.context
        account = element.find("Acct")
        number, id = number_of(account), f"{context.source.sha256[:12]}:{position}"
        if account is None or not number:
            context.missing(element, "Acct/Id", "the account has no number")
            return
        owns = self._owns(element, account, number, id) if context.usable(number, account, "Acct/Id") else {}
        if not owns:
            return
        balances = self._balances(element, owns)
        for currency, own in owns.items():
            self._declare(element, account, own, balances.get(currency, {}))
        entries = list(element.iterfind("Ntry"))
        amounts = [self._entry(each, owns, f"{id}:{row}", use_times) for row, each in enumerate(entries, 1)]
        sides = [text_of(each, "CdtDbtInd") for each in entries]
        for path, side in (("TtlNtries", ""), ("TtlCdtNtries", CREDIT), ("TtlDbtNtries", DEBIT)):
            counted = [amount for amount, each in zip(amounts, sides, strict=True) if side in ("", each)]
            compare_totals(context, element, f"TxsSummry/{path}", counted)

    def _owns(self, element: Element, account: Element, number: str, id: str) -> dict[str, Own]:
        """Currency -> the account in it, one for each that is printed; empty where not even one is known."""
        context = self.context
        amounts = [each.find("Amt") for each in (*_booked(element), *element.iterfind("Ntry"))]
        printed = dict.fromkeys(filter(None, map(currency_of, amounts)))
        stated = [each.get("Ccy", "") for each in (*amounts, *element.iterfind("Bal/Amt")) if each is not None]
        main = next(filter(None, (text_of(account, "Ccy"), *printed, *stated)), "")
        if not main:
            context.missing(account, "Ccy", "the currency of the account is stated nowhere")
            return {}
        if not printed and main not in MINOR_UNITS:
            context.report(UnknownCurrency(main), account, "Ccy")
            return {}
        return {
            currency: context.own(id if currency == main else f"{id}:{currency}", number, currency, main)
            for currency in printed or [main]
        }

    def _declare(self, element: Element, account: Element, own: Own, stated: dict[str, Balance]) -> None:
        context = self.context
        opening, closing = _first(stated, OPENING), _first(stated, CLOSING)
        period = element.find("FrToDt")
        before = len(context.found)
        start = opening.day if opening and opening.day else _day(context, period, "FrDtTm", "FrDt")
        end = closing.day if closing and closing.day else _day(context, period, "ToDtTm", "ToDt")
        context.break_row(period, f"{own.statement}:FrToDt", own, before)
        statement = StatementRecord(
            pointer=context.pointer(element),
            id=own.statement,
            account=own.account,
            currency=own.currency,
            opening=opening.minor if opening else None,
            closing=closing.minor if closing else None,
            start=start,
            end=end,
            number=text_of(element, "ElctrncSeqNb", "LglSeqNb"),
            booked=KINDS[element.tag],
        )
        context.declare(statement, text_of(account, "Ownr/Nm", "Ownr/Pty/Nm", "Nm"))

    def _balances(self, element: Element, owns: dict[str, Own]) -> dict[str, dict[str, Balance]]:
        """Currency -> code -> booked balance. What cannot be read, or contradicts it, fails the statement."""
        context = self.context
        found: defaultdict[str, dict[str, Balance]] = defaultdict(dict)
        for each in _booked(element):
            before, code = len(context.found), _code(each)
            amount = context.money(each.find("Amt"), each, "Bal/Amt")
            credit = context.credit(each)
            day = context.day(each.find("Dt"), "Bal/Dt")
            if amount is not None and credit is not None:
                balance = Balance(amount.minor if credit else -amount.minor, day.date() if day else None, code)
                known = found[amount.currency].setdefault(code, balance)
                if known.minor != balance.minor:
                    says = f"is a second balance {code} of this statement, with another amount"
                    context.report(FieldWrong(str(amount), says=says), each, "Bal/Amt")
            if own := _own_of(each, owns):
                context.break_row(each, f"{own.statement}:{code}", own, before)
        return found

    def _entry(self, element: Element, owns: dict[str, Own], id: str, use_times: bool) -> Money | None:
        """The amount of an entry, which is booked, left or broken; None where it cannot be read."""
        context = self.context
        before = len(context.found)
        context.seq += 1
        context.report_too_long(element)
        entry, own = Node(element), _own_of(element, owns)
        amount = context.money(entry.find("Amt"), entry, "Amt")
        if own is None:
            return None
        reason = not_booked(entry, amount)
        read = None if reason else read_entry(context, entry, amount, own, id, use_times)
        if context.break_row(entry, id, own, before):
            return amount
        if reason:
            shown = f"{amount} {text_of(entry, 'CdtDbtInd')}".strip()
            context.unbooked.append(Unbooked(context.pointer(entry), id, own.statement, own.account, shown, reason))
        elif read is not None:
            self.entries.append(read)
        return amount


def _code(balance: Element) -> str:
    return text_of(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")


def _booked(statement: Element) -> list[Element]:
    """The booked balances. Available, interim and forward balances are none."""
    return [each for each in statement.iterfind("Bal") if _code(each) in (*OPENING, *CLOSING)]


def _own_of(row: Element, owns: dict[str, Own]) -> Own | None:
    """The account of an entry or a balance: that of its currency.

    Where it states none that is known, the only one that there is; of several accounts, nobody knows which.
    """
    return owns.get(currency_of(row.find("Amt"))) or (next(iter(owns.values())) if len(owns) == 1 else None)


def _first(stated: dict[str, Balance], codes: Iterable[str]) -> Balance | None:
    return next((stated[code] for code in codes if code in stated), None)


def _day(context: Context, period: Element | None, *names: str) -> date | None:
    found = None if period is None else next((e for name in names if (e := period.find(name)) is not None), None)
    day = context.day(found, "FrToDt")
    return day.date() if day else None
