"""What a case has, by file, account and day, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from statements import APRIL, BARE, FALSE, FEBRUARY, HEAD, MAPPING, PROVED
from worlds import AUTHOR

from trover.case.admission import Place
from trover.case.case import Case
from trover.case.completeness import Completeness, Cover, Stretch, completeness
from trover.case.finding import GapBridged
from trover.ledger.gate import Standing


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", "R v Example", AUTHOR)


@pytest.fixture
def added(case: Case, tmp_path: Path) -> Callable[..., Completeness]:
    def add(*texts: str, **more: str) -> Completeness:
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.csv").write_text(text)
        case.add([tmp_path / f"{number}.csv" for number in range(len(texts))], MAPPING, **more)  # type: ignore[arg-type]
        return completeness(case)

    return add


def days(report: Completeness, account: str) -> list[tuple[str, str, Cover]]:
    (found,) = [each for each in report.accounts if each.id == account]
    return [(stretch.start.isoformat(), stretch.end.isoformat(), stretch.cover) for stretch in found.days]


def test_an_empty_case_has_nothing_and_nothing_unproved(case: Case) -> None:
    report = completeness(case)
    assert (report.files, report.accounts, report.is_proved) == ((), (), True)


def test_every_row_of_every_file_is_counted_where_it_stands(added: Callable[..., Completeness]) -> None:
    report = added(PROVED, BARE, FALSE, "nothing that the mapping names\n")
    sums = [
        (file.name, [(s.place, s.standing, s.rows, s.credits, s.debits) for s in file.sums]) for file in report.files
    ]
    assert sums == [
        ("0.csv", [(Place.ADMITTED, Standing.PROVED, 2, 10_00, 4_00)]),
        ("1.csv", [(Place.HELD, Standing.UNPROVED, 2, 10_00, 4_00)]),
        ("2.csv", [(Place.QUARANTINED, Standing.FAILED, 2, 10_00, 4_00)]),
        ("3.csv", []),
    ]
    assert [file.rows for file in report.files] == [2, 2, 2, 0]
    assert [file.is_refused for file in report.files] == [False, False, False, True]
    assert "is the balance stated for F" in report.files[2].problems[0]
    assert {problem.split(":")[0] for problem in report.files[3].problems} == {"3.csv, row 1"}


def test_what_is_in_the_ledger_though_nothing_proves_it_is_not_proved(added: Callable[..., Completeness]) -> None:
    held = added(PROVED, BARE)
    assert (held.is_proved, len(held.waiting), held.resting) == (True, 1, ())


def test_what_a_person_let_in_is_named(added: Callable[..., Completeness]) -> None:
    report = added(PROVED, BARE, unproved="the bank keeps none")
    (resting,) = report.resting
    assert (report.is_proved, resting.by and resting.by.reason) == (False, "the bank keeps none")
    assert days(report, "U") == [("2020-01-01", "2020-01-02", Cover.UNPROVED)]
    assert [note.text for note in report.notes] == ["the opening balance of U is not printed and is taken as zero"]


def test_days_without_a_statement_are_quiet_where_balances_agree_and_missing_where_they_do_not(
    added: Callable[..., Completeness],
) -> None:
    report = added(PROVED, FEBRUARY, APRIL)
    assert days(report, "P") == [
        ("2020-01-01", "2020-01-02", Cover.PROVED),
        ("2020-01-03", "2020-01-31", Cover.QUIET),
        ("2020-02-01", "2020-02-02", Cover.PROVED),
        ("2020-02-03", "2020-03-31", Cover.MISSING),
        ("2020-04-01", "2020-04-03", Cover.PROVED),
    ]
    (gap,) = report.open_gaps
    assert (gap.gap.before, gap.gap.after, report.is_proved) == (5_00, 8_00, False)
    assert report.accounts[0].covered(Cover.MISSING) == 58


def test_a_gap_that_a_person_bridges_is_no_longer_open(case: Case, added: Callable[..., Completeness]) -> None:
    added(FEBRUARY, APRIL)
    case.record(GapBridged("P", date(2020, 2, 3), date(2020, 3, 31)), reason="quarterly fee, letter of the bank")
    report = completeness(case)
    (gap,) = report.accounts[0].gaps
    assert (gap.is_open, gap.bridged and gap.bridged.author, report.is_proved) == (False, AUTHOR, True)


def test_the_best_of_several_statements_counts_for_a_day(added: Callable[..., Completeness]) -> None:
    bare = HEAD + "w1,P,2020-01-02,9.00,Z,\nw2,P,2020-01-05,-1.00,Z,\n"
    report = added(PROVED, bare)
    assert days(report, "P") == [
        ("2020-01-01", "2020-01-02", Cover.PROVED),
        ("2020-01-03", "2020-01-05", Cover.HELD),
    ]


def test_days_count_both_ends() -> None:
    assert Stretch(date(2020, 2, 28), date(2020, 3, 1), Cover.PROVED).days == 3
