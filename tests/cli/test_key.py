"""trover key: an empty form, two filled ones, their differences, one source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

ROWS = ("1,1,2020-01-02,Salary,Employer,,,100.50,200.50", "1,2,2020-01-03,Rent,Landlord,,50.00,,150.50")


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with scan.pdf and the form of it filled by two persons, a.csv and b.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TROVER_AUTHOR", raising=False)
    Path("scan.pdf").write_bytes(b"%PDF-1.4 a scan")
    made = ["key", "form", "-o", "empty.csv", "--scan", "scan.pdf", "--account", "T", "--currency", "EUR"]
    assert run([*made, "--pages", "2", "--lines", "3"]) == 0
    fill("a.csv", "A. Ali")
    fill("b.csv", "B. Bo")
    capsys.readouterr()
    return tmp_path


def fill(name: str, by: str, rows: tuple[str, ...] = ROWS) -> None:
    text = Path("empty.csv").read_text(encoding="utf-8-sig")
    for field, value in (("keyed by", by), ("opening", "100.00"), ("closing", "150.50")):
        text = text.replace(f"{field},", f"{field},{value}")
    for row in rows:
        text = text.replace(f"{row[:3]},,,,,,,", row)
    Path(name).write_text(text, encoding="utf-8")


def test_an_empty_form_numbers_its_rows_and_is_not_written_over(
    forms: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (forms / "empty.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[-6:] == [f"{page},{line},,,,,,," for page in (1, 2) for line in (1, 2, 3)]
    assert run(["key", "form", "-o", "empty.csv"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_compare_shows_differences_and_ends_with_status_1_until_there_are_none(
    forms: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["key", "compare", "a.csv", "b.csv"]) == 0
    assert "The forms agree: 2 rows." in capsys.readouterr().out
    fill("b.csv", "B. Bo", (ROWS[0].replace("100.50", "100.05"),))
    assert run(["key", "compare", "a.csv", "b.csv"]) == 1
    shown = capsys.readouterr().out
    assert "100.05" in shown
    assert "no such row" in shown
    assert "2 differences. Look at the paper" in shown
    assert run(["key", "compare", "a.csv", "b.csv", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "first": "A. Ali",
        "second": "B. Bo",
        "differences": [
            {"field": "credit", "first": "100.50", "second": "100.05", "page": "1", "line": "1"},
            {
                "field": "",
                "first": "2020-01-03 | Rent | Landlord | debit 50.00 | balance 150.50",
                "second": "",
                "page": "1",
                "line": "2",
            },
        ],
    }


def test_problems_of_both_forms_are_said_together(forms: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill("a.csv", "A. Ali", (ROWS[0].replace("100.50", "1oo.50"),))
    fill("b.csv", "a. ali", (ROWS[1].replace("2020-01-03", "3/1"),))
    assert run(["key", "compare", "a.csv", "b.csv"]) == 2
    said = capsys.readouterr().err
    assert [part in said for part in ("3 problems", "'1oo.50' is not a number", "'3/1'", "has keyed both forms")] == [
        True, True, True, True,
    ]  # fmt: skip


def test_join_makes_a_source_that_a_case_takes(forms: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", "join", "a.csv", "b.csv", "-o", "keyed.json"]) == 2
    assert "say who does (--author)" in capsys.readouterr().err
    assert not Path("keyed.json").exists()
    assert run(["key", "join", "a.csv", "b.csv", "-o", "keyed.json", "--author", "C. Checker"]) == 0
    assert run(["new", "case", "--name", "R v Example", "--author", "C. Checker"]) == 0
    assert run(["add", "case", "keyed.json", "--author", "C. Checker"]) == 0
    assert "The ledger has 2 events" in capsys.readouterr().out


def test_join_refuses_forms_that_differ(forms: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill("b.csv", "B. Bo", ROWS[:1])
    assert run(["key", "join", "a.csv", "b.csv", "-o", "keyed.json", "--author", "C. Checker"]) == 2
    assert "page 1, line 2, row: " in capsys.readouterr().err
    assert not Path("keyed.json").exists()


LAYOUT = """\
format: trover scan layout
version: 1
columns:
  date: {left: 0, right: 300}
  text: {left: 300, right: 600}
  credit: {left: 600, right: 1000}
"""
TSV = """\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t1000\t1000\t-1\t
5\t1\t1\t1\t1\t1\t10\t300\t90\t20\t96\t2020-01-02
5\t1\t1\t1\t1\t2\t310\t300\t90\t20\t61.5\tSalary
5\t1\t1\t1\t1\t3\t610\t300\t90\t20\t95\t100.50
"""


def test_a_scan_fills_one_form_and_lists_what_is_doubtful(
    forms: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = forms / "bin" / "tesseract"
    program.parent.mkdir()
    Path("out.tsv").write_text(TSV)
    shown = f'case "$1" in --version) echo "tesseract 5.3.0";; *) cat {forms}/out.tsv;; esac'
    program.write_text(f"#!/bin/sh\n{shown}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    Path("page.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Path("layout.yml").write_text(LAYOUT)
    words = ["key", "read", "page.png", "--layout", "layout.yml", "--currency", "EUR", "-o", "read.csv"]
    assert run(words) == 0
    said = capsys.readouterr().out
    assert "Wrote read.csv (read by tesseract 5.3.0) and read.cells.csv." in said
    assert "Look at these 1; what Tesseract is sure of can be wrong as well." in said
    assert "1,1,text,Salary,Salary,61.50,310,300,90,20" in Path("read.cells.csv").read_text()
    assert run(["key", "compare", "read.csv", "a.csv"]) == 1
    assert run(words) == 2
    assert "is there already" in capsys.readouterr().err
    assert run([*words[:-1], "again.csv", "--json", "--below", "50"]) == 0
    assert json.loads(capsys.readouterr().out)["doubtful"] == []
    assert run(["key", "join", "read.csv", "a.csv", "-o", "keyed.json", "--author", "C. Checker"]) == 2
