"""One case file in, the answer out: rule -> account -> owner -> minor units (rules section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from trover.errors import FieldWrong, InputErrors, Place, Problem, UnknownRule
from trover.ledger.build import build_ledger
from trover.ledger.check import PlaceIn
from trover.ledger.gate import judge
from trover.ledger.ledger import Ledger
from trover.sources.case_json import CaseFile, read_case
from trover.trace import compare
from trover.trace.claim import OWN, Assumptions, Claim, InterestMode
from trover.trace.rules import Table
from trover.trace.validate import validate


@dataclass(frozen=True)
class Solution:
    """`rules` in minor units; `skipped` says of each rule that could not be run why."""

    rules: dict[str, Table]
    skipped: dict[str, str]


def solve(path: str | Path, keys: Sequence[str] = ()) -> Solution:
    """Answer a case file under `keys`, or under every rule and variant that applies. Raises `InputErrors`."""
    problems: list[Problem] = []
    case = read_case(path, problems)
    assumptions = stated_assumptions(case, problems)
    if case.family in ("asset", "distribution"):
        return _given(case, keys, problems)
    ledger = build_ledger(case.records, files=case.files, claims=case.claims, problems=problems, broken=case.broken)
    if failed := [v.first_bad for v in judge(case.records, PlaceIn(case.files, {})) if v.first_bad]:
        raise InputErrors(failed)
    if found := validate(ledger, assumptions, case.files):
        raise InputErrors(found)
    return _traced(ledger, assumptions, case, keys)


def _given(case: CaseFile, keys: Sequence[str], problems: list[Problem]) -> Solution:
    answer = compare.divide_asset if case.family == "asset" else compare.distribute
    try:
        tables = answer(case.inputs)
    except InputErrors as errors:
        problems += [problem.at(replace(problem.place, file=case.source.name)) for problem in errors.problems]
    if problems:
        raise InputErrors(problems)
    for key in keys:
        if key not in tables:
            raise InputErrors([UnknownRule(key, says=f"is not among the answers: {', '.join(tables)}")])
    return Solution({key: tables[key] for key in keys or tables}, {})


def _traced(ledger: Ledger, assumptions: Assumptions, case: CaseFile, keys: Sequence[str]) -> Solution:
    wanted = list(keys) or compare.keys_for(case.family, assumptions)
    rules: dict[str, Table] = {}
    skipped: dict[str, str] = {}
    for answer in compare.run(ledger, assumptions, wanted, case.family):
        if answer.skipped:
            skipped[answer.key] = answer.skipped
        else:
            rules[answer.key] = {
                account: {case.residual if owner == OWN else owner: amount for owner, amount in row.items()}
                for account, row in answer.table.items()
            }
    if keys and skipped:
        raise InputErrors(
            [Problem(key, Place(case.source.name), says=f"cannot be run: {why}") for key, why in skipped.items()]
        )
    return Solution(rules, skipped)


def stated_assumptions(case: CaseFile, problems: list[Problem]) -> Assumptions:
    """The claims and findings a case file carries. What is wrong with its `params` is added to `problems`."""
    params = _Params(case, problems)
    return Assumptions(
        claims=tuple(
            Claim(c.claimant, c.amount, c.transfer, c.account, c.repaid, params.day(c.offence, "claims.offence"))
            for c in case.claims
        ),
        bfp=case.flags.bfp,
        reverses=case.flags.reverses,
        linked_to=case.flags.linked_to,
        backward_for=case.flags.backward_for,
        consolidate=params.consolidate(),
        dissipated=frozenset(params.names("dissipated")),
        fund=params.names("fund"),
        action_date=params.day(case.params.get("action_date"), "params.action_date"),
        interest=params.interest(),
    )


class _Params:
    """The `params` of a case file, read strictly; what is wrong is kept in `problems`."""

    def __init__(self, case: CaseFile, problems: list[Problem]) -> None:
        self.params, self.file, self.problems = case.params, case.source.name, problems

    def consolidate(self) -> dict[str, tuple[str, ...]]:
        pools = self.params.get("consolidate", {})
        if isinstance(pools, dict) and all(_is_names(members) for members in pools.values()):
            return {pool: tuple(members) for pool, members in pools.items()}
        self._wrong(pools, "consolidate", "does not name pools with the accounts in each")
        return {}

    def names(self, key: str) -> tuple[str, ...]:
        found = self.params.get(key, [])
        if _is_names(found):
            return tuple(found)
        self._wrong(found, key, "is not a list of names")
        return ()

    def day(self, found: object, key: str) -> date | None:
        if found in (None, ""):
            return None
        try:
            return date.fromisoformat(str(found))
        except ValueError:
            self._wrong(found, key.removeprefix("params."), "is not a date such as 2021-06-30")
            return None

    def interest(self) -> InterestMode:
        found = self.params.get("interest", InterestMode.ACCRUE)
        if found in tuple(InterestMode):
            return InterestMode(found)
        self._wrong(found, "interest", f"is not one of {', '.join(InterestMode)}")
        return InterestMode.ACCRUE

    def _wrong(self, value: Any, key: str, says: str) -> None:
        self.problems.append(FieldWrong(value, Place(self.file, column=f"params.{key}"), says=says))


def _is_names(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(name, str) for name in found)
