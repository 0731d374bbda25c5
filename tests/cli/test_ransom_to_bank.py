"""A ransom from the chain over an exchange to a car: from the command line, to an exhibit that verifies alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.case.ransom_world import DEPOSIT, IBAN, PAID, bank_row, ransom_case

from trover.case.case import Case
from trover.cli import run


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return ransom_case(tmp_path)


def trover(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    """What a command prints."""
    done = run([str(each) for each in arguments])
    shown = capsys.readouterr()
    assert done == status, shown
    return shown.out + shown.err


def test_from_ransom_to_car_and_back(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, credit, car = tmp_path / "case", bank_row(case, 899_000), bank_row(case, 500_000)
    stated = [f"--set={name}" for name in (f"given={DEPOSIT}", f"received={credit}", "credited=x1", "withdrawn=x3")]
    joint = ["finding", "record", folder, "through_service", "--set=service=Exchange Ltd", "--set=customer=C-7781"]
    trover(capsys, *joint, *stated, "--reason", "Amounts agree", status=2)
    trover(capsys, *joint, *stated, "--reason", "The exchange names both", "--evidence", "Answer of 4 December")

    plain = json.loads(trover(capsys, "trace", folder, "--rule", "fifo", "--rule", "haircut", "--json"))
    accounts = {rule: plain["rules"][rule]["accounts"] for rule in ("fifo", "haircut")}
    assert accounts["fifo"]["EXT:Car dealer"]["VICTIM"] == 490_000
    assert accounts["haircut"]["EXT:Car dealer"]["VICTIM"] == 412_083
    assert plain["currencies"][IBAN] == "EUR"

    forward = trover(capsys, "chain", "trace", folder, "--rule", "fifo", "--rule", "haircut")
    assert "C-7781 at Exchange Ltd" in forward
    assert "through Exchange Ltd" in " ".join(forward.split())
    back = json.loads(trover(capsys, "chain", "trace", folder, "--rule", "fifo", "--back", car, "--json"))
    reached = {each["origin"]: each["rules"]["fifo"]["amount"] for each in back["origins"]}
    assert reached == {PAID: 490_000, IBAN: 10_000}

    made = json.loads(trover(capsys, "exhibit", folder, "--rule", "fifo", "--rule", "haircut", "--json"))
    page = next(Path(path) for path in made["files"] if path.endswith(".html")).read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        DEPOSIT,
        "whoever makes a block chooses",
        "untested in any court",
        "0.30000000",
        "9,000.00",
        "4,900.00",
        "Answer of 4 December",
        "C-7781",
        "A. Analyst",
    ):
        assert words in text, words
    bundle = Path(made["bundle"])
    script = next(bundle.rglob("verify*.py*"))
    checked = subprocess.run(
        [sys.executable, "-I", script, made["archive"], "--fingerprint", made["fingerprint"]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "replayed from the ledger" in " ".join(checked.stdout.split())
    trover(capsys, "verify", folder)
