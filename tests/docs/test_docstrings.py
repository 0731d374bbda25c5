"""Examples in docstrings run, and every command shows one in its help."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from trover.cli import COMMANDS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "trover"
BUILT = sorted(name for name in COMMANDS if (SOURCE / "cli" / f"{name}.py").exists())


def _modules_with_examples() -> list[str]:
    found = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]
    return [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__") for path in found]


def test_examples_in_docstrings_run() -> None:
    results = {name: doctest.testmod(importlib.import_module(name)) for name in _modules_with_examples()}
    assert {name: result.failed for name, result in results.items() if result.failed} == {}


@pytest.mark.parametrize("name", BUILT)
def test_every_command_has_an_example_in_its_help(name: str) -> None:
    command = importlib.import_module(f"trover.cli.{name}").command
    assert re.search(rf"Examples?:\n\s+trover {name}\b", command.help or "")
