"""Images of a statement to a keying form that a program filled: run Tesseract, place its words, keep every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trover.errors import InputErrors, Problem
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile, read_source, source_of
from trover.sources.keying_form import NamedFile, form_text
from trover.sources.scan_cells import Cell, cells_of, cells_text, form_rows, stated
from trover.sources.scan_layout import Layout, read_layout
from trover.sources.scan_program import installed, read_image, version
from trover.sources.scan_tsv import Page, read_tsv


@dataclass(frozen=True)
class Scan:
    """A form as bytes, and the file of cells that stands beside it. `read_by` is the program with its version."""

    form: bytes
    cells_file: SourceFile
    cells: tuple[Cell, ...]
    read_by: str


def read_scan(images: Sequence[Path], layout: Path, currency: str, cells_name: str) -> Scan:
    """Read images of the pages in their order. Raises `InputErrors` with what is wrong with any of them."""
    program = installed()
    found: list[Problem] = []
    try:
        minor_units(currency)
    except Problem as problem:
        found.append(problem)
    files, layouts = _files(images, found), _files([layout], found)
    if found:
        raise InputErrors(found)
    how = read_layout(layouts[0])
    pages: list[Page] = []
    for file in files:
        try:
            pages += read_tsv(read_image(file, how.language, how.segmentation, program=program), file.name)
        except InputErrors as errors:
            found += errors.problems
    if found:
        raise InputErrors(found)
    return filled(files, pages, how, currency, cells_name, version(program))


def filled(
    files: Sequence[SourceFile], pages: Sequence[Page], layout: Layout, currency: str, cells_name: str, read_by: str
) -> Scan:
    """The form of what was read in `pages`."""
    cells = cells_of(pages, layout)
    beside = source_of(cells_name, cells_text(cells).encode())
    head = {"read by": read_by, "currency": currency, "decimal sign": layout.decimal, "date order": layout.date_order}
    named = [("scan", NamedFile(file.name, file.sha256)) for file in files]
    named.append(("cells", NamedFile(beside.name, beside.sha256)))
    text = form_text(head | stated(cells), named, form_rows(cells))
    return Scan(text.encode("utf-8-sig"), beside, tuple(cells), read_by)


def _files(paths: Sequence[Path], found: list[Problem]) -> list[SourceFile]:
    files = []
    for path in paths:
        try:
            files.append(read_source(path))
        except InputErrors as errors:
            found += errors.problems
    return files
