"""The auditor's own books: balances, contents and sinks, kept from the ledger and what movements carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trover.ledger.event import FEE, Event, Output, party_id
from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import NANO
from trover.trace.claim import OWN, Assumptions, InterestMode
from trover.trace.lot import Content


def plus(into: Content, content: Content) -> Content:
    """Add `content` to `into` and return it; owners left with nothing disappear."""
    for owner, quantity in content.items():
        into[owner] = into.get(owner, 0) + quantity
        if not into[owner]:
            del into[owner]
    return into


def less(content: Content, other: Content) -> Content:
    return plus(dict(content), negative(other))


def negative(content: Content) -> Content:
    return {owner: -quantity for owner, quantity in content.items()}


@dataclass(slots=True)
class PaidLeg:
    """What one payment left outside and has not come back. `shown`: the purchaser's account, where there is one."""

    account: str
    sink: str
    left: Content
    shown: str
    lots: int


class Book:
    """`balance` in minor, `held` and `sinks` in nano units, by account."""

    def __init__(self, ledger: Ledger, assumptions: Assumptions) -> None:
        self.facts = assumptions
        self.accounts = [account for account in ledger.account_list if not account.is_external]
        self.currency = {account.id: account.currency for account in ledger.account_list}
        self.balance = {account.id: account.opening for account in self.accounts}
        self.held: dict[str, Content] = {account.id: {} for account in self.accounts}
        self.sinks: dict[str, Content] = {}
        self.apart: dict[tuple[str, str], Content] = {}
        self._paid: dict[str, list[PaidLeg]] = defaultdict(list)
        self._wanted = {*assumptions.reverses.values(), *assumptions.linked_to.values()}
        self._today: date | None = None
        self._days: dict[str, Content] = defaultdict(dict)

    def open(self) -> Iterator[tuple[str, Content]]:
        """Opening balances above zero: the claims entered there, the rest nobody's claim."""
        for account in self.accounts:
            if account.opening > 0:
                yield account.id, self._claimed("account", account.id, account.opening)

    def entered(self, event: str, amount: int) -> Content:
        """What a credit from outside brings: the claims entered there, the rest nobody's claim."""
        return self._claimed("transfer", event, amount)

    def _claimed(self, place: str, id: str, amount: int) -> Content:
        content: Content = {}
        for claim in self.facts.claims:
            if getattr(claim, place) == id:
                plus(content, {claim.claimant: claim.amount * NANO})
        return plus(content, {OWN: amount * NANO - sum(content.values())})

    def pass_to(self, day: date) -> None:
        """Add up what was held at the end of each day before `day` (only interest by day needs it)."""
        if self.facts.interest is InterestMode.ACCRUE_DAILY and self._today is not None:
            for account, content in self.held.items():
                passed = (day - self._today).days
                plus(self._days[account], {owner: quantity * passed for owner, quantity in content.items()})
        self._today = day

    def interest(self, event: Event) -> Content:
        """The composition that interest follows; empty where the event is not interest, or nothing bore it."""
        account = event.outputs[0].account
        if event.kind != "interest" or self.facts.interest is InterestMode.OWN or account not in self.balance:
            return {}
        days = self._days.pop(account, {})
        return days or dict(self.held[account])

    def returned(self, event: Event) -> PaidLeg | None:
        """The payment that an event returns, where it left the ledger: by payee, else the first that is no fee."""
        earlier = self.facts.reverses.get(event.id) or self.facts.linked_to.get(event.id)
        legs = self._paid.get(earlier or "", [])
        source = next(party_id(leg.account) for leg in event.inputs if leg.account not in self.balance)
        same = [leg for leg in legs if party_id(leg.account) == source]
        payees = [leg for leg in legs if not leg.account.startswith(FEE)]
        return next(iter([*same, *payees, *legs]), None)

    def take(self, account: str, amount: int, content: Content) -> None:
        self.balance[account] -= amount
        self.held[account] = less(self.held[account], content)

    def receive(self, event: Event, leg: Output, content: Content, repaid: Content) -> None:
        """Book what an output brought: into its account, or into the sink of that name."""
        if leg.account in self.balance:
            self.balance[leg.account] += leg.amount
            plus(self.held[leg.account], less(content, repaid))
            if repaid:
                self.sink(f"OD:{leg.account}", repaid, self.currency[leg.account])
        else:
            self.sink(leg.account, content, self.currency[leg.account])

    def remember(self, event: Event, leg: Output, became: Content, bfp: bool, lots: int) -> None:
        """Keep what a payment left outside, where a return may bring it back."""
        outside = leg.account not in self.balance
        if event.id in self._wanted and (outside or bfp):
            sink = f"BFP:{event.id}" if bfp else leg.account
            shown = leg.account if bfp and outside else ""
            self._paid[event.id].append(PaidLeg(leg.account, sink, dict(became), shown, lots))

    def sink(self, name: str, content: Content, currency: str) -> None:
        """Book into a sink. One event may pay purchasers in several currencies: they share a sink, not a row."""
        plus(self.sinks.setdefault(name, {}), content)
        plus(self.apart.setdefault((name, currency), {}), content)

    def give_back(self, paid: PaidLeg, back: Content, own: str) -> None:
        """Take what came back out of the sinks it was in."""
        currency = self.currency[paid.account]
        paid.left = less(paid.left, back)
        self.sink(paid.sink, negative(back), currency)
        if paid.shown:
            self.sink(paid.shown, {own: -sum(back.values())}, currency)

    def state(self, account: str) -> tuple[int, Content]:
        """Balance (of a sink: what it has) in minor units, and content."""
        if account in self.balance:
            return self.balance[account], self.held[account]
        content = self.sinks.get(account, {})
        return sum(content.values()) // NANO, content
