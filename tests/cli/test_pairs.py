"""`trover pairs` lists what was joined, what waits and what is unanswered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

MAPPING = """shape: statement
currency: EUR
columns: {id: id, account: account, date: date, amount: amount, counterparty_account: other, balance: balance}
"""
ROWS = """id,account,date,amount,other,balance
x1,DE89370400440532013000,2020-01-01,100.00,EXT:Victim,100.00
x2,DE89370400440532013000,2020-01-02,-60.00,FR7630006000011234567890189,40.00
x3,DE89370400440532013000,2020-01-03,-30.00,FR7630006000011234567890189,10.00
x4,DE89370400440532013000,2020-01-06,-5.00,,5.00
y1,FR7630006000011234567890189,2020-01-02,60.00,DE89370400440532013000,60.00
y3,FR7630006000011234567890189,2020-01-06,5.00,,65.00
"""


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "mapping.yml").write_text(MAPPING)
    folder = str(tmp_path / "case")
    assert run(["new", folder, "--name", "R v Example"]) == 0
    assert run(["add", folder, str(tmp_path / "rows.csv"), "--mapping", str(tmp_path / "mapping.yml")]) == 0
    return folder


def test_the_lists_for_a_person(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["pairs", case]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "1 payment: one transfer (each is the only candidate of the other)"
    assert "Waits: only amount and day speak for it" in shown
    assert "30 points: the same amount, the same day, the payer's statement does not say who the payee is" in shown
    assert "    paid      x4, 2020-01-06, 5.00 EUR, DE89370400440532013000, rows.csv row 5" in shown
    assert "Unanswered: x3, 2020-01-03, 30.00 EUR, DE89370400440532013000, rows.csv row 4, paid;" in shown


def test_the_lists_for_a_machine_and_what_a_person_decides(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = ["finding", "record", case, "same_transfer", "--set", "payer_row=x4", "--set", "payee_row=y3"]
    assert run([*record, "--reason", "Same slip"]) == 0
    capsys.readouterr()
    assert run(["pairs", case, "--json"]) == 0
    lists = json.loads(capsys.readouterr().out)
    assert [(pair["payer"], pair["payee"], pair["how"]) for pair in lists["pairs"]] == [
        ("x2", "y1", "each is the only candidate of the other"),
        ("x4", "y3", "a person found that they are one payment"),
    ]
    assert (lists["waiting"], [row["id"] for row in lists["unmatched"]]) == ([], ["x3"])
