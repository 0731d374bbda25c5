"""JSON without its surprises: no duplicate keys, no NaN, no integer of more than 38 digits, no deep nesting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from trover.errors import (
    AmountTooLarge,
    AmountUnreadable,
    DuplicateKey,
    InputErrors,
    NotJson,
    Place,
    Problem,
    TooDeep,
    Truncated,
)
from trover.sources.custody import SourceFile
from trover.sources.text import decode, shortened

DEPTH = 64
DIGITS = 38
LOCATED = 100
"""Keys that occur twice and whose row is looked for: each look goes through the file."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_ODD = re.compile(r'"(?:[^"\\]|\\.)*+"|(?P<odd>-?\d{39,}|-?Infinity|NaN)', re.DOTALL)


def load_json(source: SourceFile) -> Any:
    """The value of a JSON file; numbers with a point come as Decimal. Raises `InputErrors` with all it finds."""
    text = decode(source.data, source.name)
    place = Place(source.name)
    depth = depth_of(text)
    if depth > DEPTH:
        raise InputErrors([TooDeep(depth, place)])
    found: list[Problem] = []
    numbers = _odd_numbers(text, source.name)
    try:
        value = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, text, source.name, found),
            parse_constant=lambda name: found.append(AmountUnreadable(name, next(numbers, place))),
            parse_int=lambda digits: _integer(digits, numbers, found),
            parse_float=Decimal,
        )
    except json.JSONDecodeError as error:
        found.append(_syntax(text, error, source.name))
    if found:
        raise InputErrors(found)
    return value


def depth_of(text: str) -> int:
    """How deep the brackets of `text` are nested, those inside of quoted texts left out."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _odd_numbers(text: str, name: str) -> Iterator[Place]:
    """Places of what JSON does not have (NaN) or this project does not (39 digits), in the order of the file."""
    row, at = 1, 0
    for match in _ODD.finditer(text):
        if match["odd"]:
            row, at = row + text.count("\n", at, match.start()), match.start()
            yield Place(name, row=row)


def _object(pairs: Sequence[tuple[str, Any]], text: str, name: str, found: list[Problem]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            place = _second(key, text, name) if len(found) < LOCATED else Place(name)
            found.append(DuplicateKey(shortened(key), place))
        result[key] = value
    return result


def _second(key: str, text: str, name: str) -> Place:
    """Where `key` stands for the second time, if the whole file has it just twice."""
    every = re.finditer(re.escape(json.dumps(key)) + r"\s*:", text)
    places = [match.start() for match in islice(every, 3)]
    return Place(name, row=text.count("\n", 0, places[1]) + 1 if len(places) == 2 else None)


def _integer(digits: str, places: Iterator[Place], found: list[Problem]) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        found.append(AmountTooLarge(shortened(digits), next(places)))
        return 0
    return int(digits)


def _syntax(text: str, error: json.JSONDecodeError, name: str) -> Problem:
    place = Place(name, row=error.lineno, column=str(error.colno))
    cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    if cut:
        return Truncated("", place, says=f"{Truncated.says} ({error.msg})")
    return NotJson("", place, says=f"{NotJson.says} ({error.msg})")
