"""`trover chain add`: what proves itself enters, the rest waits, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

SAMPLES = Path(__file__).parents[1] / "fuzz" / "samples"
ERRORS = Path(__file__).parents[1] / "errors"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    folder = str(tmp_path / "case")
    assert run(["new", folder, "--name", "R v Example", "--currency", "BTC"]) == 0
    return folder


def test_blocks_enter_and_an_explorer_waits(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    files = [str(SAMPLES / "blocks.dat"), str(SAMPLES / "esplora.json")]
    assert run(["chain", "add", case, *files, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["standing"] for each in printed["statements"]] == ["proved", "unproved"]
    assert printed["events"] == 7


def test_a_damaged_block_is_named_and_the_others_enter(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chain", "add", case, str(ERRORS / "blocks_merkle_root.txt")]) == 0
    assert "one was altered, lost or added" in " ".join(capsys.readouterr().out.split())


def test_a_file_of_no_chain_is_refused(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")
    assert run(["chain", "add", case, str(path)]) == 2
    assert "Refused: other.json" in capsys.readouterr().err


def test_answers_about_an_address_are_taken_together(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    files = [str(SAMPLES / f"etherscan_{name}.json") for name in ("txlist", "txlistinternal", "tokentx")]
    assert run(["chain", "add", case, *files, "--unproved", "From a public explorer", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {each["standing"] for each in printed["statements"]} == {"unproved"}
    assert printed["events"] == 6
