"""Figures: every amount an exhibit prints knows the rows it rests on; one without rows stops the build."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from trover.errors import FigureWithoutRows, UnknownTransfer
from trover.trace.arithmetic import NANO


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed result. `amount` in minor units of `currency`; `rows` are ids of schedule rows.

    `parts`, where the figure is a plain sum, are what each row contributes, in nano units (10^-9 minor
    unit); they add up to the figure to within the rounding of one minor unit for each of the printed amounts
    it adds. Where it is not one (a
    share of a pool, a limit set by a statute) `parts` is empty and `rows` are what it was computed from.
    """

    id: str
    amount: int
    currency: str
    what: str
    rows: tuple[str, ...]
    parts: tuple[int, ...] = ()


class FigureBook:
    """All figures of one exhibit, by key, in the order in which they were first printed."""

    def __init__(self, known_rows: Collection[str]) -> None:
        self._known = known_rows
        self._figures: dict[tuple[str, ...], Figure] = {}

    def figure(
        self,
        key: tuple[str, ...],
        amount: int,
        currency: str,
        what: str,
        parts: Iterable[tuple[str, int]] = (),
        rows: Iterable[str] = (),
        addends: int = 1,
    ) -> Figure:
        """The figure known by `key`; made on first use of `parts` (row, nano units) or else of `rows`.

        `addends`: how many rounded amounts were added to make it. Raises `FigureWithoutRows` where neither
        names a row, `UnknownTransfer` for a row not in the schedule.
        """
        if key in self._figures:
            return self._figures[key]
        summed = _merged(parts)
        whole = bool(summed) and abs(sum(summed.values()) - amount * NANO) < NANO * addends
        cited = tuple(summed) if whole else tuple(dict.fromkeys((*summed, *rows)))
        if not cited:
            raise FigureWithoutRows(what)
        for row in cited:
            if row not in self._known:
                raise UnknownTransfer(row)
        number = f"F{len(self._figures) + 1}"
        contributions = tuple(summed.values()) if whole else ()
        made = Figure(number, amount, currency, what, cited, contributions)
        self._figures[key] = made
        return made

    def known(self, key: tuple[str, ...]) -> Figure | None:
        return self._figures.get(key)

    def all(self) -> tuple[Figure, ...]:
        return tuple(self._figures.values())


def _merged(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Contributions by row, in the order of the rows' first appearance."""
    merged: dict[str, int] = {}
    for row, nano in parts:
        merged[row] = merged.get(row, 0) + nano
    return merged
