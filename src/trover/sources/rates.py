"""Dated exchange rates as published: the files of the European Central Bank, and a plain table.

They say what a sum came to in another currency. They never make a leg of a movement: what arrived is what a
statement prints. docs/formats/rates.md
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from trover.errors import (
    AmountNotPositive,
    AmountUnreadable,
    ColumnMissing,
    DateUnreadable,
    FieldWrong,
    InputErrors,
    NotCsv,
    Place,
    Problem,
    RowShape,
    Truncated,
    UnknownCurrency,
)
from trover.sources.custody import SourceFile
from trover.sources.file_at_hand import FileAtHand
from trover.sources.record import Pointer, RateRecord
from trover.sources.strict_json import DIGITS
from trover.sources.text import decode, shortened

if TYPE_CHECKING:
    from trover.sources.reader import Reading

FORMAT = "exchange rates"
PLAIN = ("date", "base", "quote", "rate")
_BASE = "EUR"
"""The currency that one unit is of in every file of the European Central Bank."""
_ABSENT = ("", "N/A", "-")
_RATE = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,9}", re.ASCII)
_REMEDIES: dict[type[Problem], str] = {
    AmountUnreadable: "Rates are digits with a point, as 1.0823: obtain the file again.",
    AmountNotPositive: "A rate is above zero: obtain the file again.",
    DateUnreadable: "Days are written as 2024-01-31, or as 31 January 2024: obtain the file again.",
    UnknownCurrency: "Codes have three capital letters, those of tokens up to ten: obtain the file again.",
    FieldWrong: "Neither is chosen: obtain the file again from who publishes it.",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """On `day`, one unit of `base` came to `rate` units of `quote`, exactly as `text` prints it."""

    pointer: Pointer
    day: date
    base: str
    quote: str
    rate: Fraction
    text: str


class Rates:
    """The rates of one file by day and pair; only what is printed, no day filled in and nothing inverted."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self.rates = tuple(rates)
        self._by_key = {(rate.day, rate.base, rate.quote): rate for rate in self.rates}

    def on(self, day: date, base: str, quote: str) -> Rate | None:
        """The rate of `day`, None where none is printed (a Sunday, a holiday)."""
        return self._by_key.get((day, base, quote))

    def __len__(self) -> int:
        return len(self.rates)


class RatesReader:
    """A table date,base,quote,rate, or a file of the European Central Bank: evidence of worth, and no ledger row."""

    name = FORMAT

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:4096].removeprefix(b"\xef\xbb\xbf")
        if head.lstrip().startswith(b"<"):
            return b"<Cube" in head and b"eurofxref" in head
        first = head.split(b"\n", 1)[0].strip().lower()
        names = [name.strip() for name in first.decode("ascii", "replace").split(",")]
        return sorted(names) == sorted(PLAIN) or (names[:2] == ["date", "usd"])

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        from trover.sources.reader import Reading

        rates = [RateRecord(r.pointer, r.day, r.base, r.quote, r.text) for r in read_rates(source).rates]
        return Reading(source, self.name, (), rates=tuple(rates))


def read_rates(source: SourceFile) -> Rates:
    """Every rate of a file: eurofxref of the European Central Bank (XML or CSV), or a table date,base,quote,rate.

    Raises `InputErrors` with everything that is wrong in it.
    """
    reader = _Reader(source, _REMEDIES)
    if source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        reader.xml()
    else:
        reader.table()
    if not reader.rates and not reader.found:
        reader.found.append(Truncated("", Place(source.name), says="the file holds no rate"))
    if reader.found:
        raise InputErrors(reader.found)
    return Rates(reader.rates.values())


@dataclass
class _Reader(FileAtHand):
    rates: dict[tuple[date, str, str], Rate] = field(default_factory=dict)

    def row_of(self, where: int) -> int | None:
        return where or None

    def xml(self) -> None:
        """Cubes of days, each with cubes of currencies, under any namespace."""
        from trover.sources.xml_safe import parse_xml

        for element in parse_xml(self.source).iter():
            day = element.get("time")
            if day is None:
                continue
            when = self._day(day, element.sourceline or 0)
            for cube in element:
                row = cube.sourceline or 0
                self._add(row, when, _BASE, cube.get("currency", ""), cube.get("rate", ""))

    def table(self) -> None:
        lines = self._lines()
        header = next(lines, (1, []))
        names = [name.strip() for name in header[1]]
        while names and not names[-1]:
            names.pop()
        if sorted(name.lower() for name in names) == sorted(PLAIN):
            self._plain([name.lower() for name in names], lines)
        elif names[:1] == ["Date"] and len(names) > 1 and all(_CODE.fullmatch(name) for name in names[1:]):
            self._wide(names, lines)
        else:
            shown = shortened(", ".join(names))
            says = "are no columns of a table of rates"
            remedy = "Give a file of the European Central Bank, or the columns date, base, quote, rate."
            self.found.append(ColumnMissing(shown, Place(self.source.name, row=1), says=says, remedy=remedy))

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(decode(self.source.data, self.source.name), newline=""), strict=True)
        start = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield start, [cell.strip() for cell in cells]
                start = reader.line_num + 1
        except csv.Error as error:
            self.report(NotCsv("", says=f"{NotCsv.says} ({error})"), start, "")

    def _plain(self, names: Sequence[str], lines: Iterator[tuple[int, list[str]]]) -> None:
        for row, cells in lines:
            if len(cells) != len(names):
                self._misshaped(row, cells, len(names))
                continue
            values = dict(zip(names, cells, strict=True))
            self._add(row, self._day(values["date"], row), values["base"], values["quote"], values["rate"])

    def _wide(self, names: Sequence[str], lines: Iterator[tuple[int, list[str]]]) -> None:
        """One row a day, one column a currency; a rate that is not quoted that day stands as N/A."""
        for row, cells in lines:
            if len(cells) < len(names) or any(cells[len(names) :]):
                self._misshaped(row, cells, len(names))
                continue
            when = self._day(cells[0], row)
            for quote, text in zip(names[1:], cells[1:], strict=False):
                if text not in _ABSENT:
                    self._add(row, when, _BASE, quote, text)

    def _misshaped(self, row: int, cells: Sequence[str], width: int) -> None:
        self.report(RowShape(len(cells), says=f"values, where the header has {width} columns"), row, "")

    def _day(self, text: str, row: int) -> date | None:
        for pattern in ("%Y-%m-%d", "%d %B %Y"):
            try:
                return datetime.strptime(text.strip(), pattern).date()
            except ValueError:
                continue
        self.report(DateUnreadable(shortened(text)), row, "date")
        return None

    def _add(self, row: int, when: date | None, base: str, quote: str, text: str) -> None:
        rate = self._rate(text, row)
        for column, code in (("base", base), ("quote", quote)):
            if not _CODE.fullmatch(code):
                self.report(UnknownCurrency(shortened(code), says="is no code of a currency"), row, column)
                rate = None
        if when is None or rate is None:
            return
        pointer = Pointer(self.source.sha256, "", row)
        known = self.rates.setdefault((when, base, quote), Rate(pointer, when, base, quote, rate, text))
        if known.rate != rate:
            says = f"is a second rate of {base} in {quote} on {when}: row {known.pointer.row} has {known.text}"
            self.report(FieldWrong(text, says=says), row, "rate")

    def _rate(self, text: str, row: int) -> Fraction | None:
        if not _RATE.fullmatch(text) or len(text) > DIGITS:
            self.report(AmountUnreadable(shortened(text)), row, "rate")
            return None
        rate = Fraction(text)
        if not rate:
            self.report(AmountNotPositive(text), row, "rate")
            return None
        return rate
