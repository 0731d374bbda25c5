"""A second program for the rules: exact fractions, written from their text (1.13, 2.0, 2.10), not from an engine.

For small ledgers only. A lot is [entry, {owner: Fraction}]; an account is a balance and its lots.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from trover.ledger.event import FEE, Event, Output, party_id
from trover.ledger.ledger import Ledger
from trover.trace.claim import OWN, Assumptions, InterestMode

Comp = dict[str, Fraction]
Lot = tuple[int, Comp]
ORDERED = ("fifo", "lifo", "hallett_fifo")


@dataclass
class _Account:
    asset: bool
    balance: int
    lots: list[Lot] = field(default_factory=list)


@dataclass
class _Payment:
    payer: str
    payee: str
    sink: str
    shown: str
    lots: list[Lot]


def total(comp: Comp) -> Fraction:
    return sum(comp.values(), Fraction(0))


def blend(lots: list[Lot]) -> Comp:
    comp: Comp = defaultdict(Fraction)
    for _, lot in lots:
        for owner, quantity in lot.items():
            comp[owner] += quantity
    return {owner: quantity for owner, quantity in comp.items() if quantity}


def part(comp: Comp, quantity: Fraction) -> Comp:
    return {owner: q * quantity / total(comp) for owner, q in comp.items()} if quantity else {}


def minus(comp: Comp, other: Comp) -> Comp:
    left = {owner: comp.get(owner, Fraction(0)) - other.get(owner, Fraction(0)) for owner in comp | other}
    return {owner: quantity for owner, quantity in left.items() if quantity}


class Shadow:
    """`rule` over `ledger`, as the variant reads it. `content[account][owner]` in exact minor units."""

    def __init__(self, ledger: Ledger, facts: Assumptions, rule: str) -> None:
        self.rule, self.facts, self.entry = rule, facts, 0
        self.accounts = {a.id: _Account(a.is_asset, a.opening) for a in ledger.account_list if not a.is_external}
        self.sinks: dict[str, Comp] = defaultdict(dict)
        self.paid: dict[str, list[_Payment]] = defaultdict(list)
        self.days: dict[str, Comp] = defaultdict(dict)
        self.today = None
        for id, account in self.accounts.items():
            if account.balance > 0:
                self.arrive(account, [(0, self.claimed("account", id, account.balance))])
        for event in ledger:
            self.event(event)
        held = {id: blend(account.lots) for id, account in self.accounts.items()}
        self.content = held | {sink: {o: q for o, q in comp.items() if q} for sink, comp in self.sinks.items()}

    def claimed(self, place: str, id: str, amount: int) -> Comp:
        comp: Comp = defaultdict(Fraction)
        for claim in self.facts.claims:
            if getattr(claim, place) == id:
                comp[claim.claimant] += claim.amount
        comp[OWN] += amount - total(comp)
        return {owner: quantity for owner, quantity in comp.items() if quantity}

    def event(self, event: Event) -> None:
        self.pass_day(event)
        outside = sum(leg.amount for leg in event.inputs if leg.account not in self.accounts)
        entering = self.enter(event, outside) if outside else []
        wanted = sum(out.cost for out in event.outputs if self.preserved(out.account))
        inside: list[Lot] = []
        for leg in event.inputs:
            if leg.account in self.accounts:
                pieces, bought = self.draw(self.accounts[leg.account], leg.amount, wanted)
                inside += pieces
                wanted -= bought
            else:
                inside += self.head(entering, Fraction(leg.amount))
        if self.rule not in ORDERED:
            inside = [(0, blend(inside))]
        realised = all(leg.account in self.accounts and self.accounts[leg.account].asset for leg in event.inputs)
        for fee_last in (False, True):
            for out in event.outputs:
                if out.account.startswith(FEE) == fee_last:
                    self.pay(event, out, inside, realised)

    def preserved(self, account: str) -> bool:
        known = self.accounts.get(account)
        return known is not None and known.asset and account not in self.facts.dissipated

    def draw(self, account: _Account, amount: int, wanted: int) -> tuple[list[Lot], int]:
        drawn = min(amount, max(account.balance, 0))
        bought = min(drawn, wanted)
        rule = "haircut" if account.asset else self.rule
        pieces = self.take(account.lots, bought, rule, True) + self.take(account.lots, drawn - bought, rule, False)
        account.balance -= amount
        if self.rule in ORDERED:
            pieces.sort(key=lambda lot: lot[0])
        if amount > drawn:
            pieces.insert(0 if self.rule == "lifo" else len(pieces), (0, {OWN: Fraction(amount - drawn)}))
        return pieces, bought

    # TAKE, rule by rule (2.0)

    def take(self, lots: list[Lot], quantity: int, rule: str, preserved: bool) -> list[Lot]:
        x = Fraction(quantity)
        if rule == "oatway":
            rule = "taint_first" if preserved else "libr"
        if rule == "fifo":
            return self.head(lots, x)
        if rule == "lifo":
            lots.reverse()
            taken = self.head(lots, x)
            lots.reverse()
            return taken
        whole = blend(lots)
        own = whole.get(OWN, Fraction(0))
        claimants = {owner: q for owner, q in whole.items() if owner != OWN}
        first = min(x, total(whole))
        if rule == "haircut":
            comp = part(whole, first)
        elif rule == "taint_first":
            theirs = min(first, total(claimants))
            comp = part(claimants, theirs) | {OWN: first - theirs}
        elif rule == "libr":
            mine = min(first, own)
            comp = part(claimants, first - mine) | {OWN: mine}
        else:
            return self.hallett(lots, first)
        lots[:] = [(0, minus(whole, comp))]
        return [(0, {owner: q for owner, q in comp.items() if q})]

    def hallett(self, lots: list[Lot], x: Fraction) -> list[Lot]:
        taken: list[Lot] = []
        for own_first in (True, False):
            for at, (entry, comp) in enumerate(lots):
                theirs = {owner: q for owner, q in comp.items() if (owner == OWN) == own_first}
                piece = part(theirs, min(x, total(theirs)))
                if piece:
                    x -= total(piece)
                    taken.append((entry, piece))
                    lots[at] = (entry, minus(comp, piece))
        return taken

    def head(self, lots: list[Lot], x: Fraction) -> list[Lot]:
        taken: list[Lot] = []
        while x > 0 and lots:
            entry, comp = lots.pop(0)
            piece = part(comp, min(x, total(comp)))
            x -= total(piece)
            if piece:
                taken.append((entry, piece))
            if rest := minus(comp, piece):
                lots.insert(0, (entry, rest))
        return taken

    # What enters (1.1, 1.5, 1.7, 1.11)

    def enter(self, event: Event, amount: int) -> list[Lot]:
        payment = self.returned(event)
        if payment:
            return self.restore(payment, amount)
        bearing = event.outputs[0].account
        if event.kind == "interest" and self.facts.interest is not InterestMode.OWN and bearing in self.accounts:
            share = self.days.pop(bearing, {}) or blend(self.accounts[bearing].lots)
            if share:
                return [(0, part(share, Fraction(amount)))]
        return [(0, self.claimed("transfer", event.id, amount))]

    def pass_day(self, event: Event) -> None:
        day = event.time.date()
        if self.today and self.facts.interest is InterestMode.ACCRUE_DAILY:
            for id, account in self.accounts.items():
                for owner, quantity in blend(account.lots).items():
                    so_far = self.days[id].get(owner, Fraction(0))
                    self.days[id][owner] = so_far + quantity * (day - self.today).days
                self.days[id] = {owner: q for owner, q in self.days[id].items() if q}
        self.today = day

    def returned(self, event: Event) -> _Payment | None:
        earlier = self.facts.reverses.get(event.id) or self.facts.linked_to.get(event.id)
        payments = self.paid.get(earlier or "", [])
        source = next(party_id(leg.account) for leg in event.inputs if leg.account not in self.accounts)
        for wanted in (lambda p: party_id(p.payee) == source, lambda p: not p.payee.startswith(FEE), lambda p: True):
            for payment in payments:
                if wanted(payment):
                    return payment
        return None

    def restore(self, payment: _Payment, amount: int) -> list[Lot]:
        there = total(blend(payment.lots))
        ratio = min(Fraction(1), amount / there) if there else Fraction(0)
        back = [(entry, {o: q * ratio for o, q in comp.items()}) for entry, comp in payment.lots]
        payment.lots = [(entry, {o: q * (1 - ratio) for o, q in comp.items()}) for entry, comp in payment.lots]
        self.sinks[payment.sink] = minus(self.sinks[payment.sink], blend(back))
        if payment.shown:
            self.sinks[payment.shown] = minus(self.sinks[payment.shown], {OWN: there * ratio})
        excess = amount - there * ratio
        return [lot for lot in back if total(lot[1])] + ([(0, {OWN: excess})] if excess else [])

    # Where it goes (1.3, 1.6, 1.11)

    def pay(self, event: Event, out: Output, inside: list[Lot], realised: bool) -> None:
        rule = "haircut" if realised else self.rule
        lots = self.take(inside, out.cost, rule, self.preserved(out.account))
        lots = [(entry, {o: q * out.amount / out.cost for o, q in comp.items()}) for entry, comp in lots]
        inside_ledger = out.account in self.accounts
        payer = event.inputs[0].account
        if event.id in self.facts.bfp and not out.account.startswith(FEE):
            sink = f"BFP:{event.id}"
            self.sink(sink, lots)
            shown = "" if inside_ledger else out.account
            self.paid[event.id].append(_Payment(payer, out.account, sink, shown, list(lots)))
            lots = [(0, {OWN: Fraction(out.amount)})]
        elif not inside_ledger:
            self.paid[event.id].append(_Payment(payer, out.account, out.account, "", list(lots)))
        if not inside_ledger:
            self.sink(out.account, lots)
            return
        account = self.accounts[out.account]
        if account.balance < 0:
            owed = min(-account.balance, out.amount)
            repays = {"lifo": "fifo", "oatway": "libr"}.get(self.rule, self.rule)
            self.sink(f"OD:{out.account}", self.take(lots, owed, repays, False))
        account.balance += out.amount
        payments = self.paid.get(self.facts.reverses.get(event.id, ""), [])
        self.arrive(account, lots, any(payment.payer == out.account for payment in payments))

    def sink(self, name: str, lots: list[Lot]) -> None:
        self.sinks[name] = minus(self.sinks[name], {o: -q for o, q in blend(lots).items()})

    def arrive(self, account: _Account, lots: list[Lot], restored: bool = False) -> None:
        for entry, comp in lots:
            if not comp:
                continue
            if not (restored and entry):
                self.entry += 1
                entry = self.entry
            account.lots.append((entry, comp))
        if restored:
            places: dict[int, list[Lot]] = defaultdict(list)
            for lot in account.lots:
                places[lot[0]].append(lot)
            account.lots = [(entry, blend(places[entry])) for entry in sorted(places)]
        if account.asset:
            account.lots = [(0, blend(account.lots))]
