"""What a process that reads one file does: bind itself to its limits, read, say what it read, end.

It is given the file and a pipe, and nothing else. Whatever goes wrong in a reader ends here.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, BinaryIO

from trover.errors import InputErrors
from trover.sources.archive import open_archive
from trover.sources.custody import SourceFile
from trover.sources.mapping import mapping_of
from trover.sources.sandbox.limits import Limits, impose
from trover.sources.sandbox.members import opened_pieces
from trover.sources.wire import failure_lines, reading_lines, refusal_lines

OUT_OF_MEMORY = 81
IN, OUT = 3, 4
"""File descriptors, once all others are closed: the file to read, and the pipe that takes what was read."""
PIECE = 1024 * 1024


READ, OPEN = "read", "open"
"""What is to be done with a file: read its rows, or open it as an archive."""


def write_job(file: BinaryIO, task: str, source: SourceFile, mapping: Any, limits: Limits) -> None:
    """What `work` reads: one line of JSON, then the bytes of the source."""
    head = {
        "task": task,
        "name": source.name,
        "sha256": source.sha256,
        "media": source.media,
        "size": source.size,
        "mapping": mapping,
        "limits": asdict(limits),
    }
    file.write(json.dumps(head, default=str).encode("ascii") + b"\n")
    file.write(source.data)
    file.flush()


def work(reader: str, file: int, pipe: int) -> None:
    """Read the job in `file` by `read_records` of the module `reader`, answer to `pipe`; never returns."""
    status = 1
    try:
        high = os.dup(file), os.dup(pipe)
        os.dup2(high[0], IN)
        os.dup2(high[1], OUT)
        os.closerange(OUT + 1, 65536)
        module = importlib.import_module(reader)
        status = _work(module)
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _work(module: Any) -> int:
    with os.fdopen(IN, "rb") as file:
        file.seek(0)
        head = json.loads(file.readline())
        limits = Limits(**head["limits"])
        gc.set_threshold(50_000, 20, 100)
        impose(limits)
        source = SourceFile(head["name"], file.read(head["size"]), head["sha256"], head["media"])
    with os.fdopen(OUT, "wb", buffering=PIECE) as pipe:
        try:
            for line in _lines(module, source, head):
                pipe.write(line)
        except MemoryError:
            return OUT_OF_MEMORY
        except Exception as error:
            pipe.writelines(failure_lines(_what(error)))
    return 0


def _lines(module: Any, source: SourceFile, head: dict[str, Any]) -> Iterable[bytes]:
    plain = head["mapping"]
    try:
        if head["task"] == OPEN:
            return opened_pieces(open_archive(source.name, source.data))
        mapping = None if plain is None else mapping_of(plain)
        reading = module.read_records(source, mapping)
    except InputErrors as errors:
        return refusal_lines(errors.problems)
    return reading_lines(reading)


def _what(error: BaseException) -> str:
    """The error and where in the code it came up, in signs that can be printed anywhere."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {ascii(str(error))[1:-1][:80]}{where}"
