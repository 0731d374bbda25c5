"""What happened to the claims on the way to one transfer, recipient or account, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from trover.case.case import Case
from trover.errors import Problem
from trover.ledger.event import Event
from trover.ledger.ledger import Ledger
from trover.trace.compare import Answer
from trover.trace.explain import Explainer, Step, paragraph
from trover.trace.recipients import recipient_accounts


@dataclass(frozen=True)
class Told:
    """For each rule: the events that matter, each with its steps."""

    what: str
    sources: dict[str, str]
    """SHA-256 -> file name."""
    by_rule: dict[str, list[tuple[Event, list[Step]]]]
    skipped: dict[str, str]

    def lines(self) -> Iterator[str]:
        """Plain text for a terminal."""
        for key, events in self.by_rule.items():
            yield f"{self.what} under {key}: {len(events)} events"
            for event, steps in events:
                yield ""
                yield f"{event.id}  {event.time:%Y-%m-%d %H:%M}  {event.note}".rstrip()
                yield from (f"  {line}" for line in self._sources(event))
                for step in steps:
                    yield from (f"  {line}" for line in paragraph(step))
            yield ""
        for key, why in self.skipped.items():
            yield f"Not run: {key}, because {why}"

    def plain(self) -> dict[str, Any]:
        """The same as data; amounts in minor units, contents in nano units (10^-9 minor unit)."""
        rules = {
            key: [
                {
                    "event": event.id,
                    "time": event.time.isoformat(),
                    "source": asdict(event.source) if event.source else None,
                    "also": [asdict(other) for other in event.also],
                    "steps": [{**asdict(step.movement), "formula": step.formula} for step in steps],
                }
                for event, steps in events
            ]
            for key, events in self.by_rule.items()
        }
        return {"what": self.what, "rules": rules, "skipped": self.skipped}

    def _sources(self, event: Event) -> Iterator[str]:
        for place in event.sources:
            name = self.sources.get(place.sha256, place.sha256[:12])
            page = f", {place.page}" if place.page else ""
            yield f"source: {name}{page}, row {place.row} (sha256 {place.sha256[:12]})"
        if not event.sources:
            yield "source: none"


def explain(case: Case, what: str, keys: Sequence[str]) -> Told:
    """The steps to `what`: an id of a transfer, the name of a recipient or the id of an account.

    Raises `UnknownTransfer` and friends where there is no such thing.
    """
    ledger, assumptions = case.traced(), case.assumptions()
    answers = case.trace(keys, steps=True)
    names = {source.sha256: source.name for source in case.sources()}
    found = _found(what, ledger)
    by_rule = {
        answer.key: _told(answer, ledger, Explainer(ledger, answer.trace, assumptions, case.decimals), *found)
        for answer in answers
        if answer.trace is not None
    }
    derived = {a.key: "it has no steps of its own: explain libr, on which it rests" for a in answers if not a.trace}
    return Told(what, names, by_rule, derived | {a.key: a.skipped for a in answers if a.skipped})


def _found(what: str, ledger: Ledger) -> tuple[set[str], set[str]]:
    """The events and accounts that `what` names."""
    if what in ledger.account_by_id:
        return set(), {what}
    named = recipient_accounts(ledger)
    matches = [name for name in named if name.casefold() == what.casefold()]
    matches = matches or [name for name in named if what.casefold() in name.casefold()]
    if len(matches) == 1:
        return set(), set(named[matches[0]])
    what_row = ledger.stated_by.get(what, what)
    if not matches and what_row in set(ledger.events["id"].to_pylist()):
        return {what_row}, set()
    if matches:
        raise Problem(what, says=f"could be {', '.join(matches[:8])}", remedy="Write the name in full.")
    raise Problem(
        what,
        says="is no transfer, recipient or account of this case",
        remedy="trover trace lists recipients and accounts.",
    )


def _told(
    answer: Answer, ledger: Ledger, explainer: Explainer, events: set[str], accounts: set[str]
) -> list[tuple[Event, list[Step]]]:
    trace = answer.trace
    assert trace is not None
    wanted = events or {m.event for m in trace.movements if m.account in accounts}
    steps: dict[str, list[Step]] = {}
    for movement in trace.movements:
        if movement.event in wanted:
            steps.setdefault(movement.event, []).append(explainer.step(movement))
    rows = {event.id: event for event in ledger if event.id in wanted}
    return [(rows[id], told) for id, told in steps.items()]
