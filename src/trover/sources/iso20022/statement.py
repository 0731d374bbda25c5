"""Statements, reports and notifications (camt.053, .052, .054): accounts, balances, and entries in printed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trover.errors import FieldWrong
from trover.sources.amounts import Money
from trover.sources.iso20022.element import CREDIT, DEBIT, Context, timed
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
        self.broken: set[str] = set()

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

    def _statement(self, element: Element, number: int, use_times: bool) -> None:
        context = self.context
        account = element.find("Acct")
        own = number_of(account)
        if account is None or not own:
            context.missing(element, "Acct/Id", "the account has no number")
            return
        if not context.usable(own, account, "Acct/Id"):
            return
        entries = list(element.iterfind("Ntry"))
        amounts = [context.money(entry.find("Amt"), entry, "Amt") for entry in entries]
        balances = self._balances(element)
        stated = text_of(account, "Ccy")
        printed = [*balances, *(amount.currency for amount in amounts if amount)]
        main = stated or next(iter(printed), "") or next((b.get("Ccy", "") for b in element.iterfind("Bal/Amt")), "")
        if not main:
            if not any(amount is None for amount in amounts):
                context.missing(account, "Ccy", "the currency of the account is stated nowhere")
            return
        owns: dict[str, Own] = {}
        for currency in dict.fromkeys(printed or [main]):
            id = f"{context.source.sha256[:12]}:{number}" + (f":{currency}" if currency != main else "")
            owns[currency] = context.own(id, own, currency, main)
            self._declare(element, account, owns[currency], balances.get(currency, {}))
        self._entries(entries, amounts, owns, number, use_times)
        self._totals(element, entries, amounts)

    def _totals(self, element: Element, entries: list[Element], amounts: list[Money | None]) -> None:
        read = [(amount, text_of(entry, "CdtDbtInd")) for entry, amount in zip(entries, amounts, strict=True) if amount]
        for path, sides in (("TtlNtries", (CREDIT, DEBIT)), ("TtlCdtNtries", (CREDIT,)), ("TtlDbtNtries", (DEBIT,))):
            own = [amount for amount, side in read if side in sides]
            compare_totals(self.context, element, f"TxsSummry/{path}", own)

    def _declare(self, element: Element, account: Element, own: Own, stated: dict[str, Balance]) -> None:
        context = self.context
        opening, closing = _first(stated, OPENING), _first(stated, CLOSING)
        period = element.find("FrToDt")
        start = opening.day if opening and opening.day else _day(context, period, "FrDtTm", "FrDt")
        end = closing.day if closing and closing.day else _day(context, period, "ToDtTm", "ToDt")
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

    def _balances(self, element: Element) -> dict[str, dict[str, Balance]]:
        """Currency -> code -> booked balance. Available, interim and forward balances are not booked ones."""
        context = self.context
        found: defaultdict[str, dict[str, Balance]] = defaultdict(dict)
        for each in element.iterfind("Bal"):
            code = text_of(each, "Tp/CdOrPrtry/Cd", "Tp/Cd")
            if code not in (*OPENING, *CLOSING):
                continue
            amount = context.money(each.find("Amt"), each, "Bal/Amt")
            credit = context.credit(each)
            if amount is None or credit is None:
                continue
            day = context.day(each.find("Dt"), "Bal/Dt")
            balance = Balance(amount.minor if credit else -amount.minor, day.date() if day else None, code)
            known = found[amount.currency].setdefault(code, balance)
            if known.minor != balance.minor:
                says = f"is a second balance {code} of this statement, with another amount"
                context.report(FieldWrong(str(amount), says=says), each, "Bal/Amt")
        return dict(found)

    def _entries(
        self, entries: list[Element], amounts: list[Money | None], owns: dict[str, Own], number: int, use_times: bool
    ) -> None:
        context = self.context
        for position, (element, amount) in enumerate(zip(entries, amounts, strict=True), 1):
            context.seq += 1
            id = f"{context.source.sha256[:12]}:{number}:{position}"
            if amount is None:
                self.broken.add(id)
                continue
            own, entry = owns[amount.currency], Node(element)
            if reason := not_booked(entry, amount):
                shown = f"{amount} {text_of(entry, 'CdtDbtInd')}".strip()
                context.unbooked.append(Unbooked(context.pointer(entry), id, own.statement, own.account, shown, reason))
                continue
            read = read_entry(context, entry, amount, own, id, context.seq, use_times)
            if read is None:
                self.broken.add(id)
            else:
                self.entries.append(read)


def _first(stated: dict[str, Balance], codes: Iterable[str]) -> Balance | None:
    return next((stated[code] for code in codes if code in stated), None)


def _day(context: Context, period: Element | None, *names: str) -> date | None:
    found = None if period is None else next((e for name in names if (e := period.find(name)) is not None), None)
    day = context.day(found, "FrToDt")
    return day.date() if day else None
