"""Outputs at which a claim begins although a transaction of the ledger makes them.

Whoever pays a ransom pays out of coins that are theirs; the claim is to the one output that was paid. That output then
opens with what was put into it, and the transaction pays that amount outside, to a sink of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from trover.ledger.event import EXTERNAL, Account, AccountKind
from trover.ledger.hops import Outputs
from trover.ledger.ledger import Ledger

PAID = f"{EXTERNAL}PAID:"


def begin_at(ledger: Ledger, wanted: Iterable[str]) -> tuple[Ledger, list[str]]:
    """`ledger` in which those of the `wanted` accounts that are outputs made in it begin anew; and which they are."""
    outputs = Outputs(ledger)
    begun = [id for id in dict.fromkeys(wanted) if id in outputs.made]
    if not begun:
        return ledger, []
    known = ledger.account_by_id
    sinks = [
        Account(f"{PAID}{id}", known[id].currency, AccountKind.EXTERNAL, f"paid into {id}, where a claim begins")
        for id in begun
    ]
    number = {account.id: row for row, account in enumerate(ledger.account_list)}
    to = np.arange(len(number), dtype=np.int32)
    for place, id in enumerate(begun):
        to[number[id]] = len(number) + place
    opened = Ledger.of([*ledger.account_list, *sinks], ())
    legs = ledger.outputs["account"].to_numpy()
    made = np.isin(ledger.event_of("outputs"), [outputs.made[id][0] for id in begun])
    moved = ledger.outputs.set_column(0, "account", pa.array(np.where(made, to[legs], legs), pa.int32()))
    whole = Ledger(opened.accounts, ledger.events, ledger.inputs, moved)
    return whole.with_openings({id: outputs.held(id) for id in begun}), begun
