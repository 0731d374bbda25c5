"""A case with a gap from the command line: the trace says where it stops, and exhibit and bundle hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.cli import run

HEAD = "account,date,amount,counterparty,balance\n"
JANUARY = HEAD + "A,2020-01-03,100.00,OWN,100.00\nA,2020-01-10,600.00,VICTIM,700.00\n"
MARCH = HEAD + "A,2020-03-02,0.50,BANK,500.50\nA,2020-03-05,-450.00,SHOP,50.50\n"
MAPPING = {"shape": "statement", "currency": "EUR", "columns": {name: name for name in HEAD.strip().split(",")}}
SINK = "EXT:GAP:A:2020-01-11/2020-03-01"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "case"
    made = Case.create(folder, "R v Example", "A. Analyst")
    for name, text in (("january.csv", JANUARY), ("march.csv", MARCH)):
        (tmp_path / name).write_text(text)
        made.add(tmp_path / name, MAPPING)
    transfer = next(event.id for event in made.traced() if event.inputs[0].account == "EXT:VICTIM")
    made.record(Claimed("V", 600_00, transfer=transfer), reason="Order")
    return folder


def trover(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command prints. It must end well."""
    status = run([str(each) for each in arguments])
    shown = capsys.readouterr()
    assert status == 0, shown
    return shown.out


def test_the_trace_names_the_gap_and_what_can_be_beyond_it(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = json.loads(trover(capsys, "trace", case, "--rule", "libr", "--rule", "any_one_withdrawal", "--json"))
    (end,) = plain["open_ends"]
    assert (end["place"], end["reached"], end["beyond"]) == (
        SINK,
        {"libr": {"V": 600_00}},
        {"libr": {"V": [0, 500_00]}},
    )
    assert SINK not in plain["rules"]["any_one_withdrawal"]["accounts"]
    shown = trover(capsys, "trace", case, "--rule", "libr")
    assert "0.00 to 500.00" in shown


def test_the_exhibit_says_it_and_the_bundle_holds(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = trover(capsys, "exhibit", case, "--rule", "libr", "--rule", "any_one_withdrawal", "--json")
    plain = json.loads(made)
    page = next(Path(path) for path in plain["files"] if path.endswith(".html")).read_text(encoding="utf-8")
    assert "from 0.00 to 500.00 EUR of claimed money can be in the account" in page
    trover(capsys, "verify", plain["archive"], "--fingerprint", plain["fingerprint"])
