"""Base58 with a checksum: a version byte, a payload, and four bytes of their double SHA-256."""

from __future__ import annotations

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_PAIRS = [one + two for one in ALPHABET for two in ALPHABET]
_STEP = 58**10
"""Ten signs at a time: dividing a long number costs more than dividing a short one ten times."""
LONGEST = 112
"""Characters of the longest text looked at: an extended key has 111."""


def encode(payload: bytes) -> str:
    """`payload` (version byte first) as text with its checksum."""
    data = payload + _checksum(payload)
    number = int.from_bytes(data, "big")
    pairs = []
    while number:
        number, low = divmod(number, _STEP)
        for _ in range(5):
            low, pair = divmod(low, 58 * 58)
            pairs.append(_PAIRS[pair])
    zeros = len(data) - len(data.lstrip(b"\x00"))
    return ALPHABET[0] * zeros + "".join(reversed(pairs)).lstrip(ALPHABET[0])


def decode(text: str) -> bytes:
    """The payload of `text`, version byte first. Raises `ValueError` saying what is wrong."""
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    number = 0
    for sign in text:
        value = _VALUE.get(sign)
        if value is None:
            raise ValueError(f"holds {sign!r}, which base58 does not have")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    data = b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) < 5:
        raise ValueError("is too short for an address")
    if _checksum(data[:-4]) != data[-4:]:
        raise ValueError("fails its checksum")
    return data[:-4]


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
