"""How a Reading crosses the border between processes: lines of JSON, every value checked on arrival.

The side that reads a file is not trusted by the side that keeps the case, so nothing crosses that can run (no
pickle), and what does not have exactly this shape is refused as a whole. A line holds up to `BATCH` rows of one
kind, column by column: columns are checked and made into records without a step of Python for each value.
The hash of the file does not cross; the receiver knows which file it gave out.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from itertools import groupby
from typing import Any, TypeVar

from trover.errors import Problem
from trover.sources.attribution.label import Actor, Concept, Label
from trover.sources.columns import Packer, Unpacker, WireError
from trover.sources.custody import SourceFile
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import Mention
from trover.sources.evidence_record import EvidenceRecord
from trover.sources.reader import Reading
from trover.sources.record import (
    AccountRecord,
    AddressTotals,
    BrokenRow,
    ClaimRecord,
    EventRecord,
    Flags,
    RateRecord,
    Record,
    StatementRecord,
    Unbooked,
)

VERSION = 1
BATCH = 1000
LINE = 4 * 1024 * 1024
"""Characters above which a line is cut in two, as long as it holds more than one row."""
LONGEST = 64 * 1024 * 1024
"""Bytes of the longest line that is accepted."""

RECORDS: dict[str, type[Any]] = {"account": AccountRecord, "event": EventRecord, "statement": StatementRecord}
PARTS: dict[str, type[Any]] = {
    "claims": ClaimRecord,
    "unbooked": Unbooked,
    "broken_rows": BrokenRow,
    "evidence": EvidenceRecord,
    "mentions": Mention,
    "listings": Listing,
    "labels": Label,
    "actors": Actor,
    "concepts": Concept,
    "totals": AddressTotals,
    "rates": RateRecord,
}
KINDS = {kind: name for name, kind in RECORDS.items()}
T = TypeVar("T")


def reading_lines(reading: Reading) -> Iterator[bytes]:
    """`reading` as lines. Raises `WireError` for a row that points to another file than the one read."""
    pack = Packer(reading.source.sha256)
    yield _line(["reading", VERSION, reading.format])
    for kind, run in groupby(reading.records, type):
        yield from _batches(KINDS[kind], list(run), pack.rows)
    for name in PARTS:
        yield from _batches(name, getattr(reading, name), pack.rows)
    for name in ("problems", "remarks"):
        yield from _batches(name, getattr(reading, name), pack.problems)
    yield from _batches("broken", sorted(reading.broken), list)
    for name in ("headers", "stated"):
        yield from _batches(name, list(getattr(reading, name).items()), list)
    for field in fields(Flags):
        value = getattr(reading.flags, field.name)
        plain = sorted(value) if isinstance(value, frozenset) else list(value.items())
        yield from _batches(f"flags.{field.name}", plain, list)
    yield _line(["end"])


def refusal_lines(problems: Iterable[Problem]) -> Iterator[bytes]:
    """A file that cannot be read, with everything wrong with it."""
    yield _line(["refused", VERSION])
    yield from _batches("problems", list(problems), Packer("").problems)
    yield _line(["end"])


def failure_lines(reason: str) -> Iterator[bytes]:
    """A reader that broke off, and at what."""
    yield _line(["failed", VERSION, reason[:200]])
    yield _line(["end"])


def _batches(name: str, rows: Sequence[T], pack: Callable[[Sequence[T]], list[Any]]) -> Iterator[bytes]:
    for start in range(0, len(rows), BATCH):
        yield from _cut(name, rows[start : start + BATCH], pack)


def _cut(name: str, rows: Sequence[T], pack: Callable[[Sequence[T]], list[Any]]) -> Iterator[bytes]:
    line = _line([name, pack(rows)])
    if len(line) <= LINE or len(rows) == 1:
        yield line
        return
    half = len(rows) // 2
    yield from _cut(name, rows[:half], pack)
    yield from _cut(name, rows[half:], pack)


def _line(value: list[Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


class Received:
    """What came back for one file, taken in line by line.

    After the last line: `reading`, or `problems` of a file that cannot be read, or the `failure` of the reader.
    """

    def __init__(self, source: SourceFile, most: int = 10**9) -> None:
        self.source = source
        self.reading: Reading | None = None
        self.problems: tuple[Problem, ...] = ()
        self.failure = ""
        self.ended = False
        self._head: list[Any] = []
        self._unpack = Unpacker(source.sha256, most)
        self._records: list[Record] = []
        self._parts: dict[str, list[Any]] = {}

    def take(self, line: bytes) -> None:
        """One line, without its line feed. Raises `WireError` at anything unexpected."""
        if self.ended:
            raise WireError("goes on after its end")
        with _uncollected():
            self._take(line)

    def _take(self, line: bytes) -> None:
        value = parsed(line)
        if not self._head:
            self._head = _head(value)
        elif value == ["end"]:
            self.ended = True
            self._end()
        else:
            self._take_rows(value)

    def _take_rows(self, value: list[Any]) -> None:
        name, rows = _pair(value)
        allowed = {"reading": _NAMES, "refused": {"problems"}, "failed": set()}
        if name not in allowed[self._head[0]]:
            raise WireError("has a line that does not belong there")
        if name in RECORDS:
            self._records += self._unpack.rows(RECORDS[name], rows)
        else:
            self._parts.setdefault(name, []).extend(self._part(name, rows))

    def _part(self, name: str, rows: Any) -> list[Any]:
        if name in PARTS:
            return self._unpack.rows(PARTS[name], rows)
        if name in ("problems", "remarks"):
            return self._unpack.problems(rows)
        return self._unpack.names(rows) if name in _SETS else self._unpack.pairs(rows)

    def _end(self) -> None:
        kind = self._head[0]
        problems = tuple(self._parts.pop("problems", ()))
        if kind == "failed":
            self.failure = self._head[2]
        elif kind == "refused":
            if not problems:
                raise WireError("refuses the file without a reason")
            self.problems = problems
        else:
            self.reading = self._reading(problems)

    def _reading(self, problems: tuple[Problem, ...]) -> Reading:
        part = self._parts.get
        flags: dict[str, Any] = {
            field.name: frozenset(part(name, ())) if name in _SETS else dict(part(name, ()))
            for field in fields(Flags)
            for name in [f"flags.{field.name}"]
        }
        return Reading(
            source=self.source,
            format=self._head[2],
            records=tuple(self._records),
            problems=problems,
            broken=frozenset(part("broken", ())),
            headers=dict(part("headers", ())),
            stated=dict(part("stated", ())),
            flags=Flags(**flags),
            remarks=tuple(part("remarks", ())),
            **{name: tuple(part(name, ())) for name in PARTS},
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows hold no cycles: looking for some while they are made takes longer than making them."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_SETS = {"broken", *(f"flags.{f.name}" for f in fields(Flags) if str(f.type).startswith("frozenset"))}
_NAMES = {
    *RECORDS,
    *PARTS,
    "problems",
    "remarks",
    "broken",
    "headers",
    "stated",
    *(f"flags.{f.name}" for f in fields(Flags)),
}


def parsed(line: bytes) -> list[Any]:
    """One line: a list that begins with a name. Raises `WireError`."""
    try:
        value = json.loads(line, parse_constant=_no_such, parse_float=_no_such)
    except (ValueError, RecursionError):
        raise WireError("is not JSON of this kind") from None
    if type(value) is not list or not value or type(value[0]) is not str:
        raise WireError("has a line without a name")
    return value


def _no_such(text: str) -> Any:
    raise ValueError(text)


def _head(value: list[Any]) -> list[Any]:
    long = {"reading": 3, "refused": 2, "failed": 3}.get(value[0])
    if len(value) != long or value[1] != VERSION or type(value[1]) is not int or type(value[-1]) not in (str, int):
        raise WireError("does not begin as it should")
    if long == 3 and type(value[2]) is not str:
        raise WireError("does not begin as it should")
    return value


def _pair(value: list[Any]) -> tuple[str, Any]:
    if len(value) != 2:
        raise WireError("has a line with too many parts")
    return value[0], value[1]
