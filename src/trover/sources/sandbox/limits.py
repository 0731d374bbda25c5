"""How much a reader may take for one file, and how the kernel is told.

The limits follow from the size of the file alone, so the same file is read or refused on every machine.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from dataclasses import dataclass

from trover.sources.sandbox.seccomp import confine

MIB = 1024 * 1024
PACKED = 15
LARGEST_MEMORY = 6 * 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file: processor time and time in all (seconds), memory and what is said of it (bytes), rows, open files.

    `memory` is what the reader may take beyond what it starts with, the file itself included. `rows` counts
    records, their legs, problems and whatever else comes one by one.
    """

    cpu: int
    wall: int
    memory: int
    output: int
    rows: int
    files: int = 64

    @classmethod
    def of(cls, size: int, packed: bool = False) -> Limits:
        """For a file of `size` bytes: several times what the slowest reader was seen to need, and a floor.

        `packed`: it is compressed inside (a workbook, a PDF), and counts as what it may unpack to.
        """
        size = size * PACKED if packed else size
        cpu = 60 + 4 * (size // MIB)
        return cls(
            cpu=cpu,
            wall=4 * cpu,
            memory=min(512 * MIB + 24 * size, LARGEST_MEMORY),
            output=64 * MIB + 32 * size,
            rows=100_000 + 4 * size,
        )


def impose(limits: Limits) -> None:
    """Bind this process and all it will ever be to `limits`, and close what a reader has no use for.

    Private memory is limited (RLIMIT_DATA), not address space (RLIMIT_AS): the libraries that are loaded map
    gigabytes they never touch. Where the kernel does not count private mappings (macOS) memory has no limit.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 5))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.files, limits.files))
    _no_more_processes()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _first_to_go()
    data = limits.memory + _private_memory()
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    confine()


def _no_more_processes() -> None:
    """Not binding for the administrator, nor where the user already runs more than none: `confine` is."""
    if sys.platform == "linux" and os.getuid() != 0:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _first_to_go() -> None:
    """Where memory runs out all the same, the system ends a reader before the process that keeps the case (Linux)."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")


def _private_memory() -> int:
    """Bytes that count against RLIMIT_DATA before the reader begins."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            sizes = [line.split()[1] for line in status if line.startswith("VmData:")]
        return int(sizes[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 256 * MIB
