"""The ledger that is traced: derived from what is stored and what people found.

Parts of the ledger stay as they were booked. What is traced is made of them by `STEPS` and `LAST`, in
this order, each a function of what was made before it and of the ground: the sources of the case and the findings in
force. The same ground gives the same ledger, to the byte, so that its hash can be what results rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from trover.case.address_ends import followed, unfollowed
from trover.case.admission import Judged, admitted_ids, judged_statements, on_statements, only
from trover.case.chain_gaps import over_hops
from trover.case.finding import Admission, Body, Claimed, Finding, GapBridged
from trover.case.gaps import examined, gap_notes, joined, openings_of
from trover.case.pairing import notes_on, pairing_of
from trover.case.services import joined_by_services
from trover.case.state import Source, State
from trover.errors import plural
from trover.ledger.begin import begin_at
from trover.ledger.chain import in_block_order, on_one_branch, once, opened_outputs
from trover.ledger.digest import ledger_hash
from trover.ledger.ethereum import held_before
from trover.ledger.ethereum import once as once_on_ethereum
from trover.ledger.gap import Gap
from trover.ledger.ledger import Ledger
from trover.ledger.pair import Joined, Pairing, booked_later, counted_once, join_pairs

GroundKey = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Note:
    """What a step did and a reader must know. `rows`: ids of the events it is about."""

    step: str
    text: str
    rows: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """In the values JSON has."""
        return {"step": self.step, "text": self.text, "rows": list(self.rows)}


@dataclass(frozen=True)
class Ground:
    """What the steps may look at beside the ledger: the case's sources, and in order the findings that shape it."""

    sources: Mapping[str, Source]
    findings: tuple[Finding, ...]
    parts: tuple[str, ...] = ()
    """Hashes of the parts of the ledger."""

    @classmethod
    def of(cls, state: State, findings: Iterable[Finding] | None = None) -> Ground:
        """The ground of `state`, with `findings` as those in force where they are to be others than its own."""
        held = state.in_force if findings is None else findings
        shaping = tuple(finding for finding in held if finding.body.shapes or finding.body.holds)
        return cls(dict(state.sources), shaping, state.parts)

    @property
    def key(self) -> GroundKey:
        """What tells this ground from any other of the case: its parts, sources and findings by their names."""
        return self.parts, tuple(self.sources), tuple(finding.id for finding in self.findings)

    @cached_property
    def unpaired(self) -> Ground:
        """What of it the steps before `paired` look at: a claim, or a link of two rows, leaves it as it is."""
        return replace(self, findings=tuple(f for f in self.findings if isinstance(f.body, Admission | GapBridged)))

    @cached_property
    def judged(self) -> list[Judged]:
        """Every statement of the sources, with the finding that admits it, if any."""
        return judged_statements(self.sources.values(), self.findings)


@dataclass(frozen=True)
class Derived:
    """The ledger that is traced, with what was done and found to make it.

    `gaps`: where statements do not join, also those that a finding bridges. `pairing`: both sides of payments and
    what became of each, None before they are looked for.
    """

    ledger: Ledger
    notes: tuple[Note, ...] = ()
    gaps: tuple[Gap, ...] = ()
    pairing: tuple[Pairing, Joined] | None = None
    barred: Mapping[Body, str] = field(default_factory=dict)
    """What a finding says that was to shape the ledger and could not -> why, in words that follow its kind."""

    @cached_property
    def hash(self) -> str:
        """The hash of `ledger`: what a result rests on."""
        return ledger_hash(self.ledger)

    def then(self, ledger: Ledger, notes: Iterable[Note] = (), **found: Any) -> Derived:
        """What another step makes of this."""
        return replace(self, ledger=ledger, notes=(*self.notes, *notes), **found)


Step = Callable[[Derived, Ground], Derived]


def admitted(made: Derived, ground: Ground) -> Derived:
    """Without the rows of statements that are no longer admitted: the finding that let them in was withdrawn."""
    ledger = made.ledger
    out = [each for each in ground.judged if not each.is_admitted]
    stands = on_statements(ledger, admitted_ids(ground.judged)) if out else np.ones(len(ledger), bool)
    if stands.all():
        return made
    let_in = {each.statement.account for each in ground.judged if each.is_admitted}
    gone = {each.statement.account for each in out} - let_in
    kept = ledger.account_by_id.keys() - gone
    text = f"{len(stands) - int(stands.sum()):,} rows were admitted once and are left out: that finding was withdrawn"
    return made.then(only(ledger, stands, kept), [Note("admitted", text)])


def corrected(made: Derived, ground: Ground) -> Derived:
    """Without the rows that a later row replaces."""
    return made.then(made.ledger.current)


