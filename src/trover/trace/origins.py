"""Backward: what a place is made of, by where each part came into the ledger.

A trace runs forward only. To look back, everything that came in upstream of a place is claimed under its own name and
the same rule is run over the same ledger: what then stands in the place is its composition by origin. So forward and
backward answers of one rule cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from trover.errors import UnknownAccount
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim
from trover.trace.lot import Content, add
from trover.trace.result import Trace

MOST = 2000
"""Origins that are named one by one, the largest; smaller ones are told together under `REST`."""
REST = "all smaller origins together"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came in: by the event `event`, or in the opening balance of `account` (`event` is then empty).

    `amount` is all that came in there, in minor units of `currency`. `party`: who or what it came from, outside.
    """

    name: str
    event: str
    account: str
    amount: int
    currency: str
    party: str = ""


@dataclass(frozen=True)
class Upstream:
    """The ledger up to the place looked back from, with everything that came in on the way claimed by its origin.

    `events`: what to look at in a trace of it, the events that filled the place last; empty where the place is an
    account whose whole content is meant.
    """

    ledger: Ledger
    assumptions: Assumptions
    origins: dict[str, Origin]
    account: str
    event: str

    def content(self, trace: Trace) -> Content:
        """What the place is made of, in nano units by origin. `trace` has steps where the place is an event."""
        if not self.event:
            return dict(trace.content.get(self.account, {}))
        found: Content = {}
        for movement in trace.movements:
            if movement.event == self.event and movement.side == "out" and not movement.account.startswith("FEE:"):
                add(found, movement.content)
        return found


def upstream(ledger: Ledger, assumptions: Assumptions, place: str) -> Upstream:
    """Look back from `place`: the id of an account, or of an event whose payment is meant. Raises `UnknownAccount`.

    An output of a chain is looked at as it was when it was made, another account as it is at the end.
    """
    number = {account.id: row for row, account in enumerate(ledger.account_list)}
    into, out_of = _legs(ledger, "outputs"), _legs(ledger, "inputs")
    if place in number:
        rows = [row for row, accounts in enumerate(into) if number[place] in accounts]
        is_output = ledger.account_list[number[place]].kind == "output"
        last, wanted, event = (rows[0] if is_output and rows else len(ledger) - 1), {number[place]}, ""
    else:
        ids = ledger.events["id"].to_pylist()
        name = ledger.stated_by.get(place, place)
        if name not in ids:
            raise UnknownAccount(place, says="is no account, output or transfer of this case")
        last, event = ids.index(name), name
        wanted = {account for account in out_of[last] if not ledger.external[account]}
    cut = ledger.take(np.arange(last + 1, dtype=np.int64))
    found = list(_origins(cut, assumptions, wanted, into, out_of, whole=last if event else -1))
    found.sort(key=lambda origin: -origin.amount)
    named = {origin.name: origin for origin in found[:MOST]}
    claims = tuple(
        Claim(each.name if each.name in named else REST, each.amount, each.event, "" if each.event else each.account)
        for each in found
    )
    facts = replace(assumptions, claims=claims, backward_for={}, consolidate={}, fund=(), action_date=None)
    return Upstream(cut, facts, named, place if not event else "", event)


def _origins(
    ledger: Ledger,
    assumptions: Assumptions,
    wanted: set[int],
    into: list[list[int]],
    out_of: list[list[int]],
    whole: int,
) -> Iterator[Origin]:
    """Each entry from outside, and each opening balance, from which something may have reached the wanted accounts.

    whole: the row of an event all of whose inputs are wanted.
    """
    accounts, external = ledger.account_list, ledger.external
    returns = {**assumptions.reverses, **assumptions.linked_to}
    entries: list[int] = []
    ids = ledger.events["id"].to_pylist()
    kinds = ledger.events["kind"].to_pylist()
    row_of = {id: row for row, id in enumerate(ids)}
    pending: set[int] = set()
    for row in range(len(ledger) - 1, -1, -1):
        if row != whole and row not in pending and wanted.isdisjoint(into[row]):
            continue
        wanted.update(account for account in out_of[row] if not external[account])
        if any(external[account] for account in out_of[row]):
            first = row_of.get(returns.get(ids[row], ""))
            if first is not None:
                pending.add(first)
            elif kinds[row] != "interest":
                entries.append(row)
    for event in ledger.take(np.array(sorted(entries), np.int64)):
        known = ledger.account_by_id
        given = [leg for leg in event.inputs if known[leg.account].is_external]
        source = known[given[0].account]
        amount = sum(leg.amount for leg in given)
        yield Origin(event.id, event.id, event.outputs[0].account, amount, source.currency, source.holder or source.id)
    for number in sorted(wanted):
        account = accounts[number]
        if account.opening > 0 and not account.is_external:
            yield Origin(account.id, "", account.id, account.opening, account.currency)


def _legs(ledger: Ledger, side: str) -> list[list[int]]:
    """For each event the rows of the accounts on one side."""
    legs = ledger.outputs if side == "outputs" else ledger.inputs
    counts = ledger.events[side].to_numpy().astype(np.int64)
    return (
        [part.tolist() for part in np.split(legs["account"].to_numpy(), np.cumsum(counts)[:-1])] if len(counts) else []
    )
