"""A proposed mapping tried on its file: what it would read, and whether the printed balances prove it.

Nothing of it enters a case; a person saves the mapping and gives it with the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trover.errors import InputErrors, Problem
from trover.ledger.check import PlaceIn
from trover.ledger.gate.judge import judge
from trover.ledger.gate.verdict import Standing
from trover.sources.custody import SourceFile
from trover.sources.mapping import mapping_of
from trover.sources.propose import Proposal, propose
from trover.sources.reader import Reading
from trover.sources.record import EventRecord
from trover.sources.sandbox import read_in_sandbox

SHOWN = 3


@dataclass(frozen=True)
class Tried:
    """A proposal and what it reads. `rows`: the first few; `standings`: how many statements are proved and not.

    `problems`: why it cannot be tried, or what of the file it does not read. All counts are 0 where it was not tried.
    """

    proposal: Proposal
    rows: tuple[EventRecord, ...] = ()
    events: int = 0
    unbooked: int = 0
    broken: int = 0
    standings: Mapping[Standing, int] | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def proved(self) -> bool:
        """Every statement that the proposal reads is proved by printed balances."""
        standings = self.standings or {}
        return bool(standings) and set(standings) == {Standing.PROVED} and not self.problems


def try_proposal(source: SourceFile, stated: Mapping[str, Any] | None = None) -> Tried:
    """Propose a mapping for `source` and read the file by it. Raises `InputErrors` if the file is no table."""
    proposal = propose(source, stated)
    if proposal.questions:
        return Tried(proposal)
    plain = plain_of(proposal)
    try:
        mapping_of(plain, "the proposal")
    except InputErrors as errors:
        return Tried(proposal, problems=errors.problems)
    answer = read_in_sandbox(source, plain)
    if not isinstance(answer, Reading):
        return Tried(proposal, problems=tuple(answer.problems))
    return _tried(proposal, answer)


def _tried(proposal: Proposal, reading: Reading) -> Tried:
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    broken = [problem for row in reading.broken_rows for problem in row.problems]
    place = PlaceIn(reading.files, reading.columns)
    verdicts = judge(reading.records, place, reading.broken_rows) if not reading.problems else ()
    return Tried(
        proposal,
        tuple(events[:SHOWN]),
        len(events),
        len(reading.unbooked),
        len(reading.broken_rows),
        _counted([verdict.standing for verdict in verdicts]),
        tuple(reading.problems or broken),
    )


def _counted(standings: Sequence[Standing]) -> dict[Standing, int]:
    return {standing: standings.count(standing) for standing in Standing if standing in standings}


def plain_of(proposal: Proposal) -> dict[str, Any]:
    """The proposal as the mapping file would be read again: every value a text."""
    return {name: _texts(value) for name, value in proposal.fields.items()}


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _texts(each) for key, each in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else str(value)
