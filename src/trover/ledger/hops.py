"""Hops of a chain that nobody has: what an output held goes on in a later one, on a person's word.

The first output is not spent in the ledger and the second not made in it. What lies between is not there. One event
takes all that the first held, puts what is said to go on into the second, and the rest into the gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trover.ledger.event import GAP, Account, AccountKind, Event, Input, Output
from trover.ledger.gap.apply import KIND
from trover.ledger.insert import inserted
from trover.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Hops:
    """`amount` minor units of what the output `account` held go on in the output `to`. `name`: whose word it is."""

    account: str
    to: str
    amount: int
    name: str = ""


@dataclass
class Outputs:
    """Where each output of a ledger is made and spent: its rows."""

    ledger: Ledger

    @cached_property
    def made(self) -> dict[str, tuple[int, int]]:
        """Output -> the row that made it and what was put into it, in minor units."""
        return self._legs("outputs")

    @cached_property
    def spent(self) -> dict[str, tuple[int, int]]:
        """Output -> the row that spends it and what it takes."""
        return self._legs("inputs")

    def _legs(self, side: str) -> dict[str, tuple[int, int]]:
        legs = self.ledger.outputs if side == "outputs" else self.ledger.inputs
        accounts = self.ledger.account_list
        is_output = np.array([account.kind is AccountKind.OUTPUT for account in accounts], bool)
        number = legs["account"].to_numpy()
        chosen = np.flatnonzero(is_output[number]) if len(is_output) else np.empty(0, np.int64)
        rows = self.ledger.event_of(side)[chosen].tolist()
        amounts = legs["amount"].take(chosen).to_pylist()
        ids = [accounts[account].id for account in number[chosen].tolist()]
        found: dict[str, tuple[int, int]] = {}
        for id, row, amount in zip(ids, rows, amounts, strict=True):
            found.setdefault(id, (row, int(amount)))
        return found

    def held(self, output: str) -> int:
        """What the output held, in minor units: what was put into it, else what was taken out."""
        return (self.made.get(output) or self.spent.get(output) or (0, 0))[1]


def why_not(outputs: Outputs, hops: Hops, others: Iterable[Hops] = ()) -> str:
    """Why `hops` cannot be, in words that follow its name; empty where they can. others: those that hold beside it."""
    accounts = outputs.ledger.account_by_id
    for id in (hops.account, hops.to):
        if id not in accounts or accounts[id].kind is not AccountKind.OUTPUT:
            return f"names {id}, which is no output of a transaction in this case"
    if hops.account in outputs.spent:
        return f"begins at {hops.account}, which a transaction of this case spends: follow that"
    if hops.to in outputs.made:
        return f"ends at {hops.to}, which a transaction of this case makes: follow that"
    if hops.account not in outputs.made or hops.to not in outputs.spent:
        return f"joins {hops.account} and {hops.to}, one of which holds nothing here"
    if outputs.made[hops.account][0] >= outputs.spent[hops.to][0]:
        return f"ends at {hops.to}, which is spent before {hops.account} is made"
    if hops.amount <= 0:
        return "does not say what amount goes on, in minor units"
    for id, name in ((hops.account, "account"), (hops.to, "to")):
        together = hops.amount + sum(each.amount for each in others if getattr(each, name) == id)
        if together > outputs.held(id):
            return f"carries {together}, all findings together, where {id} held {outputs.held(id)}"
    return ""


def carry(ledger: Ledger, hops: Sequence[Hops]) -> Ledger:
    """`ledger` with these hops, each of which can be (`why_not`)."""
    if not hops:
        return ledger
    outputs = Outputs(ledger)
    known = ledger.account_by_id
    openings: dict[str, int] = {}
    events: list[tuple[int, Event]] = []
    sinks: list[Account] = []
    for account in dict.fromkeys(each.account for each in hops):
        own = [each for each in hops if each.account == account]
        row, held = outputs.made[account]
        legs = [Output(each.to, each.amount, each.amount) for each in own]
        rest = held - sum(each.amount for each in own)
        if rest:
            sink = Account(f"{GAP}{account}", known[account].currency, AccountKind.EXTERNAL, f"gap after {account}")
            sinks.append(sink)
            legs.append(Output(sink.id, rest, rest))
        for each in own:
            openings[each.to] = openings.get(each.to, known[each.to].opening) - each.amount
        note = f"over transactions that are not in the case: {', '.join(each.name for each in own)}"
        maker = next(iter(ledger.take(np.array([row]))))
        id = f"{GAP.removeprefix('EXT:')}{account}:bridged"
        legs_in = (Input(account, held),)
        events.append((row, Event(id, maker.time, 0, legs_in, tuple(legs), KIND, note, maker.time_text)))
    return inserted(ledger.with_openings(openings), events, sinks)
