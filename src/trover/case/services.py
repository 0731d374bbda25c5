"""What goes through an exchange, a bridge or a swap: joined by a person's finding, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trover.case.finding import Body, Finding, ThroughService
from trover.errors import FieldMissing, FieldWrong, Place, Problem
from trover.ledger.ledger import Ledger
from trover.ledger.service import Joint, through_services


def joints_of(finding: Finding) -> list[Joint]:
    """What the finding joins: in one step, or through the customer's own rows at the service."""
    body = finding.body
    assert isinstance(body, ThroughService)
    name, sides = f"{finding.kind} {finding.id}", (body.service, body.customer)
    if not body.credited:
        return [Joint(name, *sides, body.given, body.received, body.amount)]
    first = Joint(name, *sides, body.given, (body.credited,), 0)
    if not body.withdrawn:
        return [first]
    return [first, Joint(f"{name}, paid out", *sides, (body.withdrawn,), body.received, body.amount)]


def joined_by_services(ledger: Ledger, findings: Iterable[Finding]) -> tuple[Ledger, list[str], dict[Body, str]]:
    """`ledger` with what these findings join, what a reader must know of each, and why one joins nothing."""
    wanted = [finding for finding in findings if isinstance(finding.body, ThroughService)]
    by_name = {joint.name: finding for finding in wanted for joint in joints_of(finding)}
    if not by_name:
        return ledger, [], {}
    made, why_not = through_services(ledger, [joint for finding in wanted for joint in joints_of(finding)])
    said = []
    for finding in wanted:
        by = f"finding {finding.id} of {finding.author}"
        reasons = [why_not[joint.name] for joint in joints_of(finding) if joint.name in why_not]
        body = finding.body
        assert isinstance(body, ThroughService)
        if reasons:
            said.append(f"{by} joins nothing or not all: it {'; it '.join(reasons)}")
        else:
            what = " and ".join(body.received or (body.credited,))
            said.append(
                f"{' and '.join(body.given)} goes on through {body.service} in {what}, on the word of {by} alone"
            )
    return made, said, {by_name[name].body: why for name, why in why_not.items()}


def service_form(findings: Iterable[Finding], places: Mapping[str, Place]) -> list[Problem]:
    """What new findings of this kind leave out: evidence, or a row at the service without its counterpart."""
    problems: list[Problem] = []
    for finding in findings:
        body, at = finding.body, places.get(finding.id, Place())
        if not isinstance(body, ThroughService):
            continue
        if not finding.evidence:
            says = "is missing: a match of amounts and times is a guess; name what shows that the two belong together"
            problems.append(FieldMissing("evidence", at, says=says, remedy=_CITE))
        if body.withdrawn and not (body.credited and body.received):
            says = "is stated without `credited` and `received`, between which it stands"
            problems.append(FieldWrong("withdrawn", at, says=says))
        if body.credited and body.received and not body.withdrawn:
            says = "is missing: it is the row by which the service paid out what was received"
            problems.append(FieldMissing("withdrawn", at, says=says))
    return problems


_CITE = "Cite the answer of the service, a document or an order, with --evidence."
