"""The files of a bundle, from a folder or from its .zip, without path tricks and within limits.

The .zip is read by its exact layout (the one Trover writes): entries one after another without gaps,
sorted, with fixed times, nothing before, between or after them. Anything else is refused; whoever has
packed the bundle anew unpacks it and checks the folder.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib

NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9@._-]{0,120}/)?[A-Za-z0-9][A-Za-z0-9@._-]{0,120}")
MAX_FILES = 5_000
MAX_FILE = 512 * 2**20
MAX_TOTAL = 2 * 2**30

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s4B4H3L5H2L")
END = struct.Struct("<4s4H2LH")
DOS_DATE = 33  # 1 January 1980, the earliest a .zip can say
FILE_MODE = (stat.S_IFREG | 0o644) << 16


class Refused(Exception):
    """The container is not one this script opens; the message says where and why."""


def read_bundle(path: str) -> dict[str, bytes]:
    """name -> bytes. Raises Refused."""
    try:
        files = _read_folder(path) if os.path.isdir(path) else _read_zip(path)
    except OSError as error:
        raise Refused(f"{error.filename or path}: cannot be read ({error.strerror})") from None
    lowered: dict[str, str] = {}
    for name in files:
        if lowered.setdefault(name.lower(), name) != name:
            raise Refused(f"{name}: differs from {lowered[name.lower()]} only in capitals")
    return files


def _read_folder(root: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for name in _names(root, ""):
        full = os.path.join(root, *name.split("/"))
        size = os.lstat(full).st_size
        total += size
        _within(name, size, total, len(files) + 1)
        with open(full, "rb") as file:
            files[name] = file.read(size + 1)
        if len(files[name]) != size:
            raise Refused(f"{name}: changed while it was read")
    return files


def _names(root: str, under: str) -> list[str]:
    names: list[str] = []
    for entry in sorted(os.scandir(os.path.join(root, under)), key=lambda entry: entry.name):
        name = under + entry.name
        if entry.is_symlink():
            raise Refused(f"{name}: is a symbolic link; a bundle has only files")
        if entry.is_dir() and not under:
            names += _names(root, name + "/")
        elif not entry.is_file():
            raise Refused(f"{name}: is not a plain file")
        elif not NAME.fullmatch(name):
            raise Refused(f"{name!r}: is not a name a bundle uses; no such file belongs here")
        else:
            names.append(name)
    return names


def _within(name: str, size: int, total: int, count: int) -> None:
    if size > MAX_FILE or total > MAX_TOTAL or count > MAX_FILES:
        raise Refused(f"{name}: more or larger files than a bundle may have")


def _read_zip(path: str) -> dict[str, bytes]:
    if os.path.getsize(path) > MAX_TOTAL:
        raise Refused(f"{path}: larger than a bundle may be")
    with open(path, "rb") as file:
        data = file.read()
    files: dict[str, bytes] = {}
    directory: list[bytes] = []
    at = total = 0
    last = ""
    while data[at : at + 4] == b"PK\x03\x04":
        start = at
        if len(data) < at + LOCAL.size:
            raise Refused(f"{path}: cut off at byte {at}")
        head = LOCAL.unpack_from(data, at)
        crc, packed, size, length = head[6], head[7], head[8], head[9]
        raw = data[at + LOCAL.size : at + LOCAL.size + length]
        name = raw.decode("ascii", "replace")
        if head[1:6] != (20, 0, 8, 0, DOS_DATE) or head[10] or not NAME.fullmatch(name):
            raise Refused(f"{path}: entry {name!r} at byte {at} is not one Trover wrote")
        if name <= last:
            raise Refused(f"{path}: entry {name!r} at byte {at} is double or out of order")
        last = name
        total += size
        _within(name, size, total, len(files) + 1)
        at += LOCAL.size + length
        files[name] = _inflate(data[at : at + packed], size, crc, name)
        at += packed
        directory.append(
            CENTRAL.pack(b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, DOS_DATE, crc, packed, size, length, 0, 0, 0, 0,
                         FILE_MODE, start) + raw
        )  # fmt: skip
    listed = b"".join(directory)
    end = END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(listed), at, 0)
    if data[at:] != listed + end or not files:
        raise Refused(f"{path}: not a .zip that Trover wrote, cut off or changed after byte {at}")
    return files


def _inflate(packed: bytes, size: int, crc: int, name: str) -> bytes:
    opened = zlib.decompressobj(-15)
    try:
        data = opened.decompress(packed, size + 1)
    except zlib.error:
        raise Refused(f"{name}: its compressed data is damaged") from None
    if len(data) != size or not opened.eof or opened.unused_data or zlib.crc32(data) != crc:
        raise Refused(f"{name}: its compressed data is damaged")
    return data
