"""Value that goes through a service which mixes it with its own: an exchange, a bridge, a swap.

What is given to it is one thing, what comes out another, in another currency perhaps. Between them is the customer's
account at the service, which a person found and no ledger shows. Here it is an account for money under way: what was
given enters it when it is given, and what was received is drawn from it. Coin that stays where it was given is the
service's own from then on; coin that the service hands out had come from others and stays with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.chain import KIND as CHAIN
from trover.ledger.event import EXTERNAL, FEE, UNDERWAY, Account, AccountKind, Event, Input, Output
from trover.ledger.hops import Outputs
from trover.ledger.insert import inserted
from trover.ledger.ledger import Ledger

KIND = "service"
SERVICE = f"{EXTERNAL}SERVICE:"
BLOCK_CLOCK = 2 * 3600 * 10**6
"""Microseconds by which the clock of a block may run ahead: nodes accept two hours."""


@dataclass(frozen=True, slots=True)
class Joint:
    """`received` was paid out by `service` for `given`. Both name outputs, or events that pay out or come in.

    `name` tells it from every other and says whose word it is. `amount`: minor units of what was given that went into
    what was received; 0 for all of it. The rest stays with the customer at the service.
    """

    name: str
    service: str
    customer: str
    given: tuple[str, ...]
    received: tuple[str, ...]
    amount: int = 0

    @property
    def account(self) -> str:
        """The customer's account at the service, as far as this finding goes."""
        return f"{UNDERWAY}{self.name}"

    @property
    def sink(self) -> str:
        return f"{SERVICE}{self.service}"


@dataclass(frozen=True, slots=True)
class Side:
    """One thing given or received: `row` of its event, minor units of `currency`; `leg` of an event that pays out.

    `output`: the id where it is an output of a chain, `at` the account into which an event pays.
    """

    id: str
    row: int
    amount: int
    currency: str
    output: str = ""
    leg: int = -1
    opens: bool = False


class Unjoinable(Exception):
    """Why a joint cannot be, in words that follow its name."""


