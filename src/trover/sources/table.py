"""A table of any format: its header found, lines above and below it told apart, each row handed on by position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass

from trover.errors import ColumnMissing, DuplicateKey, FieldMissing, InputErrors, Place, Problem, RowShape, Truncated
from trover.sources.custody import SourceFile
from trover.sources.mapping import CSV, FIND, STATEMENT, XLSX, Mapping
from trover.sources.mapping_fields import folded, is_one_of
from trover.sources.record import Pointer, Unbooked
from trover.sources.rows import Positions, TableRows
from trover.sources.rows_statement import StatementRows
from trover.sources.rows_transfer import TransferRows
from trover.sources.text import shortened

Line = tuple[int, list[str]]
"""Number of the line a row begins on (1 = first of the file or sheet), and its cells."""


class FlawedCells(list[str]):
    """Cells of a row some of which could not be read; `flaws`: position -> what is wrong there."""

    def __init__(self, cells: Sequence[str], flaws: Dict[int, Problem]) -> None:
        super().__init__(cells)
        self.flaws = flaws


def rows_of(source: SourceFile, mapping: Mapping, found: list[Problem]) -> TableRows:
    """What collects the rows of a table of the shape that the mapping names."""
    return (StatementRows if mapping.shape == STATEMENT else TransferRows)(source, mapping, found)


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns and the line they stand on, with the lines above it."""

    names: tuple[str, ...]
    row: int
    above: tuple[Line, ...] = ()


def header_of(lines: Iterator[Line], mapping: Mapping) -> Header | None:
    """Take the header off `lines`; None where they end before it."""
    if mapping.header:
        return Header(mapping.header, 0)
    above: list[Line] = []
    wanted = set(mapping.used)
    for line, cells in lines:
        names = tuple(cell.strip() for cell in cells)
        if (mapping.header_row != FIND and line >= mapping.header_row) or (
            mapping.header_row == FIND and wanted <= set(names)
        ):
            return Header(names, line, tuple(above))
        above.append((line, cells))
    return None


def header_names(source: SourceFile, mapping: Mapping) -> tuple[str, ...] | None:
    """The names of the columns of `source` under `mapping`; None for a file of another format or without header.

    Raises `InputErrors` for a file that cannot be read under it.
    """
    from trover.sources.csv_reader import CsvReader, lines_of
    from trover.sources.xlsx_reader import XlsxReader, sheet_lines

    if XlsxReader().sniff(source) != (mapping.format == XLSX) or mapping.header:
        return None
    if mapping.format == XLSX:
        lines = sheet_lines(source, mapping)
    elif mapping.format == CSV and CsvReader().sniff(source):
        lines = lines_of(source, mapping, [])
    else:
        return None
    header = header_of(lines, mapping)
    return header.names if header else None


def read_table(lines: Iterator[Line], rows: TableRows, page: str = "", whole: bool = True) -> None:
    """Hand every row of one table to `rows`. Raises `InputErrors` where its columns are not those of the mapping.

    whole: every row has all its cells, and a last one that has not means that the file was cut off; in a workbook
    empty cells at the end of a row are left out.
    """
    mapping, source = rows.mapping, rows.source
    header = header_of(lines, mapping)
    if header is None:
        place = Place(source.name, page, mapping.header_row or None)
        raise InputErrors([Truncated("", place, says="the file ends before its header row")])
    positions = positions_of(header, mapping, Place(source.name, page, header.row or None))
    head = printed_above(header, mapping, Place(source.name, page, header.row or None), rows.found)
    rows.begin(page, positions, head)
    _hand_on(lines, rows, header, page, whole)


