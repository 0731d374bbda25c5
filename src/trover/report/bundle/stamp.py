"""RFC 3161 time-stamps of a bundle. Nothing here uses a network: the user carries request and response."""

from __future__ import annotations

import hashlib
from pathlib import Path

from trover.errors import NotABundle, Place, StampRefused
from trover.report.bundle.archive import write_folder, write_zip
from trover.report.verifier import timestamp
from trover.report.verifier.container import read_bundle
from trover.report.verifier.findings import Report


def timestamp_request(digest: bytes) -> bytes:
    """The request (.tsq) for a SHA-256 digest, to be sent to an authority; ask for that of `stamped`."""
    return timestamp.request(digest)


def stamped(bundle: Path) -> bytes:
    """SHA-256 of what a time-stamp of this bundle stamps: the signature of its manifest."""
    return hashlib.sha256((bundle / timestamp.STAMPED[0]).read_bytes()).digest()


def attach_timestamp(bundle: Path, tsr: bytes) -> str:
    """Add the authority's response to folder and .zip; returns its time. Raises `NotABundle`, `StampRefused`."""
    if not (bundle / "manifest.json").is_file():
        raise NotABundle(str(bundle), Place(bundle.name), says="is not the folder of a bundle", remedy="Name it.")
    files = {**read_bundle(str(bundle)), timestamp.STAMP: tsr}
    report = Report()
    timestamp.check_timestamp(report, files)
    if report.failed:
        raise StampRefused(timestamp.STAMP, Place(bundle.name), says=report.failures[0].says)
    write_folder(bundle, files)
    write_zip(bundle.with_name(bundle.name + ".zip"), files)
    return str(report.facts["timestamp"]["time"])
