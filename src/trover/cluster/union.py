"""Union-find: addresses that are linked end under one root, which is the one with the lowest number.

Each kernel is written once as plain Python. Small views run it so; from `LARGE` inputs on it is compiled by Numba
(cached between runs). Both give the same roots, because the lowest number always wins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from trover.cluster.view import UNKNOWN, ChainView, Flags, Ints, Numbers

LARGE = 200_000
"""Inputs from which loading the compiled kernels pays."""
NONE = np.uint32(2**32 + UNKNOWN)
"""`UNKNOWN` without sign."""


def _join_inputs(parent: Any, first: Any, address: Any, linking: Any, none: Any) -> None:
    """All input addresses of each linking transaction under one root; `none` stands for an unknown address."""
    for tx in range(len(linking)):
        if not linking[tx]:
            continue
        root = none
        for row in range(first[tx], first[tx + 1]):
            at = address[row]
            if at == none:
                continue
            up = parent[at]
            while up != at:
                parent[at] = at = parent[up]
                up = parent[at]
            if at == root:
                continue
            if root == none:
                root = at
            elif at < root:
                parent[root] = at
                root = at
            else:
                parent[at] = root


def _join_pairs(parent: Any, left: Any, right: Any) -> None:
    for row in range(len(left)):
        a, b = left[row], right[row]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b


def _flatten(parent: Any) -> None:
    """Every address directly under its root: a parent has a lower number, so one pass does it."""
    for at in range(len(parent)):
        parent[at] = parent[parent[at]]


@cache
def _compiled() -> tuple[Any, Any, Any]:
    import numba

    compile: Any = numba.njit(cache=True, nogil=True, boundscheck=False)
    return compile(_join_inputs), compile(_join_pairs), compile(_flatten)


def roots(view: ChainView, linking: Flags, left: Ints | None = None, right: Ints | None = None) -> Numbers:
    """Root of each address: joined by the inputs of `linking` transactions and by the pairs `left`, `right`.

    An address that nothing links is its own root.
    """
    empty = np.empty(0, np.int64)
    pairs = (empty if left is None else left, empty if right is None else right)
    if len(view.in_address) + len(pairs[0]) >= LARGE:
        return joined(len(view.addresses), view.in_first, view.in_address, linking, *pairs)
    plain = list(range(len(view.addresses)))
    _join_inputs(plain, view.in_first.tolist(), view.in_address.tolist(), linking.tolist(), UNKNOWN)
    _join_pairs(plain, pairs[0].tolist(), pairs[1].tolist())
    _flatten(plain)
    return np.array(plain, np.int32)


def joined(addresses: int, first: Ints, address: Numbers, linking: Flags, left: Ints, right: Ints) -> Numbers:
    """The same by the compiled kernels. Numbers without sign, so that no index is tested for being negative."""
    join_inputs, join_pairs, flatten = _compiled()
    parent = np.arange(addresses, dtype=np.uint32)
    join_inputs(parent, first.view(np.uint64), address.view(np.uint32), linking, NONE)
    join_pairs(parent, left.astype(np.uint32), right.astype(np.uint32))
    flatten(parent)
    return parent.view(np.int32)
