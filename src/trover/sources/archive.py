"""Archives (zip, tar, gzip) to their members, in memory and within limits: nothing is written, no name is a path.

What an archive says of itself (sizes, names, kinds) is not believed: sizes are counted as they come, and a name is a
text that must look like a plain relative path. A workbook (XLSX, ODS) is a zip too; it is recognised and left whole.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from trover.errors import (
    ArchiveDamaged,
    ArchiveTooLarge,
    InputErrors,
    MemberLocked,
    MemberRefused,
    Place,
    Problem,
    TooDeep,
)
from trover.sources.text import shortened

MIB = 1024 * 1024
TOTAL = 1024 * MIB
"""Bytes of all members together, members of members included."""
COUNT = 10_000
DEEPEST = 3
"""Archives inside one another."""
RATIO = 200
"""Bytes that one byte of an archive may unpack to, once there are more than `SMALL`; statements reach about 30."""
SMALL = 10 * MIB
LONGEST_NAME = 200
SEPARATOR = "!/"
"""Between the path of an archive inside another and the path inside that."""
PIECE = 256 * 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"
_TAR_BLOCK = 512
_LOCKED = 0x1 | 0x40 | 0x2000
"""Marks of a zip member that is encrypted, in itself or in its directory."""
_BY_HAND = "Unpack it by hand and add its files."
HIDDEN = "its name begins with a dot"
Read = Callable[[int], bytes]


@dataclass
class Opened:
    """What one archive holds: path and bytes of each member.

    `problems`: of members that could not be had. `skipped`: path and why, of what a folder would skip too.
    """

    members: list[tuple[str, bytes]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def may_be_archive(data: bytes) -> bool:
    """Whether the first bytes are those of an archive; a workbook looks the same."""
    return data.startswith((*_ZIP, _GZIP)) or _is_tar(data)


def open_archive(name: str, data: bytes) -> Opened | None:
    """Every member, archives inside opened too; None if this is a document that only looks like an archive.

    A member that cannot be had is named in `problems`. Raises `InputErrors` if the whole is damaged or goes beyond
    a limit.
    """
    return _Opener(name, len(data)).open(data, "", 1)


def path_problem(path: str) -> str:
    """What keeps `path` from being the name of a member; empty if nothing does."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or path[1:2] == ":":
        return "has a name that leads to a place of the machine"
    if ".." in parts or "." in parts or "" in parts:
        return "has a name that leads out of the archive"
    if not path.isprintable():
        return "has a name with signs that are not printed"
    if len(parts[-1].encode("utf-8", "surrogateescape")) > LONGEST_NAME or len(path) > 10 * LONGEST_NAME:
        return f"has a name of more than {LONGEST_NAME} bytes"
    return ""


