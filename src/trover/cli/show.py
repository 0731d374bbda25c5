"""How things are shown: JSON for machines, tables for people, progress for what takes long."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from trover.errors import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=list))


def console(*, stderr: bool = False) -> Console:
    """The terminal: its own width, 80 columns where it has none; plain where it is no terminal.

    Square brackets in evidence are square brackets: nothing that is printed is taken for markup.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS", "80"))
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False)


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


MOST = 20
"""Lines of one kind about one file that a person is shown; a file made to flood the screen shows no more."""


def at_most(lines: Sequence[str], of: str, rest: str = "--json lists them all") -> Iterator[str]:
    """The first of `lines`, and how many more there are."""
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"and {len(lines) - MOST:,} more {of}; {rest}"


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


@contextmanager
def reading() -> Iterator[None]:
    """While files are read: how many have been, and which was the last, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.text import Text

    from trover.sources.sandbox import watched

    with console(stderr=True).status("Reading") as sign:

        def tell(number: int, name: str) -> None:
            sign.update(Text(printable(f"Reading: {number:,} taken in, the last {name}")))

        with watched(tell):
            yield
