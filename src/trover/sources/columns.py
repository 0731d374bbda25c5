"""Rows of evidence as columns of plain values, and back: the small print of wire.py.

How a field crosses follows from the type its dataclass states, so that a new field of a record crosses without
being named here. A column whose values are all the same crosses as {"=": value}.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from itertools import accumulate, repeat
from operator import attrgetter
from typing import Any, TypeVar

from trover import errors
from trover.errors import Place, Problem
from trover.sources.record import LegRecord, Pointer

T = TypeVar("T")
LARGEST = 10**40
"""Whole numbers reach this far: amounts have at most 38 digits, and sums of a few of them little more."""
NONE = type(None)
_TEXT, _WHOLE, _TRUTH = frozenset({str}), frozenset({int}), frozenset({bool})
_MAYBE_WHOLE: frozenset[type] = frozenset({int, NONE})
_MAYBE_TEXT: frozenset[type] = frozenset({str, NONE})


class WireError(ValueError):
    """What crossed does not have the agreed shape; the text says in which way."""


class TooManyRows(WireError):
    """More rows than were agreed on for a file of this size."""


class _Shown:
    """A value that crossed as the text it is shown by."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return repr(other) == self.text

    def __hash__(self) -> int:
        return hash(self.text)


@cache
def problem_classes() -> dict[str, type[Problem]]:
    """Every class of problem by its name: those that trover.errors exports and no other."""
    found = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    return {name: value for name, value in found.items() if issubclass(value, Problem)}


