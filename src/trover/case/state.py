"""What a case holds, read off its log: sources, ledger, findings, results, exhibits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trover.case.canonical import digest
from trover.case.finding import Finding, Withdrawal, handling_of, plain_finding, plain_handling
from trover.case.log import Act, Action, Entry
from trover.case.marking import Handling
from trover.case.read_finding import read_finding
from trover.case.statement import Statement
from trover.errors import InputErrors, Problem
from trover.sources.custody import SourceFile
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
    statements: tuple[Statement, ...] = ()
    """What the gate said of each statement in it; each row of the file stands on at least one."""
    unbooked: int = 0
    """Rows that are printed and move nothing."""
    evidence: tuple[str, ...] = ()
    """Ids of the evidence records in it: value that left no transfer."""
    asserted: Mapping[str, int] = field(default_factory=dict)
    """How much of each kind it asserts: mentions, listings, labels, actors, concepts. None of it is in the ledger."""
    archive: str = ""
    member: str = ""
    """SHA-256 of the archive it came in, and its path there; empty where it came by itself."""

    @property
    def path(self) -> str:
        """Where its copy stands in the case."""
        return f"sources/{self.sha256}/{self.name}"

    def file(self, data: bytes) -> SourceFile:
        """The file as it was read when it was added; `data` are its bytes."""
        return SourceFile(self.name, data, self.sha256, self.media, self.archive, self.member)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, kept as it came. `problems`: all that is wrong with it, in words."""

    sha256: str
    name: str
    size: int
    media: str
    problems: tuple[str, ...]
    handling: Handling
    archive: str = ""
    member: str = ""
    refused_by: str = ""
    refused_at: str = ""

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
    refused: dict[str, Refused] = field(default_factory=dict)
    """Files that were refused and have not been read since."""
    parts: tuple[str, ...] = ()
    """Hashes of the parts of which the ledger is joined."""
    booked: dict[str, frozenset[str]] = field(default_factory=dict)
    """SHA-256 of a source -> ids of its statements whose rows are in a part."""
    findings: dict[str, Finding] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)

    @property
    def ledger(self) -> str:
        """What names the whole ledger as stored: the hash of its one part, or of the list of its parts."""
        return ledger_of(self.parts)

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
            statements = tuple(map(Statement.read, payload.pop("statements", ())))
            evidence = tuple(payload.pop("evidence", ()))
            state.sources[entry.item] = Source(
                entry.item, handling=handling, added_by=entry.actor, added_at=entry.time, statements=statements,
                evidence=evidence, **payload,
            )  # fmt: skip
            state.refused.pop(entry.item, None)
        elif entry.action == Action.REFUSED:
            handling, problems = handling_of(payload.pop("handling")), tuple(payload.pop("problems"))
            state.refused[entry.item] = Refused(
                entry.item, handling=handling, refused_by=entry.actor, refused_at=entry.time, problems=problems,
                **payload,
            )  # fmt: skip
        elif entry.action == Action.LEDGER:
            state.parts = (*state.parts, *entry.outputs)
            for sha256, ids in payload.get("statements", {}).items():
                state.booked[sha256] = state.booked.get(sha256, frozenset()) | set(ids)
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
    if source.statements:
        payload["statements"] = [statement.plain() for statement in source.statements]
    if source.unbooked:
        payload["unbooked"] = source.unbooked
    if source.evidence:
        payload["evidence"] = list(source.evidence)
    if source.asserted:
        payload["asserted"] = dict(source.asserted)
    if source.archive:
        payload |= {"archive": source.archive, "member": source.member}
    return Act(Action.SOURCE, source.sha256, actor, time, payload, outputs=(source.sha256,))


def refused_act(refused: Refused, actor: str, time: str) -> Act:
    payload = {
        "name": refused.name,
        "size": refused.size,
        "media": refused.media,
        "problems": list(refused.problems),
        "handling": plain_handling(refused.handling),
    }
    if refused.archive:
        payload |= {"archive": refused.archive, "member": refused.member}
    return Act(Action.REFUSED, refused.sha256, actor, time, payload, outputs=(refused.sha256,))


def ledger_of(parts: Sequence[str]) -> str:
    """What names a ledger joined of `parts`."""
    if len(parts) < 2:
        return "".join(parts)
    return digest(list(parts))


def ledger_act(ledger: str, part: str, statements: Mapping[str, Iterable[str]], actor: str, time: str) -> Act:
    """`ledger` names the whole after `part` was added: the rows of these statements, SHA-256 of the source -> ids."""
    booked = {sha256: sorted(ids) for sha256, ids in statements.items()}
    return Act(Action.LEDGER, ledger, actor, time, {"statements": booked} if booked else {}, tuple(booked), (part,))


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
