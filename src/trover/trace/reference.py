"""The reference engine: slow, and reads like the specification (rules 1.13). It explains every step.

Each event is a transient account. Its inputs are drawn from their accounts by the rule and enter in
order; its outputs are drawn from it by the rule in order, the fee last. The compiled engine returns the
same integers; this one is the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trover.ledger.event import FEE, Account, Event, Output, party_id
from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import NANO
from trover.trace.claim import OWN, Assumptions, InterestMode
from trover.trace.draw import take
from trover.trace.entry import Entries
from trover.trace.interest import DailyShares
from trover.trace.lot import Content, Lot, add, content_of, own, scale, share, subtract, total
from trover.trace.result import CLEAN, TAINTED, Movement, Parts, Trace
from trover.trace.rules import OLDEST_FIRST, PRO_RATA, LotRule


@dataclass(slots=True)
class _Held:
    """An account while the trace runs: balance in minor units, lots oldest first."""

    account: Account
    balance: int
    lots: list[Lot] = field(default_factory=list)


@dataclass(slots=True)
class _Paid:
    """What one leg of an event left outside, kept so that a return can restore it.

    `lots` are in `sink`; where a purchaser in good faith keeps them, `shown` is the account that received OWN.
    """

    origin: str
    account: str
    sink: str
    shown: str
    lots: list[Lot]


def trace(ledger: Ledger, assumptions: Assumptions, rule: LotRule, key: str = "", *, steps: bool = False) -> Trace:
    """Run `rule` over `ledger` in its order. `ledger` and `assumptions` are as the variant reads them."""
    run = _Run(ledger, assumptions, rule, steps)
    for event in ledger:
        run.event(event)
    return run.result(key or rule.id)


class _Run:
    def __init__(self, ledger: Ledger, assumptions: Assumptions, rule: LotRule, steps: bool) -> None:
        self.rule = rule
        self.facts = assumptions
        self.entries = Entries(assumptions)
        self.owners = (TAINTED, CLEAN) if rule.contaminates else assumptions.owners
        self.inner = (TAINTED, OWN) if rule.contaminates else assumptions.owners
        self.sinks: dict[str, Content] = {}
        self.paid: dict[str, list[_Paid]] = {}
        self.sequence = 0
        self.arrived: dict[int, str] = {}
        self.steps = steps
        self.movements: list[Movement] = []
        self.daily = DailyShares() if assumptions.interest is InterestMode.ACCRUE_DAILY else None
        self.held = {
            account.id: _Held(account, account.opening) for account in ledger.account_list if not account.is_external
        }
        self.returned_from = set(assumptions.reverses.values()) | set(assumptions.linked_to.values())
        for held in self.held.values():
            self._open(held)

    def _open(self, held: _Held) -> None:
        if held.account.opening > 0:
            self._arrive(held, [Lot(0, self._marked(self.entries.opening(held.account)))], "")

    def event(self, event: Event) -> None:
        if self.daily:
            self.daily.pass_to(event.time.date(), self._positive())
        inside: list[Lot] = []
        advanced: list[Lot] = []
        outside = self._from_outside(event)
        preserved = sum(leg.cost for leg in event.outputs if self._is_preserved(leg.account)) * NANO
        for number, leg in enumerate(event.inputs):
            if leg.account in self.held:
                preserved -= self._draw_input(event, number, preserved, inside, advanced)
            else:
                inside += take(outside, leg.amount * NANO, (OLDEST_FIRST,), self.inner)
        if self.rule.contaminates and any(TAINTED in lot.content for lot in inside):
            clean = {id(lot) for lot in advanced}
            inside = [lot if id(lot) in clean else Lot(lot.seq, {TAINTED: lot.total}) for lot in inside]
        if not self.rule.keeps_order:
            inside = self._merged(inside)
        realised = all(self._is_asset(leg.account) for leg in event.inputs)
        for number in self._filling_order(event.outputs):
            self._pay(event, number, inside, realised)

    def _draw_input(self, event: Event, number: int, preserved: int, inside: list[Lot], advanced: list[Lot]) -> int:
        """Draw an input, then what its bank advances; of it the first `preserved` nano units buy an asset.

        The bank's part arrives last (1.13), so it stands where the rule comes to it last. Returns how much
        was drawn to buy the asset.
        """
        leg = event.inputs[number]
        held = self.held[leg.account]
        before, balance = self._snapshot(held), held.balance
        drawn = min(leg.amount, max(balance, 0)) * NANO
        bought = min(drawn, preserved)
        pieces = self._draw(held, bought, True) + self._draw(held, drawn - bought, False)
        held.balance -= leg.amount
        lent = [own(leg.amount * NANO - drawn)] if leg.amount * NANO > drawn else []
        advanced += lent
        entering = sorted(pieces, key=lambda lot: lot.seq) if self.rule.keeps_order else pieces
        inside += [*lent, *entering] if self.rule.newest_first else [*entering, *lent]
        self._note(event, "in", number, held, leg.amount, pieces, before, balance)
        return bought

    def _draw(self, held: _Held, quantity: int, preserved: bool) -> list[Lot]:
        stages = (PRO_RATA,) if held.account.is_asset else self.rule.draw(preserved)
        return take(held.lots, quantity, stages, self.inner)

    def _from_outside(self, event: Event) -> list[Lot]:
        """What comes from outside, by all legs together: a return, interest, or the claims entered there and OWN."""
        sources = [leg for leg in event.inputs if leg.account not in self.held]
        amount = sum(leg.amount for leg in sources)
        if not amount:
            return []
        paid = self._returned(event, sources[0].account)
        if paid:
            return self._restore(paid, amount * NANO)
        content = self._interest(event)
        if content:
            return [Lot(0, share(content, amount * NANO, self.inner))]
        return [Lot(0, self._marked(self.entries.at(event.id, amount)))]

    def _interest(self, event: Event) -> Content:
        """The composition that interest follows; empty where it is no interest, or where nothing bore it."""
        bearing = self.held.get(event.outputs[0].account)
        if event.kind != "interest" or self.facts.interest is InterestMode.OWN or bearing is None:
            return {}
        by_day = self.daily.of(bearing.account.id) if self.daily else {}
        return by_day or content_of(bearing.lots, self.inner)

    def _returned(self, event: Event, source: str) -> _Paid | None:
        """The leg that an event from `source` returns: what was paid to it, else the first leg that is no fee."""
        earlier = self.facts.reverses.get(event.id) or self.facts.linked_to.get(event.id)
        legs = self.paid.get(earlier or "", [])
        same = [leg for leg in legs if party_id(leg.account) == party_id(source)]
        payees = [leg for leg in legs if not leg.account.startswith(FEE)]
        return next(iter([*same, *payees, *legs]), None)

    def _restore(self, paid: _Paid, amount: int) -> list[Lot]:
        """The composition the payment had, taken back out of its sink; what exceeds it is OWN."""
        quantity = min(amount, total(paid.lots))
        back = scale(paid.lots, quantity, self.inner)
        for lot, gone in zip(paid.lots, back, strict=True):
            subtract(lot.content, gone.content)
            lot.content = {owner: q for owner, q in lot.content.items() if q}
        subtract(self.sinks[paid.sink], content_of(back, self.inner))
        if paid.shown:
            subtract(self.sinks[paid.shown], {OWN: quantity})
        excess = amount - quantity
        return [lot for lot in back if lot.content] + ([own(excess)] if excess else [])

    def _pay(self, event: Event, number: int, inside: list[Lot], realised: bool) -> None:
        leg = event.outputs[number]
        stages = (PRO_RATA,) if realised else self.rule.draw(self._is_preserved(leg.account))
        lots = take(inside, leg.cost * NANO, stages, self.inner)
        parts = Parts(content_of(lots, self.inner))
        if leg.amount != leg.cost:
            lots = scale(lots, leg.amount * NANO, self.inner)
        held = self.held.get(leg.account)
        if event.id in self.facts.bfp and not leg.account.startswith(FEE):
            parts.protected = content_of(lots, self.inner)
            self._sink(f"BFP:{event.id}", lots)
            self._remember(event, leg.account, f"BFP:{event.id}", "" if held else leg.account, lots)
            lots = [own(leg.amount * NANO)]
        elif not held:
            self._remember(event, leg.account, leg.account, "", lots)
        if held:
            self._credit(event, number, held, lots, parts)
        else:
            self._pay_out(event, number, lots, parts)

    def _pay_out(self, event: Event, number: int, lots: list[Lot], parts: Parts) -> None:
        leg = event.outputs[number]
        before = dict(self.sinks.get(leg.account, {}))
        self._sink(leg.account, lots)
        if self.steps:
            after = self.sinks[leg.account]
            state = (sum(before.values()) // NANO, sum(after.values()) // NANO, before, dict(after))
            content = content_of(lots, self.inner)
            self.movements.append(
                Movement(event.id, "out", number, leg.account, leg.amount, content, *state, parts=parts)
            )

    def _credit(self, event: Event, number: int, held: _Held, lots: list[Lot], parts: Parts) -> None:
        leg = event.outputs[number]
        before, balance = self._snapshot(held), held.balance
        arrived = lots
        lots = [lot.copy() for lot in lots]
        if balance < 0:
            discharge = min(-balance, leg.amount)
            repaid = take(lots, discharge * NANO, self.rule.repays, self.inner)
            parts.repaid = content_of(repaid, self.inner)
            self._sink(f"OD:{leg.account}", repaid)
        held.balance += leg.amount
        legs = self.paid.get(self.facts.reverses.get(event.id, ""), [])
        same = any(paid.origin == leg.account for paid in legs)
        self._arrive(held, lots, event.id, keep_place=same)
        self._note(event, "out", number, held, leg.amount, arrived, before, balance, parts)

    def _arrive(self, held: _Held, lots: list[Lot], event: str, *, keep_place: bool = False) -> None:
        for lot in lots:
            if not (keep_place and lot.seq):
                self.sequence += 1
                lot.seq = self.sequence
                self.arrived[lot.seq] = event
        held.lots += [lot for lot in lots if lot.content]
        if keep_place:
            held.lots = _in_entry_order(held.lots)
        if self.rule.contaminates and any(TAINTED in lot.content for lot in held.lots):
            held.lots = [Lot(0, {TAINTED: total(held.lots)})]
        elif held.account.is_asset or not self.rule.keeps_order:
            held.lots = self._merged(held.lots)

    def _merged(self, lots: Sequence[Lot]) -> list[Lot]:
        return [Lot(lots[0].seq, content_of(lots, self.inner))] if lots else []

    def _marked(self, content: Content) -> Content:
        """Under a rule that taints all, a credit with any claim in it is tainted as a whole."""
        if not self.rule.contaminates:
            return content
        tainted = any(owner != OWN for owner in content)
        return {TAINTED if tainted else OWN: sum(content.values())}

    def _remember(self, event: Event, account: str, sink: str, shown: str, lots: list[Lot]) -> None:
        if event.id in self.returned_from:
            paid = _Paid(event.inputs[0].account, account, sink, shown, [lot.copy() for lot in lots])
            self.paid.setdefault(event.id, []).append(paid)

    def _sink(self, name: str, lots: list[Lot]) -> None:
        add(self.sinks.setdefault(name, {}), content_of(lots, self.inner))

    def _filling_order(self, outputs: Sequence[Output]) -> list[int]:
        """In order, or largest first; the fee last."""

        def place(i: int) -> tuple[bool, int, int]:
            size = -outputs[i].amount if self.rule.largest_first else 0
            return outputs[i].account.startswith(FEE), size, i

        return sorted(range(len(outputs)), key=place)

    def _is_asset(self, account: str) -> bool:
        return account in self.held and self.held[account].account.is_asset

    def _is_preserved(self, account: str) -> bool:
        return self._is_asset(account) and account not in self.facts.dissipated

    def _positive(self) -> dict[str, Content]:
        return {id: content_of(held.lots, self.inner) for id, held in self.held.items() if held.balance > 0}

    def _snapshot(self, held: _Held) -> Content:
        return content_of(held.lots, self.inner) if self.steps else {}

    def _note(
        self,
        event: Event,
        side: str,
        leg: int,
        held: _Held,
        amount: int,
        lots: list[Lot],
        before: Content,
        balance: int,
        parts: Parts | None = None,
    ) -> None:
        if self.steps:
            content, after = content_of(lots, self.inner), content_of(held.lots, self.inner)
            pieces = tuple((self.arrived.get(lot.seq, ""), dict(lot.content)) for lot in lots) if side == "in" else ()
            state = (balance, held.balance, before, after)
            self.movements.append(
                Movement(event.id, side, leg, held.account.id, amount, content, *state, pieces, parts or Parts())
            )

    def result(self, key: str) -> Trace:
        rename = {OWN: CLEAN} if self.rule.contaminates else {}
        content = {id: content_of(held.lots, self.inner) for id, held in self.held.items()} | self.sinks
        totals = {id: max(held.balance, 0) for id, held in self.held.items()}
        totals |= {id: sum(sink.values()) // NANO for id, sink in self.sinks.items()}
        named = {id: {rename.get(o, o): q for o, q in held.items() if q} for id, held in content.items()}
        balances = {id: held.balance for id, held in self.held.items()}
        return Trace(key, self.rule.id, self.owners, named, totals, balances, self.movements)


def _in_entry_order(lots: list[Lot]) -> list[Lot]:
    """Restored lots back in their places; what is left of a lot and what returns of it are one again."""
    placed: dict[int, Lot] = {}
    for lot in sorted(lots, key=lambda lot: lot.seq):
        if lot.seq in placed:
            add(placed[lot.seq].content, lot.content)
        else:
            placed[lot.seq] = lot
    return list(placed.values())
