"""The ledger on disk: Parquet parts that are only ever added, and a manifest that names them.

A folder holds `manifest.json` and one folder a part, each with accounts, events, inputs and outputs as
Parquet (zstd). A part is complete in itself: its legs point into its own accounts. What the manifest
does not name does not exist, so an interrupted append leaves the ledger as it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trover.errors import InputErrors, Place, Problem, StoreDamaged
from trover.ledger.join import join
from trover.ledger.ledger import Ledger, with_every_column
from trover.sources.custody import read_source
from trover.sources.files import sync_file, sync_folder, write_whole
from trover.sources.strict_json import load_json

MANIFEST = "manifest.json"
FORMAT = 1
TABLES = ("accounts", "events", "inputs", "outputs")


def append_part(folder: Path, part: Ledger) -> str:
    """Add `part` to the ledger in `folder` (made if absent); returns the name of the new part."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        parts = _manifest(folder)
        name = f"part-{len(parts) + 1:06}"
        files = _write_part(folder, name, part)
        parts.append({"name": name, "events": len(part), "files": files})
        text = json.dumps({"format": FORMAT, "parts": parts}, indent=1)
        write_whole(folder / MANIFEST, text.encode() + b"\n")
    return name


def read_ledger(folder: Path, *, verify: bool = True) -> Ledger:
    """The whole ledger, its parts joined in ledger order; an absent folder is an empty ledger.

    Raises `InputErrors` if a part is missing or (with `verify`) is not what the manifest names.
    """
    return join([_read_part(folder, part, verify) for part in _manifest(folder)])


def _write_part(folder: Path, name: str, part: Ledger) -> dict[str, str]:
    """Write the tables beside their place, flush them, then move the whole part there."""
    temporary, final = folder / f".{name}.tmp", folder / name
    for leftover in (temporary, final):
        if leftover.exists():  # of an append that was interrupted before its manifest
            shutil.rmtree(leftover)
    temporary.mkdir()
    files = {}
    try:
        for table in TABLES:
            path = temporary / f"{table}.parquet"
            pq.write_table(getattr(part, table), path, compression="zstd")
            sync_file(path)
            files[path.name] = _sha256(path)
        sync_folder(temporary)
        temporary.replace(final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(folder)
    return files


def _read_part(folder: Path, part: Mapping[str, Any], verify: bool) -> Ledger:
    found: list[Problem] = []
    tables: dict[str, pa.Table] = {}
    for table in TABLES:
        path = folder / part["name"] / f"{table}.parquet"
        place = Place(f"{folder.name}/{part['name']}/{path.name}")
        try:
            if verify and _sha256(path) != part["files"][path.name]:
                found.append(StoreDamaged("", place))
                continue
            tables[table] = pq.read_table(path, memory_map=True)
        except (OSError, pa.ArrowException) as error:
            found.append(StoreDamaged("", place, says=f"{StoreDamaged.says} ({error})"))
    if found:
        raise InputErrors(found)
    return Ledger(**tables | {"events": with_every_column(tables["events"])})


def _manifest(folder: Path) -> list[dict[str, Any]]:
    path = folder / MANIFEST
    if not path.exists():
        return []
    data = load_json(read_source(path))
    good = isinstance(data, dict) and data.get("format") == FORMAT and isinstance(data.get("parts"), list)
    if not good or not all(_is_part(part) for part in data["parts"]):
        raise InputErrors([StoreDamaged("", Place(f"{folder.name}/{MANIFEST}"))])
    parts: list[dict[str, Any]] = data["parts"]
    return parts


def _is_part(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and isinstance(part.get("name"), str)
        and part["name"].startswith("part-")
        and "/" not in part["name"]
        and isinstance(part.get("files"), dict)
        and set(part["files"]) == {f"{table}.parquet" for table in TABLES}
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time; the lock ends with the process that holds it."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
