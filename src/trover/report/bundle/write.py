"""Write the machine-readable bundle: everything the other side needs to redo the exhibit without Trover."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trover.errors import BundleWrong, InputErrors, StepsNotKept
from trover.ledger.ledger import Ledger
from trover.report import verifier
from trover.report.bundle.archive import write_folder, write_zip
from trover.report.bundle.contents import answer_files, as_json, finding_files, ledger_files, run_file, run_orders
from trover.report.bundle.keys import fingerprint, public_bytes
from trover.report.bundle.readme import readme
from trover.report.bundle.redact import Redaction, mask
from trover.report.bundle.stamp import attach_timestamp
from trover.report.verifier.check import check_bundle, ledger_hash, result_id
from trover.report.verifier.integrity import FORMAT, VERSION, line_marks
from trover.report.verifier.redaction import FULL_EDITION, commitment
from trover.trace.claim import Assumptions
from trover.trace.compare import Answer
from trover.trace.result import ENGINE_VERSION


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """`fingerprint`: of the signing key, for the cover. `path`: the folder; `archive`: the .zip beside it."""

    fingerprint: str
    manifest_sha256: str
    path: Path
    archive: Path


def write_bundle(
    out: str | Path,
    *,
    ledger: Ledger,
    assumptions: Assumptions,
    answers: Sequence[Answer],
    cover: Mapping[str, Any],
    findings: Any,
    sources: Any,
    key: Ed25519PrivateKey,
    timestamp: bytes = b"",
    redact: Redaction | None = None,
) -> BundleInfo:
    """Write folder `out` and `out`.zip. The same input and key give the same bytes.

    answers: from `trover.trace.compare.run(..., steps=True)`. cover, findings, sources: plain data (text,
    whole numbers, truth values, lists and mappings of these) as the exhibit prints them. timestamp: the
    response of an authority for these very bytes (`attach_timestamp` adds one later). redact: write the
    redacted edition. Raises `NotABundle`, `StepsNotKept`, `StampRefused`, and `InputErrors` of `BundleWrong`
    where the verifier, which has an engine of its own, finds another figure than the answers state.
    """
    folder = Path(out)
    plain = {"cover": dict(cover), "findings": findings, "sources": sources}
    if redact is None:
        files = contents(ledger, assumptions, answers, plain)
    else:
        files = redacted(ledger, assumptions, answers, plain, redact)
    results = {answer.key: result_id(answer.key, ENGINE_VERSION, files) for answer in answers}
    files = signed(files, key, results=results, edition="redacted" if redact else "full")
    _check(files, fingerprint(key))
    archive = folder.with_name(folder.name + ".zip")
    write_folder(folder, files)
    write_zip(archive, files)
    if timestamp:
        attach_timestamp(folder, timestamp)
    return BundleInfo(fingerprint(key), hashlib.sha256(files["manifest.json"]).hexdigest(), folder, archive)


def _check(files: dict[str, bytes], expected: str) -> None:
    """A bundle is handed out only if the verifier that it carries finds nothing."""
    report = check_bundle(files, expected)
    if report.failed:
        raise InputErrors([BundleWrong(" / ".join(failure.lines())) for failure in report.failures[:10]])


def redacted(
    ledger: Ledger, assumptions: Assumptions, answers: Sequence[Answer], plain: Mapping[str, Any], how: Redaction
) -> dict[str, bytes]:
    """The files of the redacted edition, with redaction.json, which says what is masked and commits to it."""
    masked = mask(ledger, assumptions, answers, how.keep)
    plain = {name: masked.plain(value) for name, value in plain.items()}
    plain["redaction"] = {
        "full_edition": commitment(FULL_EDITION, how.salt(FULL_EDITION), how.full_manifest_sha256),
        "commitment": "SHA-256 of: 'trover mask', place, salt in hexadecimal, value; LF between them; UTF-8",
        "masked": masked.listed(how),
    }
    return contents(masked.ledger, assumptions, masked.answers, plain)


def contents(
    ledger: Ledger, assumptions: Assumptions, answers: Sequence[Answer], plain: Mapping[str, Any]
) -> dict[str, bytes]:
    """Every file but the manifest and what signs it. `plain`: name of a JSON file -> its content."""
    files = {**ledger_files(ledger), **finding_files(assumptions)}
    files |= {f"{name}.json": as_json(value) for name, value in plain.items()}
    orders = run_orders(ledger, assumptions, answers)
    for variant, order in orders.items():
        files |= run_file(variant, order)
    for answer in answers:
        if answer.trace is not None and orders[answer.variant] and not answer.trace.movements:
            raise StepsNotKept(answer.key)
        files |= answer_files(answer, result_id(answer.key, ENGINE_VERSION, files), ENGINE_VERSION)
    files["verify.py"] = verifier.script().encode()
    files["README.txt"] = readme(answers).encode()
    files["lines.json"] = as_json({name: line_marks(data) for name, data in sorted(files.items())})
    return files


def signed(
    files: Mapping[str, bytes], key: Ed25519PrivateKey, *, results: Mapping[str, str], edition: str = "full"
) -> dict[str, bytes]:
    """`files` with the manifest that lists them, its signature and the public key."""
    manifest = as_json(
        {
            "format": FORMAT,
            "version": VERSION,
            "edition": edition,
            "engine": ENGINE_VERSION,
            "ledger_sha256": ledger_hash(dict(files)),
            "results": dict(results),
            "files": {
                name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                for name, data in sorted(files.items())
            },
        }
    )
    signature = key.sign(manifest).hex() + "\n"
    public = public_bytes(key).hex() + "\n"
    return {**files, "manifest.json": manifest, "manifest.sig": signature.encode(), "signer.pub": public.encode()}
