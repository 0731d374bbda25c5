"""Quantities with owners, in nano units (10^-9 of a minor unit), and how a rule draws on them.

A lot is [entry order, quantities by owner number]; owner numbers follow the claims, OWN is the last.
Every split is rounded half to even; what that leaves over or short goes, one nano unit each, to the
owners whom rounding moved the other way, in owner order. So sums stay exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NANO = 10**9
TIE = 1000

ALL, OWNED, CLAIMED = "all", "own", "claimants"
OLDEST, NEWEST, BLEND = "oldest first", "newest first", "blended"
Stages = tuple[tuple[str, str], ...]

OWN_FIRST: Stages = ((OWNED, BLEND), (CLAIMED, BLEND))
CLAIMED_FIRST: Stages = ((CLAIMED, BLEND), (OWNED, BLEND))
PRO_RATA: Stages = ((ALL, BLEND),)
FIRST_IN: Stages = ((ALL, OLDEST),)


class Rule:
    """In which stages content is drawn: by a payment, when an asset is bought, when an overdraft is repaid.

    `largest_first`: the largest output is filled first. `taints_all`: what touches a claim is tainted whole.
    """

    def __init__(
        self,
        payment: Stages,
        purchase: Stages = (),
        discharge: Stages = (),
        largest_first: bool = False,
        taints_all: bool = False,
    ) -> None:
        self.payment, self.purchase, self.discharge = payment, purchase or payment, discharge or payment
        self.largest_first, self.taints_all = largest_first, taints_all
        self.keeps_order = any(how != BLEND for _, how in payment)
        self.newest_first = any(how == NEWEST for _, how in payment)


RULES = {
    "fifo": Rule(FIRST_IN),
    "lifo": Rule(((ALL, NEWEST),), discharge=FIRST_IN),
    "libr": Rule(OWN_FIRST),
    "haircut": Rule(PRO_RATA),
    "hallett_fifo": Rule(((OWNED, BLEND), (CLAIMED, OLDEST))),
    "taint_first": Rule(CLAIMED_FIRST),
    "oatway": Rule(OWN_FIRST, purchase=CLAIMED_FIRST),
    "tiho": Rule(CLAIMED_FIRST, largest_first=True),
    "poison": Rule(CLAIMED_FIRST, taints_all=True),
}


class Lot:
    def __init__(self, order: int, parts: list[int]) -> None:
        self.order, self.parts = order, parts


def nearest_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + 1 if 2 * rest > denominator or (2 * rest == denominator and whole % 2) else whole


def apportion(parts: Sequence[int], target: int) -> list[int]:
    """`target` shared in proportion to `parts`, which are not all 0."""
    total = sum(parts)
    shares = [nearest_even(part * target, total) for part in parts]
    left = target - sum(shares)
    step = 1 if left > 0 else -1
    for index, part in enumerate(parts):
        if left and (part * target - shares[index] * total) * step > 0:
            shares[index] += step
            left -= step
    return shares


def whole_units(parts: Sequence[int], total: int) -> list[int]:
    """Rounded to minor units that sum to `total`: floors, then the largest remainders; near ties in owner order."""
    units = [part // NANO for part in parts]
    ranked = sorted(range(len(parts)), key=lambda index: (-(parts[index] % NANO), index))
    order: list[int] = []
    while ranked:
        top = parts[ranked[0]] % NANO
        near = [index for index in ranked if top - parts[index] % NANO <= TIE]
        order += sorted(near)
        ranked = ranked[len(near) :]
    for index in order[: total - sum(units)]:
        units[index] += 1
    return units


def content(lots: Iterable[Lot], size: int) -> list[int]:
    columns = zip(*(lot.parts for lot in lots))  # noqa: B905 - all have `size` parts
    return [sum(column) for column in columns] or [0] * size


def draw(lots: list[Lot], quantity: int, stages: Stages, size: int) -> list[Lot]:
    """Take `quantity` out of `lots`, or all there is; the pieces in the order in which they were taken."""
    taken: list[Lot] = []
    for whose, how in stages:
        if quantity > 0:
            pieces = (_blended if how == BLEND else _in_turn)(lots, quantity, whose, how, size)
            quantity -= sum(sum(piece.parts) for piece in pieces)
            taken += pieces
    lots[:] = [lot for lot in lots if any(lot.parts)]
    return taken


def _eligible(parts: Sequence[int], whose: str) -> list[int]:
    own = len(parts) - 1
    return [part if whose == ALL or (owner == own) == (whose == OWNED) else 0 for owner, part in enumerate(parts)]


def _in_turn(lots: list[Lot], quantity: int, whose: str, how: str, size: int) -> list[Lot]:
    pieces: list[Lot] = []
    for lot in lots if how == OLDEST else lots[::-1]:
        there = _eligible(lot.parts, whose)
        available = sum(there)
        if quantity > 0 and available:
            part = apportion(there, min(quantity, available))
            lot.parts = [has - gone for has, gone in zip(lot.parts, part)]  # noqa: B905
            pieces.append(Lot(lot.order, part))
            quantity -= sum(part)
    return pieces


def _blended(lots: list[Lot], quantity: int, whose: str, how: str, size: int) -> list[Lot]:
    there = _eligible(content(lots, size), whose)
    available = sum(there)
    if not available:
        return []
    part = apportion(there, min(quantity, available))
    for owner, gone in enumerate(part):
        for lot in lots:
            here = min(gone, lot.parts[owner])
            lot.parts[owner] -= here
            gone -= here
    return [Lot(lots[0].order, part)]


def scaled(lots: Sequence[Lot], target: int, size: int) -> list[Lot]:
    """The same lots in the same proportions, `target` in all; what rounding leaves goes by owner, then by lot."""
    cells = [(owner, index) for owner in range(size) for index in range(len(lots)) if lots[index].parts[owner]]
    if not cells:
        return [Lot(lot.order, list(lot.parts)) for lot in lots]
    result = [Lot(lot.order, [0] * size) for lot in lots]
    shares = apportion([lots[index].parts[owner] for owner, index in cells], target)
    for number, (owner, index) in enumerate(cells):
        result[index].parts[owner] = shares[number]
    return result
