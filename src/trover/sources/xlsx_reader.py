"""Workbooks (XLSX) with a mapping: the same tables as CSV, sheet by sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trover.errors import FieldWrong, HiddenCells, InputErrors, MappingMissing, Place, Problem, SheetMissing
from trover.sources.custody import SourceFile
from trover.sources.mapping import XLSX, Mapping
from trover.sources.reader import Reading
from trover.sources.table import Line, read_table, rows_of
from trover.sources.xlsx_book import OLD, Book, Sheet
from trover.sources.xlsx_cells import SheetLines

_SOME_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_SIGNATURE = b"PK\x03\x04"


class XlsxReader:
    """Workbooks of Office Open XML, described by a mapping."""

    name = XLSX

    def sniff(self, source: SourceFile) -> bool:
        return source.data.startswith(OLD) or (source.data.startswith(_SIGNATURE) and b"xl/workbook" in source.data)

    def read(self, source: SourceFile, mapping: Mapping | None) -> Reading:
        if mapping is None:
            raise InputErrors([MappingMissing(source.name)])
        if mapping.format != XLSX:
            says = f"is the format that the mapping states, and {source.name} is a workbook"
            raise InputErrors([FieldWrong(mapping.format, Place(mapping.name, column="format"), says=says)])
        book = Book(source)
        sheets, remarks = sheets_of(book, mapping)
        found: list[Problem] = []
        rows = rows_of(source, mapping, found)
        for sheet in sheets:
            lines = SheetLines(book, sheet, mapping.amounts.decimal)
            read_table(iter(lines), rows, sheet.name, whole=False)
            remarks += _hidden(source.name, sheet, lines)
        return replace(rows.reading(self.name), remarks=tuple(remarks))


def sheet_lines(source: SourceFile, mapping: Mapping) -> Iterator[Line]:
    """The rows of the first sheet that `mapping` names, or of the only one that holds cells. Raises `InputErrors`."""
    book = Book(source)
    sheets, _ = sheets_of(book, mapping)
    return iter(SheetLines(book, sheets[0], mapping.amounts.decimal))


def sheets_of(book: Book, mapping: Mapping) -> tuple[list[Sheet], list[Problem]]:
    """The sheets that the mapping names, or the only one that holds cells and is not hidden. Raises `InputErrors`."""
    place = Place(book.source.name)
    filled = [sheet for sheet in book.sheets if _SOME_CELL.search(sheet.data)]
    listed = ", ".join(f"{sheet.name}{' (hidden)' if sheet.hidden else ''}" for sheet in filled) or "none with cells"
    remedy = f"The workbook has: {listed}. {SheetMissing.remedy}"
    if mapping.sheets:
        named = [next((sheet for sheet in book.sheets if sheet.name == name), None) for name in mapping.sheets]
        pairs = zip(mapping.sheets, named, strict=True)
        missing = [SheetMissing(name, place, remedy=remedy) for name, sheet in pairs if sheet is None]
        if missing:
            raise InputErrors(missing)
        chosen = [sheet for sheet in named if sheet is not None]
    else:
        chosen = [sheet for sheet in filled if not sheet.hidden]
        if len(chosen) != 1:
            says = f"{len(chosen)} sheets hold cells, and the mapping does not say which hold the table"
            raise InputErrors([SheetMissing("", place, says=says, remedy=remedy)])
    hidden = [sheet.name for sheet in filled if sheet.hidden]
    if not hidden:
        return chosen, []
    says = f"is a hidden sheet and was {'read' if set(hidden) <= {s.name for s in chosen} else 'not read'}"
    return chosen, [HiddenCells(", ".join(hidden), place, says=says, remedy="Look at it in a spreadsheet.")]


def _hidden(name: str, sheet: Sheet, lines: SheetLines) -> list[Problem]:
    found: list[Problem] = []
    if lines.hidden:
        count, first = len(lines.hidden), lines.hidden[0]
        says = f"rows are hidden in the workbook, the first of them row {first}; they were read"
        found.append(HiddenCells(count, Place(name, sheet.name, first), says=says))
    if lines.hidden_columns:
        says = "columns are hidden in the workbook; those that the mapping names were read"
        found.append(HiddenCells("", Place(name, sheet.name), says=says))
    return found
