"""A statement in camt.053 goes into a case as it is, and is traced, without a mapping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from messages import balance, entry, statement

from trover.case.case import Case
from trover.cli import run
from trover.sources.custody import read_source

STATEMENT = Path(__file__).with_name("theft.xml")
THEFT = STATEMENT.read_text(encoding="utf-8")
ACCOUNT = "DE02120300000000202051"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "case"
    assert run(["new", str(folder), "--name", "R v Example"]) == 0
    return folder


def test_a_statement_is_added_and_traced(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credit = f"{read_source(STATEMENT).sha256[:12]}:1:1"
    assert run(["add", str(case), str(STATEMENT)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Not booked: theft.xml, S-17, row 44: 75.00 EUR CRDT: the bank reports it as pending." in said
    assert run(["claim", str(case), "--claimant", "A", "--transfer", credit, "--reason", "Order of 1 May"]) == 0
    capsys.readouterr()
    assert run(["trace", str(case), "--rule", "fifo", "--json"]) == 0
    fifo = json.loads(capsys.readouterr().out)["rules"]["fifo"]
    assert fifo["accounts"][ACCOUNT] == {"A": 9650, "OWN": 0}
    assert fifo["recipients"]["Car Dealer"] == {"A": 40000, "OWN": 20000}


def test_a_statement_whose_balances_do_not_agree_is_quarantined(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_text(STATEMENT.read_text().replace("96.50", "96.51"))
    capsys.readouterr()
    assert run(["add", str(case), str(wrong), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (statement,) = report["statements"]
    assert (report["events"], statement["place"], statement["rows"]) == (0, "quarantined", 2)
    assert "'96.51' is the closing balance stated" in statement["problem"]


def test_an_entry_that_cannot_be_read_quarantines_its_statement_and_no_other(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = statement(balance("OPBD", "1"), entry("2"), balance("CLBD", "3"), id="S-2")
    spoilt = tmp_path / "spoilt.xml"
    spoilt.write_text(THEFT.replace("</Stmt>", f"</Stmt>{good}").replace(">603.50<", ">603..5<", 1))
    capsys.readouterr()
    assert run(["add", str(case), str(spoilt), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(each["place"], each["rows"]) for each in report["statements"]] == [("quarantined", 1), ("admitted", 1)]
    failed, sound = report["statements"]
    assert "S-17, row 34, column Amt: '603..5' is not a number" in failed["problem"]
    assert (report["events"], len(report["unbooked"])) == (1, 1)
    capsys.readouterr()
    assert run(["check", str(case), "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert (file["rows"], file["unbooked"], file["unreadable"]) == (4, 1, 1)
    assert run(["admit", str(case), failed["id"], "--reason", "Letter of the bank"]) == 0
    opened = Case.open(case, "A. Analyst")
    assert [event.id for event in opened.traced()] == [f"{failed['id']}:1", f"{sound['id']}:1"]
    assert run(["check", str(case)]) == 1
    assert "admitted, failed" in capsys.readouterr().out


def test_a_file_is_refused_with_what_is_wrong_with_its_rows_too(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = Path(__file__).parents[2] / "errors" / "pacs_payer_missing.xml"
    capsys.readouterr()
    assert run(["add", str(case), str(message), "--json"]) == 2
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert "".join(f"{line}\n" for line in refused["problems"]) == message.with_suffix(".expected").read_text()


def test_a_file_that_cannot_be_read_keeps_no_other_out(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = Path(__file__).parents[2] / "errors" / "xml_entity_bomb.xml"
    capsys.readouterr()
    assert run(["add", str(case), str(bomb), str(STATEMENT), "--json"]) == 2
    said = capsys.readouterr()
    assert "opens a document type" in " ".join(said.err.split())
    report = json.loads(said.out)
    assert [file["name"] for file in report["added"]] == ["theft.xml"]
    assert [file["name"] for file in report["refused"]] == [bomb.name]
    assert report["unbooked"][0]["reason"] == "the bank reports it as pending"