def positions_of(header: Header, mapping: Mapping, place: Place) -> Positions:
    """Where each mapped column stands. Raises `InputErrors` for columns that are missing or stand twice."""
    found: list[Problem] = []
    for column in mapping.used:
        if column not in header.names:
            remedy = f"The header has: {shortened(', '.join(header.names))}. {ColumnMissing.remedy}"
            found.append(ColumnMissing(shortened(column), place, remedy=remedy))
        elif header.names.count(column) > 1:
            says = "is the name of two columns"
            found.append(DuplicateKey(column, place, says=says, remedy="Rename one of them in a copy of the file."))
    if found:
        raise InputErrors(found)
    at = header.names.index
    positions: dict[str, tuple[int, ...]] = {ours: (at(theirs),) for ours, theirs in mapping.columns.items()}
    positions |= {ours: tuple(map(at, theirs)) for ours, theirs in mapping.several.items()}
    for name, part in (("=sign", mapping.sign), ("=balance_sign", mapping.balance_sign), ("=status", mapping.status)):
        if part is not None and part.column:
            positions[name] = (at(part.column),)
    positions |= {f"=rows{number}": (at(rule.column),) for number, rule in enumerate(mapping.rows)}
    return positions


def printed_above(header: Header, mapping: Mapping, place: Place, found: list[Problem]) -> dict[str, str]:
    """What stands beside the labels of the mapping above the header."""
    printed: dict[str, str] = {}
    for name, label in mapping.head.items():
        values = {value for _, cells in header.above for value in _beside(cells, label)}
        if len(values) == 1:
            printed[name] = values.pop()
            continue
        says = "stands beside two values above the header" if values else "stands beside no value above the header"
        found.append(FieldMissing(label, place, says=says, remedy="Correct the label in the mapping (head)."))
    return printed


def _beside(cells: Sequence[str], label: str) -> Iterator[str]:
    plain = " ".join(label.split()).rstrip(": ")
    for at, cell in enumerate(cells):
        text = " ".join(cell.split())
        rest = text[len(plain) :]
        if not folded(text).startswith(folded(plain)) or rest[:1].isalnum():
            continue
        following = (after.strip() for after in cells[at + 1 :])
        value = rest.lstrip(": ") or next(filter(None, following), "")
        if value:
            yield value


def _hand_on(lines: Iterator[Line], rows: TableRows, header: Header, page: str, whole: bool) -> None:
    width, add, name = len(header.names), rows.add, rows.source.name
    footer = tuple(map(folded, rows.mapping.footer))
    used = {at for at, column in enumerate(header.names) if column in rows.mapping.used}
    short: tuple[int, list[str], Problem] | None = None
    for line, cells in lines:
        if footer and is_one_of(next(filter(None, map(str.strip, cells)), ""), footer):
            _keep_below(line, cells, lines, rows)
            break
        if short is not None:
            rows.misshaped(*short)
            short = None
        if len(cells) < width and not whole:
            cells += [""] * (width - len(cells))
        if isinstance(cells, FlawedCells) and (flawed := sorted(used & set(cells.flaws))):
            for at in flawed:
                place = Place(name, page, line, header.names[at])
                rows.misshaped(line, cells, cells.flaws[at].at(place))
        elif len(cells) == width:
            add(line, cells)
        elif len(cells) > width and not any(cells[width:]):
            add(line, cells[:width])
        else:
            says = f"values, where the header has {width} columns"
            problem = RowShape(len(cells), Place(name, page, line), says=says)
            if len(cells) < width:
                short = line, cells, problem
            else:
                rows.misshaped(line, cells, problem)
    if short is not None:
        says = f"values in the last row, where the header has {width} columns: the file ends too early"
        rows.found.append(Truncated(short[2].value, short[2].place, says=says))


def _keep_below(line: int, cells: list[str], lines: Iterator[Line], rows: TableRows) -> None:
    """The lines below the table, kept so that every line of the file is accounted for."""
    while True:
        text = " ".join(filter(None, map(str.strip, cells)))
        pointer = Pointer(rows.source.sha256, rows.page, line)
        id = f"{rows.source.sha256[:12]}:{rows.page + ':' if rows.page else ''}{line}"
        rows.unbooked.append(Unbooked(pointer, id, "", "", shortened(text), "stands below the table"))
        following = next(lines, None)
        if following is None:
            return
        line, cells = following
