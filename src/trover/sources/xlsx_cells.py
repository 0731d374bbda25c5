"""Cells of a sheet as the texts a mapping reads: digits exactly or not at all, days as ISO 8601, what is odd named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from trover.errors import (
    CellDigitsLost,
    CellError,
    CellMerged,
    DoctypeRefused,
    FormulaWithoutValue,
    InputErrors,
    NoSuchDay,
    NotAWorkbook,
    Place,
    Problem,
    TooLong,
)
from trover.sources.table import FlawedCells, Line
from trover.sources.text import TEXT_LIMIT, shortened
from trover.sources.xlsx_book import DATE, NUMBER, TIME, Book, Format, Sheet, text_of_item
from trover.sources.xml_safe import Element, MalformedXml, ended

_PLAIN = Format()
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_KEPT = 15
"""Significant digits that a spreadsheet keeps of a number."""
_NOISE = Decimal(2) ** -40
"""Share of a number by which sums of binary fractions may miss the decimal fraction they stand for."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class SheetLines:
    """The rows of one sheet that hold something; `hidden` is filled while they are read.

    decimal: the decimal sign of the mapping, in which numbers are given.
    """

    def __init__(self, book: Book, sheet: Sheet, decimal: str) -> None:
        self.book, self.sheet, self.decimal = book, sheet, decimal
        self.hidden: list[int] = []
        self.hidden_columns = False
        self._numbers: dict[tuple[str, int], str | Problem] = {}
        self._merged = sorted(_ranges(sheet.data))
        self._open: list[tuple[int, int, int, int]] = []

    def __iter__(self) -> Iterator[Line]:
        data, name = self.sheet.data, self.book.source.name
        place = Place(name, self.sheet.name)
        if b"<!DOCTYPE" in data or b"\x00" in data[:64]:
            raise InputErrors([DoctypeRefused("<!DOCTYPE", place)])
        last = 0
        try:
            for event, element in _elements(data):
                if event == "column":
                    self.hidden_columns = True
                    continue
                number = _row_number(element, last)
                if number <= last or number > _LAST_ROW:
                    says = f"{NotAWorkbook.says}: its rows do not follow each other"
                    raise InputErrors([NotAWorkbook("", Place(name, self.sheet.name, last + 1), says=says)])
                last = number
                line = self._line(number, element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
                if line is not None:
                    yield line
        except MalformedXml as error:
            says = f"{NotAWorkbook.says}: a sheet is not well-formed ({str(error.msg)[:80]})"
            raise InputErrors([NotAWorkbook("", Place(name, self.sheet.name, last or None), says=says)]) from None

    def _line(self, number: int, row: Element) -> Line | None:
        cells: list[str] = []
        flaws: dict[int, Problem] = {}
        for cell in row:
            at = _column(cell.get("r"), len(cells))
            if at < len(cells) or at >= _LAST_COLUMN:
                says = f"{NotAWorkbook.says}: its cells do not follow each other"
                place = Place(self.book.source.name, self.sheet.name, number)
                raise InputErrors([NotAWorkbook("", place, says=says)])
            if at > len(cells):
                cells += [""] * (at - len(cells))
            value = self._value(cell)
            if isinstance(value, Problem):
                flaws[at] = value
                value = shortened(str(value.value))
            cells.append(value)
        if not any(cells) and not flaws:
            return None
        if row.get("hidden") in ("1", "true"):
            self.hidden.append(number)
        if self._merged or self._open:
            self._mark_merged(number, cells, flaws)
        return (number, FlawedCells(cells, flaws)) if flaws else (number, cells)

    def _value(self, cell: Element) -> str | Problem:
        kind, text, formula = cell.get("t", "n"), None, None
        for child in cell:
            name = child.tag.rpartition("}")[2]
            if name == "v":
                text = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                text = text_of_item(child)
        if formula is not None and not (text or (text == "" and kind == "str")):
            return FormulaWithoutValue(shortened(f"={formula}"))
        if not text:
            return ""
        if kind == "n":
            return self._number(text, cell.get("s"))
        if kind == "s":
            return self._shared(text)
        if kind == "e":
            return CellError(shortened(text))
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return TooLong(shortened(text)) if len(text) > TEXT_LIMIT else text

    def _shared(self, text: str) -> str | Problem:
        texts = self.book.texts
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) < len(texts)):
            return CellError(shortened(text), says="is the number of a text that the workbook does not hold")
        found = texts[int(text)]
        return TooLong(shortened(found)) if len(found) > TEXT_LIMIT else found

    def _number(self, text: str, style: str | None) -> str | Problem:
        at = int(style) if style and style.isascii() and style.isdigit() and len(style) < 7 else 0
        known = self._numbers.get((text, at))
        if known is None:
            form = self.book.formats[at] if at < len(self.book.formats) else _PLAIN
            known = self._numbers[text, at] = self._fresh_number(text, form)
        return known

    def _fresh_number(self, text: str, form: Format) -> str | Problem:
        if not _NUMBER.fullmatch(text):
            return CellError(shortened(text), says="is stored as a number and is none")
        if form.kind == NUMBER:
            digits = plain_number(text)
            if digits is None:
                return CellDigitsLost(shortened(text))
            if form.width and digits.isdigit():
                return digits.zfill(form.width)
            return digits.replace(".", self.decimal)
        shown = moment_text(Decimal(text), form.kind, self.book.since_1904)
        return NoSuchDay(shortened(text)) if shown is None else shown

    def _mark_merged(self, number: int, cells: list[str], flaws: dict[int, Problem]) -> None:
        """Cells that a merged one covers are empty in the file; here they are named where they are needed."""
        while self._merged and self._merged[0][0] <= number:
            self._open.append(self._merged.pop(0))
        self._open = [each for each in self._open if each[1] >= number]
        for first, _, left, right in self._open:
            for at in range(left, min(right + 1, max(len(cells), left + 1))):
                if (number, at) != (first, left):
                    cells += [""] * (at + 1 - len(cells))
                    flaws.setdefault(at, CellMerged(""))


