"""CSV with a mapping: every row becomes a record or a problem, none is dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from trover.errors import FieldWrong, InputErrors, MappingMissing, NotCsv, Place, Problem, TooLong, Truncated
from trover.sources.attribution.address_list import read_list
from trover.sources.custody import SourceFile
from trover.sources.darkweb.page import read_text
from trover.sources.mapping import ADDRESSES, CSV, TEXT, Mapping
from trover.sources.reader import Reading
from trover.sources.table import Line, read_table, rows_of
from trover.sources.text import TEXT_LIMIT, decode, shortened

BINARY = ("application/zip", "application/pdf", "application/vnd.apache.parquet", "application/gzip")


class CsvReader:
    """Delimited text, described by a mapping."""

    name = CSV

    def sniff(self, source: SourceFile) -> bool:
        return source.media not in BINARY and source.media not in ("application/json", "application/xml")

    def read(self, source: SourceFile, mapping: Mapping | None) -> Reading:
        if mapping is None:
            raise InputErrors([MappingMissing(source.name)])
        if mapping.format == TEXT:
            return read_text(source)
        if mapping.format == ADDRESSES:
            return read_list(source, mapping.head)
        if mapping.format != CSV:
            says = f"is the format that the mapping states, and {source.name} is text"
            raise InputErrors([FieldWrong(mapping.format, Place(mapping.name, column="format"), says=says)])
        found: list[Problem] = []
        rows = rows_of(source, mapping, found)
        read_table(lines_of(source, mapping, found), rows)
        return rows.reading(self.name)


def lines_of(source: SourceFile, mapping: Mapping, found: list[Problem]) -> Iterator[Line]:
    """Rows with the line they start on; blank lines are passed over. Raises `InputErrors` for a wrong encoding."""
    text = decode(source.data, source.name, mapping.encoding)
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
            found.append(_malformed(error, Place(source.name, row=start)))
        else:
            if any(cells):
                if max(map(len, cells)) > TEXT_LIMIT:
                    longest = max(cells, key=len)
                    found.append(TooLong(shortened(longest), Place(source.name, row=start)))
                else:
                    yield start, cells
        start = reader.line_num + 1


def _malformed(error: csv.Error, place: Place) -> Problem:
    reason = str(error)
    if "unexpected end of data" in reason:
        return Truncated("", place, says="a quoted value opens here and never closes: the file ends too early")
    if "field larger" in reason:
        return TooLong("", place, says="a value of this row is longer than any such value can be")
    return NotCsv("", place, says=f"{NotCsv.says} ({reason})")
