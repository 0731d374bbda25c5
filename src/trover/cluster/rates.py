"""How often the evidence is right: counts measured on labelled data, printed with every result that rests on it.

`rates.json` is written by `python -m benchmarks.coinjoin --write` and by nothing else. A rate belongs to the data
it was measured on; that is printed too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SAME = "reuse"
"""The heuristic that joins nothing new: change that goes back to an address that is spent from."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `of` cases in `data`, `count` were what `question` asks. `evidence` is a key of `KINDS`, a heuristic or
    `cospend`; `note` says what the data cannot show."""

    evidence: str
    question: str
    count: int
    of: int
    data: str
    note: str = ""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        if not self.of:
            return f"{self.evidence}: {self.question} {self.data}{note}"
        tenths = (self.count * 2000 + self.of) // (2 * self.of)
        share = f"{self.count:,} of {self.of:,} = {tenths // 10}.{tenths % 10} %"
        return f"{self.evidence}: {self.question} {share}; {self.data}{note}"

    def json(self) -> dict[str, Any]:
        return asdict(self)


@cache
def measured() -> tuple[Rate, ...]:
    """Every rate that was measured."""
    text = (files("trover.cluster") / "rates.json").read_text(encoding="utf-8")
    return tuple(Rate(**row) for row in json.loads(text))


def rates_of(evidence: Iterable[str]) -> tuple[Rate, ...]:
    """The rates of these kinds of evidence, in the order measured; a kind without any gives a line that says so."""
    wanted = tuple(dict.fromkeys(evidence))
    found = tuple(rate for rate in measured() if rate.evidence in wanted)
    known = {rate.evidence for rate in found}
    return found + tuple(
        Rate(key, "needs no measure,", 0, 0, "it is the same address")
        if key == SAME
        else Rate(key, "not measured,", 0, 0, "for want of labelled data")
        for key in wanted
        if key not in known
    )
