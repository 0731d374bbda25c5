"""Words of scanned pages to cells of a keying form, by a declared layout; each cell keeps its confidence and box.

What a program reads is a reading and no evidence: the form says that a program filled it, and a person types the other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trover.errors import InputErrors, NotAForm, Place, Problem
from trover.sources.amounts import AmountStyle
from trover.sources.keying_form import MONEY, guarded, unguarded
from trover.sources.scan_layout import CONTINUED, WHOLE, Area, Layout
from trover.sources.scan_tsv import SURE, Box, Page, Word

CELLS = ("page", "line", "field", "text", "typed", "confidence", "left", "top", "width", "height")
"""Columns of the file of cells. `text` is as read, `typed` as put into the form; confidence in percent."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `line` is the row counted on its page, 0 for a field of the statement; `field` is empty for a word
    that stands in no column. `confidence` is that of its least certain word, in hundredths of a percent."""

    page: int
    line: int
    field: str
    text: str
    typed: str
    confidence: int
    box: Box


def cells_of(pages: Sequence[Page], layout: Layout) -> list[Cell]:
    """Every word of the pages in exactly one cell."""
    found: list[Cell] = []
    for number, page in enumerate(pages, 1):
        left = list(page.words)
        for name, area in layout.fields.items():
            if area.page != number:
                continue
            inside = [word for word in left if _within(word, area, page)]
            left = [word for word in left if not _within(word, area, page)]
            if inside:
                found.append(_cell(number, 0, name, inside, layout))
        found += _rows(number, page, left, layout)
    return found


def _rows(number: int, page: Page, words: Iterable[Word], layout: Layout) -> list[Cell]:
    placed = [(word, _column(word, page, layout)) for word in words]
    outside = [_cell(number, 0, "", [word], layout) for word, column in placed if not column]
    rows: list[dict[str, list[Word]]] = []
    for line in _lines([(word, column) for word, column in placed if column]):
        names = {column for _, column in line}
        if not rows or names - set(CONTINUED):
            rows.append({})
        for word, column in line:
            rows[-1].setdefault(column, []).append(word)
    return [
        *(_cell(number, line, name, row[name], layout) for line, row in enumerate(rows, 1) for name in row),
        *outside,
    ]


def _lines(placed: Sequence[tuple[Word, str]]) -> list[list[tuple[Word, str]]]:
    """Words whose middles lie within one another's height stand on one line; each line from left to right."""
    lines: list[list[tuple[Word, str]]] = []
    for word, column in sorted(placed, key=lambda item: item[0].box.middle[1]):
        first = lines[-1][0][0].box if lines else None
        if first is not None and word.box.middle[1] <= first.bottom:
            lines[-1].append((word, column))
        else:
            lines.append([(word, column)])
    return [sorted(line, key=lambda item: item[0].box.left) for line in lines]


def _column(word: Word, page: Page, layout: Layout) -> str:
    return next((name for name, area in layout.columns.items() if _within(word, area, page)), "")


def _within(word: Word, area: Area, page: Page) -> bool:
    """Whether the middle of the word lies in the area."""
    x, y = word.box.middle
    across = area.left * page.width <= x * WHOLE < area.right * page.width
    return across and area.top * page.height <= y * WHOLE < area.bottom * page.height


def _cell(page: int, line: int, name: str, words: Sequence[Word], layout: Layout) -> Cell:
    text = " ".join(word.text for word in words)
    left, top = min(word.box.left for word in words), min(word.box.top for word in words)
    right, bottom = max(word.box.right for word in words), max(word.box.bottom for word in words)
    box = Box(left, top, right - left, bottom - top)
    typed = _plain_amount(text, layout) if name in (*MONEY, "opening", "closing") else text
    return Cell(page, line, name, text, typed, min(word.confidence for word in words), box)


def _plain_amount(text: str, layout: Layout) -> str:
    """An amount without its thousands signs, if it is one; anything else stays as read."""
    try:
        AmountStyle(layout.decimal, layout.thousands).minor(text, 6)
    except Problem:
        return text
    return text.replace(layout.thousands, "") if layout.thousands else text


def form_rows(cells: Iterable[Cell]) -> list[dict[str, str]]:
    """The rows of the form, in order, each with its page and line."""
    rows: dict[tuple[int, int], dict[str, str]] = {}
    for cell in cells:
        if cell.line:
            row = rows.setdefault((cell.page, cell.line), {"page": str(cell.page), "line": str(cell.line)})
            row[cell.field] = cell.typed
    return [rows[key] for key in sorted(rows)]


def stated(cells: Iterable[Cell]) -> dict[str, str]:
    """The fields of the statement that were read."""
    return {cell.field: cell.typed for cell in cells if cell.field and not cell.line}


def cells_text(cells: Iterable[Cell]) -> str:
    """The file that stands beside the form."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CELLS)
    for cell in cells:
        box = cell.box
        confidence = f"{cell.confidence // 100}.{cell.confidence % 100:02}"
        where = (box.left, box.top, box.width, box.height)
        texts = (guarded(cell.text), guarded(cell.typed))
        writer.writerow([cell.page, cell.line or "", cell.field, *texts, confidence, *where])
    return out.getvalue()


def typed_in(text: str, name: str) -> dict[tuple[str, str, str], str]:
    """Page, line and field, the first two empty for the statement -> what was put into the form.

    Raises `InputErrors`.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        rows = []
    if not rows or tuple(rows[0]) != CELLS or any(len(row) != len(CELLS) for row in rows):
        says = "is not the file of cells that stands beside a form"
        raise InputErrors([NotAForm("", Place(name), says=says, remedy="Give the file that trover key read wrote.")])
    found = {}
    for page, line, field, _, typed, *_ in rows[1:]:
        if field:
            found[(page, line, field) if line else ("", "", field)] = unguarded(typed)
    return found


def doubtful(cells: Iterable[Cell], below: int) -> list[Cell]:
    """Cells less certain than `below` percent."""
    return [cell for cell in cells if cell.field and cell.confidence < below * (SURE // 100)]


def changed(read: Mapping[tuple[str, str, str], str], form: Mapping[tuple[str, str, str], str]) -> list[str]:
    """Where the form does not say what was read, in words."""
    keys = sorted({key for key in (*read, *form) if read.get(key, "") != form.get(key, "")})
    return [f"page {page}, line {line}, {field}" if line else field for page, line, field in keys]
