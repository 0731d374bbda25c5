"""The legs of one entry: who gave what to whom, with charges, exchange and batches, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trover.sources.amounts import Money
from trover.sources.iso20022.detail import Charge, Detail
from trover.sources.iso20022.element import CREDIT, DEBIT, Context
from trover.sources.legs import two_sides
from trover.sources.parties import Party
from trover.sources.record import LegRecord
from trover.sources.xml_safe import Element


@dataclass(frozen=True, slots=True)
class Posting:
    """One booked entry before its legs are known: `amount` moves `account`, in or out by `credit`."""

    element: Element
    id: str
    account: str
    plain_account: str
    """The account's number without the currency pocket."""
    amount: Money
    credit: bool
    returned: bool
    charges: tuple[Charge, ...]
    foreign: Money | None


@dataclass
class Legs:
    """What `legs_of` finds: the two sides, the counterparties, and remarks for the note."""

    inputs: tuple[LegRecord, ...]
    outputs: tuple[LegRecord, ...]
    parties: list[Party]
    remarks: list[str] = field(default_factory=list)


def legs_of(posting: Posting, details: Sequence[Detail], context: Context) -> Legs:
    """The legs of `posting`: one for each detail where the details sum to it, else one for the whole."""
    if len(details) > 1:
        remarks = _differences(posting, details)
        if not remarks:
            return _batch(posting, details, context)
        parties = [_counterparty(posting, detail) for detail in details]
        one = parties[0] if len(set(parties)) == 1 else Party()
        named = [
            f"{detail.amount or 'no amount'} {party}".rstrip() for detail, party in zip(details, parties, strict=True)
        ]
        remarks.append(f"the details are: {'; '.join(named)}")
        return _single(posting, one, posting.foreign, posting.charges, context, remarks)
    if not details:
        return _single(posting, Party(), posting.foreign, posting.charges, context, [])
    detail = details[0]
    stated = detail.amount
    remarks = []
    if stated and (stated.minor, stated.currency) != (posting.amount.minor, posting.amount.currency):
        remarks.append(f"the entry is {posting.amount}, its detail {stated}")
    if detail.indicator and detail.indicator != (CREDIT if posting.credit else DEBIT):
        remarks.append(f"its detail says {detail.indicator}")
    charges = posting.charges or detail.charges
    return _single(
        posting, _counterparty(posting, detail), detail.foreign or posting.foreign, charges, context, remarks
    )


def _counterparty(posting: Posting, detail: Detail) -> Party:
    """Who paid a credit or received a debit; in what is returned the roles are those of the first payment."""
    first, second = (detail.debtor, detail.creditor) if posting.credit else (detail.creditor, detail.debtor)
    if first and first.account != posting.plain_account:
        return first
    if posting.returned and second and second.account != posting.plain_account:
        return second
    return Party()


def _differences(posting: Posting, details: Sequence[Detail]) -> list[str]:
    """Why the details cannot stand for the entry; empty where they sum to it."""
    amounts = [detail.amount for detail in details]
    if any(amount is None or amount.minor == 0 for amount in amounts):
        return ["not every detail states its amount"]
    own = posting.amount.currency
    if any(amount and amount.currency != own for amount in amounts):
        return ["the details are in another currency than the entry"]
    direction = CREDIT if posting.credit else DEBIT
    if any(detail.indicator not in ("", direction) for detail in details):
        return ["the details go in both directions"]
    total = sum(amount.minor for amount in amounts if amount)
    if total + _fee(posting, posting.charges) == posting.amount.minor or total == posting.amount.minor:
        return []
    return [f"the details sum to {total} minor units, the entry to {posting.amount.minor}"]


def _batch(posting: Posting, details: Sequence[Detail], context: Context) -> Legs:
    far: list[LegRecord] = []
    parties = [_counterparty(posting, detail) for detail in details]
    fees = 0
    for number, (detail, party) in enumerate(zip(details, parties, strict=True), 1):
        assert detail.amount is not None
        currency = detail.amount.currency
        fee = 0 if posting.charges else _fee(posting, detail.charges, detail.amount.minor)
        fees += fee
        foreign = None if posting.credit else detail.foreign
        other = context.other(
            party, foreign.currency if foreign else currency, detail.element, f"{posting.id}:{number}"
        )
        far.append(_far_leg(other, detail.amount.minor - fee, currency, foreign))
    total = sum(detail.amount.minor for detail in details if detail.amount)
    fees += posting.amount.minor - total
    own = LegRecord(posting.account, posting.amount.minor, None, posting.amount.currency)
    if posting.credit:
        return Legs(tuple(far), (own,), parties)
    return Legs((own,), (*far, *_fee_leg(posting, fees)), parties)


def _single(
    posting: Posting,
    party: Party,
    foreign: Money | None,
    charges: tuple[Charge, ...],
    context: Context,
    remarks: list[str],
) -> Legs:
    amount, currency = posting.amount.minor, posting.amount.currency
    other = context.other(party, foreign.currency if foreign else currency, posting.element, posting.id)
    far = LegRecord(other, foreign.minor, None, foreign.currency) if foreign else None
    fee = next(iter(_fee_leg(posting, _fee(posting, charges))), None)
    own = LegRecord(posting.account, amount, None, currency)
    return Legs(*two_sides(own, other, credit=posting.credit, foreign=far, fee=fee), [party], remarks)


def _far_leg(other: str, cost: int, currency: str, foreign: Money | None) -> LegRecord:
    if foreign is None:
        return LegRecord(other, cost, None, currency)
    return LegRecord(other, foreign.minor, cost, foreign.currency)


def _fee_leg(posting: Posting, fee: int) -> tuple[LegRecord, ...]:
    return (LegRecord(f"FEE:{posting.id}", fee, None, posting.amount.currency),) if fee else ()


def _fee(posting: Posting, charges: tuple[Charge, ...], of: int = 0) -> int:
    """Charges that a debit includes. Those of a credit were taken before it arrived and moved nothing here."""
    if posting.credit:
        return 0
    own = posting.amount.currency
    fee = sum(c.amount.minor for c in charges if c.included and c.debit and c.amount.currency == own)
    return fee if fee < (of or posting.amount.minor) else 0