def plain_number(text: str) -> str | None:
    """The decimal number that a stored binary one stands for, without exponent; None if digits may be lost.

    A number typed into a spreadsheet has at most 15 digits and comes back exactly. One that was computed misses
    its decimal fraction by a little, and is that fraction if the difference is no more than the noise of sums.
    """
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return None
    shortest = Decimal(repr(value))
    if abs(shortest) >= 10**_KEPT:
        return None
    if len(shortest.normalize().as_tuple().digits) <= _KEPT:
        return _written(shortest)
    for places in range(10):
        rounded = round(shortest, places)
        if abs(rounded - shortest) <= min(abs(shortest) * _NOISE, Decimal(10) ** -(places + 4)):
            return _written(rounded)
    return None


def _written(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def moment_text(serial: Decimal, kind: str, since_1904: bool) -> str | None:
    """Day or time of a serial number, as ISO 8601 text; None where it is none.

    In the system of 1900 day 60 is 29 February 1900, which never was; the days before it are one later.
    """
    if not 0 <= serial < 2_958_466:
        return None
    whole = int(serial)
    milliseconds = int((serial - whole) * 86_400_000 + Decimal("0.5"))
    if kind == TIME and not whole:
        return _clock(milliseconds)
    if since_1904:
        first = date(1904, 1, 1)
    elif whole == 60 or whole == 0:
        return None
    else:
        first = date(1899, 12, 30) if whole > 60 else date(1899, 12, 31)
    try:
        moment = datetime(first.year, first.month, first.day) + timedelta(days=whole, milliseconds=milliseconds)
    except OverflowError:
        return None
    if kind == DATE and not milliseconds:
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _clock(milliseconds: int) -> str | None:
    moment = datetime(2000, 1, 1) + timedelta(milliseconds=milliseconds)
    shown = moment.time().isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return shown if moment.day == 1 else None


def _elements(data: bytes) -> Iterator[tuple[str, Element]]:
    """Each row of a sheet, and each group of hidden columns, as they end."""
    for element in ended(data, "{*}row", "{*}col"):
        if element.tag.endswith("}col") or element.tag == "col":
            if element.get("hidden") in ("1", "true"):
                yield "column", element
        else:
            yield "row", element


def _ranges(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """First and last row, first and last column (from 0) of each group of merged cells."""
    for left, first, right, last in _MERGED.findall(data):
        yield int(first), int(last), _index(left.decode()), _index(right.decode())


def _row_number(row: Element, last: int) -> int:
    text = row.get("r")
    if text is None:
        return last + 1
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _column(reference: str | None, following: int) -> int:
    if reference is None:
        return following
    match = _CELL.fullmatch(reference)
    return _index(match[1]) if match else -1


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
