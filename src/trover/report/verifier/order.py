"""The ledger as each variant reads it: which order, which accounts, which findings.

@credits_first and @debits_first break ties of time by kind of movement, @backward moves a credit to the
instant before the debit it funded, @consolidated merges accounts, @no_link leaves linked cash out.
"""

from __future__ import annotations

from trover.report.verifier.statement import UNDERWAY, Account, Claim, Event, Facts

VARIANTS = ("", "credits_first", "debits_first", "backward", "consolidated", "no_link")


class View:
    """Accounts, events in the order in which they run, and findings, as one variant reads them."""

    def __init__(self, accounts: dict[str, Account], events: list[Event], facts: Facts) -> None:
        self.accounts, self.events, self.facts = accounts, events, facts


def view(accounts: dict[str, Account], events: list[Event], facts: Facts, variant: str) -> View:
    """Raises ValueError where the variant rests on a finding that is not there."""
    needed = {"backward": facts.backward_for, "consolidated": facts.consolidate, "no_link": facts.linked_to}
    if variant not in VARIANTS or (variant in needed and not needed[variant]):
        raise ValueError(f"variant {variant!r} is unknown or rests on a finding that is not recorded")
    facts = facts.copy()
    replaced = {event.replaces for event in events if event.replaces}
    read = View(accounts, [event for event in events if event.id not in replaced], facts)
    if variant == "no_link":
        facts.linked_to = {}
    if variant == "consolidated":
        read = _consolidated(read)
    ranks = {event.id: _rank(event, read.accounts, variant) for event in read.events}
    read.events.sort(key=lambda event: (event.time, ranks[event.id], event.seq))
    backward = facts.backward_for if variant == "backward" else {}
    read.events = _moved(read.events, backward, {**facts.linked_to, **facts.reverses})
    return read


def _rank(event: Event, accounts: dict[str, Account], variant: str) -> int:
    if variant not in ("credits_first", "debits_first"):
        return 0
    comes_in = all(accounts[leg[0]].is_external for leg in event.inputs)
    goes_out = all(accounts[leg[0]].is_external or accounts[leg[0]].is_asset for leg in event.outputs)
    rank = 0 if comes_in else 2 if goes_out else 1
    return rank if variant == "credits_first" else 2 - rank


def _moved(events: list[Event], backward: dict[str, str], returns: dict[str, str]) -> list[Event]:
    """A credit linked backward comes just before its debit, and a return just after what it returns.

    A return waits where it would come before its payment, or where any credit is moved.
    """
    place = {event.id: index for index, event in enumerate(events)}
    funds: dict[str, list[str]] = {}
    for credit, debit in backward.items():
        if credit in place and debit in place and place[credit] > place[debit]:
            funds.setdefault(debit, []).append(credit)
    awaits = {a: f for a, f in returns.items() if a in place and f in place and (funds or place[a] < place[f])}
    done: dict[str, None] = {}
    waiting: dict[str, list[str]] = {}
    todo = [event.id for event in reversed(events)]
    while todo:
        id = todo[-1]
        credits = [credit for credit in funds.pop(id, []) if credit not in done]
        if credits:
            todo += sorted(credits, key=lambda credit: -place[credit])
            continue
        todo.pop()
        if id in awaits and awaits[id] not in done:
            waiting.setdefault(awaits[id], []).append(id)
        elif id not in done:
            done[id] = None
            todo += reversed(waiting.pop(id, []))
    order = [*done, *(id for id in place if id not in done)]
    return [events[place[id]] for id in order]


def _consolidated(read: View) -> View:
    pool_of = {account: pool for pool, members in read.facts.consolidate.items() for account in members}
    pool_of.update(_between(read, pool_of))
    accounts: dict[str, Account] = {}
    for account in read.accounts.values():
        pool = pool_of.get(account.id, account.id)
        first = accounts.get(pool, account)
        opening = account.opening + (first.opening if pool in accounts else 0)
        accounts[pool] = Account(pool, first.currency, first.kind, first.holder, opening)
    events = []
    for event in read.events:
        twin = Event(event.id, event.line, event.time, event.seq, event.kind, event.replaces)
        twin.inputs = [(pool_of.get(id, id), amount) for id, amount in event.inputs]
        twin.outputs = [(pool_of.get(id, id), amount, cost) for id, amount, cost in event.outputs]
        for pool in set(pool_of.values()):
            _net(twin, pool)
        if twin.inputs and twin.outputs:
            events.append(twin)
    facts = read.facts.copy()
    facts.fund = list(dict.fromkeys(pool_of.get(account, account) for account in facts.fund))
    facts.claims = [
        Claim(c.claimant, c.amount, c.transfer, pool_of.get(c.account, c.account), c.repaid, c.offence)
        for c in facts.claims
    ]
    return View(accounts, events, facts)


def _between(read: View, pool_of: dict[str, str]) -> dict[str, str]:
    """Money under way from one account of a pool to another stays in the pool."""
    ends: dict[str, list[str]] = {}
    for event in read.events:
        for id, _, _ in event.outputs:
            if id.startswith(UNDERWAY):
                ends.setdefault(id, []).append(event.inputs[0][0])
        for id, _ in event.inputs:
            if id.startswith(UNDERWAY):
                ends.setdefault(id, []).append(event.outputs[0][0])
    currency = {pool: read.accounts[id].currency for id, pool in pool_of.items() if id in read.accounts}
    found: dict[str, str] = {}
    for id, sides in ends.items():
        pools = {pool_of.get(side, "") for side in sides}
        pool = pools.pop()
        if len(sides) == 2 and not pools and pool and currency[pool] == read.accounts[id].currency:
            found[id] = pool
    return found


def _net(event: Event, pool: str) -> None:
    """Take out of an event what moves from a pool into the same pool, from its first legs on."""
    drawn = sum(amount for account, amount in event.inputs if account == pool)
    paid = sum(cost for account, _, cost in event.outputs if account == pool)
    out = back = min(drawn, paid)
    inputs: list[tuple[str, int]] = []
    for account, amount in event.inputs:
        less = min(out, amount) if account == pool else 0
        out -= less
        inputs.append((account, amount - less))
    outputs: list[tuple[str, int, int]] = []
    for account, amount, cost in event.outputs:
        less = min(back, cost) if account == pool else 0
        back -= less
        outputs.append((account, amount - less, cost - less))
    event.inputs = [leg for leg in inputs if leg[1] > 0]
    event.outputs = [leg for leg in outputs if leg[2] > 0]
