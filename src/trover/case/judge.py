"""New findings beside those a case has: sealed, marked as strictly as their sources, and checked together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trover.case.chain_gaps import bridge_form
from trover.case.check import about, events_of, finding_problems
from trover.case.derived import Derived
from trover.case.finding import Admission, Claimed, Finding, Settlement, plain_finding
from trover.case.gaps import bridge_problems
from trover.case.marking import Handling, strictest
from trover.case.read_finding import read_finding
from trover.case.services import service_form
from trover.case.state import State, in_force
from trover.errors import FindingReplaced, FindingTwice, InputErrors, LinkImpossible, Place, Problem, UnknownFinding
from trover.ledger.ledger import Ledger
from trover.sources.fields import Fields


def judged(state: State, made: Derived, drafts: Sequence[tuple[Finding, Place]]) -> list[Finding]:
    """The findings to record. Raises `InputErrors` with all that is wrong with them, each at its place.

    made: the ledger that is traced with these findings. drafts: findings without id, or complete ones brought in as
    they are.
    """
    ledger = made.ledger
    found: list[Problem] = []
    sealed: list[Finding] = []
    places: dict[str, Place] = {}
    for draft, place in drafts:
        found += _form_problems(draft, place)
        finding = draft if draft.id or found else _marked(draft, state, ledger).sealed()
        if finding.id in state.findings or finding.id in places:
            found.append(FindingTwice(finding.id, place, says="is recorded already, word for word"))
        places[finding.id] = place
        sealed.append(finding)
    if not found:
        found += _order_problems(state, sealed, places)
    found += bridge_form(sealed, places)
    found += service_form(sealed, places)
    if not found:
        holding = in_force([*state.findings.values(), *sealed])
        others = {f.id: Place(f"{f.kind} {f.id}") for f in holding if f.id not in places}
        found += finding_problems(holding, ledger, state.sources, places | others)
        found += bridge_problems(sealed, made.gaps, places)
        barred = [finding for finding in sealed if finding.body in made.barred]
        found += [LinkImpossible(f.kind, places[f.id], says=made.barred[f.body], remedy=_MISSING) for f in barred]
    if found:
        raise InputErrors(found)
    return sealed


def _form_problems(draft: Finding, place: Place) -> list[Problem]:
    """What is wrong with a finding in itself; one made in a notebook is read as strictly as one in a file."""
    found: list[Problem] = []
    plain = {name: value for name, value in plain_finding(draft).items() if value != "" or name == "reason"}
    read_finding(Fields(plain, found, place.file), Handling())
    return [problem.at(replace(place, column=problem.place.column)) for problem in found]


def _marked(draft: Finding, state: State, ledger: Ledger) -> Finding:
    """A finding about rows of a source is handled at least as strictly as that source."""
    return replace(draft, handling=strictest(draft.handling, *_grounds(draft, state, ledger)))


def _grounds(draft: Finding, state: State, ledger: Ledger) -> Iterable[Handling]:
    named = events_of(ledger, about(draft.body)).values()
    shas = {source.sha256 for event in named for source in event.sources}
    if isinstance(draft.body, Admission):
        shas.add(draft.body.source)
    if isinstance(draft.body, Settlement):
        shas |= {sha for sha, source in state.sources.items() if set(source.evidence) & set(draft.body.records)}
    if isinstance(draft.body, Claimed) and draft.body.account:
        shas |= set(state.sources)
    if draft.supersedes in state.findings:
        yield state.findings[draft.supersedes].handling
    yield from (source.handling for sha, source in state.sources.items() if sha in shas)


def _order_problems(state: State, sealed: Sequence[Finding], places: dict[str, Place]) -> list[Problem]:
    """A finding supersedes one that is in force, and no other does so too."""
    known = dict(state.findings)
    later = {id: finding.id for id, finding in state.superseded.items()}
    found: list[Problem] = []
    for finding in sealed:
        known[finding.id] = finding
    for finding in sealed:
        old = finding.supersedes
        if old and old not in known:
            found.append(UnknownFinding(old, places[finding.id]))
        elif old in later:
            says = f"is no longer in force: {later[old]} has taken its place"
            found.append(FindingReplaced(old, places[finding.id], says=says))
        elif old:
            later[old] = finding.id
    return found


_MISSING = "Only what the case does not have is joined by a finding: name where its data stop, and where they go on."
