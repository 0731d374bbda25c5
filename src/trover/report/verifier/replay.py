"""Run a rule over the ledger again, step by step: a second engine, written for checking the first.

An event takes what its inputs hold, in order, and fills its outputs, in order. Money that an account
did not have is the bank's (OWN); a credit to an overdrawn account first pays the bank (OD:account).
"""

from __future__ import annotations

import datetime

from trover.report.verifier.lots import NANO, PRO_RATA, Lot, Rule, apportion, content, draw, scaled
from trover.report.verifier.order import View
from trover.report.verifier.statement import Account, Event


class Held:
    def __init__(self, account: Account) -> None:
        self.account, self.balance = account, account.opening
        self.lots: list[Lot] = []


class Paid:
    """What an event left in a sink, so that a return can bring it back."""

    def __init__(self, origin: str, sinks: list[str], lots: list[Lot]) -> None:
        self.origin, self.sinks, self.lots = origin, sinks, lots


class Step:
    """One leg: what it carried, and the account before and after. Contents by owner number, nano units."""

    def __init__(self, event: Event, side: str, leg: int, account: str, amount: int) -> None:
        self.event, self.side, self.leg, self.account, self.amount = event, side, leg + 1, account, amount
        self.carried: list[int] = []
        self.balance_before = self.balance_after = 0
        self.before: list[int] = []
        self.after: list[int] = []


