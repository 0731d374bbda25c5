"""The limits of backward tracing: what a link from a credit to an earlier debit may be (rules 2.8)."""

from __future__ import annotations

from collections import defaultdict

from trover.errors import BackwardLimit, Problem, UnknownTransfer
from trover.ledger.event import Event
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions


def refusal(ledger: Ledger, assumptions: Assumptions) -> Problem | None:
    """Why the links cannot be followed, or None. `ledger` in its booked order.

    Both legs are in accounts under common control: the credit arrives in the account that paid the debit,
    or in one of the same holder. What the credits of one debit bring is no more than the shortfall or debt
    that the debit created. One credit supports one debit, and is new money, not a return.
    """
    links = assumptions.backward_for
    wanted = {*links, *links.values()}
    events: dict[str, tuple[int, Event]] = {}
    shortfall: dict[str, int] = {}
    balance = {account.id: account.opening for account in ledger.account_list if not account.is_external}
    for place, event in enumerate(ledger):
        if event.id in wanted:
            events[event.id] = (place, event)
            shortfall[event.id] = 0
        for leg in event.inputs:
            if leg.account in balance:
                before, balance[leg.account] = balance[leg.account], balance[leg.account] - leg.amount
                if event.id in wanted:
                    shortfall[event.id] += leg.amount - min(leg.amount, max(before, 0))
        for out in event.outputs:
            if out.account in balance:
                balance[out.account] += out.amount
    supported: dict[str, int] = defaultdict(int)
    for credit, debit in links.items():
        if credit not in events or debit not in events:
            return UnknownTransfer(debit if credit in events else credit)
        if credit in assumptions.reverses or credit in assumptions.linked_to:
            return BackwardLimit(credit, says="returns earlier money, and is linked backward as if it were new")
        if events[credit][0] <= events[debit][0]:
            return BackwardLimit(credit, says=f"is linked backward to {debit}, which does not come before it")
        arrives = _under_control(ledger, events[credit][1], events[debit][1])
        if not arrives:
            says = f"does not reach an account of the holder who paid {debit}, in its currency"
            return BackwardLimit(credit, says=says)
        supported[debit] += arrives
        if supported[debit] > shortfall[debit]:
            says = f"brings {supported[debit]} for {debit}, which created a shortfall of {shortfall[debit]}"
            return BackwardLimit(credit, says=says)
    return None


def _under_control(ledger: Ledger, credit: Event, debit: Event) -> int:
    """Minor units that the credit brings to the accounts that paid the debit, or to others of their holder."""
    accounts = ledger.account_by_id
    payers = [accounts[leg.account] for leg in debit.inputs if not accounts[leg.account].is_external]
    holders = {(account.holder, account.currency) for account in payers if account.holder}
    receivers = ((leg, accounts[leg.account]) for leg in credit.outputs)
    return sum(
        leg.amount
        for leg, account in receivers
        if account in payers or (not account.is_external and (account.holder, account.currency) in holders)
    )
