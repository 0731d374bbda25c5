"""The demonstrations on public chains: the published figures, what is said first, and nothing carried over a gap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trover.cli import run
from trover.cli.demo_chain import BRIDGE


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def cell(row: dict[str, Any], rule: str) -> tuple[int, str]:
    found = row["rules"][rule]
    found = found if "amount" in found else next(iter(found.values()))
    return found["amount"], found["exact"]


def test_colonial_stops_at_both_ends_of_its_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "demo", str(tmp_path / "case"), "--case", "colonial")
    assert list(found["first"]) == ["fact", "inference", "missing"]
    stop, back = found["forward"]["places"][0], found["backward"]["origins"][0]
    assert (stop["address"], stop["holds"], stop["stops"]) == (
        "1DToN8Q6y31TGAz75Df729Bnujk6Xg7q5X", 7_500_034_246, "unspent_unknown",
    )  # fmt: skip
    assert (back["address"], back["entered"], back["stops"]) == (
        "3EYkxQSUv2KcuRTnHQA8tNuG7S2pKcdNxB", 6_370_000_000, "unmade",
    )  # fmt: skip
    assert cell(back, "fifo") == (6_146_816_619, "6146816619")
    assert cell(back, "haircut")[1].startswith("5828829110.85")


def test_colonial_goes_on_over_a_cited_finding_with_the_published_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "case")
    told(capsys, "demo", folder, "--case", "colonial")
    account, to, amount = BRIDGE
    stated = [f"--set=account={account}", f"--set=to={to}", f"--set=amount={amount}", "--author", "A. Analyst"]
    because = ["--reason", "The affidavit follows these hops", "--evidence", "Affidavit"]
    assert run(["finding", "record", folder, "gap_bridged", *stated, *because]) == 0
    capsys.readouterr()
    found = told(capsys, "chain", "trace", folder, "--rule", "fifo", "--rule", "poison")
    path = {each["place"][:8] + each["place"][64:]: each for each in found["path"]}
    assert cell(path["943f2d57:1"], "fifo")[0] == 6_146_816_619
    assert cell(path["943f2d57:1"], "poison")[0] == 6_369_996_546
    change = cell(path["943f2d57:0"], "fifo")[0]
    assert change == 223_183_381 - 18_307, "of 3EYkx's 6.37 billion all but what the test payment brought is claimed"
    gap = next(each for each in found["places"] if each["stops"] == "gap")
    assert gap["holds"] == 1_130_034_246


def test_bitfinex_has_the_published_share_of_the_seizure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "case")
    assert run(["demo", folder, "--case", "bitfinex", "--most", "2"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Fact: ")
    for words in ("56,748,055,857", "(3.78172 %)", "562 origins", "Missing: "):
        assert words in shown
    assert run(["demo", folder, "--case", "colonial"]) == 2
    assert "holds another case" in capsys.readouterr().err
