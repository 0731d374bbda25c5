"""Raw blocks: the files of a node (blk*.dat), single blocks, and blocks as hexadecimal digits, one a line.

Every block is checked by itself (proof of work, Merkle root, witnesses) and against the others of the file (links,
heights, targets, times). A wrong one is refused with its reason and the others are read. docs/formats/bitcoin.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trover.errors import BlockRefused, Place, Problem, RewardTooHigh, StaleBlock
from trover.sources.chain.address import address_of_script
from trover.sources.chain.block import HEADER, Block, read_block, read_header, reward
from trover.sources.chain.branches import Branches, Placed, branches_of
from trover.sources.chain.raw import Broken, RawTransaction, read_count
from trover.sources.chain.records import BLOCKS, ChainBook
from trover.sources.chain.transaction import PLACES, ChainTransaction, Made, Spent
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.record import Pointer

MAGIC = bytes.fromhex("f9beb4d9")
ELSEWHERE = {
    bytes.fromhex("0b110907"): "testnet3",
    bytes.fromhex("1c163f28"): "testnet4",
    bytes.fromhex("0a03cf40"): "signet",
    bytes.fromhex("fabfb5da"): "regtest",
}
"""How a block begins in the files of a node of another network."""
_HEX = re.compile(rb"\s*((?:[0-9a-fA-F]{2}){130,200})")
_FILLED = re.compile(rb"[^\0]")
_FIRST_INPUT = b"\x01" + bytes(32) + b"\xff" * 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that should be one block. `row`: its number in the file, from 1; `at`: where it begins."""

    row: int
    at: int
    data: bytes
    wrong: str = ""


class BlocksReader:
    """Blocks as nodes store and send them; found by what a block begins with."""

    name = "bitcoin blocks"

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:4]
        if head == MAGIC or head in ELSEWHERE or mask_of(source.data):
            return True
        if looks_like_block(source.data[:200]):
            return True
        digits = _HEX.match(source.data[:1000])
        return digits is not None and looks_like_block(bytes.fromhex(digits[1].decode("ascii")))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = ChainBook(source)
        blocks: list[Block] = []
        rows: list[int] = []
        for piece in pieces(source.data):
            block = _block(book, piece)
            if block is not None:
                blocks.append(block)
                rows.append(piece.row)
        remarks = book_blocks(book, blocks, rows)
        return Reading(
            source,
            self.name,
            book.records(),
            unbooked=tuple(book.unbooked),
            broken_rows=tuple(book.broken),
            remarks=tuple(remarks),
        )


def book_blocks(book: ChainBook, blocks: list[Block], rows: list[int], is_main: bool = True) -> list[Problem]:
    """Put the transactions of sound blocks into the book, those of the branch with the most work; returns remarks."""
    return _Placing(book, branches_of(blocks, rows, is_main)).book_all()


def looks_like_block(head: bytes) -> bool:
    """Whether a header, a count and the beginning of a coinbase stand here."""
    try:
        _, at = read_count(head, HEADER)
    except Broken:
        return False
    at += 6 if head[at + 4 : at + 6] == b"\x00\x01" else 4
    return head[at : at + len(_FIRST_INPUT)] == _FIRST_INPUT


def mask_of(data: bytes) -> bytes:
    """The eight bytes with which a node since version 28 masks its files of blocks; empty where it does not.

    A coinbase spends nothing, which are 32 zeros: what stands there is the mask, four times.
    """
    for count, marker in ((1, 0), (3, 0), (1, 2), (3, 2)):
        at = 8 + HEADER + count + 4 + marker + 1
        zeros = data[at : at + 32]
        if len(zeros) == 32 and zeros[:24] == zeros[8:] and any(zeros):
            turn = -at % 8
            mask = zeros[turn : turn + 8]
            head = unmasked(data[:200], mask)
            if head[:4] == MAGIC and looks_like_block(head[8:]):
                return mask
    return b""


