"""The process that starts readers: prepared once, it makes a copy of itself for each file and watches over it.

It has no thread and reads no evidence, so a copy is clean and is there at once. The case speaks to it through one
socket; when that closes, whatever the reason, every reader is ended and so is this process. What readers say is
passed on unread to a file of the case's, up to the limit of the job, so that a slow case does not slow a reader.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass

from trover.sources.sandbox.seccomp import die_with_parent
from trover.sources.sandbox.worker import PIECE, work

START = struct.Struct("!QQQ")
"""Of the case: number of the job, seconds it may take, bytes it may say; with its two files."""
ENDED = struct.Struct("!QiBQQ")
"""To the case: number of the job, wait status, why it was stopped, processor time (microseconds), memory (KiB)."""
BY_ITSELF, TOO_SLOW, TOO_MUCH, LOST = 0, 1, 2, 3


@dataclass
class _Job:
    """A reader at work. `pipe` is what it says, `spool` where that goes."""

    number: int
    pid: int
    pipe: int
    spool: int
    ends: float
    room: int
    why: int = BY_ITSELF


class Server:
    """Starts and watches readers until the socket closes. `reader`: the module whose `read_records` reads."""

    def __init__(self, control: socket.socket, reader: str, forks: bool) -> None:
        self.control, self.reader, self.forks = control, reader, forks
        self.jobs: dict[int, _Job] = {}
        self.events = selectors.DefaultSelector()
        self.events.register(control, selectors.EVENT_READ)
        self.wake, waker = os.pipe()
        for end in (self.wake, waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker)
        self.events.register(self.wake, selectors.EVENT_READ)

    def run(self) -> None:
        """Until the case hangs up."""
        try:
            while True:
                for key, _ in self.events.select(self._patience()):
                    if key.fileobj is self.control:
                        if not self._take():
                            return
                    elif key.fileobj == self.wake:
                        with contextlib.suppress(BlockingIOError):
                            os.read(self.wake, 4096)
                    elif key.data in self.jobs:
                        self._pass_on(self.jobs[key.data])
                self._stop_the_slow()
                self._bury()
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            for job in self.jobs.values():
                _kill(job.pid)

    def _patience(self) -> float | None:
        waiting = [job.ends for job in self.jobs.values() if not job.why]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _take(self) -> bool:
        """A job; False when the socket is closed."""
        message, files, _, _ = socket.recv_fds(self.control, START.size, 2)
        while message and len(message) < START.size:
            more = self.control.recv(START.size - len(message))
            message = message + more if more else b""
        if len(message) < START.size or len(files) != 2:
            return False
        number, seconds, room = START.unpack(message)
        data, spool = files
        pipe, end = os.pipe()
        pid = self._fork(data, end) if self.forks else self._spawn(data, end)
        os.close(data)
        os.close(end)
        os.set_blocking(pipe, False)
        self.jobs[number] = _Job(number, pid, pipe, spool, time.monotonic() + seconds, room)
        self.events.register(pipe, selectors.EVENT_READ, number)
        return True

    def _fork(self, data: int, pipe: int) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            os.setsid()
            work(self.reader, data, pipe)
        finally:
            os._exit(1)

    def _spawn(self, data: int, pipe: int) -> int:
        """Where a copy of a process is not safe to go on (macOS): a new one, which costs its start."""
        words = _program("trover.sources.sandbox.worker", "work", [self.reader, data, pipe])
        child = subprocess.Popen(words, pass_fds=(data, pipe), start_new_session=True)
        child.returncode = 0
        return child.pid

    def _pass_on(self, job: _Job) -> bool:
        """What the reader has said meanwhile; False when there is no more for now."""
        try:
            piece = os.read(job.pipe, PIECE)
        except BlockingIOError:
            return False
        if not piece:
            self.events.unregister(job.pipe)
            os.close(job.pipe)
            job.pipe = -1
            return False
        job.room -= len(piece)
        if job.room >= 0:
            while piece:
                piece = piece[os.write(job.spool, piece) :]
        elif not job.why:
            self._stop(job, TOO_MUCH)
        return True

    def _stop_the_slow(self) -> None:
        now = time.monotonic()
        for job in self.jobs.values():
            if not job.why and now >= job.ends:
                self._stop(job, TOO_SLOW)

    def _stop(self, job: _Job, why: int) -> None:
        job.why = why
        _kill(job.pid)

    def _bury(self) -> None:
        """Report every reader that has ended."""
        for job in list(self.jobs.values()):
            pid, status, used = os.wait4(job.pid, os.WNOHANG)
            if pid != job.pid:
                continue
            while job.pipe >= 0 and job.room >= 0 and self._pass_on(job):
                continue
            if job.pipe >= 0:
                self.events.unregister(job.pipe)
                os.close(job.pipe)
            os.close(job.spool)
            del self.jobs[job.number]
            cpu = int((used.ru_utime + used.ru_stime) * 1_000_000)
            peak = used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1024
            self.control.sendall(ENDED.pack(job.number, status, job.why, cpu, peak))


def _kill(pid: int) -> None:
    """The reader and whatever it may have started."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def command(control: int, reader: str, forks: bool) -> list[str]:
    """The command that starts a server on the socket with descriptor `control`."""
    return _program(__name__, "serve", [control, reader, forks])


def _program(module: str, function: str, arguments: list[object]) -> list[str]:
    """The command for a Python that finds modules where this one finds them."""
    call = ", ".join(repr(argument) for argument in arguments)
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import {function}; {function}({call})"
    return [sys.executable, "-I", "-c", code]


def serve(control: int, reader: str, forks: bool) -> None:
    """Run a server: load every reader first, so that the copies have them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if forks:
        _load_readers(reader)
    with socket.socket(fileno=control) as connection:
        connection.setblocking(True)
        gc.collect()
        gc.freeze()
        Server(connection, reader, forks).run()


def _load_readers(reader: str) -> None:
    """Import what reading needs. A module that cannot be imported says so where it is used."""
    import trover.sources

    names = [module.name for module in pkgutil.walk_packages(trover.sources.__path__, "trover.sources.")]
    for name in (reader, "_strptime", "zoneinfo", *names):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
