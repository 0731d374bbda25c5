"""A case becomes an exhibit: what the case recorded, laid out for `assemble`, and everything written at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from trover import __version__
from trover.case.admission import Judged
from trover.case.assume import assumptions_of
from trover.case.case import Case
from trover.case.evidence import Held, evidence_of
from trover.case.finding import Finding, Note, plain_body, plain_finding, stamp
from trover.case.open_ends import chain_limits, gap_limits, what_lies
from trover.case.pairing import BARRED, barred_pairs, pairing_in
from trover.case.state import Source
from trover.errors import InputErrors, MissingChoice
from trover.ledger.currency import MINOR_UNITS
from trover.ledger.pair import Candidate, Pair
from trover.report import FORMATS, build
from trover.report.bundle import BundleInfo, Redaction, write_bundle
from trover.report.bundle.keys import fingerprint, load_or_create, redaction_secret, user_key_file
from trover.report.exhibit import assemble
from trover.report.material import (
    AdmittedStatement,
    CitedRecord,
    Cover,
    CustodyEntry,
    Display,
    Document,
    Material,
    OpenSide,
    PersonFinding,
    Software,
)
from trover.sources.keying_joined import KeyedReader, origin
from trover.trace.compare import Answer, run
from trover.trace.result import ENGINE_VERSION
from trover.trace.variant import Variant

QUESTION = (
    "How much of what is claimed can be traced into each account, asset and recipient, under each rule that a "
    "court may apply?"
)
ABOUT = ("caution", "considered", "limit", "disclosure")
"""Notes about these go to the cover, to alternatives considered, to limits and to the disclosure list."""
LEDGER_ORDER = (
    "Rows of one time are taken in the order of the ledger. Where the source prints no running balance that order "
    "is not evidenced; the other orders are shown beside it."
)
CHOSEN_ORDER = (
    "The source does not say in which order the rows of one time were booked. This order is an assumption, printed "
    "first; the opposite one is shown beside it."
)


@dataclass(frozen=True)
class Made:
    """What an exhibit left behind. `exhibit`: the id under which the case records it."""

    exhibit: str
    files: tuple[Path, ...]
    bundle: BundleInfo
    redacted: BundleInfo | None = None


def make_exhibit(
    case: Case,
    out: str | Path,
    keys: Iterable[str] = ("all",),
    *,
    cover: Mapping[str, str] | None = None,
    day: date | None = None,
    key_file: Path | None = None,
    whole: bool = False,
    order: Variant | None = None,
    redacted: bool = False,
    formats: Sequence[str] = FORMATS,
) -> Made:
    """Trace, and write page, workbook, PDF and signed bundle of the case into `out`.

    cover: author, qualification, instruction, version, exhibit_no, declaration, question as they are to be
    printed. whole: show amounts to people without decimals. order: the order of same-time rows that is
    printed first (default: that of the ledger). redacted: write a second bundle that masks who is not
    involved. Raises `InputErrors` where nothing is claimed.
    """
    answers = case.trace(keys, steps=True)
    if not any(answer.trace for answer in answers):
        raise InputErrors([MissingChoice("rule", says="is not among the rules asked for that has steps to print")])
    key = load_or_create(key_file or user_key_file())
    front = _cover(case, dict(cover or {}), day or date.today(), fingerprint(key))
    material = material_of(case, answers, front, whole=whole, order=order)
    results = case.current_results(answer.key for answer in answers)
    folder = Path(out)
    files = build(assemble(material), folder, formats)
    contents: dict[str, Any] = {
        "ledger": material.ledger,
        "assumptions": material.assumptions,
        "answers": answers,
        "cover": _plain_cover(front, {key: result.id for key, result in results.items()}),
        "findings": [plain_finding(finding) for finding in case.findings()],
        "sources": [_plain_source(source) for source in case.sources()],
        "key": key,
    }
    bundle = write_bundle(folder / "bundle", **contents)
    masked = None
    if redacted:
        redaction = Redaction(redaction_secret(key, case.info.name), bundle.manifest_sha256)
        masked = write_bundle(folder / "bundle-redacted", **contents, redact=redaction)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    made = case.exhibit_made(
        bundle.manifest_sha256, [result.id for result in results.values()], [*hashes, bundle.manifest_sha256]
    )
    return Made(made.id, tuple(files), bundle, masked)


def material_of(
    case: Case, answers: Sequence[Answer], cover: Cover, *, whole: bool = False, order: Variant | None = None
) -> Material:
    """Everything the case holds that an exhibit prints."""
    ledger, assumptions, info = case.traced(), case.assumptions(), case.info
    currencies = {account.currency for account in ledger.account_list}
    return Material(
        ledger=ledger,
        assumptions=assumptions,
        answers=answers,
        cover=cover,
        order=answers[0].variant if order is None else order,
        order_reason=LEDGER_ORDER if not order else CHOSEN_ORDER,
        documents=[_document(case, number, source) for number, source in enumerate(case.sources(), 1)],
        statements=[_statement(each) for each in case.statements() if each.is_admitted],
        findings=[_person_finding(finding) for finding in case.findings() if not _is_about(finding, *ABOUT)],
        records=[_record(held) for held in evidence_of(case) if held.findings],
        custody=_custody(case),
        open_sides=_open_sides(case),
        openings={a.id: _opening(a.opening, case.sources()) for a in ledger.account_list if not a.is_external},
        stops=what_lies(case),
        without=_without(case, answers),
        software=Software(__version__, case.derived().hash, engine=ENGINE_VERSION),
        display=Display(
            dict.fromkeys(currencies, 0) if whole else {},
            {c: case.decimals(c) for c in currencies if MINOR_UNITS.get(c) != case.decimals(c)},
        ),
        considered=_notes(case, "considered"),
        limits=[*cover.cautions, *chain_limits(case), *gap_limits(case, answers), *_notes(case, "limit")],
        disclosure=_notes(case, "disclosure"),
        parameters={
            "Case": info.name,
            "Marking": str(info.handling.marking),
            "Legal basis": "; ".join(info.handling.legal_basis) or "not stated",
            "Keep until": str(info.handling.retention or "not stated"),
        },
    )


def _open_sides(case: Case) -> list[OpenSide] | None:
    """Rows whose other side is missing, not decided, or could not be joined; None where no row can have one."""
    pairing, joined = pairing_in(case)
    if not (len(pairing) or pairing.waiting or pairing.unmatched):
        return None
    found: dict[str, OpenSide] = {}
    for row in pairing.unmatched:
        says = f"{row.direction}; no statement of {' or '.join(row.other)} answers it"
        found[row.id] = OpenSide(row.id, row.account, says)
    pending: list[tuple[Pair | Candidate, str]] = [(pair, BARRED) for pair in barred_pairs(pairing, joined)]
    for group in pairing.waiting:
        pending += [(each, f"waits for a person: {group.why}") for each in group.candidates]
    for pair, says in pending:
        for id, account in ((pair.payer, pair.payer_account), (pair.payee, pair.payee_account)):
            found.setdefault(id, OpenSide(id, account, says))
    return list(found.values())


def _cover(case: Case, stated: dict[str, str], day: date, signer: str) -> Cover:
    info = case.info
    blank = Cover(
        title=info.name,
        case=f"{info.name} ({info.reference})" if info.reference else info.name,
        day=day,
        question=QUESTION,
        author=case.author or info.created_by,
        key_fingerprint=signer,
        cautions=tuple(_notes(case, "caution")),
    )
    texts: dict[str, Any] = {name: text for name, text in stated.items() if text}
    return replace(blank, **texts)


def _plain_cover(cover: Cover, results: Mapping[str, str]) -> dict[str, Any]:
    plain = asdict(cover)
    return {**plain, "day": cover.day.isoformat(), "cautions": list(cover.cautions), "results": dict(results)}


def _plain_source(source: Source) -> dict[str, Any]:
    handling = source.handling
    return {
        "sha256": source.sha256,
        "name": source.name,
        "bytes": source.size,
        "added_by": source.added_by,
        "added_at": source.added_at,
        "marking": str(handling.marking),
        "legal_basis": list(handling.legal_basis),
        "retention": str(handling.retention or ""),
    }


def _keyed(case: Case, source: Source) -> str:
    """Who typed a statement from paper; empty for any other source."""
    if source.format != KeyedReader.name:
        return ""
    return origin(source.file(case.source_bytes(source.sha256)))


def _document(case: Case, number: int, source: Source) -> Document:
    described = f"{source.format}, {source.size:,} bytes, {source.handling.marking}"
    return Document(
        id=f"D{number}",
        sha256=source.sha256,
        name=source.name,
        description="; ".join(filter(None, (described, _keyed(case, source)))),
        obtained_under="; ".join(source.handling.legal_basis),
        obtained_on=f"added {source.added_at[:10]} by {source.added_by}",
    )


def _statement(each: Judged) -> AdmittedStatement:
    statement, by = each.statement, each.by
    several = ", ".join(map(str, statement.several_days))
    several = f"More than one order of the rows fits on {several}." if several else ""
    days = sorted({day.isoformat() for day in (statement.start, statement.end) if day})
    return AdmittedStatement(
        id=statement.id,
        sha256=each.source.sha256,
        account=statement.account,
        days=" to ".join(days),
        rows=statement.rows,
        standing=str(statement.standing),
        found=" ".join(filter(None, (statement.problem or statement.reason, several))),
        author=by.author if by else "",
        day=stamp(by.date)[:10] if by else "",
        why=by.reason if by else "",
    )


def _person_finding(finding: Finding) -> PersonFinding:
    body = plain_body(finding.body)
    return PersonFinding(
        id=finding.id,
        kind=finding.kind,
        what=", ".join(f"{name} {value}" for name, value in body.items()),
        author=finding.author,
        day=stamp(finding.date)[:10],
        reason=finding.reason,
        evidence="; ".join(finding.evidence),
        row=str(body.get("transfer", "")),
    )


def _record(held: Held) -> CitedRecord:
    record = held.record
    return CitedRecord(
        id=record.id,
        kind=record.kind.replace("_", " "),
        days=record.days,
        place=record.place,
        parties=record.parties,
        value=held.value,
        document=f"{held.document or 'not in the case'}, page {record.page}, SHA-256 {record.document}",
        text=record.text,
        translation=record.translation,
        findings=held.findings,
    )


def _custody(case: Case) -> list[CustodyEntry]:
    return [
        CustodyEntry(
            item=entry.item,
            action=entry.action,
            actor=entry.actor,
            time=entry.time,
            organisation=entry.organisation,
            place=entry.location,
            tool=entry.tool,
            input_hash=", ".join(entry.inputs),
            output_hash=", ".join(entry.outputs),
            previous=entry.previous,
        )
        for entry in case.store.log()
    ]


def _opening(units: int, sources: Sequence[Source]) -> str:
    names = ", ".join(source.name for source in sources)
    return f"as stated with {names}" if units else f"stated as zero with {names}"


def _without(case: Case, answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """The answers again, each time with one finding left out that is no claim."""
    keys = [answer.key for answer in answers if answer.trace and answer.variant is Variant.AS_BOOKED]
    found = case.findings()
    ledger = case.traced()
    flags = [f for f in found if f.body.traced and not f.body.shapes and f.kind != "claim"]
    return {
        f"without {flag.kind} {flag.id} ({flag.reason})": list(
            run(ledger, assumptions_of([f for f in found if f is not flag], ledger), keys, steps=True)
        )
        for flag in flags
    }


def _notes(case: Case, about: str) -> list[str]:
    return [f.body.text for f in case.findings() if isinstance(f.body, Note) and f.body.about == about]


def _is_about(finding: Finding, *subjects: str) -> bool:
    return isinstance(finding.body, Note) and finding.body.about in subjects
