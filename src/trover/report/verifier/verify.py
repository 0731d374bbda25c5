"""The command line of the verifier: what to check, what to print, with which status to end."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap

from trover.report.verifier.check import check_bundle
from trover.report.verifier.container import Refused, read_bundle
from trover.report.verifier.findings import Report
from trover.report.verifier.integrity import grouped, ungrouped

WIDTH = 80
MEANING = (
    "Arithmetic and integrity are checked: the files are those that were signed, and the figures follow from the "
    "ledger, the claims and the rules as stated.",
    "NOT checked: whether the claims are true, whether the ledger is complete, and whether a rule is the right one. "
    "Those are for people and for the court.",
)
NO_SIGNER = (
    "THE SIGNER IS NOT CHECKED. Anybody can change a bundle and sign it again with a key of their own. Take the "
    "fingerprint from the cover of the exhibit, on paper or from the author, and give it with --fingerprint."
)


def verify(
    path: str, fingerprint: str = "", *, signer_unchecked: bool = False, tsa: bytes = b"", revealed: bytes = b""
) -> Report:
    """Check the bundle at `path` (folder or .zip). Raises ValueError where the fingerprint is none."""
    expected = ungrouped(fingerprint) if fingerprint else ""
    try:
        report = check_bundle(read_bundle(path), expected, tsa, revealed)
    except Refused as problem:
        report = Report()
        report.fail(str(problem))
    if not expected:
        report.note(NO_SIGNER)
        if not signer_unchecked:
            report.fail("no fingerprint was given, so the signer is not checked", "signer.pub")
    return report


def wrapped(text: str, first: str = "  ", rest: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def as_text(report: Report, path: str) -> str:
    facts = report.facts
    lines = [wrapped(f"Bundle {path}", "", "  ")]
    if "fingerprint" in facts:
        lines += ["Fingerprint of the key that signed it:"]
        lines += ["  " + grouped(facts["fingerprint"][at : at + 32]) for at in (0, 32)]
    lines += [wrapped(check, "  ok    ", "        ") for check in report.checks]
    lines += [wrapped(note, "  note  ", "        ") for note in report.notes]
    for failure in report.failures:
        first, *rest = failure.lines()
        lines.append(wrapped(first, "  FAIL  ", "        "))
        lines += [wrapped(line, "          ", "            ") for line in rest]
    if report.failed > len(report.failures):
        lines += [f"  and {report.failed - len(report.failures)} more"]
    lines.append("")
    if report.failed:
        lines.append(wrapped(f"FAILED: {report.failed} things do not hold. Do not rely on this bundle.", "", ""))
    else:
        lines += [wrapped(sentence, "", "") for sentence in MEANING]
    return "\n".join(lines)


def as_data(report: Report, path: str) -> dict[str, object]:
    """For machines; `meaning` is what success says and does not say."""
    return {
        "bundle": path,
        "ok": not report.failed,
        **report.facts,
        "checks": report.checks,
        "notes": report.notes,
        "failed": report.failed,
        "failures": [failure.data() for failure in report.failures],
        "meaning": list(MEANING) if not report.failed else [],
    }


def parser() -> argparse.ArgumentParser:
    described = argparse.ArgumentParser(description="Check a Trover bundle. Needs Python 3.9 or newer, nothing else.")
    described.add_argument("bundle", help="the folder, or the .zip as it was handed over")
    described.add_argument("--fingerprint", default="", metavar="HEX", help="as printed on the cover of the exhibit")
    described.add_argument("--no-fingerprint", action="store_true", help="check all but who signed")
    described.add_argument("--tsa-cert", metavar="FILE", help="certificate of the time-stamp authority, PEM or DER")
    described.add_argument("--reveal", metavar="FILE", help="masked values handed out by the author, to check them")
    described.add_argument("--json", action="store_true", help="print the findings for machines")
    return described


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        tsa = _read(options.tsa_cert) if options.tsa_cert else b""
        revealed = _read(options.reveal) if options.reveal else b""
        unchecked = options.no_fingerprint
        report = verify(options.bundle, options.fingerprint, signer_unchecked=unchecked, tsa=tsa, revealed=revealed)
    except (ValueError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(as_data(report, options.bundle), indent=1))
    else:
        print(as_text(report, options.bundle))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
