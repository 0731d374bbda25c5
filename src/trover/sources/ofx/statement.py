"""Statements of bank, card and investment accounts: accounts, balances, and rows in printed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trover.errors import DuplicateId, FieldMissing, Problem, TotalContradicted, UnknownField, UnknownTransfer
from trover.sources.ofx.context import Context
from trover.sources.ofx.investment import CASH, NOTHING, Trade, read_trade, trade_of
from trover.sources.ofx.markup import Node
from trover.sources.ofx.transaction import currency_of, read_transaction
from trover.sources.ofx.values import Stamp, minor_of, stamp_of, timed
from trover.sources.record import EventRecord, StatementRecord
from trover.sources.row_book import Own
from trover.sources.rows import account_id

STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")
_LISTS = ("BANKTRANLIST", "INVTRANLIST")
_PENDING = "BANKTRANLISTP"
_OF_LAST_DAY = "Obtain a statement whose balance is of its last day."


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is booked, or looks so: a transaction, or a trade of an investment account."""

    node: Node
    trade: Trade | None
    currency: str


class StatementReader:
    """Every statement of one file, kept apart by account and by currency."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.fitids: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)

    def read(self, nodes: list[Node]) -> None:
        names = _names(nodes)
        rows = [self._rows(node) for node in nodes]
        use_times = timed(row.node.get("DTPOSTED") for each in rows for row in each if not row.trade)
        for number, (node, own_rows) in enumerate(zip(nodes, rows, strict=True), 1):
            self._statement(node, own_rows, names, number, use_times)
        self._repeated()

    def _rows(self, statement: Node) -> list[_Row]:
        default = statement.get("CURDEF")
        return [_row(node, default) for transactions in lists_of(statement) for node in transactions.children]

    def _statement(
        self, node: Node, rows: list[_Row], names: dict[tuple[str, ...], str], number: int, use_times: bool
    ) -> None:
        context = self.context
        account = node.find(*_ACCOUNTS)
        own = names.get(_key(account)) if account else ""
        if not own:
            context.report(FieldMissing("", says="the account has no number (ACCTID)"), (account or node).row, "ACCTID")
            return
        if not context.usable(own, (account or node).row, "ACCTID"):
            return
        currencies = dict.fromkeys(row.currency for row in rows if row.currency)
        main = node.get("CURDEF") or next(iter(currencies), "")
        if not main:
            context.report(FieldMissing("", says="the currency (CURDEF) is stated nowhere"), node.row, "CURDEF")
            return
        before = len(context.found)
        owns = {currency: self._own(own, currency, main, number, node) for currency in {main: None} | currencies}
        if len(context.found) > before:
            return
        last, end = self._declare(node, owns, main)
        self._read_rows(rows, owns, main, number, use_times)
        self._pending(node, owns[main], number, len(rows))
        if last is not None:
            self._balance_of_its_day(node, owns[main], last, end)

    def _own(self, number: str, currency: str, main: str, position: int, node: Node) -> Own:
        """The pocket of an account in one currency; the account itself is in its first one."""
        try:
            minor_of("0", currency)
        except Problem as problem:
            self.context.report(problem, node.row, "CURDEF")
        id = f"{self.context.source.sha256[:12]}:{position}" + (f":{currency}" if currency != main else "")
        return self.context.own(id, number, currency, main)

    def _declare(self, node: Node, owns: dict[str, Own], main: str) -> tuple[Stamp | None, Stamp | None]:
        """One statement a currency; the printed balance is of the first. Returns its day, and the last day of rows."""
        transactions = next(iter(lists_of(node)), node)
        start, end = self._day(transactions, "DTSTART"), self._day(transactions, "DTEND")
        closing, last = self._closing(node, owns[main])
        for currency, own in owns.items():
            is_main = currency == main
            record = StatementRecord(
                pointer=self.context.pointer(node.row),
                id=own.statement,
                account=own.account,
                currency=currency,
                closing=closing if is_main else None,
                start=start.day.date() if start else None,
                end=_end(last if is_main else None, end),
            )
            self.context.declare(record)
        return (last if closing is not None else None), end

    def _closing(self, node: Node, own: Own) -> tuple[int | None, Stamp | None]:
        """The booked balance (LEDGERBAL) and its day. A balance that is left empty is none."""
        balance = node.find("LEDGERBAL")
        if balance is None or not balance.get("BALAMT"):
            return None, None
        before = len(self.context.found)
        self.context.check_texts(balance)
        minor = self.context.money(balance, "BALAMT", own.currency)
        if self.context.break_row(balance.row, f"{own.statement}:LEDGERBAL", own, before):
            return None, None
        last = self._day(balance, "DTASOF")
        if last is None:
            says = "is a balance whose day (DTASOF) is not known: it is not compared with the rows"
            problem = TotalContradicted(balance.get("BALAMT"), says=says, remedy=_OF_LAST_DAY)
            self.context.remark(problem, balance.row, "BALAMT")
            return None, None
        return minor, last

    def _day(self, node: Node, tag: str) -> Stamp | None:
        text = node.get(tag)
        if not text:
            return None
        try:
            return stamp_of(text)
        except Problem as problem:
            self.context.remark(problem, node.row, tag)
            return None

    def _balance_of_its_day(self, node: Node, own: Own, last: Stamp, end: Stamp | None) -> None:
        """A balance neither of the last day nor of the day after is not that after the rows: it is not compared."""
        own_events = [event for event in self.context.events if event.statement == own.statement]
        after = [event for event in own_events if stamp_of(event.time_text).day > last.day]
        if after:
            why = f"{len(after)} rows are later"
        elif end is not None and last.day > end.day + timedelta(days=1):
            why = f"the rows end on {end.day.date()}"
        else:
            return
        balance = node.find("LEDGERBAL") or node
        says = f"is the balance of {last.day.date()}, and {why}: it is not compared with them"
        problem = TotalContradicted(balance.get("BALAMT"), says=says, remedy=_OF_LAST_DAY)
        self.context.remark(problem, balance.row, "BALAMT")
        self.context.statements[:] = [
            replace(record, closing=None, end=_end(None, end)) if record.id == own.statement else record
            for record in self.context.statements
        ]

    def _read_rows(self, rows: list[_Row], owns: dict[str, Own], main: str, number: int, use_times: bool) -> None:
        context = self.context
        corrections = _corrections(rows)
        self._corrected_elsewhere(rows, corrections)
        for position, row in enumerate(rows, 1):
            id = f"{context.source.sha256[:12]}:{number}:{position}"
            own = owns[row.currency or main]
            event: EventRecord | None = None
            if row.trade and row.trade.kind not in (*CASH, *NOTHING):
                before = len(context.found)
                context.report(UnknownField(row.trade.kind, says="is no row of OFX that is known"), row.node.row)
                context.break_row(row.node.row, id, own, before)
            elif row.trade:
                event = read_trade(context, row.trade, own, id)
            elif reason := _not_booked(row.node, corrections):
                context.leave(row.node.row, id, own, row.node.get("TRNAMT"), reason)
            else:
                event = read_transaction(context, row.node, own, id, use_times)
            if event is not None and (fitid := (row.trade.head if row.trade else row.node).get("FITID")):
                self.fitids[own.account, fitid].append(row.node)

    def _corrected_elsewhere(self, rows: list[_Row], corrections: dict[str, Node]) -> None:
        """A correction of a row that stands in another file: both may count."""
        here = {row.node.get("FITID") for row in rows if row.trade is None}
        for fitid, node in corrections.items():
            if fitid not in here:
                says = "is corrected by this row, and the row it names is not in this statement: both may count"
                remedy = "Look for the row in an earlier statement, and record what it was as a finding."
                self.context.remark(UnknownTransfer(fitid, says=says, remedy=remedy), node.row, "CORRECTFITID")

    def _pending(self, node: Node, own: Own, number: int, booked: int) -> None:
        for child in node.children:
            for position, row in enumerate(child.children if child.tag == _PENDING else (), booked + 1):
                id = f"{self.context.source.sha256[:12]}:{number}:{position}"
                self.context.leave(row.row, id, own, row.get("TRNAMT"), "the bank reports it as pending")

    def _repeated(self) -> None:
        """An id of the bank (FITID) is given once in an account: rows that share one may be one row printed twice."""
        for (account, fitid), rows in self.fitids.items():
            if len(rows) > 1:
                says = f"stands on {len(rows)} rows of account {account}, though a bank gives it once"
                remedy = "Compare the rows: one movement may have been printed twice. All of them were read."
                self.context.remark(DuplicateId(fitid, says=says, remedy=remedy), rows[1].row, "FITID")


def lists_of(statement: Node) -> Iterator[Node]:
    return (child for child in statement.children if child.tag in _LISTS)


def transaction_in(node: Node) -> Node | None:
    """The plain transaction that a child of a list is, or holds (INVBANKTRAN); None for a trade."""
    return node if node.tag == "STMTTRN" else node.find("STMTTRN") if node.tag == "INVBANKTRAN" else None


def _row(node: Node, default: str) -> _Row:
    plain = transaction_in(node)
    if plain is not None:
        return _Row(plain, None, currency_of(plain, default))
    trade = trade_of(node)
    return _Row(node, trade, trade.currency or default)


def _corrections(rows: Iterable[_Row]) -> dict[str, Node]:
    """FITID of a transaction that another one corrects -> the transaction that corrects it."""
    found: dict[str, Node] = {}
    for row in rows:
        if row.trade is None and row.node.get("CORRECTACTION") and row.node.get("CORRECTFITID"):
            found[row.node.get("CORRECTFITID")] = row.node
    return found


def _not_booked(node: Node, corrections: dict[str, Node]) -> str:
    """Why a transaction moves nothing; empty where it does."""
    by = corrections.get(node.get("FITID"))
    if by is not None and by is not node:
        word = "replaces" if by.get("CORRECTACTION").upper() == "REPLACE" else "deletes"
        return f"the bank {word} it by FITID {by.get('FITID')}"
    if node.get("CORRECTACTION").upper() == "DELETE":
        return f"it deletes FITID {node.get('CORRECTFITID')}"
    return "the bank holds the amount and has not booked it" if node.get("TRNTYPE").upper() == "HOLD" else ""


def _end(last: Stamp | None, end: Stamp | None) -> date | None:
    stamp = last or end
    return stamp.day.date() if stamp else None


def _key(account: Node) -> tuple[str, ...]:
    """Number, bank (or broker) and type of an account."""
    return (
        account_id(account.get("ACCTID")),
        account.get("BANKID") or account.get("BROKERID"),
        account.get("ACCTTYPE"),
    )


def _names(statements: Iterable[Node]) -> dict[tuple[str, ...], str]:
    """Number, bank and type -> id: the number; with bank and type where several accounts of the file have it."""
    keys = dict.fromkeys(_key(account) for node in statements if (account := node.find(*_ACCOUNTS)))
    same: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in keys:
        same[key[0]].append(key)
    return {key: key[0] if len(same[key[0]]) == 1 or not key[0] else " ".join(filter(None, key)) for key in keys}
