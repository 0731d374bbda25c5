"""The computed parts of the page on clusters: forms, heuristics, and how often each was right."""

from __future__ import annotations

from tools.pages.markdown import table

from trover.cluster.change import HEURISTICS
from trover.cluster.rates import measured
from trover.cluster.shapes import KINDS


def forms() -> str:
    """Every form of a transaction that is recognised."""
    rows = [
        [f"`{kind.key}`", kind.says, "kept out" if kind.several else "joined", kind.source] for kind in KINDS.values()
    ]
    return table(["Form", "What the transaction shows", "Its inputs are", "Described in"], rows)


def heuristics() -> str:
    """Every heuristic for change."""
    rows = [[f"`{h.key}`", h.says, h.needs or "-"] for h in HEURISTICS.values()]
    return table(["Heuristic", "An output is change because", "Needs, where stated"], rows)


def rates() -> str:
    """All rates, as the command prints them."""
    return "\n".join(["```text", *(str(rate) for rate in measured()), "```"])
