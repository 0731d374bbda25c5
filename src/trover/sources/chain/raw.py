"""The wire format of Bitcoin transactions: bytes to fields and back, and the id that the fields give.

Source: the protocol as Bitcoin Core serialises it; segregated witness as BIP-144.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import Struct

_U16, _U32, _U64, _I32, _I64 = (Struct(f"<{code}") for code in "HIQiq")
NO_OUTPUT = 0xFFFFFFFF
NOTHING = "0" * 64
"""The id that a coinbase names as the transaction it spends."""


class Broken(ValueError):
    """Bytes that are no transaction or block; the text says at which byte and why."""


@dataclass(frozen=True, slots=True)
class RawInput:
    """`txid` and `output` name what is spent; `script` unlocks it (in a coinbase it is free text)."""

    txid: str
    output: int
    script: bytes
    sequence: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class RawOutput:
    """`value` in satoshi, as it stands there."""

    value: int
    script: bytes


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """The fields of one transaction. `witness`: the bytes that its id leaves out, empty where there are none."""

    txid: str
    version: int
    inputs: tuple[RawInput, ...]
    outputs: tuple[RawOutput, ...]
    locktime: int
    witness: bytes = b""
    wtxid: bytes = b""
    """Hash of all its bytes, as the witness commitment of a block takes it; not reversed."""

    @property
    def is_coinbase(self) -> bool:
        first = self.inputs[0]
        return len(self.inputs) == 1 and first.output == NO_OUTPUT and first.txid == NOTHING


def double_sha256(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def id_text(digest: bytes) -> str:
    """A hash as people write it: reversed, in hexadecimal."""
    return digest[::-1].hex()


def txid_of(version: int, inputs: Iterable[RawInput], outputs: Iterable[RawOutput], locktime: int) -> str:
    """The id that these fields give. Raises `ValueError` for fields that have no such bytes."""
    ins, outs = list(inputs), list(outputs)
    if not -(2**31) <= version < 2**32 or not 0 <= locktime < 2**32:
        raise ValueError("version or locktime has more than four bytes")
    parts = [(version & 0xFFFFFFFF).to_bytes(4, "little"), count_bytes(len(ins))]
    for given in ins:
        if not (0 <= given.output < 2**32 and 0 <= given.sequence < 2**32):
            raise ValueError("the number of an output has more than four bytes")
        parts += [bytes.fromhex(given.txid)[::-1], _U32.pack(given.output), count_bytes(len(given.script))]
        parts += [given.script, _U32.pack(given.sequence)]
    parts.append(count_bytes(len(outs)))
    for made in outs:
        if not -(2**63) <= made.value < 2**63:
            raise ValueError("a value has more than eight bytes")
        parts += [_I64.pack(made.value), count_bytes(len(made.script)), made.script]
    parts.append(_U32.pack(locktime))
    return id_text(double_sha256(b"".join(parts)))


def count_bytes(count: int) -> bytes:
    """A count in one, three, five or nine bytes."""
    if count < 0xFD:
        return bytes((count,))
    if count <= 0xFFFF:
        return b"\xfd" + _U16.pack(count)
    return b"\xfe" + _U32.pack(count) if count <= 0xFFFFFFFF else b"\xff" + _U64.pack(count)


def read_count(data: bytes, at: int) -> tuple[int, int]:
    """A count and where it ends. Raises `Broken`, also for one that is written longer than it must be."""
    try:
        first = data[at]
        if first < 0xFD:
            return first, at + 1
        size = 1 << first - 0xFC
        number = int.from_bytes(data[at + 1 : at + 1 + size], "little")
    except IndexError:
        raise Broken(f"byte {at}: it ends where a count begins") from None
    if at + 1 + size > len(data):
        raise Broken(f"byte {at}: it ends inside a count")
    if number < (0xFD, 0x10000, 0x100000000)[first - 0xFD]:
        raise Broken(f"byte {at}: a count is written longer than it must be")
    return number, at + 1 + size


def read_transaction(data: bytes, at: int = 0) -> tuple[RawTransaction, int]:
    """The transaction that begins at byte `at`, and where it ends. Raises `Broken`."""
    start = at
    has_witness = data[at + 4 : at + 6] == b"\x00\x01"
    at += 6 if has_witness else 4
    body = at
    inputs, at = _inputs(data, at)
    outputs, at = _outputs(data, at)
    end = at
    if has_witness:
        at = _skip_witness(data, at, len(inputs))
    if at + 4 > len(data):
        raise Broken(f"byte {at}: it ends inside a transaction")
    if not inputs or not outputs:
        raise Broken(f"byte {start}: a transaction without {'outputs' if inputs else 'inputs'}")
    whole = double_sha256(data[start : at + 4])
    digest = double_sha256(data[start : start + 4] + data[body:end] + data[at : at + 4]) if has_witness else whole
    witness = data[end:at] if has_witness else b""
    version, locktime = _I32.unpack_from(data, start)[0], _U32.unpack_from(data, at)[0]
    return RawTransaction(id_text(digest), version, inputs, outputs, locktime, witness, whole), at + 4


def _inputs(data: bytes, at: int) -> tuple[tuple[RawInput, ...], int]:
    count, at = read_count(data, at)
    _fits(data, at, count, 41)
    found = []
    for _ in range(count):
        txid = data[at : at + 32][::-1].hex()
        size, begin = read_count(data, at + 36)
        end = begin + size
        if end + 4 > len(data):
            raise Broken(f"byte {at}: it ends inside an input")
        found.append(
            RawInput(txid, _U32.unpack_from(data, at + 32)[0], data[begin:end], _U32.unpack_from(data, end)[0])
        )
        at = end + 4
    return tuple(found), at


def _outputs(data: bytes, at: int) -> tuple[tuple[RawOutput, ...], int]:
    count, at = read_count(data, at)
    _fits(data, at, count, 9)
    found = []
    for _ in range(count):
        size, begin = read_count(data, at + 8)
        end = begin + size
        if end > len(data):
            raise Broken(f"byte {at}: it ends inside an output")
        found.append(RawOutput(_I64.unpack_from(data, at)[0], data[begin:end]))
        at = end
    return tuple(found), at


def _skip_witness(data: bytes, at: int, inputs: int) -> int:
    for _ in range(inputs):
        items, at = read_count(data, at)
        _fits(data, at, items, 1)
        for _ in range(items):
            size, at = read_count(data, at)
            at += size
    if at > len(data):
        raise Broken(f"byte {len(data)}: it ends inside a witness")
    return at


def _fits(data: bytes, at: int, count: int, least: int) -> None:
    """Refuse a count that the bytes left cannot hold, before anything is made of it."""
    if count * least > len(data) - at:
        raise Broken(f"byte {at}: {count} parts are announced and there is no room for them")


def merkle_root(leaves: Sequence[bytes]) -> tuple[bytes, bool]:
    """The root of these hashes, and whether two alike stand side by side (CVE-2012-2459: a block made longer)."""
    level, doubled = list(leaves), False
    while len(level) > 1:
        doubled |= any(level[i] == level[i + 1] for i in range(0, len(level) - 1, 2))
        if len(level) % 2:
            level.append(level[-1])
        level = [double_sha256(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
    return level[0], doubled
