"""What goes out on one statement and comes in on the other, made equal where they state it differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trover.ledger.event import FEE, Account, Event, Input, OtherRow, Output


def settled(
    payer: Event, payee: Event, out: int, into: int, accounts: Mapping[str, Account]
) -> tuple[Event, Event] | None:
    """The two events so that what leaves the first by leg `out` enters the second by leg `into`; None if nothing fits.

    Fees and exchanges stay where they are stated. A fee that both state is taken once. Where a person joined
    rows although less arrives and nobody says why, the difference is a fee of the payment.
    """
    sent, given = payer.outputs[out], payee.inputs[into]
    own = next(leg for leg in payee.outputs if not leg.account.startswith(FEE))
    left, got, kept = (accounts[leg.account].currency for leg in (sent, given, own))
    if (sent.amount, left) == (given.amount, got):
        return payer, payee
    if len(payee.inputs) > 1:
        return None
    if (sent.amount, left) == (own.amount, kept):
        return payer, _into(payee, sent.amount, replace(own, cost=own.amount))
    if left == got:
        return _with_charge(payer, out, given.amount, payee)
    if len(payee.outputs) > 1:
        return None
    return payer, _into(payee, sent.amount, replace(own, cost=sent.amount))


def _into(payee: Event, amount: int, own: Output) -> Event:
    return replace(payee, inputs=(Input(payee.inputs[0].account, amount),), outputs=(own,))


def _with_charge(payer: Event, out: int, arrives: int, payee: Event) -> tuple[Event, Event] | None:
    sent = payer.outputs[out]
    if sent.amount < arrives or sent.cost != sent.amount:
        return None
    lost = sent.amount - arrives
    charge = Output(f"{FEE}{payer.id}:{payee.id}", lost, lost)
    legs = (*payer.outputs[:out], Output(sent.account, arrives, arrives), *payer.outputs[out + 1 :], charge)
    return replace(payer, outputs=legs), payee


def merged(payer: Event, payee: Event, out: int) -> Event | None:
    """One event of two settled ones; None where a fee of the payee would have to be split over an exchange."""
    sent, fees = payer.outputs[out], [leg for leg in payee.outputs if leg.account.startswith(FEE)]
    if len(payee.inputs) > 1 or (fees and sent.cost != sent.amount):
        return None
    own = next(leg for leg in payee.outputs if not leg.account.startswith(FEE))
    reached = own if fees else replace(own, cost=sent.cost)
    row = OtherRow(payee.id, payee.source, payee.note, payee.balance, payee.balance_account)
    legs = (*payer.outputs[:out], reached, *payer.outputs[out + 1 :], *fees)
    return replace(payer, outputs=legs, also=(*payer.also, row, *payee.also))
