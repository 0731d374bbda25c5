"""The exhibit as a workbook: numbers as numbers, text never as a formula, figures linked to schedule rows."""

from __future__ import annotations

import math
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from trover.report.document import Amount, Cell, Column, Ref, RowRefs
from trover.report.exhibit import Exhibit
from trover.report.figures import Figure
from trover.report.plain import looks_like_formula, text
from trover.report.sheets import Book, Sheet, SheetRow, book
from trover.report.words import visible

DIGITS = 15
"""A cell holds no more significant digits of a number; longer amounts are written as text, with a note."""
LONGEST = 32_000
"""A cell holds no more characters (32,767); what is longer is cut and says so."""
RUNNING = ("text", "caution", "note")
LINE, HIGH = 110, 14
"""Characters in a line of running text; points of its height."""
WIDTHS = {"money": 16, "number": 8, "rows": 12, "date": 12, "hash": 66, "formula": 70}


def xlsx(exhibit: Exhibit) -> bytes:
    """The workbook; the same exhibit gives the same bytes."""
    import xlsxwriter

    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(data, options)
    cover = exhibit.cover
    workbook.set_properties(
        {
            "title": visible(cover.title),
            "subject": visible(cover.case),
            "author": visible(cover.author),
            "created": datetime.combine(cover.day, time()),
        }
    )
    laid = book(exhibit)
    writer = _Writer(exhibit, workbook, laid)
    for sheet in laid.sheets:
        writer.sheet(sheet)
    workbook.close()
    return data.getvalue()


class _Writer:
    def __init__(self, exhibit: Exhibit, workbook: Any, laid: Book) -> None:
        self.exhibit, self.workbook, self.laid = exhibit, workbook, laid
        self.formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self.styles: dict[tuple[str, str, int, bool], Any] = {}
        self.places: dict[str, tuple[int, int]] = {}

    def sheet(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(sheet.name)
        page.hide_gridlines(2)
        widths = _widths(sheet)
        for column, wide in enumerate(widths):
            page.set_column(column, column, wide)
        for number, row in enumerate(sheet.rows):
            if row.kind in RUNNING:
                self._running(page, number, row, widths)
            else:
                self._row(page, number, row)
        self._print(page, sheet)

    def _print(self, page: Any, sheet: Sheet) -> None:
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        title = visible(self.exhibit.cover.title).replace("&", "&&")[:120]
        page.set_header(f"&L{title}&R{sheet.name}")
        page.set_footer(f"&L{visible(self.exhibit.cover.exhibit_no).replace('&', '&&')[:60]}&RPage &P of &N")
        if sheet.single:
            page.freeze_panes(sheet.head + 1, 1)
            page.repeat_rows(sheet.head)
            columns = sheet.rows[sheet.head].columns
            if columns:
                page.autofilter(sheet.head, 0, len(sheet.rows) - 1, len(columns) - 1)
        elif any(row.kind == "line" for row in sheet.rows):
            page.freeze_panes(1, 0)

    def _row(self, page: Any, number: int, row: SheetRow) -> None:
        if row.kind == "line":
            weight = row.line.weight if row.line else ""
            for column, cell in enumerate(row.cells):
                self._cell(page, number, column, cell, row.columns[column], weight)
        elif row.kind == "columns":
            page.set_row(number, 32)
            for column, title in enumerate(row.cells):
                right = row.columns[column].kind in ("money", "number")
                style = self._format(**HEAD, align="right" if right else "left")
                page.write_string(number, column, visible(str(title)), style)
        elif row.kind == "term":
            self._string(page, number, 0, visible(str(row.cells[0])), {"font_color": "#444444", "valign": "top"})
            self._string(page, number, 1, self._text(row.cells[1]), {"valign": "top"})
        else:
            self._string(page, number, 0, self._text(row.cells[0]), BLOCKS[row.kind])

    def _running(self, page: Any, number: int, row: SheetRow, widths: list[float]) -> None:
        """Running text over the first columns of the sheet, as many as make a readable line."""
        last, room = 0, widths[0]
        while last + 1 < len(widths) and room < LINE:
            last += 1
            room += widths[last]
        words = self._text(row.cells[0])
        look = {**BLOCKS[row.kind], "text_wrap": True}
        if last:
            page.merge_range(number, 0, number, last, "", self._format(**look, **_guard(words)))
        self._string(page, number, 0, words, look)
        page.set_row(number, HIGH * max(1, math.ceil(len(words) * 1.08 / room)))

    def _string(self, page: Any, row: int, column: int, words: str, look: dict[str, object]) -> None:
        page.write_string(row, column, words, self._format(**look, **_guard(words)))

    def _text(self, cell: Cell) -> str:
        whole = text(self.exhibit, cell)
        return whole if len(whole) <= LONGEST else f"{whole[:LONGEST]} [cut here: the page has it in full]"

    def _cell(self, page: Any, number: int, column: int, cell: Cell, kind: Column, weight: str) -> None:
        target = self._target(cell)
        if target:
            page.write_url(number, column, target, self._style(kind.kind, weight), "")
        amount = _amount(cell)
        if amount is None:
            words = self._text(cell)
            page.write_string(number, column, words, self._style(kind.kind, weight, guarded=bool(_guard(words))))
        elif len(str(abs(amount.minor))) > DIGITS:
            whole = self.exhibit.shown.full(amount.minor, amount.currency)
            page.write_string(number, column, whole, self._style(kind.kind, weight))
            page.write_comment(number, column, "Text: a number in a cell holds 15 digits and this amount has more.")
        else:
            places, decimals = self._decimals(amount.currency)
            value = Decimal(amount.minor).scaleb(-places)
            page.write_number(number, column, value, self._style(kind.kind, weight, decimals))

    def _decimals(self, currency: str) -> tuple[int, int]:
        """Decimals of the minor unit, and those shown."""
        if currency not in self.places:
            self.places[currency] = self.exhibit.shown.places(currency), self.exhibit.shown.decimals(currency)
        return self.places[currency]

    def _style(self, kind: str, weight: str, decimals: int = -1, guarded: bool = False) -> Any:
        """The format of a table cell; `decimals` for numbers, `guarded` for texts that look like formulas."""
        key = (kind, weight, decimals, guarded)
        if key not in self.styles:
            style: dict[str, object] = {
                "valign": "top",
                "bottom": 4,
                "bottom_color": "#C8CED6",
                **WEIGHTS.get(weight, {}),
            }
            if kind in ("text", "formula") and weight != "head":
                style["text_wrap"] = True
            if kind in ("money", "number"):
                style["align"] = "right"
            if decimals >= 0:
                style["num_format"] = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            self.styles[key] = self._format(**style, **(GUARD if guarded else {}))
        return self.styles[key]

    def _target(self, cell: Cell) -> str:
        """The place in the workbook a cell leads to, if it leads to one."""
        anchor = ""
        if isinstance(cell, Figure):
            anchor = cell.id
        elif isinstance(cell, Ref):
            anchor = cell.anchor
        elif isinstance(cell, RowRefs) and len(cell.rows) == 1:
            anchor = self.exhibit.rows[cell.rows[0]].anchor
        if not anchor:
            return ""
        sheet, row = self.laid.places[anchor]
        return f"internal:'{sheet}'!A{row + 1}"

    def _format(self, **style: object) -> Any:
        key = tuple(sorted(style.items(), key=lambda item: item[0]))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"font_name": "Calibri", "font_size": 10, **style})
        return self.formats[key]


