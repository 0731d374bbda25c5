"""Parts of a ledger to one: accounts by id, events in ledger order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.event import Account
from trover.ledger.ledger import WIDE, Ledger, moved


def join(parts: Sequence[Ledger]) -> Ledger:
    """One ledger of all parts. An account keeps the place of its first part and what the last says of it.

    At one (time, seq) events keep the order of the parts.
    """
    parts = [part for part in parts if part.accounts.num_rows] or [Ledger.of((), ())]
    if len(parts) == 1:
        return parts[0]
    accounts: dict[str, Account] = {}
    for part in parts:
        accounts |= part.account_by_id
    row = {id: index for index, id in enumerate(accounts)}
    remaps = [np.array([row[account.id] for account in part.account_list], dtype=np.int32) for part in parts]
    whole = Ledger(
        Ledger.of(accounts.values(), ()).accounts,
        _stacked([part.events for part in parts], ("balance",)),
        _stacked([moved(part.inputs, remap) for part, remap in zip(parts, remaps, strict=True)], ("amount",)),
        _stacked([moved(part.outputs, remap) for part, remap in zip(parts, remaps, strict=True)], ("amount", "cost")),
    )
    order = pc.sort_indices(whole.events, sort_keys=[("time", "ascending"), ("seq", "ascending")])
    return whole.take(order.to_numpy().astype(np.int64))


def _stacked(tables: Sequence[pa.Table], columns: Sequence[str]) -> pa.Table:
    """Tables one after another; a column wide in one of them is wide in all."""
    for name in columns:
        if any(table[name].type == WIDE for table in tables):
            tables = [_widened(table, name) for table in tables]
    return pa.concat_tables(tables)


def _widened(table: pa.Table, name: str) -> pa.Table:
    position = table.column_names.index(name)
    return table.set_column(position, name, pc.cast(table[name], WIDE))
