"""How fast both sides of payments are found: a leak of 1.3 million rows over 400 accounts, in one process.

    python -m benchmarks.pair [ROWS] [ACCOUNTS]

Half of the rows are payments between accounts of the ledger, each standing on both statements: by number, by
name or by reference, one to three days apart, amounts often round. The other half goes to strangers.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from trover.ledger.event import Account, AccountKind
from trover.ledger.ledger import EVENTS, Ledger, with_every_column
from trover.ledger.pair import find_pairs, join_pairs

DAYS = 1800
START = int(datetime(2012, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def leak(rows: int, accounts: int, seed: int = 1) -> tuple[Ledger, int]:
    """A ledger of statements, and how many payments in it have two sides."""
    chance = np.random.default_rng(seed)
    inside = [
        Account(f"EE{n:018d}", "EUR", AccountKind.BANK, f"Firm {n} Holding {n * 7919} LP") for n in range(accounts)
    ]
    numbers = [Account(f"EXT:{a.id}", "EUR", AccountKind.EXTERNAL, a.holder) for a in inside]
    names = [Account(f"EXT:{a.holder}", "EUR", AccountKind.EXTERNAL, a.holder) for a in inside]
    strangers = [Account(f"EXT:LV{n:019d}", "EUR", AccountKind.EXTERNAL, f"Stranger {n}") for n in range(accounts * 50)]
    nobody = len(inside) + len(numbers) + len(names) + len(strangers)
    unknown = [Account(f"EXT:UNKNOWN:{n}", "EUR", AccountKind.EXTERNAL) for n in range(accounts)]
    owners = [*inside, *numbers, *names, *strangers, *unknown]

    pairs = rows // 4
    payer = chance.integers(0, accounts, pairs)
    payee = (payer + chance.integers(1, accounts, pairs)) % accounts
    amount = np.where(
        chance.random(pairs) < 0.4, chance.integers(1, 200, pairs) * 100_000, chance.integers(1, 10**9, pairs)
    )
    day = chance.integers(0, DAYS, pairs)
    later = day + chance.integers(0, 3, pairs)
    how = chance.random(pairs)
    ours = np.where(how < 0.7, accounts + payee, np.where(how < 0.9, 2 * accounts + payee, nobody + payer))
    theirs = np.where(how < 0.8, accounts + payer, nobody + payee)
    reference = np.where((how >= 0.9) | (how < 0.3), np.arange(pairs), -1)

    alone = rows - 2 * pairs
    own = chance.integers(0, accounts, alone)
    out = chance.random(alone) < 0.5
    stranger = 3 * accounts + chance.integers(0, len(strangers), alone)
    plain = np.where(
        chance.random(alone) < 0.3, chance.integers(1, 200, alone) * 100_000, chance.integers(1, 10**9, alone)
    )

    giver = np.concatenate([payer, theirs, np.where(out, own, stranger)])
    taker = np.concatenate([ours, payee, np.where(out, stranger, own)])
    value = np.concatenate([amount, amount, plain])
    when = np.concatenate([day, later, chance.integers(0, DAYS, alone)])
    stands = np.concatenate([payer, payee, own])
    carried = np.concatenate([reference, reference, np.full(alone, -1)])
    order = np.lexsort((chance.random(len(when)), when))
    return _ledger(owners, giver[order], taker[order], value[order], when[order], stands[order], carried[order]), pairs


def _ledger(owners, giver, taker, value, when, stands, carried) -> Ledger:  # type: ignore[no-untyped-def]
    count = len(giver)
    texts = pa.array([account.id for account in owners])
    blank = pa.array([""]).take(pa.array(np.zeros(count, np.int64)))
    columns = {
        "id": pa.array(np.arange(count)).cast(pa.string()),
        "time": pa.array(START + when * 86_400_000_000).cast(pa.timestamp("us", tz="UTC")),
        "seq": pa.array(np.arange(count)),
        "row": pa.array(np.arange(count, dtype=np.int32)),
        "inputs": pa.array(np.ones(count, np.int32)),
        "outputs": pa.array(np.ones(count, np.int32)),
        "balance_account": texts.take(pa.array(stands)),
        "booked": pa.array(np.ones(count, bool)),
        "references": pa.array(
            [[f"E2E{code:09d}"] if code >= 0 else [] for code in carried.tolist()], pa.list_(pa.string())
        ),
    }
    given = [name for name in EVENTS.names if EVENTS.field(name).type == pa.string()]
    events = with_every_column(pa.table(dict.fromkeys(given, blank) | columns))
    inputs = pa.table({"account": pa.array(giver, pa.int32()), "amount": pa.array(value)})
    outputs = pa.table({"account": pa.array(taker, pa.int32()), "amount": pa.array(value), "cost": pa.array(value)})
    return Ledger(Ledger.of(owners, ()).accounts, events, inputs, outputs)


def main() -> None:
    rows, accounts = (int(text) for text in (sys.argv[1:] + ["1300000", "400"][len(sys.argv) - 1 :])[:2])
    ledger, two_sided = leak(rows, accounts)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    started = time.perf_counter()
    found = find_pairs(ledger)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows:,} rows, {accounts:,} accounts, {two_sided:,} payments with two sides")
    print(f"{len(found):,} made, {len(found.waiting):,} groups wait, {len(found.unmatched):,} rows without answer")
    print(f"found in {took:.1f} s, {rows / took:,.0f} rows/s, peak {peak:,} MiB ({before:,} MiB before)")
    started = time.perf_counter()
    joined = join_pairs(found)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = f"{len(joined.one):,} as one event, {len(joined.underway):,} as two, {len(joined.barred):,} not"
    print(f"joined in {took:.1f} s: {counts}, {len(joined.ledger):,} events, peak {peak:,} MiB")


if __name__ == "__main__":
    main()
