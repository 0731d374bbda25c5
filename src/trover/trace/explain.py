"""One step in words and numbers, so that a reader can redo it by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from trover.ledger.currency import minor_units
from trover.ledger.ledger import Ledger
from trover.ledger.money import money, nano_money
from trover.trace.arithmetic import NANO
from trover.trace.claim import OWN, Assumptions
from trover.trace.lot import Content
from trover.trace.result import Movement, Trace
from trover.trace.rules import PRO_RATA, How, LotRule, Stage, Stages, Whose, rule

_STAGE_WORDS = {
    (Whose.ALL, How.HEAD): "oldest money first",
    (Whose.ALL, How.TAIL): "newest money first",
    (Whose.ALL, How.BLEND): "everybody in proportion",
    (Whose.OWN, How.BLEND): "own money first",
    (Whose.CLAIMANTS, How.BLEND): "claimants in proportion",
    (Whose.CLAIMANTS, How.HEAD): "claimants' oldest money first",
}


@dataclass(frozen=True)
class Step:
    """A movement with its formula; `places` are decimals of the account's currency."""

    movement: Movement
    formula: str
    places: int


class Explainer:
    """Explains the movements of one trace over one ledger. Amounts in formulas are in units of the currency.

    `show` writes nano units with so many decimals in a minor unit; `event_name` says how a formula names an event.
    """

    def __init__(
        self,
        ledger: Ledger,
        trace: Trace,
        assumptions: Assumptions,
        decimals: Callable[[str], int] = minor_units,
        show: Callable[[int, int], str] = nano_money,
        event_name: Callable[[str], str] = str,
    ) -> None:
        chosen = rule(trace.rule)
        assert isinstance(chosen, LotRule)
        self.rule = chosen
        self.trace = trace
        self.accounts = ledger.account_by_id
        self.decimals = decimals
        self.show = show
        self.event_name = event_name
        self.dissipated = assumptions.dissipated
        self.preserving = {m.event for m in trace.movements if m.side == "out" and self._is_preserved(m.account)}

    def steps(self, account: str) -> Iterator[Step]:
        """Every step that moved something in or out of `account`, in order."""
        return (self.step(m) for m in self.trace.movements if m.account == account)

    def of_event(self, event: str) -> Iterator[Step]:
        return (self.step(m) for m in self.trace.movements if m.event == event)

    def step(self, movement: Movement) -> Step:
        places = self.decimals(self.accounts[movement.account].currency) if movement.account in self.accounts else 2
        words = self._paid(movement, places) if movement.side == "in" else self._received(movement, places)
        return Step(movement, words, places)

    def _is_asset(self, account: str) -> bool:
        return account in self.accounts and self.accounts[account].is_asset

    def _is_preserved(self, account: str) -> bool:
        return self._is_asset(account) and account not in self.dissipated

    def _stages(self, movement: Movement) -> Stages:
        if self._is_asset(movement.account):
            return (PRO_RATA,)
        return self.rule.draw(movement.event in self.preserving)

    def _paid(self, movement: Movement, places: int) -> str:
        drawn = min(movement.amount, max(movement.balance_before, 0))
        parts = [self._stage(stage, movement, places) for stage in self._stages(movement)]
        parts = [part for part in parts if part]
        if movement.amount > drawn:
            parts.append(f"the bank advances {self.show((movement.amount - drawn) * NANO, places)} (OWN)")
        return "; ".join(parts) or "nothing was in the account"

    def _stage(self, stage: Stage, movement: Movement, places: int) -> str:
        pool = {o: q for o, q in movement.before.items() if _theirs(o, stage.whose)}
        taken = {o: q for o, q in movement.content.items() if _theirs(o, stage.whose)}
        if not taken:
            return ""
        words = _STAGE_WORDS[stage.whose, stage.how]
        if stage.how is not How.BLEND:
            pieces = [(e, {o: q for o, q in c.items() if o in taken}) for e, c in movement.pieces]
            return f"{words}: " + ", ".join(
                f"{self._shares(piece, places)} from {self.event_name(event) if event else 'the opening balance'}"
                for event, piece in pieces
                if piece
            )
        if len(pool) == 1:
            ((owner, there),) = pool.items()
            return f"{words}: {owner} {self.show(taken[owner], places)} of {self.show(there, places)}"
        whole = f"{self.show(sum(taken.values()), places)} / {self.show(sum(pool.values()), places)}"
        return f"{words}: " + ", ".join(
            f"{owner} {self.show(there, places)} x {whole} = {self.show(taken.get(owner, 0), places)}"
            for owner, there in pool.items()
        )

    def _received(self, movement: Movement, places: int) -> str:
        arrived = f"receives {self.show(movement.amount * NANO, places)}: {self._shares(movement.content, places)}"
        if movement.balance_before >= 0:
            return arrived
        repaid = min(-movement.balance_before, movement.amount)
        kept = {o: movement.after.get(o, 0) - movement.before.get(o, 0) for o in movement.content}
        gone = {o: q - kept[o] for o, q in movement.content.items() if q - kept[o]}
        left = f"{self.show(repaid * NANO, places)} repays the overdraft and leaves the trail"
        return f"{arrived}; {left}: {self._shares(gone, places)}"

    def _shares(self, content: Content, places: int) -> str:
        return ", ".join(f"{owner} {self.show(q, places)}" for owner, q in content.items()) or "nothing"


def _theirs(owner: str, whose: Whose) -> bool:
    own = owner in (OWN, "CLEAN")
    return whose is Whose.ALL or own == (whose is Whose.OWN)


def composition(content: Content, places: int) -> str:
    """Owners and what they hold, for a table cell."""
    return ", ".join(f"{owner} {nano_money(quantity, places)}" for owner, quantity in content.items()) or "-"


def paragraph(step: Step) -> list[str]:
    """A step as short lines of text: what moved, balance and composition before and after, the formula."""
    movement, places = step.movement, step.places
    verb = "pays" if movement.side == "in" else "receives"
    return [
        f"{movement.account} {verb} {money(movement.amount, places)}",
        f"  balance {money(movement.balance_before, places)} -> {money(movement.balance_after, places)}",
        f"  before  {composition(movement.before, places)}",
        f"  after   {composition(movement.after, places)}",
        f"  formula {step.formula}",
    ]
