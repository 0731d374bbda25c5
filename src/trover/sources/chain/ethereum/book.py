"""Movements of Ethereum to records: an account for each address and token, an event for each movement.

The sender pays for gas in the event of the transaction, last, to FEE:<hash>; where the file has no receipts that fee
is left for other files to state (`ledger.ethereum`). What moves nothing is kept and counted.
A row that cannot be read is a broken row of a statement of its own; the others are not touched by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from trover.errors import DuplicateId, Problem
from trover.sources.chain.ethereum.row import Row
from trover.sources.chain.ethereum.transfer import (
    BLOCKS,
    CALL,
    ETHER,
    FAILED,
    GENESIS,
    LOGS,
    NOBODY,
    REWARD,
    TOKEN,
    TRANSACTIONS,
    UNSTATED,
    VALUED,
    WITHDRAWAL,
    WITHOUT_FEE,
    WITHOUT_RECEIPT,
    Transfer,
    account_id,
    path_of,
)
from trover.sources.currency import token_currency
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.record import (
    NOT_STATED,
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    Pointer,
    StatementRecord,
    Unbooked,
)

_PROVES = {VALUED: "valued flows", WITHOUT_FEE: "answers without fees", WITHOUT_RECEIPT: "answers without receipts"}
_NAMES = {VALUED: "valued flows", WITHOUT_FEE: "without fees", WITHOUT_RECEIPT: "without receipts"}
VALUES = "USD"
"""The currency of valued flows."""
_OUTSIDE = {WITHDRAWAL: "EXT:WITHDRAWAL", REWARD: "EXT:REWARD", GENESIS: "EXT:GENESIS"}


@dataclass
class EthereumBook:
    """The movements of one file, what moves nothing, and what is wrong with some rows.

    `stated`: what other files of a case need, see `Reading.stated`.
    """

    source: SourceFile
    main: str = ""
    """The kind of all rows, where they have one that stands on a statement of its own."""
    transfers: list[Transfer] = field(default_factory=list)
    unbooked: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def statement(self, kind: str = "") -> str:
        """The statement on which rows of this kind stand."""
        return f"{self.source.sha256[:12]}:{_NAMES.get(kind) or _NAMES.get(self.main, 'rows')}"

    def leave(self, pointer: Pointer, id: str, amount: str, reason: str) -> None:
        self.unbooked.append(Unbooked(pointer, id, self.statement(), "", amount, reason))

    def fail(self, row: Row, id: str = "") -> None:
        """A row with something wrong in it is kept for itself."""
        number = f"{row.pointer.page}:{row.pointer.row}" if row.pointer.page else str(row.pointer.row)
        own = f"{self.source.sha256[:12]}:row {number}"
        self.broken.append(BrokenRow(row.pointer, id or own, "", own, tuple(row.problems)))

    def reading(self, format: str) -> Reading:
        made = _Records(self)
        for transfer in _in_order(self.transfers):
            made.add(transfer)
        statements = [
            StatementRecord(
                Pointer(self.source.sha256), self.statement(kind), "", ETHER, chain=_PROVES.get(kind, "answers")
            )
            for kind in (self.main, WITHOUT_FEE, WITHOUT_RECEIPT)
            if kind == self.main or self.statement(kind) in made.used
        ]
        return Reading(
            self.source,
            format,
            (*made.accounts.values(), *statements, *made.events),
            tuple(self.problems),
            frozenset(row.id for row in self.broken),
            unbooked=tuple(self.unbooked),
            broken_rows=tuple(self.broken),
            remarks=tuple(self.remarks),
            stated=self.stated,
        )


def _in_order(transfers: Iterable[Transfer]) -> list[Transfer]:
    """By block, transaction and place; what is not stated keeps the order of the file, turned if it runs backwards."""
    every = list(transfers)
    if len(every) > 1 and every[0].block > every[-1].block:
        every.reverse()
    turns: dict[tuple[int, str], int] = {}
    for each in every:
        turns.setdefault((each.block, each.hash), len(turns))
    return sorted(every, key=lambda each: (each.block, _given(each.index), turns[each.block, each.hash], _rank(each)))


def _given(index: int | None) -> int:
    return UNSTATED if index is None else index


def _rank(each: Transfer) -> tuple[int, tuple[int, ...]]:
    if each.is_transaction:
        return 0, (each.succeeded is None, each.fee is None)
    if each.kind == VALUED:
        return 1, (int(each.place or 0),)
    if each.kind == TOKEN:
        return 2, (int(each.place),) if each.place else ()
    return 1, path_of(each.place) if each.place is not None and each.kind == CALL else ()


class _Records:
    """Accounts and events of transfers that come in order."""

    def __init__(self, book: EthereumBook) -> None:
        self.book = book
        self.accounts: dict[str, AccountRecord] = {}
        self.events: list[EventRecord] = []
        self.used: set[str] = set()
        self.ids: dict[str, Transfer] = {}
        self._nth: Counter[str] = Counter()
        self._unstated: dict[tuple[int, str], int] = {}
        self._in_block: Counter[int] = Counter()
        self._inside: Counter[tuple[str, bool]] = Counter()

    def add(self, each: Transfer) -> None:
        id = self._id(each)
        first = self.ids.setdefault(id, each)
        if first is not each:
            self._again(id, first, each)
            return
        legs = self._legs(each, id)
        if legs is None:
            return
        statement = self.book.statement(each.kind)
        self.used.add(statement)
        self.events.append(
            EventRecord(
                pointer=each.pointer,
                id=id,
                time=each.time,
                time_text=each.time_text,
                seq=self._seq(each),
                inputs=legs[0],
                outputs=legs[1],
                kind=each.kind,
                note=each.note,
                statement=statement,
                references=(each.hash,) if each.hash and not each.is_transaction else (),
            )
        )

    def _again(self, id: str, first: Transfer, each: Transfer) -> None:
        """The same movement once more in one file: left out if it says the same, else nobody knows which is right."""
        same = (first.sender, first.receiver, first.value, first.token)
        if same == (each.sender, each.receiver, each.value, each.token):
            self.book.leave(each.pointer, id, str(each.value), "it stands in the file once more")
            return
        row = Row({}, each.pointer, self.book.source.name)
        row.problems.append(DuplicateId(id, row.place(), says=f"is also the id of row {first.pointer.row}"))
        self.book.fail(row)

    def _id(self, each: Transfer) -> str:
        if each.is_transaction:
            return each.hash
        if each.kind == VALUED:
            return f"{each.hash}:flow:{each.place}"
        if each.kind not in (CALL, TOKEN):
            return f"{each.kind}:{each.place}"
        word = "log" if each.kind == TOKEN else "trace"
        if each.place is not None:
            return f"{each.hash}:{word}:{each.place}"
        key = f"{each.hash}:{'token' if each.kind == TOKEN else 'internal'}"
        self._nth[key] += 1
        return f"{key}:{self._nth[key]}"

    def _seq(self, each: Transfer) -> int:
        index = each.index
        if index is None:
            key = each.block, each.hash
            if key not in self._unstated:
                self._unstated[key] = UNSTATED + self._in_block[each.block]
                self._in_block[each.block] += 1
            index = min(self._unstated[key], TRANSACTIONS - 1)
        inside = 0
        if not each.is_transaction:
            counted = each.hash, each.kind == TOKEN
            self._inside[counted] += 1
            inside = min(self._inside[counted] + (LOGS if each.kind == TOKEN else 0), TRANSACTIONS - 1)
        return each.block * BLOCKS + index * TRANSACTIONS + inside

    def _legs(self, each: Transfer, id: str) -> tuple[tuple[LegRecord, ...], tuple[LegRecord, ...]] | None:
        """Inputs and outputs; None where nothing moves, which is then kept and counted."""
        value = 0 if each.kind == FAILED else each.value
        fee = each.fee or 0
        reason = ""
        if each.kind == FAILED:
            reason = "it failed and moved nothing"
        elif not value:
            reason = "a call without value"
        elif each.sender == each.receiver:
            reason = "it pays the address that it comes from"
            value = 0
        awaits_fee = each.kind == WITHOUT_RECEIPT and each.fee is None
        if not value and not fee and not awaits_fee:
            self.book.leave(each.pointer, id, str(each.value), reason)
            return None
        currency = VALUES if each.kind == VALUED else token_currency(each.token) if each.token else ETHER
        giver = self._giver(each, currency)
        outputs = [LegRecord(self._taker(each, currency), value, currency=currency)] if value else []
        if awaits_fee:
            outputs.append(LegRecord(f"FEE:{each.hash}", NOT_STATED, currency=currency))
        elif fee:
            outputs.append(LegRecord(f"FEE:{each.hash}", fee, currency=currency))
        return (LegRecord(giver, value + fee, currency=currency),), tuple(outputs)

    def _giver(self, each: Transfer, currency: str) -> str:
        if each.kind in _OUTSIDE:
            return _OUTSIDE[each.kind]
        if each.kind == TOKEN and each.sender == NOBODY:
            return f"EXT:MINTED:{each.token}"
        return self._account(each, each.sender, currency)

    def _taker(self, each: Transfer, currency: str) -> str:
        if each.kind == TOKEN and each.receiver == NOBODY:
            return f"EXT:BURNT:{each.token}"
        return self._account(each, each.receiver, currency)

    def _account(self, each: Transfer, address: str, currency: str) -> str:
        id = account_id(address, each.token)
        if id not in self.accounts:
            self.accounts[id] = AccountRecord(each.pointer, id, currency, "wallet", address=address)
        return id
