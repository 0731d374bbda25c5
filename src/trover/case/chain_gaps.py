"""Gaps of a chain in a case: hops that a person bridges, and what a finding that does must state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trover.case.finding import Body, Finding, GapBridged
from trover.errors import FieldMissing, FieldWrong, Place, Problem
from trover.ledger.hops import Hops, Outputs, carry, why_not
from trover.ledger.ledger import Ledger


def over_hops(ledger: Ledger, findings: Iterable[Finding]) -> tuple[Ledger, list[str], dict[Body, str]]:
    """`ledger` with the hops that findings bridge, what a reader must know of each, and why one bridges nothing."""
    wanted = [(f, Hops(f.body.account, f.body.to, f.body.amount)) for f in findings if isinstance(f.body, GapBridged)]
    wanted = [(finding, hops) for finding, hops in wanted if hops.to]
    if not wanted:
        return ledger, [], {}
    outputs = Outputs(ledger)
    done: list[Hops] = []
    said: list[str] = []
    barred: dict[Body, str] = {}
    for finding, hops in wanted:
        by = f"finding {finding.id} of {finding.author}"
        if why := why_not(outputs, hops, done):
            barred[finding.body] = why
            said.append(f"{by} bridges nothing: it {why}")
            continue
        done.append(hops)
        said.append(f"{hops.amount} minor units of {hops.account} go on in {hops.to}, on the word of {by} alone")
    return carry(ledger, done), said, barred


def bridge_form(findings: Iterable[Finding], places: Mapping[str, Place]) -> list[Problem]:
    """What new findings that bridge a gap leave out, or state of a gap of the other sort."""
    problems: list[Problem] = []
    for finding in findings:
        body, at = finding.body, places.get(finding.id, Place())
        if not isinstance(body, GapBridged):
            continue
        days = [name for name in ("start", "end") if getattr(body, name) is not None]
        if not body.to:
            problems += [FieldMissing(name, at) for name in ("start", "end") if name not in days]
            if body.amount:
                problems.append(FieldWrong("amount", at, says="is stated without `to`, the output in which it goes on"))
            continue
        problems += [FieldWrong(day, at, says="is of a gap between days; `to` names one in a chain") for day in days]
        if not finding.evidence:
            says = "is missing: what goes on over transactions that are not in the case rests on evidence that is cited"
            problems.append(FieldMissing("evidence", at, says=says, remedy=_CITE))
    return problems


_CITE = "Cite the publication, answer or document that shows it, with --evidence."