class Replay:
    """`held`: accounts after the last event; `sinks`: what left them, by sink; `steps`: every leg."""

    def __init__(self, view: View, rule: Rule) -> None:
        self.view, self.rule, self.facts = view, rule, view.facts
        self.owners = view.facts.owners
        self.size = len(self.owners)
        self.own = self.size - 1
        self.sinks: dict[str, list[int]] = {}
        self.paid: dict[str, Paid] = {}
        self.steps: list[Step] = []
        self.entered = 0
        self.returned = set(self.facts.reverses.values()) | set(self.facts.linked_to.values())
        self.today = ""
        self.day_sums: dict[str, list[int]] = {}
        self.held = {id: Held(account) for id, account in view.accounts.items() if not account.is_external}
        for held in self.held.values():
            if held.account.opening > 0:
                self._arrive(held, [Lot(0, self._claimed("", held.account.id, held.account.opening))], False)
        for event in view.events:
            self._event(event)

    def _claimed(self, event: str, account: str, amount: int) -> list[int]:
        parts = [0] * self.size
        for claim in self.facts.claims:
            if (claim.transfer == event) if claim.transfer else (not event and claim.account == account):
                parts[self.owners.index(claim.claimant)] += claim.amount * NANO
        parts[self.own] += amount * NANO - sum(parts)
        return parts

    def _bank(self, nano: int) -> Lot:
        return Lot(0, [0] * self.own + [nano])

    def _event(self, event: Event) -> None:
        if self.facts.interest == "accrue_daily":
            self._end_of_days(event.time[:10])
        purchase = any(self._preserved(account) for account, _, _ in event.outputs)
        inside: list[Lot] = []
        lent: list[Lot] = []
        for number, (account, amount) in enumerate(event.inputs):
            if account in self.held:
                inside += self._withdraw(event, number, self.held[account], amount, purchase, lent)
            else:
                inside += self._from_outside(event, amount)
        inside += lent
        if not self.rule.keeps_order:
            inside = self._one(inside)
        realised = all(self._asset(account) for account, _ in event.inputs)
        numbers = list(range(len(event.outputs)))
        if self.rule.largest_first:
            numbers.sort(key=lambda i: (event.outputs[i][0].startswith("FEE:"), -event.outputs[i][1], i))
        for number in numbers:
            self._fill(event, number, inside, realised)

    def _asset(self, account: str) -> bool:
        return account in self.held and self.held[account].account.is_asset

    def _preserved(self, account: str) -> bool:
        return self._asset(account) and account not in self.facts.dissipated

    def _one(self, lots: list[Lot]) -> list[Lot]:
        return [Lot(lots[0].order, content(lots, self.size))] if lots else []

    def _withdraw(self, event: Event, number: int, held: Held, amount: int, buys: bool, lent: list[Lot]) -> list[Lot]:
        step = self._begin(event, "in", number, held.account.id, amount, held)
        there = min(amount, max(held.balance, 0))
        stages = PRO_RATA if held.account.is_asset else self.rule.purchase if buys else self.rule.payment
        pieces = draw(held.lots, there * NANO, stages, self.size)
        held.balance -= amount
        if amount > there:
            lent.append(self._bank((amount - there) * NANO))
        self._end(step, pieces, held)
        return sorted(pieces, key=lambda lot: lot.order) if self.rule.keeps_order else pieces

    def _from_outside(self, event: Event, amount: int) -> list[Lot]:
        first = self.facts.reverses.get(event.id) or self.facts.linked_to.get(event.id)
        if first and first in self.paid:
            return self._brought_back(self.paid[first], amount)
        bears = self.held.get(event.outputs[0][0])
        if event.kind == "interest" and self.facts.interest != "own" and bears and bears.balance > 0:
            shares = self.day_sums.pop(bears.account.id, []) if self.facts.interest == "accrue_daily" else []
            return [Lot(0, apportion(shares if any(shares) else content(bears.lots, self.size), amount * NANO))]
        return [Lot(0, self._claimed(event.id, "", amount))]

    def _brought_back(self, paid: Paid, amount: int) -> list[Lot]:
        quantity = min(amount * NANO, sum(content(paid.lots, self.size)))
        back = scaled(paid.lots, quantity, self.size)
        for index, lot in enumerate(back):
            left = paid.lots[index].parts
            paid.lots[index].parts = [left[owner] - lot.parts[owner] for owner in range(self.size)]
        gone = content(back, self.size)
        self._into(paid.sinks[0], [-part for part in gone])
        if len(paid.sinks) > 1:
            self._into(paid.sinks[1], [0] * self.own + [-quantity])
        excess = amount * NANO - quantity
        return [lot for lot in back if any(lot.parts)] + ([self._bank(excess)] if excess else [])

    def _into(self, sink: str, parts: list[int]) -> None:
        there = self.sinks.setdefault(sink, [0] * self.size)
        for owner, part in enumerate(parts):
            there[owner] += part

    def _fill(self, event: Event, number: int, inside: list[Lot], realised: bool) -> None:
        account, amount, cost = event.outputs[number]
        stages = PRO_RATA if realised else self.rule.purchase if self._preserved(account) else self.rule.payment
        lots = draw(inside, cost * NANO, stages, self.size)
        if amount != cost:
            lots = scaled(lots, amount * NANO, self.size)
        sinks: list[str] = []
        if event.id in self.facts.bfp and not account.startswith("FEE:"):
            sinks = [f"BFP:{event.id}"]
            self._into(sinks[0], content(lots, self.size))
            self._remember(event, sinks, lots)
            lots = [self._bank(amount * NANO)]
        if account in self.held:
            self._credit(event, number, self.held[account], amount, lots)
            return
        step = self._begin(event, "out", number, account, amount, None)
        self._into(account, content(lots, self.size))
        if not sinks:
            self._remember(event, [account], lots)
        elif event.id in self.paid:
            self.paid[event.id].sinks = [*sinks, account]
        self._end(step, lots, None)

    def _remember(self, event: Event, sinks: list[str], lots: list[Lot]) -> None:
        if event.id in self.returned and event.id not in self.paid:
            copies = [Lot(lot.order, list(lot.parts)) for lot in lots]
            self.paid[event.id] = Paid(event.inputs[0][0], sinks, copies)

    def _credit(self, event: Event, number: int, held: Held, amount: int, lots: list[Lot]) -> None:
        step = self._begin(event, "out", number, held.account.id, amount, held)
        carried = [Lot(lot.order, list(lot.parts)) for lot in lots]
        if held.balance < 0:
            owed = min(-held.balance, amount) * NANO
            self._into(f"OD:{held.account.id}", content(draw(lots, owed, self.rule.discharge, self.size), self.size))
        held.balance += amount
        first = self.facts.reverses.get(event.id, "")
        self._arrive(held, lots, first in self.paid and self.paid[first].origin == held.account.id)
        self._end(step, carried, held)

    def _arrive(self, held: Held, lots: list[Lot], to_its_place: bool) -> None:
        for lot in lots:
            if not (to_its_place and lot.order):
                self.entered += 1
                lot.order = self.entered
        held.lots += [lot for lot in lots if any(lot.parts)]
        if to_its_place:
            places: dict[int, list[Lot]] = {}
            for lot in sorted(held.lots, key=lambda lot: lot.order):
                places.setdefault(lot.order, []).append(lot)
            held.lots = [Lot(order, content(same, self.size)) for order, same in places.items()]
        if held.account.is_asset or not self.rule.keeps_order:
            held.lots = self._one(held.lots)

    def _end_of_days(self, day: str) -> None:
        """Add what each owner had at the end of every day that has ended, for interest by the day."""
        if self.today and day > self.today:
            days = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(self.today)).days
            for id, held in self.held.items():
                if held.balance > 0:
                    sums = self.day_sums.setdefault(id, [0] * self.size)
                    for owner, part in enumerate(content(held.lots, self.size)):
                        sums[owner] += part * days
        self.today = day

    def _begin(self, event: Event, side: str, number: int, account: str, amount: int, held: Held | None) -> Step:
        step = Step(event, side, number, account, amount)
        step.before = content(held.lots, self.size) if held else list(self.sinks.get(account, [0] * self.size))
        step.balance_before = held.balance if held else sum(step.before) // NANO
        return step

    def _end(self, step: Step, lots: list[Lot], held: Held | None) -> None:
        step.carried = content(lots, self.size)
        step.after = content(held.lots, self.size) if held else list(self.sinks[step.account])
        step.balance_after = held.balance if held else sum(step.after) // NANO
        self.steps.append(step)
