"""Lots: quantities with their owners, in nano units (10^-9 minor unit)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trover.trace.arithmetic import apportion
from trover.trace.claim import OWN

Content = dict[str, int]
"""owner -> nano units; owners that hold nothing are absent."""


@dataclass(slots=True)
class Lot:
    """What came in at one time. `seq` is its entry order in the account that holds or held it."""

    seq: int
    content: Content

    @property
    def total(self) -> int:
        return sum(self.content.values())

    def copy(self) -> Lot:
        return Lot(self.seq, dict(self.content))


def own(quantity: int) -> Lot:
    """A lot that belongs to no claimant."""
    return Lot(0, {OWN: quantity} if quantity else {})


def total(lots: Iterable[Lot]) -> int:
    return sum(lot.total for lot in lots)


def content_of(lots: Iterable[Lot], owners: Sequence[str]) -> Content:
    """What each owner has in `lots`, in owner order."""
    held = dict.fromkeys(owners, 0)
    for lot in lots:
        for owner, quantity in lot.content.items():
            held[owner] += quantity
    return {owner: quantity for owner, quantity in held.items() if quantity}


def add(into: Content, content: Content) -> None:
    for owner, quantity in content.items():
        into[owner] = into.get(owner, 0) + quantity


def subtract(from_: Content, content: Content) -> None:
    for owner, quantity in content.items():
        from_[owner] = from_.get(owner, 0) - quantity


def share(content: Content, target: int, owners: Sequence[str]) -> Content:
    """`target` nano units in the composition of `content`."""
    ordered = [owner for owner in owners if content.get(owner)]
    parts = apportion([content[owner] for owner in ordered], target) if ordered else []
    return {owner: part for owner, part in zip(ordered, parts, strict=True) if part}


def scale(lots: Sequence[Lot], target: int, owners: Sequence[str]) -> list[Lot]:
    """The same lots in the same proportions, `target` nano units in all; residual in owner order, then lot order."""
    cells = [(owner, lot) for owner in owners for lot in lots if lot.content.get(owner)]
    if not cells:
        return [lot.copy() for lot in lots]
    parts = apportion([lot.content[owner] for owner, lot in cells], target)
    scaled = {id(lot): Lot(lot.seq, {}) for lot in lots}
    for (owner, lot), part in zip(cells, parts, strict=True):
        if part:
            scaled[id(lot)].content[owner] = part
    return list(scaled.values())
