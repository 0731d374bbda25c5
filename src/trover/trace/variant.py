"""Variants of a rule: the same rule on the ledger read another way (rules 1.2, 1.8, 1.11, 2.8).

A variant changes the order, drops a link or merges accounts; the result is again a ledger whose order
is the order in which an engine runs it.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trover.errors import MissingChoice, Problem, UnknownRule
from trover.ledger.event import Account, AccountKind
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions

Rows = npt.NDArray[np.int64]


class Variant(StrEnum):
    AS_BOOKED = ""
    CREDITS_FIRST = "credits_first"
    DEBITS_FIRST = "debits_first"
    BACKWARD = "backward"
    CONSOLIDATED = "consolidated"
    NO_LINK = "no_link"


def variant(name: str) -> Variant:
    """The variant with that name (`seq` is the posting order). Raises `UnknownRule`."""
    if name in ("", "seq"):
        return Variant.AS_BOOKED
    try:
        return Variant(name)
    except ValueError:
        raise UnknownRule(
            f"@{name}", says="is not a variant", remedy=f"Variants are {', '.join(Variant)[2:]}."
        ) from None


def applicable(assumptions: Assumptions) -> list[Variant]:
    """The variants that can make a difference under these findings."""
    found = [Variant.AS_BOOKED, Variant.CREDITS_FIRST, Variant.DEBITS_FIRST]
    if assumptions.backward_for:
        found.append(Variant.BACKWARD)
    if assumptions.consolidate:
        found.append(Variant.CONSOLIDATED)
    if assumptions.linked_to:
        found.append(Variant.NO_LINK)
    return found


def apply(ledger: Ledger, assumptions: Assumptions, chosen: Variant) -> tuple[Ledger, Assumptions]:
    """The ledger and findings as `chosen` reads them. Raises `MissingChoice` where a finding is needed."""
    if chosen not in applicable(assumptions):
        raise MissingChoice(f"@{chosen}")
    if chosen is Variant.NO_LINK:
        assumptions = replace(assumptions, linked_to={})
    if chosen is Variant.CONSOLIDATED:
        ledger, assumptions = _consolidate(ledger, assumptions)
    backward = assumptions.backward_for if chosen is Variant.BACKWARD else {}
    returns = {**assumptions.reverses, **assumptions.linked_to}
    return _reorder(ledger, _tie(ledger, chosen), dict(backward), returns), assumptions


def _tie(ledger: Ledger, chosen: Variant) -> Rows:
    """0 for external credits, 1 for movements inside, 2 for payments out; all equal as booked."""
    if chosen not in (Variant.CREDITS_FIRST, Variant.DEBITS_FIRST):
        return np.zeros(len(ledger), np.int64)
    kinds = ledger.accounts["kind"].to_numpy()
    outside = kinds == AccountKind.EXTERNAL
    leaves = outside | (kinds == AccountKind.ASSET)
    from_outside = _every(outside, ledger.inputs["account"].to_numpy(), ledger.events["inputs"].to_numpy())
    paid_out = _every(leaves, ledger.outputs["account"].to_numpy(), ledger.events["outputs"].to_numpy())
    tie = np.where(from_outside, 0, np.where(paid_out, 2, 1)).astype(np.int64)
    return tie if chosen is Variant.CREDITS_FIRST else 2 - tie


def _every(flag: npt.NDArray[np.bool_], accounts: Rows, counts: Rows) -> npt.NDArray[np.bool_]:
    """Per event: whether `flag` holds for the account of every leg."""
    starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    if len(counts) == 0:
        return np.zeros(0, np.bool_)
    every: npt.NDArray[np.bool_] = np.minimum.reduceat(flag[accounts], starts).astype(np.bool_)
    return every


def _reorder(ledger: Ledger, tie: Rows, backward: dict[str, str], returns: dict[str, str]) -> Ledger:
    """Sort by time, tie and posting order; a return never precedes what it returns.

    A credit linked backward moves to the instant before the debit it funded.
    """
    time = ledger.events["time"].cast(pa.int64()).to_numpy()
    seq = ledger.events["seq"].to_numpy()
    order: Rows = np.lexsort((seq, tie, time)).astype(np.int64)
    if backward or returns:
        order = _moved(ledger, order, backward, returns)
    if np.array_equal(order, np.arange(len(ledger))):
        return ledger
    return ledger.take(order)


def _moved(ledger: Ledger, order: Rows, backward: dict[str, str], returns: dict[str, str]) -> Rows:
    ids = ledger.events["id"].take(pa.array(order)).to_pylist()
    place = {id: index for index, id in enumerate(ids)}
    key = [(2 * index, 0) for index in range(len(ids))]
    for credit, debit in backward.items():
        if credit in place and debit in place and place[credit] > place[debit]:
            key[place[credit]] = (2 * place[debit] - 1, place[credit])
    for again, first in returns.items():
        if again in place and first in place and key[place[again]] < key[place[first]]:
            key[place[again]] = (key[place[first]][0], place[again] + 1)
    moved: Rows = order[sorted(range(len(ids)), key=key.__getitem__)]
    return moved


def _consolidate(ledger: Ledger, assumptions: Assumptions) -> tuple[Ledger, Assumptions]:
    """Merge the named accounts into pools; what moves only inside a pool is dropped (rules 1.8)."""
    pool_of = {account: pool for pool, members in assumptions.consolidate.items() for account in members}
    accounts: dict[str, Account] = {}
    for account in ledger.account_list:
        pool = pool_of.get(account.id, account.id)
        known = accounts.get(pool)
        if known and known.currency != account.currency:
            raise Problem(
                account.id,
                says=f"is in {account.currency}, its pool {pool} in {known.currency}",
                remedy="Consolidate accounts of one currency only.",
            )
        opening = account.opening + (known.opening if known else 0)
        accounts[pool] = replace(account, id=pool, opening=opening)
    rows = {id: row for row, id in enumerate(accounts)}
    remap = np.array([rows[pool_of.get(account.id, account.id)] for account in ledger.account_list], np.int32)
    merged = ledger.with_accounts(list(accounts.values()), remap)
    claims = tuple(replace(c, account=pool_of.get(c.account, c.account)) for c in assumptions.claims)
    pools = np.isin(np.arange(len(rows)), [rows[pool] for pool in set(pool_of.values())])
    return merged.take(np.flatnonzero(~_inside(merged, pools))), replace(assumptions, claims=claims, consolidate={})


def _inside(ledger: Ledger, pools: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Events with one input and one output, both in the same pool."""
    single = (ledger.events["inputs"].to_numpy() == 1) & (ledger.events["outputs"].to_numpy() == 1)
    first_in = ledger.inputs["account"].to_numpy()[ledger.first_leg("inputs")]
    first_out = ledger.outputs["account"].to_numpy()[ledger.first_leg("outputs")]
    same: npt.NDArray[np.bool_] = single & (first_in == first_out) & pools[first_in]
    return same
