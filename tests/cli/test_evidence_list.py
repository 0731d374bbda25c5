"""trover evidence: what the case holds of value that left no transfer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

RECORDS = f"""\
trover evidence records,1
id,kind,date,from,amount,currency,goods,document,page,text
S1,cash_seizure,2021-05-02,Karim,12500.00,EUR,,{"ab" * 32},2,Seized
B1,bill_of_lading,2021-05-01,Mill,,,cotton,{"ab" * 32},1,Cotton
"""


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    monkeypatch.setenv("COLUMNS", "160")
    folder = tmp_path / "case"
    (tmp_path / "records.csv").write_text(RECORDS)
    assert run(["new", str(folder), "--name", "R v Example"]) == 0
    capsys.readouterr()
    return str(folder)


def test_an_empty_case_says_so(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "list", case]) == 0
    assert capsys.readouterr().out == "The case has no evidence record.\n"


def test_records_are_added_and_listed(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", case, str(tmp_path / "records.csv")]) == 0
    assert f"2 evidence records added: trover evidence list {case}" in capsys.readouterr().out
    assert run(["evidence", "list", case]) == 0
    shown = capsys.readouterr().out
    assert [part in shown for part in ("12,500.00 EUR", "cotton", "abababababab (not in the case), page 2")] == [
        True
    ] * 3
    assert run(["evidence", "list", case, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["id"], first["amount"], first["from"], first["row"], first["findings"]) == (
        "S1",
        1250000,
        "Karim",
        3,
        [],
    )
    assert (second["goods"], second["amount"], second["document_in_case"]) == ("cotton", None, False)
