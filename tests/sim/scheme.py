"""A laundering scheme from a seed, and what each rule makes of it, without an engine.

Victims pay into collection accounts; money is layered forward through accounts of several levels, mixed
with own money on the way, and leaves to recipients. It never flows back, so each account can be worked
out alone, once everything that was paid into it is known: on an axis of cumulated credits and debits
(first in first out), as levels of the balance (last in first out), or as one vector (the blended rules).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from random import Random

from trover.ledger.event import Account, AccountKind, Event, transfer
from trover.ledger.ledger import Ledger
from trover.trace.claim import OWN, Assumptions, Claim

START = datetime(2021, 1, 1, tzinfo=UTC)
LEVELS = (6, 9, 9, 6)
VICTIMS = tuple(f"VICTIM{number}" for number in range(1, 6))
RECIPIENTS = tuple(f"EXT:RECIPIENT{number}" for number in range(1, 13))

Shares = dict[str, Decimal]
Segments = list[tuple[int, str]]
"""Money in order: (minor units, owner)."""


@dataclass(frozen=True)
class Scheme:
    ledger: Ledger
    facts: Assumptions
    levels: tuple[tuple[str, ...], ...]
    events: tuple[Event, ...]
    of: dict[str, list[Event]]
    """What happened to each account and recipient, in order."""

    @property
    def accounts(self) -> list[str]:
        return [account for level in self.levels for account in level]


def scheme(seed: int, events: int) -> Scheme:
    random = Random(seed)
    levels = tuple(tuple(f"L{level}-{number}" for number in range(size)) for level, size in enumerate(LEVELS))
    balance = dict.fromkeys((account for level in levels for account in level), 0)
    made: list[Event] = []
    claims: list[Claim] = []
    while len(made) < events:
        level = random.randrange(len(levels))
        account = random.choice(levels[level])
        id, when = f"e{len(made)}", START + timedelta(minutes=7 * len(made))
        if balance[account] == 0 or random.random() < 0.1:
            payer, amount = _credit(random, level), random.randint(1, 500_000)
            if payer in VICTIMS:
                claims.append(Claim(payer, amount, transfer=id))
            made.append(transfer(id, when, len(made), f"EXT:{payer}", account, amount))
            balance[account] += amount
            continue
        leaves = level + 1 == len(levels) or random.random() < 0.1
        payee = random.choice(RECIPIENTS if leaves else levels[level + 1])
        amount = balance[account] if random.random() < 0.1 else random.randint(1, balance[account])
        made.append(transfer(id, when, len(made), account, payee, amount))
        balance[account] -= amount
        if payee in balance:
            balance[payee] += amount
    outside = dict.fromkeys([*(f"EXT:{name}" for name in (*VICTIMS, "BUSINESS")), *RECIPIENTS])
    parties = [Account(id, "EUR", AccountKind.EXTERNAL) for id in outside]
    parties += [Account(id, "EUR", AccountKind.BANK) for id in balance]
    of: dict[str, list[Event]] = defaultdict(list)
    for event in made:
        of[event.inputs[0].account].append(event)
        of[event.outputs[0].account].append(event)
    return Scheme(Ledger.of(parties, made), Assumptions(tuple(claims)), levels, tuple(made), dict(of))


def _credit(random: Random, level: int) -> str:
    return random.choice(VICTIMS) if random.random() < (0.6, 0.1, 0.0, 0.0)[level] else "BUSINESS"


# Rules that keep an order: each payment is a list of segments.


def truth_in_order(made: Scheme, rule: str) -> dict[str, dict[str, int]]:
    """account or recipient -> owner -> minor units, under fifo or lifo."""
    paid: dict[str, Segments] = {}
    owner_of = {claim.transfer: claim.claimant for claim in made.facts.claims}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    work = {"fifo": _on_axis, "lifo": _on_levels}[rule]
    for account in made.accounts:
        history: list[tuple[str, int, Segments]] = []
        for event in made.of.get(account, []):
            amount = event.inputs[0].amount
            if event.inputs[0].account == account:
                history.append((event.id, -amount, []))
            else:
                history.append((event.id, amount, paid.get(event.id) or [(amount, owner_of.get(event.id, OWN))]))
        paid |= work(history)
        for quantity, owner in paid.pop("left"):
            found[account][owner] += quantity
    for event in made.events:
        if event.outputs[0].account in RECIPIENTS:
            for quantity, owner in paid[event.id]:
                found[event.outputs[0].account][owner] += quantity
    return {account: dict(row) for account, row in found.items()}


def _on_axis(history: list[tuple[str, int, Segments]]) -> dict[str, Segments]:
    """The overlap of what came in and what went out on one axis of cumulated amounts."""
    axis: list[tuple[int, int, str]] = []
    end = 0
    for _, _, segments in history:
        for quantity, owner in segments:
            axis.append((end, end + quantity, owner))
            end += quantity

    def between(low: int, high: int) -> Segments:
        cut = ((min(high, stop) - max(low, start), owner) for start, stop, owner in axis)
        return [(quantity, owner) for quantity, owner in cut if quantity > 0]

    drawn, found = 0, {}
    for id, amount, _ in history:
        if amount < 0:
            found[id] = between(drawn, drawn - amount)
            drawn -= amount
    return found | {"left": between(drawn, end)}


def _on_levels(history: list[tuple[str, int, Segments]]) -> dict[str, Segments]:
    """What a segment occupies of the balance's levels, and which of them the balance has not left since."""
    balances = [0]
    levels: list[tuple[int, int, int, str]] = []
    for at, (_, amount, segments) in enumerate(history, 1):
        low = balances[-1]
        for quantity, owner in segments:
            levels.append((at, low, low + quantity, owner))
            low += quantity
        balances.append(balances[-1] + amount)

    def vacated(at: int) -> Segments:
        """From the top: the levels left by the event `at`, each by the last segment that came to occupy it."""
        bottom, top = balances[at], balances[at - 1]
        cut: Segments = []
        for since, low, high, owner in reversed(levels):
            if since < at:
                still = min(balances[since:at])
                quantity = min(high, still, top) - max(low, bottom)
                if quantity > 0:
                    cut.append((quantity, owner))
        return cut

    found = {id: vacated(at) for at, (id, amount, _) in enumerate(history, 1) if amount < 0}
    balances.append(0)
    return found | {"left": list(reversed(vacated(len(history) + 1)))}


