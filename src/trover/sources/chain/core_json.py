"""JSON of Bitcoin Core: blocks (getblock with verbosity 2 or 3) and transactions (getrawtransaction, verbose).

A block in JSON has every field of its header and of its transactions' ids, so it is checked as a raw block is. Of a
transaction alone only the id is proved. Answers may stand in the envelope of JSON-RPC, alone or in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from trover.errors import BlockRefused, FieldMissing, FieldWrong, Problem, ValueImpossible
from trover.sources.chain.block import Block, block_of_fields
from trover.sources.chain.blocks import book_blocks
from trover.sources.chain.json_rows import HASH, HEAD, LAST, JsonRow, in_dependence
from trover.sources.chain.raw import NO_OUTPUT, NOTHING, RawInput, RawOutput, RawTransaction
from trover.sources.chain.records import IDS, ChainBook
from trover.sources.chain.transaction import SUPPLY, ChainTransaction, Made, Spent
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.strict_json import load_json
from trover.sources.text import shortened

_KEYS = re.compile(rb'"(txid|vin|vout|scriptSig|scriptPubKey|coinbase|merkleroot|previousblockhash|tx)"\s*:')
_SATOSHI = 10**8
_STEP = Decimal("0.00000001")
_BITCOIN = "is not a value in bitcoin: there are at most 21 million"


class CoreReader:
    """JSON with `vin` and `scriptSig` or `scriptPubKey` as Bitcoin Core writes them, or with `merkleroot` and `tx`."""

    name = "bitcoin core"

    def sniff(self, source: SourceFile) -> bool:
        if source.media != "application/json":
            return False
        keys = {match[1] for match in _KEYS.finditer(source.data[:HEAD])}
        transaction = b"vin" in keys and bool(keys & {b"scriptSig", b"scriptPubKey", b"coinbase"})
        return transaction or {b"merkleroot", b"tx"} <= keys

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        file = _File(source)
        for row, item in enumerate(_answers(load_json(source)), 1):
            if isinstance(item, dict) and "merkleroot" in item:
                file.block(row, item)
            else:
                file.transaction(row, item)
        return file.reading(self.name)


def _answers(value: Any) -> Iterator[Any]:
    """What was asked for, out of lists and the envelope of JSON-RPC."""
    for item in value if isinstance(value, list) else [value]:
        yield item["result"] if isinstance(item, dict) and "result" in item else item


class _File:
    def __init__(self, source: SourceFile) -> None:
        self.book = ChainBook(source)
        self.problems: list[Problem] = []
        self.blocks: list[Block] = []
        self.rows: list[int] = []
        self.alone: list[ChainTransaction] = []

    def block(self, row: int, item: Any) -> None:
        """A block with its transactions, checked; what is wrong with a part of it is wrong with all of it."""
        pointer = Pointer(self.book.source.sha256, "", row)
        whole = JsonRow(self.book, row, item)
        top = whole.top
        hash = whole.hash(top, "hash")
        parts = [
            _Transaction(self.book, number, each, f"block {row}") for number, each in enumerate(top.array("tx"), 1)
        ]
        raws = [part.raw() for part in parts]
        bits = top.text("bits")
        if not re.fullmatch(r"[0-9a-f]{8}", bits):
            top.add(FieldWrong(bits, top.place("bits"), says="is not four bytes in hexadecimal digits"))
        previous = whole.hash(top, "previousblockhash") if "previousblockhash" in top.data else NOTHING
        fields = whole.hash(top, "merkleroot"), whole.number(top, "time"), whole.number(top, "nonce")
        version = top.integer("version", limit=2**32)
        found = [*whole.problems, *(problem for part in parts for problem in part.problems)]
        sound = [raw for raw in raws if raw is not None]
        if found or not hash:
            self.book.fail(pointer, hash or f"block {row}", found)
            return
        block = block_of_fields(version, previous, *fields, int(bits, 16), sound)
        faults = list(block.faults)
        if block.header.hash != hash:
            faults.insert(0, f"is not the hash of its header, which is {block.header.hash}")
        if faults:
            self.book.fail(pointer, hash, [BlockRefused(hash, top.place("hash"), says=faults[0])])
            return
        self.blocks.append(block)
        self.rows.append(row)
        for part in parts:
            self.book.stated |= part.stated

    def transaction(self, row: int, item: Any) -> None:
        """A transaction by itself: held by its id alone."""
        part = _Transaction(self.book, row, item)
        raw = part.raw()
        if raw is None:
            if part.txid:
                self.book.fail(part.pointer, part.txid, part.problems)
            else:
                self.problems += part.problems
            return
        made = part.made(raw)
        if part.problems:
            self.book.fail(part.pointer, part.txid, part.problems)
        else:
            self.alone.append(made)

    def reading(self, name: str) -> Reading:
        remarks = book_blocks(self.book, self.blocks, self.rows)
        if self.alone:
            self._alone()
        book = self.book
        records = book.records()
        return Reading(
            book.source,
            name,
            records,
            tuple(self.problems),
            unbooked=tuple(book.unbooked),
            broken_rows=tuple(book.broken),
            remarks=tuple(remarks),
        )

    def _alone(self) -> None:
        """Transactions by themselves that no block of the file has, by time; those in no block yet are left."""
        statement = self.book.statement("transactions", IDS)
        known = {each.txid for each in self.book.transactions}
        kept = []
        for each in self.alone:
            each = replace(each, statement=statement)
            if not each.time_text:
                total = str(sum(out.value for out in each.outputs))
                self.book.leave(each.pointer, each.txid, statement, total, "it stands in no block yet")
            elif each.txid in known:
                self.book.leave(each.pointer, each.txid, statement, "", "it stands in the file once more, in its block")
            else:
                kept.append(each)
        self.book.transactions += in_dependence(kept)


class _Transaction(JsonRow):
    """One transaction as Bitcoin Core prints it; values are in bitcoin. `stated`: output -> value and address."""

    def __init__(self, book: ChainBook, row: int, item: Any, section: str = "") -> None:
        super().__init__(book, row, item, section)
        self.txid = ""
        self.stated: dict[str, tuple[int, str]] = {}
        self.outputs: list[Made] = []

    def raw(self) -> RawTransaction | None:
        """The fields that give the id, which is compared; None after saying what is wrong."""
        self.txid = self.hash(self.top, "txid")
        inputs = [self._input(row) for row in self.rows("vin")]
        made = [self._output(row, number) for number, row in enumerate(self.rows("vout"))]
        if not self.problems and not (inputs and made):
            empty = "vout" if inputs else "vin"
            self.top.add(FieldMissing(empty, self.top.place(empty), says="is empty"))
        version, locktime = self.top.integer("version"), self.top.integer("locktime")
        if self.problems:
            return None
        self.check_id(self.txid, version, (inputs, made), locktime)
        if self.problems:
            return None
        return RawTransaction(self.txid, version, tuple(inputs), tuple(made), locktime)

    def made(self, raw: RawTransaction) -> ChainTransaction:
        """The transaction by itself; `time_text` is empty where it stands in no block."""
        inputs = () if raw.is_coinbase else tuple(self._spent(given) for given in raw.inputs)
        if "fee" in self.top.data:
            self.check_fee(self._value(self.top, "fee"), inputs, self.outputs)
        block = self.top.text("blockhash", "")
        stamp = self.top.integer("blocktime", 0)
        is_in_block = bool(HASH.fullmatch(block)) and 0 < stamp <= LAST and self.top.integer("confirmations", 1) > 0
        return ChainTransaction(
            pointer=self.pointer,
            txid=raw.txid,
            time=datetime.fromtimestamp(stamp if is_in_block else 0, UTC),
            time_text=str(stamp) if is_in_block else "",
            height=None,
            position=0,
            inputs=inputs,
            outputs=tuple(self.outputs),
            references=(f"block {block}",) if is_in_block else (),
        )

    def _spent(self, given: RawInput) -> Spent:
        value, address = self.stated.get(f"{given.txid}:{given.output}", (None, ""))
        return Spent(given.txid, given.output, value, address)

    def _input(self, row: Fields) -> RawInput:
        if "coinbase" in row.data:
            return RawInput(NOTHING, NO_OUTPUT, self.hex(row, "coinbase"), self.number(row, "sequence"))
        txid, number = self.hash(row, "txid"), self.number(row, "vout")
        script = Fields(row.mapping("scriptSig"), self.problems, row.file, row.section, row.row)
        raw = RawInput(txid, number, self.hex(script, "hex"), self.number(row, "sequence"))
        if row.data.get("prevout") is not None:
            held = Fields(row.data["prevout"], self.problems, row.file, row.section, row.row)
            out, address = self._held(held)
            self.stated[f"{txid}:{number}"] = (out.value, address)
        return raw

    def _output(self, row: Fields, number: int) -> RawOutput:
        if row.integer("n", number) != number:
            row.add(
                FieldWrong(row.data["n"], row.place("n"), says=f"is not the number of this output, which is {number}")
            )
        out, address = self._held(row)
        self.outputs.append(Made(out.value, address))
        return out

    def _held(self, row: Fields) -> tuple[RawOutput, str]:
        script = Fields(row.mapping("scriptPubKey"), self.problems, row.file, row.section, row.row)
        data = self.hex(script, "hex")
        stated = script.text("address", "")
        several = script.array("addresses")
        if not stated and len(several) == 1 and isinstance(several[0], str):
            stated = several[0]
        return RawOutput(self._value(row, "value"), data), self.address(script, "address", stated, data)

    def _value(self, row: Fields, name: str) -> int:
        """Satoshi of a number of bitcoin."""
        value = row.data.get(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            row.add(FieldWrong(str(type(value).__name__), row.place(name), says="is not a number of bitcoin"))
            return 0
        exact = Decimal(value)
        if not exact:
            return 0
        if exact.adjusted() > 8 or not 0 <= exact <= SUPPLY // _SATOSHI:
            row.add(ValueImpossible(shortened(str(value)), row.place(name), says=_BITCOIN))
            return 0
        if exact.adjusted() < -8 or exact != exact.quantize(_STEP):
            says = "is not a whole number of satoshi, of which a bitcoin has 100,000,000"
            row.add(FieldWrong(shortened(str(value)), row.place(name), says=says))
            return 0
        return int(exact.quantize(_STEP) * _SATOSHI)
