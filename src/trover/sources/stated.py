"""What a person says of a file that does not say it itself: whose a page is; who says what since when in a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trover.errors import FieldWrong, InputErrors, Problem, UnknownField
from trover.sources import mapping as m
from trover.sources.attribution.label import CONFIDENCE
from trover.sources.fields import Fields

FIELDS: Mapping[str, tuple[str, ...]] = {
    m.TEXT: ("market", "vendor"),
    m.ADDRESSES: ("label", "source", "date", "confidence", "category", "abuse", "currency"),
}
"""Format -> what may be said of such a file."""
_NEEDED: Mapping[str, tuple[str, ...]] = {m.TEXT: (), m.ADDRESSES: ("source", "date", "confidence")}


def stated_mapping(data: Mapping[str, Any], name: str) -> m.Mapping:
    """In the place of a mapping of columns; what is said stands in its `head`. Raises `InputErrors`."""
    found: list[Problem] = []
    fields = Fields(dict(data), found, name)
    form = fields.text("format")
    said = {key: fields.id(key, "").strip() for key in FIELDS[form] if key in data}
    for key in _NEEDED[form]:
        fields.id(key)
    for key in sorted(set(data) - {"format", *FIELDS[form]}):
        fields.add(UnknownField(key, fields.place(key), remedy=f"Known: {', '.join(FIELDS[form])}."))
    if (confidence := said.get("confidence")) and confidence not in CONFIDENCE:
        says = f"is not one of {', '.join(CONFIDENCE)}"
        fields.add(FieldWrong(confidence, fields.place("confidence"), says=says, remedy="Use one of them."))
    if day := said.get("date"):
        try:
            date.fromisoformat(day)
        except ValueError:
            fields.add(FieldWrong(day, fields.place("date"), says="is not a day such as 2021-06-30"))
    if found:
        raise InputErrors(found)
    return m.Mapping(name, m.TRANSFER, {}, format=form, head={key: value for key, value in said.items() if value})
