"""How the members of an archive cross: one line of JSON with their paths and sizes, then their bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from trover.errors import Problem
from trover.sources.archive import COUNT, SEPARATOR, TOTAL, Opened, path_problem
from trover.sources.columns import Packer, Unpacker, WireError
from trover.sources.custody import SourceFile, source_of
from trover.sources.wire import LONGEST, Received, parsed

OPENED, WHOLE = "opened", "whole"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive and its members as sources of their own, each naming the archive it came from.

    `problems`: of members that could not be had. `skipped`: path and why.
    """

    source: SourceFile
    members: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[tuple[str, str], ...]


def opened_pieces(opened: Opened | None) -> Iterator[bytes]:
    """What is said of an archive; None is a document that only looks like one."""
    if opened is None:
        yield json.dumps([WHOLE]).encode("ascii") + b"\n"
        return
    sizes = [[path, len(content)] for path, content in opened.members]
    head = [OPENED, sizes, Packer("").problems(opened.problems), opened.skipped]
    yield json.dumps(head).encode("ascii") + b"\n"
    for _, content in opened.members:
        yield content


def archive_of(source: SourceFile, spool: int) -> SourceFile | Archive | tuple[Problem, ...] | str:
    """What was said of `source`: what it holds, itself, its problems, or why it was not opened.

    Raises `WireError` at anything unexpected.
    """
    with os.fdopen(os.dup(spool), "rb") as file:
        file.seek(0)
        line = file.readline(LONGEST)
        head = parsed(line)
        if head == [WHOLE]:
            return source
        if head[0] == OPENED:
            return _archive(source, head, file)
        received = Received(source)
        for following in (line, *file):
            received.take(following.removesuffix(b"\n"))
        if not received.ended or received.reading is not None:
            raise WireError("ends in the middle")
        return received.problems or received.failure


def _archive(source: SourceFile, head: list[Any], file: BinaryIO) -> Archive:
    if len(head) != 4:
        raise WireError("does not begin as it should")
    unpack = Unpacker("", 4 * COUNT)
    problems, skipped = unpack.problems(head[2]), unpack.pairs(head[3])
    members = []
    for path, size in _sizes(head[1]):
        data = file.read(size)
        if len(data) != size:
            raise WireError("ends in the middle")
        members.append(source_of(path.rsplit("/", 1)[-1], data, source.sha256, path))
    if file.read(1):
        raise WireError("goes on after its end")
    return Archive(source, tuple(members), tuple(problems), tuple(skipped))


def _sizes(value: Any) -> list[tuple[str, int]]:
    """Paths and sizes, once all of them are checked."""
    if type(value) is not list or len(value) > COUNT:
        raise WireError("has members of another shape")
    for pair in value:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str or type(pair[1]) is not int:
            raise WireError("has members of another shape")
        if any(path_problem(part) for part in pair[0].split(SEPARATOR)):
            raise WireError("has a member with the name of a place")
    sizes = [(path, size) for path, size in value]
    if len(dict(sizes)) != len(sizes) or min([0, *(size for _, size in sizes)]) < 0:
        raise WireError("has members of another shape")
    if sum(size for _, size in sizes) > TOTAL:
        raise WireError("holds more than an archive may")
    return sizes
