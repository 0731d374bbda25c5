"""What is looked at when gaps are looked for, and what is found. Amounts are minor units; days are calendar days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from trover.ledger.event import GAP

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Movement:
    """A row: what it adds to the account, and the balance printed beside it, if any."""

    id: str
    day: date
    change: int
    balance: int | None = None
    references: tuple[str, ...] = ()
    party: str = ""


class Held(StrEnum):
    """Why a statement is not in the ledger; empty where it is."""

    NO = ""
    UNPROVED = "unproved"
    FAILED = "failed"
    BROKEN = "broken"
    """It failed because a row could not be read."""
    REDACTED = "redacted"
    """It failed because a row is blackened."""


@dataclass(frozen=True, slots=True)
class Span:
    """One statement: `source` (SHA-256) and `id` name it, `start` and `end` are its first and last day.

    `opening` is None where nothing shows it. `count`, `change` and `debits`: how many rows it has, what they add up
    to, and what of it went out. `first` is the day of its first row.
    """

    source: str
    id: str
    account: str
    currency: str
    start: date
    end: date
    opening: int | None
    count: int = 0
    change: int = 0
    debits: int = 0
    first: date | None = None
    number: str = ""
    held: Held = Held.NO

    @property
    def name(self) -> tuple[str, str]:
        return self.source, self.id

    @property
    def closing(self) -> int | None:
        return None if self.opening is None else self.opening + self.change


RowsOf = Callable[[Span], Sequence[Movement]]
"""The rows of a statement in order. Asked for only where statements share days or may be one."""


class Why(StrEnum):
    """Why there is a gap."""

    MISSING = "a period is missing"
    DISAGREE = "the balances disagree"
    CONTRADICT = "two statements of one period contradict each other"
    NOTHING = "no balance is printed that would join the rows"
    UNPROVED = "a statement that nothing proves is not admitted"
    QUARANTINED = "a statement that failed is not admitted"
    BROKEN = "a row could not be read"
    REDACTED = "a row is blackened"


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the statements of `account` do not join: from day `start` to day `end`, both not known.

    Where no day is missing both are the first day after. `before` is the balance the rows give when it begins,
    `after` the one with which the statements go on, None where none is printed. `last` and `next` name the
    statements on both sides. `rows_out`: ids of rows of the time between that contradict each other and stay out.
    `debits`: what went out in it, known where statements that are not admitted lead from one balance to the other.
    """

    account: str
    currency: str
    start: date
    end: date
    before: int
    after: int | None
    why: Why
    last: tuple[str, str]
    next: tuple[str, str]
    rows_out: tuple[str, ...] = ()
    debits: int | None = None

    @property
    def stops(self) -> bool:
        """Whether tracing stops here. Where nothing is printed there is nothing to stop at: who admitted the rows
        answers for their being all."""
        return self.after is not None

    @property
    def sink(self) -> str:
        """The account outside the ledger to which all goes that reaches the gap, and from which the rest comes."""
        return sink_of(self.account, self.start, self.end)


def sink_of(account: str, start: date, end: date) -> str:
    """What names the sink of a gap."""
    return f"{GAP}{account}:{start.isoformat()}/{end.isoformat()}"


@dataclass(frozen=True, slots=True)
class Joint:
    """Two statements that join: the balances agree. `days`: days between that neither covers; payments that cancel
    each other out on them would not show."""

    account: str
    currency: str
    last: tuple[str, str]
    next: tuple[str, str]
    days: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Statement `again` is `first` once more, whatever the bytes of its file. `rows`: id there -> id in the first."""

    account: str
    currency: str
    first: tuple[str, str]
    again: tuple[str, str]
    rows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Statement `again` repeats `rows` (id there -> id of the row it repeats), from day `start` to day `end`."""

    account: str
    currency: str
    again: tuple[str, str]
    start: date
    end: date
    rows: Mapping[str, str]


@dataclass
class Examined:
    """Everything found, by account and in order of time."""

    gaps: list[Gap] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    order: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    """(account, currency) -> its admitted statements in order, duplicates left out."""
    openings: dict[tuple[str, str], int] = field(default_factory=dict)
    """(account, currency) -> balance at the start of the first of them, where one is known."""

    @property
    def repeated(self) -> dict[str, str]:
        """Id of a row that is in the ledger already -> id of the first row that says the same."""
        every: list[Duplicate | Overlap] = [*self.duplicates, *self.overlaps]
        found = {again: first for each in every for again, first in each.rows.items()}
        for again, first in found.items():
            while first in found:
                first = found[first]
            found[again] = first
        return found

    @property
    def rows_out(self) -> set[str]:
        """Ids of rows that stay out because they contradict each other."""
        return {row for gap in self.gaps for row in gap.rows_out}
