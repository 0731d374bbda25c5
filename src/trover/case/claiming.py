"""Claims as people state them: an amount in units of the currency, at a credit or an opening balance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trover.case.case import Case
from trover.case.check import events_of
from trover.case.finding import Claimed
from trover.errors import InputErrors, Problem, UnknownAccount, UnknownTransfer
from trover.ledger.event import Event
from trover.ledger.hops import Outputs
from trover.sources.amounts import AmountStyle


def claims_at(
    case: Case,
    claimant: str,
    transfers: Sequence[str],
    account: str,
    amount: str | None,
    repaid: str = "0",
    **more: Any,
) -> list[Claimed]:
    """One claim for each of `transfers`, or one on the opening of `account`.

    `amount` is text in units of the currency of the account entered; None claims all that came in.
    Raises `InputErrors` with all that is wrong.
    """
    found: list[Problem] = []
    claims = []
    for transfer, where in _entries(case, transfers, account, found):
        holder = case.unpaired().account_by_id[where]
        places = case.decimals(holder.currency)
        whole = _entered(case, transfer, where)
        try:
            units = whole if amount is None else AmountStyle().minor(amount, places)
            back = AmountStyle().minor(repaid, places)
        except Problem as problem:
            found.append(problem)
            continue
        account_entered = "" if transfer else where
        claims.append(Claimed(claimant, units, holder.currency, transfer, account_entered, back, **more))
    if found:
        raise InputErrors(found)
    return claims


def _entries(case: Case, transfers: Sequence[str], account: str, found: list[Problem]) -> Iterator[tuple[str, str]]:
    """(transfer, account it credits) for each entry named."""
    if bool(transfers) == bool(account):
        found.append(
            Problem(
                "",
                says="the claim names no transfer and no account, or both",
                remedy="Name the credits by which the money came in, or the account it stood in.",
            )
        )
        return
    if account:
        if account in case.unpaired().account_by_id:
            yield "", account
        else:
            found.append(UnknownAccount(account))
        return
    for transfer in transfers:
        event = _row(case, transfer)
        if event is not None:
            yield transfer, event.outputs[0].account
        else:
            found.append(UnknownTransfer(transfer))


def _entered(case: Case, transfer: str, account: str) -> int:
    event = _row(case, transfer) if transfer else None
    if event:
        return sum(leg.amount for leg in event.inputs)
    ledger = case.unpaired()
    return max(ledger.account_by_id[account].opening, 0) or Outputs(ledger).held(account)


def _row(case: Case, transfer: str) -> Event | None:
    """A transfer that is traced; a row that is another one again, as it stands on its own statement."""
    traced = case.unpaired()
    ledger = case.ledger() if transfer in traced.stated_by else traced
    return events_of(ledger, [transfer]).get(transfer)
