"""What goes out on one statement and comes in on the other, made equal where they state it differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trover.ledger.event import FEE, Account, Event, Input, Output


def settled(
    payer: Event, payee: Event, out: int, into: int, accounts: Mapping[str, Account]
) -> tuple[Event, Event] | None:
    """The two events so that what leaves the first by leg `out` enters the second by leg `into`; None if nothing fits.

    Fees and exchanges stay where they are stated. A fee that both state is taken once. Where a person joined
    rows although less arrives and nobody says why, the difference is a fee of the payment.
    """
    sent, given = payer.outputs[out], payee.inputs[into]
    own = _own(payee)
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


def _own(payee: Event) -> Output:
    return next(leg for leg in payee.outputs if not leg.account.startswith(FEE))


def _into(payee: Event, amount: int, own: Output) -> Event:
    return replace(payee, inputs=(Input(payee.inputs[0].account, amount),), outputs=(own,))


def _with_charge(payer: Event, out: int, arrives: int, payee: Event) -> tuple[Event, Event] | None:
    sent = payer.outputs[out]
    if sent.amount < arrives or sent.cost != sent.amount:
        return None
    lost = sent.amount - arrives
    charge = Output(f"{FEE}{payer.id}:{payee.id}", lost, lost)
    return put(payer, out, Output(sent.account, arrives, arrives), charge), payee


def merged(payer: Event, payee: Event, out: int) -> Event | None:
    """One event of two settled ones; None where a fee of the payee would have to be split over an exchange."""
    sent, fees = payer.outputs[out], [leg for leg in payee.outputs if leg.account.startswith(FEE)]
    if len(payee.inputs) > 1 or (fees and sent.cost != sent.amount):
        return None
    reached = _own(payee) if fees else replace(_own(payee), cost=sent.cost)
    return replace(put(payer, out, reached, *fees), also=(*payer.also, *payee.rows))


def put(event: Event, out: int, leg: Output, *more: Output) -> Event:
    """`event` with `leg` in place of its output `out`, and `more` outputs behind them all."""
    return replace(event, outputs=(*event.outputs[:out], leg, *event.outputs[out + 1 :], *more))
