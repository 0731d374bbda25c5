"""The benchmark's ledger, small: both engines agree on it, so that its figures are of the right answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from trover.ledger.ledger import EVENTS, Ledger
from trover.trace import engines
from trover.trace.arithmetic import NANO
from trover.trace.rules import LotRule, rule

PROJECT = Path(__file__).resolve().parent.parent.parent


def filled(ledger: Ledger) -> Ledger:
    """With every column of a ledger: the benchmark carries only those that tracing large ones reads."""
    events = ledger.events
    for field in EVENTS:
        if field.name not in events.column_names:
            blank = [] if pa.types.is_list(field.type) else {pa.string(): "", pa.bool_(): True}.get(field.type, 0)
            value = datetime(2024, 1, 1, tzinfo=UTC) if field.name == "time" else blank
            events = events.append_column(field, pa.array([value] * len(ledger), field.type))
    kind = pa.array([""] * len(ledger), pa.string())
    events = events.set_column(events.column_names.index("kind"), "kind", kind)
    accounts = ledger.accounts.append_column("holder", pa.array([""] * ledger.accounts.num_rows, pa.string()))
    return Ledger(accounts, events, ledger.inputs, ledger.outputs)


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
