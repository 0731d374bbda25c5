"""Lines of every page to rows of one table: headers found, lines of one description joined, nothing dropped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from trover.errors import InputErrors, Place, Problem, RowShape, Truncated
from trover.sources.custody import SourceFile
from trover.sources.mapping import NEWEST_FIRST, PDF, Mapping
from trover.sources.mapping_fields import folded, is_one_of
from trover.sources.pdf.columns import Columns, figures_of, header_in, stated
from trover.sources.pdf.text import Box, TextLine, pages_of, union
from trover.sources.reader import Reading
from trover.sources.record import Pointer, Unbooked
from trover.sources.rows import TableRows
from trover.sources.table import Header, positions_of, printed_above, rows_of
from trover.sources.text import shortened

ANCHORS = ("date", "value_date", "amount", "debit", "credit", "balance", "fee")
"""Columns of which one is filled on the first line of a row; a line without any of them continues the row before it."""
_LINES = 1_000_000
"""More lines than any page has: the order of rows counts pages first."""
_FIGURES = re.compile(r"\d+")
_EDGE = 0.2
"""The part of a page at its head and at its foot where lines that every page repeats may stand."""


@dataclass(slots=True)
class Row:
    """One row of the table: the line it begins on, its cells, and the boxes of its lines on that page."""

    page: int
    line: int
    cells: list[str]
    boxes: list[Box]
    last: TextLine

    def is_beside(self, line: TextLine) -> bool:
        """On the page of its last line, with no wider a gap between them than that line is high."""
        above = self.last.box
        return line.page == self.last.page and line.box[1] - above[3] < above[3] - above[1]

    def is_near(self, line: TextLine) -> bool:
        """Beside the row, or the first line of a further page."""
        return line.page != self.last.page or self.is_beside(line)

    def join(self, cells: Sequence[str], line: TextLine) -> None:
        self.cells = [f"{mine} {more}".strip() for mine, more in zip_longest(self.cells, cells, fillvalue="")]
        if line.page == self.page:
            self.boxes.append(line.box)
        self.last = line


@dataclass(slots=True)
class Aside:
    """A line that is no row, and why."""

    page: int
    line: int
    text: str
    reason: str


def read_pdf(source: SourceFile, mapping: Mapping) -> Reading:
    """Every row of the statement. Raises `InputErrors`."""
    found: list[Problem] = []
    rows = rows_of(source, mapping, found)
    table = Table(source, mapping)
    page = 0
    for row in table.rows():
        if row.page != page:
            page = row.page
            rows.begin(str(page), table.positions(), table.head(found))
        width = len(table.columns.names)
        if len(row.cells) > width:
            text = shortened(row.cells[width])
            says = "stands in no column of the table"
            place = Place(source.name, str(page), row.line)
            remedy = "Widen the columns of the mapping (layout), or name what begins such a line (layout, skip)."
            rows.misshaped(row.line, row.cells[:width], RowShape(text, place, says=says, remedy=remedy))
        else:
            rows.add(row.line, row.cells)
    _order_by_pages(rows)
    rows.unbooked += _listed(table.asides, source)
    return rows.reading(PDF)


def _listed(asides: Sequence[Aside], source: SourceFile) -> Iterator[Unbooked]:
    """Lines that are no rows; those that differ in figures only are listed once, with their number."""
    alike: defaultdict[tuple[str, str], list[Aside]] = defaultdict(list)
    for aside in asides:
        alike[_FIGURES.sub("#", aside.text), aside.reason].append(aside)
    for first, *more in alike.values():
        pointer = Pointer(source.sha256, str(first.page), first.line)
        id = f"{source.sha256[:12]}:{first.page}:{first.line}"
        reason = f"{first.reason}, and {len(more)} more like it" if more else first.reason
        yield Unbooked(pointer, id, "", "", shortened(first.text), reason)


def _order_by_pages(rows: TableRows) -> None:
    """The posting order of a file of several pages, where no column gives one: by page, then by line."""
    if "seq" in rows.mapping.columns:
        return
    step = -1 if rows.mapping.order == NEWEST_FIRST else 1
    for at, event in enumerate(rows.events):
        order = int(event.pointer.page) * _LINES + event.pointer.row
        rows.events[at] = replace(event, seq=order * step)


def boxes_of(source: SourceFile, mapping: Mapping) -> dict[tuple[str, int], Box]:
    """Page and line of every row, as its pointer has them -> the box around its lines on that page."""
    return {(str(row.page), row.line): union(row.boxes) for row in Table(source, mapping).rows()}


class Table:
    """The table that runs over the pages of one file."""

    def __init__(self, source: SourceFile, mapping: Mapping) -> None:
        self.source, self.mapping = source, mapping
        self.pages = list(pages_of(source))
        self.asides: list[Aside] = []
        self.above: list[tuple[int, list[str]]] = []
        self.figures = figures_of(mapping)
        self.columns = stated(mapping) or Columns(())
        self.repeated = _repeated(self.pages)
        self.skip = tuple(map(folded, mapping.layout.skip if mapping.layout else ()))
        self.footer = tuple(map(folded, mapping.footer))
        self.header = Header((), 0)

    def positions(self) -> dict[str, tuple[int, ...]]:
        return dict(positions_of(self.header, self.mapping, Place(self.source.name, "1", self.header.row or None)))

    def head(self, found: list[Problem]) -> dict[str, str]:
        place = Place(self.source.name, "1", self.header.row or None)
        header = Header(self.header.names, self.header.row, tuple(self.above))
        return printed_above(header, self.mapping, place, found)

    def rows(self) -> Iterator[Row]:
        """Rows in printed order. Raises `InputErrors` where the header is on no page."""
        pending: Row | None = None
        begun = ended = False
        for lines in self.pages:
            start = self._after_header(lines, begun)
            if start is None:
                self._set_aside(lines, "stands before the table")
                continue
            begun = True
            self._above(lines[:start])
            for line in lines[start:]:
                cells = self.columns.cells(line)
                below = pending if pending is not None and pending.is_beside(line) else None
                reason = "stands below the table" if ended else self._no_row(line, cells, below)
                ended = ended or (reason == "" and is_one_of(line.text, self.footer))
                if reason or ended:
                    self._set_aside([line], reason or "stands below the table")
                    continue
                if self.columns.ranges and pending is None and not self._is_row(cells):
                    self._above([line])
                    continue
                if pending is not None and self._continues(cells):
                    if pending.is_near(line):
                        pending.join(cells, line)
                    else:
                        self._set_aside([line], "stands apart below a row")
                    continue
                if pending is not None:
                    yield pending
                pending = Row(line.page, line.row, cells, [line.box], line)
        if not begun:
            wanted = ", ".join(self.mapping.used)
            says = "are the columns of the mapping, and no line of the file is a header with all of them"
            raise InputErrors([Truncated(shortened(wanted), Place(self.source.name), says=says, remedy=_HEADER)])
        if pending is not None:
            yield pending

    def _after_header(self, lines: Sequence[TextLine], begun: bool) -> int | None:
        """The first line below the header of a page; None where the table has not begun on it."""
        if self.columns.ranges:
            names = [name for name in self.columns.names if name in self.mapping.used]
            self.header = Header(self.columns.names, 0)
            heads = [at for at, line in enumerate(lines) if header_in(line, names, self.figures)]
            return heads[0] + 1 if heads else 0
        for at, line in enumerate(lines):
            columns = header_in(line, self.mapping.used, self.figures)
            if columns is not None:
                if begun and columns.names != self.columns.names:
                    continue
                self.columns = columns
                self.header = self.header if begun else Header(columns.names, line.row)
                return at + 1
        return 0 if begun else None

    def _above(self, lines: Sequence[TextLine]) -> None:
        """Lines above the table: those of the first page may print account and balances."""
        self.above += [(line.row, line.parts) for line in lines if line.page == 1]
        self._set_aside(lines, "stands above the table")

    def _set_aside(self, lines: Sequence[TextLine], reason: str) -> None:
        self.asides += [Aside(line.page, line.row, line.text, reason) for line in lines]

    def _no_row(self, line: TextLine, cells: Sequence[str], above: Row | None) -> str:
        """Why a line between header and footer is no row; empty where it is one, or goes on with the one `above`."""
        if is_one_of(line.text, self.skip):
            return "begins with what the mapping passes over"
        goes_on = above is not None and self._continues(cells)
        if (line.page, line.row) in self.repeated and not goes_on and not self._is_row(cells):
            return "stands on every page at the same place"
        return ""

    def _is_row(self, cells: Sequence[str]) -> bool:
        """Whether a line can be nothing but a row: it has a day or an amount, or a rule is about it."""
        by_name = dict(zip(self.columns.names, cells, strict=False))
        columns = self.mapping.columns
        if any(is_one_of(by_name.get(rule.column, ""), rule.texts) for rule in self.mapping.rows):
            return True
        for name in ("amount", "debit", "credit"):
            if any(sign.isdigit() for sign in by_name.get(columns.get(name, ""), "")):
                return True
        try:
            self.mapping.dates.moment(by_name.get(columns.get("date", ""), ""))
        except Problem:
            return False
        return True

    def _continues(self, cells: Sequence[str]) -> bool:
        """Nothing that makes a row stands on the line, and no rule of the mapping is about it."""
        width = len(self.columns.names)
        if len(cells) > width:
            return False
        by_name = dict(zip(self.columns.names, cells, strict=True))
        named = [theirs for ours, theirs in self.mapping.columns.items() if ours in ANCHORS]
        if any(by_name[name] for name in named if name in by_name):
            return False
        return not any(is_one_of(by_name.get(rule.column, ""), rule.texts) for rule in self.mapping.rows)


def _repeated(pages: Sequence[Sequence[TextLine]]) -> frozenset[tuple[int, int]]:
    """Lines at the head or foot of a page whose text, but for its figures, stands at one place of every page.

    The first page, which often looks otherwise, may lack it; three pages have to have it.
    """
    places: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for lines in pages:
        for line in _at_edges(lines):
            places[_FIGURES.sub("#", line.text), round(line.box[1] / 3)].append((line.page, line.row))
    enough = max(3, len(pages) - 1)
    return frozenset(place for found in places.values() if len(found) >= enough for place in found)


def _at_edges(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    if not lines:
        return
    bottom = lines[-1].box[3]
    for line in lines:
        if line.box[1] < bottom * _EDGE or line.box[3] > bottom * (1 - _EDGE):
            yield line


_HEADER = "Write the names as the header of the file prints them, or state where the columns stand (layout)."
