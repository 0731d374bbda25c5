"""A statement as the case keeps it: what the gate said of it, without its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from trover.ledger.gate import Order, Proof, Standing, Verdict
from trover.ledger.gate.verdict import problem_from_plain, problem_to_plain


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account in one currency, as it was judged; amounts in minor units.

    `rows` counts what was read and is in force, `replaced` what a correction takes out of force, `unreadable`
    what could not be read. `opening` is printed, or follows from the first balance printed (`opening_implied`);
    `printed` is the closing balance printed, `counted` the one the rows give. `start` and `end` are the days it
    covers: as it prints them, else those of its first and last row. The rest is as in `Verdict`.
    """

    id: str
    account: str
    currency: str
    standing: Standing
    proof: Proof
    reason: str
    order: Order = Order.NONE
    implied: bool = False
    booked: bool = True
    number: str = ""
    rows: int = 0
    credits: int = 0
    debits: int = 0
    opening: int | None = None
    opening_implied: bool = False
    printed: int | None = None
    counted: int | None = None
    start: date | None = None
    end: date | None = None
    failures: int = 0
    first_bad: Mapping[str, Any] | None = None
    several_days: tuple[date, ...] = ()
    found_days: tuple[date, ...] = ()
    against_time: bool = False
    replaced: int = 0
    unreadable: int = 0

    @property
    def problem(self) -> str:
        """The first thing that does not agree, in words, with its place; empty where all does."""
        return str(problem_from_plain(self.first_bad)) if self.first_bad else ""

    def plain(self) -> dict[str, Any]:
        """In the values JSON has; what is at its default is left out."""
        stated = {f.name: getattr(self, f.name) for f in fields(self)}
        defaults = {f.name: f.default for f in fields(self) if f.default is not MISSING}
        return {name: _plain(value) for name, value in stated.items() if value != defaults.get(name, MISSING)}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Statement:
        """The reverse of `plain`."""
        values = dict(plain)
        for name in ("start", "end"):
            if name in values:
                values[name] = date.fromisoformat(values[name])
        for name in ("several_days", "found_days"):
            values[name] = tuple(map(date.fromisoformat, values.get(name, ())))
        values["standing"], values["proof"] = Standing(values["standing"]), Proof(values["proof"])
        values["order"] = Order(values.get("order", Order.NONE))
        return cls(**values)


def statement_of(verdict: Verdict) -> Statement:
    """What the case keeps of a verdict."""
    stated = verdict.statement
    start, end = verdict.period
    return Statement(
        id=stated.id,
        account=stated.account,
        currency=stated.currency,
        standing=verdict.standing,
        proof=verdict.proof,
        reason=verdict.reason,
        order=verdict.order,
        implied=verdict.implied,
        booked=stated.booked,
        number=stated.number,
        rows=verdict.count,
        credits=verdict.credits,
        debits=verdict.debits,
        opening=verdict.opening,
        opening_implied=verdict.opening_implied,
        printed=stated.closing,
        counted=verdict.closing,
        start=start,
        end=end,
        failures=verdict.failures,
        first_bad=problem_to_plain(verdict.first_bad) if verdict.first_bad else None,
        several_days=verdict.several_days,
        found_days=verdict.found_days,
        against_time=verdict.against_time,
        replaced=len(verdict.replaced),
        unreadable=len(verdict.broken),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value
