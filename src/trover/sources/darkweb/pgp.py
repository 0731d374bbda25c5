"""OpenPGP public keys as text: fingerprint, day of making and user ids, read off the packets (RFC 4880, RFC 9580).

Nothing is verified by the key and nothing decrypted: that a page shows a key does not prove who holds it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

ARMOUR = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----(?P<body>(?:(?!-----).){20,400000}?)-----END PGP PUBLIC KEY BLOCK-----", re.S
)
_HEADER = re.compile(r"(?:Version|Comment|MessageID|Hash|Charset):[^\n]*")
_DATA = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_CRC = re.compile(r"=([A-Za-z0-9+/]{4})\s*$")
_PUBLIC, _USER_ID = 6, 13
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`fingerprint` in capitals; `made` is what the key says of itself. `checked`: the block carries a checksum."""

    fingerprint: str
    made: datetime
    users: tuple[str, ...]
    checked: bool


def read_key(body: str) -> PublicKey:
    """The first key of an armoured block, without its first and last line. Raises `ValueError`."""
    text = _HEADER.sub("", body).strip()
    crc = _CRC.search(text)
    if crc and not crc.group(1).strip("="):
        crc = None
    data = _decoded(text[: crc.start()] if crc else text)
    if crc and _crc24(data) != int.from_bytes(base64.b64decode(crc.group(1)), "big"):
        raise ValueError("fails its checksum")
    fingerprint, made, users = "", None, []
    for tag, content in _packets(data):
        if tag == _PUBLIC and not fingerprint:
            fingerprint, made = _fingerprint(content)
        elif tag == _USER_ID:
            users.append(content.decode("utf-8", "replace")[:LONGEST_ID])
    if made is None:
        raise ValueError("holds no public key")
    return PublicKey(fingerprint, made, tuple(users), crc is not None)


def _decoded(text: str) -> bytes:
    """A page may have put the lines of a block on one line, or folded them otherwise: white space is not data."""
    words = text.split()
    while words and len(words[0]) < 20 and len(words) > 1:
        words.pop(0)
    joined = "".join(words)
    if not _DATA.fullmatch(joined):
        raise ValueError("holds a sign that base64 does not have")
    try:
        return base64.b64decode(joined, validate=True)
    except binascii.Error:
        raise ValueError("is cut off: its base64 does not end as it should") from None


def _crc24(data: bytes) -> int:
    check = 0xB704CE
    for byte in data:
        check ^= byte << 16
        for _ in range(8):
            check <<= 1
            if check & 0x1000000:
                check ^= 0x1864CFB
    return check & 0xFFFFFF


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each packet. Raises `ValueError` where one is longer than what is left."""
    at = 0
    while at < len(data):
        head = data[at]
        if not head & 0x80:
            raise ValueError("holds something that is no packet")
        tag, at, size = _new(data, at + 1, head) if head & 0x40 else _old(data, at + 1, head)
        if at + size > len(data):
            raise ValueError("is cut off: a packet is longer than what is left")
        yield tag, data[at : at + size]
        at += size


def _new(data: bytes, at: int, head: int) -> tuple[int, int, int]:
    first = data[at] if at < len(data) else 255
    if first < 192:
        return head & 63, at + 1, first
    if first < 224:
        return head & 63, at + 2, (first - 192 << 8) + int.from_bytes(data[at + 1 : at + 2], "big") + 192
    if first < 255:
        raise ValueError("holds a packet in parts, which no key has")
    return head & 63, at + 5, int.from_bytes(data[at + 1 : at + 5], "big")


def _old(data: bytes, at: int, head: int) -> tuple[int, int, int]:
    if head & 3 == 3:
        raise ValueError("holds a packet without a length")
    width = 1 << (head & 3)
    return head >> 2 & 15, at + width, int.from_bytes(data[at : at + width], "big")


def _fingerprint(content: bytes) -> tuple[str, datetime]:
    version = content[0] if content else 0
    if version not in (4, 6) or len(content) < 6:
        raise ValueError(f"is a key of version {version}; 4 and 6 are read")
    size = len(content)
    made = datetime.fromtimestamp(int.from_bytes(content[1:5], "big"), UTC)
    if version == 4:
        digest = hashlib.sha1(b"\x99" + size.to_bytes(2, "big") + content, usedforsecurity=False).hexdigest()
    else:
        digest = hashlib.sha256(b"\x9b" + size.to_bytes(4, "big") + content).hexdigest()
    return digest.upper(), made
