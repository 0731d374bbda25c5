"""Console examples of the documentation run as they stand, in an empty folder, in order."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.pages.build import PROJECT, pages
from tools.pages.console import commands, files

SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def _with_examples() -> list[Path]:
    return [page for page in pages() if list(commands(page))]


def _environment(home: Path) -> dict[str, str]:
    tools = Path(sys.executable).parent
    return os.environ | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TZ": "UTC",
    }


@pytest.mark.parametrize("page", _with_examples(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_console_examples_run_and_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    for name, text in files(page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for command in commands(page):
        done = subprocess.run(
            ["sh", "-c", command.line],
            cwd=folder,
            env=_environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {command.line}\n{done.stdout}"
        if command.shown:
            same = doctest.OutputChecker().check_output(command.shown, done.stdout, SHOWN)
            assert same, f"$ {command.line}\nshown:\n{command.shown}\nprinted:\n{done.stdout}"
