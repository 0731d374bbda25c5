"""The page of errors, made from the classes of trover.errors."""

from __future__ import annotations

import inspect
from pathlib import Path

from tools.pages.markdown import table

from trover import errors as module
from trover.errors import Problem

INPUTS = Path(__file__).resolve().parents[2] / "tests" / "errors"


def errors() -> str:
    """Each class of problem: what it says and what to do."""
    found = [c for _, c in inspect.getmembers(module, inspect.isclass) if issubclass(c, Problem) and c is not Problem]
    ordered = sorted(found, key=lambda c: (c.__module__, inspect.getsourcelines(c)[1]))
    return table(
        ["Class", "What it says of the value", "What to do"], [[f"`{c.__name__}`", c.says, c.remedy] for c in ordered]
    )


def error_input(name: str) -> str:
    """An input file of the tests that has something wrong in it."""
    return _block((INPUTS / name).read_text(encoding="utf-8"))


def error_message(name: str) -> str:
    """The message that the tests expect for it."""
    return _block((INPUTS / f"{name}.expected").read_text(encoding="utf-8"))


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"