class _Opener:
    """One archive and those inside it, on one budget."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.room = self.most = min(TOTAL, max(SMALL, RATIO * size))
        self.count = 0
        self.opened = Opened()

    def open(self, data: bytes, inside: str, depth: int) -> Opened | None:
        """`inside`: path of the archive within the outermost one."""
        if depth > DEEPEST:
            says = f"archives inside one another are more than the {DEEPEST} that are opened"
            raise InputErrors([TooDeep(depth, self._place(inside), says=says, remedy=_BY_HAND)])
        try:
            if data.startswith(_ZIP):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    if _is_document(archive):
                        return None
                    self._zip(archive, inside, depth)
            elif data.startswith(_GZIP):
                self._gzip(data, inside, depth)
            else:
                self._tar(data, inside, depth)
        except DAMAGED as error:
            raise InputErrors([self._damaged(inside, error)]) from None
        return self.opened

    def _zip(self, archive: zipfile.ZipFile, inside: str, depth: int) -> None:
        infos = archive.infolist()
        self._count(len(infos), inside)
        doubles = {name for name, times in Counter(info.filename for info in infos).items() if times > 1}
        for info in infos:
            path = f"{inside}{info.filename}"
            kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
            if info.filename in doubles:
                self._refuse(path, "stands in the archive more than once under this name")
            elif info.is_dir():
                continue
            elif kind not in (0, stat.S_IFREG):
                self._refuse(path, "is a link or a device and no file")
            elif info.flag_bits & _LOCKED:
                self.opened.problems.append(MemberLocked("", self._place(path)))
            elif self._wanted(info.filename, path):
                try:
                    with archive.open(info) as member:
                        self._add(path, self._content(member.read, inside), depth)
                except DAMAGED as error:
                    self.opened.problems.append(self._damaged(path, error))

    def _tar(self, data: bytes, inside: str, depth: int) -> None:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            seen: set[str] = set()
            for info in archive:
                self._count(1, inside)
                name = info.name.removeprefix("./")
                path = f"{inside}{name}"
                if info.isdir():
                    continue
                if not info.isreg() or info.sparse is not None:
                    self._refuse(path, "is a link, a device or a file with holes")
                elif name in seen:
                    self._refuse(path, "stands in the archive more than once under this name")
                elif self._wanted(name, path):
                    member = archive.extractfile(info)
                    if member is not None:
                        self._add(path, self._content(member.read, inside), depth)
                seen.add(name)
            if data[archive.offset :].strip(b"\x00") or not data.endswith(bytes(_TAR_BLOCK)):
                raise tarfile.ReadError("it does not end as an archive ends")

    def _gzip(self, data: bytes, inside: str, depth: int) -> None:
        content = self._content(_Gunzip(data).read, inside)
        if _is_tar(content):
            self._tar(content, inside, depth)
        else:
            self._count(1, inside)
            last = (inside.removesuffix(SEPARATOR) or self.name).rsplit("/", 1)[-1]
            self._add(f"{inside}{_without_ending(last)}", content, depth)

    def _content(self, read: Read, inside: str) -> bytes:
        """All that `read` gives, on the budget."""
        pieces = []
        while piece := read(PIECE):
            self.room -= len(piece)
            if self.room < 0:
                says = f"unpacks to more than {self.most // MIB} MiB, more than an archive of its size may hold"
                raise InputErrors([ArchiveTooLarge("", self._place(inside), says=says)])
            pieces.append(piece)
        return b"".join(pieces)

    def _add(self, path: str, content: bytes, depth: int) -> None:
        """A member, or what it holds if it is an archive that can be opened."""
        if may_be_archive(content):
            before = len(self.opened.members)
            try:
                if self.open(content, f"{path}{SEPARATOR}", depth + 1) is not None:
                    return
            except InputErrors as errors:
                if not all(isinstance(problem, ArchiveDamaged) for problem in errors.problems):
                    raise
                del self.opened.members[before:]
        self.opened.members.append((path, content))

    def _wanted(self, name: str, path: str) -> bool:
        wrong = path_problem(name)
        if wrong:
            self._refuse(path, wrong)
        elif any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            self.opened.skipped.append((path, HIDDEN))
        else:
            return True
        return False

    def _count(self, more: int, inside: str) -> None:
        self.count += more
        if self.count > COUNT:
            says = f"members are more than the {COUNT:,} that an archive may have"
            raise InputErrors([ArchiveTooLarge(self.count, self._place(inside), says=says)])

    def _refuse(self, path: str, says: str) -> None:
        self.opened.problems.append(MemberRefused("", self._place(path), says=says))

    def _damaged(self, path: str, error: Exception) -> Problem:
        return ArchiveDamaged("", self._place(path), says=f"{ArchiveDamaged.says} ({ascii(str(error))[1:-1][:60]})")

    def _place(self, path: str) -> Place:
        shown = ascii(shortened(path.removesuffix(SEPARATOR)))[1:-1]
        return Place(self.name, f"member {shown}" if path else "")


class _Gunzip:
    """The content of a gzip file, piece by piece; one file may be several joined."""

    def __init__(self, data: bytes) -> None:
        self.rest = data
        self.stream = zlib.decompressobj(wbits=31)

    def read(self, most: int) -> bytes:
        """Up to `most` bytes, empty at the end. Raises `zlib.error` or `EOFError`."""
        while True:
            piece = self.stream.decompress(self.rest, most)
            self.rest = self.stream.unconsumed_tail
            if self.stream.eof:
                self.rest = self.stream.unused_data.lstrip(b"\x00")
                if self.rest:
                    self.stream = zlib.decompressobj(wbits=31)
            if piece:
                return piece
            if not self.rest:
                if not self.stream.eof:
                    raise EOFError("it ends too early")
                return b""


DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    OSError,
    RuntimeError,
    struct.error,
)
"""What the libraries raise for an archive that is not as it should be."""


def _is_document(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a workbook or a text document."""
    names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"]


def _is_tar(data: bytes) -> bool:
    return data[257:262] == b"ustar"


def _without_ending(name: str) -> str:
    """`statement.csv` of `statement.csv.gz`."""
    if path_problem(name):
        return "content"
    return name[: -len(".gz")] if name.lower().endswith(".gz") and len(name) > len(".gz") else f"{name}.content"
