"""Cells as plain text, for formats without links inside a cell."""

from __future__ import annotations

from collections.abc import Mapping

from trover.report.document import Amount, Cell, Ref, RowRefs, Span, spans_of
from trover.report.exhibit import Exhibit, ScheduleRow
from trover.report.figures import Figure
from trover.report.words import Shown, visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def looks_like_formula(words: str) -> bool:
    """Whether a spreadsheet may take a text for a formula: by its first sign, after spaces, wide forms included."""
    return words.lstrip(" \u00a0").startswith(_FORMULA)


def text(exhibit: Exhibit, cell: Cell) -> str:
    """The whole cell as people read it."""
    return "".join(span_text(span, exhibit.shown, exhibit.rows) for span in spans_of(cell))


def span_text(span: Span, shown: Shown, rows: Mapping[str, ScheduleRow]) -> str:
    if isinstance(span, Figure):
        return shown.amount(span.amount, span.currency)
    if isinstance(span, Amount):
        return shown.amount(span.minor, span.currency)
    if isinstance(span, Ref):
        return visible(span.text)
    if isinstance(span, RowRefs):
        return " ".join(rows[row].label for row in span.rows)
    return visible(span)
