"""The parts of an exhibit as data, before any format: paragraphs, tables and pictures made of checked cells.

What carries a number is either a `Figure` (a result; it cites the rows it rests on) or an `Amount` (a
datum of one schedule row, allowed only in a table row that cites that row). The renderers add nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trover.errors import AnchorMissing, FigureWithoutRows
from trover.report.figures import Figure


@dataclass(frozen=True, slots=True)
class Amount:
    """Minor units of `currency`, read off the row that carries it; `nano` units beyond them are shown rounded."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to an anchor of the exhibit."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class RowRefs:
    """Links to schedule rows, shown by their numbers."""

    rows: tuple[str, ...]


Span = str | Figure | Amount | Ref | RowRefs
Cell = Span | tuple[Span, ...]
"""One span, or several one after another."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, date, money, number, rows, formula or hash; it decides alignment and type, not content."""

    title: str
    kind: str = "text"
    width: int = 0
    """Relative width; 0 leaves it to the renderer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table. `cites` are the schedule rows it restates.

    `weight`: '', claim, head (one cell over all columns), total, sub or muted.
    """

    cells: tuple[Cell, ...]
    cites: tuple[str, ...] = ()
    anchor: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`empty` is what to say where there is no row. `rule` names the tracing rule a table belongs to."""

    id: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    note: str = ""
    empty: str = ""
    rule: str = ""
    folded: bool = False
    """Shown closed at first where the format can."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]
    tone: str = ""
    """'' or caution."""


@dataclass(frozen=True, slots=True)
class Points:
    """A list; each point is one cell."""

    points: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Name and value pairs, such as the cover's."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG made by us. `twin` is the id of the table that says the same."""

    id: str
    svg: str
    caption: str
    twin: str
    rule: str = ""


Block = Heading | Paragraph | Points | Terms | Table | Picture


@dataclass(frozen=True, slots=True)
class Part:
    """One of the fourteen parts; `number` 1 to 14."""

    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        return f"part-{self.number}"


def paragraph(*spans: Span, tone: str = "") -> Paragraph:
    return Paragraph(tuple(spans), tone)


def spans_of(cell: Cell) -> tuple[Span, ...]:
    return cell if isinstance(cell, tuple) else (cell,)


def spans(block: Block) -> Iterator[Span]:
    """Every span of a block, in reading order."""
    if isinstance(block, Paragraph):
        yield from block.spans
    elif isinstance(block, Points):
        for point in block.points:
            yield from spans_of(point)
    elif isinstance(block, Terms):
        for _, cell in block.pairs:
            yield from spans_of(cell)
    elif isinstance(block, Table):
        for line in block.lines:
            for cell in line.cells:
                yield from spans_of(cell)


def anchors(part: Part) -> Iterator[str]:
    """Every place of a part that a link can name."""
    yield part.anchor
    for block in part.blocks:
        if isinstance(block, Table | Picture):
            yield block.id
        if isinstance(block, Heading) and block.anchor:
            yield block.anchor
        if isinstance(block, Table):
            yield from (line.anchor for line in block.lines if line.anchor)


def check(parts: tuple[Part, ...]) -> None:
    """Raise `FigureWithoutRows` for an amount no row vouches for, `AnchorMissing` for a link to nowhere."""
    known = {anchor for part in parts for anchor in anchors(part)}
    for block in (block for part in parts for block in part.blocks):
        for span in spans(block):
            if isinstance(span, Ref) and span.anchor not in known:
                raise AnchorMissing(span.anchor)
            if isinstance(span, RowRefs) and not span.rows:
                raise FigureWithoutRows("a list of rows")
            if isinstance(span, Amount) and not isinstance(block, Table):
                raise FigureWithoutRows(f"{span.minor} {span.currency} in running text")
        if isinstance(block, Table):
            _check_lines(block)
        if isinstance(block, Picture) and block.twin not in known:
            raise AnchorMissing(block.twin)


def _check_lines(table: Table) -> None:
    for line in table.lines:
        bare = any(isinstance(span, Amount) for cell in line.cells for span in spans_of(cell))
        if bare and not line.cites:
            raise FigureWithoutRows(f"an amount in the table {table.title!r}")
