"""How fast addresses are joined: the same inputs for every union-find, one after another in one process.

    python -m benchmarks.cluster [INPUTS] [RUNS]

Beside Trover's kernel stand GraphSense's union-find (graphsense-clustering, Rust, MIT) and SciPy's connected
components (BSD), where they are installed (both are development dependencies). The inputs are made: transactions of
one to many inputs, most from addresses seen lately, some from old ones, a few merging large wallets. All must
find the same clusters. Conversion into each library's own form is not counted; each runs on what it takes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from trover.cluster import union
from trover.cluster.view import Flags, Ints, Numbers


def inputs(number: int, seed: int = 1) -> tuple[Ints, Numbers, int]:
    """Where each transaction's inputs begin, the address of each, and how many addresses there are."""
    chance = np.random.default_rng(seed)
    sizes = np.minimum(chance.zipf(2.0, number), 600)
    ends = np.cumsum(sizes)
    sizes = sizes[: int(np.searchsorted(ends, number)) + 1]
    first = np.concatenate(([0], np.cumsum(sizes)))
    rows = int(first[-1])
    many = int(rows * 0.7)
    wallet = np.repeat(np.arange(len(sizes)) * many // len(sizes), sizes)
    address = wallet + np.abs(chance.normal(0, 3, rows)).astype(np.int64)
    old = chance.random(rows) < 0.02
    address[old] = (chance.random(int(old.sum())) ** 2 * many).astype(np.int64)
    return first, np.minimum(address, many - 1).astype(np.int32), many


def trover(first: Ints, address: Numbers, many: int) -> Callable[[], Any]:
    linking: Flags = np.diff(first) > 1
    none = np.empty(0, np.int64)
    return lambda: union.joined(many, first, address, linking, none, none)


def graphsense(first: Ints, address: Numbers, many: int) -> Callable[[], Any]:
    import pyarrow as pa
    from gs_clustering import Clustering

    several = np.flatnonzero(np.diff(first) > 1)
    groups = pa.ListArray.from_arrays(pa.array(first, pa.int32()), pa.array(address.astype(np.uint32)))
    batch = groups.take(pa.array(several))

    def run() -> Any:
        clustering = Clustering(max_address_id=many - 1)
        clustering.process_transactions_arrow(batch)
        return clustering.get_mapping()["cluster_id"].to_numpy()

    return run


def scipy(first: Ints, address: Numbers, many: int) -> Callable[[], Any]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    begins = np.repeat(address[first[:-1]], np.diff(first))
    edges = coo_array((np.ones(len(address), np.int8), (begins, address)), shape=(many, many)).tocsr()
    return lambda: connected_components(edges, directed=False)[1]


def clusters(labels: Any) -> int:
    return len(np.unique(np.asarray(labels)))


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    made = inputs(number)
    print(f"{len(made[1]):,} inputs of {len(made[0]) - 1:,} transactions over {made[2]:,} addresses")
    jobs: dict[str, Callable[[], Any]] = {}
    for name, make in (("trover", trover), ("graphsense-clustering", graphsense), ("scipy", scipy)):
        try:
            jobs[name] = make(*made)
        except ImportError:
            print(f"{name}: not installed")
    found = {name: clusters(job()) for name, job in jobs.items()}
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            taken[name].append(time.perf_counter() - start)
    for name, seconds in taken.items():
        middle = median(seconds)
        rate = len(made[1]) / middle / 1e6
        print(f"{name}: {middle:.3f} s (best {min(seconds):.3f}), {rate:.1f} M inputs/s, {found[name]:,} clusters")


if __name__ == "__main__":
    main()
