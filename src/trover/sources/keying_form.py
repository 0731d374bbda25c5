"""The form on which one person keys one statement from paper: a table that any spreadsheet opens.

What each field means and how it is typed: docs/how-to/key-paper-statements.md.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trover.errors import (
    AmountNotPositive,
    AmountUnreadable,
    ColumnMissing,
    DateUnreadable,
    DuplicateId,
    DuplicateKey,
    FieldMissing,
    FieldWrong,
    InputErrors,
    KeyedByNobody,
    NotAForm,
    Place,
    Problem,
    TooLong,
    UnknownField,
    WrongEncoding,
)
from trover.sources.amounts import AmountStyle
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.dates import ISO, moment_of
from trover.sources.rows import account_id
from trover.sources.text import ID_LIMIT, TEXT_LIMIT, decode, shortened
from trover.sources.times import Precision

TITLE = "Trover keying form"
VERSION = "1"
MOST_ROWS = 10_000
DAYS = {
    "YYYY-MM-DD": ISO,
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
}
"""How dates may be written, as the form names it -> the format by which they are read."""
ABOUT = ("keyed by", "read by", "corrected by", "scan", "cells", "decimal sign", "date order")
"""Fields about the form itself; two forms of one statement need not agree in them, except in what was scanned."""
STATED = ("account", "holder", "currency", "number", "from", "to", "opening", "closing")
"""Fields of the statement that both forms state alike."""
MONEY = ("debit", "credit", "balance")
CONTENT = ("date", "text", "counterparty", "counterparty account", *MONEY)
COLUMNS = ("page", "line", *CONTENT)
_FILES = ("scan", "cells")
_AMOUNT_SIGNS = (".", ",")
_FORMULA = ("=", "+", "-", "@")
_AMOUNT = re.compile(r"[+-]?[\d.,' ]+", re.ASCII)

Value = str | int | None
"""What a cell says: an amount in minor units, a day as ISO text, a number or a text; None where nothing is typed."""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a form names, by name and SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the statement. `row` is where it stands in the form; `typed` what was typed, `values` what it says."""

    row: int
    typed: Mapping[str, str]
    values: Mapping[str, Value]

    @property
    def at(self) -> str:
        """Where it stands on the paper."""
        return f"page {self.typed['page']}, line {self.typed['line']}"

    def __str__(self) -> str:
        named = ((f"{name} " if name in MONEY else "") + text for name in CONTENT if (text := self.typed[name]))
        return " | ".join(named)


@dataclass(frozen=True)
class Form:
    """One filled form. `keyed_by` is a person; `read_by` a program, and then `corrected_by` may be a person."""

    source: SourceFile
    keyed_by: str
    read_by: str
    corrected_by: str
    scans: tuple[NamedFile, ...]
    cells: tuple[NamedFile, ...]
    typed: Mapping[str, str]
    values: Mapping[str, Value]
    rows: tuple[FormRow, ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    """Field -> the row of the form it stands in."""

    @property
    def by(self) -> str:
        """Who or what filled it."""
        return self.keyed_by or f"read by {self.read_by}"

    @property
    def persons(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.keyed_by, self.corrected_by)))

    def place(self, row: int | None = None, column: str = "") -> Place:
        return Place(self.source.name, row=row, column=column)


def is_form(source: SourceFile) -> bool:
    head = source.data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b'"')
    return head.startswith(TITLE.encode())


def form_text(
    stated: Mapping[str, str] | None = None,
    files: Sequence[tuple[str, NamedFile]] = (),
    rows: Sequence[Mapping[str, str]] = (),
) -> str:
    """A form to be filled: `stated` and `rows` are what is known, `files` pairs of `scan` or `cells` and the file."""
    known = {"decimal sign": ".", "date order": "YYYY-MM-DD"} | dict(stated or {})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([TITLE, VERSION])
    for name in (*ABOUT, *STATED):
        named = [[name, guarded(file.name), file.sha256] for kind, file in files if kind == name]
        writer.writerows(named or ([[name, guarded(known.get(name, ""))]] if name != "cells" else []))
    writer.writerow([])
    writer.writerow(COLUMNS)
    writer.writerows([[guarded(row.get(name, "")) for name in COLUMNS] for row in rows])
    return out.getvalue()


def guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula, kept as a text by a quote before it."""
    return f"'{text}" if text[:1] in _FORMULA and not _AMOUNT.fullmatch(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def read_form(source: SourceFile, found: list[Problem]) -> Form | None:
    """The form in `source`; what is wrong with it is added to `found`, and None if it cannot be read as one."""
    if not is_form(source):
        found.append(NotAForm("", Place(source.name)))
        return None
    try:
        text = decode(source.data, source.name)
        lines = list(_lines(text, source.name))
    except InputErrors as errors:
        found += [_in_utf8(problem) for problem in errors.problems]
        return None
    return _Reader(source, found).read(lines)


def _in_utf8(problem: Problem) -> Problem:
    if isinstance(problem, WrongEncoding):
        remedy = "Save the form as CSV in UTF-8: a spreadsheet offers it among the types of file."
        return WrongEncoding(problem.value, problem.place, says=problem.says, remedy=remedy)
    return problem


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of cells with the line each starts on; a spreadsheet may have changed the delimiter."""
    rest = text.split("\n", 1)[0].strip().strip('"').removeprefix(TITLE).lstrip('"')
    delimiter = rest[0] if rest[:1] in (";", "\t") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            plain = [unguarded(" ".join(cell.split())) for cell in cells]
            while plain and not plain[-1]:
                plain.pop()
            if any(len(cell) > TEXT_LIMIT for cell in plain):
                raise InputErrors([TooLong(shortened(max(plain, key=len)), Place(name, row=start))])
            if plain:
                yield start, plain
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputErrors([NotAForm("", Place(name, row=start), says=f"cannot be read as a table ({error})")]) from None


