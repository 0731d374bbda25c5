"""The flow of traced value under one rule, as nodes and bands; every band cites its rows or is refused.

A band's amount is what of the claims moved from one party to another, in the currency that arrives. What a
party sent back to the account it came from is netted against what it got. Parties come as accounts inside the
ledger, sources (where claims entered) and ends: recipients, what is left in an account, the bank, a purchaser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from trover.errors import BandWithoutRows
from trover.ledger.event import Event
from trover.report.carried import Part
from trover.report.figures import Figure
from trover.report.reading import OPENING, Reading
from trover.trace.arithmetic import NANO, half_even
from trover.trace.claim import OWN
from trover.trace.compare import Answer
from trover.trace.lot import Content

TOP = 10
"""Recipients drawn apart; the rest is one node."""
MOST_NODES = 60
"""Beyond this a picture says less than its table."""


@dataclass(frozen=True, slots=True)
class Node:
    """kind: source, account, event, recipient, held, bank or bfp."""

    key: str
    name: str
    kind: str

    @property
    def ends(self) -> bool:
        return self.kind in ("recipient", "held", "bank", "bfp")


@dataclass(frozen=True, slots=True)
class Band:
    """`figure` is the traced amount; `weight` the same in one unit for all bands of the picture, for its width."""

    start: Node
    end: Node
    figure: Figure
    weight: int


@dataclass(frozen=True, slots=True)
class Flow:
    rule: str
    title: str
    bands: tuple[Band, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(dict.fromkeys(node for band in self.bands for node in (band.start, band.end)))

    @property
    def drawable(self) -> bool:
        return 0 < len(self.nodes) <= MOST_NODES


def flow(reading: Reading, answer: Answer) -> Flow:
    """The flow under `answer`. Raises `BandWithoutRows` where an amount cannot name its rows."""
    gathered = _Gathered(reading, answer)
    gathered.gather()
    return Flow(answer.rule.id, answer.rule.title, tuple(gathered.bands()))


def band(
    reading: Reading, answer: Answer, start: Node, end: Node, currency: str, parts: list[Part], weight: Fraction
) -> Band:
    nano = sum(quantity for _, quantity in parts)
    what = f"From {start.name} to {end.name}, {answer.key}"
    if not parts:
        raise BandWithoutRows(what)
    key = (answer.key, "band", start.key, end.key, currency)
    amount = half_even(nano, NANO)
    figure = reading.book.figure(key, amount, currency, what, parts, [row for row, _ in parts])
    return Band(start, end, figure, round(nano * weight))


class _Gathered:
    def __init__(self, reading: Reading, answer: Answer) -> None:
        self.reading, self.answer = reading, answer
        self.claimants = reading.claimants
        self.carried = reading.carried(answer)
        facts = reading.material.assumptions
        self.returns = {**facts.reverses, **facts.linked_to}
        self.claimed_at = {claim.transfer for claim in facts.claims}
        self.parts: dict[tuple[Node, Node, str], list[Part]] = {}
        self.moved: dict[str, list[tuple[str, int, Content]]] = {}
        assert answer.trace is not None
        self.inside = answer.trace.balances
        for movement in answer.trace.movements:
            self.moved.setdefault(movement.event, []).append((movement.side, movement.leg, movement.content))

    def gather(self) -> None:
        self._openings()
        for event in self.reading.events:
            self._event(event)
        for account in self.inside:
            self._bank(account)
            held = self.carried.parts(account, self.claimants)
            if sum(nano for _, nano in held) > 0:
                name = self.reading.place_name(account)
                self._add(self.account(account), Node(f"held:{account}", f"Left in {name}", "held"), account, held)

    def bands(self) -> Iterable[Band]:
        weights = _weights(self.reading)
        merged = _grouped(self.parts)
        for (start, end, currency), parts in merged.items():
            if sum(nano for _, nano in parts) > 0:
                yield band(self.reading, self.answer, start, end, currency, parts, weights.get(currency, Fraction(1)))

    def account(self, account: str) -> Node:
        account = self.reading.passed_through.get(account, account)
        name = self.reading.place_name(account)
        if account in self.inside:
            return Node(account, name, "account")
        return Node(f"to:{name}", name, "recipient")

    def _claimed(self, content: Content) -> int:
        return sum(q for owner, q in content.items() if owner != OWN)

    def _add(self, start: Node, end: Node, account: str, parts: list[Part]) -> None:
        self.parts.setdefault((start, end, self._currency(account)), []).extend(parts)

    def _currency(self, account: str) -> str:
        known = self.reading.accounts.get(account)
        return known.currency if known else next(iter(self.reading.claim_currencies))

    def _openings(self) -> None:
        for account in self.inside:
            row = f"{OPENING}{account}"
            entered = [part for part in self.carried.parts(account, self.claimants) if part[0] == row]
            if entered:
                name = f"Opening balance of {self.reading.place_name(account)}"
                self._add(Node(row, name, "source"), self.account(account), account, entered)

    def _event(self, event: Event) -> None:
        moves = self.moved.get(event.id, [])
        arriving = [(leg, self._claimed(content)) for side, leg, content in moves if side == "out"]
        through = self.reading.passed_through
        arriving = [(leg, nano) for leg, nano in arriving if nano and event.outputs[leg].account not in through]
        if not arriving and f"BFP:{event.id}" not in self.carried.trace.content:
            return
        starts = self._starts(event, moves)
        good_faith = f"BFP:{event.id}" in self.carried.trace.content
        if len(starts) > 1 and (len(event.outputs) > 1 or good_faith):
            hub = Node(f"event:{event.id}", f"Transaction, row {self.reading.labels[event.id]}", "event")
            for start, nano in starts:
                self._add(start, hub, event.inputs[0].account, [(event.id, nano)])
            starts = [(hub, 0)]
        if good_faith:
            self._good_faith(event, starts)
        for leg, nano in arriving:
            output = event.outputs[leg].account
            end = self.account(output)
            if len(starts) == 1:
                self._moved(event, starts[0][0], end, output, nano)
            else:
                for start, share in starts:
                    self._add(start, end, output, [(event.id, share)])

    def _moved(self, event: Event, start: Node, end: Node, account: str, nano: int) -> None:
        """A return in the currency paid is netted; any other movement is a band of its own direction."""
        first = self.returns.get(event.id)
        if start.kind == "bfp":
            self._from_purchaser(event, start, end, account, nano)
        elif first and start.kind == "recipient" and (end, start, self._currency(account)) in self.parts:
            self._add(end, start, account, [(event.id, -nano)])
        else:
            self._add(start, end, account, [(event.id, nano)])

    def _starts(self, event: Event, moves: list[tuple[str, int, Content]]) -> list[tuple[Node, int]]:
        """Where the event's claimed money came from, with nano units: accounts, a payer outside, or a returner."""
        found = []
        for side, leg, content in moves:
            nano = self._claimed(content)
            if side == "in" and nano:
                found.append((self.account(event.inputs[leg].account), nano))
        outside = [leg.account for leg in event.inputs if leg.account not in self.inside]
        payer = self.reading.name(outside[0] if outside else event.inputs[0].account)
        if found:
            entered = self._entered(event, moves)
            return [*found, *([(Node(f"from:{payer}", payer, "source"), entered)] if entered else [])]
        first = self.returns.get(event.id)
        if first in self.reading.event and f"BFP:{first}" in self.carried.trace.content:
            return [(self._purchaser(self.reading.event[first]), 0)]
        if first in self.reading.event:
            paid_to = self.reading.event[first].outputs[0].account
            return [(self.account(paid_to), 0)]
        return [(Node(f"from:{payer}", payer, "source"), 0)]

    def _entered(self, event: Event, moves: list[tuple[str, int, Content]]) -> int:
        """Nano units that a claim brings in at an event that moves claimed money of an account, too."""
        if event.id not in self.claimed_at:
            return 0
        left = sum(self._claimed(content) * (1 if side == "out" else -1) for side, _, content in moves)
        return left + sum(nano for _, nano in self.carried.parts(f"BFP:{event.id}", self.claimants))

    def _good_faith(self, event: Event, starts: list[tuple[Node, int]]) -> None:
        parts = self.carried.parts(f"BFP:{event.id}", self.claimants)
        if parts:
            self._add(starts[0][0], self._purchaser(event), event.outputs[0].account, parts)

    def _purchaser(self, event: Event) -> Node:
        payee = self.reading.name(event.outputs[0].account)
        return Node(f"BFP:{event.id}", f"{payee}, purchaser in good faith", "bfp")

    def _from_purchaser(self, event: Event, start: Node, end: Node, account: str, nano: int) -> None:
        """What a purchaser gives back to the payer is netted in its band already; to others it is a band of its own."""
        payers = [payer for payer, payee, _ in self.parts if payee == start]
        if end in payers:
            return
        for payer in payers[:1]:
            self._add(payer, start, account, [(event.id, nano)])
        self._add(start, end, account, [(event.id, nano)])

    def _bank(self, account: str) -> None:
        parts = self.carried.parts(f"OD:{account}", self.claimants)
        if parts:
            end = Node(f"OD:{account}", "The bank, repaying the overdraft", "bank")
            self._add(self.account(account), end, account, parts)


