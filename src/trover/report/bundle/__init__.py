"""The signed machine-readable bundle of an exhibit, and the check of one."""

from __future__ import annotations

from pathlib import Path

from trover.report.bundle.redact import Redaction
from trover.report.bundle.stamp import attach_timestamp, stamped, timestamp_request
from trover.report.bundle.write import BundleInfo, write_bundle
from trover.report.verifier.findings import Report
from trover.report.verifier.verify import verify

__all__ = [
    "BundleInfo",
    "Redaction",
    "Report",
    "attach_timestamp",
    "check",
    "stamped",
    "timestamp_request",
    "write_bundle",
]


def check(
    path: str | Path,
    fingerprint: str = "",
    *,
    signer_unchecked: bool = False,
    tsa: bytes = b"",
    revealed: bytes = b"",
) -> Report:
    """Check a bundle with the verifier that it carries. `failed` of the report is 0 if everything holds.

    fingerprint: of the signing key, from outside the bundle; without it the check fails unless
    `signer_unchecked`. tsa: certificates of the time-stamp authority, PEM or DER.
    revealed: JSON list of what `Redaction.reveal` gave, to check it against a redacted edition.
    """
    return verify(str(path), fingerprint, signer_unchecked=signer_unchecked, tsa=tsa, revealed=revealed)
