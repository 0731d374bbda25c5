"""Figures given to a rule that needs no ledger: read strictly, all that is wrong reported together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trover.errors import FieldWrong, InputErrors, Place, Problem


class Given:
    """`inputs` of a case file, minor units. Readers return harmless values and keep the problem; `check` raises."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.inputs = inputs
        self.problems: list[Problem] = []

    def amount(self, name: str) -> int:
        """A whole number of minor units, 0 or more."""
        return self._whole(self.inputs.get(name), name)

    def amounts(self, name: str) -> dict[str, int]:
        """name -> minor units, in the order of the file; at least one."""
        found = self.inputs.get(name)
        if not isinstance(found, Mapping) or not found:
            self._wrong(found, name, "is not a list of names with amounts")
            return {}
        return {str(key): self._whole(value, f"{name}.{key}") for key, value in found.items()}

    def rows(self, name: str) -> list[tuple[str, int]]:
        """(id, value) of a list of objects with `id` and `value`; at least one, ids unique."""
        found = self.inputs.get(name)
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found) or not found:
            self._wrong(found, name, "is not a list of objects with id and value")
            return []
        rows = [
            (str(row.get("id", "")), self._whole(row.get("value"), f"{name}[{n}].value")) for n, row in enumerate(found)
        ]
        if len({id for id, _ in rows}) < len(rows) or "" in dict(rows):
            self._wrong([id for id, _ in rows], name, "does not give every row its own id")
        return rows

    def check(self) -> None:
        if self.problems:
            raise InputErrors(self.problems)

    def _whole(self, value: object, where: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._wrong(value, where, "is not a whole number of minor units, 0 or more")
        return 0

    def _wrong(self, value: object, where: str, says: str) -> None:
        place = Place(column=f"inputs.{where}")
        self.problems.append(FieldWrong(value if value is not None else "nothing", place, says=says))
