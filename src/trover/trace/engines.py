"""Which engine runs a trace: the reference for ledgers a person can read, the compiled one for large ones."""

from __future__ import annotations

from trover.ledger.ledger import Ledger
from trover.trace import reference
from trover.trace.claim import Assumptions
from trover.trace.result import Trace
from trover.trace.rules import LotRule


def trace(ledger: Ledger, assumptions: Assumptions, rule: LotRule, key: str = "", *, steps: bool = False) -> Trace:
    """Content of every account under `rule`; both engines return identical integers."""
    return reference.trace(ledger, assumptions, rule, key, steps=steps)
