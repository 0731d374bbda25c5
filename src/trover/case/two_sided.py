"""The lists of payments with two sides that a person works through (rules 6.1, item 6)."""

from __future__ import annotations

from typing import Any

from trover.case.case import Case
from trover.case.derived import STEPS, Ground, derive, paired
from trover.case.pairing import plain_pairing


def two_sided(case: Case) -> dict[str, Any]:
    """Plain data: `pairs` made and what became of each, candidates `waiting`, and `unmatched` rows.

    Each pair and candidate has the ids and accounts of both rows, days between, score and reasons; a pair also
    `how` it is certain, a group of candidates `why` it waits. An unmatched row names an account of the case on
    whose statements nothing answers it.
    """
    state = case.state()
    before = derive(case.ledger(), Ground.of(state), STEPS[: STEPS.index(paired)]).ledger
    return plain_pairing(before, state.in_force)
