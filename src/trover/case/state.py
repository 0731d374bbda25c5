"""What a case holds, read off its log: sources, ledger, findings, results, exhibits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trover.case.finding import Finding, Withdrawal, handling_of, plain_finding, plain_handling
from trover.case.log import Act, Action, Entry
from trover.case.marking import Handling
from trover.case.read_finding import read_finding
from trover.errors import InputErrors, Problem
from trover.sources.fields import Fields


@dataclass(frozen=True, slots=True)
class Source:
    """A file of evidence as it was added. `mapping` is the declaration of columns it was read with."""

    sha256: str
    name: str
    size: int
    media: str
    format: str
    handling: Handling
    added_by: str = ""
    added_at: str = ""
    mapping: Mapping[str, Any] | None = None
    minor_units: Mapping[str, int] = field(default_factory=dict)
    """Decimals of currencies that the file itself defines."""

    @property
    def path(self) -> str:
        """Where its copy stands in the case."""
        return f"sources/{self.sha256}/{self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """A stored answer: its id is the hash of `inputs` (ledger, findings, rule, parameters, engine version).

    `sources`: SHA-256 of the sources the ledger was made of.
    """

    id: str
    key: str
    inputs: Mapping[str, Any]
    handling: Handling
    sources: tuple[str, ...] = ()
    made_by: str = ""
    made_at: str = ""

    @property
    def path(self) -> str:
        return f"results/{self.id}.json"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Something made from results; `results` are the ids of what it rests on."""

    id: str
    results: tuple[str, ...]
    made_by: str = ""
    made_at: str = ""


@dataclass
class State:
    """The case after the last entry of its log. `findings` holds all ever recorded, in order."""

    sources: dict[str, Source] = field(default_factory=dict)
    ledger: str = ""
    parts: tuple[str, ...] = ()
    """Hashes of the whole ledger and of the parts it is joined of."""
    findings: dict[str, Finding] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)

    @property
    def superseded(self) -> dict[str, Finding]:
        """Id of a finding no longer in force -> the one that took its place or withdrew it."""
        return {finding.supersedes: finding for finding in self.findings.values() if finding.supersedes}

    @property
    def in_force(self) -> list[Finding]:
        """The findings that hold, each in the place of the one it first superseded."""
        return in_force(self.findings.values())


def in_force(findings: Iterable[Finding]) -> list[Finding]:
    """Neither superseded nor withdrawn. A correction stands where its original stood: order carries rounding."""
    latest: dict[str, Finding] = {}
    first: dict[str, str] = {}
    for finding in findings:
        origin = first.get(finding.supersedes, finding.supersedes) or finding.id
        first[finding.id] = origin
        latest[origin] = finding
    return [finding for finding in latest.values() if not isinstance(finding.body, Withdrawal)]


def state_of(log: Sequence[Entry]) -> State:
    """Fold the log."""
    state = State()
    for entry in log:
        payload = dict(entry.payload)
        if entry.action == Action.SOURCE:
            handling = handling_of(payload.pop("handling"))
            state.sources[entry.item] = Source(
                entry.item, handling=handling, added_by=entry.actor, added_at=entry.time, **payload
            )
        elif entry.action == Action.LEDGER:
            state.ledger = entry.item
            state.parts = (*state.parts, *entry.outputs)
        elif entry.action == Action.FINDING:
            state.findings[entry.item] = _finding(payload)
        elif entry.action == Action.RESULT:
            handling = handling_of(payload.pop("handling"))
            sources = tuple(payload.pop("sources"))
            state.results[entry.item] = Result(
                entry.item, handling=handling, sources=sources, made_by=entry.actor, made_at=entry.time, **payload
            )
        elif entry.action == Action.EXHIBIT:
            state.exhibits[entry.item] = Exhibit(entry.item, tuple(payload["results"]), entry.actor, entry.time)
    return state


def _finding(payload: dict[str, Any]) -> Finding:
    found: list[Problem] = []
    finding = read_finding(Fields(payload, found, "log"), Handling())
    if finding is None:
        raise InputErrors(found)
    return finding


def source_act(source: Source, actor: str, time: str) -> Act:
    payload: dict[str, Any] = {
        "name": source.name,
        "size": source.size,
        "media": source.media,
        "format": source.format,
        "handling": plain_handling(source.handling),
    }
    if source.mapping is not None:
        payload["mapping"] = dict(source.mapping)
    if source.minor_units:
        payload["minor_units"] = dict(source.minor_units)
    return Act(Action.SOURCE, source.sha256, actor, time, payload, outputs=(source.sha256,))


def ledger_act(ledger: str, part: str, sources: Iterable[str], actor: str, time: str) -> Act:
    """`ledger` is the hash of the whole after `part`, made of `sources`, was added to it."""
    return Act(Action.LEDGER, ledger, actor, time, {}, tuple(sources), (part,))


def finding_act(finding: Finding, actor: str, time: str) -> Act:
    return Act(Action.FINDING, finding.id, actor, time, plain_finding(finding))


def result_act(result: Result, actor: str, time: str, content: str) -> Act:
    payload = {
        "key": result.key,
        "inputs": dict(result.inputs),
        "handling": plain_handling(result.handling),
        "sources": list(result.sources),
    }
    return Act(Action.RESULT, result.id, actor, time, payload, (result.inputs["ledger"],), (content,))