class Packer:
    """Rows of the file with this hash to columns."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256

    def rows(self, rows: Sequence[Any]) -> list[Any]:
        """The number of rows, then one column for each field of their class."""
        columns = [
            self._column(str(field.type), list(map(attrgetter(field.name), rows)), field.name)
            for field in fields(rows[0])
        ]
        return [len(rows), *columns]

    def _column(self, kind: str, values: list[Any], name: str) -> Any:
        if kind in ("str", "int", "int | None", "bool"):
            return _same(values)
        if kind == "datetime":
            return _same([_time_text(value) for value in values])
        if kind == "date | None":
            return _same([value and value.isoformat() for value in values])
        if kind == "Pointer":
            return self._pointers(values)
        if kind not in ("tuple[str, ...]", "tuple[LegRecord, ...]", "tuple[Problem, ...]"):
            raise WireError(f"has no form for {name}: {kind}")
        flat = [value for group in values for value in group]
        counts = _same(list(map(len, values)))
        if kind == "tuple[str, ...]":
            return [counts, _same(flat)]
        if kind == "tuple[Problem, ...]":
            return [counts, self.problems(flat)]
        return [counts, self.rows(flat) if flat else []]

    def _pointers(self, values: list[Pointer]) -> Any:
        if {pointer.sha256 for pointer in values} != {self.sha256}:
            raise WireError("points to another file")
        return [_same([pointer.page for pointer in values]), _same([pointer.row for pointer in values])]

    def problems(self, problems: Sequence[Problem]) -> list[Any]:
        return [_plain_problem(problem) for problem in problems]


def _same(values: list[Any]) -> Any:
    return {"=": values[0]} if len(values) > 1 and values.count(values[0]) == len(values) else values


def _time_text(value: datetime) -> str:
    if value.utcoffset() is None:
        raise WireError("has a time without a zone")
    return value.astimezone(UTC).isoformat()


def _plain_problem(problem: Problem) -> list[Any]:
    kind, place, value = type(problem), problem.place, problem.value
    plain = value if type(value) in (str, int, bool, NONE) else ["shown", repr(value)]
    says = "" if problem.says == kind.says else problem.says
    remedy = "" if problem.remedy == kind.remedy else problem.remedy
    return [kind.__name__, plain, place.file, place.page, place.row, place.column, says, remedy]


class Unpacker:
    """Columns to rows of the file with this hash; `most` of them, legs and problems counted, and no more.

    Every method raises `WireError` at anything unexpected.
    """

    def __init__(self, sha256: str, most: int) -> None:
        self.sha256 = sha256
        self._left = most
        self._times: dict[str, datetime] = {}
        self._texts: dict[str, str] = {}
        self._columns: dict[str, Callable[[Any, int], Iterable[Any]]] = {
            "str": self._text,
            "int": self._whole,
            "int | None": self._maybe_whole,
            "bool": lambda value, count: _spread(value, count, _TRUTH),
            "datetime": self._moments,
            "date | None": self._days,
            "Pointer": self._pointers,
            "tuple[str, ...]": lambda value, count: self._groups(value, count, self._text),
            "tuple[LegRecord, ...]": lambda value, count: self._groups(value, count, self._legs),
            "tuple[Problem, ...]": lambda value, count: self._groups(value, count, self._problems),
        }

    def rows(self, kind: type[T], packed: Any) -> list[T]:
        """Rows of `kind`: their number, then one column for each field."""
        if type(packed) is not list or not packed or type(packed[0]) is not int or packed[0] < 1:
            raise WireError("has a row of another shape")
        self._count(packed[0])
        return self._counted(kind, packed)

    def _counted(self, kind: type[T], packed: list[Any]) -> list[T]:
        shape = fields(kind)  # type: ignore[arg-type]
        count = packed[0]
        if len(packed) != len(shape) + 1:
            raise WireError("has a row of another shape")
        columns = [self._columns[str(f.type)](value, count) for f, value in zip(shape, packed[1:], strict=True)]
        return _made(kind, count, [field.name for field in shape], columns)

    def _count(self, rows: int) -> None:
        """Before anything is made of them."""
        self._left -= rows
        if self._left < 0:
            raise TooManyRows("holds more rows than its file can")

    def names(self, values: Any) -> list[str]:
        names = _spread(values, None, _TEXT)
        self._count(len(names))
        return names

    def pairs(self, values: Any) -> list[tuple[str, str]]:
        if type(values) is not list or not all(type(pair) is list and len(pair) == 2 for pair in values):
            raise WireError("has pairs of another shape")
        if not all(type(text) is str for pair in values for text in pair):
            raise WireError("has a pair that is no text")
        self._count(len(values))
        return [(pair[0], pair[1]) for pair in values]

    def problems(self, values: Any) -> list[Problem]:
        if type(values) is not list:
            raise WireError("has problems of another shape")
        self._count(len(values))
        return self._problems(values, len(values))

    def _problems(self, value: Any, count: int) -> list[Problem]:
        if type(value) is not list or len(value) != count:
            raise WireError("has columns of different length")
        return [_problem(packed) for packed in value]

    def _text(self, value: Any, count: int) -> list[str]:
        """Texts that recur are kept once: a million rows name a few hundred accounts."""
        texts = _spread(value, count, _TEXT)
        few = set(texts)
        if len(few) * 2 > len(texts):
            return texts
        known = {text: self._texts.get(text, text) for text in few}
        if len(self._texts) < 100_000:
            self._texts |= known
        return [known[text] for text in texts]

    def _whole(self, value: Any, count: int) -> list[int]:
        whole: list[int] = _spread(value, count, _WHOLE)
        if whole and not -(2**63) < min(whole) <= max(whole) < 2**63:
            _bounded(whole)
        return whole

    def _maybe_whole(self, value: Any, count: int) -> list[int | None]:
        found: list[int | None] = _spread(value, count, _MAYBE_WHOLE)
        _bounded([number for number in found if number is not None])
        return found

    def _moments(self, value: Any, count: int) -> list[datetime]:
        texts = _spread(value, count, _TEXT)
        known = self._times
        if len(known) > 100_000:
            known.clear()
        known |= {text: _moment(text) for text in set(texts) if text not in known}
        return [known[text] for text in texts]

    def _days(self, value: Any, count: int) -> list[date | None]:
        return [None if text is None else _day(text) for text in _spread(value, count, _MAYBE_TEXT)]

    def _pointers(self, value: Any, count: int) -> list[Pointer]:
        pages, rows = _two(value)
        whole = self._whole(rows, count)
        if min(whole) < 0 or max(whole) >= 2**63:
            raise WireError("has a row number that is none")
        columns = (repeat(self.sha256), self._text(pages, count), whole)
        return _made(Pointer, count, ("sha256", "page", "row"), columns)

    def _legs(self, value: Any, count: int) -> list[LegRecord]:
        if not count and value == []:
            return []
        if type(value) is not list or not value or type(value[0]) is not int or value[0] != count or not count:
            raise WireError("has columns of different length")
        return self._counted(LegRecord, value)

    def _groups(self, value: Any, count: int, unpack: Callable[[Any, int], list[Any]]) -> Iterable[tuple[Any, ...]]:
        """Tuples of several lengths from one flat column."""
        lengths, flat = _two(value)
        sizes = self._whole(lengths, count)
        if min(sizes) < 0:
            raise WireError("has groups of impossible size")
        self._count(sum(sizes))
        values = unpack(flat, sum(sizes))
        if set(sizes) == {1}:
            return zip(values, strict=True)
        ends = list(accumulate(sizes))
        return [tuple(values[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def _made(kind: type[T], count: int, names: Sequence[str], columns: Sequence[Iterable[Any]]) -> list[T]:
    """`kind(*row)` for each row, set slot by slot: a frozen dataclass takes four times as long by its constructor."""
    made = list(map(object.__new__, repeat(kind, count)))
    for name, column in zip(names, columns, strict=True):
        deque(map(getattr(kind, name).__set__, made, column), maxlen=0)
    return made


def _spread(value: Any, count: int | None, allowed: frozenset[type]) -> list[Any]:
    """A column as a list of `count` values, each exactly of an allowed type."""
    if type(value) is dict and count is not None and list(value) == ["="]:
        value = list(value.values()) * count
    if type(value) is not list or (count is not None and len(value) != count):
        raise WireError("has columns of different length")
    if not allowed.issuperset(map(type, value)):
        raise WireError("has a value of another type")
    return value


def _bounded(whole: list[int]) -> None:
    if whole and not -LARGEST < min(whole) <= max(whole) < LARGEST:
        raise WireError("has a number beyond any amount")


def _two(value: Any) -> tuple[Any, Any]:
    if type(value) is not list or len(value) != 2:
        raise WireError("has columns of another shape")
    return value[0], value[1]


def _moment(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise WireError("has a time that is none") from None
    if value.tzinfo is not UTC or value.isoformat() != text:
        raise WireError("has a time that is not in UTC")
    return value


def _day(text: str) -> date:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise WireError("has a day that is none") from None
    if value.isoformat() != text:
        raise WireError("has a day that is none")
    return value


def _problem(packed: Any) -> Problem:
    if type(packed) is not list or len(packed) != 8:
        raise WireError("has a problem of another shape")
    name, value, file, page, row, column, says, remedy = packed
    if not all(type(text) is str for text in (name, file, page, column, says, remedy)):
        raise WireError("has a problem of another shape")
    if type(row) not in (int, NONE) or name not in problem_classes():
        raise WireError("has a problem of no known class")
    if type(value) is list and len(value) == 2 and value[0] == "shown" and type(value[1]) is str:
        value = _Shown(value[1])
    elif type(value) not in (str, int, bool, NONE):
        raise WireError("has a problem of another shape")
    return problem_classes()[name](value, Place(file, page, row, column), says=says, remedy=remedy)
