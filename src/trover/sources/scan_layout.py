"""Where on a page which column stands, as a person declares it in a YAML file. Nothing is guessed.

Places are thousandths of the width or height of the page, so that they hold for every resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from trover.errors import FieldMissing, FieldWrong, InputErrors, Problem
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.keying_form import CONTENT, DAYS, MONEY, STATED
from trover.sources.strict_yaml import load_yaml

FORMAT = "trover scan layout"
VERSION = "1"
WHOLE = 1000
"""Thousandths: the far edge of a page."""
CONTINUED = ("text", "counterparty", "counterparty account")
"""Columns that go on in the lines below; a line with something in another column begins a row."""
_FIELDS = (
    "format", "version", "language", "segmentation", "date_order", "decimal", "thousands", "top", "bottom",
    "columns", "fields",
)  # fmt: skip
_THOUSANDS = ("", ".", ",", " ", "'")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page, in thousandths; `page` 0 is every page."""

    left: int
    right: int
    top: int = 0
    bottom: int = WHOLE
    page: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` of the rows, which stand between `top` and `bottom`; `fields` of the statement, each with its area.

    `language` and `segmentation` are those of Tesseract (`-l`, `--psm`). `thousands` is the sign that is left out of
    amounts, empty where there is none.
    """

    columns: Mapping[str, Area]
    fields: Mapping[str, Area] = field(default_factory=dict)
    language: str = "eng"
    segmentation: int = 6
    date_order: str = "YYYY-MM-DD"
    decimal: str = "."
    thousands: str = ""


def read_layout(source: SourceFile) -> Layout:
    """Raises `InputErrors` with everything that is wrong in it."""
    found: list[Problem] = []
    top = Fields(load_yaml(source), found, source.name)
    top.only(_FIELDS)
    if not top.void and (top.text("format"), top.text("version")) != (FORMAT, VERSION):
        says = f"is not version {VERSION} of {FORMAT}"
        top.add(FieldWrong(top.text("format", ""), top.place("format"), says=says))
    upper, lower = _thousandth(top, "top", 0), _thousandth(top, "bottom", WHOLE)
    if upper >= lower:
        top.add(FieldWrong(upper, top.place("top"), says=f"is not above {lower}, where the rows end"))
    columns = Fields(top.mapping("columns"), found, source.name, "columns")
    columns.only(CONTENT)
    fields = Fields(top.mapping("fields"), found, source.name, "fields")
    fields.only([name for name in STATED if name != "currency"])
    layout = Layout(
        columns={name: _area(columns, name, ("left", "right"), upper, lower) for name in columns.data},
        fields={name: _area(fields, name, ("page", "left", "right", "top", "bottom")) for name in fields.data},
        language=top.id("language", "eng"),
        segmentation=_number(top, "segmentation", 6, 13),
        date_order=_choice(top, "date_order", tuple(DAYS)),
        decimal=_choice(top, "decimal", (".", ",")),
        thousands=_choice(top, "thousands", _THOUSANDS),
    )
    if not found:
        _check(top, layout)
    if found:
        raise InputErrors(found)
    return layout


def _check(top: Fields, layout: Layout) -> None:
    if "date" not in layout.columns or not set(MONEY) & set(layout.columns):
        says = "need a date, and a debit, credit or balance"
        top.add(FieldMissing("columns", top.place("columns"), says=says, remedy="Say where they stand."))
    if layout.thousands == layout.decimal:
        top.add(FieldWrong(layout.thousands, top.place("thousands"), says="is the decimal sign as well"))
    placed = sorted(layout.columns.items(), key=lambda item: item[1].left)
    for (one, area), (other, beside) in pairwise(placed):
        if beside.left < area.right:
            top.add(FieldWrong(other, top.place("columns"), says=f"begins before the column {one} ends"))


def _area(fields: Fields, name: str, edges: tuple[str, ...], upper: int = 0, lower: int = WHOLE) -> Area:
    inner = Fields(fields.data[name], fields.problems, fields.file, f"{fields.section}.{name}")
    inner.only(edges)
    values: dict[str, Any] = {edge: _thousandth(inner, edge) for edge in edges if edge != "page"}
    area = Area(**({"top": upper, "bottom": lower} | values), page=_number(inner, "page", 1, 1000, "page" in edges))
    if inner.clean and (area.left >= area.right or area.top >= area.bottom):
        inner.add(FieldWrong(name, inner.place(), says="has its left edge right of the right one, or its top below"))
    return area


def _number(fields: Fields, name: str, default: int, most: int, stated: bool = True) -> int:
    if not stated:
        return 0
    text = fields.text(name, str(default))
    if text.isascii() and text.isdigit() and 0 < int(text[:5]) <= most:
        return int(text[:5])
    fields.add(FieldWrong(text, fields.place(name), says=f"is not a whole number from 1 to {most}"))
    return default


def _thousandth(fields: Fields, name: str, default: int | None = None) -> int:
    text = fields.text(name, None if default is None else str(default))
    if text.isascii() and text.isdigit() and int(text[:5]) <= WHOLE:
        return int(text[:5])
    if text:
        fields.add(FieldWrong(text, fields.place(name), says=f"is not a whole number from 0 to {WHOLE}"))
    return default or 0


def _choice(top: Fields, name: str, allowed: tuple[str, ...]) -> str:
    value = top.text(name, allowed[0])
    if value not in allowed:
        shown = ", ".join(repr(one) for one in allowed)
        top.add(FieldWrong(value, top.place(name), says=f"is not one of {shown}"))
        return allowed[0]
    return value
