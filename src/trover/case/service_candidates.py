"""What may have gone through an exchange: proposed with points and reasons, joined by nothing but a finding.

An output and a row of a statement are compared by amount, time and what the row prints. Amounts in two currencies are
compared by the rates that the case has of the day; where it has none they are not compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from trover.case.finding import ThroughService
from trover.errors import InputErrors
from trover.ledger.event import FEE, GAP, AccountKind, Event
from trover.ledger.hops import Outputs
from trover.ledger.ledger import Ledger
from trover.ledger.money import money
from trover.sources.rates import FORMAT
from trover.sources.reader import Reading
from trover.sources.record import RateRecord
from trover.sources.sandbox import read_in_sandbox

if TYPE_CHECKING:
    from trover.case.case import Case

HOUR, DAY = 3600, 86_400
CLOCK = timedelta(hours=2)
"""By how much the clock of a block may run ahead of that of an exchange."""
_ADDRESS = re.compile(r"[0-9A-Za-z]{25,100}")


@dataclass(frozen=True, slots=True)
class Within:
    """What may lie between the two sides: days, and the part of the amount that fees and a spread take (0.02: 2 %)."""

    days: int = 3
    fee: Fraction = Fraction(2, 100)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`given` may have been paid out as `received`: ids of an output and a row, in the order in which they happened.

    `score`: the more speaks for it the higher; no score is proof. `reasons` in words.
    """

    given: str
    received: str
    address: str
    score: int
    reasons: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        return {
            "given": self.given,
            "received": self.received,
            "address": self.address,
            "score": self.score,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a statement that pays to, or comes from, outside: minor units of `currency`."""

    event: Event
    amount: int
    currency: str
    comes_in: bool


@dataclass(frozen=True, slots=True)
class _Coin:
    id: str
    time: datetime
    amount: int
    currency: str
    address: str


class Rates:
    """The rates of a case by day and pair, with the file that states each; nothing is filled in or turned around."""

    def __init__(self, found: Iterable[tuple[RateRecord, str]]) -> None:
        self._by_day = {(rate.day, rate.base, rate.quote): (rate, name) for rate, name in found}

    def worth(self, amount: int, places: int, base: str, quote: str, decimals: int, day: date) -> Worth | None:
        """What `amount` minor units of `base` came to in minor units of `quote` on that day."""
        known = self._by_day.get((day, base, quote))
        if known is None:
            return None
        rate, name = known
        return Worth(Fraction(amount) * Fraction(rate.text) * 10**decimals / 10**places, rate, name)


@dataclass(frozen=True, slots=True)
class Worth:
    """`units` minor units, by `rate` of the file `name`."""

    units: Fraction
    rate: RateRecord
    name: str


def rates_of(case: Case) -> Rates:
    """Every rate in the sources of the case."""
    found: list[tuple[RateRecord, str]] = []
    for source in case.sources():
        if source.format == FORMAT:
            answer = read_in_sandbox(source.file(case.source_bytes(source.sha256)), None)
            if not isinstance(answer, Reading):
                raise InputErrors(answer.problems)
            found += [(rate, source.name) for rate in answer.rates]
    return Rates(found)


def service_candidates(case: Case, within: Within | None = None) -> list[Candidate]:
    """What may have gone into an exchange and come out of it again, the best first; what is joined already left out."""
    within = within or Within()
    ledger = case.traced()
    taken = set(_joined(case))
    coins = sorted(_coins(ledger, taken), key=lambda coin: coin.time)
    times = [coin.time for coin in coins]
    compare = _Compare(case, within)
    found: list[Candidate] = []
    for row in _rows(ledger, taken):
        first, last = _window(row, within)
        for coin in coins[bisect_left(times, first) : bisect_right(times, last)]:
            made = compare.pair(coin, row)
            if made is not None:
                found.append(made)
    return sorted(found, key=lambda each: (-each.score, each.given, each.received))


def _joined(case: Case) -> Iterator[str]:
    for finding in case.findings():
        if isinstance(finding.body, ThroughService):
            yield from (*finding.body.given, *finding.body.received, finding.body.credited, finding.body.withdrawn)


def _coins(ledger: Ledger, taken: set[str]) -> Iterator[_Coin]:
    outputs, accounts = Outputs(ledger), ledger.account_by_id
    times = ledger.events["time"].to_pylist()
    kinds = ledger.events["kind"].to_pylist()
    for id, (row, amount) in outputs.made.items():
        if id not in taken and kinds[row] == "chain":
            yield _Coin(id, times[row], amount, accounts[id].currency, accounts[id].address)


def _rows(ledger: Ledger, taken: set[str]) -> Iterator[_Row]:
    """Rows with outside on one side and an account that is no output on the other."""
    accounts = ledger.account_by_id
    for event in ledger:
        if event.id in taken or event.kind in ("chain", "interest", "gap"):
            continue
        ids = [leg.account for leg in event.inputs] + [leg.account for leg in event.outputs]
        inside = [accounts[id] for id in ids if not accounts[id].is_external]
        if not inside or any(account.kind is AccountKind.OUTPUT for account in inside):
            continue
        given, got = (
            accounts[event.inputs[0].account],
            [leg for leg in event.outputs if not leg.account.startswith(FEE)],
        )
        if given.is_external and not given.id.startswith(GAP):
            yield _Row(event, sum(leg.amount for leg in event.inputs), given.currency, True)
        elif len(got) == 1 and accounts[got[0].account].is_external:
            yield _Row(event, got[0].amount, accounts[got[0].account].currency, False)


def _window(row: _Row, within: Within) -> tuple[datetime, datetime]:
    """When a coin must have moved to be the other side of `row`."""
    span, time = timedelta(days=within.days), row.event.time
    rest = timedelta(0) if ":" in row.event.time_text else timedelta(days=1)
    if row.comes_in:
        return time - span, time + rest + CLOCK
    return time - CLOCK, time + rest + span


def _reached(case: Case) -> set[str]:
    """Outputs and events that anything claimed can have reached, whatever the rule."""
    ledger, claims = case.traced(), case.assumptions().claims
    touched = {claim.account for claim in claims if claim.account}
    entries = {claim.transfer for claim in claims if claim.transfer}
    for event in ledger if claims else ():
        if event.id in entries or any(leg.account in touched for leg in event.inputs):
            touched.add(event.id)
            touched |= {leg.account for leg in event.outputs if not ledger.account_by_id[leg.account].is_external}
    return touched


class _Compare:
    def __init__(self, case: Case, within: Within) -> None:
        self.case, self.within = case, within
        self.rates = rates_of(case)
        self.reached = _reached(case)

    def pair(self, coin: _Coin, row: _Row) -> Candidate | None:
        """The candidate that an output and a row make; None where their amounts do not agree and no text joins them."""
        reasons: list[str] = []
        printed = self._printed(coin, row, reasons)
        amounts = self._amounts(coin, row, reasons)
        if not (amounts or printed):
            return None
        score = amounts + printed + self._time(coin, row, reasons)
        if coin.id in self.reached or row.event.id in self.reached:
            reasons.append("what is claimed can have reached it")
            score += 20
        ids = (coin.id, row.event.id) if row.comes_in else (row.event.id, coin.id)
        return Candidate(*ids, coin.address, score, tuple(reasons))

    def _printed(self, coin: _Coin, row: _Row, reasons: list[str]) -> int:
        """The row prints the transaction or the address: 60 points."""
        text = " ".join(
            (row.event.note, *row.event.references, row.event.outputs[0].account, row.event.inputs[0].account)
        )
        words = set(_ADDRESS.findall(text))
        for name, what in ((coin.id.rpartition(":")[0], "transaction"), (coin.address, "address")):
            if name and name in words:
                reasons.append(f"the row prints the {what}")
                return 60
        return 0

    def _amounts(self, coin: _Coin, row: _Row, reasons: list[str]) -> int:
        """One amount: 50 points; one within the fees stated: 30; by a rate of the day, within 1 %: 30, else 15."""
        first, second = (coin.amount, row.amount) if row.comes_in else (row.amount, coin.amount)
        if coin.currency == row.currency:
            if first == second:
                reasons.append("one amount")
                return 50
            if 0 < first - second <= self.within.fee * first:
                reasons.append(f"{self._money(first - second, coin.currency)} less arrives, within the fees stated")
                return 30
            return 0
        worth = self._worth(coin, row)
        if worth is None:
            return 0
        apart = abs(Fraction(row.amount) - worth.units) / worth.units if worth.units else Fraction(1)
        if apart > self.within.fee:
            return 0
        value = self._money(round(worth.units), row.currency)
        reasons.append(
            f"worth {value} on {worth.rate.day} ({worth.name}, row {worth.rate.pointer.row}),"
            f" {money(round(apart * 10_000), 2)} % apart"
        )
        return 30 if apart <= Fraction(1, 100) else 15

    def _worth(self, coin: _Coin, row: _Row) -> Worth | None:
        """By the rate of the day on which the coin moved, else that of the row's day."""
        places, decimals = self.case.decimals(coin.currency), self.case.decimals(row.currency)
        for day in (coin.time.date(), row.event.time.date()):
            worth = self.rates.worth(coin.amount, places, coin.currency, row.currency, decimals, day)
            if worth is not None:
                return worth
        return None

    def _time(self, coin: _Coin, row: _Row, reasons: list[str]) -> int:
        """Within an hour: 20 points; on one day: 10; else 0."""
        if ":" not in row.event.time_text:
            days = abs((row.event.time.date() - coin.time.date()).days)
            reasons.append("on one day" if not days else f"{days} days apart")
            return 10 if not days else 0
        seconds = abs((row.event.time - coin.time).total_seconds())
        hours = seconds / HOUR
        reasons.append(f"{hours:.1f} hours apart" if seconds >= HOUR else f"{seconds / 60:.0f} minutes apart")
        return 20 if seconds <= HOUR else 10 if seconds <= DAY else 0

    def _money(self, units: int, currency: str) -> str:
        return f"{money(units, self.case.decimals(currency))} {currency}"
