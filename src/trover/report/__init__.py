"""Answers out: the exhibit a person reads. `assemble` makes it, `build` writes it in every format asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trover.errors import UnknownEdition
from trover.sources.files import write_whole

if TYPE_CHECKING:
    from trover.report.exhibit import Exhibit

FORMATS = ("html", "xlsx", "pdf")


def build(exhibit: Exhibit, out_dir: str | Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write `exhibit.html`, `exhibit.xlsx` and `exhibit.pdf` into `out_dir` and return their paths.

    Everything is rendered before anything is written, and each file appears whole or not at all. Raises
    `UnknownEdition` for a format that is none of these.
    """
    rendered = [(f"exhibit.{name}", _renderer(name)(exhibit)) for name in formats]
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in rendered:
        write_whole(folder / name, data)
    return [folder / name for name, _ in rendered]


def _renderer(name: str) -> Callable[[Exhibit], bytes]:
    """Formats are imported when they are needed: their libraries are slow to load."""
    if name == "html":
        from trover.report.html import html

        return html
    if name == "xlsx":
        from trover.report.xlsx import xlsx

        return xlsx
    if name == "pdf":
        from trover.report.pdf import pdf

        return pdf
    raise UnknownEdition(name)
