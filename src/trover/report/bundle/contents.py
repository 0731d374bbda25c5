"""What a bundle holds, file by file, from the ledger, the findings and the answers. Bytes are the same every time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from trover.ledger.digest import canonical
from trover.ledger.ledger import Ledger
from trover.report.verifier.answers import STEPS
from trover.trace.claim import Assumptions
from trover.trace.compare import Answer
from trover.trace.lot import Content
from trover.trace.result import Movement, Trace
from trover.trace.variant import Variant, apply


def as_json(value: Any) -> bytes:
    """Readable JSON, keys in the order given, one line end at the end. Raises TypeError over what is not plain."""
    _refuse_fractions(value)
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _refuse_fractions(value: Any) -> None:
    """The verifier reads whole numbers only, so that no figure depends on how a fraction is read."""
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; a bundle states whole numbers and texts")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for part in parts:
        _refuse_fractions(part)


def as_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def ledger_files(ledger: Ledger) -> dict[str, bytes]:
    """The canonical text of the ledger: accounts, events in order, legs in the order of their events."""
    return {name: b"".join(chunks) for name, chunks in canonical(ledger).items()}


def finding_files(assumptions: Assumptions) -> dict[str, bytes]:
    """Claims in their order, which is the order of owners, and the findings that a trace takes as given."""
    claims = [
        {
            "id": claim.id,
            "claimant": claim.claimant,
            "amount": claim.amount,
            "transfer": claim.transfer,
            "account": claim.account,
            "repaid": claim.repaid,
            "offence": claim.offence.isoformat() if claim.offence else None,
        }
        for claim in assumptions.claims
    ]
    action = assumptions.action_date
    findings = {
        "bfp": sorted(assumptions.bfp),
        "reverses": dict(assumptions.reverses),
        "linked_to": dict(assumptions.linked_to),
        "backward_for": dict(assumptions.backward_for),
        "consolidate": {pool: list(members) for pool, members in assumptions.consolidate.items()},
        "dissipated": sorted(assumptions.dissipated),
        "fund": list(assumptions.fund),
        "action_date": action.isoformat() if action else None,
        "interest": assumptions.interest.value,
    }
    return {"claims.json": as_json(claims), "assumptions.json": as_json(findings)}


BOOKED = "by time, then posting order"
TIE_RULES = {
    Variant.AS_BOOKED: BOOKED,
    Variant.CREDITS_FIRST: "by time; then external credits, movements inside, payments out; then posting order",
    Variant.DEBITS_FIRST: "by time; then payments out, movements inside, external credits; then posting order",
    Variant.BACKWARD: f"{BOOKED}; a credit linked backward comes just before the debit it funded",
    Variant.CONSOLIDATED: f"{BOOKED}; movements inside a pool are dropped",
    Variant.NO_LINK: f"{BOOKED}; links of cash and settlements are not used",
}
RETURNS = "A return never comes before the payment it returns."


def run_orders(ledger: Ledger, assumptions: Assumptions, answers: Iterable[Answer]) -> dict[Variant, list[str]]:
    """For each variant among the answers the ids of its events in the order in which they run."""
    variants = dict.fromkeys(answer.variant for answer in answers if not answer.skipped)
    return {variant: apply(ledger, assumptions, variant)[0].events["id"].to_pylist() for variant in variants}


def run_file(variant: Variant, order: list[str]) -> dict[str, bytes]:
    content = {"variant": variant.value, "order_is": f"{TIE_RULES[variant]}. {RETURNS}", "order": order}
    return {f"runs/{variant.value or 'as_booked'}.json": as_json(content)}


def answer_files(answer: Answer, id: str, engine: str) -> dict[str, bytes]:
    """results/<key>.json, and for a rule on lots steps/<key>.csv."""
    trace = answer.trace
    content = {
        "key": answer.key,
        "rule": answer.rule.id,
        "variant": answer.variant.value,
        "title": answer.rule.title,
        "recoverable": answer.rule.recoverable,
        "engine": engine,
        "id": id,
        "skipped": answer.skipped,
        "on_lots": trace is not None,
        "accounts": _held(trace) if trace else {id: {"minor": dict(row)} for id, row in answer.table.items()},
    }
    files = {f"results/{answer.key}.json": as_json(content)}
    if trace is not None:
        files[f"steps/{answer.key}.csv"] = as_csv(STEPS, map(_row, trace.movements))
    return files


def _held(trace: Trace) -> dict[str, dict[str, Any]]:
    accounts = {}
    for account, content in trace.content.items():
        held: dict[str, Any] = {"total": trace.totals[account]}
        if account in trace.balances:
            held["balance"] = trace.balances[account]
        accounts[account] = {**held, "nano": dict(content), "minor": dict(trace.row(account))}
    return accounts


def _row(movement: Movement) -> tuple[object, ...]:
    m = movement
    moved = (m.event, m.side, m.leg + 1, m.account, m.amount, cell(m.content))
    parts = (cell(content) for content in (m.before, m.after, m.parts.given, m.parts.repaid, m.parts.protected))
    return (*moved, m.balance_before, m.balance_after, *parts)


def cell(content: Content) -> str:
    """`B=600 OWN=400` in nano units; names percent-encoded so that a space or a sign in them does no harm."""
    return " ".join(f"{quote(owner, safe='')}={quantity}" for owner, quantity in content.items() if quantity)
