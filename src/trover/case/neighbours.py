"""Statements that prove each other: one prints only its closing balance, the one before it closed where it opens."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from trover.case.state import Source
from trover.case.statement import Statement
from trover.ledger.gate import Proof, Standing

Placed = tuple[Source, Statement]
_Ends = defaultdict[tuple[str, str], list[tuple[date, int, Statement]]]
"""Account and currency -> last day, closing balance and statement, in order of time."""


def with_neighbours(statements: Sequence[Placed]) -> list[Placed]:
    """The statements, those proved whose opening balance the statement before them prints as its closing one.

    Many formats print one balance a statement, at its end. Then the opening balance that its rows leave for it must
    be the closing balance of the nearest earlier statement of the account: that and its own rows give its closing
    balance, as if it had printed both. The first of a line of such statements stays unproved.
    """
    if not any(_may_be_proved(statement) for _, statement in statements):
        return list(statements)
    ends: _Ends = defaultdict(list)
    for _, statement in statements:
        closing = _closing(statement)
        if closing is not None and statement.end:
            ends[statement.account, statement.currency].append((statement.end, closing, statement))
    for known in ends.values():
        known.sort(key=lambda end: end[0])
    return [(source, _proved(each, ends) if _may_be_proved(each) else each) for source, each in statements]


def _may_be_proved(statement: Statement) -> bool:
    """Whether only the balance before its rows is wanting."""
    printed = statement.printed is not None and statement.opening is not None and statement.opening_implied
    return printed and statement.standing is Standing.UNPROVED and statement.booked and statement.start is not None


def _closing(statement: Statement) -> int | None:
    """The balance at its end that can be relied on: printed, or counted and proved."""
    if not statement.booked or statement.standing is Standing.FAILED or not statement.account:
        return None
    if statement.printed is None and statement.standing is Standing.PROVED:
        return statement.counted
    return statement.printed


def _proved(statement: Statement, ends: _Ends) -> Statement:
    assert statement.start is not None
    known = [end for end in ends[statement.account, statement.currency] if end[2] is not statement]
    before = known[: bisect_right(known, statement.start, key=lambda end: end[0])]
    for end, closing, other in reversed(before):
        if end != before[-1][0]:
            break
        if closing == statement.opening:
            reason = (
                f"Its rows and the closing balance of the statement before it ({other.id}) give its closing balance."
            )
            return replace(statement, standing=Standing.PROVED, proof=Proof.TOTALS, reason=reason)
    return statement
