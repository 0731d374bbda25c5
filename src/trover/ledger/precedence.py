"""An order of things of which some must come before others."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping


def kept(after: Mapping[int, set[int]], nodes: Iterable[int]) -> tuple[list[int], set[int]]:
    """`nodes` in an order that keeps `after` (node -> nodes that must come after it), and those it has to leave out.

    Where there is a choice the smallest comes first. Left out are nodes on a circle, and what comes after them.
    """
    waiting = dict.fromkeys(nodes, 0)
    for several in after.values():
        for node in several:
            waiting[node] += 1
    ready = [node for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        node = heapq.heappop(ready)
        order.append(node)
        for behind in after.get(node, ()):
            waiting[behind] -= 1
            if not waiting[behind]:
                heapq.heappush(ready, behind)
    return order, waiting.keys() - set(order)
