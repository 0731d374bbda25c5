"""JSON of Esplora, the interface of public block explorers: one transaction, or a list of them.

`/tx/<id>`, `/address/<address>/txs` and `/block/<hash>/txs` have one shape. The id of every transaction is computed
again from its fields; what its inputs held and in which block it stands is only said. docs/formats/bitcoin.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from trover.errors import (
    AddressContradicted,
    FieldMissing,
    FieldWrong,
    OutputsExceedInputs,
    Problem,
    TxidWrong,
    ValueImpossible,
)
from trover.sources.chain.address import Network, address_of_script, check_address
from trover.sources.chain.raw import NO_OUTPUT, NOTHING, RawInput, RawOutput, txid_of
from trover.sources.chain.records import IDS, ChainBook
from trover.sources.chain.transaction import SUPPLY, ChainTransaction, Made, Spent
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.strict_json import load_json
from trover.sources.text import shortened

HEAD = 65_536
_KEYS = re.compile(rb'"(txid|vin|vout|prevout|scriptpubkey|scriptsig|is_coinbase)"\s*:')
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)
_LAST = 2**32 - 1


class EsploraReader:
    """JSON whose transactions have `vin` with `prevout` and `scriptsig`, in small letters as Esplora writes them."""

    name = "esplora"

    def sniff(self, source: SourceFile) -> bool:
        if source.media != "application/json":
            return False
        keys = {match[1] for match in _KEYS.finditer(source.data[:HEAD])}
        return {b"txid", b"vin"} <= keys and bool(keys & {b"prevout", b"scriptpubkey", b"scriptsig", b"is_coinbase"})

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


class _Transaction:
    """One transaction of the file, with what is wrong in it."""

    def __init__(self, book: ChainBook, statement: str, row: int, item: Any) -> None:
        self.book, self.statement = book, statement
        self.pointer = Pointer(book.source.sha256, "", row)
        self.problems: list[Problem] = []
        self.top = Fields(item, self.problems, book.source.name, "", row)

    def read(self, found: list[Problem]) -> None:
        """Add it to the book, or say what is wrong; without an id it is a problem of the file."""
        txid = self._hash(self.top, "txid")
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
        given = [self._input(row) for row in self._rows("vin")]
        made = [self._output(row) for row in self._rows("vout")]
        if not self.problems and not (given and made):
            empty = "vout" if given else "vin"
            self.top.add(FieldMissing(empty, self.top.place(empty), says="is empty"))
        version, locktime = self.top.integer("version"), self.top.integer("locktime")
        status = Fields(self.top.mapping("status"), self.problems, self.top.file, "status", self.top.row)
        confirmed = status.truth("confirmed")
        if self.problems:
            return None
        raw = [each for each, _ in given], [each for each, _ in made]
        self._check_id(txid, version, raw, locktime)
        inputs = tuple(spent for _, spent in given if spent is not None)
        self._check_fee(inputs, [out for _, out in made])
        if not confirmed or self.problems:
            return None
        height, stamp = status.integer("block_height"), status.integer("block_time")
        if not 0 <= height < 10**9 or not 0 <= stamp <= _LAST:
            status.add(FieldWrong(height, status.place("block_height"), says="is no height or has no time beside it"))
        if self.problems:
            return None
        time = datetime.fromtimestamp(stamp, UTC)
        outputs = tuple(out for _, out in made)
        return ChainTransaction(
            self.pointer, txid, time, str(stamp), height, 0, inputs, outputs, self.statement, _block(status)
        )

    def _rows(self, name: str) -> Iterator[Fields]:
        """The inputs or outputs, each with its place in the file."""
        for position, item in enumerate(self.top.array(name), 1):
            yield Fields(item, self.problems, self.top.file, f"transaction {self.top.row}, {name}", position)

    def _check_id(self, txid: str, version: int, raw: tuple[list[RawInput], list[RawOutput]], locktime: int) -> None:
        try:
            computed = txid_of(version, *raw, locktime)
        except ValueError as error:
            self.top.add(TxidWrong(txid, self.top.place("txid"), says=f"cannot be computed again: {error}"))
            return
        if computed != txid:
            says = f"{TxidWrong.says}: they give {computed}"
            self.top.add(TxidWrong(txid, self.top.place("txid"), says=says))

    def _check_fee(self, inputs: Iterable[Spent], outputs: Iterable[Made]) -> None:
        """The fee stated, where there is one, is what the inputs leave."""
        given = [spent.value for spent in inputs]
        if not given or "fee" not in self.top.data or any(value is None for value in given):
            return
        fee, left = self.top.integer("fee"), sum(value or 0 for value in given) - sum(out.value for out in outputs)
        if left >= 0 and fee != left:
            says = f"is the fee stated, but inputs less outputs are {left}"
            self.top.add(OutputsExceedInputs(fee, self.top.place("fee"), says=says, remedy=OutputsExceedInputs.remedy))

    def _input(self, row: Fields) -> tuple[RawInput, Spent | None]:
        txid, number = self._hash(row, "txid"), row.integer("vout")
        script, sequence = self._hex(row, "scriptsig"), row.integer("sequence")
        if not (0 <= number <= _LAST and 0 <= sequence <= _LAST):
            row.add(FieldWrong(number, row.place("vout"), says="is no number of an output"))
        raw = RawInput(txid, number, script, sequence)
        if row.truth("is_coinbase") or (txid == NOTHING and number == NO_OUTPUT):
            return raw, None
        if row.data.get("prevout") is None:
            return raw, Spent(txid, number)
        held = Fields(row.data["prevout"], self.problems, row.file, row.section, row.row)
        _, out = self._output(held)
        return raw, Spent(txid, number, out.value, out.address)

    def _output(self, row: Fields) -> tuple[RawOutput, Made]:
        value, script = row.integer("value"), self._hex(row, "scriptpubkey")
        if not 0 <= value <= SUPPLY:
            row.add(ValueImpossible(value, row.place("value")))
        return RawOutput(value, script), Made(value, self._address(row, script))

    def _address(self, row: Fields, script: bytes) -> str:
        stated, computed = row.text("scriptpubkey_address", ""), address_of_script(script)
        if stated and stated != computed:
            try:
                read = check_address(stated, Network.MAIN, row.place("scriptpubkey_address"))
            except Problem as problem:
                row.add(problem)
                return ""
            if read.text != computed:
                says = f"is not the address of its script, which is {computed or 'none'}"
                row.add(AddressContradicted(stated, row.place("scriptpubkey_address"), says=says))
        return computed

    def _hash(self, row: Fields, name: str) -> str:
        text = row.text(name)
        if text and not _HASH.fullmatch(text):
            row.add(FieldWrong(shortened(text), row.place(name), says="is not a hash of 64 hexadecimal digits"))
            return ""
        return text

    def _hex(self, row: Fields, name: str) -> bytes:
        text = row.text(name, limit=2_000_000)
        if not _HEX.fullmatch(text):
            row.add(FieldWrong(shortened(text), row.place(name), says="is not a script in hexadecimal digits"))
            return b""
        return bytes.fromhex(text)


def _block(status: Fields) -> tuple[str, ...]:
    block = status.text("block_hash", "")
    return (f"block {block}",) if _HASH.fullmatch(block) else ()


def in_dependence(transactions: Iterable[ChainTransaction]) -> list[ChainTransaction]:
    """Positions for transactions of which only the height is known: makers before spenders, else in order of ids.

    The true position within the block is not stated; only an order that could be it is needed.
    """
    blocks: defaultdict[int | None, dict[str, ChainTransaction]] = defaultdict(dict)
    again: list[ChainTransaction] = []
    for each in transactions:
        if each.txid in blocks[each.height]:
            again.append(each)
        blocks[each.height].setdefault(each.txid, each)
    found: list[ChainTransaction] = []
    for _, block in sorted(blocks.items(), key=lambda item: item[0] or 0):
        found += [replace(each, position=place) for place, each in enumerate(_sorted(block))]
    return found + [replace(each, position=len(blocks[each.height])) for each in again]


def _sorted(block: dict[str, ChainTransaction]) -> list[ChainTransaction]:
    done: dict[str, ChainTransaction] = {}
    opened: set[str] = set()
    todo = sorted(block, reverse=True)
    while todo:
        txid = todo[-1]
        each = block[txid]
        before = [spent.txid for spent in each.inputs if spent.txid in block and spent.txid not in done]
        if txid in done or (not before or txid in opened):
            done.setdefault(txid, each)
            todo.pop()
            continue
        opened.add(txid)
        todo += before
    return list(done.values())
