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


def name(rule_id: str, chosen: Variant) -> str:
    return f"{rule_id}@{chosen}" if chosen else rule_id


def run(
    ledger: Ledger, assumptions: Assumptions, keys: Iterable[str], family: str = "account", *, steps: bool = False
) -> Iterator[Answer]:
    """Run each `rule[@variant]` of `keys`. A rule that cannot be run here yields an answer that says why."""
    read: dict[Variant, tuple[Ledger, Assumptions] | Problem] = {}
    traces: dict[str, Trace] = {}
    for key in keys:
        chosen_rule, chosen = parse_key(key)
        if family not in getattr(chosen_rule, "on", ()):
            raise UnknownRule(key, says=f"does not apply to {family} ledgers")
        if chosen not in read:
            read[chosen] = _read(ledger, assumptions, chosen)
        view = read[chosen]
        if isinstance(view, Problem):
            yield Answer(key, chosen_rule, chosen, {}, skipped=str(view))
        elif isinstance(chosen_rule, LotRule):
            traces[key] = engines.trace(*view, chosen_rule, key, steps=steps)
            yield Answer(key, chosen_rule, chosen, traces[key].table(), traces[key])
        elif isinstance(chosen_rule, DerivedRule):
            yield _derived(view, chosen_rule, chosen)


def _read(ledger: Ledger, assumptions: Assumptions, chosen: Variant) -> tuple[Ledger, Assumptions] | Problem:
    try:
        return apply(ledger, assumptions, chosen)
    except Problem as problem:
        return problem


def _derived(view: tuple[Ledger, Assumptions], derived: DerivedRule, chosen: Variant) -> Answer:
    key = name(derived.id, chosen)
    ground = rule(derived.basis)
    assert isinstance(ground, LotRule)
    trace = engines.trace(*view, ground, name(ground.id, chosen), steps=True)
    basis = Basis(*view, trace)
    why = derived.applies(basis)
    return Answer(key, derived, chosen, {} if why else derived.derive(basis), skipped=why)


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
