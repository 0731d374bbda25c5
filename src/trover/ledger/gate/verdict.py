"""What the gate says of one statement, and how that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import trover.errors
from trover.errors import Place, Problem
from trover.sources.record import Pointer, StatementRecord


class Standing(StrEnum):
    PROVED = "proved"
    """Opening and movements give the closing balance, or every printed running balance is reproduced."""
    UNPROVED = "unproved"
    """The statement prints nothing that proves its rows, or announces what is not booked yet."""
    FAILED = "failed"
    """A printed balance is not what the rows give, or a row could not be read."""


class Proof(StrEnum):
    """What was compared. `NOTHING` where nothing was printed to compare with."""

    TOTALS = "totals"
    RUNNING = "running balances"
    BOTH = "totals and running balances"
    DAILY = "daily balances"
    BLOCKS = "proof of work and Merkle roots"
    NOTHING = "nothing"


class Order(StrEnum):
    """Whether the printed balances prove the order of the rows, and how it lies to the order given."""

    GIVEN = "given"
    """As listed, at least the rows of each day."""
    REVERSED = "reversed"
    """Backwards, at least the rows of each day."""
    FOUND = "found"
    """Not as given; one order reproduces the balances and no other."""
    SEVERAL = "several"
    """Not as given; more than one order reproduces the balances, that nearest to the printed one is kept."""
    NONE = "not proved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One statement (one account, one currency, one period of one source), judged. Amounts are minor units.

    `implied`: the source prints no statement, so its rows of one account are taken as one. `rows`: the ids of its
    rows in the proven order, or as given where none is proven. `first`, `last`: days of its first and last row.
    `opening`: printed, or implied by the first printed balance (`opening_implied`); None where neither exists.
    `closing`: opening and all movements, counted. `credits`, `debits`: sums of what came in and went out, both
    positive. `failures`: how many printed balances the rows do not give, counting on from each as printed.
    `several_days`: days in which more than one order fits; `found_days`: days whose rows are not as given.
    `against_time`: the proven order is not that of the rows' own times. `replaced`: ids of rows that a correction
    in the same records takes out of force; `broken`: ids of rows that could not be read; neither is in `rows`.
    """

    statement: StatementRecord
    implied: bool
    standing: Standing
    proof: Proof
    reason: str
    order: Order
    rows: tuple[str, ...]
    credits: int = 0
    debits: int = 0
    opening: int | None = None
    opening_implied: bool = False
    closing: int | None = None
    first: date | None = None
    last: date | None = None
    failures: int = 0
    first_bad: Problem | None = None
    several_days: tuple[date, ...] = ()
    found_days: tuple[date, ...] = ()
    against_time: bool = False
    replaced: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Rows that were read and are in force."""
        return len(self.rows)

    @property
    def period(self) -> tuple[date | None, date | None]:
        """First and last day: as the statement prints them, else the days of its rows."""
        return self.statement.start or self.first, self.statement.end or self.last


def to_plain(verdict: Verdict) -> dict[str, Any]:
    """`verdict` in the values JSON has; `from_plain` reads it back."""
    statement, bad = verdict.statement, verdict.first_bad
    return {
        "statement": {
            "sha256": statement.pointer.sha256,
            "page": statement.pointer.page,
            "row": statement.pointer.row,
            "id": statement.id,
            "account": statement.account,
            "currency": statement.currency,
            "opening": statement.opening,
            "closing": statement.closing,
            "start": _text(statement.start),
            "end": _text(statement.end),
            "number": statement.number,
            "booked": statement.booked,
            "chain": statement.chain,
        },
        "implied": verdict.implied,
        "standing": verdict.standing.value,
        "proof": verdict.proof.value,
        "reason": verdict.reason,
        "order": verdict.order.value,
        "rows": list(verdict.rows),
        "credits": verdict.credits,
        "debits": verdict.debits,
        "opening": verdict.opening,
        "opening_implied": verdict.opening_implied,
        "closing": verdict.closing,
        "first": _text(verdict.first),
        "last": _text(verdict.last),
        "failures": verdict.failures,
        "first_bad": None if bad is None else problem_to_plain(bad),
        "several_days": [day.isoformat() for day in verdict.several_days],
        "found_days": [day.isoformat() for day in verdict.found_days],
        "against_time": verdict.against_time,
        "replaced": list(verdict.replaced),
        "broken": list(verdict.broken),
    }


def from_plain(plain: Mapping[str, Any]) -> Verdict:
    """The verdict that `to_plain` wrote. Raises KeyError or ValueError for anything else."""
    stated = dict(plain["statement"])
    pointer = Pointer(stated.pop("sha256"), stated.pop("page"), stated.pop("row"))
    stated |= {"start": _day(stated["start"]), "end": _day(stated["end"])}
    values = dict(plain) | {
        "statement": StatementRecord(pointer=pointer, **stated),
        "standing": Standing(plain["standing"]),
        "proof": Proof(plain["proof"]),
        "order": Order(plain["order"]),
        "first": _day(plain["first"]),
        "last": _day(plain["last"]),
        "first_bad": None if plain["first_bad"] is None else problem_from_plain(plain["first_bad"]),
    }
    for name in ("several_days", "found_days"):
        values[name] = tuple(date.fromisoformat(day) for day in plain[name])
    for name in ("rows", "replaced", "broken"):
        values[name] = tuple(plain[name])
    return Verdict(**values)


def problem_to_plain(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "problem": type(problem).__name__,
        "value": problem.value if isinstance(problem.value, int | str) else str(problem.value),
        "file": place.file,
        "page": place.page,
        "row": place.row,
        "column": place.column,
        "says": problem.says,
        "remedy": problem.remedy,
    }


def problem_from_plain(plain: Mapping[str, Any]) -> Problem:
    """The problem `problem_to_plain` wrote; one of a class this version does not have is a plain `Problem`."""
    kind = getattr(trover.errors, plain["problem"], Problem)
    if not (isinstance(kind, type) and issubclass(kind, Problem)):
        kind = Problem
    place = Place(plain["file"], plain["page"], plain["row"], plain["column"])
    return kind(plain["value"], place, says=plain["says"], remedy=plain["remedy"])


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
