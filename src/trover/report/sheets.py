"""An exhibit laid out as sheets, before any file format: which line stands in which row of which sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from trover.report.document import (
    Amount,
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Part,
    Picture,
    Points,
    RowRefs,
    Table,
    Terms,
)
from trover.report.exhibit import Exhibit
from trover.report.figures import Figure
from trover.report.words import short_title
from trover.trace.arithmetic import NANO, half_even

TAB = {
    1: "Cover",
    2: "Answer",
    3: "Sources",
    4: "Parties",
    5: "Schedule",
    6: "Reconciliation",
    7: "Claims",
    8: "Method",
    9: "Payments",
    10: "Sensitivity",
    11: "Limits",
    12: "Flows",
    13: "Custody",
    14: "Disclosure",
}
FIGURES = "Figures"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """kind: title, heading, caption, text, caution, note, term, columns or line."""

    kind: str
    cells: tuple[Cell, ...] = ()
    columns: tuple[Column, ...] = ()
    line: Line | None = None


@dataclass(slots=True)
class Sheet:
    """`single` is true where one table fills the sheet, so that its head can be kept in sight."""

    name: str
    rows: list[SheetRow] = field(default_factory=list)
    single: bool = False
    head: int = 0
    """Row of the only table's column titles, from 0."""


@dataclass(slots=True)
class Book:
    """Sheets, and where the anchors and figures of the exhibit stand: (sheet, row from 0)."""

    sheets: list[Sheet] = field(default_factory=list)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)


def book(exhibit: Exhibit) -> Book:
    made = Book()
    for part in exhibit.parts:
        _part(made, exhibit, part)
    _figures(made, exhibit)
    return made


def _part(made: Book, exhibit: Exhibit, part: Part) -> None:
    sheet = _sheet(made, TAB[part.number])
    made.places[part.anchor] = (sheet.name, 0)
    first = exhibit.cover.title if part.number == 1 else f"{part.number}. {part.title}"
    sheet.rows.append(SheetRow("title", (first,)))
    tables = [block for block in part.blocks if isinstance(block, Table)]
    for block in part.blocks:
        here = sheet
        if isinstance(block, Table) and block.rule:
            prefix = "Flow" if part.number == 12 else "Steps"
            here = _sheet(made, f"{prefix} {short_title(block.rule)}"[:31])
        _block(made, here, block)
    sheet.single = len(tables) == 1 and len(part.blocks) == 1


def _sheet(made: Book, name: str) -> Sheet:
    for sheet in made.sheets:
        if sheet.name == name:
            return sheet
    made.sheets.append(Sheet(name))
    return made.sheets[-1]


def _block(made: Book, sheet: Sheet, block: Block) -> None:
    rows = sheet.rows
    if isinstance(block, Heading):
        if block.anchor:
            made.places[block.anchor] = (sheet.name, len(rows))
        rows.append(SheetRow("heading", (block.text,)))
    elif isinstance(block, Paragraph):
        rows.append(SheetRow(block.tone or "text", (block.spans,)))
    elif isinstance(block, Points):
        rows += [SheetRow("text", (point,)) for point in block.points]
    elif isinstance(block, Terms):
        rows += [SheetRow("term", pair) for pair in block.pairs]
    elif isinstance(block, Table):
        _table(made, sheet, block)
    elif isinstance(block, Picture):
        made.places[block.id] = (sheet.name, len(rows))


def _table(made: Book, sheet: Sheet, table: Table) -> None:
    rows = sheet.rows
    if len(rows) > 1:
        rows.append(SheetRow("text", ("",)))
    made.places[table.id] = (sheet.name, len(rows))
    rows.append(SheetRow("caption", (table.title,)))
    if not table.lines:
        rows.append(SheetRow("note", (table.empty or "Nothing was recorded.",)))
        return
    if table.note:
        rows.append(SheetRow("note", (table.note,)))
    sheet.head = len(rows)
    rows.append(SheetRow("columns", tuple(c.title for c in table.columns), table.columns))
    for line in table.lines:
        if line.anchor:
            made.places[line.anchor] = (sheet.name, len(rows))
        rows.append(SheetRow("line", line.cells, table.columns, line))


FIGURE_COLUMNS = (
    Column("Figure", "text", 1),
    Column("What", "text", 6),
    Column("Amount", "money", 2),
    Column("Currency", "text", 1),
    Column("Row", "rows", 1),
    Column("Contributes", "money", 2),
)


def _figures(made: Book, exhibit: Exhibit) -> None:
    """One line for each row that a figure sums, one for a figure of zero; one of a single row leads straight to it."""
    sheet = _sheet(made, FIGURES)
    sheet.rows.append(SheetRow("title", ("Annex. Figures and the rows they sum",)))
    sheet.head = len(sheet.rows)
    sheet.single = True
    sheet.rows.append(SheetRow("columns", tuple(c.title for c in FIGURE_COLUMNS), FIGURE_COLUMNS))
    for figure in exhibit.figures.values():
        made.places[figure.id] = (sheet.name, len(sheet.rows))
        if len(figure.rows) == 1:
            made.places[figure.id] = made.places[exhibit.rows[figure.rows[0]].anchor]
        sheet.rows += _contributions(figure)


def _contributions(figure: Figure) -> list[SheetRow]:
    head: tuple[Cell, ...] = (figure.id, figure.what, Amount(figure.amount, figure.currency), figure.currency)
    if not figure.amount:
        rows = RowRefs(figure.rows)
        return [_figure_row((*head, rows, Amount(0, figure.currency)), figure.rows)]
    rest: tuple[Cell, ...] = (figure.id, "", "", "")
    made = []
    for number, row in enumerate(figure.rows):
        part: Cell = Amount(half_even(figure.parts[number], NANO), figure.currency) if figure.parts else ""
        made.append(_figure_row((*(rest if number else head), RowRefs((row,)), part), (row,)))
    return made


def _figure_row(cells: tuple[Cell, ...], rows: tuple[str, ...]) -> SheetRow:
    return SheetRow("line", cells, FIGURE_COLUMNS, Line(cells, cites=rows))
