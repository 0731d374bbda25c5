"""Integers of 128 bits are Python's integers, at the edges and between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trover.trace.arithmetic import NANO, apportion, half_even
from trover.trace.compiled import shares, wide
from trover.trace.compiled.arena import Lots

WORD = 1 << 64
EDGES = [0, 1, 2, NANO, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**96, 2**126, 2**127 - 1]
WIDE = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**32), st.integers(0, 2**64), st.integers(0, 2**127 - 1))
U64 = st.one_of(st.sampled_from([edge for edge in EDGES if edge < WORD]), st.integers(0, WORD - 1))


def words(*values: int) -> list[np.uint64]:
    return [np.uint64(word) for value in values for word in ((value >> 64) % WORD, value % WORD)]


def whole(high: Any, low: Any) -> int:
    return (int(high) << 64) + int(low)


def called(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Something Python can call for a function that only kernels call."""
    names = ", ".join(f"a{number}" for number in range(count))
    scope: dict[str, Any] = {"function": function}
    exec(f"def call({names}):\n    return function({names})", scope)
    compiled: Callable[..., Any] = numba.njit(scope["call"])
    return compiled


ADD, SUBTRACT, LESS = called(wide.add, 4), called(wide.subtract, 4), called(wide.less, 4)
MULTIPLY, DIVIDE, RATIO = called(wide.multiply, 2), called(wide.divide, 3), called(wide.ratio, 6)
TO_NANO, TO_MINOR = called(wide.to_nano, 2), called(wide.to_minor, 2)


@given(WIDE, WIDE)
def test_sums_and_order(a: int, b: int) -> None:
    assert whole(*ADD(*words(a, b))) == a + b
    assert whole(*SUBTRACT(*words(a, b))) == (a - b) % (1 << 128)
    assert LESS(*words(a, b)) == (a < b)


@given(U64, U64)
def test_products(a: int, b: int) -> None:
    assert whole(*MULTIPLY(np.uint64(a), np.uint64(b))) == a * b


@given(U64, U64, U64.filter(bool))
def test_quotients(high: int, low: int, divisor: int) -> None:
    high %= divisor
    found = DIVIDE(np.uint64(high), np.uint64(low), np.uint64(divisor))
    assert tuple(map(int, found)) == divmod((high << 64) + low, divisor)


@given(st.integers(0, 2**97))
def test_nano_and_minor(minor: int) -> None:
    assert whole(*TO_NANO(*words(minor))) == minor * NANO
    high, low, rest = TO_MINOR(*words(minor * NANO + 7))
    assert (whole(high, low), int(rest)) == (minor, 7)


@given(WIDE, WIDE, WIDE.filter(bool))
@example(2**127 - 1, 2**127 - 1, 2**127 - 1)
@example(3, 1, 2)
@example(2**64, 5, 10)
def test_ratio(part: int, target: int, total: int) -> None:
    exact = half_even(part * target, total)
    if exact >= 1 << 127:
        return
    high, low, direction = RATIO(*words(part, target, total))
    assert whole(high, low) == exact
    above = part * target - exact * total
    assert direction == (above > 0) - (above < 0)


APPORTION = called(shares.apportion, 7)


def arena(parts: list[int]) -> Lots:
    """A list of cells with these quantities, one owner each, from cell 0 on."""
    cell = np.zeros((4 * len(parts) + 8, 4), np.int64)
    for number, part in enumerate(parts):
        high, low = words(part)
        after = number + 1 if number + 1 < len(parts) else -1
        cell[number] = number, after, low.astype(np.int64), high.astype(np.int64)
    at = np.array([-1, len(parts), len(parts), -1, 0, 0, 0], np.int64)
    return Lots(cell, np.zeros((8, 4), np.int64), at, np.array([len(parts)], np.int64))


@given(st.lists(st.integers(1, 2**90), min_size=1, max_size=9), st.data())
def test_apportion(parts: list[int], data: st.DataObject) -> None:
    total = sum(parts)
    scale = data.draw(st.sampled_from([1, NANO]))
    target = data.draw(st.integers(1, total)) * scale
    parts = [part * scale for part in parts]
    total *= scale
    if total >= 1 << 126:
        return
    m = arena(parts)
    cell = APPORTION(m, 0, 0, *words(target, total))
    found = dict.fromkeys(range(len(parts)), 0)
    while cell != -1:
        owner, cell, low, high = (int(value) for value in m.cell[cell])
        found[owner] = (high << 64) + low % WORD
    assert list(found.values()) == apportion(parts, target)


def test_edges_are_exhausted() -> None:
    edges = [edge for edge in EDGES if edge]
    for part in edges:
        for target in edges:
            for total in edges:
                if half_even(part * target, total) < 1 << 127:
                    high, low, _ = RATIO(*words(part, target, total))
                    assert whole(high, low) == half_even(part * target, total)


@pytest.mark.parametrize("value", [0, 1, 2**64 - 1])
def test_zero_of_anything_is_zero(value: int) -> None:
    assert whole(*RATIO(*words(0, value, 7))[:2]) == 0
