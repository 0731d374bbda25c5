"""Hand edits of the readable findings become findings like any other: with author, date and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trover.case.finding import Finding, Withdrawal
from trover.case.findings_file import Edit, How
from trover.case.read_finding import UNDATED
from trover.errors import InputErrors, MissingChoice, Place

DELETED = "deleted from findings.yml"


def taken_up(edits: Sequence[Edit], author: str, moment: datetime) -> list[tuple[Finding, Place]]:
    """The findings that `edits` by `author` amount to.

    Raises `InputErrors`, naming every edited finding, where the author is needed and not known.
    """
    unknown = [edit for edit in edits if not author and _needs_author(edit)]
    if unknown:
        raise InputErrors(
            MissingChoice(
                edit.finding.id or edit.finding.kind,
                edit.place,
                says=f"was {edit.how} by hand, and who did it is not known",
                remedy="Name the author: --author NAME or the variable TROVER_AUTHOR. Nothing was changed.",
            )
            for edit in unknown
        )
    return [(_finding(edit, author, moment), edit.place) for edit in edits]


def _needs_author(edit: Edit) -> bool:
    if edit.how is How.ADDED:
        return not edit.finding.author
    return edit.how is not How.BROUGHT


def _finding(edit: Edit, author: str, moment: datetime) -> Finding:
    stated = edit.finding
    if edit.how is How.BROUGHT:
        return stated
    if edit.how is How.DELETED:
        handling = stated.handling
        return Finding(Withdrawal(), author, moment, DELETED, supersedes=stated.id, handling=handling)
    if edit.how is How.CHANGED:
        return replace(stated, id="", author=author, date=moment, supersedes=stated.id)
    date = moment if stated.date == UNDATED else stated.date
    return replace(stated, id="", author=stated.author or author, date=date)
