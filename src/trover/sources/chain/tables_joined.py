"""Three tables of one set of transactions (index and id, outputs, inputs) made into transactions.

Nothing here can be computed again: the tables have no scripts and no blocks. What can be checked is that the tables
agree, that what is spent was made, once and by no more than it held, and that no block pays more than it may.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from trover.errors import FieldMissing, FieldWrong, Place, Problem, RewardTooHigh, UnknownOutput, ValueContradicted
from trover.sources.chain.block import reward
from trover.sources.chain.records import TABLES, ChainBook
from trover.sources.chain.tables import REPAIRED, UNDATED, plain_records
from trover.sources.chain.transaction import PLACES, ChainTransaction, Made, Spent
from trover.sources.reader import Reading
from trover.sources.record import EventRecord


def indexes(reading: Reading) -> frozenset[str]:
    """The transactions a table is about, by their index."""
    _, events = plain_records(reading)
    return frozenset(event.references[0] if event.statement else event.id for event in events)


def belongs(transactions: frozenset[str], outputs: frozenset[str], inputs: frozenset[str]) -> bool:
    """Whether three tables are about the same transactions."""
    return outputs == transactions and inputs <= transactions


def joined(transactions: Reading, outputs: Reading, inputs: Reading) -> Reading:
    """One reading of the three, its rows those of the table of transactions."""
    return _Join(transactions, outputs, inputs).reading()


class _Join:
    def __init__(self, transactions: Reading, outputs: Reading, inputs: Reading) -> None:
        self.transactions = transactions
        self.book = ChainBook(transactions.source)
        _, self.rows = plain_records(transactions)
        self.txids = {event.references[0]: event.id for event in self.rows}
        self.out_accounts, made = plain_records(outputs)
        self.in_accounts, spent = plain_records(inputs)
        self.made = {event.id: event for event in made}
        self.spent = {event.id: event for event in spent}
        self.spender: dict[str, str] = {}
        for event in made:
            for reference in event.references:
                number, _, index = reference.partition(" spent by ")
                self.spender[f"{event.id}:{number}"] = index
        self.fees: defaultdict[int, int] = defaultdict(int)

    def reading(self) -> Reading:
        repaired = sum(event.note == REPAIRED for event in self.rows)
        count = f"{len(self.rows):,} transactions, {repaired:,} ids repaired by who made the table"
        statement = self.book.statement("transactions", TABLES, count)
        for event in self.rows:
            made = self._transaction(event, statement)
            if made is not None:
                self.book.transactions.append(made)
        self._rewards()
        source = self.transactions
        return Reading(
            source.source,
            source.format,
            self.book.records(),
            source.problems,
            unbooked=tuple(self.book.unbooked),
            broken_rows=tuple(self.book.broken),
        )

    def _transaction(self, event: EventRecord, statement: str) -> ChainTransaction | None:
        index, place = event.references[0], self.book.place(event.pointer)
        problems: list[Problem] = []
        out = self.made.get(index)
        if out is None:
            problems.append(FieldMissing(index, place, says="has no output in the table of outputs"))
        inputs = self._inputs(index, place, problems)
        height, position = divmod(event.seq, PLACES)
        if not inputs and position and not problems:
            says = "has no input and is not the first of its block"
            problems.append(FieldWrong(event.id, place, says=says))
        if problems or out is None:
            self.book.fail(event.pointer, event.id, problems)
            return None
        time = UNDATED + timedelta(seconds=min(height, 10**9))
        outputs = tuple(Made(leg.amount, self.out_accounts[leg.account].address) for leg in out.outputs)
        return ChainTransaction(event.pointer, event.id, time, "", height, position, tuple(inputs), outputs, statement)

    def _inputs(self, index: str, place: Place, problems: list[Problem]) -> list[Spent]:
        found: list[Spent] = []
        row = self.spent.get(index)
        for leg in row.inputs if row else ():
            maker, _, number = leg.account.partition(":")
            known = self.out_accounts.get(leg.account)
            if known is None or maker not in self.txids:
                problems.append(UnknownOutput(leg.account, place, says="is not in the table of outputs"))
                continue
            if known.opening != leg.amount:
                says = f"is not the value of {leg.account}, which is {known.opening}"
                problems.append(ValueContradicted(leg.amount, place, says=says))
            if self.spender.get(leg.account) != index:
                says = f"is spent by {index}, and the table of outputs says by {self.spender.get(leg.account, 'none')}"
                problems.append(FieldWrong(leg.account, place, says=says))
            found.append(Spent(self.txids[maker], int(number), leg.amount, self.in_accounts[leg.account].address))
        return found

    def _rewards(self) -> None:
        """Refuse the coinbase of a block that pays more than reward and fees."""
        for each in self.book.transactions:
            if not each.is_coinbase and each.height is not None:
                given = sum(spent.value or 0 for spent in each.inputs)
                self.fees[each.height] += given - sum(out.value for out in each.outputs)
        kept = []
        for each in self.book.transactions:
            height, taken = each.height or 0, sum(out.value for out in each.outputs)
            most = reward(height) + self.fees[height]
            if each.is_coinbase and taken > most:
                says = f"pays its miner {taken} satoshi, and reward and fees are {most}"
                problem = RewardTooHigh(each.txid, self.book.place(each.pointer), says=says)
                self.book.fail(each.pointer, each.txid, [problem])
            else:
                kept.append(each)
        self.book.transactions = kept
