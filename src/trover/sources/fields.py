"""Typed access to one object of a JSON or YAML file; what is wrong is collected, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trover.errors import FieldMissing, FieldWrong, Place, Problem, UnknownField
from trover.sources.text import ID_LIMIT, TEXT_LIMIT, not_text, shortened, too_long


class Fields:
    """One object, named `section` at position `row` (1 = first) of `file`. Unused keys are left alone, but by `only`.

    Each getter returns the value, or a neutral one after adding to `problems` what is wrong with it.
    """

    def __init__(
        self, data: Any, problems: list[Problem], file: str, section: str = "", row: int | None = None
    ) -> None:
        self.problems = problems
        self.file, self.section, self.row = file, section, row
        self.before = len(problems)
        self.void = not isinstance(data, dict)
        if self.void:
            self._wrong("", data, "an object")
            data = {}
        self.data: dict[str, Any] = data

    @property
    def clean(self) -> bool:
        """Nothing was wrong with this object so far."""
        return len(self.problems) == self.before

    def place(self, column: str = "") -> Place:
        return Place(self.file, self.section, self.row, column)

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)

    def only(self, known: Sequence[str]) -> None:
        """Refuse every key that is not `known`, so that none is silently ignored."""
        for key in self.data:
            if key not in known:
                remedy = f"Known: {', '.join(known)}."
                self.add(UnknownField(shortened(str(key)), self.place(str(key)), remedy=remedy))

    def text(self, name: str, default: str | None = None, limit: int = TEXT_LIMIT) -> str:
        value = self._get(name, default)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong(name, value, "a text")
            return ""
        if problem := not_text(value, self.place(name)) or too_long(value, self.place(name), limit):
            self.add(problem)
            return ""
        return value

    def id(self, name: str, default: str | None = None) -> str:
        """A text of at most 200 characters that is not empty."""
        value = self.text(name, default, ID_LIMIT)
        if default is None and self.data.get(name) == "":
            self.add(FieldMissing(name, self.place(name), says="is empty"))
        return value

    def integer(self, name: str, default: int | None = None, limit: int | None = None) -> int:
        """A whole number; with `limit`, one that lies between -limit and limit."""
        value = self._get(name, default)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(name, value, "a whole number" if limit else "a whole number of minor units")
            return 0
        if limit is not None and not -limit < value < limit:
            self._wrong(name, value, f"a whole number between -{limit} and {limit}")
            return 0
        return value

    def truth(self, name: str) -> bool:
        value = self._get(name, False)
        if not isinstance(value, bool):
            self._wrong(name, value, "true or false")
            return False
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._get(name, {})
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(name, value, "an object")
            return {}
        return value

    def array(self, name: str) -> list[Any]:
        value = self._get(name, [])
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong(name, value, "a list")
            return []
        return value

    def rows(self, name: str) -> Iterator[Fields]:
        """The objects of the list `name`, each with its position."""
        for position, item in enumerate(self.array(name), 1):
            yield Fields(item, self.problems, self.file, name, position)

    def _get(self, name: str, default: Any) -> Any:
        if name not in self.data or (self.data[name] is None and default is not None):
            if default is None and not self.void:
                self.add(FieldMissing(name, self.place(name)))
            return default
        value = self.data[name]
        if value is None:
            self.add(FieldMissing(name, self.place(name), says="is null"))
        return value

    def _wrong(self, name: str, value: Any, wanted: str) -> None:
        shown = shortened(str(value)) if not isinstance(value, dict | list) else type(value).__name__
        self.add(FieldWrong(shown, self.place(name), says=f"is not {wanted}", remedy=f"Write {wanted}."))
