"""The page of errors, made from the classes of trover.errors."""

from __future__ import annotations

import inspect

from tools.pages.markdown import table

from trover import errors as module
from trover.errors import Problem


def errors() -> str:
    """Each class of problem: what it says and what to do."""
    found = [c for _, c in inspect.getmembers(module, inspect.isclass) if issubclass(c, Problem) and c is not Problem]
    ordered = sorted(found, key=lambda c: inspect.getsourcelines(c)[1])
    return table(
        ["Class", "What it says of the value", "What to do"], [[f"`{c.__name__}`", c.says, c.remedy] for c in ordered]
    )
