"""Small samples of every format, ways to spoil them, and what must hold of whatever comes of it.

Readers are found by the registry and samples by their content, so a new reader is attacked as soon as it is there.
A sample is a file of this folder's `samples` (`<name>.mapping.yml` beside a table), or any small file of tests/errors.
"""

from __future__ import annotations

import io
import os
import re
import signal
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import strategies as st
from tests.effort import some
from tests.sources.readings import read_or_problems

from trover.errors import Problem
from trover.sources.custody import SourceFile, read_source, source_of
from trover.sources.mapping import Mapping, read_mapping
from trover.sources.reader import Reading, readers
from trover.sources.sandbox import Limits
from trover.sources.wire import Received, reading_lines, refusal_lines

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
SMALL = 32 * 1024
LARGE = 1024 * 1024
"""Bytes of the longest line made of one line again and again: a spoiled file spoiled again must not fill the memory."""
PLACES = some(1500)
"""Places of a file that are tried one by one: every one of a small text, some of a PDF."""
EXAMPLES = int(os.environ.get("TROVER_FUZZ") or some(120))
"""Spoiled files for each reader: TROVER_FUZZ=20000 for a night's worth."""
PATIENCE = 20
"""Seconds of processor time that a small file may take; the slowest takes milliseconds."""
LONGEST_LINE = 2000
"""Characters of the longest message that a person is shown."""


@dataclass(frozen=True)
class Sample:
    """A small file, the reader that recognises it, and its mapping if it needs one."""

    name: str
    data: bytes
    reader: str
    mapping: Mapping | None


@cache
def samples() -> tuple[Sample, ...]:
    """Every small sample that a reader recognises."""
    folders = (HERE / "samples", HERE.parent / "errors")
    paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    found = (_sample(path) for path in paths if path.suffix not in (".yml", ".expected", ".py"))
    return tuple(sample for sample in found if sample is not None)


def good_samples() -> tuple[Sample, ...]:
    """Those that are read without a problem."""
    names = {path.name for path in (HERE / "samples").iterdir()}
    return tuple(sample for sample in samples() if sample.name in names)


def _sample(path: Path) -> Sample | None:
    source = read_source(path)
    reader = next((reader.name for reader in readers() if reader.sniff(source)), "")
    if not reader or source.size > SMALL or not source.data.strip(b"\x00 \n"):
        return None
    own, default = path.with_suffix(".mapping.yml"), path.parent / "default.mapping.yml"
    needed = path.suffix in (".csv", ".xlsx")
    mapping = read_mapping(own if own.exists() else default) if own.exists() or (needed and default.exists()) else None
    return Sample(path.name, source.data, reader, mapping)


def assert_read_or_refused(
    data: bytes, mapping: Mapping | None, name: str = "hostile.bin"
) -> Reading | tuple[Problem, ...]:
    """What comes of reading `data`, once everything is asserted that must hold whatever comes of it."""
    source = source_of(name, data)
    with _within(PATIENCE):
        read = read_or_problems(source, mapping)
    if isinstance(read, Reading):
        _assert_of_a_reading(read, mapping)
    else:
        _assert_of_problems(read, source, mapping)
        assert read, "refused without a reason"
    return read


def _assert_of_a_reading(reading: Reading, mapping: Mapping | None) -> None:
    limits, lines = Limits.of(reading.source.size), list(reading_lines(reading))
    assert sum(map(len, lines)) <= limits.output
    received = Received(reading.source, limits.rows)
    for line in lines:
        received.take(line[:-1])
    assert received.reading is not None
    assert received.reading.records == reading.records
    inside = [problem for row in reading.broken_rows for problem in row.problems]
    _assert_of_problems((*reading.problems, *reading.remarks, *inside), reading.source, mapping)
    for row in (*reading.records, *reading.unbooked, *reading.broken_rows, *reading.claims):
        assert row.pointer.sha256 == reading.source.sha256


def _assert_of_problems(problems: tuple[Problem, ...], source: SourceFile, mapping: Mapping | None) -> None:
    for problem in problems[:50]:
        shown = str(problem)
        assert len(shown) <= LONGEST_LINE, shown[:300]
        assert shown.isprintable(), ascii(shown)
        assert problem.remedy.endswith(".")
        assert source.name in shown or (mapping and problem.place.file == mapping.name), shown
    list(refusal_lines(problems))


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"took more than {seconds} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def truncations(data: bytes) -> Iterator[bytes]:
    """`data` cut at every boundary, at `PLACES` of them where there are more."""
    return (data[:end] for end in places(data))


