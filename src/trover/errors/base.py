"""What a problem is: where it is, which value is wrong, what is wrong with it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the evidence a problem is: file, page or sheet, row (1 = first line), column."""

    file: str = ""
    page: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.page:
            parts.append(self.page)
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


NOWHERE = Place()
LONGEST, SHOWN = 300, 100
"""Characters of a value that a message repeats in full, and of one that is longer."""


def printable(text: str) -> str:
    """`text` with every sign that could act on a screen, or hide, written out: evidence is repeated in messages."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def plural(count: int, one: str, many: str = "") -> str:
    """A number of things in words: 1 row, 1,200 rows."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _shown(value: object) -> str:
    """`value` as a message repeats it, which is not at any length."""
    shown = repr(value)
    return shown if len(shown) <= LONGEST else f"{shown[:SHOWN]}... ({len(shown):,} characters)"


class TroverError(Exception):
    """Base of all that Trover raises on purpose."""


class Problem(TroverError):
    """One thing wrong with the input: `place`, `value`, what is wrong and the remedy."""

    says = "is not usable"
    remedy = "Correct it and try again."

    def __init__(self, value: object = "", place: Place = NOWHERE, *, says: str = "", remedy: str = "") -> None:
        self.value = value
        self.place = place
        self.says = says or type(self).says
        self.remedy = remedy or type(self).remedy
        super().__init__(value, place)

    def at(self, place: Place, remedy: str = "") -> Problem:
        """The same problem, seen at `place`; with `remedy`, where that helps better there."""
        return type(self)(self.value, place, says=self.says, remedy=remedy or self.remedy)

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        shown = f"{_shown(self.value)} " if self.value != "" else ""
        return printable(f"{where}{shown}{self.says}. {self.remedy}")


class InputErrors(TroverError):
    """All problems of one input, reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
