"""One Bitcoin block: its header, its work, and whether header and transactions belong together.

Sources: the protocol as Bitcoin Core has it; the commitment to witnesses BIP-141; the height in the coinbase BIP-34.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trover.sources.chain.raw import (
    Broken,
    RawTransaction,
    double_sha256,
    id_text,
    merkle_root,
    read_count,
    read_transaction,
)

HEADER = 80
GENESIS = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
"""The first block of the main network."""
HALVING = 210_000
REWARD = 50 * 10**8
EASIEST = 0xFFFF << 208
"""The target of difficulty 1, above which no block of the main network is."""
COMMITMENT = bytes.fromhex("6a24aa21a9ed")
BIP34_HEIGHT = 227_836
"""From this height on every block states its height in its coinbase."""
_LEAST = {
    2009: 1, 2011: 5_000, 2012: 500_000, 2013: 10**6, 2014: 5 * 10**8, 2015: 2 * 10**10, 2016: 5 * 10**10,
    2017: 15 * 10**10, 2018: 9 * 10**11, 2019: 25 * 10**11, 2020: 6 * 10**12, 2022: 12 * 10**12, 2023: 17 * 10**12,
    2024: 30 * 10**12,
}  # fmt: skip
"""Year -> a difficulty below which no block of the main network went in that year or since: half of the least seen."""


@dataclass(frozen=True, slots=True)
class Header:
    """The 80 bytes that are hashed. `time` is the miner's clock in seconds since 1970."""

    hash: str
    previous: str
    root: bytes
    time: int
    bits: int
    version: int

    @property
    def target(self) -> int:
        """The hash must not be above it; 0 where `bits` states none."""
        size, digits = self.bits >> 24, self.bits & 0x7FFFFF
        if self.bits & 0x800000 or size > 34:
            return 0
        return digits << 8 * (size - 3) if size > 3 else digits >> 8 * (3 - size)

    @property
    def work(self) -> int:
        """How many hashes finding it took on average."""
        return 2**256 // (self.target + 1)

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """A block as read. `faults` says what is wrong with it by itself, in words."""

    header: Header
    transactions: tuple[RawTransaction, ...]
    faults: tuple[str, ...] = ()

    @property
    def stated_height(self) -> int | None:
        """The height in the coinbase, where the rule is in force that puts it there."""
        script = self.transactions[0].inputs[0].script if self.transactions else b""
        if self.header.version < 2 or not script or not 1 <= script[0] <= 5 or len(script) <= script[0]:
            return None
        height = int.from_bytes(script[1 : script[0] + 1], "little")
        return height if BIP34_HEIGHT <= height < 10**9 else None


def read_header(data: bytes) -> Header:
    """The header in the first 80 bytes of `data`."""
    return Header(
        hash=id_text(double_sha256(data[:HEADER])),
        previous=id_text(data[4:36]),
        root=data[36:68],
        time=int.from_bytes(data[68:72], "little"),
        bits=int.from_bytes(data[72:76], "little"),
        version=int.from_bytes(data[:4], "little", signed=True),
    )


def read_block(data: bytes, easiest: int = EASIEST) -> Block:
    """The block that `data` is, with all that is wrong with it. easiest: the highest target of the network.

    Raises `Broken` where the bytes are no block.
    """
    if len(data) < HEADER:
        raise Broken(f"byte {len(data)}: it ends inside a header of 80 bytes")
    header = read_header(data)
    faults = work_faults(header, easiest)
    count, at = read_count(data, HEADER)
    if count * 60 > len(data):
        raise Broken(f"byte {HEADER}: {count} transactions are announced and there is no room for them")
    found = []
    for number in range(count):
        try:
            transaction, at = read_transaction(data, at)
        except Broken as error:
            raise Broken(f"transaction {number + 1} of {count}: {error}") from None
        found.append(transaction)
    if at < len(data):
        raise Broken(f"byte {at}: {len(data) - at} bytes follow the last transaction")
    return Block(header, tuple(found), (*faults, *body_faults(header.root, found)))


def block_of_fields(
    version: int, previous: str, root: str, time: int, nonce: int, bits: int, transactions: Sequence[RawTransaction]
) -> Block:
    """The block that these fields give, with all that is wrong with it; of witnesses nothing is known."""
    data = (version & 0xFFFFFFFF).to_bytes(4, "little") + bytes.fromhex(previous)[::-1] + bytes.fromhex(root)[::-1]
    data += b"".join(number.to_bytes(4, "little") for number in (time, bits, nonce))
    header = read_header(data)
    faults = (*work_faults(header), *body_faults(header.root, transactions))
    return Block(header, tuple(transactions), faults)


def work_faults(header: Header, easiest: int = EASIEST) -> list[str]:
    """Whether the work that the header states was done, and is what a block of its time took."""
    target = header.target
    if not 0 < target <= easiest:
        return [f"states a target (bits {header.bits:08x}) that no block of this network has"]
    if int(header.hash, 16) > target:
        return ["has no proof of work: its hash is above the target it states"]
    if easiest == EASIEST:
        year = header.moment.year
        least = max((value for since, value in _LEAST.items() if since <= year), default=1)
        difficulty = EASIEST // target
        if difficulty < least:
            return [f"has work of difficulty {difficulty}, and no block of the main network of {year} had so little"]
    return []


def body_faults(root: bytes, transactions: Sequence[RawTransaction]) -> list[str]:
    """Whether these are all the transactions of the header, each once, the coinbase first and alone."""
    if not transactions:
        return ["holds no transaction"]
    computed, doubled = merkle_root([bytes.fromhex(each.txid)[::-1] for each in transactions])
    if computed != root:
        return [
            f"has the Merkle root {id_text(root)}, and its transactions give {id_text(computed)}: one was altered, "
            "lost or added"
        ]
    faults = []
    if doubled:
        faults.append("repeats transactions so that its Merkle root stays the same")
    if not transactions[0].is_coinbase or any(each.is_coinbase for each in transactions[1:]):
        faults.append("does not have one coinbase, as its first transaction")
    return faults or _witness_faults(transactions)


def _witness_faults(transactions: Sequence[RawTransaction]) -> list[str]:
    """Whether the commitment in the coinbase is that of the witnesses; without one there may be none."""
    scripts = [
        out.script for out in transactions[0].outputs if out.script.startswith(COMMITMENT) and len(out.script) >= 38
    ]
    if not scripts:
        given = any(each.witness for each in transactions)
        return ["holds witnesses and no commitment to them"] if given else []
    if not any(each.witness for each in transactions):
        return []  # its witnesses were left out, which no id notices
    reserved = transactions[0].witness
    if len(reserved) != 34 or reserved[:2] != b"\x01\x20":
        return ["has no reserved value for the commitment to its witnesses"]
    root, _ = merkle_root([bytes(32), *(each.wtxid for each in transactions[1:])])
    if double_sha256(root + reserved[2:]) != scripts[-1][6:38]:
        return ["has a commitment to witnesses that its witnesses do not give"]
    return []


def reward(height: int) -> int:
    """New satoshi that a block of `height` may make."""
    return REWARD >> height // HALVING if height // HALVING < 64 else 0
