"""What a derived rule may look at: the ledger as read, the findings, and the trace it builds on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trover.ledger.event import Event
from trover.ledger.ledger import Ledger
from trover.trace.claim import OWN, Assumptions
from trover.trace.result import Trace


@dataclass(frozen=True)
class Basis:
    """`trace` is the result of the rule's basis over `ledger`, with its movements."""

    ledger: Ledger
    assumptions: Assumptions
    trace: Trace

    @property
    def claimants(self) -> tuple[str, ...]:
        return tuple(owner for owner in self.trace.owners if owner != OWN)

    def fund(self) -> list[str]:
        """The accounts that form the fund: those a person named, else every account of the ledger."""
        named = self.assumptions.fund
        return [a.id for a in self.ledger.account_list if not a.is_external and (not named or a.id in named)]

    def fund_currencies(self) -> set[str]:
        return {self.ledger.account_by_id[id].currency for id in self.fund()}

    def weights(self) -> dict[str, int]:
        """Claims less what was repaid, in minor units, by claimant; never below 0."""
        weights = dict.fromkeys(self.claimants, 0)
        for claim in self.assumptions.claims:
            weights[claim.claimant] += claim.amount - claim.repaid
        return {claimant: max(weight, 0) for claimant, weight in weights.items()}

    def traced(self) -> dict[str, int]:
        """What is traced into the fund, in minor units, by claimant."""
        rows = [self.trace.row(id) for id in self.fund()]
        return {claimant: sum(row[claimant] for row in rows) for claimant in self.claimants}

    def balances_on(self, day: date) -> dict[str, int]:
        """Balance of each account, in minor units, after the last event of `day`."""
        balances = {a.id: a.opening for a in self.ledger.account_list if not a.is_external}
        for event in self.events_until(day):
            for paid in event.inputs:
                if paid.account in balances:
                    balances[paid.account] -= paid.amount
            for got in event.outputs:
                if got.account in balances:
                    balances[got.account] += got.amount
        return balances

    def events_until(self, day: date) -> Iterator[Event]:
        return (event for event in self.ledger if event.time.date() <= day)
