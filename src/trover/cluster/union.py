"""Union-find: addresses that are linked end under one root, which is the one with the lowest number.

Each kernel is written once as plain Python. Small views run it so; from `LARGE` inputs on it is compiled by Numba
(cached between runs). Both give the same roots, because the lowest number always wins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from trover.cluster.view import ChainView, Flags, Ints, Numbers

LARGE = 200_000
"""Inputs from which loading the compiled kernels pays."""


def _join_inputs(parent: Any, first: Any, address: Any, linking: Any) -> None:
    """All input addresses of each linking transaction under one root."""
    for tx in range(len(linking)):
        if not linking[tx]:
            continue
        root = -1
        for row in range(first[tx], first[tx + 1]):
            at = address[row]
            if at < 0:
                continue
            while parent[at] != at:
                parent[at] = parent[parent[at]]
                at = parent[at]
            if root < 0 or at == root:
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
    none = np.empty(0, np.int64)
    pairs = (none if left is None else left, none if right is None else right)
    parent = np.arange(len(view.addresses), dtype=np.int32)
    if len(view.in_address) + len(pairs[0]) >= LARGE:
        join_inputs, join_pairs, flatten = _compiled()
        join_inputs(parent, view.in_first, view.in_address, linking)
        join_pairs(parent, *pairs)
        flatten(parent)
        return parent
    plain = parent.tolist()
    _join_inputs(plain, view.in_first.tolist(), view.in_address.tolist(), linking.tolist())
    _join_pairs(plain, pairs[0].tolist(), pairs[1].tolist())
    _flatten(plain)
    return np.array(plain, np.int32)
