"""Transactions to records: every output an account that is filled once and emptied once, every transaction an event.

Inputs keep their order, then outputs theirs, the fee last to FEE:<txid>; new coin comes in from EXT:COINBASE. A
transaction that contradicts itself, or another of its file, is a broken row of a statement of its own; the others
are not touched by it. An input whose value nobody states is left for the ledger to fill in (`ledger.outputs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trover.errors import (
    DuplicateId,
    OutputsExceedInputs,
    OutputSpent,
    Place,
    Problem,
    UnknownOutput,
    ValueContradicted,
    ValueImpossible,
)
from trover.sources.chain.transaction import COINBASE, CURRENCY, KIND, SUPPLY, ChainTransaction, Spent
from trover.sources.custody import SourceFile
from trover.sources.record import (
    NOT_STATED,
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    Pointer,
    Record,
    StatementRecord,
    Unbooked,
)

BLOCKS, IDS, TABLES = "blocks", "ids", "tables"
"""What data of a chain prove of themselves: whole blocks, that each id is what its fields give, or only that they
agree with each other."""


@dataclass
class ChainBook:
    """The transactions of one file, and what is wrong with some of them."""

    source: SourceFile
    transactions: list[ChainTransaction] = field(default_factory=list)
    """In the order of the chain."""
    statements: list[StatementRecord] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    unbooked: list[Unbooked] = field(default_factory=list)
    stated: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Output -> value and address that are stated beside an input of a block, and that no block binds."""

    def statement(self, name: str, proves: str = "", number: str = "") -> str:
        """A new statement of this file; its id is returned."""
        id = f"{self.source.sha256[:12]}:{name}"
        self.statements.append(
            StatementRecord(Pointer(self.source.sha256), id, "", CURRENCY, number=number, chain=proves)
        )
        return id

    def place(self, pointer: Pointer, column: str = "") -> Place:
        return Place(self.source.name, pointer.page, pointer.row or None, column)

    def fail(self, pointer: Pointer, id: str, problems: Iterable[Problem]) -> None:
        """What is wrong with one transaction or block, which is then not used."""
        own = f"{self.source.sha256[:12]}:{id}"
        self.broken.append(BrokenRow(pointer, id, "", own, tuple(problems)))

    def leave(self, pointer: Pointer, id: str, statement: str, amount: str, reason: str) -> None:
        """Keep a transaction that moves nothing in this ledger, with the reason."""
        self.unbooked.append(Unbooked(pointer, id, statement, "", amount, reason))

    def records(self) -> tuple[Record, ...]:
        """Accounts, statements and events, in the order of the chain."""
        sound = _Checks(self, self.transactions).sound()
        return (*_accounts(sound, self.stated), *self.statements, *(_event(each) for each in sound))


