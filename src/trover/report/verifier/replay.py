"""Run a rule over the ledger again, step by step: a second engine, written for checking the first.

An event takes what its inputs hold, in order, and fills its outputs, in order. Money that an account
did not have is the bank's (OWN); a credit to an overdrawn account first pays the bank (OD:account).
"""

from __future__ import annotations

import datetime

from trover.report.verifier.lots import FIRST_IN, NANO, PRO_RATA, Lot, Rule, apportion, content, draw, scaled
from trover.report.verifier.order import View
from trover.report.verifier.statement import FEE, OWN, Account, Event, party

TAINTED, CLEAN = "TAINTED", "CLEAN"


class Held:
    def __init__(self, account: Account) -> None:
        self.account, self.balance = account, account.opening
        self.lots: list[Lot] = []


class Paid:
    """What one leg of an event left outside, so that a return can bring it back.

    The lots are in `sink`; where a purchaser in good faith keeps them, `shown` is the account that received OWN.
    """

    def __init__(self, origin: str, account: str, sink: str, shown: str, lots: list[Lot]) -> None:
        self.origin, self.account, self.sink, self.shown, self.lots = origin, account, sink, shown, lots


class Step:
    """One leg: what it carried, and the account before and after. Contents by owner number, nano units.

    Of an output: `given` is what it took of the inputs, `repaid` what of it repaid an overdraft, `protected`
    what a purchaser in good faith keeps.
    """

    def __init__(self, event: Event, side: str, leg: int, account: str, amount: int) -> None:
        self.event, self.side, self.leg, self.account, self.amount = event, side, leg + 1, account, amount
        self.carried: list[int] = []
        self.balance_before = self.balance_after = 0
        self.before: list[int] = []
        self.after: list[int] = []
        self.given: list[int] = []
        self.repaid: list[int] = []
        self.protected: list[int] = []


