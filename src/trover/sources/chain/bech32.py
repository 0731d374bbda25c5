"""Bech32 and bech32m (BIP-173, BIP-350): a prefix, a witness version, and a program under a checksum of six signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {sign: value for value, sign in enumerate(CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
LONGEST = 90
CHECKSUM = 6


class Variant(IntEnum):
    """Which constant the checksum leaves."""

    BECH32 = 1
    BECH32M = 0x2BC830A3


def encode(prefix: str, values: Sequence[int], variant: Variant) -> str:
    """`values` (5 bits each) under `prefix`, in lower case."""
    left = _polymod([*_expanded(prefix), *values, *[0] * CHECKSUM]) ^ variant
    checksum = [left >> 5 * (CHECKSUM - 1 - i) & 31 for i in range(CHECKSUM)]
    return f"{prefix}1" + "".join(CHARSET[value] for value in (*values, *checksum))


def decode(text: str) -> tuple[str, list[int], Variant]:
    """Prefix, values of 5 bits and variant of `text`. Raises `ValueError` saying what is wrong."""
    if any(not 33 <= ord(sign) <= 126 for sign in text):
        raise ValueError("holds a sign that bech32 does not have")
    if text != text.lower() and text != text.upper():
        raise ValueError("mixes capitals and small letters")
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    prefix, separator, data = text.lower().rpartition("1")
    if not separator or not prefix:
        raise ValueError("has no prefix")
    if len(data) < CHECKSUM:
        raise ValueError("is too short for its checksum")
    for sign in data:
        if sign not in _VALUE:
            raise ValueError(f"holds {sign!r}, which bech32 does not have")
    values = [_VALUE[sign] for sign in data]
    left = _polymod([*_expanded(prefix), *values])
    if left not in (Variant.BECH32, Variant.BECH32M):
        raise ValueError("fails its checksum")
    return prefix, values[:-CHECKSUM], Variant(left)


def to_bytes(values: Iterable[int]) -> bytes:
    """Groups of 5 bits to bytes. Raises `ValueError` where what is left over is not padding."""
    number = count = 0
    for value in values:
        number, count = number << 5 | value, count + 5
    over = count % 8
    if over > 4 or number & (1 << over) - 1:
        raise ValueError("is padded wrongly")
    return (number >> over).to_bytes(count // 8, "big")


def to_values(data: bytes) -> list[int]:
    """Bytes to groups of 5 bits, the last filled up with zeros."""
    groups = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << groups * 5 - len(data) * 8
    return [number >> 5 * (groups - 1 - i) & 31 for i in range(groups)]


def _expanded(prefix: str) -> list[int]:
    return [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]


def _mixed(top: int) -> int:
    """What the five bits that leave the checksum add to it."""
    mixed = 0
    for bit, generator in enumerate(_GENERATOR):
        if top >> bit & 1:
            mixed ^= generator
    return mixed


_MIXED = tuple(map(_mixed, range(32)))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _MIXED[check >> 25]
    return check
