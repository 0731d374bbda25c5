"""TAKE of the rules: how content leaves a list of lots, stage by stage (rules 2.0)."""

from __future__ import annotations

from collections.abc import Sequence

from trover.trace.claim import OWN
from trover.trace.lot import Content, Lot, content_of, share, subtract
from trover.trace.rules import How, Stage, Stages, Whose


def take(lots: list[Lot], quantity: int, stages: Stages, owners: Sequence[str]) -> list[Lot]:
    """Remove `quantity` nano units from `lots` and return the pieces in the order in which they were taken.

    Takes all there is where `quantity` exceeds it. Emptied lots disappear from `lots`.
    """
    taken: list[Lot] = []
    for stage in stages:
        if quantity <= 0:
            break
        pieces = (
            _blend(lots, quantity, stage, owners) if stage.how is How.BLEND else _walk(lots, quantity, stage, owners)
        )
        quantity -= sum(piece.total for piece in pieces)
        taken += pieces
    lots[:] = [lot for lot in lots if lot.content]
    return taken


def _theirs(content: Content, whose: Whose) -> Content:
    if whose is Whose.ALL:
        return content
    return {owner: q for owner, q in content.items() if (owner == OWN) == (whose is Whose.OWN)}


def _walk(lots: list[Lot], quantity: int, stage: Stage, owners: Sequence[str]) -> list[Lot]:
    pieces = []
    for lot in lots if stage.how is How.HEAD else reversed(lots):
        there = _theirs(lot.content, stage.whose)
        if quantity <= 0:
            break
        if not there:
            continue
        part = share(there, min(quantity, sum(there.values())), owners)
        pieces.append(Lot(lot.seq, part))
        quantity -= sum(part.values())
        _remove(lot, part)
    return pieces


def _blend(lots: list[Lot], quantity: int, stage: Stage, owners: Sequence[str]) -> list[Lot]:
    there = _theirs(content_of(lots, owners), stage.whose)
    if not there:
        return []
    part = share(there, min(quantity, sum(there.values())), owners)
    left = dict(part)
    for lot in lots:
        here = {o: q for o in left if (q := min(left[o], lot.content.get(o, 0)))}
        _remove(lot, here)
        subtract(left, here)
    return [Lot(lots[0].seq, part)]


def _remove(lot: Lot, part: Content) -> None:
    subtract(lot.content, part)
    for owner in part:
        if not lot.content[owner]:
            del lot.content[owner]