# Rules that blend: each payment is a vector.


def _libr(content: Shares, balance: int, amount: int) -> Shares:
    own = min(Decimal(amount), content.get(OWN, Decimal(0)))
    theirs = sum((q for owner, q in content.items() if owner != OWN), Decimal(0))
    share = (amount - own) / theirs if theirs else Decimal(0)
    return {owner: q * share for owner, q in content.items() if owner != OWN} | {OWN: own}


def _taint_first(content: Shares, balance: int, amount: int) -> Shares:
    theirs = sum((q for owner, q in content.items() if owner != OWN), Decimal(0))
    share = min(Decimal(amount), theirs) / theirs if theirs else Decimal(0)
    return {owner: q * share for owner, q in content.items() if owner != OWN} | {OWN: max(amount - theirs, Decimal(0))}


def _haircut(content: Shares, balance: int, amount: int) -> Shares:
    return {owner: q * amount / balance for owner, q in content.items()}


def _poison(content: Shares, balance: int, amount: int) -> Shares:
    owner = "TAINTED" if any(content.get(o) for o in content if o != OWN) else OWN
    return {owner: Decimal(amount)}


BLENDED: dict[str, Callable[[Shares, int, int], Shares]] = {
    "libr": _libr,
    "oatway": _libr,
    "taint_first": _taint_first,
    "haircut": _haircut,
    "poison": _poison,
}


def truth_blended(made: Scheme, rule: str) -> dict[str, Shares]:
    """account or recipient -> owner -> minor units with 60 digits."""
    draw = BLENDED[rule]
    owner_of = {claim.transfer: claim.claimant for claim in made.facts.claims}
    paid: dict[str, Shares] = {}
    found: dict[str, Shares] = defaultdict(lambda: defaultdict(Decimal))
    with localcontext() as context:
        context.prec = 60
        for account in made.accounts:
            content: Shares = {}
            balance = 0
            for event in made.of.get(account, []):
                amount = event.inputs[0].amount
                if event.inputs[0].account == account:
                    paid[event.id] = draw(content, balance, amount)
                    balance -= amount
                    content = _plus(content, paid[event.id], -1) if balance else {}
                else:
                    arrives = paid.get(event.id) or {owner_of.get(event.id, OWN): Decimal(amount)}
                    content = _plus(content, arrives, 1)
                    balance += amount
            found[account] = content if rule != "poison" else draw(content, balance, balance)
        for event in made.events:
            if event.outputs[0].account in RECIPIENTS:
                payee = event.outputs[0].account
                found[payee] = _plus(found[payee], paid[event.id], 1)
    return dict(found)


def _plus(content: Shares, other: Shares, sign: int) -> Shares:
    return {o: content.get(o, Decimal(0)) + sign * other.get(o, Decimal(0)) for o in content | other}
