"""Evidence is read once: its bytes, size, SHA-256 and a guess at what it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from trover.errors import InputErrors, NotReadable, Place


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read: nothing reads it a second time, so hash and content cannot part."""

    name: str
    data: bytes
    sha256: str
    media: str
    archive: str = ""
    """SHA-256 of the archive the file was a member of, empty where it came by itself."""
    member: str = ""
    """Its path inside that archive."""

    @property
    def size(self) -> int:
        return len(self.data)


def read_source(path: str | Path) -> SourceFile:
    """Read `path` whole. Raises `InputErrors` if it is not a readable file."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}" if error.strerror else ""
        raise InputErrors([NotReadable(str(path), Place(Path(path).name), says=reason)]) from None
    return source_of(Path(path).name, data)


def source_of(name: str, data: bytes, archive: str = "", member: str = "") -> SourceFile:
    """A source from bytes already in memory: a member of an archive, or a test."""
    return SourceFile(name, data, hashlib.sha256(data).hexdigest(), media_of(data), archive, member)


_SIGNATURES = (
    (b"PK\x03\x04", "application/zip"),
    (b"%PDF-", "application/pdf"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xff\xfe", "text/plain; charset=utf-16"),
    (b"\xfe\xff", "text/plain; charset=utf-16"),
)


def media_of(data: bytes) -> str:
    """The media type the first bytes suggest; a guess for the custody record, never a reading rule."""
    for signature, media in _SIGNATURES:
        if data.startswith(signature):
            return media
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        return "application/json"
    if head[:1] == b"<":
        return "application/xml"
    if b"\x00" in head:
        return "application/octet-stream"
    return "text/csv" if any(sign in head.split(b"\n", 1)[0] for sign in (b",", b";", b"\t")) else "text/plain"
