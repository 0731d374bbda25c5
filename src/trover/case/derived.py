"""The ledger that is traced: derived from what is stored and what people found, and never stored itself.

Parts of the ledger stay as they were booked. What is traced is made of them by `STEPS`, in this order,
each a function of the ledger before it and of the ground: the sources of the case and the findings in
force. The same ground gives the same ledger, to the byte, so that its hash can be what results rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from trover.case.admission import admitted_ids, judged_statements, on_statements, only
from trover.case.finding import Finding
from trover.case.gaps import gap_notes, joined
from trover.case.pairing import notes_on, pairing_of
from trover.case.state import Source, State
from trover.case.statement import Statement
from trover.ledger.digest import ledger_hash
from trover.ledger.ledger import Ledger
from trover.ledger.pair import booked_later, counted_once, join_pairs


@dataclass(frozen=True, slots=True)
class Note:
    """What a step did and a reader must know. `rows`: ids of the events it is about; `details`: plain data."""

    step: str
    text: str
    rows: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps may look at beside the ledger: the case's sources, and in order the findings that shape it."""

    sources: Mapping[str, Source]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, state: State, findings: Iterable[Finding] | None = None) -> Ground:
        """The ground of `state`, with `findings` as those in force where they are to be others than its own."""
        held = state.in_force if findings is None else findings
        return cls(dict(state.sources), tuple(finding for finding in held if finding.body.shapes or finding.body.holds))

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this ground from any other of the case that has the same sources."""
        return tuple(finding.id for finding in self.findings)


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


def admitted(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Without the rows of statements that are no longer admitted: the finding that let them in was withdrawn."""
    judged = judged_statements(ground.sources.values(), ground.findings)
    out = [each for each in judged if not each.is_admitted]
    stands = on_statements(ledger, admitted_ids(judged)) if out else np.ones(len(ledger), bool)
    if stands.all():
        return ledger, ()
    gone = {each.statement.account for each in out} - {each.statement.account for each in judged if each.is_admitted}
    kept = (account.id for account in ledger.account_list if account.id not in gone)
    text = f"{len(stands) - int(stands.sum()):,} rows were admitted once and are left out: that finding was withdrawn"
    return only(ledger, stands, kept), (Note("admitted", text),)


def opened(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Each account opens with the balance at the start of its earliest admitted statement, nothing if none is known."""
    first: dict[str, Statement] = {}
    judged = [each for each in judged_statements(ground.sources.values(), ground.findings) if each.is_admitted]
    for each in sorted(judged, key=lambda each: each.statement.start or date.max):
        if each.statement.booked:
            first.setdefault(each.statement.account, each.statement)
    accounts, unknown = [], []
    for account in ledger.account_list:
        statement = first.get(account.id)
        if statement and not account.is_external and statement.currency == account.currency:
            account = replace(account, opening=statement.opening or 0)
            if statement.opening is None:
                unknown.append(account.id)
        accounts.append(account)
    notes = [Note("opened", f"the opening balance of {id} is not printed and is taken as zero") for id in unknown]
    if tuple(accounts) == ledger.account_list:
        return ledger, tuple(notes)
    return ledger.with_accounts(accounts, np.arange(len(accounts), dtype=np.int32)), tuple(notes)


def corrected(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Without the rows that a later row replaces."""
    return ledger.current, ()


def put_in_line(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """The statements of each account in order: what repeats counts once, gaps drain the account and refill it."""
    ledger, found = joined(ledger, ground.sources, ground.findings)
    notes = [Note("put_in_line", text, rows) for text, rows in gap_notes(found, ground.findings)]
    return ledger, tuple(notes)


def paired(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Both sides of a payment made one, as findings say and where nothing else is possible."""
    pairing = pairing_of(ledger, ground.findings)
    made = join_pairs(pairing)
    return made.ledger, tuple(Note("paired", text, rows) for text, rows in notes_on(pairing, made))


def booked_once(ledger: Ledger, ground: Ground) -> tuple[Ledger, tuple[Note, ...]]:
    """Rows that announce what a statement shows as booked are evidence for it and move nothing themselves."""
    same = booked_later(ledger)
    text = f"{len(same):,} announced rows are booked later and count once"
    return counted_once(ledger, same), (Note("booked_once", text, tuple(same)),) if same else ()


STEPS: tuple[Step, ...] = (admitted, corrected, opened, put_in_line, booked_once, paired)
"""In this order. A new step is one function in its place here."""


def derive(stored: Ledger, ground: Ground, steps: Sequence[Step] = STEPS) -> Derived:
    """What is traced of `stored`, all parts of the case's ledger joined."""
    ledger = stored
    notes: list[Note] = []
    for step in steps:
        ledger, said = step(ledger, ground)
        notes += said
    return Derived(ledger, tuple(notes))
