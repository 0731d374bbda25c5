"""CSV with a mapping: every row becomes a record or a problem, none is dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from trover.errors import (
    ColumnMissing,
    DuplicateKey,
    InputErrors,
    MappingMissing,
    NotCsv,
    Place,
    Problem,
    RowShape,
    TooLong,
    Truncated,
)
from trover.sources.custody import SourceFile
from trover.sources.mapping import Mapping
from trover.sources.reader import Reading
from trover.sources.rows import RowReader
from trover.sources.text import TEXT_LIMIT, decode, shortened

BINARY = ("application/zip", "application/pdf", "application/vnd.apache.parquet", "application/gzip")


class CsvReader:
    """Delimited text, described by a mapping."""

    name = "csv"

    def sniff(self, source: SourceFile) -> bool:
        return source.media not in BINARY and source.media not in ("application/json", "application/xml")

    def read(self, source: SourceFile, mapping: Mapping | None) -> Reading:
        if mapping is None:
            raise InputErrors([MappingMissing(source.name)])
        found: list[Problem] = []
        table = _table(source, mapping, found)
        rows = RowReader(source, mapping, found)
        for line, values in table.rows:
            rows.add(line, values)
        records = rows.records()
        return Reading(source, self.name, records, tuple(found), frozenset(rows.broken), headers=mapping.columns)


@dataclass(frozen=True)
class _Table:
    """Rows as the mapping's names -> cell, with the line of the file each starts on."""

    rows: Iterator[tuple[int, dict[str, str]]]


def _table(source: SourceFile, mapping: Mapping, found: list[Problem]) -> _Table:
    text = decode(source.data, source.name, mapping.encoding)
    lines = _lines(text, mapping, source.name, found)
    header: list[str] = []
    for line, cells in lines:
        if line >= mapping.header_row:
            header = [cell.strip() for cell in cells]
            break
    columns = _positions(header, mapping, source.name)
    return _Table(_cells(lines, len(header), columns, source.name, found))


def _positions(header: list[str], mapping: Mapping, name: str) -> dict[str, int]:
    """Position of each mapped column. Raises `InputErrors` for columns that are missing or stand twice."""
    place = Place(name, row=mapping.header_row)
    if not any(header):
        raise InputErrors([Truncated("", place, says="the file ends before its header row")])
    found: list[Problem] = []
    for column in dict.fromkeys(mapping.columns.values()):
        if column not in header:
            remedy = f"The header has: {shortened(', '.join(header))}. {ColumnMissing.remedy}"
            found.append(ColumnMissing(shortened(column), place, remedy=remedy))
        elif header.count(column) > 1:
            says = "is the name of two columns"
            found.append(DuplicateKey(column, place, says=says, remedy="Rename one of them in a copy of the file."))
    if found:
        raise InputErrors(found)
    return {ours: header.index(theirs) for ours, theirs in mapping.columns.items()}


def _cells(
    lines: Iterator[tuple[int, list[str]]], width: int, columns: dict[str, int], name: str, found: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    short: Problem | None = None
    for line, cells in lines:
        if short is not None:
            found.append(short)
            short = None
        if len(cells) == width:
            yield line, {ours: cells[position].strip() for ours, position in columns.items()}
        elif len(cells) < width:
            short = RowShape(len(cells), Place(name, row=line), says=f"values, where the header has {width} columns")
        else:
            found.append(
                RowShape(len(cells), Place(name, row=line), says=f"values, where the header has {width} columns")
            )
    if short is not None:
        says = f"values in the last row, where the header has {width} columns: the file ends too early"
        found.append(Truncated(short.value, short.place, says=says))


def _lines(text: str, mapping: Mapping, name: str, found: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they start on; blank lines are passed over."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=mapping.delimiter, quotechar=mapping.quote, strict=True
    )
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found.append(_malformed(error, Place(name, row=start)))
        else:
            if any(len(cell) > TEXT_LIMIT for cell in cells):
                longest = max(cells, key=len)
                found.append(TooLong(shortened(longest), Place(name, row=start)))
            elif any(cells):
                yield start, cells
        start = reader.line_num + 1


def _malformed(error: csv.Error, place: Place) -> Problem:
    reason = str(error)
    if "unexpected end of data" in reason:
        return Truncated("", place, says="a quoted value opens here and never closes: the file ends too early")
    if "field larger" in reason:
        return TooLong("", place, says="a value of this row is longer than any such value can be")
    return NotCsv("", place, says=f"{NotCsv.says} ({reason})")
