"""Every figure of the worked cases, to the minor unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.case.solve import solve

CASES = Path(__file__).parents[1] / "cases"
FAMILIES = ("account", "asset", "distribution", "utxo")


def _expected() -> list[tuple[Path, str]]:
    """Each case file with each rule it states figures for."""
    return [
        (path, key)
        for path in sorted(CASES.glob("*.json"))
        if (case := json.loads(path.read_text()))["family"] in FAMILIES
        for key in case["expected"]
    ]


@pytest.mark.parametrize(("path", "key"), _expected(), ids=lambda value: getattr(value, "stem", value))
def test_the_case_gives_its_figures_under_the_rule(path: Path, key: str) -> None:
    expected = json.loads(path.read_text())["expected"][key]
    found = solve(path, [key]).rules[key]
    for account, row in expected.items():
        got = found.get(account, {})
        owners = {*row, *got}
        assert {o: got.get(o, 0) for o in owners} == {o: row.get(o, 0) for o in owners}, account


@pytest.mark.parametrize("path", sorted({path for path, _ in _expected()}), ids=lambda path: path.stem)
def test_every_rule_stated_is_among_the_answers_when_all_are_asked_for(path: Path) -> None:
    solution = solve(path)
    assert set(json.loads(path.read_text())["expected"]) <= set(solution.rules)
