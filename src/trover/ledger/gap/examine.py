"""Statements of each account in order of time: joined, repeated, or with a gap between them (rules 1.10)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from trover.ledger.gap.repeat import match, same_statement
from trover.ledger.gap.span import DAY, Duplicate, Examined, Gap, Held, Joint, Movement, Overlap, RowsOf, Span, Why
from trover.ledger.gate.trail import trail

_WHY = {
    Held.UNPROVED: Why.UNPROVED,
    Held.FAILED: Why.QUARANTINED,
    Held.BROKEN: Why.BROKEN,
    Held.REDACTED: Why.REDACTED,
}


def examine(spans: Iterable[Span], rows_of: RowsOf) -> Examined:
    """What joins and what does not, for each account and currency.

    A statement whose opening is unknown goes on from the balance before it, or from zero. Rows that stand on the
    statement of no account join nothing.
    """
    found = Examined()
    accounts: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        if span.account:
            accounts[span.account, span.currency].append(span)
    for key, every in accounts.items():
        held = [span for span in every if span.held]
        line = _Line(held, rows_of, found)
        for span in _in_order(_distinct([span for span in every if not span.held], rows_of, found)):
            line.add(span)
        if line.spans:
            found.order[key] = [span.name for span in line.spans]
            if line.spans[0].opening is not None:
                found.openings[key] = line.spans[0].opening
    return found


def _distinct(spans: Sequence[Span], rows_of: RowsOf, found: Examined) -> list[Span]:
    """Without the statements that are another one again."""
    kept: list[Span] = []
    alike: defaultdict[tuple[object, ...], list[Span]] = defaultdict(list)
    for span in spans:
        key = (span.opening, span.count, span.change)
        for first in alike[key]:
            rows = same_statement(first, span, rows_of)
            if rows is not None:
                found.duplicates.append(Duplicate(span.account, span.currency, first.name, span.name, rows))
                break
        else:
            alike[key].append(span)
            kept.append(span)
    return kept


def _in_order(spans: Sequence[Span]) -> list[Span]:
    """By day; statements of the same days by the balances that lead from one to the next, else by number."""
    days: defaultdict[tuple[date, date], list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda s: (s.start, s.end, _number(s.number))):
        days[span.start, span.end].append(span)
    ordered: list[Span] = []
    for group in days.values():
        if len(group) > 1:
            group = _chained(group, ordered[-1].closing if ordered else None)
        ordered += group
    return ordered


def _chained(group: list[Span], before: int | None) -> list[Span]:
    openings, closings = [s.opening for s in group], [s.closing for s in group]
    known = [balance for balance in openings if balance is not None]
    ends = [balance for balance in closings if balance is not None]
    if len(known) < len(group):
        return group
    for start in dict.fromkeys([before, *known]):
        steps = None if start is None else trail(known, ends, start)
        if steps is not None:
            return [group[step] for step in steps]
    return group


def _number(number: str) -> list[tuple[int, str]]:
    """Figures by their value, of which there may be more than an int is made of; words before them."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(len(bare := part.lstrip("0")), bare) if part.isdigit() else (-1, part) for part in parts]


class _Line:
    """The statements of one account so far, as one line of rows and balances."""

    def __init__(self, held: Sequence[Span], rows_of: RowsOf, found: Examined) -> None:
        self.held, self.rows_of, self.found = held, rows_of, found
        self.spans: list[Span] = []
        self.left_out: set[str] = set()
        self.balance = 0
        self.end = date.min

    def add(self, span: Span) -> None:
        if not self.spans:
            self.balance = span.opening or 0
            self._take(span, span.change)
        elif span.start <= self.end and span.opening is not None:
            self._overlapping(span)
        else:
            self._joined(span)

    def _take(self, span: Span, change: int) -> None:
        self.spans.append(span)
        self.balance += change
        self.end = max(self.end, span.end)

    def _rows(self, start: date) -> list[Movement]:
        """The rows of the line from day `start` on."""
        late = [span for span in self.spans if span.end >= start]
        rows = [row for span in late for row in self.rows_of(span) if row.day >= start]
        return [row for row in rows if row.id not in self.left_out]

    def _joined(self, span: Span) -> None:
        missing = max((span.start - self.end).days - 1, 0)
        between = [h for h in self.held if h.end > self.end and h.start < span.start]
        if span.opening is None:
            self._gap(span, Why.NOTHING)
        elif between and (missing or span.opening != self.balance):
            self._gap(span, _WHY[between[0].held], between)
        elif span.opening != self.balance:
            self._gap(span, Why.MISSING if missing else Why.DISAGREE)
        else:
            self._join(span, missing)
        if span.opening is not None:
            self.balance = span.opening
        self._take(span, span.change)

    def _join(self, span: Span, missing: int = 0) -> None:
        self.found.joints.append(Joint(span.account, span.currency, self.spans[-1].name, span.name, missing))

    def _gap(self, span: Span, why: Why, between: Sequence[Span] = ()) -> None:
        first, last = self.end + DAY, span.start - DAY
        if first > last:
            first = last = span.start
        leads = between and span.opening == self.balance + sum(held.change for held in between)
        debits = sum(held.debits for held in between) if leads else None
        sides = self.spans[-1].name, span.name
        self.found.gaps.append(
            Gap(span.account, span.currency, first, last, self.balance, span.opening, why, *sides, (), debits)
        )

    def _overlapping(self, span: Span) -> None:
        """A statement that begins before the last ended: it goes on from there, repeats rows, or contradicts them."""
        if span.opening == self.balance and (span.first or span.end) > self.end:
            self._join(span)
            self._take(span, span.change)
            return
        mine, theirs = self._rows(span.start), self.rows_of(span)
        repeated = match(mine, self.balance, self.end, span, theirs)
        whole = repeated is not None and len(repeated) == len(mine)
        if span.start == self.end and (repeated is None or (span.opening == self.balance and not whole)):
            # One day, and not the whole of it again: it goes on from where the line is, if the balances say so.
            self._joined(span)
            return
        if repeated is None:
            self._contradicted(span, min(self.end, span.end), mine)
            return
        if repeated:
            shared = Overlap(span.account, span.currency, span.name, span.start, min(self.end, span.end), repeated)
            self.found.overlaps.append(shared)
            self.left_out |= repeated.keys()
        self._join(span)
        self._take(span, sum(row.change for row in theirs if row.id not in repeated))

    def _contradicted(self, span: Span, last: date, mine: Sequence[Movement]) -> None:
        """What both say of the days they share stays out: nothing here tells which is right."""
        assert span.opening is not None
        theirs = self.rows_of(span)
        before = self.balance - sum(row.change for row in mine)
        later = [row for row in (mine if last < self.end else theirs) if row.day > last]
        closing = self.balance if last < self.end else span.opening + span.change
        after = closing - sum(row.change for row in later)
        out = tuple(row.id for row in (*mine, *theirs) if row.day <= last)
        sides = self.spans[-1].name, span.name
        self.found.gaps.append(
            Gap(span.account, span.currency, span.start, last, before, after, Why.CONTRADICT, *sides, out)
        )
        self.left_out |= set(out)
        self.balance = closing
        self._take(span, 0)
