"""Files in, readings out: what is asked of the sandbox, and what an answer means."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from trover.errors import Place, Problem, ReadingBroke, ReadingTooLarge, ReadingTooMuch, ReadingTooSlow
from trover.sources.archive import TOTAL, may_be_archive
from trover.sources.columns import TooManyRows, WireError
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.sandbox import server
from trover.sources.sandbox.jobs import Crew, Job, run_all
from trover.sources.sandbox.limits import MIB, Limits
from trover.sources.sandbox.members import Archive, archive_of
from trover.sources.sandbox.worker import OPEN, OUT_OF_MEMORY, PIECE, READ
from trover.sources.wire import LONGEST, Received

PlainMapping = Mapping[str, Any]
PACKED = (b"PK\x03\x04", b"%PDF-")
"""How files begin that are compressed inside."""
READER = "trover.sources.reader"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of which nothing was read, and everything that keeps it from being read."""

    source: SourceFile
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What reading one file took: processor time in seconds, and the largest memory in bytes."""

    name: str
    cpu: float
    memory: int


class Sandbox:
    """Reads files by `read_records` of the module `reader`, up to `workers` at once.

    `limits` gives the limits for a size. `forks` says whether a prepared process copies itself for each file.
    """

    def __init__(
        self,
        reader: str = READER,
        workers: int = 0,
        limits: Callable[[int, bool], Limits] = Limits.of,
        forks: bool = sys.platform != "darwin",
    ) -> None:
        self.crew = Crew(reader, workers or _cores(), forks)
        self.limits = limits
        self.spent: list[Spent] = []

    def read_all(self, files: Iterable[tuple[SourceFile, PlainMapping | None]]) -> Iterator[Reading | Refused]:
        """One answer for each file, in order; files ahead of the one handed on are being read meanwhile.

        When it is left early, for whatever reason, no reader goes on.
        """
        jobs = (Job(READ, source, mapping, self._limits(source)) for source, mapping in files)
        for number, job in enumerate(run_all(jobs, self.crew), 1):
            self.spent.append(Spent(job.source.name, job.cpu, job.memory))
            yield _reading(job)
            for tell in _WATCHERS:
                tell(number, job.source.name)

    def opened(self, files: Iterable[SourceFile]) -> Iterator[SourceFile | Archive | Refused]:
        """Each file in order: archives with what they hold or why they are refused, any other file as it is."""
        for source in files:
            yield self._opened(source) if may_be_archive(source.data) else source

    def _limits(self, source: SourceFile) -> Limits:
        return self.limits(source.size, source.data.startswith(PACKED))

    def _opened(self, source: SourceFile) -> SourceFile | Archive | Refused:
        limits = self._limits(source)
        limits = replace(limits, memory=max(limits.memory, 3 * TOTAL), output=TOTAL + 64 * MIB)
        (answer,) = [_archive(job) for job in run_all([Job(OPEN, source, None, limits)], self.crew)]
        return answer


_WATCHERS: list[Callable[[int, str], None]] = []


@contextmanager
def watched(tell: Callable[[int, str], None]) -> Iterator[None]:
    """Have `tell` called after each file with how many have been taken in, and the name of the last."""
    _WATCHERS.append(tell)
    try:
        yield
    finally:
        _WATCHERS.remove(tell)


def read_all(files: Iterable[tuple[SourceFile, PlainMapping | None]]) -> Iterator[Reading | Refused]:
    """Read each file, with the mapping given beside it (plain data, as its YAML says); one answer each, in order."""
    return Sandbox().read_all(files)


def opened(files: Iterable[SourceFile]) -> Iterator[SourceFile | Archive | Refused]:
    """Each file in order: archives with what they hold or why they are refused, any other file as it is."""
    return Sandbox().opened(files)


def read_in_sandbox(
    source: SourceFile, mapping: PlainMapping | None = None, limits: Limits | None = None
) -> Reading | Refused:
    """Read one file in a process of its own."""
    sandbox = Sandbox(workers=1, limits=(lambda size, packed: limits) if limits else Limits.of)
    (answer,) = sandbox.read_all([(source, mapping)])
    return answer


def _reading(job: Job) -> Reading | Refused:
    """What came back, or why nothing did."""
    received = Received(job.source, job.limits.rows)

    def take() -> Reading | tuple[Problem, ...] | str:
        for line in _lines(job.spool.fileno()):
            received.take(line)
        if not received.ended:
            raise WireError("ends in the middle")
        return received.reading or received.problems or received.failure

    answer = _checked(job, take)
    return answer if isinstance(answer, Reading) else Refused(job.source, answer)


def _archive(job: Job) -> SourceFile | Archive | Refused:
    answer = _checked(job, lambda: archive_of(job.source, job.spool.fileno()))
    return Refused(job.source, answer) if isinstance(answer, tuple) else answer


def _checked(job: Job, take: Callable[[], Any]) -> Any:
    """What `take` makes of the answer, or the problems that keep it from being one; a text says why a reader broke."""
    stopped = _stopped(job)
    if stopped is not None:
        return (stopped,)
    place = Place(job.source.name)
    try:
        answer = take()
    except TooManyRows:
        says = f"reading this file gave more than {job.limits.rows:,} rows, more than a file of its size can hold"
        return (ReadingTooMuch("", place, says=says),)
    except WireError as error:
        says = f"the reader broke off at this file, and what it said of it {error}"
        return (ReadingBroke("", place, says=says),)
    if isinstance(answer, str):
        return (ReadingBroke("", place, says=f"the reader broke off at this file ({answer})"),)
    return answer


def _lines(spool: int) -> Iterator[bytes]:
    """The lines of a spool. Raises `WireError` for a line that is too long or not ended."""
    rest, at = b"", 0
    while piece := os.pread(spool, PIECE, at):
        at += len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > LONGEST:
            raise WireError("has a line without end")
    if rest:
        raise WireError("ends in the middle")


def _stopped(job: Job) -> Problem | None:
    """The limit that ended the reader, or what else did; None if it came to its end."""
    place, limits, status = Place(job.source.name), job.limits, job.status or 0
    if job.why == server.TOO_MUCH:
        says = f"reading this file gave more than {limits.output // MIB} MiB, more than a file of its size can hold"
        return ReadingTooMuch("", place, says=says)
    if job.why == server.TOO_SLOW:
        return ReadingTooSlow("", place, says=f"reading this file was stopped after {limits.wall} seconds")
    if job.why == server.LOST:
        says = "the reader broke off at this file and took with it the process that starts readers"
        return ReadingBroke("", place, says=says)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU or (number == signal.SIGKILL and job.cpu >= limits.cpu):
            says = f"reading this file was stopped after {limits.cpu} seconds of processor time"
            return ReadingTooSlow("", place, says=says)
        if number == signal.SIGKILL:
            says = "reading this file was ended by the system, as it does where memory runs out"
            return ReadingTooLarge("", place, says=says)
        return ReadingBroke("", place, says=f"the reader crashed at this file ({_signal_name(number)})")
    code = os.WEXITSTATUS(status)
    if code == OUT_OF_MEMORY:
        says = f"reading this file takes more than {limits.memory // MIB} MiB of memory"
        return ReadingTooLarge("", place, says=says)
    return ReadingBroke("", place, says=f"the reader ended at this file with status {code}") if code else None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _cores() -> int:
    """Cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
