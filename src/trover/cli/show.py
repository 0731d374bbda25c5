"""How things are shown: JSON for machines, tables for people, progress for what takes long."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=list))


def console(*, stderr: bool = False) -> Console:
    """The terminal: its own width, 80 columns where it has none; plain where it is no terminal."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS", "80"))
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """A table with a ruled head; the columns in `numbers` are set right."""
    from rich import box
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0), show_edge=False)
    right = set(numbers)
    for column in columns:
        if column in right:
            shown.add_column(column, justify="right", no_wrap=True)
        else:
            shown.add_column(column, overflow="fold")
    return shown


def progress(steps: Iterable[Any], label: str, total: int) -> Iterator[Any]:
    """`steps` with a bar on standard error, shown only on a terminal and only once it takes a second."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.progress import track

    yield from track(steps, label, total=total, console=console(stderr=True), transient=True)


def person(named: str | None, variable: str) -> str:
    """Who acts: as named, else as the environment says; empty where nobody is."""
    return (named or os.environ.get(variable, "")).strip()


def working(label: str) -> AbstractContextManager[object]:
    """A sign of life on standard error while something runs; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    return console(stderr=True).status(label)
