"""Random small worlds for property tests: a ledger and the findings of people, every feature of the rules at random.

`account_worlds` gives accounts with overdrafts, ties in time, reversals and cash links (whole, partial, repeated),
good-faith purchases, interest, conversions, assets bought and realised, events of many legs with a fee, credits
shared by several claimants, openings negative or claimed. `output_worlds` gives unspent outputs.
All events balance: what goes in is what comes out at cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from trover.ledger.event import Account, AccountKind, Event, Input, Output
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim, InterestMode

CLAIMANTS = ("A", "B", "C", "D")
START = datetime(2024, 1, 1, tzinfo=UTC)
EUROS = ("EUR1", "EUR2", "EUR3")
DOLLARS = ("USD1",)
ASSETS = ("ASSET:house", "ASSET:boat")
OUTSIDE = ("EXT:source", "EXT:shop", "EXT:cash", "FEE:bank")


@dataclass(frozen=True)
class World:
    """`ledger` in the order of its events, and `facts` that refer to it."""

    ledger: Ledger
    facts: Assumptions


@dataclass
class _Draft:
    """A world while it is drawn."""

    draw: st.DrawFn
    largest: int
    events: list[Event] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    bfp: set[str] = field(default_factory=set)
    reverses: dict[str, str] = field(default_factory=dict)
    linked_to: dict[str, str] = field(default_factory=dict)
    paid_out: list[Event] = field(default_factory=list)
    hour: int = 0

    def amount(self, most: int = 0) -> int:
        return self.draw(st.integers(1, most or self.largest))

    def pick(self, among: Sequence[str]) -> str:
        return self.draw(st.sampled_from(among))

    def add(self, inputs: Sequence[Input], outputs: Sequence[Output], kind: str = "") -> Event:
        self.hour += self.draw(st.integers(0, 1))
        number = len(self.events)
        event = Event(f"e{number}", START + timedelta(hours=self.hour), number, tuple(inputs), tuple(outputs), kind)
        self.events.append(event)
        return event

    def move(self, source: str, target: str, amount: int, arrives: int = 0, kind: str = "") -> Event:
        return self.add([Input(source, amount)], [Output(target, arrives or amount, amount)], kind)

    def claim(self, amount: int, *, transfer: str = "", account: str = "") -> None:
        """Some of `amount` belongs to claimants, the rest to nobody known."""
        for claimant in self.draw(st.lists(st.sampled_from(CLAIMANTS), max_size=3)):
            if amount <= 0:
                return
            part = self.draw(st.one_of(st.just(amount), st.integers(1, amount)))
            self.claims.append(Claim(claimant, part, transfer=transfer, account=account))
            amount -= part

    def parts(self, total: int, most: int) -> list[int]:
        """`total` cut into 1 to `most` positive parts."""
        cuts = self.draw(st.lists(st.integers(1, max(total - 1, 1)), max_size=most - 1, unique=True))
        edges = [0, *sorted(cut for cut in cuts if cut < total), total]
        return [after - before for before, after in pairwise(edges)]


def _credit(draft: _Draft) -> None:
    event = draft.move("EXT:source", draft.pick(EUROS + DOLLARS), draft.amount())
    draft.claim(event.inputs[0].amount, transfer=event.id)


def _pay(draft: _Draft) -> None:
    event = draft.move(draft.pick(EUROS + DOLLARS), draft.pick(OUTSIDE[1:]), draft.amount())
    draft.paid_out.append(event)
    if draft.draw(st.integers(0, 4)) == 0:
        draft.bfp.add(event.id)


def _move(draft: _Draft) -> None:
    source, target = draft.draw(st.permutations(EUROS))[:2]
    event = draft.move(source, target, draft.amount())
    if draft.draw(st.integers(0, 9)) == 0:
        draft.bfp.add(event.id)


def _convert(draft: _Draft) -> None:
    source, target = draft.draw(st.sampled_from([("EUR1", "USD1"), ("USD1", "EUR2")]))
    draft.move(source, target, draft.amount(), draft.amount())


def _convert_out(draft: _Draft) -> None:
    draft.paid_out.append(draft.move(draft.pick(EUROS), "EXT:shop", draft.amount(), draft.amount()))


def _buy(draft: _Draft) -> None:
    draft.move(draft.pick(EUROS), draft.pick(ASSETS), draft.amount())


def _sell(draft: _Draft) -> None:
    draft.move(draft.pick(ASSETS), draft.pick(EUROS), draft.amount(), draft.amount())


def _interest(draft: _Draft) -> None:
    draft.move("EXT:source", draft.pick(EUROS), draft.amount(max(draft.largest // 20, 1)), kind="interest")


def _return(draft: _Draft) -> None:
    """A payment comes back, in part or in whole or more, to its payer or elsewhere, as a reversal or a cash link."""
    if not draft.paid_out:
        return _credit(draft)
    paid = draft.draw(st.sampled_from(draft.paid_out))
    received = paid.outputs[0].amount
    amount = draft.draw(st.one_of(st.just(received), st.integers(1, received), st.integers(1, 2 * received)))
    home = paid.inputs[0].account
    target = draft.draw(st.sampled_from([home, home, home, *EUROS]))
    event = draft.move("EXT:source", target, amount)
    links = draft.reverses if draft.draw(st.integers(0, 3)) else draft.linked_to
    links[event.id] = paid.id
    return None


def _many_legs(draft: _Draft) -> None:
    among = (*EUROS, *ASSETS, "EXT:source")
    sources = draft.draw(st.lists(st.sampled_from(among), min_size=1, max_size=3, unique=True))
    inputs = [Input(source, draft.amount()) for source in sources]
    costs = draft.parts(sum(leg.amount for leg in inputs), 4)
    targets = [draft.pick((*EUROS, *DOLLARS, *ASSETS, "EXT:shop")) for _ in costs]
    outputs = []
    for target, cost in zip(targets, costs, strict=True):
        arrives = draft.amount() if target in DOLLARS or draft.draw(st.integers(0, 9)) == 0 else cost
        outputs.append(Output(target, arrives, cost))
    if len(outputs) > 1 and draft.draw(st.booleans()):
        outputs[-1] = Output("FEE:bank", costs[-1], costs[-1])
    event = draft.add(inputs, outputs)
    for leg in inputs:
        if leg.account == "EXT:source":
            draft.claim(leg.amount, transfer=event.id)
    if any(leg.account.startswith("EXT:") for leg in outputs):
        draft.paid_out.append(event)
    if draft.draw(st.integers(0, 9)) == 0:
        draft.bfp.add(event.id)


ORDINARY = (_credit, _credit, _pay, _pay, _move)
SPECIAL = (_convert, _convert_out, _buy, _sell, _interest, _return, _return, _many_legs, _many_legs)


@st.composite
def account_worlds(
    draw: st.DrawFn, *, most_events: int = 25, largest: int = 1000, daily: bool = False, plain: bool = False
) -> World:
    """Accounts in two currencies. `largest`: the largest amount; `plain`: credits, payments and movements only."""
    draft = _Draft(draw, largest)
    steps = ORDINARY if plain else ORDINARY + SPECIAL
    accounts = _opened(draft)
    for _ in range(draw(st.integers(0, most_events))):
        draw(st.sampled_from(steps))(draft)
    modes = [InterestMode.ACCRUE, InterestMode.OWN] + [InterestMode.ACCRUE_DAILY] * daily
    facts = Assumptions(
        claims=tuple(draft.claims),
        bfp=frozenset(draft.bfp),
        reverses=draft.reverses,
        dissipated=draw(st.sampled_from([frozenset(), frozenset(ASSETS[:1])])),
        linked_to=draft.linked_to,
        interest=draw(st.sampled_from(modes)),
    )
    return World(Ledger.of(accounts, draft.events), facts)


def _opened(draft: _Draft) -> list[Account]:
    accounts = [Account(id, "EUR", AccountKind.EXTERNAL) for id in OUTSIDE]
    for id in (*EUROS, *DOLLARS, *ASSETS):
        kind = AccountKind.ASSET if id in ASSETS else AccountKind.BANK
        least = 0 if id in ASSETS else -draft.largest
        opening = draft.draw(st.one_of(st.just(0), st.integers(least, draft.largest)))
        draft.claim(opening, account=id)
        accounts.append(Account(id, "USD" if id in DOLLARS else "EUR", kind, opening=opening))
    return accounts


@st.composite
def output_worlds(draw: st.DrawFn, *, most_events: int = 12, largest: int = 1000) -> World:
    """Unspent outputs: each is filled once and emptied once; the fee is the last output of its transaction."""
    draft = _Draft(draw, largest)
    values: dict[str, int] = {}
    accounts = [Account(id, "BTC", AccountKind.EXTERNAL) for id in ("EXT:mined", "EXT:shop", "FEE:miner")]
    for number in range(draw(st.integers(1, 5))):
        id, opening = f"open:{number}", draft.amount()
        values[id] = opening
        draft.claim(opening, account=id)
        accounts.append(Account(id, "BTC", AccountKind.OUTPUT, opening=opening))
    for _ in range(draw(st.integers(0, most_events))):
        spent = draw(st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)) if values else []
        inputs = [Input(id, values.pop(id)) for id in spent] or [Input("EXT:mined", draft.amount())]
        costs = draft.parts(sum(leg.amount for leg in inputs), 4)
        targets = [f"out:{len(draft.events)}:{number}" for number in range(len(costs))]
        if len(costs) > 1 and draw(st.booleans()):
            targets[-1] = "FEE:miner"
        for target, cost in zip(targets, costs, strict=True):
            if target != "FEE:miner":
                values[target] = cost
                accounts.append(Account(target, "BTC", AccountKind.OUTPUT))
        event = draft.add(inputs, [Output(target, cost, cost) for target, cost in zip(targets, costs, strict=True)])
        if not spent:
            draft.claim(inputs[0].amount, transfer=event.id)
    return World(Ledger.of(accounts, draft.events), Assumptions(claims=tuple(draft.claims)))
