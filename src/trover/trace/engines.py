"""Which engine runs a trace: the reference for ledgers a person can read, the compiled one for large ones."""

from __future__ import annotations

import os

from trover.ledger.ledger import Ledger
from trover.trace import reference
from trover.trace.claim import Assumptions, InterestMode
from trover.trace.result import Trace
from trover.trace.rules import LotRule

LARGE = 300_000
"""Events from which loading compiled kernels pays."""

REFERENCE, COMPILED = "reference", "compiled"


def trace(
    ledger: Ledger, assumptions: Assumptions, rule: LotRule, key: str = "", *, steps: bool = False, engine: str = ""
) -> Trace:
    """Content of every account under `rule`; both engines return identical integers, `Trace.engine` says which ran.

    `engine`: reference or compiled, whatever the size; by default the variable TROVER_ENGINE, or else by size.
    The reference runs what the compiled engine does not carry (see `only_reference` and `NotCarriedError`).
    """
    chosen = engine or os.environ.get("TROVER_ENGINE", "") or (COMPILED if len(ledger) >= LARGE else REFERENCE)
    if chosen not in (REFERENCE, COMPILED):
        raise ValueError(f"no engine is called {chosen!r}: {REFERENCE} or {COMPILED}")
    if chosen == COMPILED and not only_reference(assumptions, steps):
        from trover.trace.compiled import engine as compiled
        from trover.trace.compiled.findings import NotCarriedError

        try:
            return compiled.trace(ledger, assumptions, rule, key)
        except NotCarriedError:
            pass
    return reference.trace(ledger, assumptions, rule, key, steps=steps)


def only_reference(assumptions: Assumptions, steps: bool) -> str:
    """Why only the reference engine can run this, or nothing."""
    if steps:
        return "every movement is asked for"
    if assumptions.interest is InterestMode.ACCRUE_DAILY:
        return "interest follows each day's composition"
    return ""
