"""Proposals of what went through an exchange: by amount, time and what is printed. None of them joins anything."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from tests.case.ransom_world import DEPOSIT, PAID, bank_row, joined, ransom_case

from trover.case.case import Case
from trover.case.service_candidates import Candidate, Within, service_candidates
from trover.cli import run

RATES = "date,base,quote,rate\n2023-11-15,BTC,EUR,30100.00\n2023-11-16,BTC,EUR,31000\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return ransom_case(tmp_path)


def priced(case: Case, folder: Path) -> Case:
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    report = case.add(folder / "rates.csv")
    assert not report.problems
    return case


def of(found: list[Candidate], received: str) -> list[Candidate]:
    return [each for each in found if each.received == received]


def test_a_row_that_prints_the_transaction_comes_first_and_joins_nothing(case: Case) -> None:
    before = case.derived().hash
    best = service_candidates(case)[0]
    assert (best.given, best.received) == (DEPOSIT, "x1")
    reached = "what is claimed can have reached it"
    assert best.reasons == ("the row prints the transaction", "one amount", "23 minutes apart", reached)
    assert best.score == 150
    assert case.derived().hash == before


def test_amounts_of_two_currencies_are_compared_by_a_rate_of_the_case_and_else_not(case: Case, tmp_path: Path) -> None:
    credit = bank_row(case, 899_000)
    assert not of(service_candidates(case), credit)
    both = of(service_candidates(priced(case, tmp_path)), credit)
    assert {each.given for each in both} == {DEPOSIT, DEPOSIT.replace(":0", ":1"), PAID.replace(":0", ":1")}
    assert both[-1].given == PAID.replace(":0", ":1"), "the victim's own change, which nothing claimed reached"
    found = next(each for each in both if each.given == DEPOSIT)
    assert found.reasons == ("worth 9,030.00 EUR on 2023-11-15 (rates.csv, row 2), 0.44 % apart", "on one day",
                             "what is claimed can have reached it")  # fmt: skip
    assert found.score == 60


def test_what_lies_outside_the_bounds_is_not_proposed(case: Case, tmp_path: Path) -> None:
    credit = bank_row(case, 899_000)
    assert not of(service_candidates(priced(case, tmp_path), Within(fee=Fraction(1, 1000))), credit)


def test_what_is_joined_is_proposed_no_more(case: Case) -> None:
    joined(case)
    assert not of(service_candidates(case), "x1")


def test_the_command_says_that_these_are_guesses(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "case")
    assert run(["chain", "services", folder, "--days", "1"]) == 0
    assert "150 points" in (shown := capsys.readouterr().out)
    assert "These are guesses" in shown
    assert run(["chain", "services", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["given"] == DEPOSIT
    assert run(["chain", "services", folder, "--fee", "1/2"]) == 2
