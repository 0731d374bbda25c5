"""A mapping given once is used again on files with exactly the same columns, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trover.case.case import Case

MAPPING: dict[str, Any] = {
    "shape": "statement",
    "currency": "EUR",
    "columns": {"account": "account", "date": "date", "amount": "amount", "balance": "balance"},
}
HEADER = "account,date,amount,balance,extra\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", "Reuse", author="A. Analyst")


def file(folder: Path, name: str, rows: str, header: str = HEADER) -> Path:
    path = folder / name
    path.write_text(header + rows, encoding="utf-8")
    return path


def test_a_file_with_the_same_columns_is_read_under_the_mapping_of_an_earlier_one(case: Case, tmp_path: Path) -> None:
    case.add(file(tmp_path, "one.csv", "T,2020-01-01,5.00,5.00,\nT,2020-01-02,1.00,6.00,\n"), MAPPING)
    report = case.add(file(tmp_path, "two.csv", "U,2020-01-01,7.00,7.00,\nU,2020-01-02,1.00,8.00,\n"))
    assert not report.problems
    assert [source.mapping for source in report.added] == [MAPPING]
    assert [str(remark).split(". ")[0] for remark in report.remarks] == [
        "two.csv: was read under the mapping given with one.csv: its columns have the same names; "
        "the currency EUR is stated there"
    ]
    assert report.events == 4


def test_another_header_needs_its_own_mapping(case: Case, tmp_path: Path) -> None:
    case.add(file(tmp_path, "one.csv", "T,2020-01-01,5.00,5.00,\n"), MAPPING)
    other = file(tmp_path, "two.csv", "U,2020-01-01,7.00,7.00\n", "account,date,amount,balance\n")
    (problem,) = case.add(other).problems
    assert "needs a mapping" in problem.says
    assert "trover mapping propose" in problem.remedy


def test_a_mapping_that_states_the_account_is_not_used_for_another_file(case: Case, tmp_path: Path) -> None:
    stated = {**MAPPING, "account": "T", "columns": {k: v for k, v in MAPPING["columns"].items() if k != "account"}}
    case.add(file(tmp_path, "one.csv", "T,2020-01-01,5.00,5.00,\n"), stated)
    report = case.add(file(tmp_path, "two.csv", "U,2020-01-01,7.00,7.00,\n"))
    assert [type(problem).__name__ for problem in report.problems] == ["MappingMissing", "MappingMissing"]
    assert "given with one.csv, but that mapping states an account" in report.problems[1].says
    assert report.added == ()


def test_two_mappings_that_fit_are_a_question(case: Case, tmp_path: Path) -> None:
    case.add(file(tmp_path, "one.csv", "T,2020-01-01,5.00,5.00,\n"), MAPPING)
    case.add(file(tmp_path, "two.csv", "U,2020-01-01,6.00,6.00,\n"), MAPPING | {"currency": "USD"})
    problems = case.add(file(tmp_path, "three.csv", "V,2020-01-01,7.00,7.00,\n")).problems
    assert "more than one mapping fits" in problems[1].says
