"""All rules side by side: which are run, on which variants, and why one is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trover.errors import FieldWrong, InputErrors, Place, Problem, UnknownRule
from trover.ledger.ledger import Ledger
from trover.trace import engines
from trover.trace.claim import Assumptions
from trover.trace.derive import Basis
from trover.trace.given import Given
from trover.trace.result import Trace
from trover.trace.rules import DerivedRule, LotRule, Rule, Table, ValuationRule, rule, rules_on
from trover.trace.variant import Variant, applicable, apply, variant

ALL = "all"


@dataclass(frozen=True)
class Answer:
    """One rule, one variant. `table` in minor units; `trace` for rules on lots; `skipped` says why there is none."""

    key: str
    rule: Rule
    variant: Variant
    table: Table
    trace: Trace | None = None
    skipped: str = ""


def parse_key(key: str) -> tuple[Rule, Variant]:
    """`rule` or `rule@variant`. Raises `UnknownRule`."""
    name, _, chosen = key.partition("@")
    return rule(name), variant(chosen)


def keys_for(family: str, assumptions: Assumptions) -> list[str]:
    """Every rule of the family under every variant that can make a difference."""
    variants = applicable(assumptions) if family == "account" else [Variant.AS_BOOKED]
    return [name(r.id, v) for r in rules_on(family) for v in variants]


def in_variant(keys: Iterable[str], order: str | None) -> list[str]:
    """`keys` under the variant `order`; `all` is every rule on accounts. Raises `UnknownRule`.

    A key that names a variant of its own cannot be read in another order as well.
    """
    if order is None:
        return list(keys)
    chosen = variant(order)
    plain: list[str] = []
    for key in keys:
        if "@" in key:
            raise UnknownRule(key, says=f"names a variant and cannot be combined with the order {order}")
        plain += [r.id for r in rules_on("account")] if key == ALL else [key]
    return [name(key, chosen) for key in plain]


def name(rule_id: str, chosen: Variant) -> str:
    return f"{rule_id}@{chosen}" if chosen else rule_id


def run(
    ledger: Ledger, assumptions: Assumptions, keys: Iterable[str], family: str = "account", *, steps: bool = False
) -> Iterator[Answer]:
    """Run each `rule[@variant]` of `keys`. A rule that cannot be run here yields an answer that says why.

    `steps`: keep every movement of rules on lots, for explanations and exhibits.
    """
    bench = _Bench(ledger, assumptions, steps)
    for key in keys:
        chosen_rule, chosen = parse_key(key)
        if family not in getattr(chosen_rule, "on", ()):
            raise UnknownRule(key, says=f"does not apply to {family} ledgers")
        yield bench.answer(key, chosen_rule, chosen)


class _Bench:
    """One ledger under many rules; each view of the ledger and each trace is made once."""

    def __init__(self, ledger: Ledger, assumptions: Assumptions, steps: bool) -> None:
        self.ledger, self.assumptions, self.steps = ledger, assumptions, steps
        self.views: dict[Variant, tuple[Ledger, Assumptions] | Problem] = {}
        self.traces: dict[tuple[str, Variant, bool], Trace] = {}

    def answer(self, key: str, chosen_rule: Rule, chosen: Variant) -> Answer:
        view = self._view(chosen)
        if isinstance(view, Problem):
            return Answer(key, chosen_rule, chosen, {}, skipped=str(view))
        if isinstance(chosen_rule, LotRule):
            trace = self._trace(view, chosen_rule, chosen, self.steps)
            return Answer(key, chosen_rule, chosen, trace.table(), trace)
        assert isinstance(chosen_rule, DerivedRule)
        ground = rule(chosen_rule.basis)
        assert isinstance(ground, LotRule)
        basis = Basis(*view, self._trace(view, ground, chosen, self.steps or chosen_rule.needs_steps))
        why = chosen_rule.applies(basis)
        return Answer(key, chosen_rule, chosen, {} if why else chosen_rule.derive(basis), skipped=why)

    def _view(self, chosen: Variant) -> tuple[Ledger, Assumptions] | Problem:
        if chosen not in self.views:
            try:
                self.views[chosen] = apply(self.ledger, self.assumptions, chosen)
            except Problem as problem:
                self.views[chosen] = problem
        return self.views[chosen]

    def _trace(self, view: tuple[Ledger, Assumptions], lots: LotRule, chosen: Variant, steps: bool) -> Trace:
        found = self.traces.get((lots.id, chosen, steps)) or self.traces.get((lots.id, chosen, True))
        if found is None:
            found = engines.trace(*view, lots, name(lots.id, chosen), steps=steps)
            self.traces[lots.id, chosen, steps] = found
        return found


def divide_asset(inputs: Mapping[str, Any]) -> dict[str, Table]:
    """`rule@valuation` -> asset -> owner -> minor units, for every valuation rule and valuation.

    `inputs`: asset, price, contributions by contributor, valuations with id and value. Raises `InputErrors`.
    """
    given = Given(inputs)
    price, contributions, valuations = given.amount("price"), given.amounts("contributions"), given.rows("valuations")
    given.check()
    asset = str(inputs.get("asset", "ASSET:"))
    return {
        f"{r.id}@{valuation}": {asset: r.divide(price, contributions, value)}
        for r in rules_on("asset")
        if isinstance(r, ValuationRule)
        for valuation, value in valuations
    }


def distribute(inputs: Mapping[str, Any]) -> dict[str, Table]:
    """`rule` -> FUND -> claimant -> minor units, for every rule whose inputs are there. Raises `InputErrors`."""
    given = Given(inputs)
    able = [r for r in rules_on("distribution") if isinstance(r, DerivedRule) and r.needs <= set(inputs)]
    tables = {r.id: {"FUND": r.distribute(given)} for r in able if r.distribute}
    given.check()
    if not tables:
        says = "name neither claims nor invested and withdrawn"
        raise InputErrors([FieldWrong(", ".join(inputs) or "nothing", Place(column="inputs"), says=says)])
    return tables
