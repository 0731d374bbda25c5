"""One job in a process of its own, so that its memory is its own; prints its figures as JSON.

`python -m benchmarks.one floor|scan|reach|RULE FILE EVENTS RUNS THEFT`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median


def timed(job: Callable[[], object], runs: int) -> list[float]:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return seconds


def floor(path: Path, events: int) -> Callable[[], object]:
    """Both balances of each transfer updated: what no tracing can beat."""
    import numba
    import numpy as np
    import pyarrow.parquet as pq

    from benchmarks.ledger import accounts_for

    @numba.njit(nogil=True)
    def touch(balance, payer, payee, amount):  # type: ignore[no-untyped-def]
        for row in range(len(payer)):
            balance[payer[row]] -= amount[row]
            balance[payee[row]] += amount[row]

    table = pq.read_table(path)
    columns = [table[name].combine_chunks().to_numpy() for name in ("payer", "payee", "amount")]
    balance = np.zeros(accounts_for(events), np.int64)
    touch(balance, *columns)
    return lambda: touch(balance, *columns)


def reach(path: Path, events: int, theft: float) -> float:
    """Share of the transfers that touch an account to which money of the theft can have come."""
    import numba
    import numpy as np
    import pyarrow.parquet as pq

    from benchmarks.ledger import accounts_for, theft_at

    @numba.njit(nogil=True)
    def spread(touched, payer, payee, start):  # type: ignore[no-untyped-def]
        count = 0
        touched[payee[start]] = True
        for row in range(start, len(payer)):
            if touched[payer[row]]:
                touched[payee[row]] = True
            count += touched[payer[row]] or touched[payee[row]]
        return count

    table = pq.read_table(path, columns=["payer", "payee"])
    columns = [table[name].combine_chunks().to_numpy() for name in ("payer", "payee")]
    touched = np.zeros(accounts_for(events), np.bool_)
    return float(spread(touched, *columns, theft_at(events, theft)) / events)


def scan(path: Path, events: int) -> Callable[[], object]:
    """DuckDB reading the same three columns on one thread."""
    import duckdb

    base = duckdb.connect(config={"threads": 1})
    return lambda: base.execute(
        "select sum(payer), sum(payee), sum(amount) from read_parquet(?)", [str(path)]
    ).fetchall()


def trace(path: Path, events: int, rule_id: str, theft: float) -> tuple[Callable[[], object], dict[str, object]]:
    from benchmarks.ledger import load
    from trover.trace import engines
    from trover.trace.rules import LotRule, rule

    start = time.perf_counter()
    ledger, facts = load(path, events, theft)
    chosen = rule(rule_id)
    assert isinstance(chosen, LotRule)
    loaded = time.perf_counter()
    first = engines.trace(ledger, facts, chosen, engine="compiled")
    figures: dict[str, object] = {"load": loaded - start, "first": time.perf_counter() - loaded, "engine": first.engine}
    return lambda: engines.trace(ledger, facts, chosen, engine="compiled"), figures


def main() -> None:
    job, path, events, runs, theft = sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:5]), float(sys.argv[5])
    figures: dict[str, object] = {}
    if job == "floor":
        run = floor(path, events)
    elif job == "scan":
        run = scan(path, events)
    elif job == "reach":
        print(json.dumps({"job": job, "reached": reach(path, events, theft)}))
        return
    else:
        run, figures = trace(path, events, job, theft)
    seconds = timed(run, runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        json.dumps(
            {"job": job, **figures, "seconds": median(seconds) if seconds else 0.0, "runs": seconds, "peak": peak}
        )
    )


if __name__ == "__main__":
    main()
