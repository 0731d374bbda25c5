"""Files of Ethereum as rows: CSV with a header, JSON lines, a JSON list, or the answer of an explorer around a list."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from trover.errors import (
    AmountTooLarge,
    DuplicateKey,
    FieldWrong,
    InputErrors,
    NotCsv,
    NotJson,
    Place,
    Problem,
    RowShape,
    TooDeep,
    Truncated,
)
from trover.sources.chain.ethereum.row import Row, plain
from trover.sources.custody import SourceFile
from trover.sources.record import Pointer
from trover.sources.strict_json import DEPTH, depth_of
from trover.sources.text import decode, shortened

HEAD = 65_536
"""Bytes looked at to tell what a file is."""
CELL = 16 * 1024 * 1024
"""Characters of the longest cell: the data of a transaction."""
DIGITS = 80
_KEYS = re.compile(rb'"([A-Za-z_][A-Za-z_0-9]{0,40})"\s*:')
_named = lru_cache(maxsize=1000)(plain)


def columns_of(source: SourceFile) -> frozenset[str]:
    """Plain names of the columns or keys with which a file begins; none for a file of another kind."""
    if source.media == "application/json":
        return frozenset(_named(match[1].decode()) for match in _KEYS.finditer(source.data[:HEAD]))
    if not source.media.startswith("text/csv"):
        return frozenset()
    line = source.data[:HEAD].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    try:
        header = next(csv.reader([line.decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return frozenset()
    return frozenset(_named(cell) for cell in header)


def first_fitting(kinds: Mapping[str, str], columns: frozenset[str]) -> str:
    """The first kind all whose columns are there (`one|other`: one of them is enough); empty for none."""
    for kind, needed in kinds.items():
        if all(any(name in columns for name in names.split("|")) for names in needed.split()):
            return kind
    return ""


def rows_of(source: SourceFile, found: list[Problem]) -> Iterator[Row]:
    """Every row; what is no row is added to `found`. Raises `InputErrors` where the file as a whole cannot be read."""
    text = decode(source.data, source.name)
    if source.media == "application/json":
        return _json_rows(source, text, found)
    return _csv_rows(source, text, found)


def _csv_rows(source: SourceFile, text: str, found: list[Problem]) -> Iterator[Row]:
    limit = csv.field_size_limit(CELL)
    try:
        yield from _csv_lines(source, text, found)
    except csv.Error as error:
        raise InputErrors([_csv_wrong(error, source.name)]) from None
    finally:
        csv.field_size_limit(limit)


def _csv_lines(source: SourceFile, text: str, found: list[Problem]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    written = next(reader, [])
    header = [_named(cell) for cell in written]
    for name in sorted({name for name in header if header.count(name) > 1}):
        found.append(DuplicateKey(name, Place(source.name, row=1), says="is the name of two columns"))
    begins = reader.line_num + 1
    for cells in reader:
        at, begins = begins, reader.line_num + 1
        if not any(cells):
            continue
        if len(cells) != len(header):
            says = f"values, where the header has {len(header)} columns"
            found.append(RowShape(len(cells), Place(source.name, row=at), says=says))
            continue
        yield Row(dict(zip(header, cells, strict=True)), Pointer(source.sha256, "", at), source.name, written)


def _csv_wrong(error: csv.Error, name: str) -> Problem:
    if "unexpected end of data" in str(error):
        return Truncated("", Place(name), says="a quoted value opens and never closes: the file ends too early")
    return NotCsv("", Place(name), says=f"{NotCsv.says} ({error})")


def _json_rows(source: SourceFile, text: str, found: list[Problem]) -> Iterator[Row]:
    """A file that is one JSON value, or one value a line."""
    if (depth := depth_of(text)) > DEPTH:
        raise InputErrors([TooDeep(depth, Place(source.name))])
    first, _, rest = text.lstrip().partition("\n")
    if rest.strip() and first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                value = _parsed(line, source.name, number)
                yield _row(value, Pointer(source.sha256, "", number), source.name)
        return
    value = _parsed(text, source.name, 0)
    if isinstance(value, dict) and isinstance(value.get("result"), list):
        value = value["result"]
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        yield _row(item, Pointer(source.sha256, "", number), source.name)


def _row(value: Any, pointer: Pointer, name: str) -> Row:
    if isinstance(value, dict):
        return Row({_named(key): item for key, item in value.items()}, pointer, name, value)
    row = Row({}, pointer, name)
    row.wrong(value, ("",), "an object")
    return row


def _parsed(text: str, name: str, number: int) -> Any:
    place = Place(name, row=number or None)
    found: list[Problem] = []

    def whole(digits: str) -> Any:
        if len(digits) > DIGITS:
            found.append(AmountTooLarge(shortened(digits), place))
            return 0
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            found.extend(DuplicateKey(shortened(key), place) for key in made if keys.count(key) > 1)
        return made

    def constant(word: str) -> None:
        found.append(FieldWrong(word, place, says="is not a number of JSON"))

    try:
        value = json.loads(text, object_pairs_hook=once, parse_int=whole, parse_float=str, parse_constant=constant)
    except json.JSONDecodeError as error:
        found.append(_json_wrong(text, error, name, number))
        value = None
    if found:
        raise InputErrors(found)
    return value


def _json_wrong(text: str, error: json.JSONDecodeError, name: str, number: int) -> Problem:
    place = Place(name, row=number or error.lineno, column=str(error.colno))
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return Truncated("", place, says=f"{Truncated.says} ({error.msg})")
    return NotJson("", place, says=f"{NotJson.says} ({error.msg})")