class _Checks:
    """What the transactions of one file say of each other."""

    def __init__(self, book: ChainBook, ordered: Sequence[ChainTransaction]) -> None:
        self.book, self.ordered = book, ordered
        self.first: dict[str, ChainTransaction] = {}
        self.place: dict[str, int] = {}
        for number, each in enumerate(ordered):
            self.first.setdefault(each.txid, each)
            self.place.setdefault(each.txid, number)
        self.spent: dict[str, str] = {}

    def sound(self) -> list[ChainTransaction]:
        """The transactions that can be booked, an input's value filled in where the file shows its making."""
        return [made for each in self.ordered if (made := self._checked(each)) is not None]

    def _checked(self, each: ChainTransaction) -> ChainTransaction | None:
        if self.first[each.txid] is not each:
            self._again(each)
            return None
        inputs, problems = self._inputs(each)
        problems += self._values(each)
        total = sum(made.value for made in each.outputs)
        if not problems and inputs and all(given.value is not None for given in inputs):
            given = sum(spent.value or 0 for spent in inputs)
            if given < total:
                says = f"pays out {total} satoshi and takes in {given}"
                problems.append(OutputsExceedInputs(each.txid, self.book.place(each.pointer), says=says))
            total = max(given, total)
        if problems:
            self.book.fail(each.pointer, each.txid, problems)
            return None
        for spent in inputs:
            self.spent[spent.id] = each.txid
        if not total and not any(spent.value is None for spent in inputs):
            self.book.leave(each.pointer, each.txid, each.statement, "0", "it moves no value")
            return None
        return _with_inputs(each, inputs)

    def _again(self, each: ChainTransaction) -> None:
        first = self.first[each.txid]
        if first.is_coinbase and each.is_coinbase and first.height != each.height:
            reason = "its id is that of an earlier coinbase, whose coin it put out of use (before BIP-30)"
            self.book.leave(
                each.pointer, each.txid, each.statement, str(sum(out.value for out in each.outputs)), reason
            )
            return
        same = [made.value for made in first.outputs] == [made.value for made in each.outputs]
        if same and first.height in (None, each.height):
            self.book.leave(each.pointer, each.txid, each.statement, "", "it stands in the file once more")
        else:
            says = f"is also the id of {self.book.place(first.pointer)}"
            self.book.fail(each.pointer, each.txid, [DuplicateId(each.txid, self.book.place(each.pointer), says=says)])

    def _values(self, each: ChainTransaction) -> list[Problem]:
        wrong = [made.value for made in each.outputs if not 0 <= made.value <= SUPPLY]
        wrong += [spent.value for spent in each.inputs if spent.value is not None and not 0 <= spent.value <= SUPPLY]
        if not wrong and sum(made.value for made in each.outputs) > SUPPLY:
            wrong = [sum(made.value for made in each.outputs)]
        return [ValueImpossible(value, self.book.place(each.pointer)) for value in wrong[:1]]

    def _inputs(self, each: ChainTransaction) -> tuple[list[Spent], list[Problem]]:
        found: list[Spent] = []
        problems: list[Problem] = []
        own: set[str] = set()
        place = self.book.place(each.pointer)
        for spent in each.inputs:
            if spent.id in own or spent.id in self.spent:
                by = self.spent.get(spent.id, "this transaction itself")
                problems.append(OutputSpent(spent.id, place, says=f"is already spent by {by}"))
            own.add(spent.id)
            value, address = spent.value, spent.address
            maker = self.first.get(spent.txid)
            if maker is not None:
                problem = self._against(spent, maker, each, place)
                if problem is not None:
                    problems.append(problem)
                else:
                    made = maker.outputs[spent.output]
                    value, address = made.value, made.address or address
            found.append(Spent(spent.txid, spent.output, value, address))
        return found, problems

    def _against(self, spent: Spent, maker: ChainTransaction, each: ChainTransaction, place: Place) -> Problem | None:
        """What an input says, against the transaction of the same file that made what it spends."""
        if spent.output >= len(maker.outputs):
            says = f"does not exist: {spent.txid} has {len(maker.outputs)} outputs, counted from 0"
            return UnknownOutput(spent.id, place, says=says)
        if self.place[maker.txid] >= self.place[each.txid]:
            return UnknownOutput(spent.id, place, says="is spent before it is made")
        made = maker.outputs[spent.output].value
        if spent.value is not None and spent.value != made:
            return ValueContradicted(spent.value, place, says=f"is not the value of {spent.id}, which is {made}")
        return None


def _with_inputs(each: ChainTransaction, inputs: Sequence[Spent]) -> ChainTransaction:
    if tuple(inputs) == each.inputs:
        return each
    return replace(each, inputs=tuple(inputs))


def _accounts(sound: Sequence[ChainTransaction], stated: Mapping[str, tuple[int, str]]) -> list[AccountRecord]:
    """Every output that is made or spent, once; what is spent and not made here opens with its stated value."""
    made: dict[str, AccountRecord] = {}
    for each in sound:
        for number, out in enumerate(each.outputs):
            id = f"{each.txid}:{number}"
            made[id] = AccountRecord(each.pointer, id, CURRENCY, "output", address=out.address)
    opened: dict[str, AccountRecord] = {}
    for each in sound:
        for spent in each.inputs:
            if spent.id not in made:
                value, address = stated.get(spent.id, (spent.value, spent.address))
                opened[spent.id] = AccountRecord(
                    each.pointer, spent.id, CURRENCY, "output", opening=value, address=address
                )
    return [*opened.values(), *made.values()]


def _event(each: ChainTransaction) -> EventRecord:
    outputs = [LegRecord(f"{each.txid}:{n}", made.value) for n, made in enumerate(each.outputs) if made.value]
    total = sum(leg.amount for leg in outputs)
    if each.is_coinbase:
        inputs = [LegRecord(COINBASE, total, currency=CURRENCY)]
    else:
        inputs = [
            LegRecord(spent.id, NOT_STATED if spent.value is None else spent.value)
            for spent in each.inputs
            if spent.value != 0
        ]
        given = sum(leg.amount for leg in inputs)
        if given > total and all(leg.amount != NOT_STATED for leg in inputs):
            outputs.append(LegRecord(f"FEE:{each.txid}", given - total))
    return EventRecord(
        pointer=each.pointer,
        id=each.txid,
        time=each.time,
        time_text=each.time_text,
        seq=each.seq,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        kind=KIND,
        statement=each.statement,
        references=each.references,
    )
