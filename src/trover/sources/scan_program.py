"""Tesseract run as a program of its own, with limits on time, memory and output, on one image at a time.

It is given the bytes of the image and a language, and nothing of the case. What is limited and what is not:
docs/how-to/key-paper-statements.md.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from trover.errors import InputErrors, NotTsv, Place, Problem, ScanRefused, TesseractMissing
from trover.sources.custody import SourceFile
from trover.sources.text import shortened

PROGRAM = "tesseract"
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
"""How files in PNG, JPEG and TIFF begin."""
_LANGUAGE = re.compile(r"[A-Za-z0-9_]+(\+[A-Za-z0-9_]+)*", re.ASCII)
_BOUND = """
import os, resource, signal, sys
cpu, memory, output = map(int, sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
for what, most in (
    (resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, output), (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
):
    resource.setrlimit(what, (most, most))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
os.execv(sys.argv[4], sys.argv[4:])
"""
"""Binds itself, then becomes the program."""


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """Of one image: processor time and time in all (seconds), memory and output (bytes)."""

    cpu: int = 120
    wall: int = 300
    memory: int = 2 * 1024**3
    output: int = 64 * 1024**2


def installed() -> str:
    """Path of the program. Raises `InputErrors` with what to install."""
    path = shutil.which(PROGRAM)
    if path is None:
        raise InputErrors([TesseractMissing(PROGRAM)])
    return path


def version(program: str | None = None) -> str:
    """Name and version, as the program says them: tesseract 5.3.0. Raises `InputErrors`."""
    said = _run([program or installed(), "--version"], b"", ScanLimits(cpu=10, wall=30))[1]
    first = said.decode("utf-8", "replace").split("\n", 1)[0].strip()
    if not re.fullmatch(rf"{PROGRAM} v?\d[\w.\-]*", first):
        raise InputErrors([NotTsv(shortened(first), says="is not a version of Tesseract")])
    return first


def read_image(
    image: SourceFile, language: str, segmentation: int, limits: ScanLimits | None = None, program: str | None = None
) -> str:
    """What the program reads in `image`, as its TSV. Raises `InputErrors`."""
    place = Place(image.name)
    if not image.data.startswith(IMAGES):
        says, remedy = "is no image in PNG, JPEG or TIFF", ScanRefused.remedy
        if image.media == "application/pdf":
            remedy = "Make an image of each page first, for example with pdftoppm -r 300 -png, and give those."
        raise InputErrors([ScanRefused(image.media, place, says=says, remedy=remedy)])
    if not _LANGUAGE.fullmatch(language):
        raise InputErrors([ScanRefused(shortened(language), place, says="is not the name of a language, such as eng")])
    path = program or installed()
    words = [path, "stdin", "stdout", "-l", language, "--psm", str(segmentation), "tsv"]
    status, said, complained = _run(words, image.data, limits or ScanLimits())
    if problem := _problem(status, complained.decode("utf-8", "replace"), place):
        raise InputErrors([problem])
    return said.decode("utf-8", "replace")


def _problem(status: int | None, complained: str, place: Place) -> Problem | None:
    if status == 0:
        return None
    if status is None or status == -signal.SIGXCPU:
        return ScanRefused("", place, says="takes longer to read than an image may take")
    if status == -signal.SIGXFSZ:
        return ScanRefused("", place, says="gives more text than an image can hold")
    lines = [line.strip() for line in complained.splitlines() if line.strip()]
    reason = shortened(ascii(lines[-1])[1:-1]) if lines else f"it ended with status {status}"
    return ScanRefused("", place, says=f"cannot be read by Tesseract: {reason}")


def _run(words: Sequence[str], given: bytes, limits: ScanLimits) -> tuple[int | None, bytes, bytes]:
    """Status (None: it was stopped), what it printed and what it complained of. Files are its only way in and out."""
    bound = [sys.executable, "-I", "-c", _BOUND, *map(str, (limits.cpu, limits.memory, limits.output)), *words]
    environment = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    environment |= {"LC_ALL": "C", "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryFile() as image, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        image.write(given)
        image.seek(0)
        process = subprocess.Popen(
            bound, stdin=image, stdout=out, stderr=err, env=environment, cwd="/", start_new_session=True
        )
        status: int | None
        try:
            status = process.wait(limits.wall)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return status, _all(out), _all(err)


def _all(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