HEAD: dict[str, object] = {
    "bold": True,
    "text_wrap": True,
    "bg_color": "#F0F2F5",
    "top": 1,
    "bottom": 1,
    "valign": "bottom",
}
BLOCKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12},
    "caption": {"bold": True, "font_size": 11},
    "text": {"valign": "top"},
    "caution": {"valign": "top", "font_color": "#8A4B00", "bold": True},
    "note": {"valign": "top", "italic": True, "font_color": "#444444"},
}
WEIGHTS: dict[str, dict[str, object]] = {
    "total": {"bold": True, "top": 1},
    "head": {"bold": True},
    "claim": {"bg_color": "#EEF3FA"},
    "muted": {"font_color": "#666666"},
}


GUARD: dict[str, object] = {"quote_prefix": True}
"""By this mark a spreadsheet keeps a text a text, also when somebody edits the cell; it is no part of the text."""


def _guard(words: str) -> dict[str, object]:
    return GUARD if looks_like_formula(words) else {}


def _amount(cell: Cell) -> Amount | None:
    if isinstance(cell, Figure):
        return Amount(cell.amount, cell.currency)
    return cell if isinstance(cell, Amount) else None


def _widths(sheet: Sheet) -> list[float]:
    """For each column the width its widest table asks for."""
    wide: list[float] = []
    for row in sheet.rows:
        if row.kind != "columns":
            continue
        for number, column in enumerate(row.columns):
            wish = WIDTHS.get(column.kind, min(max(column.width * 9, 10), 48))
            if number == len(wide):
                wide.append(wish)
            wide[number] = max(wide[number], wish)
    return wide or [34, 100]
