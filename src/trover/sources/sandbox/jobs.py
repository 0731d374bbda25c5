"""Jobs of the sandbox, several at once, done in order: the side of the case."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from trover.sources.custody import SourceFile
from trover.sources.sandbox import server
from trover.sources.sandbox.limits import Limits
from trover.sources.sandbox.worker import write_job


def unnamed_file() -> BinaryIO:
    """A file without a name, in memory where the system can: it is gone when nobody holds it."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("trover"), "w+b")
    return tempfile.TemporaryFile()


@dataclass(eq=False)
class Job:
    """One file on its way. `task` is what is done with it, `spool` takes what is said of it.

    Once it is done: `status` as the system reports it, `why` it was stopped, `cpu` seconds and `memory` bytes used.
    """

    task: str
    source: SourceFile
    mapping: Any
    limits: Limits
    spool: BinaryIO = field(default_factory=unnamed_file)
    status: int | None = None
    why: int = server.BY_ITSELF
    cpu: float = 0.0
    memory: int = 0

    @property
    def done(self) -> bool:
        return self.status is not None


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does jobs: `reader` is the module that reads, `forks` whether a prepared process copies itself."""

    reader: str
    workers: int
    forks: bool


class _Lost(Exception):
    """The process that starts readers is gone, and every reader with it."""


class _Helper:
    """The process that starts readers, as seen from the case."""

    def __init__(self, crew: Crew) -> None:
        self.owner, self.kind = os.getpid(), (crew.reader, crew.forks)
        self.numbers = 0
        self.jobs: dict[int, Job] = {}
        self.socket, other = socket.socketpair()
        with other:
            self.process = subprocess.Popen(
                server.command(other.fileno(), crew.reader, crew.forks),
                pass_fds=(other.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self, job: Job) -> None:
        """Hand `job` over. Raises `_Lost`."""
        self.numbers += 1
        self.jobs[self.numbers] = job
        with unnamed_file() as data:
            write_job(data, job.task, job.source, job.mapping, job.limits)
            message = server.START.pack(self.numbers, job.limits.wall, job.limits.output)
            try:
                socket.send_fds(self.socket, [message], [data.fileno(), job.spool.fileno()])
            except OSError:
                raise _Lost from None

    def wait(self) -> None:
        """Until one more job is done. Raises `_Lost`."""
        try:
            message = self.socket.recv(server.ENDED.size, socket.MSG_WAITALL)
        except OSError:
            message = b""
        if len(message) < server.ENDED.size:
            raise _Lost
        number, status, why, cpu, memory = server.ENDED.unpack(message)
        job = self.jobs.pop(number)
        job.status, job.why, job.cpu, job.memory = status, why, cpu / 1_000_000, memory * 1024

    def close(self) -> None:
        """End every reader, and the process that started them."""
        self.socket.close()
        if self.owner == os.getpid():
            self.process.wait()


def run_all(jobs: Iterable[Job], crew: Crew) -> Iterator[Job]:
    """Each job once it is done, in order; jobs ahead of it go on meanwhile, until the iterator is closed.

    The spool of a job is closed when the next is asked for.
    """
    waiting, started = iter(jobs), deque[Job]()
    helper, at_rest = _at_rest(crew), False
    try:
        while True:
            try:
                _start(started, waiting, helper, crew.workers)
                while started and not started[0].done:
                    helper.wait()
                    _start(started, waiting, helper, crew.workers)
            except _Lost:
                helper.close()
                _one_by_one([job for job in started if not job.done], crew)
                helper = _Helper(crew)
                continue
            if not started:
                break
            job = started.popleft()
            with job.spool:
                yield job
        at_rest = True
    finally:
        for job in started:
            job.spool.close()
        if at_rest:
            _AT_REST.append(helper)
        else:
            helper.close()


def _start(started: deque[Job], waiting: Iterator[Job], helper: _Helper, workers: int) -> None:
    """Start jobs while there is room: for work, and for what waits to be handed on."""
    while len(helper.jobs) < workers and len(started) < 2 * workers:
        job = next(waiting, None)
        if job is None:
            return
        started.append(job)
        helper.start(job)


def _one_by_one(jobs: Iterable[Job], crew: Crew) -> None:
    """Jobs that were lost together, each once more and alone: which of them took the others down is not known."""
    for job in jobs:
        job.spool.truncate(0)
        job.spool.seek(0)
        helper = _Helper(crew)
        try:
            helper.start(job)
            helper.wait()
        except _Lost:
            job.status, job.why = 0, server.LOST
        finally:
            helper.close()


_AT_REST: list[_Helper] = []
"""Kept for the next files: starting one takes longer than reading a small file."""


def _at_rest(crew: Crew) -> _Helper:
    while _AT_REST:
        found = _AT_REST.pop()
        if found.owner == os.getpid() and found.process.poll() is None and found.kind == (crew.reader, crew.forks):
            return found
        found.close()
    return _Helper(crew)


@atexit.register
def _close() -> None:
    while _AT_REST:
        _AT_REST.pop().close()
