"""The two kinds of sides in a ledger, as columns: what a payer's statement shows going out, a payee's coming in.

A side is one leg to or from outside, of a booked row that stands on the statement of one account inside. A
batch has a side for each of its legs. Rows between two accounts inside have no side to look for; rows of
which no statement is known (typed case files, chains) are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.event import FEE
from trover.ledger.ledger import Ledger

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
INTEREST = "interest"


@dataclass(frozen=True)
class Sides:
    """Columns of equal length. `event`, `own`, `outside`: rows in the ledger's tables; `leg`: place in its side.

    `alone`: the only leg to or from outside of its event, fees apart. `keys`: (side, amount key) for every
    amount in which the other side may state the payment; `main` is that of the leg itself.
    """

    event: Rows
    own: Rows
    outside: Rows
    leg: Rows
    day: Rows
    alone: Mask
    main: Rows
    keys: tuple[Rows, Rows]

    def __len__(self) -> int:
        return len(self.event)


def sides_of(ledger: Ledger, booked: bool = True) -> tuple[Sides, Sides]:
    """Debits to outside and credits from outside, in ledger order: of booked rows, or of those only announced."""
    book = Legs(ledger, booked)
    return book.sides("inputs", "outputs"), book.sides("outputs", "inputs")


class Legs:
    """All legs of a ledger with the event each belongs to."""

    def __init__(self, ledger: Ledger, booked: bool = True) -> None:
        self.ledger = ledger
        self.external = ledger.external
        self.fee = np.array([id.startswith(FEE) for id in ledger.accounts["id"].to_pylist()], bool)
        self.currency = _codes(ledger.accounts["currency"])
        self.day = ledger.days
        self.table = {"inputs": ledger.inputs, "outputs": ledger.outputs}
        self.account = {side: table["account"].to_numpy().astype(np.int64) for side, table in self.table.items()}
        self.event = {side: ledger.event_of(side) for side in self.table}
        self.amount = _amount_codes(ledger)
        stands = pc.index_in(ledger.events["balance_account"], value_set=ledger.accounts["id"])
        self.stands = pc.fill_null(stands, -1).to_numpy().astype(np.int64)
        self.usable = _usable(ledger, booked)

    def sides(self, near: str, far: str) -> Sides:
        """Rows with one account inside in `near`, on whose statement they stand, and nobody inside in `far`."""
        inside = {side: ~self.external[self.account[side]] for side in self.table}
        count = {side: self._per_event(side, inside[side]) for side in self.table}
        good = self.usable & (count[near] == 1) & (count[far] == 0)
        own_leg = np.full(len(self.ledger), -1, np.int64)
        own_leg[self.event[near][inside[near]]] = np.flatnonzero(inside[near])
        own = np.where(good, self.account[near][own_leg], -1) if len(self.account[near]) else own_leg
        good &= own == self.stands
        if near == "inputs":
            good &= self._per_event(near, np.ones(len(self.event[near]), bool)) == 1
        else:
            good &= self._per_event(near, ~self.fee[self.account[near]]) == 1
        wanted = good[self.event[far]] & ~self.fee[self.account[far]]
        legs = np.flatnonzero(wanted)
        event = self.event[far][legs]
        alone = (self._per_event(far, wanted) == 1)[event]
        first = self.ledger.first_leg(far)
        outside = self.account[far][legs]
        main = self.key(self.amount[far, "amount"][legs], outside)
        return Sides(
            event=event,
            own=own[event],
            outside=outside,
            leg=legs - first[event],
            day=self.day[event],
            alone=alone,
            main=main,
            keys=self._keys(near, far, legs, own_leg[event], alone, main),
        )

    def _keys(self, near: str, far: str, legs: Rows, own_leg: Rows, alone: Mask, main: Rows) -> tuple[Rows, Rows]:
        """(side, key): the leg's amount, and what it costs the payer or, where it comes alone, what the payee gets."""
        own = self.account[near][own_leg]
        side = np.arange(len(legs))
        if far == "outputs":
            other = self.key(self.amount[far, "cost"][legs], own)
        else:
            other = np.where(alone, self.key(self.amount[near, "amount"][own_leg], own), main)
        more = other != main
        return np.concatenate([side, side[more]]), np.concatenate([main, other[more]])

    def key(self, amounts: Rows, accounts: Rows) -> Rows:
        key: Rows = amounts * (self.currency.max(initial=0) + 1) + self.currency[accounts]
        return key

    def _per_event(self, side: str, chosen: Mask) -> Rows:
        return np.bincount(self.event[side][chosen], minlength=len(self.ledger)).astype(np.int64)


def _usable(ledger: Ledger, booked: bool) -> Mask:
    """Rows that are booked, or announced, and are no interest."""
    right = pc.and_(pc.equal(ledger.events["booked"], booked), pc.not_equal(ledger.events["kind"], INTEREST))
    usable: Mask = right.to_numpy()
    return usable


def _amount_codes(ledger: Ledger) -> dict[tuple[str, str], Rows]:
    """Every amount of every leg as a small number; equal amounts have equal numbers, whatever their width."""
    columns = [("inputs", "amount"), ("outputs", "amount"), ("outputs", "cost")]
    tables = {"inputs": ledger.inputs, "outputs": ledger.outputs}
    texts = any(tables[side][name].type != pa.int64() for side, name in columns)
    kind = pa.string() if texts else pa.int64()
    whole = pa.chunked_array([c for side, name in columns for c in tables[side][name].cast(kind).chunks], kind)
    codes = _codes(whole)
    ends = np.cumsum([tables[side].num_rows for side, _ in columns])[:-1]
    return dict(zip(columns, np.split(codes, ends), strict=True))


def _codes(column: pa.ChunkedArray) -> Rows:
    codes: Rows = column.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes
