"""The ledger that is traced: derived from what is stored and what people found, and never stored itself.

Parts of the ledger stay as they were booked. What is traced is made of them by `STEPS`, in this order,
each a function of the ledger before it and of the ground: the sources of the case and the findings in
force. The same ground gives the same ledger, to the byte, so that its hash can be what results rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trover.case.finding import Finding
from trover.case.state import Source, State
from trover.ledger.digest import ledger_hash
from trover.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Note:
    """What a step did and a reader must know. `rows`: ids of the events it is about; `details`: plain data."""

    step: str
    text: str
    rows: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps may look at beside the ledger: the case's sources and the findings in force, in order."""

    sources: Mapping[str, Source]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, state: State) -> Ground:
        return cls(dict(state.sources), tuple(state.in_force))


Step = Callable[[Ledger, Ground], tuple[Ledger, tuple[Note, ...]]]


@dataclass(frozen=True)
class Derived:
    """The ledger that is traced, with what was done to make it."""

    ledger: Ledger
    notes: tuple[Note, ...] = ()

    @cached_property
    def hash(self) -> str:
        """The hash of `ledger`: what a result rests on."""
        return ledger_hash(self.ledger)


def corrected(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Without the rows that a later row replaces."""
    return ledger.current, ()


STEPS: tuple[Step, ...] = (corrected,)
"""In this order. A new step is one function in its place here: both sides of a payment made one, then gaps."""


def derive(stored: Ledger, ground: Ground, steps: Sequence[Step] = STEPS) -> Derived:
    """What is traced of `stored`, all parts of the case's ledger joined."""
    ledger = stored
    notes: list[Note] = []
    for step in steps:
        ledger, said = step(ledger, ground)
        notes += said
    return Derived(ledger, tuple(notes))