def on_chain(made: Derived, ground: Ground) -> Derived:
    """Transactions of a chain once each and in the order of blocks; outputs open only where nothing made them."""
    ledger, rivals = on_one_branch(made.ledger)
    notes = [Note("on_chain", str(rival)) for rival in rivals]
    ledger, same = once(ledger)
    text = f"found in several files and counted once: {plural(len(same), 'transaction')}"
    notes += [Note("on_chain", text, tuple(same))] if same else []
    ledger, moved = in_block_order(opened_outputs(ledger))
    if moved:
        told = "in a block whose clock runs behind the block before it, and in the order of blocks all the same"
        text = f"{told}: {plural(moved, 'transaction')}"
        notes.append(Note("on_chain", text))
    return made.then(ledger, notes)


def on_ethereum(made: Derived, ground: Ground) -> Derived:
    """Movements between addresses once each and in the order of the chain; what no file shows, accounts open with."""
    done = once_on_ethereum(made.ledger)
    notes = []
    if done.same:
        text = f"{len(done.same):,} movements stand in several files and count once"
        notes.append(Note("on_ethereum", text, tuple(done.same)))
    if done.contradicted:
        text = f"{len(done.contradicted):,} movements are stated differently in two files; the first file counts"
        notes.append(Note("on_ethereum", text, done.contradicted))
    ledger, held = held_before(done.ledger)
    about = followed(ledger, ground.sources.values())
    if others := unfollowed(ledger, about):
        files = f"beside {', '.join(sorted(about)[:3])} " if about else ""
        text = (
            f"no file is about what the addresses {files}did later ({plural(len(others), 'account')}): "
            "what is left in them is what these rows leave there"
        )
        notes.append(Note("on_ethereum", text))
    if held:
        most = ", ".join(sorted(held, key=held.__getitem__, reverse=True)[:3])
        text = (
            f"{plural(len(held), 'address account')} pay out more than the rows bring them, among them {most}: "
            "each opens with the least that its rows need, which is nobody's until a claim says otherwise"
        )
        notes.append(Note("on_ethereum", text))
    return made.then(ledger, notes)


def put_in_line(made: Derived, ground: Ground) -> Derived:
    """The statements of each account in order, from its opening balance on: what repeats counts once, gaps drain the
    account and refill it."""
    found = examined(made.ledger, ground.judged)
    openings, unknown = openings_of(made.ledger, found, ground.judged)
    ledger = joined(made.ledger.with_openings(openings), found, ground.findings)
    notes = [Note("opened", f"the opening balance of {id} is not printed and is taken as zero") for id in unknown]
    notes += [Note("put_in_line", text, rows) for text, rows in gap_notes(found, ground.findings)]
    return made.then(ledger, notes, gaps=tuple(found.gaps))


def booked_once(made: Derived, ground: Ground) -> Derived:
    """Rows that announce what a statement shows as booked are evidence for it and move nothing themselves."""
    same = booked_later(made.ledger)
    if not same:
        return made
    text = f"{len(same):,} announced rows are booked later and count once"
    return made.then(counted_once(made.ledger, same), [Note("booked_once", text, tuple(same))])


def carried_on(made: Derived, ground: Ground) -> Derived:
    """What an output held goes on in another where a person found so, over transactions that are not in the case."""
    ledger, said, barred = over_hops(made.ledger, ground.findings)
    return made.then(ledger, [Note("carried_on", text) for text in said], barred={**made.barred, **barred})


def paired(made: Derived, ground: Ground) -> Derived:
    """Both sides of a payment made one, as findings say and where nothing else is possible."""
    pairing = pairing_of(made.ledger, ground.findings)
    done = join_pairs(pairing)
    notes = [Note("paired", text, rows) for text, rows in notes_on(pairing, done)]
    return made.then(done.ledger, notes, pairing=(pairing, done))


def served(made: Derived, ground: Ground) -> Derived:
    """What was given to a service and what it paid out for it are joined, as findings say."""
    ledger, said, barred = joined_by_services(made.ledger, ground.findings)
    return made.then(ledger, [Note("served", text) for text in said], barred={**made.barred, **barred})


def begun(made: Derived, ground: Ground) -> Derived:
    """Outputs at which a claim begins open with what was paid into them, whoever's coins these had been."""
    claims = [finding.body for finding in ground.findings if isinstance(finding.body, Claimed)]
    ledger, outputs = begin_at(made.ledger, (body.account for body in claims if body.account))
    text = "a claim begins at output {}; what its payer had before is not followed into it"
    return made.then(ledger, [Note("begun", text.format(id)) for id in outputs])


STEPS: tuple[Step, ...] = (admitted, corrected, on_chain, on_ethereum, put_in_line, booked_once, carried_on)
"""In this order; then `LAST`, which take the longest and look at other findings than they."""
LAST: tuple[Step, ...] = (paired, served, begun)


def derive(stored: Ledger, ground: Ground, steps: Sequence[Step] = STEPS) -> Derived:
    """What `steps` make of `stored`, all parts of the case's ledger joined."""
    return then(Derived(stored), ground, steps)


def then(made: Derived, ground: Ground, steps: Sequence[Step] = LAST) -> Derived:
    """What these steps make of what was made before."""
    for step in steps:
        made = step(made, ground)
    return made