@dataclass
class Service:
    """One ledger and the joints that are made in it."""

    ledger: Ledger
    events: list[tuple[int, Event]] = field(default_factory=list)
    instead: dict[int, Event] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    openings: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.outputs = Outputs(self.ledger)
        self.known = self.ledger.account_by_id
        self.row = {id: row for row, id in enumerate(self.ledger.events["id"].to_pylist())}

    def add(self, joint: Joint) -> str:
        """Make it; why not, if it cannot be, and nothing is then changed."""
        try:
            given = [self._given(id) for id in joint.given]
            received = [self._received(id) for id in joint.received]
            self._check(joint, given, received)
        except Unjoinable as problem:
            return str(problem)
        self.used |= {*joint.given, *joint.received}
        self._make(joint, given, received)
        return ""

    def result(self) -> Ledger:
        ledger = self.ledger.with_openings(self.openings)
        return inserted(ledger, self.events, self.accounts.values(), self.instead)

    def event(self, id: str) -> tuple[int, Event]:
        row = self.row.get(self.ledger.stated_by.get(id, id))
        if row is None:
            raise Unjoinable(f"names {id}, which is no output and no transfer of this case")
        return row, self.instead.get(row) or next(iter(self.ledger.take(np.array([row]))))

    def _output(self, id: str) -> bool:
        if id in self.used:
            raise Unjoinable(f"names {id}, which another finding of this kind names")
        return id in self.known and self.known[id].kind is AccountKind.OUTPUT

    def _given(self, id: str) -> Side:
        if self._output(id):
            if id not in self.outputs.made:
                raise Unjoinable(f"names {id}, whose making nothing in this case shows")
            row, amount = self.outputs.made[id]
            return Side(id, row, amount, self.known[id].currency, id)
        row, event = self.event(id)
        if all(self._account(leg.account).is_external for leg in event.inputs):
            raise Unjoinable(f"names {id}, which is paid by no account of this case")
        legs = [n for n, leg in enumerate(event.outputs) if not leg.account.startswith(FEE)]
        outside = [n for n in legs if self._account(event.outputs[n].account).is_external] or legs
        if len(outside) != 1:
            raise Unjoinable(f"names {id}, which pays {len(outside)} parties: name the output that was given")
        leg = event.outputs[outside[0]]
        return Side(id, row, leg.amount, self._account(leg.account).currency, leg=outside[0])

    def _received(self, id: str) -> Side:
        if self._output(id):
            made, spent = self.outputs.made.get(id), self.outputs.spent.get(id)
            row, amount = made or spent or (-1, 0)
            if not amount:
                raise Unjoinable(f"names {id}, which holds nothing")
            return Side(id, row, amount, self.known[id].currency, id, opens=made is None)
        row, event = self.event(id)
        if not all(self._account(leg.account).is_external for leg in event.inputs):
            raise Unjoinable(f"names {id}, which does not come in from outside")
        currency = self._account(event.inputs[0].account).currency
        return Side(id, row, sum(leg.amount for leg in event.inputs), currency)

    def _account(self, id: str) -> Account:
        return self.accounts.get(id) or self.known[id]

    def _check(self, joint: Joint, given: Sequence[Side], received: Sequence[Side]) -> None:
        for sides, word in ((given, "given"), (received, "received")):
            currencies = sorted({side.currency for side in sides})
            if len(currencies) > 1:
                raise Unjoinable(f"has {word} {' and '.join(currencies)}: record one finding for each")
        whole = sum(side.amount for side in given)
        amount = joint.amount or whole
        if not 0 < amount <= whole:
            raise Unjoinable(f"takes {amount} of {whole} that was given, in minor units")
        got = sum(side.amount for side in received)
        if received and received[0].currency == given[0].currency and got > amount:
            raise Unjoinable(f"pays out {got} for {amount} of the same currency")
        for side in received:
            if side.row <= max(each.row for each in given):
                raise Unjoinable(f"names {side.id}, which is received before all that was given")

    def _make(self, joint: Joint, given: Sequence[Side], received: Sequence[Side]) -> None:
        name = " at ".join(filter(None, (joint.customer, joint.service)))
        currency = given[0].currency
        self.accounts[joint.account] = Account(joint.account, currency, AccountKind.BANK, name)
        for side in given:
            self._give(joint, side)
        whole = sum(side.amount for side in given)
        for side, share in zip(received, _shares(joint.amount or whole, received, currency), strict=True):
            if side.output:
                self._hand_out(joint, side, share)
            else:
                self._pay_in(joint, side, share)

    def _sink(self, joint: Joint, currency: str) -> str:
        """The service itself, outside the ledger, in this currency."""
        id = f"{joint.sink} in {currency}"
        self.accounts.setdefault(id, Account(id, currency, AccountKind.EXTERNAL, joint.service))
        return id

    def _give(self, joint: Joint, side: Side) -> None:
        """What is given enters the customer's account; coin that stays where it is becomes the service's own."""
        sink = self._sink(joint, side.currency)
        held = side.output
        if side.output:
            self._move(f"{side.id}:given", side.row, side.output, joint.account, side.amount, joint)
        else:
            row, event = self.event(side.id)
            leg = event.outputs[side.leg]
            legs = [*event.outputs]
            legs[side.leg] = replace(leg, account=joint.account)
            self.instead[row] = replace(event, outputs=tuple(legs))
            held = "" if self._account(leg.account).is_external else leg.account
        if held:
            self._move(f"{side.id}:kept", side.row, sink, held, side.amount, joint)

    def _move(self, id: str, row: int, payer: str, payee: str, amount: int, joint: Joint, cost: int = 0) -> None:
        at = next(iter(self.ledger.take(np.array([row]))))
        cost = cost or amount
        legs = (Input(payer, cost),), (Output(payee, amount, cost),)
        note = f"through {joint.service}, on the word of {joint.name}"
        self.events.append((row, Event(id, at.time, 0, *legs, KIND, note, at.time_text)))

    def _hand_out(self, joint: Joint, side: Side, share: int) -> None:
        """An output that the service paid: the coin in it had come from others; now it stands for what was given."""
        if side.opens:
            self.openings[side.output] = 0
            first = max(row for row in (self._given_row(id) for id in joint.given))
            self._move(f"{side.id}:received", first, joint.account, side.output, side.amount, joint, share)
            return
        self._move(f"{side.id}:others", side.row, side.output, self._sink(joint, side.currency), side.amount, joint)
        self._move(f"{side.id}:received", side.row, joint.account, side.output, side.amount, joint, share)

    def _given_row(self, id: str) -> int:
        return self.outputs.made[id][0] if id in self.outputs.made else self.event(id)[0]

    def _pay_in(self, joint: Joint, side: Side, share: int) -> None:
        """A row that comes in: drawn from the customer's account, at the cost of its share of what was given."""
        row, event = self.event(side.id)
        kept = self.accounts[joint.account].currency == side.currency
        outputs = list(event.outputs)
        if kept:
            charge = share - side.amount
            if charge:
                fee = f"{FEE}{side.id}:{joint.name}"
                self.accounts[fee] = Account(fee, side.currency, AccountKind.EXTERNAL, f"fee of {joint.service}")
                outputs.append(Output(fee, charge, charge))
        else:
            costs = _split(share, [leg.cost for leg in outputs])
            outputs = [replace(leg, cost=cost) for leg, cost in zip(outputs, costs, strict=True)]
        self.instead[row] = replace(event, inputs=(Input(joint.account, share),), outputs=tuple(outputs))


