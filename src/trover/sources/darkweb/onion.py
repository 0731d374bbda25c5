"""Names of onion services: version 3 carries a checksum (Tor rend-spec-v3), version 2 carries none."""

from __future__ import annotations

import base64
import hashlib

LONG, SHORT = 56, 16


def onion_version(name: str) -> str:
    """`v2` or `v3` for the label before .onion. Raises `ValueError` saying what is wrong."""
    label = name.lower().removesuffix(".onion").rpartition(".")[2]
    if len(label) == SHORT:
        return "v2"
    if len(label) != LONG:
        raise ValueError(f"has {len(label)} signs; there are {SHORT} or {LONG}")
    try:
        data = base64.b32decode(label.upper())
    except ValueError:
        raise ValueError("holds a sign that base32 does not have") from None
    key, checksum, version = data[:32], data[32:34], data[34:]
    if version != b"\x03":
        raise ValueError(f"is of version {version[0]}")
    if hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2] != checksum:
        raise ValueError("fails its checksum")
    return "v3"
