"""Conservation, checked on the stated steps of every rule without knowing the rule.

For every event and every claimant: what came in equals what is held plus what went out; fees, repaid
overdrafts (OD:), purchasers in good faith (BFP:) and trails not followed are sinks and counted. A rule
that taints whole balances (poison) keeps totals but not owners, so there only totals are checked.
"""

from __future__ import annotations

from collections.abc import Iterable

from trover.report.verifier.answers import Result, Row
from trover.report.verifier.findings import Report
from trover.report.verifier.lots import NANO
from trover.report.verifier.order import View
from trover.report.verifier.statement import OWN, Event

SLACK = 10_000
"""Nano units by which rounding at a conversion may move one owner: 10^-5 of a minor unit."""
Amounts = dict[str, int]


def plus(left: Amounts, right: Amounts, sign: int = 1) -> Amounts:
    result = {owner: left.get(owner, 0) + sign * right.get(owner, 0) for owner in [*left, *right]}
    return {owner: quantity for owner, quantity in result.items() if quantity}


class Audit:
    """Reads the steps of one result in order. `claimants` says, at the end, where each one's money is."""

    def __init__(self, report: Report, result: Result, view: View, by_owner: bool) -> None:
        self.report, self.result, self.key, self.view, self.by_owner = report, result, result.key, view, by_owner
        self.file = f"steps/{self.key}.csv"
        self.balance = {id: a.opening for id, a in view.accounts.items() if not a.is_external}
        self.content: dict[str, Amounts] = {}
        self.sinks: dict[str, Amounts] = {}
        self.entered: Amounts = {}
        self.gained: Amounts = {}
        self.claims: dict[str, Amounts] = {}
        for claim in view.facts.claims:
            entry = self.claims.setdefault(claim.transfer or f"opening of {claim.account}", {})
            entry[claim.claimant] = entry.get(claim.claimant, 0) + claim.amount * NANO
        for id, account in view.accounts.items():
            if account.opening > 0 and not account.is_external:
                self.content[id] = self._opened(id, account.opening)
                self.entered = plus(self.entered, self.content[id])

    def _opened(self, id: str, opening: int) -> Amounts:
        content = self.claims.get(f"opening of {id}", {})
        return plus(content, {OWN: opening * NANO - sum(content.values())})

    def fail(self, says: str, row: Row, **where: object) -> None:
        self.report.fail(says, self.file, row.line, rule=self.key, event=row.event, account=row.account, **where)

    def run(self, rows: Iterable[Row]) -> None:
        by_event: dict[str, list[Row]] = {}
        for row in rows:
            by_event.setdefault(row.event, []).append(row)
        for event in self.view.events:
            stated = by_event.pop(event.id, [])
            if self._legs_agree(event, stated):
                for row in stated:
                    self._row(row)
                self._event(event, stated)
        for id, stated in by_event.items():
            self.fail(f"event {id} does not run in this variant", stated[0])

    def _legs_agree(self, event: Event, stated: list[Row]) -> bool:
        held = self.balance
        legs = [("in", n, a, x) for n, (a, x) in enumerate(event.inputs, 1) if a in held]
        legs += [("out", n, a, x) for n, (a, x, _) in enumerate(event.outputs, 1)]
        found = [(row.side, row.leg, row.account, row.amount) for row in stated]
        if sorted(found) == sorted(legs):
            return True
        line = stated[0].line if stated else 0
        self.report.fail("the legs are not those of the ledger", self.file, line, rule=self.key, event=event.id,
                         expected=legs, found=found)  # fmt: skip
        return False

    def _row(self, row: Row) -> None:
        if min([0, *row.carried.values(), *row.before.values(), *row.after.values()]) < 0:
            self.fail("an owner holds less than nothing", row)
        held = row.account in self.balance
        there = max(row.balance_before, 0) if held and row.side == "in" else row.amount
        self._equal("carried", min(row.amount, there) * NANO, sum(row.carried.values()), row)
        if not held:
            self.sinks[row.account] = plus(self.sinks.get(row.account, {}), row.carried)
            return
        change = -row.amount if row.side == "in" else row.amount
        self._equal("balance_before", self.balance[row.account], row.balance_before, row)
        self._equal("balance_after", row.balance_before + change, row.balance_after, row)
        self._equal("before", max(row.balance_before, 0) * NANO, sum(row.before.values()), row)
        self._equal("after", max(row.balance_after, 0) * NANO, sum(row.after.values()), row)
        if self.by_owner:
            self._owners(row)
        self.balance[row.account] = row.balance_after
        self.content[row.account] = row.after

    def _equal(self, name: str, expected: int, found: int, row: Row) -> None:
        if expected != found:
            self.fail(f"{name} does not sum to what the balances say", row, expected=expected, found=found)

    def _owners(self, row: Row) -> None:
        last = self.content.get(row.account, {})
        for owner in plus(last, row.before, -1):
            expected, found = last.get(owner, 0), row.before.get(owner, 0)
            self.fail("the account held something else before", row, owner=owner, expected=expected, found=found)
        moved = plus(plus(row.before, row.carried, -1 if row.side == "in" else 1), row.after, -1)
        if row.side == "in" or row.balance_before >= 0:
            for owner, quantity in moved.items():
                expected = row.after.get(owner, 0) + quantity
                self.fail("does not hold after what it should", row, owner=owner, expected=expected,
                          found=row.after.get(owner, 0))  # fmt: skip
            return
        self._equal("what repays the overdraft", min(-row.balance_before, row.amount) * NANO, sum(moved.values()), row)
        if min([0, *moved.values()]) < 0:
            self.fail("a repaid overdraft gives somebody money", row)
        self.sinks[f"OD:{row.account}"] = plus(self.sinks.get(f"OD:{row.account}", {}), moved)

    def _event(self, event: Event, stated: list[Row]) -> None:
        """What the event took in and what it paid out, by owner."""
        came: Amounts = {}
        went: Amounts = {}
        for row in stated:
            if row.side == "in":
                lent = row.amount * NANO - sum(row.carried.values())
                came = plus(plus(came, row.carried), {OWN: lent})
            else:
                went = plus(went, row.carried)
        change = plus(went, came, -1)
        facts = self.view.facts
        first = facts.reverses.get(event.id) or facts.linked_to.get(event.id) or ""
        outside = any(account not in self.balance for account, _ in event.inputs)
        converts = any(amount != cost for _, amount, cost in event.outputs)
        if not self.by_owner:
            return
        if event.id in facts.bfp:
            self._purchaser(event, {owner: -quantity for owner, quantity in change.items() if owner != OWN}, converts)
        elif outside and first:
            self._returned(event, first, change, stated)
        elif outside:
            self._entry(event, change, stated[-1], converts)
        elif converts:
            self._conversion(event, came, went, change, stated[-1])
        else:
            for owner, quantity in change.items():
                self.fail("pays out to an owner what it did not take in", stated[-1], owner=owner,
                          expected=came.get(owner, 0), found=came.get(owner, 0) + quantity)  # fmt: skip

    def _entry(self, event: Event, change: Amounts, row: Row, converts: bool) -> None:
        claimed = self.claims.get(event.id, {})
        if event.kind == "interest":
            self.gained = plus(self.gained, change)
            return
        self.entered = plus(self.entered, change)
        for owner in set(change) | set(claimed):
            if owner != OWN and not converts and change.get(owner, 0) != claimed.get(owner, 0):
                self.fail("is not what the claims say entered here", row, owner=owner, expected=claimed.get(owner, 0),
                          found=change.get(owner, 0))  # fmt: skip

    def _returned(self, event: Event, first: str, change: Amounts, stated: list[Row]) -> None:
        """A return takes out of the sink of the first payment; no claimant gets back more than is there."""
        paid = next((e for e in self.view.events if e.id == first), None)
        sink = f"BFP:{first}"
        if first not in self.view.facts.bfp:
            sink = next((a for a, _, _ in (paid.outputs if paid else []) if a not in self.balance), "")
        back = {owner: quantity for owner, quantity in change.items() if owner != OWN}
        there = self.sinks.get(sink, {})
        for owner, quantity in back.items():
            if not 0 <= quantity <= there.get(owner, 0):
                self.fail("brings back more than was paid there", stated[-1], owner=owner,
                          expected=there.get(owner, 0), found=quantity)  # fmt: skip
        self.sinks[sink] = plus(there, back, -1)

    def _purchaser(self, event: Event, given: Amounts, converts: bool) -> None:
        """What a purchaser in good faith keeps; after a conversion, as the result states it in the new currency."""
        sink = f"BFP:{event.id}"
        stated = {owner: q for owner, q in self.result.nano.get(sink, {}).items() if owner != OWN}
        self.sinks[sink] = stated if converts else given
        self.gained = plus(self.gained, plus(self.sinks[sink], given, -1))

    def _conversion(self, event: Event, came: Amounts, went: Amounts, change: Amounts, row: Row) -> None:
        self.gained = plus(self.gained, change)
        if len(event.outputs) > 1:
            return
        _, amount, cost = event.outputs[0]
        for owner in set(came) | set(went):
            expected = came.get(owner, 0) * amount // cost
            if abs(went.get(owner, 0) - expected) > SLACK:
                self.fail("is not converted at the rate of the event", row, owner=owner, expected=expected,
                          found=went.get(owner, 0))  # fmt: skip

    def close(self) -> None:
        """The result is where the steps end, and each claimant's money is all accounted for."""
        result = self.result
        for id, balance in self.balance.items():
            self._closes(id, "balance", balance, result.balance.get(id) or 0)
        for id in [*self.balance, *self.sinks] if self.by_owner else []:
            stated, ends = result.nano.get(id, {}), self.content.get(id, {})
            ends = self.sinks.get(id, {}) if id not in self.balance else ends
            for owner in set(stated) | set(ends):
                if id in self.balance or owner != OWN:
                    self._closes(id, owner, ends.get(owner, 0), stated.get(owner, 0))

    def _closes(self, id: str, owner: str, expected: int, found: int) -> None:
        if expected != found:
            says, file = "the steps end elsewhere than the result says", self.result.file
            self.report.fail(says, file, rule=self.key, account=id, owner=owner, expected=expected, found=found)

    def claimants(self) -> dict[str, Amounts]:
        """Nano units by claimant: entered, gained (interest, conversions), held, and in sinks of each kind."""
        where: dict[str, Amounts] = {}
        for owner in [owner for owner in self.view.facts.owners if owner != OWN]:
            line = {"entered": self.entered.get(owner, 0), "gained": self.gained.get(owner, 0)}
            for id, held in self.result.nano.items():
                kind = "held" if id in self.balance else id.partition(":")[0]
                line[kind] = line.get(kind, 0) + held.get(owner, 0)
            where[owner] = line
        return where

    def balances(self) -> None:
        """Per claimant: entered + gained = held + every sink, to the nano unit."""
        for owner, line in self.claimants().items() if self.by_owner else []:
            came = line["entered"] + line["gained"]
            gone = sum(quantity for kind, quantity in line.items() if kind not in ("entered", "gained"))
            if came != gone:
                self.report.fail("what came in is not what is held and what went out", self.result.file, rule=self.key,
                                 owner=owner, expected=came, found=gone)  # fmt: skip
