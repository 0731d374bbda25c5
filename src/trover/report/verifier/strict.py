"""What the verifier reads, it reads strictly: bounded, without duplicates, without floats."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

MAX_DEPTH = 40
MAX_CELL = 200_000
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,59})")
HEX64 = re.compile(r"[0-9a-f]{64}")


class Unreadable(Exception):
    """A file that cannot be read as what it must be; `line` is 0 where no line is to blame."""

    def __init__(self, file: str, says: str, line: int = 0) -> None:
        super().__init__(file, says, line)
        self.file, self.says, self.line = file, says, line


def integer(text: str, file: str, line: int, column: str) -> int:
    if not INTEGER.fullmatch(text) or text == "-0":
        raise Unreadable(file, f"{column}: {text[:40]!r} is not a whole number", line)
    return int(text)


def read_text(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(file, "is not UTF-8 text", line) from None


def read_json(data: bytes, file: str) -> Any:
    """The value of a JSON file; whole numbers only, each key once."""
    text = read_text(data, file)
    _refuse_depth(text, file)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise Unreadable(file, f"key {key[:60]!r} occurs twice in one object")
            found[key] = value
        return found

    def refuse(word: str) -> NoReturn:
        raise Unreadable(file, f"{word[:40]!r} is not a whole number")

    def whole(digits: str) -> int:
        return integer(digits, file, 0, "number")

    try:
        return json.loads(text, object_pairs_hook=members, parse_int=whole, parse_float=refuse, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise Unreadable(file, f"is not JSON ({error.msg})", error.lineno) from None


def _refuse_depth(text: str, file: str) -> None:
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        if token.group() in ("[", "{"):
            depth += 1
        elif token.group() in ("]", "}"):
            depth -= 1
        if depth > MAX_DEPTH:
            raise Unreadable(file, "is nested too deeply", text.count("\n", 0, token.start()) + 1)


def read_csv(data: bytes, file: str, header: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Rows with the line on which each ends; the header and the number of cells must be exact."""
    text = read_text(data, file)
    if "\0" in text:
        raise Unreadable(file, "has a NUL byte", text.count("\n", 0, text.index("\0")) + 1)
    if not text.endswith("\n"):
        raise Unreadable(file, "ends in the middle of a line: it is cut off", text.count("\n") + 1)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if len(cells) != len(header):
                raise Unreadable(file, f"has {len(cells)} cells, not {len(header)}", reader.line_num)
            rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise Unreadable(file, f"is not CSV ({error})", reader.line_num) from None
    if not rows or rows[0][1] != list(header):
        raise Unreadable(file, "does not begin with the header " + ",".join(header), 1)
    return rows[1:]


def typed(value: Any, kind: type, file: str, what: str) -> Any:
    """`value` if it is exactly of `kind` (a truth value is no number). Raises Unreadable."""
    if type(value) is not kind:
        raise Unreadable(file, f"{what} is {str(value)[:40]!r}, not {kind.__name__}")
    return value


def member(data: Any, key: str, kind: type, file: str) -> Any:
    typed(data, dict, file, "the content")
    if key not in data:
        raise Unreadable(file, f"{key!r} is missing")
    return typed(data[key], kind, file, key)


def texts(value: Any, file: str, what: str) -> list[str]:
    return [typed(entry, str, file, what) for entry in typed(value, list, file, what)]


def text_map(value: Any, file: str, what: str) -> dict[str, str]:
    return {key: typed(entry, str, file, what) for key, entry in typed(value, dict, file, what).items()}
