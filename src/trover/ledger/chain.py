"""Transactions of a chain as the ledger that is traced has them: once each, in the order of blocks, outputs whole.

What is stored stays as each file states it. Two files may hold one transaction, may spend what the other makes, and
the clock of a block may run behind that of the block before it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.branches import PLACES, Rival, one_branch
from trover.ledger.event import AccountKind
from trover.ledger.ledger import Ledger
from trover.ledger.outputs import OUTPUT, txid_of
from trover.ledger.pair import counted_once

KIND = "chain"
_Rows = npt.NDArray[np.int64]


def transactions(ledger: Ledger) -> npt.NDArray[np.bool_]:
    """For each event whether it is a transaction between outputs."""
    kinds = pc.equal(ledger.accounts["kind"], OUTPUT).to_numpy().astype(bool)
    chosen = np.zeros(len(ledger), bool)
    if not kinds.any():
        return chosen
    for side, legs in (("inputs", ledger.inputs), ("outputs", ledger.outputs)):
        event = np.repeat(np.arange(len(ledger)), ledger.events[side].to_numpy())
        chosen[event[kinds[legs["account"].to_numpy()]]] = True
    chosen &= pc.equal(ledger.events["kind"], KIND).to_numpy().astype(bool)
    return chosen


def on_one_branch(ledger: Ledger) -> tuple[Ledger, list[Rival]]:
    """Without the transactions of blocks that another branch of more work excludes; and which blocks those are."""
    rows = np.flatnonzero(transactions(ledger))
    return one_branch(ledger, rows) if len(rows) else (ledger, [])


def once(ledger: Ledger) -> tuple[Ledger, dict[str, str]]:
    """Each transaction once, under its own id, other files that hold it beside it; and id left out -> id kept."""
    rows = np.flatnonzero(transactions(ledger))
    if not len(rows):
        return ledger, {}
    ids: list[str] = ledger.events["id"].to_pylist()
    posted = ledger.events["seq"].to_numpy().copy()
    first: dict[str, int] = {}
    same: dict[str, str] = {}
    for row in rows.tolist():
        kept = first.setdefault(txid_of(ids[row]), row)
        if kept != row:
            same[ids[row]] = ids[kept]
            posted[kept] = max(posted[kept], posted[row])  # one file may know the height and another not
    if same:
        ledger = counted_once(ledger.with_columns(seq=pa.array(posted)), same)
    renamed = {ids[kept]: txid for txid, kept in first.items() if ids[kept] != txid}
    if renamed:
        names = [renamed.get(id, id) for id in ledger.events["id"].to_pylist()]
        ledger = ledger.with_columns(id=pa.array(names, pa.string()))
    return ledger, {gone: renamed.get(kept, kept) for gone, kept in same.items()}


def opened_outputs(ledger: Ledger) -> Ledger:
    """Outputs open with what is taken out of them where no transaction of the ledger makes them, else with nothing.

    Only outputs of transactions are looked at, not those of a case file, whose lots enter by events of their own.
    """
    chain = transactions(ledger)
    if not chain.any():
        return ledger
    made, spent = (_moved(ledger, chain, side) for side in ("outputs", "inputs"))
    openings = {
        account.id: 0 if row in made else spent.get(row, 0)
        for row, account in enumerate(ledger.account_list)
        if account.kind is AccountKind.OUTPUT and (row in made or row in spent or account.opening)
    }
    return ledger.with_openings(openings)


def _moved(ledger: Ledger, chain: npt.NDArray[np.bool_], side: str) -> dict[int, int]:
    """Row of an account -> what transactions put into it, or take out."""
    legs = ledger.outputs if side == "outputs" else ledger.inputs
    event = np.repeat(np.arange(len(ledger)), ledger.events[side].to_numpy())
    chosen = pa.array(np.flatnonzero(chain[event]))
    accounts, amounts = legs["account"].take(chosen).to_pylist(), legs["amount"].take(chosen).to_pylist()
    found: dict[int, int] = {}
    for account, amount in zip(accounts, amounts, strict=True):
        found[account] = found.get(account, 0) + int(amount)
    return found


def in_block_order(ledger: Ledger) -> tuple[Ledger, int]:
    """Transactions in the order of blocks, makers before spenders within one; and how many times were set later.

    A transaction is never earlier than one of a lower block: where the clock of its block runs behind, its time is
    that of the latest block before it. What the block states stays in `time_text`.
    """
    rows = np.flatnonzero(transactions(ledger))
    seqs = ledger.events["seq"].to_numpy()[rows]
    rows, seqs = rows[seqs >= PLACES], seqs[seqs >= PLACES]
    if not len(rows):
        return ledger, 0
    order = np.argsort(seqs, kind="stable")
    rows, seqs = rows[order], seqs[order].copy()
    times = pc.cast(ledger.events["time"], pa.int64()).to_numpy()
    later = np.maximum.accumulate(times[rows])
    moved = int((later != times[rows]).sum())
    rows, changed = _makers_first(ledger, rows, seqs)
    if not moved and not changed:
        return ledger, 0
    every, posted = times.copy(), ledger.events["seq"].to_numpy().copy()
    every[rows], posted[rows] = later, seqs
    stamps = pa.array(every).cast(ledger.events.schema.field("time").type)
    ledger = ledger.with_columns(time=stamps, seq=pa.array(posted))
    sorted_rows = np.lexsort((posted, every))
    return ledger.take(sorted_rows.astype(np.int64)), moved


def _makers_first(ledger: Ledger, rows: _Rows, seqs: _Rows) -> tuple[_Rows, bool]:
    """The rows, those of one block reordered where one spends what a later one makes; `seqs` is made distinct."""
    place = np.full(len(ledger), -1)
    place[rows] = np.arange(len(rows))
    maker = np.full(ledger.accounts.num_rows, -1)
    event = {side: np.repeat(np.arange(len(ledger)), ledger.events[side].to_numpy()) for side in ("inputs", "outputs")}
    maker[ledger.outputs["account"].to_numpy()] = event["outputs"]
    made_by = maker[ledger.inputs["account"].to_numpy()]
    both = (made_by >= 0) & (place[event["inputs"]] >= 0)
    both[both] &= place[made_by[both]] >= 0
    needs: dict[int, list[int]] = {}
    wrong = set()
    for spender, needed in zip(place[event["inputs"][both]].tolist(), place[made_by[both]].tolist(), strict=True):
        if seqs[spender] // PLACES == seqs[needed] // PLACES:
            needs.setdefault(spender, []).append(needed)
            if needed > spender:
                wrong.add(int(seqs[spender] // PLACES))
    if not wrong:
        return rows, False
    result = list(range(len(rows)))
    heights = seqs // PLACES
    for height in wrong:
        block = np.flatnonzero(heights == height).tolist()
        for at, (number, each) in zip(block, enumerate(_sorted(block, needs)), strict=True):
            result[at] = each
            seqs[at] = height * PLACES + number
    return rows[np.array(result)], True


def _sorted(block: list[int], needs: dict[int, list[int]]) -> list[int]:
    done: dict[int, None] = {}
    opened: set[int] = set()
    todo = block[::-1]
    while todo:
        each = todo[-1]
        before = [] if each in opened else [needed for needed in needs.get(each, ()) if needed not in done]
        if before:
            opened.add(each)
            todo += before
            continue
        done.setdefault(each, None)
        todo.pop()
    return list(done)
