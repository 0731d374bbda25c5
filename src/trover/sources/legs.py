"""The two sides of one row: what an own account gave or got, the other party, and a charge inside the amount."""

from __future__ import annotations

from trover.sources.record import LegRecord

Sides = tuple[tuple[LegRecord, ...], tuple[LegRecord, ...]]


def two_sides(
    own: LegRecord, other: str, *, credit: bool, foreign: LegRecord | None = None, fee: LegRecord | None = None
) -> Sides:
    """Inputs and outputs of a row of `own`, in or out by `credit`.

    `foreign` is the leg of `other` where it is in another currency: its cost is what `own` states, and no rate
    is applied. `fee` is a part of a debit that stays with the bank; a credit has none, it was taken before.
    """
    if credit:
        source = foreign or LegRecord(other, own.amount, None, own.currency)
        cost = foreign.amount if foreign else None
        return (source,), (LegRecord(own.account, own.amount, cost, own.currency),)
    paid = own.amount - (fee.amount if fee else 0)
    far = LegRecord(other, paid, None, own.currency)
    if foreign:
        far = LegRecord(other, foreign.amount, paid, foreign.currency)
    return (own,), (far, *((fee,) if fee else ()))
