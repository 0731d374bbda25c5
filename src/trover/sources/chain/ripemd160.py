"""RIPEMD-160, which many builds of OpenSSL leave out: half of the hash in an address of Bitcoin.

Source: Dobbertin, Bosselaers, Preneel, RIPEMD-160: A Strengthened Version of RIPEMD (1996).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_MASK = (1 << 32) - 1
_RHO = (7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8)
_SHIFTS = (
    (11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8),
    (12, 13, 11, 15, 6, 9, 9, 7, 12, 15, 11, 13, 7, 8, 7, 7),
    (13, 15, 14, 11, 7, 7, 6, 8, 13, 14, 13, 12, 5, 5, 6, 9),
    (14, 11, 12, 14, 8, 6, 5, 5, 15, 12, 15, 14, 9, 9, 8, 6),
    (15, 12, 13, 13, 9, 5, 8, 6, 14, 11, 12, 11, 8, 6, 5, 5),
)
_LEFT_ADDED = (0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E)
_RIGHT_ADDED = (0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0)
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)


def _orders() -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """Which word each step takes, round by round, on the left and on the right line."""
    left, right = [tuple(range(16))], [tuple((9 * i + 5) % 16 for i in range(16))]
    for line in (left, right):
        for _ in range(4):
            line.append(tuple(_RHO[word] for word in line[-1]))
    return tuple(left), tuple(right)


_LEFT, _RIGHT = _orders()
_MIXERS: tuple[Callable[[int, int, int], int], ...] = (
    lambda x, y, z: x ^ y ^ z,
    lambda x, y, z: x & y | ~x & z,
    lambda x, y, z: (x | ~y & _MASK) ^ z,
    lambda x, y, z: x & z | y & ~z,
    lambda x, y, z: x ^ (y | ~z & _MASK),
)


def computed(data: bytes) -> bytes:
    """The 20 bytes, by the steps of the paper."""
    size = len(data) * 8
    padded = data + b"\x80" + b"\x00" * (-(len(data) + 9) % 64) + size.to_bytes(8, "little")
    state = _START
    for start in range(0, len(padded), 64):
        block = padded[start : start + 64]
        words = [int.from_bytes(block[at : at + 4], "little") for at in range(0, 64, 4)]
        a = _line(state, words, _LEFT, _LEFT_ADDED, range(5))
        b = _line(state, words, _RIGHT, _RIGHT_ADDED, range(4, -1, -1))
        state = tuple((state[i] + a[i - 4] + b[i - 3]) & _MASK for i in (1, 2, 3, 4, 0))  # type: ignore[assignment]
    return b"".join(word.to_bytes(4, "little") for word in state)


def _line(
    state: tuple[int, ...], words: list[int], orders: tuple[tuple[int, ...], ...], added: tuple[int, ...], mixers: range
) -> tuple[int, ...]:
    a, b, c, d, e = state
    for round_number, mixer in enumerate(mixers):
        mix, constant, shifts = _MIXERS[mixer], added[round_number], _SHIFTS[round_number]
        for word in orders[round_number]:
            total = (a + mix(b, c, d) + words[word] + constant) & _MASK
            bits = shifts[word]
            total = (total << bits | total >> 32 - bits) + e & _MASK
            a, b, c, d, e = e, total, b, (c << 10 | c >> 22) & _MASK, d
    return a, b, c, d, e


def _library(data: bytes) -> bytes:
    return hashlib.new("ripemd160", data, usedforsecurity=False).digest()


def _chosen() -> Callable[[bytes], bytes]:
    try:
        _library(b"")
    except ValueError:
        return computed
    return _library


ripemd160 = _chosen()
