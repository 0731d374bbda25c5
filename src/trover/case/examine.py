"""Whether a case is still what was recorded: the log, the copies of the sources, the ledger, the results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trover.case.log import Action, Entry, chain_problems
from trover.case.results import sha256
from trover.case.state import State, state_of
from trover.case.store import CaseStore
from trover.errors import CaseDamaged, InputErrors, Problem
from trover.ledger.digest import ledger_hash


def case_problems(store: CaseStore) -> list[Problem]:
    """Everything that was changed after it was recorded; empty if nothing was."""
    log = store.log()
    found = chain_problems(log, "log")
    if found:
        return found
    state = state_of(log)
    return [*_file_problems(store, state, log), *_ledger_problems(store, state), *_finding_problems(state)]


def _file_problems(store: CaseStore, state: State, log: Sequence[Entry]) -> Iterator[Problem]:
    stored = {s.path: s.sha256 for s in state.sources.values()}
    stored |= {refused.path: refused.sha256 for refused in state.refused.values()}
    for entry in log:
        if entry.action == Action.RESULT:
            stored[state.results[entry.item].path] = entry.outputs[0]
    for path, recorded in stored.items():
        try:
            if sha256(store.read(path)) != recorded:
                yield CaseDamaged(path, says="is not the file that was recorded: its SHA-256 is another")
        except CaseDamaged as problem:
            yield problem


def _ledger_problems(store: CaseStore, state: State) -> Iterator[Problem]:
    for id in state.parts:
        try:
            if ledger_hash(store.part(id)) != id:
                says = "is the hash of the part of the ledger that was recorded, but not of the one stored"
                yield CaseDamaged(id, says=says)
        except CaseDamaged as problem:
            yield problem
        except InputErrors as errors:
            yield from errors.problems


def _finding_problems(state: State) -> Iterator[Problem]:
    for finding in state.findings.values():
        if not finding.is_intact:
            yield CaseDamaged(finding.id, says="is the id of a finding with other content")
