"""Reading many files in processes of their own, several at once, handed on one at a time and in order."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from trover.errors import (
    Place,
    Problem,
    ReadingBroke,
    ReadingTooLarge,
    ReadingTooMuch,
    ReadingTooSlow,
)
from trover.sources.columns import TooManyRows, WireError
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.sandbox import server
from trover.sources.sandbox.limits import MIB, Limits
from trover.sources.sandbox.worker import OUT_OF_MEMORY, PIECE, write_job
from trover.sources.wire import LONGEST, Received

PlainMapping = Mapping[str, Any]
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


@dataclass(eq=False)
class _Job:
    """One file on its way. `again`: the process that starts readers was lost over it once already."""

    source: SourceFile
    mapping: PlainMapping | None
    limits: Limits
    spool: BinaryIO
    again: bool = False
    status: int | None = None
    why: int = server.BY_ITSELF
    spent: Spent | None = None

    @property
    def done(self) -> bool:
        return self.status is not None


class _ServerLost(Exception):
    """The process that starts readers is gone, and every reader with it."""


class _Server:
    """The process that starts readers, as seen from the case."""

    def __init__(self, reader: str, forks: bool) -> None:
        self.owner, self.reader, self.forks = os.getpid(), reader, forks
        self.numbers = 0
        self.jobs: dict[int, _Job] = {}
        self.socket, other = socket.socketpair()
        with other:
            self.process = subprocess.Popen(
                server.command(other.fileno(), reader, forks),
                pass_fds=(other.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self, job: _Job) -> None:
        """Hand `job` over. Raises `_ServerLost`."""
        self.numbers += 1
        self.jobs[self.numbers] = job
        with _unnamed_file() as data:
            write_job(data, job.source, job.mapping, job.limits)
            message = server.START.pack(self.numbers, job.limits.wall, job.limits.output)
            try:
                socket.send_fds(self.socket, [message], [data.fileno(), job.spool.fileno()])
            except OSError:
                raise _ServerLost from None

    def wait(self) -> None:
        """Until one more job is done. Raises `_ServerLost`."""
        try:
            message = self.socket.recv(server.ENDED.size, socket.MSG_WAITALL)
        except OSError:
            message = b""
        if len(message) < server.ENDED.size:
            raise _ServerLost
        number, status, why, cpu, peak = server.ENDED.unpack(message)
        job = self.jobs.pop(number)
        job.status, job.why = status, why
        job.spent = Spent(job.source.name, cpu / 1_000_000, peak * 1024)

    def close(self) -> None:
        """End every reader, and the process that started them."""
        self.socket.close()
        if self.owner == os.getpid():
            self.process.wait()


class Sandbox:
    """Reads files by `read_records` of the module `reader`, up to `workers` at once.

    `limits` gives the limits for a size. `forks` says whether a prepared process copies itself for each file.
    """

    def __init__(
        self,
        reader: str = READER,
        workers: int = 0,
        limits: Callable[[int], Limits] = Limits.of,
        forks: bool = sys.platform != "darwin",
    ) -> None:
        self.reader, self.limits, self.forks = reader, limits, forks
        self.workers = workers or _cores()
        self.spent: list[Spent] = []

    def read_all(self, files: Iterable[tuple[SourceFile, PlainMapping | None]]) -> Iterator[Reading | Refused]:
        """One answer for each file, in order; files ahead of the one handed on are being read meanwhile.

        When it is left early, for whatever reason, no reader goes on.
        """
        waiting = iter(files)
        jobs: deque[_Job] = deque()
        helper = _idle_server(self.reader, self.forks)
        at_rest = False
        try:
            while True:
                try:
                    self._fill(jobs, waiting, helper)
                    if not jobs:
                        break
                    while not jobs[0].done:
                        helper.wait()
                        self._fill(jobs, waiting, helper)
                except _ServerLost:
                    helper.close()
                    helper = _Server(self.reader, self.forks)
                    self._start_again(jobs, helper)
                    continue
                job = jobs.popleft()
                with job.spool:
                    if job.spent:
                        self.spent.append(job.spent)
                    answer = _answer(job)
                yield answer
            at_rest = True
        finally:
            for job in jobs:
                job.spool.close()
            if at_rest:
                _IDLE.append(helper)
            else:
                helper.close()

    def _fill(
        self, jobs: deque[_Job], waiting: Iterator[tuple[SourceFile, PlainMapping | None]], helper: _Server
    ) -> None:
        """Start readers while there is room: for work, and for what waits to be handed on."""
        while len(helper.jobs) < self.workers and len(jobs) < 2 * self.workers:
            following = next(waiting, None)
            if following is None:
                return
            source, mapping = following
            jobs.append(_Job(source, mapping, self.limits(source.size), _unnamed_file()))
            helper.start(jobs[-1])

    def _start_again(self, jobs: deque[_Job], helper: _Server) -> None:
        """Each file that was being read once more, alone: which of them took the others down is not known."""
        for job in [job for job in jobs if not job.done]:
            if job.again:
                job.status, job.why = 0, server.LOST
                continue
            job.again = True
            os.ftruncate(job.spool.fileno(), 0)
            job.spool.seek(0)
            helper.start(job)
            with contextlib.suppress(_ServerLost):
                while not job.done:
                    helper.wait()


def read_all(files: Iterable[tuple[SourceFile, PlainMapping | None]]) -> Iterator[Reading | Refused]:
    """Read each file, with the mapping given beside it (plain data, as its YAML says); one answer each, in order."""
    return Sandbox().read_all(files)


def read_in_sandbox(
    source: SourceFile, mapping: PlainMapping | None = None, limits: Limits | None = None
) -> Reading | Refused:
    """Read one file in a process of its own."""
    sandbox = Sandbox(workers=1, limits=(lambda _: limits) if limits else Limits.of)
    return next(iter(list(sandbox.read_all([(source, mapping)]))))


_IDLE: list[_Server] = []
"""Servers at rest, kept for the next files: starting one costs more than reading a small file."""


def _idle_server(reader: str, forks: bool) -> _Server:
    while _IDLE:
        found = _IDLE.pop()
        usable = found.owner == os.getpid() and found.process.poll() is None
        if usable and (found.reader, found.forks) == (reader, forks):
            return found
        found.close()
    return _Server(reader, forks)


@atexit.register
def _close_idle() -> None:
    while _IDLE:
        _IDLE.pop().close()


def _answer(job: _Job) -> Reading | Refused:
    """What came back, or why nothing did."""
    problem = _stopped(job)
    if problem is None:
        received = Received(job.source, job.limits.rows)
        try:
            _take_in(job.spool.fileno(), received)
        except TooManyRows:
            says = f"reading this file gave more than {job.limits.rows:,} rows, more than a file of its size can hold"
            problem = ReadingTooMuch("", Place(job.source.name), says=says)
        except WireError as error:
            says = f"the reader broke off at this file, and what it said of it {error}"
            problem = ReadingBroke("", Place(job.source.name), says=says)
        else:
            if received.reading is not None:
                return received.reading
            if received.problems:
                return Refused(job.source, received.problems)
            says = f"the reader broke off at this file ({received.failure})"
            problem = ReadingBroke("", Place(job.source.name), says=says)
    return Refused(job.source, (problem,))


def _take_in(spool: int, received: Received) -> None:
    """The lines of a spool. Raises `WireError`, also where the last line is not the end."""
    rest, at = b"", 0
    while piece := os.pread(spool, PIECE, at):
        at += len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            received.take(line)
        if len(rest) > LONGEST:
            raise WireError("has a line without end")
    if rest or not received.ended:
        raise WireError("ends in the middle")


def _stopped(job: _Job) -> Problem | None:
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
        if number == signal.SIGXCPU or (number == signal.SIGKILL and _used_up(job)):
            says = f"reading this file was stopped after {limits.cpu} seconds of processor time"
            return ReadingTooSlow("", place, says=says)
        return ReadingBroke("", place, says=f"the reader crashed at this file ({_signal_name(number)})")
    code = os.WEXITSTATUS(status)
    if code == OUT_OF_MEMORY:
        says = f"reading this file takes more than {limits.memory // MIB} MiB of memory"
        return ReadingTooLarge("", place, says=says)
    return ReadingBroke("", place, says=f"the reader ended at this file with status {code}") if code else None


def _used_up(job: _Job) -> bool:
    return job.spent is not None and job.spent.cpu >= job.limits.cpu


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _unnamed_file() -> BinaryIO:
    """A file without a name, in memory where the system can: it is gone when nobody holds it."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("trover"), "w+b")
    return tempfile.TemporaryFile()


def _cores() -> int:
    """Cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
