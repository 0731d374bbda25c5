"""The evidence records of a case, read again from the sources that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trover.case.finding import Finding, Settlement
from trover.case.state import Source
from trover.errors import InputErrors
from trover.ledger.currency import minor_units
from trover.ledger.money import money
from trover.sources.evidence_record import EvidenceRecord
from trover.sources.reader import Reading
from trover.sources.sandbox import read_in_sandbox

if TYPE_CHECKING:
    from trover.case.case import Case


@dataclass(frozen=True, slots=True)
class Held:
    """A record, the source that holds it, and the findings in force that cite it by its id.

    `document`: the name under which the case has the document it comes from, empty where the case does not have it.
    """

    record: EvidenceRecord
    source: Source
    findings: tuple[str, ...]
    document: str

    @property
    def value(self) -> str:
        """The amount with all its decimals, and the goods, as the document states them."""
        record = self.record
        amount = ""
        if record.amount is not None:
            amount = f"{money(record.amount, minor_units(record.currency))} {record.currency}"
        return "; ".join(filter(None, (amount, " ".join(filter(None, (record.quantity, record.goods))))))


def evidence_of(case: Case) -> list[Held]:
    """Every evidence record of the case, in the order of its sources. Raises `CaseDamaged` and `InputErrors`."""
    state = case.state()
    cited: dict[str, list[str]] = {}
    for finding in state.in_force:
        for id in dict.fromkeys(cited_by(finding)):
            cited.setdefault(id, []).append(finding.id)
    names = {sha256: refused.name for sha256, refused in state.refused.items()}
    names |= {sha256: source.name for sha256, source in state.sources.items()}
    return [
        Held(record, source, tuple(cited.get(record.id, ())), names.get(record.document, ""))
        for source in state.sources.values()
        if source.evidence
        for record in _records(source, case.source_bytes(source.sha256))
    ]


def cited_by(finding: Finding) -> Iterator[str]:
    """Ids that a finding names as what shows it, among them those of evidence records."""
    yield from finding.evidence
    if isinstance(finding.body, Settlement):
        yield from finding.body.records


def _records(source: Source, data: bytes) -> Iterable[EvidenceRecord]:
    answer = read_in_sandbox(source.file(data), None)
    if not isinstance(answer, Reading):
        raise InputErrors(answer.problems)
    return answer.evidence
