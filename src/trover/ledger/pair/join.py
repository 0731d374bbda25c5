"""The ledger in which paired rows are one payment: one event where one day and both orders allow it, else two
events through an account for money under way.

One event keeps the id, the place and the note of the payer's row; the payee's row stands in its `also`. Money
under way leaves the payer's account on one day and reaches the payee's on another; between them it is in an
account of its own, `UNDERWAY:` and the id of the payer's row, which is empty before and after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.event import FEE, UNDERWAY, Account, AccountKind, Event, Input
from trover.ledger.join import join
from trover.ledger.ledger import OTHER_ROW, Ledger
from trover.ledger.pair.order import arrange
from trover.ledger.pair.pairs import Pairing
from trover.ledger.pair.settle import merged, put, settled
from trover.ledger.pair.sides import Mask, Rows


@dataclass(frozen=True)
class Joined:
    """`ledger` with every pair made. Places in `Pairing.pairs()`: those that became `one` event, those whose money is
    `underway` between two, and those that could not be made (`barred`)."""

    ledger: Ledger
    one: Rows
    underway: Rows
    barred: Rows


def join_pairs(pairing: Pairing) -> Joined:
    """Make every pair of `pairing` one payment in its ledger. Nothing else is changed but posting orders."""
    none = np.empty(0, np.int64)
    if not len(pairing):
        return Joined(pairing.ledger, none, none, none)
    plan = _Plan(pairing)
    keep = np.flatnonzero(~plan.impossible)
    arranged = arrange(plan.ledger, plan.payer[keep], plan.payee[keep], plan.one[keep])
    one, barred = keep[arranged.one], np.union1d(keep[arranged.barred], np.flatnonzero(plan.impossible))
    underway = np.setdiff1d(keep, np.union1d(one, barred))
    return Joined(_Builder(plan, one, underway).ledger(arranged.rows), one, underway, barred)


class _Plan:
    """The pairs as event rows and legs, and what each may become."""

    def __init__(self, pairing: Pairing) -> None:
        self.ledger = pairing.ledger
        debits, credits = pairing.debits, pairing.credits
        self.payer, self.payee = debits.event[pairing.debit], credits.event[pairing.credit]
        self.out, self.into = debits.leg[pairing.debit], credits.leg[pairing.credit]
        self.out_leg = self.ledger.first_leg("outputs")[self.payer] + self.out
        self.in_leg = self.ledger.first_leg("inputs")[self.payee] + self.into
        self.whole = debits.alone[pairing.debit]
        """Pairs whose payer's row has no other leg to outside."""
        lag = credits.day[pairing.credit] - debits.day[pairing.debit]
        alone = self.whole & credits.alone[pairing.credit]
        self.same = debits.main[pairing.debit] == credits.main[pairing.credit]
        more = pc.list_value_length(self.ledger.events["also"]).to_numpy() > 0
        fees = self.ledger.events["outputs"].to_numpy()[self.payee] > 1
        self.plain: Mask = self.same & ~fees & ~more[self.payer] & ~more[self.payee]
        """Pairs that one event can hold by a change of accounts alone."""
        self.one: Mask = (lag == 0) & alone
        self.impossible: Mask = (lag < 0) | ~self.same & ~alone
        self._settle()

    def _rows(self, pairs: Rows) -> dict[int, Event]:
        """The events of these pairs as objects, by their row."""
        rows = np.union1d(self.payer[pairs], self.payee[pairs])
        return dict(zip(rows.tolist(), self.ledger.take(rows), strict=True))

    def _settle(self) -> None:
        """Pairs whose amounts cannot be settled are impossible; those that cannot be one event are two."""
        unsettled = np.flatnonzero(~self.plain & ~self.impossible & (~self.same | self.one))
        self.events = self._rows(unsettled)
        for pair in unsettled.tolist():
            events = self.settled(pair)
            if events is None:
                self.impossible[pair] = True
            elif self.one[pair]:
                self.one[pair] = merged(*events, int(self.out[pair])) is not None

    def settled(self, pair: int) -> tuple[Event, Event] | None:
        """Payer's and payee's event of a pair, their amounts settled."""
        payer, payee = (self.events[int(rows[pair])] for rows in (self.payer, self.payee))
        return settled(payer, payee, int(self.out[pair]), int(self.into[pair]), self.ledger.account_by_id)


