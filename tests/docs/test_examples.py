"""Console examples of the documentation run as they stand, in an empty folder, in order."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tools.pages.build import PROJECT, pages
from tools.pages.console import commands, files

from trover.cli import run

STATUS = '; echo "exit status $?"'
SHELL_SIGNS = set("|&;<>$`*")


def _with_examples() -> list[Path]:
    return [page for page in pages() if list(commands(page))]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, the tools of this environment on the path, the same terminal everywhere."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name, value in {"HOME": str(tmp_path), "COLUMNS": "100", "NO_COLOR": "1", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    return folder


def _agrees(shown: str, printed: str) -> bool:
    """Whether `printed` is what the page shows, where `...` stands for anything and white space counts once."""
    parts = [re.escape(" ".join(part.split())) for part in shown.split("...")]
    return re.fullmatch(r" ?.*? ?".join(parts), " ".join(printed.split())) is not None


def _ran(line: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Status and output of one line; a plain call of trover runs in this process, which is much faster."""
    plain = line.removesuffix(STATUS)
    if line.startswith("export "):
        name, _, value = shlex.split(line)[1].partition("=")
        monkeypatch.setenv(name, value)
        return 0, ""
    if not plain.startswith("trover ") or SHELL_SIGNS & set(plain):
        done = subprocess.run(
            ["sh", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        status = run(shlex.split(plain)[1:])
    return (0, f"{printed.getvalue()}exit status {status}\n") if plain != line else (status, printed.getvalue())


LONG = ("tutorial.md",)
"""Pages that make a whole exhibit of real size; the full suite runs them."""
PAGES = [
    pytest.param(page, id=str(page.relative_to(PROJECT)), marks=[pytest.mark.slow] if page.name in LONG else [])
    for page in _with_examples()
]


@pytest.mark.parametrize("page", PAGES)
def test_console_examples_run_and_print_what_the_page_shows(
    page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files(page).items():
        (workplace / name).parent.mkdir(parents=True, exist_ok=True)
        (workplace / name).write_text(text, encoding="utf-8")
    for command in commands(page):
        status, printed = _ran(command.line, monkeypatch)
        assert status == 0, f"$ {command.line}\n{printed}"
        if command.shown:
            assert _agrees(command.shown, printed), f"$ {command.line}\nshown:\n{command.shown}\nprinted:\n{printed}"
