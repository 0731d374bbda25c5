"""trover check and trover admit, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

MAPPING = """\
format: csv
shape: statement
currency: EUR
columns: {id: id, account: account, date: date, amount: amount, counterparty: who, balance: balance}
"""
HEAD = "id,account,date,amount,who,balance\n"
PROVED = HEAD + "p1,P,2020-01-01,10.00,V,10.00\np2,P,2020-01-02,-4.00,W,6.00\n"
FALSE = HEAD + "f1,F,2020-01-01,10.00,V,10.00\nf2,F,2020-01-02,-4.00,W,7.00\n"
BARE = HEAD + "u1,U,2020-01-01,10.00,V,\nu2,U,2020-03-02,-4.00,W,\n"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A case with a proved, a failed and a bare statement."""
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("proved.csv", PROVED), ("false.csv", FALSE), ("bare.csv", BARE)):
        (folder / name).write_text(text)
    (tmp_path / "map.yml").write_text(MAPPING)
    assert run(["new", str(tmp_path / "case"), "--name", "R v [Example]"]) == 0
    assert run(["add", str(tmp_path / "case"), str(folder), "-m", str(tmp_path / "map.yml")]) == 0
    capsys.readouterr()
    return tmp_path / "case"


def test_the_status_is_one_while_anything_in_the_ledger_is_not_proved(case: Path) -> None:
    assert run(["check", str(case)]) == 0
    assert run(["admit", str(case), "bare.csv", "--reason", "none are kept"]) == 0
    assert run(["check", str(case)]) == 1
    assert run(["check", str(case / "absent")]) == 2


def test_the_table_says_where_everything_stands_in_eighty_columns(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["admit", str(case), "bare.csv", "--reason", "none are kept"])
    capsys.readouterr()
    run(["check", str(case)])
    text = capsys.readouterr().out
    assert "R v [Example]" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "bare.csv admitted, unproved 2 10.00 4.00 EUR" in lines
    assert "false.csv quarantined 2 10.00 4.00 EUR" in lines
    assert "proved.csv admitted 2 10.00 4.00 EUR" in lines
    assert "2020 uuu" in lines
    assert "is the balance stated for F" in " ".join(lines)
    assert max(map(len, text.splitlines())) <= 80


def test_the_page_and_the_data(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(case), "--json", "--html", str(tmp_path / "check.html")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [(file["name"], file["sums"][0]["place"]) for file in data["files"]] == [
        ("bare.csv", "held"), ("false.csv", "quarantined"), ("proved.csv", "admitted"),
    ]  # fmt: skip
    assert (tmp_path / "check.html").read_text().startswith("<!DOCTYPE html>")


def test_admit_says_what_it_admits_and_refuses_what_it_cannot(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["admit", str(case), "--reason", "none are kept", "--json"]) == 0
    (admitted,) = json.loads(capsys.readouterr().out)["admitted"]
    assert (admitted["account"], admitted["standing"], admitted["rows"]) == ("U", "unproved", 2)
    assert run(["admit", str(case), "false.csv", "--reason", "all the same"]) == 2
    assert "holds only statements that failed" in capsys.readouterr().err
    assert run(["admit", str(case), "false.csv", "--failed", "--reason", "misprinted"]) == 0
    said = capsys.readouterr().out
    assert "Admitted as failed: " in said
    assert "takes it back" in said
    assert run(["admit", str(case), "--reason", "again"]) == 2
    assert "every statement is admitted" in capsys.readouterr().err
