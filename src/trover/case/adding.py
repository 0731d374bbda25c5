"""What adding files leaves in the case: sources, refused files, and the findings that let unproved statements in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trover.case.admission import Judged, judged_statements
from trover.case.finding import Finding, UnprovedAdmission, now
from trover.case.intake import CASE, Intake, refused_file
from trover.case.marking import Handling
from trover.case.recording import Draft
from trover.case.state import Refused, Source, State, refused_act, source_act
from trover.case.store import Batch
from trover.errors import Place, Problem
from trover.ledger.gate import Standing
from trover.sources.record import Unbooked


@dataclass(frozen=True, slots=True)
class AddReport:
    """What `Case.add` did. `unchanged`: files the case already had; `findings`: those recorded with the files.

    `statements`: every statement of the files brought, those of `unchanged` too, admitted or not. `refused`: each
    file that could not be read, with all its problems; the case keeps its bytes. `unreadable`: problems of paths of
    which there are no bytes to keep. `skipped`: path and why. `ledger` names the whole ledger as stored, `events`
    counts its rows. `unbooked`: file name and row, for each row of the added files that is printed and moves nothing.
    `remarks`: what does not agree inside a file and did not keep it out.
    """

    added: tuple[Source, ...]
    unchanged: tuple[Source, ...]
    findings: tuple[Finding, ...]
    ledger: str
    events: int
    statements: tuple[Judged, ...] = ()
    refused: tuple[tuple[Refused, tuple[Problem, ...]], ...] = ()
    unreadable: tuple[Problem, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    unbooked: tuple[tuple[str, Unbooked], ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that kept files out."""
        return (*self.unreadable, *(problem for _, problems in self.refused for problem in problems))


def kept(
    batch: Batch, intake: Intake, handling: Handling, actor: str, time: str
) -> tuple[tuple[Source, ...], list[tuple[Refused, tuple[Problem, ...]]]]:
    """Put every file of the intake into the batch: those read as sources, the others as refused."""
    added = tuple(replace(taken.source, added_by=actor, added_at=time) for taken in intake.taken)
    for source, taken in zip(added, intake.taken, strict=True):
        batch.files[source.path] = taken.data
        batch.state.sources[source.sha256] = source
        batch.state.refused.pop(source.sha256, None)
        batch.acts.append(source_act(source, actor, time))
    for completed in intake.completed:
        batch.state.sources[completed.source.sha256] = completed.source
        batch.acts.append(source_act(completed.source, actor, time))
    refused = []
    for file, problems in intake.refused:
        made = replace(refused_file(file, problems, handling), refused_by=actor, refused_at=time)
        known = batch.state.refused.get(made.sha256)
        if known is None or known.problems != made.problems:
            batch.files[made.path] = file.data
            batch.state.refused[made.sha256] = known = made
            batch.acts.append(refused_act(made, actor, time))
        refused.append((known, problems))
    return added, refused


def admissions(added: Iterable[Source], unproved: str, actor: str, fresh: Iterable[Judged] = ()) -> list[Draft]:
    """What lets the unproved statements of new files in: the case format's own word, or a person's reason.

    fresh: further statements of files the case had.
    """
    drafts = []
    for each in fresh if unproved else ():
        if not each.is_admitted:
            body = UnprovedAdmission(each.source.sha256, each.statement.id)
            handling = each.source.handling
            drafts.append(
                (Finding(body, actor, now(), unproved, (each.source.name,), handling=handling), Place(each.source.name))
            )
    for source in added:
        reason = f"stated in {source.name}" if source.format == CASE else unproved
        if reason and any(statement.standing is Standing.UNPROVED for statement in source.statements):
            body = UnprovedAdmission(source.sha256)
            drafts.append(
                (Finding(body, actor, now(), reason, (source.name,), handling=source.handling), Place(source.name))
            )
    return drafts


def gained(state: State, intake: Intake, before: Mapping[str, Source]) -> list[Judged]:
    """Statements that files the case had before gained by being completed."""
    had = {(sha256, statement.id) for sha256, source in before.items() for statement in source.statements}
    judged = judged_statements([taken.source for taken in intake.completed], state.in_force)
    return [each for each in judged if (each.source.sha256, each.statement.id) not in had]
