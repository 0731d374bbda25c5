"""What no longer stands on its ground: results and exhibits whose ledger, findings or engine changed, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trover.case.finding import Finding, Withdrawal, stamp
from trover.case.state import Result, State
from trover.trace.result import ENGINE_VERSION


@dataclass(frozen=True, slots=True)
class Stale:
    """`what` is result or exhibit. `why` names each part of the ground that changed.

    `replaced_by`: id of a stored result of the same rule on the present ground, if there is one.
    """

    what: str
    id: str
    key: str
    why: tuple[str, ...]
    replaced_by: str = ""


def traced(state: State) -> list[Finding]:
    """The findings in force that a trace takes as given, in order."""
    return [finding for finding in state.in_force if finding.body.traced]


def stale(state: State, ledger: str) -> list[Stale]:
    """Everything stored that rests on what has changed, oldest first. `ledger`: hash of what would be traced now."""
    reasons = {result.id: tuple(_reasons(result, state, ledger)) for result in state.results.values()}
    present = {_question(result): result.id for result in state.results.values() if not reasons[result.id]}
    found = [
        Stale("result", id, state.results[id].key, why, present.get(_question(state.results[id]), ""))
        for id, why in reasons.items()
        if why
    ]
    for exhibit in state.exhibits.values():
        why = tuple(dict.fromkeys(_resting(exhibit.results, reasons)))
        if why:
            found.append(Stale("exhibit", exhibit.id, "", why))
    return found


def _question(result: Result) -> tuple[str, str]:
    return result.key, str(result.inputs["parameters"])


def _resting(results: tuple[str, ...], reasons: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for id in results:
        if id not in reasons:
            yield f"result {id[:12]} is not in the case"
        yield from reasons.get(id, ())


def _reasons(result: Result, state: State, ledger: str) -> Iterator[str]:
    if result.inputs["ledger"] != ledger:
        yield from _ledger_reasons(result, state, ledger)
    present = [finding.id for finding in traced(state)]
    then: list[str] = list(result.inputs["findings"])
    for id in then:
        if id not in present:
            yield _gone(state.findings.get(id), id, state)
    for id in present:
        if id not in then and state.findings[id].supersedes not in then:
            yield f"{_named(state.findings[id])} was recorded by {_by(state.findings[id])}"
    if sorted(then) == sorted(present) and then != present:
        yield "the order of the findings changed"
    if result.inputs["engine"] != ENGINE_VERSION:
        yield f"the engine is now version {ENGINE_VERSION}, it was {result.inputs['engine']}"


def _ledger_reasons(result: Result, state: State, ledger: str) -> Iterator[str]:
    added = [source for id, source in state.sources.items() if id not in result.sources]
    for source in added:
        yield f"the ledger changed: {source.name} was added by {source.added_by} on {source.added_at}"
    if not added:
        yield f"the ledger changed: it was {result.inputs['ledger'][:12]} and is {ledger[:12]}"


def _gone(finding: Finding | None, id: str, state: State) -> str:
    later = state.superseded.get(id)
    if finding is None or later is None:
        return f"finding {id} is not in force"
    if isinstance(later.body, Withdrawal):
        return f"{_named(finding)} was withdrawn by {_by(later)}"
    return f"{_named(finding)} was superseded by {_named(later)} of {_by(later)}"


def _named(finding: Finding) -> str:
    return f"{finding.kind} {finding.id}"


def _by(finding: Finding) -> str:
    return f"{finding.author} on {stamp(finding.date)}: {finding.reason}"
