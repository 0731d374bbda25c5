"""Which statements are let into the ledger that is traced: those the gate proved, and those a person admitted.

The gate's word on each statement stands with its source. A person's finding lets in what is unproved, or
what failed; withdrawing the finding takes the rows out again, although the ledger on disk keeps them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.case.finding import Admission, Finding, QuarantineAdmission, UnprovedAdmission
from trover.case.neighbours import with_neighbours
from trover.case.state import Source
from trover.case.statement import Statement
from trover.errors import InputErrors, Problem, UnknownStatement
from trover.ledger.gate import Standing
from trover.ledger.ledger import Ledger

NEEDS: Mapping[Standing, type[Admission]] = {
    Standing.UNPROVED: UnprovedAdmission,
    Standing.FAILED: QuarantineAdmission,
}


class Place(StrEnum):
    """Where a statement stands in the case."""

    ADMITTED = "admitted"
    HELD = "held"
    """Unproved, and nobody has admitted it."""
    QUARANTINED = "quarantined"
    """Failed, and nobody has admitted it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement of a source. `by` is the finding that admits it, None where it is proved or not admitted."""

    source: Source
    statement: Statement
    by: Finding | None = None

    @property
    def place(self) -> Place:
        if self.by is not None or self.statement.standing is Standing.PROVED:
            return Place.ADMITTED
        return Place.HELD if self.statement.standing is Standing.UNPROVED else Place.QUARANTINED

    @property
    def is_admitted(self) -> bool:
        return self.place is Place.ADMITTED

    def plain(self) -> dict[str, Any]:
        """In the values JSON has; amounts in minor units."""
        told, by = self.statement, self.by
        return {
            "source": self.source.sha256,
            "file": self.source.name,
            "place": str(self.place),
            **told.plain(),
            "rows": told.rows,
            "credits": told.credits,
            "debits": told.debits,
            "problem": told.problem,
            "admitted_by": {"finding": by.id, "author": by.author, "reason": by.reason} if by else None,
        }


def judged_statements(sources: Iterable[Source], findings: Iterable[Finding]) -> list[Judged]:
    """Every statement of `sources` in order, with the finding (of those in force) that admits it, if any."""
    by: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        if isinstance(finding.body, Admission):
            by.setdefault((finding.kind, finding.body.source, finding.body.statement), finding)
    every = with_neighbours([(source, statement) for source in sources for statement in source.statements])
    return [Judged(source, statement, _admitting(by, source, statement)) for source, statement in every]


def _admitting(by: Mapping[tuple[str, str, str], Finding], source: Source, statement: Statement) -> Finding | None:
    kind = NEEDS.get(statement.standing)
    if kind is None:
        return None
    return by.get((kind.kind, source.sha256, statement.id)) or by.get((kind.kind, source.sha256, ""))


def by_source(judged: Iterable[Judged]) -> defaultdict[str, list[Judged]]:
    """SHA-256 of each source -> its statements, none for a source that has none."""
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        found[each.source.sha256].append(each)
    return found


def admitted_ids(judged: Iterable[Judged]) -> dict[str, set[str]]:
    """SHA-256 of each source -> ids of its statements that are let in, none for some."""
    ids: dict[str, set[str]] = {}
    for each in judged:
        of_source = ids.setdefault(each.source.sha256, set())
        if each.is_admitted:
            of_source.add(each.statement.id)
    return ids


def on_statements(ledger: Ledger, wanted: Mapping[str, Iterable[str]]) -> npt.NDArray[np.bool_]:
    """For each event whether it stands on a statement of `wanted` (SHA-256 -> ids).

    An event of a source that `wanted` does not name is on one: it was added before sources were judged.
    """
    events = ledger.events
    stands = ~_flags(pc.is_in(events["source"], value_set=pa.array(list(wanted), pa.string())))
    if stands.all():
        return stands
    parents = pc.list_parent_indices(events["statements"])
    pairs = pc.binary_join_element_wise(events["source"].take(parents), pc.list_flatten(events["statements"]), "\n")
    named = [f"{sha256}\n{id}" for sha256, ids in wanted.items() for id in ids]
    stands[parents.to_numpy()[_flags(pc.is_in(pairs, value_set=pa.array(named, pa.string())))]] = True
    return stands


def _flags(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = column.to_numpy().astype(bool)
    return flags


def only(ledger: Ledger, rows: npt.NDArray[np.bool_], keep: Collection[str]) -> Ledger:
    """The ledger of these events alone, with the accounts they move and those of `keep`."""
    left = ledger.take(np.flatnonzero(rows))
    used = np.unique(np.concatenate([left.inputs["account"].to_numpy(), left.outputs["account"].to_numpy()]))
    kept = set(used.tolist()) | {row for row, account in enumerate(ledger.account_list) if account.id in keep}
    accounts = [account for row, account in enumerate(ledger.account_list) if row in kept]
    remap = np.zeros(len(ledger.account_list), np.int32)
    remap[sorted(kept)] = np.arange(len(kept), dtype=np.int32)
    return left.with_accounts(accounts, remap)


def let_in(rows: Ledger, own: Sequence[Judged], before: Iterable[str]) -> Ledger:
    """Of all rows of one source those that are admitted and were not yet.

    own: the statements of the source, at least one. before: ids of those that were let in.
    """
    chosen = on_statements(rows, admitted_ids(own)) & ~on_statements(rows, {own[0].source.sha256: before})
    out = {each.statement.account for each in own if not each.is_admitted}
    if not out and chosen.all():
        return rows
    kept = {each.statement.account for each in own if each.is_admitted}
    inside = {account.id for account in rows.account_list if not account.is_external} - out
    return only(rows, chosen, kept | inside)


def bodies_for(names: Iterable[str], every: Sequence[Judged], failed: bool) -> list[Admission]:
    """The findings that admit what `names` mean; see `Case.admit`. Raises `InputErrors`."""
    waiting = [each for each in every if not each.is_admitted]
    wanted = list(names)
    bodies: dict[Admission, None] = {}
    found: list[Problem] = []
    if not wanted:
        bodies |= dict.fromkeys(_of_files(waiting, failed))
        if not bodies:
            says = "is held: every statement is admitted" if not waiting else "is held as unproved"
            found.append(Problem("nothing", says=says, remedy="trover check says where each statement stands."))
    for name in wanted:
        if not any(name in _names(each) for each in every):
            found.append(UnknownStatement(name))
            continue
        named = [each for each in waiting if name == each.statement.id]
        chosen = [_body(each, each.statement.id) for each in named]
        chosen = chosen or _of_files([each for each in waiting if name in _names(each)], failed)
        if not chosen:
            found.append(_not_waiting(name, [each for each in waiting if name in _names(each)]))
        bodies |= dict.fromkeys(chosen)
    if found:
        raise InputErrors(found)
    return list(bodies)


def _names(each: Judged) -> tuple[str, ...]:
    return each.statement.id, each.source.name, each.source.sha256


def _of_files(waiting: Iterable[Judged], failed: bool) -> list[Admission]:
    """One finding for all unproved statements of each file, and with `failed` one for all failed ones."""
    kinds = (Standing.UNPROVED, Standing.FAILED) if failed else (Standing.UNPROVED,)
    return [_body(each, "") for kind in kinds for each in waiting if each.statement.standing is kind]


def _body(each: Judged, statement: str) -> Admission:
    return NEEDS[each.statement.standing](each.source.sha256, statement)


def _not_waiting(name: str, waiting: Sequence[Judged]) -> Problem:
    if waiting:
        ids = ", ".join(each.statement.id for each in waiting[:5])
        says = f"holds only statements that failed: {ids}"
        return Problem(name, says=says, remedy="Name each by its id, or add --failed, if it is to enter all the same.")
    return Problem(name, says="is admitted already", remedy="trover check says where each statement stands.")
