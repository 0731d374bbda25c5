"""Is this the bundle that was signed: key fingerprint, signature, size and hash of every file, none extra."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from trover.report.verifier.ed25519 import signature_holds
from trover.report.verifier.findings import Report, missing_and_extra
from trover.report.verifier.strict import HEX64, Unreadable, member, read_json, text_map, typed

FORMAT, VERSION = "trover bundle", 1
UNLISTED = ("manifest.json", "manifest.sig", "signer.pub")
OPTIONAL = ("timestamp.tsr",)
NEEDED = ("README.txt", "accounts.csv", "also.csv", "assumptions.json", "claims.json", "cover.json", "events.csv",
          "findings.json", "legs.csv", "lines.json", "sources.json", "verify.py")  # fmt: skip


class Manifest:
    def __init__(self, data: bytes) -> None:
        file = "manifest.json"
        content = read_json(data, file)
        stated = member(content, "format", str, file), member(content, "version", int, file)
        if stated != (FORMAT, VERSION):
            raise Unreadable(file, f"is {stated[0]!r} version {stated[1]}, not {FORMAT!r} version {VERSION}")
        self.edition: str = member(content, "edition", str, file)
        self.engine: str = member(content, "engine", str, file)
        self.ledger: str = member(content, "ledger_sha256", str, file)
        self.results = text_map(member(content, "results", dict, file), file, "results")
        self.files: dict[str, tuple[int, str]] = {}
        for name, entry in member(content, "files", dict, file).items():
            self.files[name] = member(entry, "bytes", int, file), member(entry, "sha256", str, file)


def grouped(fingerprint: str) -> str:
    """The fingerprint as it is printed: groups of four."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def ungrouped(text: str) -> str:
    """64 small hex digits from however it was typed. Raises ValueError."""
    plain = re.sub(r"[\s:-]", "", text).lower()
    if not HEX64.fullmatch(plain):
        raise ValueError(f"{text!r} is not a fingerprint: 64 hexadecimal digits, spaces allowed")
    return plain


def check_integrity(report: Report, files: dict[str, bytes], fingerprint: str) -> Manifest | None:
    """`fingerprint` is 64 hex digits, or empty where the signer is not to be checked."""
    absent = [name for name in UNLISTED if name not in files]
    for name in absent:
        report.fail("is missing", name)
    if absent:
        return None
    _check_signature(report, files, fingerprint)
    manifest = Manifest(files["manifest.json"])
    missing, extra = missing_and_extra([*manifest.files, *UNLISTED], [name for name in files if name not in OPTIONAL])
    missing += [name for name in NEEDED if name not in manifest.files]
    for name in dict.fromkeys(missing):
        report.fail("is missing", name)
    for name in extra:
        report.fail("is not in the manifest: it does not belong to the bundle", name)
    wrong = [name for name in manifest.files if name in files and not _as_listed(files[name], manifest.files[name])]
    lines = _line_marks(files, "lines.json" in wrong)
    for name in wrong:
        size, digest = manifest.files[name]
        data = files[name]
        report.fail("was changed after signing", name, _changed_line(data, lines.get(name)),
                    expected=f"{size} bytes, SHA-256 {digest}",
                    found=f"{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")  # fmt: skip
    if not report.failed:
        report.check(f"{len(manifest.files)} files have the size and the SHA-256 that the signed manifest lists")
    return manifest


def _as_listed(data: bytes, listed: tuple[int, str]) -> bool:
    return (len(data), hashlib.sha256(data).hexdigest()) == listed


def _check_signature(report: Report, files: dict[str, bytes], fingerprint: str) -> None:
    public = _hex(report, files, "signer.pub", 32)
    signature = _hex(report, files, "manifest.sig", 64)
    if public is None or signature is None:
        return
    printed = hashlib.sha256(public).hexdigest()
    report.facts["fingerprint"] = printed
    if fingerprint and fingerprint != printed:
        says = "this is another key than the one whose fingerprint was given: the bundle was signed by somebody else"
        report.fail(says, "signer.pub", expected=grouped(fingerprint), found=grouped(printed))
    if not signature_holds(public, files["manifest.json"], signature):
        says = "the signature does not hold: manifest.json, manifest.sig or signer.pub was changed"
        report.fail(says, "manifest.sig")
    elif not report.failed:
        whose = "of the key whose fingerprint was given" if fingerprint else "of the key in signer.pub (NOT checked)"
        report.check(f"the Ed25519 signature of the manifest is {whose}")


def _hex(report: Report, files: dict[str, bytes], name: str, size: int) -> bytes | None:
    if not re.fullmatch(rb"[0-9a-f]{%d}\n" % (2 * size), files[name]):
        report.fail(f"is not {2 * size} hexadecimal digits and a line end", name)
        return None
    return bytes.fromhex(files[name].decode("ascii"))


def _line_marks(files: dict[str, bytes], damaged: bool) -> dict[str, Any]:
    """Short hashes of lines: they only help to say where a file was changed."""
    if damaged or "lines.json" not in files:
        return {}
    try:
        return dict(typed(read_json(files["lines.json"], "lines.json"), dict, "lines.json", "the content"))
    except Unreadable:
        return {}


def line_marks(data: bytes) -> str:
    """Eight hex digits of the SHA-256 of each line, joined."""
    return "".join(hashlib.sha256(line).hexdigest()[:8] for line in data.split(b"\n"))


def _changed_line(data: bytes, marks: Any) -> int:
    if not isinstance(marks, str):
        return 0
    now = line_marks(data)
    for at in range(0, max(len(now), len(marks)), 8):
        if now[at : at + 8] != marks[at : at + 8]:
            return at // 8 + 1
    return 0
