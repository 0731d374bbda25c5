"""Conservation, checked on the stated steps of every rule without knowing the rule.

For every event and every claimant: what came in equals what is held plus what went out; fees, repaid
overdrafts (OD:), purchasers in good faith (BFP:) and trails not followed are sinks and counted. A rule
that taints whole balances (poison) keeps totals but not owners, so there only totals are checked.
"""

from __future__ import annotations

from collections.abc import Iterable

from trover.report.verifier.answers import Result, Row
from trover.report.verifier.findings import Report
from trover.report.verifier.lots import NANO, Lot
from trover.report.verifier.order import View
from trover.report.verifier.replay import Paid, returned_leg
from trover.report.verifier.statement import FEE, OWN, Event

SLACK = 10_000
"""Nano units by which rounding at a conversion may move one owner: 10^-5 of a minor unit."""
Amounts = dict[str, int]
ENTERED = ("entered", "gained")


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
        self.paid: dict[str, list[Paid]] = {}
        self.left: dict[int, Amounts] = {}
        self.entered: Amounts = {}
        self.gained: Amounts = {}
        self.claims: dict[str, Amounts] = {}
        for claim in view.facts.claims:
            entry = self.claims.setdefault(claim.transfer or f"opening of {claim.account}", {})
            entry[claim.claimant] = entry.get(claim.claimant, 0) + claim.amount * NANO
        for id, opening in self.balance.items():
            if opening > 0:
                claimed = self.claims.get(f"opening of {id}", {})
                self.content[id] = plus(claimed, {OWN: opening * NANO - sum(claimed.values())})
                self.entered = plus(self.entered, self.content[id])

    def run(self, rows: Iterable[Row]) -> None:
        by_event: dict[str, list[Row]] = {}
        for row in rows:
            by_event.setdefault(row.event, []).append(row)
        for event in self.view.events:
            stated = by_event.pop(event.id, [])
            if self._legs_agree(event, stated):
                self._event(event, stated)
        for id, stated in by_event.items():
            self._fail(f"event {id} does not run in this variant", stated[0])

    def _legs_agree(self, event: Event, stated: list[Row]) -> bool:
        legs = [("in", n, a, x) for n, (a, x) in enumerate(event.inputs, 1) if a in self.balance]
        legs += [("out", n, a, x) for n, (a, x, _) in enumerate(event.outputs, 1)]
        found = [(row.side, row.leg, row.account, row.amount) for row in stated]
        if sorted(found) == sorted(legs):
            return True
        line = stated[0].line if stated else 0
        self.report.fail("the legs are not those of the ledger", self.file, line, rule=self.key, event=event.id,
                         expected=legs, found=found)  # fmt: skip
        return False

    def _event(self, event: Event, stated: list[Row]) -> None:
        """What goes in, the bank's advance included, is what the outputs take; the difference came from outside."""
        entering: Amounts = {}
        for row in stated:
            contents = (row.carried, row.before, row.after, row.given, row.repaid, row.protected)
            if any(quantity < 0 for content in contents for quantity in content.values()):
                self._fail("an owner holds less than nothing", row)
            entering = plus(entering, row.given if row.side == "out" else row.carried, 1 if row.side == "out" else -1)
            if row.side == "in":
                entering = plus(entering, {OWN: row.amount * NANO - sum(row.carried.values())}, -1)
                self._input(row)
        outside = [(account, amount) for account, amount in event.inputs if account not in self.balance]
        self._equal("what comes in from outside", NANO * sum(amount for _, amount in outside), sum(entering.values()),
                    stated[-1])  # fmt: skip
        if self.by_owner:
            if outside:
                self._entry(event, outside[0][0], NANO * sum(amount for _, amount in outside), entering, stated[-1])
            else:
                self._owners("pays out what it did not take in", {}, entering, stated[-1])
        for row in stated:
            if row.side == "out":
                self._output(event, row)

    def _input(self, row: Row) -> None:
        drawn = min(row.amount, max(self.balance[row.account], 0)) * NANO
        self._equal("carried", drawn, sum(row.carried.values()), row)
        self._state(row, -row.amount, plus(row.before, row.carried, -1))

    def _output(self, event: Event, row: Row) -> None:
        _, amount, cost = event.outputs[row.leg - 1]
        good_faith = event.id in self.view.facts.bfp and not row.account.startswith(FEE)
        became = row.protected if good_faith else row.carried
        self._equal("given", cost * NANO, sum(row.given.values()), row)
        self._equal("carried", amount * NANO, sum(row.carried.values()), row)
        self._equal("protected", amount * NANO if good_faith else 0, sum(row.protected.values()), row)
        if self.by_owner:
            expected = {owner: q * amount // cost for owner, q in row.given.items()}
            slack = SLACK if amount != cost else 0
            self._owners("arrives otherwise than it was given", expected, became, row, slack)
            if good_faith:
                self._owners("is not a purchaser's own", {OWN: amount * NANO}, row.carried, row)
        self.gained = plus(self.gained, plus(became, row.given, -1))
        if good_faith:
            self._sink(f"BFP:{event.id}", row.protected)
            self.entered = plus(self.entered, row.carried)
        self._receive(row)
        if event.id in {*self.view.facts.reverses.values(), *self.view.facts.linked_to.values()}:
            self._remember(event, row, became, good_faith)

    def _receive(self, row: Row) -> None:
        if row.account not in self.balance:
            self._sink(row.account, row.carried)
            return
        overdrawn = max(-self.balance[row.account], 0)
        self._equal("repaid", min(overdrawn, row.amount) * NANO, sum(row.repaid.values()), row)
        if self.by_owner and any(quantity > row.carried.get(owner, 0) for owner, quantity in row.repaid.items()):
            self._fail("more repays the overdraft than arrived", row)
        if row.repaid:
            self._sink(f"OD:{row.account}", row.repaid)
        self._state(row, row.amount, plus(plus(row.before, row.carried), row.repaid, -1))

    def _state(self, row: Row, change: int, after: Amounts) -> None:
        """The account before is what it was left as, and after it is what this leg makes of it."""
        balance = self.balance[row.account]
        for name, expected, found in (
            ("balance_before", balance, row.balance_before),
            ("balance_after", balance + change, row.balance_after),
            ("before", max(balance, 0) * NANO, sum(row.before.values())),
            ("after", max(balance + change, 0) * NANO, sum(row.after.values())),
        ):
            self._equal(name, expected, found, row)
        if self.by_owner:
            self._owners("was not in the account before", self.content.get(row.account, {}), row.before, row)
            self._owners("is not in the account after", after, row.after, row)
        self.balance[row.account] = row.balance_after
        self.content[row.account] = row.after

    def _entry(self, event: Event, source: str, nano: int, entering: Amounts, row: Row) -> None:
        """From outside come the claims entered there, interest, or what an earlier payment had; the rest is OWN."""
        paid = returned_leg(self.paid.get(self.view.facts.returns(event.id), []), source)
        if paid is not None:
            self._returned(paid, nano, entering, row)
        elif event.kind == "interest" and self.view.facts.interest != "own":
            self.gained = plus(self.gained, entering)
        else:
            claimed = self.claims.get(event.id, {})
            expected = plus(claimed, {OWN: nano - sum(claimed.values())})
            self._owners("is not what the claims say came in here", expected, entering, row)
            self.entered = plus(self.entered, entering)

    def _remember(self, event: Event, row: Row, became: Amounts, good_faith: bool) -> None:
        held = row.account in self.balance
        if held and not good_faith:
            return
        sink = f"BFP:{event.id}" if good_faith else row.account
        shown = row.account if good_faith and not held else ""
        paid = Paid(event.inputs[0][0], row.account, sink, shown, list[Lot]())
        self.left[id(paid)] = became
        self.paid.setdefault(event.id, []).append(paid)

    def _returned(self, paid: Paid, nano: int, entering: Amounts, row: Row) -> None:
        """No more comes back of anybody's than was paid and has not come back yet; what exceeds that is OWN."""
        left = self.left[id(paid)]
        excess = max(nano - sum(left.values()), 0)
        back = plus(entering, {OWN: excess}, -1)
        for owner, quantity in back.items():
            if not 0 <= quantity <= left.get(owner, 0):
                self._fail(
                    "brings back what was not paid", row, owner=owner, expected=left.get(owner, 0), found=quantity
                )
        self.left[id(paid)] = plus(left, back, -1)
        self.sinks[paid.sink] = plus(self.sinks.get(paid.sink, {}), back, -1)
        self.entered = plus(self.entered, {OWN: excess})
        if paid.shown:
            own = {OWN: sum(back.values())}
            self.sinks[paid.shown] = plus(self.sinks.get(paid.shown, {}), own, -1)
            self.entered = plus(self.entered, own, -1)

    def _sink(self, name: str, content: Amounts) -> None:
        self.sinks[name] = plus(self.sinks.get(name, {}), content)

    def _fail(self, says: str, row: Row, **where: object) -> None:
        self.report.fail(says, self.file, row.line, rule=self.key, event=row.event, account=row.account, **where)

    def _equal(self, name: str, expected: int, found: int, row: Row) -> None:
        if expected != found:
            self._fail(f"{name} is not what ledger and balances say", row, expected=expected, found=found)

    def _owners(self, says: str, expected: Amounts, found: Amounts, row: Row, slack: int = 0) -> None:
        for owner, difference in plus(found, expected, -1).items():
            if abs(difference) > slack:
                self._fail(says, row, owner=owner, expected=expected.get(owner, 0), found=found.get(owner, 0))

    def close(self) -> None:
        """The result is where the steps end, and what came in is all accounted for."""
        for id, balance in self.balance.items():
            self._closes(id, "balance", balance, self.result.balance.get(id) or 0)
        ends = {**self.content, **self.sinks} if self.by_owner else {}
        for id in {**ends, **self.result.nano} if self.by_owner else {}:
            stated, end = self.result.nano.get(id, {}), ends.get(id, {})
            for owner in plus(stated, end, -1):
                self._closes(id, owner, end.get(owner, 0), stated.get(owner, 0))
        for owner, line in self.claimants().items() if self.by_owner else []:
            came = sum(line[kind] for kind in ENTERED)
            gone = sum(quantity for kind, quantity in line.items() if kind not in ENTERED)
            if came != gone:
                says = "what came in is not what is held and what went out"
                self.report.fail(says, self.result.file, rule=self.key, owner=owner, expected=came, found=gone)

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
