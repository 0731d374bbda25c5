"""Rows that two statements of one account both have, told by their content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from trover.ledger.gap.span import Movement, RowsOf, Span


def same_statement(first: Span, again: Span, rows_of: RowsOf) -> dict[str, str] | None:
    """Id in `again` -> id in `first` where both are one statement: the same account, days, balances and rows.

    Both have one opening, as many rows, and these add up to one sum: only such are compared.
    Where no balance is printed the rows must also agree in the other party and in their references, and one row
    without a reference is too little to go by. Statements of one file that carry two numbers are two.
    """
    if first.source == again.source and first.number != again.number:
        return None
    days = (first.start, first.end) == (again.start, again.end)
    if not first.count:
        return {} if days and first.opening is not None else None
    if first.start > again.end or again.start > first.end:
        return None
    one, two = rows_of(first), rows_of(again)
    if first.opening is None:
        return _same_rows(one, two)
    if not days and Counter(row.day for row in one) != Counter(row.day for row in two):
        return None
    if Counter(row.change for row in one) != Counter(row.change for row in two):
        return None
    return _aligned(one, two)


def _same_rows(first: Sequence[Movement], again: Sequence[Movement]) -> dict[str, str] | None:
    def content(row: Movement) -> tuple[object, ...]:
        return row.day, row.change, row.party, row.references

    if Counter(map(content, first)) != Counter(map(content, again)):
        return None
    if len(first) < 2 and not first[0].references:
        return None
    waiting: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for row in reversed(first):
        waiting[content(row)].append(row.id)
    return {row.id: waiting[content(row)].pop() for row in again}


def match(
    mine: Sequence[Movement], balance: int, end: date, span: Span, theirs: Sequence[Movement]
) -> dict[str, str] | None:
    """Id in `theirs`, the rows of `span`, -> id in `mine`, the rows of the line before it from its first day on.

    `balance` is what there is after `mine`, on day `end`. None where the two contradict each other: a day that both
    cover whole must have the same amounts, and the opening of `span` must be the balance before the first row that
    both have. On its own first and last day `span` may begin and stop between two rows, on day `end` the line may.
    """
    last = min(end, span.end)
    shared = [row for row in theirs if row.day <= last]
    before = balance - sum(row.change for row in mine)
    repeated: dict[str, str] = {}
    openings = {before}
    for day in sorted({row.day for row in (*mine, *shared) if row.day <= last}):
        one, two = [r for r in mine if r.day == day], [r for r in shared if r.day == day]
        pairs = _aligned(one, two)
        matched = set(pairs.values())
        only_mine = [row.change for row in one if row.id not in matched]
        if len(pairs) < len(two) and day != end:
            return None
        if only_mine and day not in (span.start, span.end):
            return None
        if day == span.start:
            inside = span.start == span.end and len(pairs) == len(two)
            openings = set(accumulate((r.change for r in one), initial=before)) if inside else {before + sum(only_mine)}
        repeated |= pairs
    return repeated if span.opening in openings else None


def _aligned(one: Sequence[Movement], two: Sequence[Movement]) -> dict[str, str]:
    """Id in `two` -> id in `one`, as many rows of one amount as both have; those that share most first."""
    waiting: defaultdict[int, list[Movement]] = defaultdict(list)
    for row in one:
        waiting[row.change].append(row)
    pairs: dict[str, str] = {}
    for row in two:
        fits = waiting[row.change]
        if fits:
            best = _nearest(row, fits)
            fits.remove(best)
            pairs[row.id] = best.id
    return pairs


def _nearest(row: Movement, fits: Sequence[Movement]) -> Movement:
    """The first of those that share most with `row`; rows that repeat come in order, so it is soon found."""
    best, points, most = fits[0], -1, _shared(row, row)
    for other in fits:
        shared = _shared(row, other)
        if shared > points:
            best, points = other, shared
        if points == most:
            break
    return best


def _shared(row: Movement, other: Movement) -> int:
    points = 4 * bool(set(row.references) & set(other.references))
    points += 2 * (row.balance is not None and row.balance == other.balance)
    return points + (row.day == other.day)
