"""A bundle on disk: a folder and a .zip, each put in place whole, the same bytes every time."""

from __future__ import annotations

import os
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from trover.errors import NotABundle, Place
from trover.report.verifier.container import CENTRAL, DOS_DATE, END, FILE_MODE, LOCAL, NAME


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` as `folder`, replacing an earlier bundle there. Raises `NotABundle` over anything else."""
    if folder.exists() and not (folder / "manifest.json").is_file():
        raise NotABundle(str(folder), Place(folder.name))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, data in files.items():
            _write(fresh / name, data)
        fresh.chmod(0o755)
        _replace_folder(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _replace_folder(fresh: Path, folder: Path) -> None:
    old = fresh.with_name(fresh.name + ".old")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Entries sorted by name, at the earliest time a .zip can say, nothing of this machine in them."""
    with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent, delete=False) as file:
        file.write(zipped(files))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def zipped(files: Mapping[str, bytes]) -> bytes:
    body, directory = bytearray(), bytearray()
    for name in sorted(files):
        assert NAME.fullmatch(name), name
        data, raw, start = files[name], name.encode(), len(body)
        press = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = press.compress(data) + press.flush()
        crc, sizes = zlib.crc32(data), (len(packed), len(data))
        body += LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, DOS_DATE, crc, *sizes, len(raw), 0) + raw + packed
        directory += CENTRAL.pack(b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, DOS_DATE, crc, *sizes, len(raw), 0, 0, 0, 0,
                                  FILE_MODE, start) + raw  # fmt: skip
    end = END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + end)
