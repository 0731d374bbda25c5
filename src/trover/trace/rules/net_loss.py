"""Receivership: shares by what each put in less what each took out."""

from __future__ import annotations

from trover.trace.given import Given
from trover.trace.rules import DerivedRule
from trover.trace.shares import by_weight


def distribute(given: Given) -> dict[str, int]:
    """From `pool`, `invested` and `withdrawn`; those who gained have no share, nobody gets more than the loss."""
    pool, invested, withdrawn = given.amount("pool"), given.amounts("invested"), given.amounts("withdrawn")
    losses = {name: max(0, amount - withdrawn.get(name, 0)) for name, amount in invested.items()}
    return by_weight(min(pool, sum(losses.values())), losses)


RULE = DerivedRule(
    id="net_loss",
    title="Net loss",
    section="2.9",
    between="investors of a fraud among themselves",
    assumes="No tracing between victims placed alike: each shares in proportion to what was invested less withdrawn.",
    authority=("SEC v. Huber, 702 F.3d 903 (7th Cir. 2012)",),
    used="United States receiverships.",
    favours="investors who took money out before the collapse",
    distribute=distribute,
    needs=frozenset({"invested", "withdrawn"}),
    on=frozenset({"distribution"}),
)
