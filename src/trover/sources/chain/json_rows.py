"""What JSON of transactions has in common, whoever wrote it: hashes, scripts, addresses, ids computed again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from trover.errors import AddressContradicted, FieldWrong, OutputsExceedInputs, Problem, TxidWrong
from trover.sources.chain.address import Network, address_of_script, check_address
from trover.sources.chain.raw import RawInput, RawOutput, txid_of
from trover.sources.chain.records import ChainBook
from trover.sources.chain.transaction import ChainTransaction, Made, Spent
from trover.sources.fields import Fields
from trover.sources.record import Pointer
from trover.sources.text import shortened

HEAD = 65_536
"""Bytes from the start of a file in which its keys tell who wrote it."""
LAST = 2**32 - 1
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)
_SCRIPT_LIMIT = 2_000_000


class JsonRow:
    """One transaction of a file, with what is wrong in it. `row` is its number, `section` what it stands in."""

    def __init__(self, book: ChainBook, row: int, item: Any, section: str = "") -> None:
        self.book = book
        self.pointer = Pointer(book.source.sha256, section, row)
        self.problems: list[Problem] = []
        self.top = Fields(item, self.problems, book.source.name, section, row)

    def rows(self, name: str) -> Iterator[Fields]:
        """The inputs or outputs, each with its place in the file."""
        inside = ", ".join(filter(None, (self.top.section, f"transaction {self.top.row}", name)))
        for position, item in enumerate(self.top.array(name), 1):
            yield Fields(item, self.problems, self.top.file, inside, position)

    def hash(self, row: Fields, name: str) -> str:
        text = row.text(name)
        if text and not HASH.fullmatch(text):
            row.add(FieldWrong(shortened(text), row.place(name), says="is not a hash of 64 hexadecimal digits"))
            return ""
        return text

    def hex(self, row: Fields, name: str) -> bytes:
        text = row.text(name, limit=_SCRIPT_LIMIT)
        if not _HEX.fullmatch(text):
            row.add(FieldWrong(shortened(text), row.place(name), says="is not a script in hexadecimal digits"))
            return b""
        return bytes.fromhex(text)

    def number(self, row: Fields, name: str) -> int:
        """A whole number of four bytes."""
        value = row.integer(name)
        if not 0 <= value <= LAST:
            row.add(FieldWrong(value, row.place(name), says=f"is not a whole number from 0 to {LAST}"))
            return 0
        return value

    def address(self, row: Fields, name: str, stated: str, script: bytes) -> str:
        """The address of `script`; `stated` beside it must be the same."""
        computed = address_of_script(script)
        if stated and stated != computed:
            try:
                read = check_address(stated, Network.MAIN, row.place(name))
            except Problem as problem:
                row.add(problem)
                return ""
            if read.text != computed:
                says = f"is not the address of its script, which is {computed or 'none'}"
                row.add(AddressContradicted(stated, row.place(name), says=says))
        return computed

    def check_id(self, txid: str, version: int, raw: tuple[list[RawInput], list[RawOutput]], locktime: int) -> None:
        place = self.top.place("txid")
        try:
            computed = txid_of(version, *raw, locktime)
        except ValueError as error:
            self.top.add(TxidWrong(txid, place, says=f"cannot be computed again: {error}"))
            return
        if computed != txid:
            self.top.add(TxidWrong(txid, place, says=f"{TxidWrong.says}: they give {computed}"))

    def check_fee(self, fee: int, inputs: Iterable[Spent], outputs: Iterable[Made]) -> None:
        """The fee stated is what the inputs leave, where all their values are stated."""
        given = [spent.value for spent in inputs]
        if not given or any(value is None for value in given):
            return
        left = sum(value or 0 for value in given) - sum(out.value for out in outputs)
        if left >= 0 and fee != left:
            says = f"is the fee stated, but inputs less outputs are {left}"
            self.top.add(OutputsExceedInputs(fee, self.top.place("fee"), says=says))


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
