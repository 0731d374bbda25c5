"""JSON of Esplora, the interface of public block explorers: one transaction, or a list of them.

`/tx/<id>`, `/address/<address>/txs` and `/block/<hash>/txs` have one shape. The id of every transaction is computed
again from its fields; what its inputs held and in which block it stands is only said. docs/formats/bitcoin.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from trover.errors import FieldMissing, FieldWrong, Problem, ValueImpossible
from trover.sources.chain.json_rows import HASH, HEAD, LAST, JsonRow, in_dependence
from trover.sources.chain.raw import NO_OUTPUT, NOTHING, RawInput, RawOutput
from trover.sources.chain.records import IDS, ChainBook
from trover.sources.chain.transaction import SUPPLY, ChainTransaction, Made, Spent
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.strict_json import load_json

_KEYS = re.compile(rb'"(txid|vin|vout|prevout|scriptpubkey|scriptsig|is_coinbase)"\s*:')


class EsploraReader:
    """JSON whose transactions have `vin` with `prevout` and `scriptsig`, in small letters as Esplora writes them."""

    name = "esplora"

    def sniff(self, source: SourceFile) -> bool:
        if source.media != "application/json":
            return False
        keys = {match[1] for match in _KEYS.finditer(source.data[:HEAD])}
        return {b"txid", b"vin"} <= keys and bool(keys & {b"scriptpubkey", b"scriptsig", b"is_coinbase"})

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        value = load_json(source)
        found: list[Problem] = []
        book = ChainBook(source)
        statement = book.statement("transactions", IDS)
        for row, item in enumerate(value if isinstance(value, list) else [value], 1):
            _Transaction(book, statement, row, item).read(found)
        book.transactions = in_dependence(book.transactions)
        records = book.records()
        return Reading(
            source, self.name, records, tuple(found), unbooked=tuple(book.unbooked), broken_rows=tuple(book.broken)
        )


class _Transaction(JsonRow):
    """One transaction of the file, with what is wrong in it."""

    def __init__(self, book: ChainBook, statement: str, row: int, item: Any) -> None:
        super().__init__(book, row, item)
        self.statement = statement

    def read(self, found: list[Problem]) -> None:
        """Add it to the book, or say what is wrong; without an id it is a problem of the file."""
        txid = self.hash(self.top, "txid")
        if not txid:
            found += self.problems
            return
        made = self._read(txid)
        if self.problems:
            self.book.fail(self.pointer, txid, self.problems)
        elif made is None:
            total = str(sum(out.get("value", 0) for out in self.top.array("vout")))
            self.book.leave(self.pointer, txid, self.statement, total, "it stands in no block yet")
        else:
            self.book.transactions.append(made)

    def _read(self, txid: str) -> ChainTransaction | None:
        given = [self._input(row) for row in self.rows("vin")]
        made = [self._output(row) for row in self.rows("vout")]
        if not self.problems and not (given and made):
            empty = "vout" if given else "vin"
            self.top.add(FieldMissing(empty, self.top.place(empty), says="is empty"))
        version, locktime = self.top.integer("version"), self.top.integer("locktime")
        status = Fields(self.top.mapping("status"), self.problems, self.top.file, "status", self.top.row)
        confirmed = status.truth("confirmed")
        if self.problems:
            return None
        inputs = tuple(spent for _, spent in given if spent is not None)
        outputs = tuple(out for _, out in made)
        self.check_id(txid, version, ([each for each, _ in given], [each for each, _ in made]), locktime)
        if "fee" in self.top.data:
            self.check_fee(self.top.integer("fee"), inputs, outputs)
        if not confirmed or self.problems:
            return None
        height, stamp = status.integer("block_height"), status.integer("block_time")
        if not 0 <= height < 10**9 or not 0 <= stamp <= LAST:
            status.add(FieldWrong(height, status.place("block_height"), says="is no height or has no time beside it"))
        if self.problems:
            return None
        time = datetime.fromtimestamp(stamp, UTC)
        return ChainTransaction(
            self.pointer, txid, time, str(stamp), height, 0, inputs, outputs, self.statement, _block(status)
        )

    def _input(self, row: Fields) -> tuple[RawInput, Spent | None]:
        txid, number = self.hash(row, "txid"), self.number(row, "vout")
        raw = RawInput(txid, number, self.hex(row, "scriptsig"), self.number(row, "sequence"))
        if row.truth("is_coinbase") or (txid == NOTHING and number == NO_OUTPUT):
            return raw, None
        if row.data.get("prevout") is None:
            return raw, Spent(txid, number)
        held = Fields(row.data["prevout"], self.problems, row.file, row.section, row.row)
        _, out = self._output(held)
        return raw, Spent(txid, number, out.value, out.address)

    def _output(self, row: Fields) -> tuple[RawOutput, Made]:
        value, script = row.integer("value"), self.hex(row, "scriptpubkey")
        if not 0 <= value <= SUPPLY:
            row.add(ValueImpossible(value, row.place("value")))
        name = "scriptpubkey_address"
        return RawOutput(value, script), Made(value, self.address(row, name, row.text(name, ""), script))


def _block(status: Fields) -> tuple[str, ...]:
    block = status.text("block_hash", "")
    return (f"block {block}",) if HASH.fullmatch(block) else ()