class _Reader:
    """Reads one form. What a program could not read right stays text, so that it differs from what a person typed."""

    def __init__(self, source: SourceFile, found: list[Problem]) -> None:
        self.source, self.found = source, found
        self.typed: dict[str, str] = {}
        self.rows_of: dict[str, int] = {}
        self.files: dict[str, list[NamedFile]] = {name: [] for name in _FILES}
        self.style, self.days = AmountStyle(), ISO
        self.decimals: int | None = None
        self.strict = True

    def add(
        self, kind: type[Problem], value: object, row: int | None, column: str, says: str = "", remedy: str = ""
    ) -> None:
        self.found.append(kind(value, Place(self.source.name, row=row, column=column), says=says, remedy=remedy))

    def read(self, lines: list[tuple[int, list[str]]]) -> Form | None:
        """The title is known to be there."""
        if lines[0][1][1:] != [VERSION]:
            says = f"is not version {VERSION} of the keying form"
            self.add(NotAForm, " ".join(lines[0][1][1:]), 1, "", says)
        table = next((i for i, (_, cells) in enumerate(lines) if cells[0] == COLUMNS[0]), len(lines))
        for row, cells in lines[1:table]:
            self._about(row, cells)
        self._conventions()
        values = {name: self._stated(name) for name in STATED}
        if table == len(lines):
            self.add(ColumnMissing, COLUMNS[0], None, "", "is the first column of the rows, and is not there")
            return None
        rows = self._rows(lines[table], lines[table + 1 :])
        typed, files = self.typed, self.files
        return Form(
            self.source, typed.get("keyed by", ""), typed.get("read by", ""), typed.get("corrected by", ""),
            tuple(files["scan"]), tuple(files["cells"]), typed, values, rows, self.rows_of,
        )  # fmt: skip

    def _about(self, row: int, cells: list[str]) -> None:
        name, value = cells[0], cells[1] if len(cells) > 1 else ""
        if name not in (*ABOUT, *STATED):
            self.add(UnknownField, shortened(name), row, "")
        elif name in _FILES:
            if value:
                self._file(name, row, cells)
        elif name in self.rows_of:
            says = f"stands in row {self.rows_of[name]} already"
            self.found.append(DuplicateKey(name, Place(self.source.name, row=row), says=says, remedy="Keep one."))
        elif len(cells) > 2:
            self.add(FieldWrong, shortened(cells[2]), row, name, "stands beside the value, where nothing stands")
        elif len(value) > ID_LIMIT:
            self.add(TooLong, shortened(value), row, name)
        else:
            self.typed[name] = value
        self.rows_of.setdefault(name, row)

    def _file(self, name: str, row: int, cells: list[str]) -> None:
        sha256 = cells[2] if len(cells) == 3 else ""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            self.add(FieldWrong, shortened(sha256), row, name, "is not the SHA-256 of the file, which stands third")
        else:
            self.files[name].append(NamedFile(cells[1], sha256))

    def _conventions(self) -> None:
        """Who filled it, and how numbers and days are written in it."""
        typed = self.typed
        person, program = typed.get("keyed by", ""), typed.get("read by", "")
        self.strict = not program
        if not person and not program:
            self.add(KeyedByNobody, "", self.rows_of.get("keyed by"), "keyed by", "is empty")
        if person and program:
            self.add(FieldWrong, program, self.rows_of["read by"], "read by", "is filled, and 'keyed by' as well")
        if person and typed.get("corrected by"):
            says = "is filled, though a person typed the form"
            self.add(FieldWrong, typed["corrected by"], self.rows_of["corrected by"], "corrected by", says)
        sign = typed.get("decimal sign", "")
        if sign in _AMOUNT_SIGNS:
            self.style = AmountStyle(sign)
        else:
            self.add(FieldWrong, sign, self.rows_of.get("decimal sign"), "decimal sign", "is not a point or a comma")
        order = typed.get("date order", "")
        if order in DAYS:
            self.days = DAYS[order]
        else:
            self.add(FieldWrong, order, self.rows_of.get("date order"), "date order", f"is not {' or '.join(DAYS)}")
        currency = typed.get("currency", "")
        try:
            self.decimals = minor_units(currency) if currency else None
        except Problem as problem:
            self.found.append(problem.at(Place(self.source.name, row=self.rows_of["currency"], column="currency")))

    def _stated(self, name: str) -> Value:
        text, row = self.typed.get(name, ""), self.rows_of.get(name)
        if not text:
            if name in ("account", "currency") and self.strict:
                self.add(FieldMissing, "", row, name, "is empty")
            return None
        if name in ("opening", "closing"):
            return self._amount(text, row, name)
        if name in ("from", "to"):
            return self._day(text, row, name)
        return account_id(text) if name == "account" else text

    def _rows(self, header: tuple[int, list[str]], lines: list[tuple[int, list[str]]]) -> tuple[FormRow, ...]:
        row, names = header
        for name in COLUMNS:
            if names.count(name) > 1:
                self.add(DuplicateKey, name, row, "", "is the name of two columns")
            elif name not in names:
                remedy = f"The columns of the form are: {', '.join(COLUMNS)}."
                self.found.append(ColumnMissing(name, Place(self.source.name, row=row), remedy=remedy))
        for name in dict.fromkeys(names):
            if name not in COLUMNS:
                self.add(UnknownField, shortened(name), row, name, "is not a column of the form")
        if len(lines) > MOST_ROWS:
            self.add(TooLong, len(lines), None, "", f"rows are more than the {MOST_ROWS} that a form has")
            return ()
        if set(names) != set(COLUMNS) or len(names) != len(COLUMNS):
            return ()
        found = [self._row(row, names, cells) for row, cells in lines]
        rows = [row for row in found if row is not None]
        self._once(rows)
        return tuple(rows)

    def _once(self, rows: Sequence[FormRow]) -> None:
        first: dict[tuple[Value, Value], int] = {}
        for row in rows:
            where = (row.values["page"], row.values["line"])
            other = first.setdefault(where, row.row)
            if other != row.row and None not in where:
                says = f"is keyed in row {other} already"
                remedy = "Number each row by its line on the paper, counted anew on each page."
                self.add(DuplicateId, row.at, row.row, "line", says, remedy)

    def _row(self, row: int, names: Sequence[str], cells: list[str]) -> FormRow | None:
        if len(cells) > len(names):
            self.add(FieldWrong, shortened(cells[-1]), row, "", "stands to the right of the last column")
            return None
        typed = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
        if not any(typed[name] for name in CONTENT):
            return None
        values: dict[str, Value] = {name: self._number(typed[name], row, name) for name in ("page", "line")}
        values["date"] = self._day(typed["date"], row, "date")
        for name in ("text", "counterparty", "counterparty account"):
            values[name] = typed[name] or None
            if name != "text" and len(typed[name]) > ID_LIMIT:
                self.add(TooLong, shortened(typed[name]), row, name)
        for name in MONEY:
            values[name] = self._amount(typed[name], row, name) if typed[name] else None
        self._sides(row, typed, values)
        return FormRow(row, typed, values)

    def _sides(self, row: int, typed: Mapping[str, str], values: dict[str, Value]) -> None:
        """A zero in a column of movements says what an empty cell says; only one of the two can move."""
        for name in ("debit", "credit"):
            value = values[name]
            if value == 0:
                values[name] = None
            elif isinstance(value, int) and value < 0 and self.strict:
                self.add(AmountNotPositive, typed[name], row, name)
        if values["debit"] is not None and values["credit"] is not None and self.strict:
            remedy = "Type the amount in the column it has on the paper; a row moves money in one direction."
            self.add(AmountUnreadable, "", row, "debit", "the row fills both debit and credit", remedy)

    def _number(self, text: str, row: int, name: str) -> Value:
        if text.isascii() and text.isdigit() and 0 < int(text[:7]) < 10**6:
            return int(text[:7])
        if self.strict:
            says = f"is not the number of the {name} on the paper"
            self.add(FieldWrong if text else FieldMissing, shortened(text), row, name, says)
        return text or None

    def _day(self, text: str, row: int | None, name: str) -> Value:
        try:
            if not text:
                raise FieldMissing("", says="the date is empty")
            moment = moment_of(text, (self.days,), None)
            if moment.precision is not Precision.DAY:
                raise DateUnreadable(shortened(text), says="is not a day alone")
            return moment.time.date().isoformat()
        except Problem as problem:
            if self.strict:
                remedy = "Write it as the 'date order' at the head of the form says."
                self.add(type(problem), problem.value, row, name, problem.says, remedy)
            return text or None

    def _amount(self, text: str, row: int | None, name: str) -> Value:
        if self.decimals is None:
            return text
        try:
            return self.style.minor(text, self.decimals)
        except Problem as problem:
            if self.strict:
                remedy = f"Write digits with the sign {self.style.decimal!r} before the decimals, without other signs."
                kept = "" if isinstance(problem, AmountUnreadable) else problem.remedy
                self.add(type(problem), problem.value, row, name, problem.says, kept or remedy)
            return text
