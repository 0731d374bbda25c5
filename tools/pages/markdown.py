"""Markdown for computed parts."""

from __future__ import annotations


def table(head: list[str], rows: list[list[str]], right: frozenset[int] = frozenset()) -> str:
    """A Markdown table; columns in `right` are set to the right."""
    rule = ["---:" if number in right else "---" for number in range(len(head))]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [head, rule, *rows])
