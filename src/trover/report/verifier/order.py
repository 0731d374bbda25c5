"""The ledger as each variant reads it: which order, which accounts, which findings.

@credits_first and @debits_first break ties of time by kind of movement, @backward moves a credit to the
instant before the debit it funded, @consolidated merges accounts, @no_link leaves linked cash out.
"""

from __future__ import annotations

from trover.report.verifier.statement import Account, Claim, Event, Facts

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
    read.events = _moved(read.events, backward, {**facts.reverses, **facts.linked_to})
    return read


def _rank(event: Event, accounts: dict[str, Account], variant: str) -> int:
    if variant not in ("credits_first", "debits_first"):
        return 0
    comes_in = all(accounts[leg[0]].is_external for leg in event.inputs)
    goes_out = all(accounts[leg[0]].is_external or accounts[leg[0]].is_asset for leg in event.outputs)
    rank = 0 if comes_in else 2 if goes_out else 1
    return rank if variant == "credits_first" else 2 - rank


def _moved(events: list[Event], backward: dict[str, str], returns: dict[str, str]) -> list[Event]:
    """A credit linked backward comes before its debit; a return never comes before what it returns."""
    place = {event.id: index for index, event in enumerate(events)}
    key = {event.id: (2 * index, 0) for index, event in enumerate(events)}
    for credit, debit in backward.items():
        if credit in place and debit in place and place[credit] > place[debit]:
            key[credit] = (2 * place[debit] - 1, place[credit])
    for again, first in returns.items():
        if again in place and first in place and key[again] < key[first]:
            key[again] = (key[first][0], place[again] + 1)
    return sorted(events, key=lambda event: key[event.id])


def _consolidated(read: View) -> View:
    pool_of = {account: pool for pool, members in read.facts.consolidate.items() for account in members}
    accounts: dict[str, Account] = {}
    for account in read.accounts.values():
        pool = pool_of.get(account.id, account.id)
        opening = account.opening + (accounts[pool].opening if pool in accounts else 0)
        accounts[pool] = Account(pool, account.currency, account.kind, account.holder, opening)
    pools = set(pool_of.values())
    events = []
    for event in read.events:
        twin = Event(event.id, event.line, event.time, event.seq, event.kind, event.replaces)
        twin.inputs = [(pool_of.get(id, id), amount) for id, amount in event.inputs]
        twin.outputs = [(pool_of.get(id, id), amount, cost) for id, amount, cost in event.outputs]
        single = len(twin.inputs) == len(twin.outputs) == 1 and twin.inputs[0][0] == twin.outputs[0][0]
        if not (single and twin.inputs[0][0] in pools):
            events.append(twin)
    facts = read.facts.copy()
    facts.claims = [
        Claim(c.claimant, c.amount, c.transfer, pool_of.get(c.account, c.account), c.repaid) for c in facts.claims
    ]
    return View(accounts, events, facts)