def places(data: bytes, one_in: int = 1) -> range:
    """Where to spoil `data` one place after the other."""
    return range(0, len(data), max(one_in, len(data) // PLACES * one_in))


DOCTYPES = (
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
    b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
)
STRANGE = (
    "0000-00-00 0001-01-01 9999-12-31 99999-01-01 2021-02-30 2021-13-01 1900-02-29 00000000 20210229 991231 000000 "
    "0 -0 00 -1 +1 1. .1 1,1,1 1.1.1 1e999 1E+5 -1e-999 NaN nan Infinity -inf 0x10 1_000 1'000 - -- + 1- (1) "
    "\u0663\u0664 \u00b2 \u2460 \u00bd \u0be7 \uff11\uff12 \u22125 \u221e EUR XXX eur \u202e1 \u200b1 \ufeff1 &e; &a; "
    "../../etc/passwd =1+1 \\ ' \" \\0 \\u0000 null true [] {} <x> </x> <![CDATA[ --> ?> :61: :86: {4: -} {1500} "
).split()
STRANGE += ["", " ", "\n", "\r", "\t", "\x00", "\x1b[31m", "\u2028", "\x85", "<STMTTRN>", "x" * 201, "x" * 20_001]
STRANGE += ["9" * 38, "9" * 39, "1" + "0" * 400, "9" * 5000, "(" * 5000, "[" * 5000, "<a>" * 5000, "{" * 5000]
BAD_BYTES = (b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5", b"\x80", b"\x00", b"\xef\xbb\xbf", b"\x81", b"\r")
_TOKEN = re.compile(rb"[A-Za-z0-9.,+-]+")
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "cp1251", "cp866", "utf-7", "cp037")


def _token(draw: st.DrawFn, data: bytes) -> bytes:
    """One word of the file replaced by a strange one."""
    words = list(_TOKEN.finditer(data))
    if not words:
        return data
    word = draw(st.sampled_from(words))
    return data[: word.start()] + draw(st.sampled_from(STRANGE)).encode() + data[word.end() :]


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        changed[draw(st.integers(0, len(data) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(changed)


def _splice(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data)))
    inserted = draw(st.sampled_from([*BAD_BYTES, *DOCTYPES]) | st.binary(max_size=6))
    return data[:at] + inserted + data[at + draw(st.integers(0, 3)) :]


def _lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Lines left out, doubled, swapped, or joined into one."""
    lines = data.splitlines(keepends=True)
    at, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    how = draw(st.integers(0, 4))
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(other, lines[at])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif how == 3:
        line = lines[at].rstrip(b"\r\n")
        lines[at] = line * min(3000, LARGE // (len(line) + 1))
    else:
        return b"".join(lines).replace(b"\n", draw(st.sampled_from([b"\r", b"\r\n", b"\r\r\n", b"\x0b", b""])))
    return b"".join(lines)


def _recoded(draw: st.DrawFn, data: bytes) -> bytes:
    """The whole file, or its second half, in another encoding."""
    encoding = draw(st.sampled_from(ENCODINGS))
    at = draw(st.sampled_from([0, len(data) // 2]))
    return data[:at] + data[at:].decode("utf-8", "replace").encode(encoding, "replace")


def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _joined(draw: st.DrawFn, data: bytes) -> bytes:
    """Two formats in one file."""
    other = draw(st.sampled_from(samples())).data
    return draw(st.sampled_from([data + other, other + data, data + data]))


def _inside(draw: st.DrawFn, data: bytes) -> bytes:
    """One part of a workbook spoiled, and the whole packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = {info.filename: old.read(info) for info in old.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error, RuntimeError):
        return data
    filled = sorted(name for name, part in parts.items() if part.strip())
    if not filled:
        return data
    name = draw(st.sampled_from(filled))
    parts[name] = draw(st.sampled_from((_token, _flip, _splice, _lines, _cut)))(draw, parts[name])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return packed.getvalue()


MUTATIONS: tuple[Callable[[Any, bytes], bytes], ...] = (_token, _token, _flip, _splice, _lines, _recoded, _cut, _joined)


@st.composite
def spoiled(draw: st.DrawFn, of: tuple[Sample, ...]) -> tuple[bytes, Mapping | None]:
    """A sample, spoiled in up to three ways."""
    sample = draw(st.sampled_from(of))
    data = sample.data
    for _ in range(draw(st.integers(1, 3))):
        if data.strip():
            ways = (_inside, _inside, _flip) if data.startswith(b"PK") else MUTATIONS
            data = draw(st.sampled_from(ways))(draw, data)
    return data, sample.mapping
