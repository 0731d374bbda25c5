"""Integers of 128 bits as two 64-bit words, high word first, and products of 256 bits where a ratio needs them.

Words are unsigned (`np.uint64`); a negative number is its two's complement. Denominators stay below 2^127.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trover.trace.arithmetic import NANO
from trover.trace.compiled.jit import jit

Word = Any
"""`np.uint64`; typed loosely because compiled code does arithmetic on bare words."""

ZERO, ONE = np.uint64(0), np.uint64(1)
HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)
TOP = np.uint64(1 << 63)
BITS = np.uint64(64)
MINOR = np.uint64(NANO)


@jit
def add(ah: Word, al: Word, bh: Word, bl: Word) -> tuple[Word, Word]:
    low = al + bl
    return ah + bh + (ONE if low < al else ZERO), low


@jit
def subtract(ah: Word, al: Word, bh: Word, bl: Word) -> tuple[Word, Word]:
    return ah - bh - (ONE if al < bl else ZERO), al - bl


@jit
def less(ah: Word, al: Word, bh: Word, bl: Word) -> bool:
    return bool(ah < bh or (ah == bh and al < bl))


@jit
def multiply(a: Word, b: Word) -> tuple[Word, Word]:
    """The 128-bit product of two words."""
    a1, a0, b1, b0 = a >> HALF, a & LOW, b >> HALF, b & LOW
    low = a0 * b0
    middle = a1 * b0 + (low >> HALF)
    other = a0 * b1 + (middle & LOW)
    return a1 * b1 + (middle >> HALF) + (other >> HALF), (other << HALF) | (low & LOW)


@jit
def _leading_zeros(word: Word) -> Word:
    count = ZERO
    for step in (32, 16, 8, 4, 2, 1):
        width = np.uint64(step)
        if word >> (BITS - width) == ZERO:
            word = word << width
            count += width
    return count


@jit
def _digit(high: Word, next_digit: Word, divisor: Word) -> Word:
    """One 32-bit digit of a schoolbook division; `divisor` has its top bit set."""
    d1, d0 = divisor >> HALF, divisor & LOW
    guess = high // d1
    rest = high - guess * d1
    while guess > LOW or guess * d0 > ((rest << HALF) | next_digit):
        guess -= ONE
        rest += d1
        if rest > LOW:
            break
    return guess


@jit
def divide(high: Word, low: Word, divisor: Word) -> tuple[Word, Word]:
    """Quotient and remainder of 128 bits by a word; `high` < `divisor`, so that the quotient is a word."""
    if high == ZERO:
        return low // divisor, low % divisor
    shift = _leading_zeros(divisor)
    if shift:
        divisor = divisor << shift
        high = (high << shift) | (low >> (BITS - shift))
        low = low << shift
    first = _digit(high, low >> HALF, divisor)
    high = ((high << HALF) | (low >> HALF)) - first * divisor
    second = _digit(high, low & LOW, divisor)
    rest = ((high << HALF) | (low & LOW)) - second * divisor
    return (first << HALF) | second, rest >> shift


@jit
def to_nano(high: Word, low: Word) -> tuple[Word, Word]:
    """Minor units as nano units."""
    if high == ZERO and low <= LOW:
        return ZERO, low * MINOR
    carried, result = multiply(low, MINOR)
    return high * MINOR + carried, result


@jit
def to_minor(high: Word, low: Word) -> tuple[Word, Word, Word]:
    """Nano units as whole minor units and the nano units left over."""
    first, rest = high // MINOR, high % MINOR
    second, rest = divide(rest, low, MINOR)
    return first, second, rest


@jit
def _round(qh: Word, ql: Word, rh: Word, rl: Word, dh: Word, dl: Word) -> tuple[Word, Word, int]:
    """Half to even; and 1 where the exact value is above the result, -1 where it is below, 0 where it is the result."""
    if rh == ZERO and rl == ZERO:
        return qh, ql, 0
    oh, ol = subtract(dh, dl, rh, rl)
    if less(oh, ol, rh, rl) or (oh == rh and ol == rl and ql & ONE == ONE):
        qh, ql = add(qh, ql, ZERO, ONE)
        return qh, ql, -1
    return qh, ql, 1


@jit
def _long_ratio(ph: Word, pl: Word, th: Word, tl: Word, dh: Word, dl: Word) -> tuple[Word, Word, int]:
    """The same for wide `t` or `d`: a 256-bit product, divided bit by bit."""
    p1, p0 = multiply(pl, tl)
    p3, p2 = multiply(ph, th)
    for a, b in ((ph, tl), (pl, th)):
        high, low = multiply(a, b)
        carried, p1 = add(high, low, ZERO, p1)
        if carried < high:
            p3 += ONE
        carry, p2 = add(ZERO, p2, ZERO, carried)
        p3 += carry
    qh, ql, rh, rl = ZERO, ZERO, ZERO, ZERO
    for word in (p3, p2, p1, p0):
        if word == ZERO and rh == ZERO and rl == ZERO and qh == ZERO and ql == ZERO:
            continue
        for _ in range(64):
            rh, rl = (rh << ONE) | (rl >> (BITS - ONE)), (rl << ONE) | (word >> (BITS - ONE))
            word = word << ONE
            qh, ql = (qh << ONE) | (ql >> (BITS - ONE)), ql << ONE
            if not less(rh, rl, dh, dl):
                rh, rl = subtract(rh, rl, dh, dl)
                ql |= ONE
    return _round(qh, ql, rh, rl, dh, dl)


@jit
def ratio(ph: Word, pl: Word, th: Word, tl: Word, dh: Word, dl: Word) -> tuple[Word, Word, int]:
    """`p * t / d` rounded half to even, and the direction of the exact value from it (see `_round`)."""
    if th != ZERO or dh != ZERO:
        return _long_ratio(ph, pl, th, tl, dh, dl)
    if ph == ZERO and tl <= dl and dl <= LOW:
        times = pl // dl
        rest = (pl - times * dl) * tl
        more = rest // dl
        return _round(ZERO, times * tl + more, ZERO, rest - more * dl, ZERO, dl)
    p1, p0 = multiply(pl, tl)
    rest = ZERO
    if ph != ZERO:
        carried, middle = multiply(ph, tl)
        carried, p1 = add(carried, middle, ZERO, p1)
        rest = carried % dl
    high, rest = divide(rest, p1, dl)
    low, rest = divide(rest, p0, dl)
    return _round(high, low, ZERO, rest, ZERO, dl)
