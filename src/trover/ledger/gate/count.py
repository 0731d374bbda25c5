"""Counting through one statement: which order of its rows reproduces what is printed, and where none does.

Plain integers: row i adds `changes[i]` (minor units); `balances[i]` is what is printed beside it, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from trover.ledger.gate.trail import has_others, start_of, stepwise, trail
from trover.ledger.gate.verdict import Order

Label = Callable[[int], Hashable]


@dataclass(frozen=True, slots=True)
class Columns:
    """One statement as numbers. `days` are ordinals that only compare."""

    changes: Sequence[int]
    balances: Sequence[int | None]
    days: Sequence[int]
    opening: int | None = None

    def start(self, order: Sequence[int]) -> int | None:
        """The balance before the first row of `order`: printed, or implied by the first balance printed."""
        if self.opening is not None:
            return self.opening
        total = 0
        for row in order:
            total += self.changes[row]
            balance = self.balances[row]
            if balance is not None:
                return balance - total
        return None

    def fits(self, order: Sequence[int]) -> bool:
        """Whether `order` reproduces every printed balance."""
        count = self.start(order)
        if count is None:
            return False
        changes, balances = self.changes, self.balances
        for row in order:
            count += changes[row]
            balance = balances[row]
            if balance is not None and balance != count:
                return False
        return True

    def rises(self, order: Sequence[int]) -> bool:
        """Whether `order` goes from day to day without going back."""
        days = self.days
        return all(days[one] <= days[two] for one, two in pairwise(order))


@dataclass(slots=True)
class Walk:
    """An order of all rows; where it fails, the printed balances it does not give: row -> counted."""

    rows: list[int]
    order: Order
    start: int | None
    several: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    failures: dict[int, int] = field(default_factory=dict)
    daily: bool = False


def walk(columns: Columns, label: Label) -> Walk:
    """The order in which the rows of `columns` reproduce the printed balances, or the nearest to one.

    Tried one after another: as given, backwards, each of them day by day; one balance for each day; an order found
    within each day; an order found over all rows, for where the days are not those of booking.
    """
    given = list(range(len(columns.changes)))
    backwards = given[::-1]
    ways = [(given, Order.GIVEN), (backwards, Order.REVERSED)]
    if not columns.rises(given) and columns.rises(backwards):
        # Rows listed newest first: backwards is the likelier order, and small statements may fit both ways.
        ways.reverse()
    by_day = [(sorted(rows, key=columns.days.__getitem__), order) for rows, order in ways]
    for rows, order in (*ways, *by_day):
        if columns.fits(rows):
            return Walk(rows, order, columns.start(rows))
    base = by_day[0][0]
    daily = _daily(columns, base)
    if daily and not daily.failures:
        return daily
    found = _by_days(columns, base, label) or _whole(columns, ways[0][0], label)
    if found:
        return found
    failing = _failing(columns, base)
    return daily if daily and len(daily.failures) < len(failing.failures) else failing


def _daily(columns: Columns, rows: Sequence[int]) -> Walk | None:
    """Where each day prints one balance, be it once or beside every row: the balance at its end.

    None where a day prints several. A day whose balance is not reached fails at its last row with a balance.
    """
    count, total = columns.opening, 0
    found = Walk(list(rows), Order.NONE, count, daily=True)
    for day in _split(columns, rows):
        change = sum(columns.changes[row] for row in day)
        printed = {balance: row for row in day if (balance := columns.balances[row]) is not None}
        if len(printed) > 1:
            return None
        total += change
        if count is not None:
            count += change
        for balance, row in printed.items():
            if count is None:
                found.start = balance - total
            elif count != balance:
                found.failures[row] = count
            count = balance
    return found


def _split(columns: Columns, rows: Sequence[int]) -> list[list[int]]:
    days: list[list[int]] = []
    for row in rows:
        if days and columns.days[days[-1][0]] == columns.days[row]:
            days[-1].append(row)
        else:
            days.append([row])
    return days


@dataclass(slots=True)
class _Chunks:
    """Rows without a printed balance taken together with the next row that has one; `rest` has none after it."""

    rows: list[list[int]]
    before: list[int]
    after: list[int]
    rest: list[int]

    @classmethod
    def of(cls, columns: Columns, rows: Sequence[int]) -> _Chunks:
        made = cls([], [], [], [])
        change = 0
        for row in rows:
            made.rest.append(row)
            change += columns.changes[row]
            balance = columns.balances[row]
            if balance is not None:
                made.rows.append(made.rest)
                made.before.append(balance - change)
                made.after.append(balance)
                made.rest, change = [], 0
        return made

    def by_day(self, columns: Columns) -> dict[int, list[int]]:
        """Day of its last row -> places of chunks, in order."""
        days: dict[int, list[int]] = {}
        for place, chunk in enumerate(self.rows):
            days.setdefault(columns.days[chunk[-1]], []).append(place)
        return days

    def part(self, chosen: Sequence[int]) -> tuple[list[int], list[int]]:
        return [self.before[i] for i in chosen], [self.after[i] for i in chosen]


def _by_days(columns: Columns, rows: Sequence[int], label: Label) -> Walk | None:
    """An order within each day, day after day; None where some day has none."""
    chunks = _Chunks.of(columns, rows)
    days = chunks.by_day(columns)
    start, free = _first_start(columns, chunks, list(days.values()))
    found = Walk([], Order.FOUND, start)
    count = start
    for day, numbers in days.items():
        before, after = chunks.part(numbers)
        steps = trail(before, after, count)
        if steps is None:
            return None
        if steps != list(range(len(steps))):
            found.moved.add(day)
            if _ambiguous(chunks, [numbers[step] for step in steps], count, label):
                found.several.add(day)
        if free and not found.rows and len(steps) > 1:
            found.several.add(day)
        found.rows += [row for step in steps for row in chunks.rows[numbers[step]]]
        count += sum(two - one for one, two in zip(before, after, strict=True))
    found.rows += chunks.rest
    if found.several:
        found.order = Order.SEVERAL
    return found


def _first_start(columns: Columns, chunks: _Chunks, days: Sequence[Sequence[int]]) -> tuple[int, bool]:
    """The balance from which the days can be walked, and whether there is more than one such.

    Without a printed opening it is the start of the first day that does not close a circle: the days before it end
    where they begin. Where all do, any balance that every day passes will do.
    """
    if columns.opening is not None:
        return columns.opening, False
    for day in days:
        before, after = chunks.part(day)
        if sum(before) != sum(after):
            start = start_of(before, after)
            return (start if start is not None else before[0]), False
    common = {chunks.before[i] for i in days[0]}.intersection(*({chunks.before[i] for i in day} for day in days))
    if not common:
        return chunks.before[0], False
    return next(chunks.before[i] for i in days[0] if chunks.before[i] in common), len(common) > 1


def _ambiguous(chunks: _Chunks, steps: Sequence[int], start: int, label: Label) -> bool:
    nodes = [start, *(chunks.after[step] for step in steps)]
    edges = list(pairwise(nodes))
    if len(set(nodes)) == len(nodes):
        return False
    parallel = len(set(edges)) < len(edges)
    labels: list[Hashable] = list(edges)
    if parallel:
        labels = [(*edge, *map(label, chunks.rows[step])) for edge, step in zip(edges, steps, strict=True)]
    return has_others(nodes, labels)


def _whole(columns: Columns, base: Sequence[int], label: Label) -> Walk | None:
    """An order over the whole statement, whatever its days."""
    chunks = _Chunks.of(columns, base)
    start, free = _first_start(columns, chunks, [range(len(chunks.rows))])
    steps = trail(chunks.before, chunks.after, start)
    if steps is None:
        return None
    several = free or _ambiguous(chunks, steps, start, label)
    rows = [row for step in steps for row in chunks.rows[step]] + chunks.rest
    moved = {columns.days[row] for row, given in zip(rows, base, strict=True) if row != given}
    order = Order.SEVERAL if several else Order.FOUND
    return Walk(rows, order, start, several=moved if several else set(), moved=moved)


def _failing(columns: Columns, rows: Sequence[int]) -> Walk:
    """The order in which the fewest balances fail: each day as given, reversed, or as far as its balances lead."""
    chunks = _Chunks.of(columns, rows)
    count = columns.opening if columns.opening is not None else chunks.before[0]
    found = Walk([], Order.NONE, count)
    for numbers in chunks.by_day(columns).values():
        before, after = chunks.part(numbers)
        ways = [list(range(len(numbers))), list(range(len(numbers)))[::-1]]
        ways.append(trail(before, after, count) or stepwise(before, after, count))
        steps = min(ways, key=lambda way: _breaks(before, after, way, count))
        for step in steps:
            chunk = chunks.rows[numbers[step]]
            if before[step] != count:
                found.failures[chunk[-1]] = count + after[step] - before[step]
            count = after[step]
            found.rows += chunk
    found.rows += chunks.rest
    return found


def _breaks(before: Sequence[int], after: Sequence[int], steps: Sequence[int], count: int) -> int:
    failures = 0
    for step in steps:
        failures += before[step] != count
        count = after[step]
    return failures
