"""Accounts of one holder merged into pools; what moves only inside a pool is dropped (rules 1.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trover.errors import ClaimExceedsTransfer, ConsolidationWrong, Problem, UnknownAccount
from trover.ledger.event import Account, Event, Input, Output, is_underway
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions


def consolidate(ledger: Ledger, assumptions: Assumptions) -> tuple[Ledger, Assumptions]:
    """The ledger with pools in place of accounts, and the findings as they read there. Raises `Problem`."""
    for problem in pool_problems(ledger, assumptions.consolidate):
        raise problem
    pool_of = {account: pool for pool, members in assumptions.consolidate.items() for account in members}
    pool_of |= _between(ledger, pool_of)
    accounts = _accounts(ledger, pool_of)
    rows = {id: row for row, id in enumerate(accounts)}
    remap = np.array([rows[pool_of.get(account.id, account.id)] for account in ledger.account_list], np.int32)
    merged = ledger.with_accounts(list(accounts.values()), remap)
    pools = np.isin(np.arange(len(rows)), [rows[pool] for pool in set(pool_of.values()) if pool in rows])
    merged = merged.take(np.flatnonzero(~_inside(merged, pools)))
    if _crosses(merged, pools):
        merged = Ledger.of(accounts.values(), _netted(merged, set(pool_of.values())))
    claims = tuple(replace(c, account=pool_of.get(c.account, c.account)) for c in assumptions.claims)
    fund = tuple(dict.fromkeys(pool_of.get(account, account) for account in assumptions.fund))
    read = replace(assumptions, claims=claims, fund=fund, consolidate={})
    _check_openings(accounts, set(pool_of.values()), read)
    return merged, read


def pool_problems(ledger: Ledger, pools: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Pools that cannot be made: unknown or doubled members, things and outside parties, mixed currencies."""
    found: list[Problem] = []
    accounts = ledger.account_by_id
    home: dict[str, str] = {}
    for pool, members in pools.items():
        known = [accounts[member] for member in members if member in accounts]
        found += [UnknownAccount(member) for member in members if member not in accounts]
        for account in known:
            if account.is_external or account.is_asset:
                found.append(ConsolidationWrong(account.id, says=f"is no account with a running balance, in {pool}"))
            if home.setdefault(account.id, pool) != pool:
                found.append(ConsolidationWrong(account.id, says=f"is in two pools, {home[account.id]} and {pool}"))
        currencies = sorted({account.currency for account in known})
        if len(currencies) > 1:
            found.append(ConsolidationWrong(pool, says=f"has accounts in {' and '.join(currencies)}"))
        if pool in accounts and pool not in members:
            found.append(ConsolidationWrong(pool, says="is the name of a pool and of an account outside it"))
    return found


def _between(ledger: Ledger, pool_of: Mapping[str, str]) -> dict[str, str]:
    """Accounts for money under way from one member of a pool to another: to the pool it never left."""
    through = {row: account for row, account in enumerate(ledger.account_list) if is_underway(account.id)}
    if not through or not pool_of:
        return {}
    pools = [pool_of.get(account.id, "") for account in ledger.account_list]
    currency = {pool_of[account.id]: account.currency for account in ledger.account_list if account.id in pool_of}
    sides: dict[int, list[str]] = {row: [] for row in through}
    for near, far, side in ((ledger.outputs, ledger.inputs, "inputs"), (ledger.inputs, ledger.outputs, "outputs")):
        other = "outputs" if side == "inputs" else "inputs"
        first = far["account"].to_numpy()[ledger.first_leg(side)[ledger.event_of(other)]]
        for row, account in zip(near["account"].to_numpy().tolist(), first.tolist(), strict=True):
            if row in sides:
                sides[row].append(pools[account])
    ends = {through[row]: set(found) for row, found in sides.items() if len(found) == 2}
    whole = {account: found.pop() for account, found in ends.items() if len(found) == 1}
    return {account.id: pool for account, pool in whole.items() if pool and currency[pool] == account.currency}


def _accounts(ledger: Ledger, pool_of: dict[str, str]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    for account in ledger.account_list:
        pool = pool_of.get(account.id, account.id)
        known = accounts.get(pool)
        opening = account.opening + (known.opening if known else 0)
        accounts[pool] = replace(known or account, id=pool, opening=opening)
    return accounts


def _check_openings(accounts: dict[str, Account], pools: set[str], assumptions: Assumptions) -> None:
    """An overdrawn member may leave a pool less than is claimed in the openings of the others."""
    for pool in pools & accounts.keys():
        claimed = sum(claim.amount for claim in assumptions.claims if claim.account == pool)
        if claimed > max(accounts[pool].opening, 0):
            says = f"is claimed in the opening balances of {pool}, which together are {accounts[pool].opening}"
            remedy = "An overdrawn member took up claimed money before the ledger begins; trace the accounts apart."
            raise ClaimExceedsTransfer(claimed, says=says, remedy=remedy)


def _inside(ledger: Ledger, pools: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Events with one input and one output, both in the same pool."""
    single = (ledger.events["inputs"].to_numpy() == 1) & (ledger.events["outputs"].to_numpy() == 1)
    first_in = ledger.inputs["account"].to_numpy()[ledger.first_leg("inputs")]
    first_out = ledger.outputs["account"].to_numpy()[ledger.first_leg("outputs")]
    same: npt.NDArray[np.bool_] = single & (first_in == first_out) & pools[first_in]
    return same


def _crosses(ledger: Ledger, pools: npt.NDArray[np.bool_]) -> bool:
    """Whether any event of several legs both draws on a pool and pays into it."""
    sides = []
    for side, legs in (("inputs", ledger.inputs), ("outputs", ledger.outputs)):
        event_of = ledger.event_of(side)
        accounts = legs["account"].to_numpy()
        at = pools[accounts]
        sides.append(event_of[at].astype(np.int64) * len(pools) + accounts[at])
    return bool(np.intersect1d(*sides).size)


def _netted(ledger: Ledger, pools: set[str]) -> Iterator[Event]:
    """Events without what they move from a pool into the same pool."""
    for event in ledger:
        for pool in pools:
            event = _net(event, pool)
        if event.inputs and event.outputs:
            yield event


def _net(event: Event, pool: str) -> Event:
    drawn = sum(leg.amount for leg in event.inputs if leg.account == pool)
    paid = sum(leg.cost for leg in event.outputs if leg.account == pool)
    if not (drawn and paid):
        return event
    out = back = min(drawn, paid)
    inputs: list[Input] = []
    for leg in event.inputs:
        less = min(out, leg.amount) if leg.account == pool else 0
        out -= less
        if leg.amount > less:
            inputs.append(replace(leg, amount=leg.amount - less))
    outputs: list[Output] = []
    for got in event.outputs:
        less = min(back, got.cost) if got.account == pool else 0
        back -= less
        if got.cost > less:
            outputs.append(replace(got, amount=got.amount - less, cost=got.cost - less))
    return replace(event, inputs=tuple(inputs), outputs=tuple(outputs))
