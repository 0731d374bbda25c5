"""A module that reads badly, as its file's name says: each way in which a reader can fail, planted."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trover.errors import FieldMissing, InputErrors, Place
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer


def read_records(source: SourceFile, mapping: object = None) -> Reading:
    fault = FAULTS.get(source.name.split(".")[0])
    said = fault(source) if fault else "read"
    if isinstance(said, Reading):
        return said
    return Reading(source, str(said), (AccountRecord(Pointer(source.sha256, "", 1), "T", "EUR"),))


def segfault(_: SourceFile) -> None:
    ctypes.string_at(0)


def abort(_: SourceFile) -> None:
    os.abort()


def leave(_: SourceFile) -> None:
    os._exit(7)


def leave_quietly(_: SourceFile) -> None:
    os._exit(0)


def wrong(_: SourceFile) -> None:
    raise IndexError("row \x1b[31m 12 is not there")


def deep(source: SourceFile) -> None:
    deep(source)


def spin(_: SourceFile) -> None:
    while True:
        pass


def sleep(_: SourceFile) -> None:
    time.sleep(1000)


def swallow(_: SourceFile) -> int:
    """Bytes, in pieces, so that the limit is met in the middle."""
    held = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))


def flood(source: SourceFile) -> Reading:
    leg = LegRecord("T", 1)
    pointer = Pointer(source.sha256, "", 1)
    event = EventRecord(pointer, "e", datetime(2020, 1, 1, tzinfo=UTC), "", 1, (leg,), (leg,))
    return Reading(source, "flood", (event,) * 1_000_000)


def babble(_: SourceFile) -> None:
    while True:
        os.write(4, b"x" * 65536)


def lie(_: SourceFile) -> None:
    os.write(4, b'["reading",1,"x"]\n["event",[1,2]]\n')
    os._exit(0)


def refuse(source: SourceFile) -> None:
    raise InputErrors([FieldMissing("x", Place(source.name))])


def _outcome(action: Callable[[], Any]) -> str:
    try:
        action()
    except OSError as error:
        return f"refused: {error.strerror}"
    return "done"


def write(source: SourceFile) -> str:
    return _outcome(lambda: Path(source.data.decode()).write_text("written"))


def remove(source: SourceFile) -> str:
    return _outcome(lambda: Path(source.data.decode()).unlink())


def connect(_: SourceFile) -> str:
    return _outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))


def fork(_: SourceFile) -> str:
    return _outcome(lambda: os.fork() or os._exit(0))


def execute(_: SourceFile) -> str:
    return _outcome(lambda: subprocess.run(["true"], check=False))


def signal_parent(_: SourceFile) -> str:
    return _outcome(lambda: os.kill(os.getppid(), signal.SIGKILL))


def killed(_: SourceFile) -> None:
    signal.raise_signal(signal.SIGKILL)


def first_to_go(_: SourceFile) -> str:
    return Path("/proc/self/oom_score_adj").read_text().strip()


def open_many(_: SourceFile) -> str:
    return _outcome(lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(10_000)])


FAULTS: dict[str, Callable[[SourceFile], object]] = {
    fault.__name__: fault
    for fault in (segfault, abort, leave, leave_quietly, wrong, deep, spin, sleep, swallow, flood, babble, lie, refuse)
} | {
    fault.__name__: fault
    for fault in (write, remove, connect, fork, execute, signal_parent, open_many, killed, first_to_go)
}
