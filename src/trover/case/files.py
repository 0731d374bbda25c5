"""Folders that are there whole or not at all: filled beside, flushed to the disk, then renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from trover.sources.files import sync_file, sync_folder, write_whole


def write_file(path: Path, data: bytes) -> None:
    """Write `data` to `path`, making its folder; a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Make the folder `path` with what `fill` writes into it; one that is already there is left alone."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    remove(beside)
    beside.mkdir()
    try:
        _fill(beside, fill)
        os.replace(beside, path)
    except BaseException:
        remove(beside)
        raise
    sync_folder(path.parent)


def fill_folder(path: Path, fill: Callable[[Path], None], last: str) -> None:
    """Make the folder `path`, or fill it if it is there. It counts as made when the file `last` is in it."""
    if not path.exists():
        write_folder(path, fill)
        return
    for left in path.iterdir():
        remove(left)
    beside = path / f".{os.getpid()}.tmp"
    beside.mkdir()
    _fill(beside, fill)
    for made in sorted(beside.iterdir(), key=lambda made: made.name == last):
        os.replace(made, path / made.name)
    beside.rmdir()
    sync_folder(path)


def remove(path: Path) -> None:
    """Remove a file or a folder; what cannot be removed stays, and is no part of the case."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _fill(folder: Path, fill: Callable[[Path], None]) -> None:
    fill(folder)
    for path in folder.rglob("*"):
        if path.is_file():
            sync_file(path)
    sync_folder(folder)
