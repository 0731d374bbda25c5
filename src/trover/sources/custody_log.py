"""The chain of custody: who did what to which item, when and with what, each record bound to the one before.

Fields as in rules 6.3. A record's hash is the SHA-256 of its line, signature included; the next record
names it, so that no line can be changed, dropped or moved without the rest of the log showing it. Only
the last hash, held elsewhere, shows that nothing was cut from the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from trover.errors import ChainBroken, InputErrors, Place, Problem, Truncated
from trover.sources.custody import read_source, source_of
from trover.sources.files import write_whole
from trover.sources.strict_json import load_json

START = "0" * 64
"""What the first record names as the record before it."""


@dataclass(frozen=True, slots=True)
class CustodyRecord:
    """One act on one item of evidence. Hashes are SHA-256 in lower-case hexadecimal.

    `utc_time` is ISO 8601 with Z. `tool` names program and version. `prev_record_hash` is set by
    `append`; `signature` signs `signed_text` and may stay empty.
    """

    item_id: str
    action: str
    actor: str
    organisation: str
    utc_time: str
    location: str
    tool: str
    input_hash: tuple[str, ...] = ()
    output_hash: tuple[str, ...] = ()
    prev_record_hash: str = START
    signature: str = ""

    def line(self) -> bytes:
        """The record as the log holds it: one line of JSON, keys in this order, UTF-8, with line feed."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def hash(self) -> str:
        return hashlib.sha256(self.line()).hexdigest()

    def signed_text(self) -> bytes:
        """What a signature of this record signs: its line with an empty signature."""
        return replace(self, signature="").line()


_NAMES = tuple(field.name for field in fields(CustodyRecord))
_LISTS = ("input_hash", "output_hash")


def chained(records: Iterable[CustodyRecord], after: str = START) -> list[CustodyRecord]:
    """The records in order, each naming the one before; signatures fall away where the link changed."""
    result = []
    for record in records:
        linked = record if record.prev_record_hash == after else replace(record, prev_record_hash=after, signature="")
        result.append(linked)
        after = linked.hash()
    return result


def append(path: Path, record: CustodyRecord, sign: Callable[[bytes], str] | None = None) -> CustodyRecord:
    """Add `record` to the log at `path` and return it as written. Raises `InputErrors` if the log is damaged.

    The log is written whole and put in place in one step, so that an interruption leaves it as it was.
    """
    before = path.read_bytes() if path.exists() else b""
    last = verify(before, path.name)
    written = replace(record, prev_record_hash=last, signature="")
    if sign is not None:
        written = replace(written, signature=sign(written.signed_text()))
    write_whole(path, before + written.line())
    return written


def verify(log: bytes | Path, name: str = "custody log") -> str:
    """Check every link of a log; returns the hash of its last record (of an empty log: `START`).

    Raises `InputErrors` naming each line that does not follow from the one before.
    """
    if isinstance(log, Path):
        name, log = log.name, read_source(log).data
    found: list[Problem] = []
    expected = START
    for number, line in enumerate(log.splitlines(keepends=True), 1):
        place = Place(name, row=number)
        if not line.endswith(b"\n"):
            found.append(Truncated("", place))
        try:
            record = record_of(load_json(source_of(name, line)), place)
        except InputErrors as errors:
            found += [problem.at(place) for problem in errors.problems]
            continue
        if record.prev_record_hash != expected:
            found.append(ChainBroken(record.prev_record_hash, place))
        elif record.line() != line:
            found.append(ChainBroken("", place, says="the line is not written as this program writes it"))
        expected = hashlib.sha256(line).hexdigest()
    if found:
        raise InputErrors(found)
    return expected


def read_log(path: Path) -> list[CustodyRecord]:
    """The records of a log, once its chain is verified. Raises `InputErrors`."""
    source = read_source(path)
    verify(source.data, source.name)
    lines = source.data.splitlines()
    return [record_of(load_json(source_of(source.name, line)), Place(source.name)) for line in lines]


def record_of(data: Any, place: Place) -> CustodyRecord:
    """A record from its JSON. Raises `InputErrors` if it does not have exactly the fields of a record."""
    if not isinstance(data, dict) or tuple(data) != _NAMES:
        raise InputErrors([ChainBroken("", place, says="the line does not hold the fields of a custody record")])
    lists = all(isinstance(data[n], list) and all(isinstance(x, str) for x in data[n]) for n in _LISTS)
    if not lists or not all(isinstance(data[n], str) for n in _NAMES if n not in _LISTS):
        raise InputErrors([ChainBroken("", place, says="a field of this record has the wrong type")])
    values: dict[str, Any] = {name: tuple(data[name]) if name in _LISTS else data[name] for name in _NAMES}
    return CustodyRecord(**values)
