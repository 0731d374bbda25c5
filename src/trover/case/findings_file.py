"""findings.yml: the findings of a case as a person reads and edits them, and what a hand edit means.

Every finding ever recorded stands there, oldest first. On the next opening a changed finding becomes a
new one that supersedes it, a deleted one is withdrawn, an added one is recorded; the log keeps all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from trover.case.finding import Finding, Withdrawal, plain_finding
from trover.case.marking import Handling
from trover.case.read_finding import UNDATED, read_finding
from trover.case.state import State
from trover.case.yaml_text import yaml_text
from trover.errors import DuplicateId, FindingAltered, FindingReplaced, InputErrors, Place, Problem, UnknownField
from trover.sources.custody import source_of
from trover.sources.fields import Fields
from trover.sources.strict_yaml import Lined, load_yaml
from trover.sources.text import shortened

NAME = "findings.yml"
HEAD = """\
# Findings of the case {name}. You may edit this file; the next trover command takes the edit up:
# a changed finding becomes a new one that supersedes it, a deleted one is withdrawn, and one added
# without id gets an id. Amounts are whole minor units. Comments are not kept: use a finding of kind note.
"""


class How(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    BROUGHT = "brought in"
    """Recorded in another copy of the case: complete, with its own id."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference between the file and the log. `finding` as the file states it (deleted: as it was)."""

    how: How
    finding: Finding
    place: Place


def findings_text(name: str, findings: Iterable[Finding]) -> str:
    """The file's text: the same findings give the same bytes."""
    rows = [plain_finding(finding) for finding in findings]
    return HEAD.format(name=" ".join(name.split())) + yaml_text({"findings": rows})


def read_findings(data: bytes, default: Handling) -> list[tuple[Finding, Place]]:
    """What the file states. Raises `InputErrors` with all that is wrong in it."""
    found: list[Problem] = []
    top = LinedFields(load_yaml(source_of(NAME, data)), found, NAME)
    for key in top.data:
        if key != "findings":
            found.append(UnknownField(shortened(key), top.place(key), remedy="This file has one key, findings."))
    rows: list[tuple[Finding, Place]] = []
    for item in top.array("findings") if top.data.get("findings") else ():
        row = LinedFields(item, found, NAME)
        finding = read_finding(row, default)
        if finding is not None:
            rows.append((finding, row.place()))
    found += _twice(rows)
    if found:
        raise InputErrors(found)
    return rows


class LinedFields(Fields):
    """Fields of one object of a YAML file, whose places name the line each stands on."""

    def __init__(self, data: Any, problems: list[Problem], file: str) -> None:
        self.lines: Mapping[str, int] = data.lines if isinstance(data, Lined) else {}
        super().__init__(data, problems, file, row=data.line if isinstance(data, Lined) else None)

    def place(self, column: str = "") -> Place:
        return Place(self.file, self.section, self.lines.get(column, self.row or 0) or None, column)


def compare(rows: Iterable[tuple[Finding, Place]], state: State, published: frozenset[str]) -> list[Edit]:
    """What the file says that the log does not. Raises `InputErrors`.

    published: ids the file held when it was last written; only those can have been deleted from it.
    """
    edits: list[Edit] = []
    found: list[Problem] = []
    stated: set[str] = set()
    for finding, place in rows:
        stated.add(finding.id)
        known = state.findings.get(finding.id)
        if known is not None:
            if plain_finding(known) != plain_finding(_dated(finding, known)):
                edits.append(Edit(How.CHANGED, finding, place))
                found += _closed(known, state, place)
        elif not finding.id:
            edits.append(Edit(How.ADDED, finding, place))
        elif finding.is_intact:
            edits.append(Edit(How.BROUGHT, finding, place))
        else:
            found.append(FindingAltered(finding.id, place))
    in_force = {finding.id for finding in state.in_force}
    gone = [known for id, known in state.findings.items() if id in published - stated and id in in_force]
    edits += [Edit(How.DELETED, known, Place(NAME)) for known in gone]
    if found:
        raise InputErrors(found)
    return edits


def _dated(finding: Finding, known: Finding) -> Finding:
    return replace(finding, date=known.date) if finding.date == UNDATED else finding


def _closed(known: Finding, state: State, place: Place) -> list[Problem]:
    """A finding that no longer holds, or a withdrawal, is history and cannot be changed."""
    later = state.superseded.get(known.id)
    if later is not None:
        return [FindingReplaced(known.id, place, says=f"was changed, but {later.id} has already taken its place")]
    if isinstance(known.body, Withdrawal):
        return [FindingReplaced(known.id, place, says="was changed, but it is a withdrawal, which is history")]
    return []


def _twice(rows: Iterable[tuple[Finding, Place]]) -> list[Problem]:
    seen: dict[str, Place] = {}
    found: list[Problem] = []
    for finding, place in rows:
        if finding.id and finding.id in seen:
            found.append(
                DuplicateId(finding.id, place, says=f"is also the id of the finding in row {seen[finding.id].row}")
            )
        seen.setdefault(finding.id, place)
    return found
