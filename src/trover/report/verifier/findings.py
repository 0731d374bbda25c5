"""What the verifier found: failures with their place, checks done, and things a reader must know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SHOWN = 200


class Failure:
    """One thing that does not hold. `place` is a file, with the line where one is to blame."""

    def __init__(self, says: str, file: str = "", line: int = 0, **where: Any) -> None:
        self.says, self.file, self.line = says, file, line
        self.where = {name: str(value)[:160] for name, value in where.items() if value not in ("", None)}

    @property
    def place(self) -> str:
        return self.file + (f", line {self.line}" if self.line else "")

    def data(self) -> dict[str, Any]:
        return {"says": self.says, "file": self.file, "line": self.line, **self.where}

    def lines(self) -> list[str]:
        named = [f"{name} {self.where[name]}" for name in ("event", "rule", "account", "owner") if name in self.where]
        found = [f"{name} {self.where[name]}" for name in ("expected", "found") if name in self.where]
        return [f"{self.place}: {self.says}" if self.place else self.says, *filter(None, [", ".join(named), *found])]


class Report:
    """Collects what is found; nothing is printed here."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.failed = 0
        self.checks: list[str] = []
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {}

    def fail(self, says: str, file: str = "", line: int = 0, **where: Any) -> None:
        """Record a failure; only the first ones are kept, all are counted."""
        self.failed += 1
        if len(self.failures) < SHOWN:
            self.failures.append(Failure(says, file, line, **where))

    def check(self, says: str) -> None:
        self.checks.append(says)

    def note(self, says: str) -> None:
        self.notes.append(says)


def missing_and_extra(expected: Sequence[str], found: Sequence[str]) -> tuple[list[str], list[str]]:
    there, wanted = set(found), set(expected)
    return [name for name in expected if name not in there], [name for name in found if name not in wanted]
