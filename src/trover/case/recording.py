"""Findings into a case: the rows they let in are booked first, then all of them are checked on that ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from trover.case.admission import Judged, by_source, judged_statements, let_in
from trover.case.derived import Derived, Ground
from trover.case.finding import Finding, now, stamp
from trover.case.intake import Taken, take_again
from trover.case.judge import judged
from trover.case.state import finding_act, in_force, ledger_act, ledger_of
from trover.case.store import Batch
from trover.errors import Place
from trover.ledger.digest import ledger_hash
from trover.ledger.join import join
from trover.ledger.ledger import Ledger

Draft = tuple[Finding, Place]


class Kept(Protocol):
    """What a case has: all rows stored, what would be traced on a ground, and the bytes of a source by its SHA-256."""

    def ledger(self) -> Ledger: ...
    def derived_on(self, ground: Ground, fresh: Iterable[Ledger] = ()) -> Derived: ...
    def source_bytes(self, sha256: str) -> bytes: ...


def record_findings(
    batch: Batch,
    drafts: Sequence[Draft],
    kept: Kept,
    actor: str,
    fresh: Iterable[Taken] = (),
) -> list[Finding]:
    """Put the drafts into the batch, and the rows that are admitted with them; its state then holds both.

    kept: what the case has before this batch. fresh: files this batch adds, whose sources its state has already.
    Raises `InputErrors` with all that is wrong with the drafts.
    """
    sealed = [draft if draft.id else draft.sealed() for draft, _ in drafts]
    held = in_force([*batch.state.findings.values(), *sealed])
    every = judged_statements(batch.state.sources.values(), held)
    complete = _book(batch, every, kept, {taken.source.sha256: taken for taken in fresh}, actor)
    wanted = [*drafts, *(draft for taken in complete for draft in _stated(taken, actor))]
    if not wanted:
        return []
    made = kept.derived_on(Ground.of(batch.state, held), batch.parts.values())
    findings = judged(batch.state, made, wanted)
    for finding in findings:
        batch.state.findings[finding.id] = finding
        batch.acts.append(finding_act(finding, actor, stamp(now())))
    return findings


def _book(
    batch: Batch,
    every: Sequence[Judged],
    kept: Kept,
    fresh: Mapping[str, Taken],
    actor: str,
) -> list[Taken]:
    """Put a new part into the batch, the rows that are admitted and in no part yet; the files that are now in whole."""
    state = batch.state
    missing: dict[str, set[str]] = {}
    for each in every:
        sha256, id = each.source.sha256, each.statement.id
        if each.is_admitted and id not in state.booked.get(sha256, ()):
            missing.setdefault(sha256, set()).add(id)
    if not missing:
        return []
    again = {sha256: kept.source_bytes(sha256) for sha256 in missing if sha256 not in fresh}

    def content(sha256: str) -> bytes:
        added = batch.files.get(state.sources[sha256].path)
        return kept.source_bytes(sha256) if added is None else added

    beside = [kept.ledger(), *(fresh[sha256].rows for sha256 in missing if sha256 in fresh)]
    taken = take_again(state, again, beside, content) if again else []
    files = {**fresh, **{one.source.sha256: one for one in taken}}
    own = by_source(every)
    part = join([let_in(files[sha256].rows, own[sha256], state.booked.get(sha256, ())) for sha256 in missing])
    id = ledger_hash(part)
    batch.parts[id] = part
    state.parts = (*state.parts, id)
    batch.acts.append(ledger_act(ledger_of(state.parts), id, missing, actor, stamp(now())))
    for sha256, ids in missing.items():
        state.booked[sha256] = state.booked.get(sha256, frozenset()) | ids
    left = {each.source.sha256 for each in every if not each.is_admitted}
    return [files[sha256] for sha256 in missing if sha256 not in left]


def _stated(taken: Taken, actor: str) -> list[Draft]:
    """The findings that a file states itself, made by whoever let it in."""
    name, handling = taken.source.name, taken.source.handling
    place = Place(name)
    return [
        (Finding(body, actor, now(), f"stated in {name}", (name,), handling=handling), place) for body in taken.bodies
    ]