class Replay:
    """`held`: accounts after the last event; `sinks`: what left them, by sink; `steps`: every leg."""

    def __init__(self, view: View, rule: Rule) -> None:
        self.view, self.rule, self.facts = view, rule, view.facts
        self.owners = [TAINTED, OWN] if rule.taints_all else view.facts.owners
        self.printed = [TAINTED, CLEAN] if rule.taints_all else self.owners
        self.size = len(self.owners)
        self.own = self.size - 1
        self.sinks: dict[str, list[int]] = {}
        self.paid: dict[str, list[Paid]] = {}
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
        """What claims entered at an event or in an opening, the rest OWN; where all is tainted, tainted whole."""
        names = self.facts.owners
        parts = [0] * len(names)
        for claim in self.facts.claims:
            if (claim.transfer == event) if claim.transfer else (not event and claim.account == account):
                parts[names.index(claim.claimant)] += claim.amount * NANO
        parts[-1] += amount * NANO - sum(parts)
        if self.rule.taints_all:
            return self._tainted(sum(parts)) if any(parts[:-1]) else [0, sum(parts)]
        return parts

    def _tainted(self, nano: int) -> list[int]:
        return [nano, 0]

    def _bank(self, nano: int) -> Lot:
        return Lot(0, [0] * self.own + [nano])

    def _event(self, event: Event) -> None:
        if self.facts.interest == "accrue_daily":
            self._end_of_days(event.time[:10])
        inside: list[Lot] = []
        lent: list[Lot] = []
        outside = self._from_outside(event)
        buys = NANO * sum(cost for account, _, cost in event.outputs if self._preserved(account))
        for number, (account, amount) in enumerate(event.inputs):
            if account in self.held:
                buys -= self._withdraw(event, number, buys, inside, lent)
            else:
                inside += draw(outside, amount * NANO, FIRST_IN, self.size)
        if self.rule.taints_all and any(lot.parts[0] for lot in inside):
            inside = [lot if lot in lent else Lot(lot.order, self._tainted(sum(lot.parts))) for lot in inside]
        if not self.rule.keeps_order:
            inside = self._one(inside)
        realised = all(self._asset(account) for account, _ in event.inputs)
        for number in sorted(range(len(event.outputs)), key=lambda i: self._turn(event, i)):
            self._fill(event, number, inside, realised)

    def _turn(self, event: Event, number: int) -> tuple[bool, int, int]:
        """Outputs are filled in order, or largest first; the fee is the last."""
        account, amount, _ = event.outputs[number]
        return account.startswith(FEE), -amount if self.rule.largest_first else 0, number

    def _asset(self, account: str) -> bool:
        return account in self.held and self.held[account].account.is_asset

    def _preserved(self, account: str) -> bool:
        return self._asset(account) and account not in self.facts.dissipated

    def _one(self, lots: list[Lot]) -> list[Lot]:
        return [Lot(lots[0].order, content(lots, self.size))] if lots else []

    def _withdraw(self, event: Event, number: int, buys: int, inside: list[Lot], lent: list[Lot]) -> int:
        """Draw on an account, then on its bank; the first `buys` nano units buy an asset. Returns how much did."""
        account, amount = event.inputs[number]
        held = self.held[account]
        step = self._begin(event, "in", number, held.account.id, amount, held)
        there = min(amount, max(held.balance, 0)) * NANO
        bought = min(there, buys)
        pieces: list[Lot] = []
        for quantity, stages in ((bought, self.rule.purchase), (there - bought, self.rule.payment)):
            pieces += draw(held.lots, quantity, PRO_RATA if held.account.is_asset else stages, self.size)
        held.balance -= amount
        bank = [self._bank(amount * NANO - there)] if amount * NANO > there else []
        lent += bank
        drawn = sorted(pieces, key=lambda lot: lot.order) if self.rule.keeps_order else pieces
        inside += bank + drawn if self.rule.newest_first else drawn + bank
        self._end(step, pieces, held)
        return bought

    def _from_outside(self, event: Event) -> list[Lot]:
        """What all outside legs bring together: a return, interest, or the claims entered there and OWN."""
        sources = [(account, amount) for account, amount in event.inputs if account not in self.held]
        nano = NANO * sum(amount for _, amount in sources)
        if not nano:
            return []
        paid = returned_leg(self.paid.get(self.facts.returns(event.id), []), sources[0][0])
        if paid:
            return self._brought_back(paid, nano)
        shares = self._bearing(event)
        if any(shares):
            return [Lot(0, apportion(shares, nano))]
        return [Lot(0, self._claimed(event.id, "", nano // NANO))]

    def _bearing(self, event: Event) -> list[int]:
        """The composition that interest follows; empty for what is no interest or what nothing bore."""
        held = self.held.get(event.outputs[0][0])
        if event.kind != "interest" or self.facts.interest == "own" or held is None:
            return []
        by_day = self.day_sums.pop(held.account.id, []) if self.facts.interest == "accrue_daily" else []
        return by_day if any(by_day) else content(held.lots, self.size)

    def _brought_back(self, paid: Paid, nano: int) -> list[Lot]:
        quantity = min(nano, sum(content(paid.lots, self.size)))
        back = scaled(paid.lots, quantity, self.size)
        for index, lot in enumerate(back):
            left = paid.lots[index].parts
            paid.lots[index].parts = [left[owner] - lot.parts[owner] for owner in range(self.size)]
        self._into(paid.sink, [-part for part in content(back, self.size)])
        if paid.shown:
            self._into(paid.shown, [0] * self.own + [-quantity])
        excess = nano - quantity
        return [lot for lot in back if any(lot.parts)] + ([self._bank(excess)] if excess else [])

    def _into(self, sink: str, parts: list[int]) -> None:
        there = self.sinks.setdefault(sink, [0] * self.size)
        for owner, part in enumerate(parts):
            there[owner] += part

    def _fill(self, event: Event, number: int, inside: list[Lot], realised: bool) -> None:
        account, amount, cost = event.outputs[number]
        stages = PRO_RATA if realised else self.rule.purchase if self._preserved(account) else self.rule.payment
        lots = draw(inside, cost * NANO, stages, self.size)
        given = content(lots, self.size)
        if amount != cost:
            lots = scaled(lots, amount * NANO, self.size)
        held, protected = self.held.get(account), [0] * self.size
        if event.id in self.facts.bfp and not account.startswith(FEE):
            protected = content(lots, self.size)
            self._into(f"BFP:{event.id}", protected)
            self._remember(event, account, f"BFP:{event.id}", "" if held else account, lots)
            lots = [self._bank(amount * NANO)]
        elif held is None:
            self._remember(event, account, account, "", lots)
        step = self._begin(event, "out", number, account, amount, held)
        step.given, step.protected, step.carried = given, protected, content(lots, self.size)
        if held:
            step.repaid = self._credit(event, held, amount, lots)
        else:
            self._into(account, step.carried)
        self._end(step, None, held)

    def _remember(self, event: Event, account: str, sink: str, shown: str, lots: list[Lot]) -> None:
        if event.id in self.returned:
            copies = [Lot(lot.order, list(lot.parts)) for lot in lots]
            self.paid.setdefault(event.id, []).append(Paid(event.inputs[0][0], account, sink, shown, copies))

    def _credit(self, event: Event, held: Held, amount: int, lots: list[Lot]) -> list[int]:
        """Book a credit; returns what of it repaid an overdraft."""
        repaid = [0] * self.size
        if held.balance < 0:
            owed = min(-held.balance, amount) * NANO
            repaid = content(draw(lots, owed, self.rule.discharge, self.size), self.size)
            self._into(f"OD:{held.account.id}", repaid)
        held.balance += amount
        legs = self.paid.get(self.facts.reverses.get(event.id, ""), [])
        self._arrive(held, lots, any(paid.origin == held.account.id for paid in legs))
        return repaid

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
        if self.rule.taints_all and any(lot.parts[0] for lot in held.lots):
            held.lots = [Lot(0, self._tainted(sum(content(held.lots, self.size))))]
        elif held.account.is_asset or not self.rule.keeps_order:
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

    def _end(self, step: Step, lots: list[Lot] | None, held: Held | None) -> None:
        if lots is not None:
            step.carried = content(lots, self.size)
        step.after = content(held.lots, self.size) if held else list(self.sinks[step.account])
        step.balance_after = held.balance if held else sum(step.after) // NANO
        self.steps.append(step)


def returned_leg(legs: list[Paid], source: str) -> Paid | None:
    """The leg that a return from `source` brings back: what was paid to it, else the first that is no fee."""
    same = [leg for leg in legs if party(leg.account) == party(source)]
    payees = [leg for leg in legs if not leg.account.startswith(FEE)]
    return next(iter([*same, *payees, *legs]), None)
