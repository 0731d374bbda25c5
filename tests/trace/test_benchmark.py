"""The benchmark's ledger, small: both engines agree on it, so that its figures are of the right answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from trover.ledger.ledger import EVENTS, Ledger, with_every_column
from trover.trace import engines
from trover.trace.arithmetic import NANO
from trover.trace.rules import LotRule, rule

PROJECT = Path(__file__).resolve().parent.parent.parent


def filled(ledger: Ledger) -> Ledger:
    """With every column of a ledger: the benchmark carries only those that tracing large ones reads."""
    count = len(ledger)
    plain = ledger.events.select(["id", "inputs", "outputs"])
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * count, EVENTS.field("time").type)
    for name, column in (("time", times), ("seq", pa.array(range(count))), ("row", pa.array([0] * count, pa.int32()))):
        plain = plain.append_column(name, column)
    accounts = ledger.accounts
    for name in ("holder", "address"):
        accounts = accounts.append_column(name, pa.array([""] * accounts.num_rows, pa.string()))
    return Ledger(accounts, with_every_column(plain), ledger.inputs, ledger.outputs)


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", ["fifo", "lifo", "libr", "hallett_fifo", "haircut", "taint_first", "poison"])
def test_engines_agree(rule_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROJECT))
    from benchmarks.ledger import THEFT, load, parquet

    events = 100_000
    ledger, facts = load(parquet(tmp_path, events, 0.1), events, 0.1)
    chosen = rule(rule_id)
    assert isinstance(chosen, LotRule)
    fast = engines.trace(ledger, facts, chosen, engine="compiled")
    slow = engines.trace(filled(ledger), facts, chosen, engine="reference")
    assert dict(fast.content) == dict(slow.content)
    if not chosen.contaminates:
        assert sum(held.get("V", 0) for held in fast.content.values()) == THEFT * NANO