def unmasked(data: bytes, mask: bytes) -> bytes:
    """`data` without the mask that begins with its first byte."""
    size = len(data)
    whole = int.from_bytes(mask * -(-size // 8), "little") & (1 << 8 * size) - 1
    return (int.from_bytes(data, "little") ^ whole).to_bytes(size, "little")


def pieces(data: bytes) -> Iterator[Piece]:
    """The blocks of a file, however it holds them."""
    if mask := mask_of(data):
        data = unmasked(data, mask)
    if data[:4] == MAGIC or data[:4] in ELSEWHERE:
        yield from _framed(data)
    elif looks_like_block(data[:200]):
        yield Piece(1, 0, data)
    else:
        for row, line in enumerate(data.split(b"\n"), 1):
            text = line.strip()
            if text:
                try:
                    yield Piece(row, 0, bytes.fromhex(text.decode("ascii")))
                except ValueError:
                    yield Piece(row, 0, b"", "holds signs that are no hexadecimal digits, or half a byte")


def _framed(data: bytes) -> Iterator[Piece]:
    """Blocks with magic and length before each. Zeros between them are room a node kept free."""
    at, row = 0, 0
    while at < len(data):
        if data[at] == 0:
            filled = _FILLED.search(data, at)
            at = filled.start() if filled else len(data)
            continue
        row += 1
        magic, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        begin = at + 8
        if magic in ELSEWHERE:
            yield Piece(row, at, b"", f"is of another network ({ELSEWHERE[magic]})")
        elif magic != MAGIC or begin + size > len(data):
            found = data.find(MAGIC, at + 4)
            end = len(data) if found < 0 else found
            cut = magic == MAGIC and found < 0
            yield Piece(row, at, data[begin:end] if cut else b"", "" if cut else "does not begin as a block does")
            at = end
            continue
        else:
            yield Piece(row, at, data[begin : begin + size])
        at = begin + size


def _block(book: ChainBook, piece: Piece) -> Block | None:
    """The block, or what is wrong with it in the book."""
    pointer = Pointer(book.source.sha256, "", piece.row)
    wrong, hash = piece.wrong, f"block at byte {piece.at}"
    if not wrong:
        try:
            if len(piece.data) >= HEADER:
                hash = read_header(piece.data).hash
            block = read_block(piece.data)
        except Broken as error:
            wrong = f"is no whole block: {error}"
        else:
            if not block.faults:
                return block
            wrong = block.faults[0]
    _refuse(book, pointer, hash, wrong)
    return None


def _refuse(book: ChainBook, pointer: Pointer, hash: str, *faults: str) -> None:
    place = Place(book.source.name, "", pointer.row)
    book.fail(pointer, hash, [BlockRefused(hash, place, says=fault) for fault in faults])


class _Placing:
    """The transactions of the blocks that count, in order, and what is said of the others."""

    def __init__(self, book: ChainBook, branches: Branches) -> None:
        self.book, self.branches = book, branches
        self.remarks: list[Problem] = []
        self.unplaced = 0
        self.made: dict[str, tuple[int, ...]] = {}
        self.refused: set[str] = set()
        self.counted: set[str] = set()

    def book_all(self) -> list[Problem]:
        found = self.branches
        for placed in found.faulty:
            self._refuse(placed, *placed.faults)
        statement = self.book.statement("blocks", BLOCKS, _span(found.chain)) if found.chain else ""
        for placed in found.chain:
            if self._is_paid_right(placed):
                self._book(placed, statement)
        for placed, rival in found.stale:
            self._stale(placed, rival, statement)
        for placed in found.again:
            hash = placed.block.header.hash
            self.book.leave(self._pointer(placed), hash, statement, "", "the block stands in the file once more")
        return self.remarks

    def _is_paid_right(self, placed: Placed) -> bool:
        """Whether the miner took no more than reward and fees, as far as the file shows what the inputs held."""
        header = placed.block.header
        if header.previous in self.refused:
            self._refuse(placed, f"follows the block {header.previous}, which is refused")
            return False
        first, *others = placed.block.transactions
        for raw in placed.block.transactions:
            self.made[raw.txid] = tuple(out.value for out in raw.outputs)
        if placed.height is None:
            return True
        fees = 0
        for raw in others:
            held = [self.made.get(given.txid, ()) for given in raw.inputs]
            if any(given.output >= len(values) for given, values in zip(raw.inputs, held, strict=True)):
                return True
            given = sum(values[spent.output] for spent, values in zip(raw.inputs, held, strict=True))
            fees += given - sum(self.made[raw.txid])
        most, taken = reward(placed.height) + fees, sum(self.made[first.txid])
        if taken <= most:
            return True
        says = f"pays its miner {taken} satoshi, and reward and fees are {most}"
        place = Place(self.book.source.name, "", placed.row)
        self.book.fail(self._pointer(placed), header.hash, [RewardTooHigh(header.hash, place, says=says)])
        self.refused.add(header.hash)
        return False

    def _refuse(self, placed: Placed, *faults: str) -> None:
        self.refused.add(placed.block.header.hash)
        _refuse(self.book, self._pointer(placed), placed.block.header.hash, *faults)

    def _pointer(self, placed: Placed, number: int = 0) -> Pointer:
        return Pointer(self.book.source.sha256, f"block {placed.row}" if number else "", number or placed.row)

    def _stale(self, placed: Placed, rival: Placed | None, statement: str) -> None:
        hash = placed.block.header.hash
        other = rival.block.header.hash if rival else "another block"
        says = f"is off the branch with the most work: {other} counts in its place"
        self.remarks.append(StaleBlock(hash, Place(self.book.source.name, "", placed.row), says=says))
        if not self.counted:
            self.counted = {each.txid for block in self.branches.chain for each in block.block.transactions}
        for number, raw in enumerate(placed.block.transactions, 1):
            if raw.txid not in self.counted:
                total = str(sum(out.value for out in raw.outputs))
                reason = f"its block {hash} is off the branch with the most work"
                self.book.leave(self._pointer(placed, number), raw.txid, statement, total, reason)

    def _book(self, placed: Placed, statement: str) -> None:
        header = placed.block.header
        named = (f"block {header.hash}",)
        first = (*named, f"follows {header.previous}", f"work {header.work}")
        for position, raw in enumerate(placed.block.transactions):
            if placed.height is None:
                self.unplaced += 1
            self.book.transactions.append(
                ChainTransaction(
                    pointer=self._pointer(placed, position + 1),
                    txid=raw.txid,
                    time=placed.moment,
                    time_text=str(header.time),
                    height=placed.height,
                    position=position if placed.height is not None else min(self.unplaced, PLACES - 1),
                    inputs=() if raw.is_coinbase else _inputs(raw),
                    outputs=tuple(Made(out.value, address_of_script(out.script)) for out in raw.outputs),
                    statement=statement,
                    references=named if position else first,
                )
            )


def _inputs(raw: RawTransaction) -> tuple[Spent, ...]:
    return tuple(Spent(given.txid, given.output) for given in raw.inputs)


def _span(chain: list[Placed]) -> str:
    """Which blocks a statement is of, and the work in them."""
    work = sum(placed.block.header.work for placed in chain)
    first, last = chain[0], chain[-1]
    count = f"{len(chain):,} blocks" if len(chain) > 1 else "block"
    heights = f" {first.height} to {last.height}" if len(chain) > 1 else f" {first.height}"
    named = heights if first.height is not None and last.height is not None else ""
    return f"{count}{named}, last {last.block.header.hash}, work 2^{work.bit_length() - 1}"