def _grouped(parts: Mapping[tuple[Node, Node, str], list[Part]]) -> dict[tuple[Node, Node, str], list[Part]]:
    """Recipients beyond the largest become one node."""
    sums: dict[Node, int] = {}
    for (_, end, _), moved in parts.items():
        if end.kind == "recipient":
            sums[end] = sums.get(end, 0) + sum(nano for _, nano in moved)
    senders = {start for start, _, _ in parts}
    small = sorted((n for n in sums if sums[n] > 0 and n not in senders), key=lambda n: (-sums[n], n.name))[TOP:]
    if len(small) < 2:
        return dict(parts)
    rest = Node("others", f"{len(small)} other recipients", "recipient")
    merged: dict[tuple[Node, Node, str], list[Part]] = {}
    hidden = set(small)
    for (start, end, currency), moved in parts.items():
        merged.setdefault((start, rest if end in hidden else end, currency), []).extend(moved)
    return merged


def _weights(reading: Reading) -> dict[str, Fraction]:
    """How wide a unit of each currency is drawn: the claim's currency 1, others at the rate of the conversions."""
    weights = {currency: Fraction(1) for currency in reading.claim_currencies[:1]}
    given: dict[tuple[str, str], list[int]] = {}
    for event in reading.events:
        payer = reading.accounts[event.inputs[0].account].currency
        for leg in event.outputs:
            arrives = reading.accounts[leg.account].currency
            if arrives != payer:
                sums = given.setdefault((payer, arrives), [0, 0])
                sums[0] += leg.cost
                sums[1] += leg.amount
    for _ in given:
        for (payer, arrives), (cost, amount) in given.items():
            if payer in weights:
                weights.setdefault(arrives, weights[payer] * cost / amount)
            elif arrives in weights:
                weights.setdefault(payer, weights[arrives] * amount / cost)
    return weights