def _shares(amount: int, received: Sequence[Side], currency: str) -> list[int]:
    """What each thing received cost of `amount`: in proportion where it was exchanged, else its own amount, the last
    one with the fees."""
    amounts = [side.amount for side in received]
    if not received or received[0].currency != currency:
        return _split(amount, amounts)
    return [*amounts[:-1], amount - sum(amounts[:-1])]


def _split(amount: int, parts: Sequence[int]) -> list[int]:
    """`amount` in proportion to `parts`, exact; what rounding down leaves goes to the first parts, one unit each."""
    total = sum(parts)
    shares = [amount * part // total for part in parts] if total else []
    for index in range(amount - sum(shares) if shares else 0):
        shares[index] += 1
    return shares


def through_services(ledger: Ledger, joints: Sequence[Joint]) -> tuple[Ledger, dict[str, str]]:
    """`ledger` with these joints made, and for each that cannot be: name -> why not."""
    work = Service(_days_in_line(ledger, joints))
    barred = {joint.name: why for joint in joints if (why := work.add(joint))}
    return work.result(), barred


def _days_in_line(ledger: Ledger, joints: Iterable[Joint]) -> Ledger:
    """What comes in stands after what was given for it, where only a clock says otherwise.

    A row without a time of day sorts before all of its day: those of the day that follow it move with it. The clock of
    a block may run two hours ahead: all rows of statements between the two move. So the order of each statement stays.
    """
    for joint in joints:
        places = {id: row for row, id in enumerate(ledger.events["id"].to_pylist())}
        made = {id: row for id, (row, _) in Outputs(ledger).made.items()}
        given, received = (
            [row for id in ids if (row := made.get(id, places.get(ledger.stated_by.get(id, id)))) is not None]
            for ids in (joint.given, joint.received)
        )
        if given and received and min(received) < max(given) and _is_of_clocks(ledger, min(received), max(given)):
            ledger = _behind(ledger, min(received), max(given))
    return ledger


def _is_of_clocks(ledger: Ledger, row: int, later: int) -> bool:
    """Whether `row` may really be after `later`, although it sorts before it."""
    if not ledger.timed[row]:
        return bool(ledger.days[row] == ledger.days[later])
    times = ledger.events["time"].cast(pa.int64())
    behind = times[later].as_py() - times[row].as_py()
    return bool(ledger.events["kind"][later].as_py() == CHAIN and behind <= BLOCK_CLOCK)


def _behind(ledger: Ledger, first: int, last: int) -> Ledger:
    """The rows of statements from `first` on behind `last`, in their own order; only those without a time if it is."""
    stretch = np.arange(first, last + 1)
    stays = pc.equal(ledger.events["kind"], CHAIN).to_numpy()[first : last + 1]
    if not ledger.timed[first]:
        stays = stays | ledger.timed[first : last + 1]
    stays[-1] = True
    order = np.arange(len(ledger))
    order[first : last + 1] = np.concatenate([stretch[stays], stretch[~stays]])
    times = np.maximum.accumulate(ledger.events["time"].cast(pa.int64()).to_numpy()[order])
    return ledger.take(order).with_columns(time=pa.array(times), seq=pa.array(np.arange(len(order))))
