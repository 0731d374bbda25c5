"""Statements of one account in several files: gaps stop a trace, findings bridge them, repeated rows count once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from worlds import AUTHOR

from trover.case.case import Case
from trover.case.finding import Claimed, GapBridged
from trover.errors import InputErrors, UnknownGap

STATEMENT = {
    "shape": "statement",
    "currency": "EUR",
    "columns": {name: name for name in ("account", "date", "amount", "counterparty", "balance")},
}
HEAD = "account,date,amount,counterparty,balance\n"
JANUARY = HEAD + "A,2020-01-03,100.00,OWN,100.00\nA,2020-01-10,600.00,VICTIM,700.00\n"
MARCH = HEAD + "A,2020-03-02,0.50,BANK,500.50\nA,2020-03-05,-450.00,SHOP,50.50\n"
LATE_JANUARY = (
    HEAD + "A,2020-01-10,600.00,VICTIM,700.00\nA,2020-01-20,-200.50,SHOP,499.50\nA,2020-02-02,0.50,X,500.00\n"
)
SINK = "EXT:GAP:A:2020-01-11/2020-03-01"
BRIDGE = GapBridged("A", date(2020, 1, 11), date(2020, 3, 1))

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


@pytest.fixture
def case(tmp_path: Path, write: Write) -> Case:
    """January and March of one account; VICTIM's 600.00 came in January."""
    case = Case.create(tmp_path / "case", "R v Example", AUTHOR)
    case.add([write("january.csv", JANUARY), write("march.csv", MARCH)], STATEMENT)
    transfer = next(event.id for event in case.traced() if event.inputs[0].account == "EXT:VICTIM")
    case.record(Claimed("V", 600_00, transfer=transfer), reason="Order")
    return case


def libr(case: Case) -> dict[str, dict[str, int]]:
    (answer,) = case.trace(["libr"])
    return dict(answer.table)


def test_a_trace_stops_at_a_missing_month(case: Case) -> None:
    table = libr(case)
    assert table[SINK] == {"V": 600_00, "OWN": 100_00}
    assert table["A"] == {"V": 0, "OWN": 50_50}
    assert [note.text for note in case.derived().notes] == [
        "A has a gap from 2020-01-11 to 2020-03-01: a period is missing; tracing stops there"
    ]


def test_a_person_bridges_it_and_takes_that_back(case: Case) -> None:
    stopped = case.derived().hash
    finding = case.record(BRIDGE, reason="Account was blocked")
    # 200.00 left: OWN's 100.00 first; then 0.50 came in; of 500.50, 450.00 went: OWN's 0.50 first
    table = libr(case)
    assert table[SINK] == {"V": 100_00, "OWN": 100_00}
    assert table["A"] == {"V": 50_50, "OWN": 0}
    assert f"bridged by finding {finding.id} of {AUTHOR}" in case.derived().notes[0].text
    assert case.derived().hash != stopped
    case.withdraw(finding.id, reason="It was not")
    assert case.derived().hash == stopped
    assert [gone.key for gone in case.stale()] == ["libr"]


def test_only_a_gap_is_bridged(case: Case) -> None:
    with pytest.raises(InputErrors) as caught:
        case.record(GapBridged("A", date(2020, 1, 12), date(2020, 3, 1)), reason="typed wrong")
    (problem,) = caught.value.problems
    assert isinstance(problem, UnknownGap)
    assert "Gaps of A: 2020-01-11 to 2020-03-01." in str(problem)


def test_the_missing_statement_closes_the_gap_and_the_bridge_is_said_to_be_of_no_use(case: Case, write: Write) -> None:
    finding = case.record(BRIDGE, reason="Account was blocked")
    case.add([write("late.csv", LATE_JANUARY)], STATEMENT)
    assert [note.text for note in case.derived().notes] == [
        f"statement {case.statements()[2].statement.id} of A repeats 1 row from 2020-01-10 to 2020-01-10, counted once",
        f"finding {finding.id} bridges A from 2020-01-11 to 2020-03-01: there is no such gap",
    ]
    again = next(event for event in case.traced() if event.inputs[0].account == "EXT:VICTIM")
    assert [other.source and other.source.row for other in again.also] == [2]
    table = libr(case)
    assert table["EXT:SHOP"] == {"V": 549_50, "OWN": 101_00}
    assert table["A"] == {"V": 50_50, "OWN": 0}


def test_the_same_statement_in_other_bytes_counts_once(case: Case, write: Write) -> None:
    before = [(event.id, event.inputs, event.outputs) for event in case.traced()]
    case.add([write("again.csv", MARCH.replace("\n", "\r\n"))], STATEMENT)
    assert [(event.id, event.inputs, event.outputs) for event in case.traced()] == before
    assert "is there twice" in case.derived().notes[-1].text


def test_an_export_that_repeats_numbered_rows_of_another_is_read_and_counts_them_once(
    tmp_path: Path, write: Write
) -> None:
    numbered = {**STATEMENT, "columns": {"id": "id", **STATEMENT["columns"]}}  # type: ignore[dict-item]
    head = f"id,{HEAD}"
    first = head + "1,A,2020-01-03,100.00,OWN,100.00\n2,A,2020-01-10,600.00,VICTIM,700.00\n"
    second = head + "2,A,2020-01-10,600.00,VICTIM,700.00\n3,A,2020-01-11,-1.00,BANK,699.00\n"
    other = head + "1,B,2020-01-03,7.00,OWN,7.00\n2,B,2020-01-04,-1.00,BANK,6.00\n"
    case = Case.create(tmp_path / "case", "R v Example", AUTHOR)
    report = case.add([write("1.csv", first), write("2.csv", second), write("3.csv", other)], numbered)
    assert not report.refused
    moved = {
        name: [e.id for e in case.traced() if name in (e.inputs[0].account, e.outputs[0].account)] for name in "AB"
    }
    assert moved["A"] == ["1", "2", "3"]
    assert [id.partition(":")[2] for id in moved["B"]] == ["1", "2"]


def test_a_file_that_is_only_held_changes_why_there_is_a_gap(case: Case, write: Write) -> None:
    before, ledger = case.derived().hash, case.state().ledger
    plain = {**STATEMENT, "columns": {name: name for name in ("account", "date", "amount", "counterparty")}}
    case.add(write("february.csv", "account,date,amount,counterparty\nA,2020-02-03,-200.00,SHOP\n"), plain)
    assert case.state().ledger == ledger
    assert case.derived().hash != before
    (note,) = case.derived().notes
    assert "2020-03-01: a statement that nothing proves is not admitted; tracing stops there" in note.text
