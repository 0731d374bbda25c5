"""Finding and replacing the made parts of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Maker = Callable[..., str]

PART = re.compile(r"(?m)^<!-- made: (?P<call>[^\n]+?) -->\n(?P<body>.*?)^<!-- end -->$", re.DOTALL)


def remade(text: str, makers: Mapping[str, Maker]) -> str:
    """`text` with every made part written anew. Raises KeyError for a maker that does not exist."""

    def make(found: re.Match[str]) -> str:
        name, *arguments = found["call"].split()
        return f"<!-- made: {found['call']} -->\n{makers[name](*arguments).strip()}\n<!-- end -->"

    return PART.sub(make, text)


def part(call: str) -> str:
    """An empty made part, for a page that does not have it yet."""
    return f"<!-- made: {call} -->\n<!-- end -->\n"


def calls(text: str) -> list[list[str]]:
    """The calls of all made parts of a page, each as name and arguments."""
    return [found["call"].split() for found in PART.finditer(text)]
