"""What a hostile file can make a command print: so many lines, and no sign that acts on the terminal."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from trover.cli import run, show
from trover.sources.custody import source_of
from trover.sources.sandbox import read_all

MAPPING = """\
shape: transfer
currency: EUR
columns: {id: id, date: date, from: payer, to: payee, amount: amount}
accounts:
  - {id: T, currency: EUR}
"""


@pytest.fixture
def case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["new", str(tmp_path / "case"), "--name", "R v Example", "--author", "A. Analyst"]) == 0
    (tmp_path / "map.yml").write_text(MAPPING)
    capsys.readouterr()
    return tmp_path / "case"


def add(case: Path, *files: Path, more: tuple[str, ...] = ()) -> int:
    named = map(str, files)
    return run(["add", str(case), *named, "-m", str(case.parent / "map.yml"), "--author", "A. Analyst", *more])


def test_a_file_with_thousands_of_problems_shows_twenty(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"r{n},2021-04-01,EXT:A,T,\x1b[31mten{n}\n" for n in range(3000))
    file = case.parent / "bad.csv"
    file.write_text("id,date,payer,payee,amount\n" + rows)
    assert add(case, file) == 2
    printed = capsys.readouterr()
    assert printed.err.count("bad.csv, row") == 20
    assert "and 2,980 more problems; --json lists them all" in printed.err
    assert "\x1b" not in printed.out + printed.err
    assert "\\x1b[31mten0" in printed.err
    add(case, file, more=("--json",))
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert len(refused["problems"]) == 3000


def test_a_name_is_a_name_and_no_markup(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = case.parent / "a[bold]b[-bold]\x1b[2J.csv"
    file.write_text("id,date,payer,payee,amount\nr1,2021-04-01,EXT:A,T,10.00\n")
    assert add(case, file) == 0
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert "a[bold]b[-bold]\\x1b[2J.csv" in printed.out.replace("\n", "")


def test_a_sign_of_life_names_files_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with show.reading():
        list(read_all([(source_of("[/]\x1b[2J.txt", b"nothing"), None)]))
    assert "Reading: 1 taken in, the last [/]\\x1b[2J.txt" in terminal.getvalue()
