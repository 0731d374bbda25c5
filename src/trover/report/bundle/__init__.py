"""The signed machine-readable bundle of an exhibit, and the check of one."""

from __future__ import annotations

from pathlib import Path

from trover.report.bundle.write import BundleInfo, write_bundle
from trover.report.verifier.findings import Report
from trover.report.verifier.verify import verify

__all__ = ["BundleInfo", "Report", "check", "write_bundle"]


def check(path: str | Path, fingerprint: str = "", *, signer_unchecked: bool = False) -> Report:
    """Check a bundle with the verifier that it carries. `failed` of the report is 0 if everything holds."""
    return verify(str(path), fingerprint, signer_unchecked=signer_unchecked)
