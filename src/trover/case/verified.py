"""A case checked as a whole: its log and files, and every result on the present ground recomputed and audited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trover.case.case import Case
from trover.ledger.money import nano_money
from trover.trace.audit import Audit, AuditRow, audit
from trover.trace.compare import Answer, parse_key
from trover.trace.variant import apply


@dataclass
class CaseReport:
    """What holds and what does not. `audits`: one for each rule on lots that the case has a result of."""

    name: str
    wrong: list[str] = field(default_factory=list)
    recomputed: list[str] = field(default_factory=list)
    audits: dict[str, Audit] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.wrong

    def lines(self) -> Iterator[str]:
        """Plain text for a terminal."""
        yield f"Case {self.name}"
        if not self.wrong:
            yield "  ok    log, sources and ledger are as their hashes say"
        if self.recomputed:
            yield f"  ok    {len(self.recomputed)} results recomputed, every figure the same"
        audited = [key for key, found in self.audits.items() if not found.problems]
        if audited:
            yield f"  ok    {len(audited)} traces audited: at every event, for every owner, what came in is"
            yield "        what is held plus what went out"
        for text in self.stale:
            yield f"  note  {text}"
        for text in self.wrong:
            yield f"  WRONG {text}"
        yield from self._proof()
        yield "Arithmetic and integrity " + ("were checked." if self.holds else "do not hold.")
        yield "Claims, completeness and choice of rule are not checked: they are for people."

    def _proof(self) -> Iterator[str]:
        """Came in = accounted for, owner by owner, under the first rule that has an audit."""
        for key, found in self.audits.items():
            yield f"The sum of everything under {key} (other rules: --json)"
            for row in found.rows:
                places = self.places.get(row.currency, 2)
                parts = " + ".join(
                    f"{word} {nano_money(getattr(row, name), places)}"
                    for name, word in _PARTS.items()
                    if getattr(row, name)
                )
                yield f"  {row.owner}: came in {nano_money(row.came_in, places)} {row.currency} = {parts or 'nothing'}"
            return

    def plain(self) -> dict[str, Any]:
        """The same as data; nano units (10^-9 minor unit) in audits."""
        return {
            "case": self.name,
            "holds": self.holds,
            "wrong": self.wrong,
            "recomputed": self.recomputed,
            "stale": self.stale,
            "audits": {key: [_plain(row) for row in found.rows] for key, found in self.audits.items()},
        }


FAMILIES = ("account", "utxo")
"""Families of rules under which a case is traced."""
_PARTS = {
    "held": "held",
    "paid_out": "paid out",
    "fees": "fees",
    "overdrafts": "repaid to banks",
    "purchasers": "purchasers in good faith",
}


def _plain(row: AuditRow) -> dict[str, Any]:
    names = ("entered", "interest", "advanced", "converted", *_PARTS)
    return {"owner": row.owner, "currency": row.currency, **{name: getattr(row, name) for name in names}}


def verify_case(case: Case) -> CaseReport:
    """Check everything the case holds against everything else."""
    report = CaseReport(case.info.name)
    report.wrong += [str(problem) for problem in case.problems()]
    report.stale = [
        f"{entry.what} {entry.key or entry.id[:12]} is out of date: {entry.why[0]}" for entry in case.stale()
    ]
    if report.wrong or not case.assumptions().claims:
        return report
    report.places = {a.currency: case.decimals(a.currency) for a in case.traced().account_list}
    for family in FAMILIES:
        stored = case.current_results(family=family)
        for answer in case.trace(list(stored), family, steps=True) if stored else ():
            _recomputed(case, answer, stored[answer.key].id, report)
    return report


def _recomputed(case: Case, answer: Answer, result: str, report: CaseReport) -> None:
    kept = case.result(result)
    if kept["table"] != answer.table:
        report.wrong.append(f"result {kept['id'][:12]} ({answer.key}) is not what the ledger and findings give")
    report.recomputed.append(answer.key)
    if answer.trace is not None and answer.key not in report.audits:
        report.audits[answer.key] = _audited(case, answer)
        report.wrong += [f"{answer.key}, {problem}" for problem in report.audits[answer.key].problems]


def _audited(case: Case, answer: Answer) -> Audit:
    assert answer.trace is not None
    _, chosen = parse_key(answer.key)
    return audit(*apply(case.traced(), case.assumptions(), chosen), answer.trace)
