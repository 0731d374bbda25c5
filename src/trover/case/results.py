"""Answers that are kept: what they rest on decides their id, so that the same ground gives the same id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from trover.case.canonical import digest
from trover.case.finding import plain_handling
from trover.case.marking import Handling, strictest
from trover.case.stale import traced
from trover.case.state import Result, State
from trover.trace.compare import Answer
from trover.trace.result import ENGINE_VERSION


def result_of(answer: Answer, state: State, ledger: str, family: str, default: Handling) -> Result:
    """The result that `answer` on the ground of `state` is, by its id. `ledger`: hash of what was traced."""
    findings = traced(state)
    inputs = {
        "ledger": ledger,
        "findings": [finding.id for finding in findings],
        "rule": answer.key,
        "parameters": {"family": family},
        "engine": ENGINE_VERSION,
    }
    grounds = [source.handling for source in state.sources.values()] + [finding.handling for finding in findings]
    handling = strictest(*grounds) if grounds else default
    return Result(digest(inputs), answer.key, inputs, handling, tuple(state.sources))


def result_file(result: Result, answer: Answer, actor: str, time: str) -> bytes:
    """The stored result: what it rests on and its table in minor units, account by account."""
    content = {
        "id": result.id,
        "key": result.key,
        "inputs": dict(result.inputs),
        "sources": list(result.sources),
        "title": answer.rule.title,
        "recoverable": answer.rule.recoverable,
        "table": answer.table,
        "skipped": answer.skipped,
        "made_by": actor,
        "made_at": time,
        **plain_handling(result.handling),
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def new_results(
    answers: Iterable[Answer], state: State, ledger: str, family: str, default: Handling
) -> list[tuple[Result, Answer]]:
    """The answers that are not stored yet. `ledger`: hash of what was traced."""
    made = [(result_of(answer, state, ledger, family, default), answer) for answer in answers]
    return [(result, answer) for result, answer in made if result.id not in state.results]