class _Builder:
    """Puts the new ledger together, columns at a time; only pairs with something to settle are made as objects."""

    def __init__(self, plan: _Plan, one: Rows, underway: Rows) -> None:
        self.plan, self.old = plan, plan.ledger
        self.simple = one[plan.plain[one]]
        self.composed = one[~plan.plain[one]]
        self.underway = underway
        self.names = dict(zip(underway.tolist(), self._names(), strict=True))

    def ledger(self, rows: Rows) -> Ledger:
        """The ledger with events in the order of `rows` (rows of the old ledger)."""
        times = np.maximum.accumulate(self.old.events["time"].cast(pa.int64()).to_numpy()[rows])
        whole = self._changed().take(rows).with_columns(time=pa.array(times), seq=pa.array(np.arange(len(times))))
        made, charges = self._made()
        if not made:
            return whole
        place = np.array([row in made for row in rows.tolist()])
        moments = whole.events["time"].filter(pa.array(place)).to_pylist()
        seats = zip(rows[place].tolist(), moments, np.flatnonzero(place).tolist(), strict=True)
        objects = [replace(made[row], time=moment, seq=seat) for row, moment, seat in seats]
        part = Ledger.of([*whole.account_list, *charges], objects)
        return join([whole.take(np.flatnonzero(~place)), part])

    def _names(self) -> list[str]:
        """An account for the money of each pair that is under way; each leg of a batch has its own."""
        plan = self.plan
        ids = self.old.events["id"].take(pa.array(plan.payer[self.underway])).to_pylist()
        legs = zip(ids, plan.whole[self.underway].tolist(), plan.out[self.underway].tolist(), strict=True)
        return [f"{UNDERWAY}{id}" if whole else f"{UNDERWAY}{id}:{leg + 1}" for id, whole, leg in legs]

    def _changed(self) -> Ledger:
        """The old rows with new accounts: the payee's for one event, that of money under way for two."""
        plan, old = self.plan, self.old
        sent = old.outputs["account"].to_numpy()[plan.out_leg[self.underway]]
        currencies = old.accounts["currency"].take(pa.array(sent)).to_pylist()
        named = zip(self.names.values(), currencies, strict=True)
        between = [Account(name, currency, AccountKind.BANK) for name, currency in named]
        accounts = [*old.account_list, *between]
        through = np.arange(len(old.account_list), len(accounts))
        into = old.first_leg("outputs")[plan.payee[self.simple]]
        out_account, in_account = (legs["account"].to_numpy().copy() for legs in (old.outputs, old.inputs))
        out_account[plan.out_leg[self.simple]] = out_account[into]
        out_account[plan.out_leg[self.underway]] = through
        in_account[plan.in_leg[self.underway]] = through
        place = np.arange(old.outputs.num_rows)
        place[plan.out_leg[self.simple]] = into
        outputs = old.outputs.set_column(0, "account", pa.array(out_account, pa.int32()))
        outputs = outputs.set_column(1, "amount", old.outputs["amount"].take(pa.array(place)))
        inputs = old.inputs.set_column(0, "account", pa.array(in_account, pa.int32()))
        also = _also(old.events, plan.payer[self.simple], plan.payee[self.simple])
        return Ledger(Ledger.of(accounts, ()).accounts, old.with_columns(also=also).events, inputs, outputs)

    def _made(self) -> tuple[dict[int, Event], list[Account]]:
        """Row of the old ledger -> the event that takes its place; and the accounts of charges that these need."""
        plan, made = self.plan, {}
        for pair in (*self.composed.tolist(), *self.underway[~plan.same[self.underway]].tolist()):
            events = plan.settled(pair)
            assert events is not None
            payer, payee = events
            out = int(plan.out[pair])
            name = self.names.get(pair)
            if name is None:
                whole = merged(payer, payee, out)
                assert whole is not None
                made[int(plan.payer[pair])] = whole
                continue
            sent = replace(payer.outputs[out], account=name)
            made[int(plan.payer[pair])] = put(payer, out, sent)
            made[int(plan.payee[pair])] = replace(payee, inputs=(Input(name, payee.inputs[0].amount),))
        known = self.old.account_by_id
        charges: dict[str, Account] = {}
        for event in made.values():
            for leg in event.outputs:
                if leg.account.startswith(FEE) and leg.account not in known:
                    currency = known[event.inputs[0].account].currency
                    charges[leg.account] = Account(leg.account, currency, AccountKind.EXTERNAL)
        return made, list(charges.values())


def _also(events: pa.Table, payer: Rows, payee: Rows) -> pa.ListArray:
    """Other rows of the events where each `payer` row, which has none yet, also names its `payee` row."""
    told = events.take(pa.array(payee[np.argsort(payer)]))
    columns = {name: told[name] for name in ("id", "source", "page", "row", "note", "balance_account", "balance")}
    fields = [columns[field.name].combine_chunks().cast(field.type) for field in OTHER_ROW]
    new = pa.StructArray.from_arrays(fields, fields=list(OTHER_ROW))
    old = events["also"].combine_chunks()
    counts = pc.list_value_length(old).to_numpy().astype(np.int64)
    mine = np.zeros(len(counts), bool)
    mine[payer] = True
    counts[payer] = 1
    flat = pa.concat_arrays([pc.list_flatten(old).cast(OTHER_ROW), new])
    owned = np.repeat(mine, counts)
    take = np.empty(len(owned), np.int64)
    take[~owned] = np.arange(len(flat) - len(new))
    take[owned] = len(flat) - len(new) + np.arange(len(new))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat.take(pa.array(take)))
