"""A finding from plain data: what is missing, misspelt or of the wrong type is collected with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from typing import Any, get_type_hints

from trover.case.finding import BODIES, Body, Finding, Withdrawal
from trover.case.marking import Handling, Tlp, tlp
from trover.case.offence import Offence, is_iccs, is_offence
from trover.errors import (
    AmountTooLarge,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    InputErrors,
    OffenceUnknown,
    Problem,
    UnknownField,
)
from trover.sources.fields import Fields
from trover.sources.strict_json import DIGITS
from trover.sources.text import shortened
from trover.sources.times import Precision, iso_moment
from trover.trace.claim import InterestMode

RECORD = ("id", "kind", "author", "date", "reason", "evidence", "supersedes", "marking", "legal_basis", "retention")
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
UNDATED = datetime(1, 1, 1, tzinfo=UTC)
"""Stands in a finding that was written by hand and states no date yet."""


def read_finding(row: Fields, default: Handling) -> Finding | None:
    """The finding `row` states, unsealed: id, author and date may still be empty. None if anything is wrong."""
    kind = row.text("kind")
    shape = BODIES.get(kind)
    if shape is None:
        if kind:
            row.add(FieldWrong(kind, row.place("kind"), says=f"is not a kind of finding: {', '.join(BODIES)}"))
        return None
    _refuse_unknown(row, shape)
    body = read_body(row, shape)
    reason = row.text("reason")
    if isinstance(row.data.get("reason"), str) and not reason.strip():
        row.add(FieldMissing("reason", row.place("reason"), says="is empty"))
    finding = Finding(
        body=body or Withdrawal(),
        author=row.text("author", ""),
        date=_moment(row),
        reason=reason,
        evidence=texts(row, "evidence"),
        supersedes=row.text("supersedes", ""),
        handling=read_handling(row, default),
        id=row.text("id", ""),
    )
    return finding if row.clean and body is not None else None


def read_body(row: Fields, shape: type[Body]) -> Body | None:
    """The body of a finding of the kind `shape`; None after adding to the problems of `row`."""
    types = get_type_hints(shape)
    values = {f.name: _value(row, f, types[f.name]) for f in fields(shape)}  # type: ignore[arg-type]
    _check_offence(row)
    return shape(**values) if row.clean else None


def read_handling(row: Fields, default: Handling) -> Handling:
    """Marking, legal basis and retention as `row` states them, each by default that of `default`."""
    marking = default.marking
    if text := row.text("marking", ""):
        marking = _marking(row, text)
    basis = texts(row, "legal_basis") if row.data.get("legal_basis") else default.legal_basis
    retention = _day(row, "retention") if row.data.get("retention") else default.retention
    return Handling(marking, basis, retention)


def texts(row: Fields, name: str) -> tuple[str, ...]:
    """A list of texts, or one text alone."""
    value = row.data.get(name)
    if isinstance(value, str):
        return (row.text(name),) if value else ()
    found = row.array(name)
    for item in found:
        if not isinstance(item, str) or not item:
            row.add(FieldWrong(shortened(str(item)), row.place(name), says="is not a text"))
            return ()
    return tuple(found)


def _marking(row: Fields, text: str) -> Tlp:
    try:
        return tlp(text)
    except Problem as problem:
        row.add(problem.at(row.place("marking")))
        return Tlp.RED


def _refuse_unknown(row: Fields, shape: type[Body]) -> None:
    known = [*RECORD, *(f.name for f in fields(shape))]  # type: ignore[arg-type]
    for key in row.data:
        if key not in known:
            remedy = f"A finding of kind {shape.kind} has: {', '.join(known)}."
            row.add(UnknownField(shortened(str(key)), row.place(str(key)), remedy=remedy))


def _value(row: Fields, f: Field[Any], kind: Any) -> Any:
    required = f.default is MISSING
    if not required and row.data.get(f.name) in (None, ""):
        return f.default
    if kind is int:
        return _whole(row, f.name)
    if kind is str:
        return row.id(f.name) if f.name != "text" else row.text(f.name)
    if kind is InterestMode:
        return _mode(row, f.name)
    if kind == tuple[str, ...]:
        return _named(row, f.name)
    return _day(row, f.name)


def _named(row: Fields, name: str) -> tuple[str, ...]:
    found = texts(row, name)
    if not found and row.clean:
        row.add(FieldMissing(name, row.place(name)))
    if len(set(found)) < len(found):
        row.add(FieldWrong(name, row.place(name), says=f"names one {name.removesuffix('s')} twice"))
    return found


def _whole(row: Fields, name: str) -> int:
    value = row.data.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value in (None, ""):
        row.text(name)
        return 0
    if not isinstance(value, str):
        row.add(FieldWrong(shortened(str(value)), row.place(name), says="is not a whole number of minor units"))
        return 0
    if not _WHOLE.fullmatch(value):
        remedy = "Write minor units, digits only: 12,345.67 of a currency with two decimals is 1234567."
        says = "is not a whole number of minor units"
        row.add(AmountUnreadable(shortened(value), row.place(name), says=says, remedy=remedy))
        return 0
    if len(value.lstrip("+-")) > DIGITS:
        row.add(AmountTooLarge(shortened(value), row.place(name)))
        return 0
    return int(value)


def _mode(row: Fields, name: str) -> InterestMode | None:
    text = row.text(name)
    if text in tuple(InterestMode):
        return InterestMode(text)
    if text:
        row.add(FieldWrong(text, row.place(name), says=f"is not one of {', '.join(InterestMode)}"))
    return None


def _day(row: Fields, name: str) -> date | None:
    text = row.text(name)
    if not text:
        return None
    try:
        moment = iso_moment(text)
    except Problem as problem:
        row.add(problem.at(row.place(name)))
        return None
    if moment.precision is not Precision.DAY:
        row.add(DateUnreadable(shortened(text), row.place(name), says="is not a day", remedy="Write 2020-01-31."))
    return moment.time.date()


def _moment(row: Fields) -> datetime:
    text = row.text("date", "")
    if not text:
        return UNDATED
    try:
        return iso_moment(text).time.replace(microsecond=0)
    except Problem as problem:
        row.add(problem.at(row.place("date")))
        return UNDATED


def _check_offence(row: Fields) -> None:
    offence, code = row.data.get("offence"), row.data.get("iccs")
    if isinstance(offence, str) and offence and not is_offence(offence):
        row.add(OffenceUnknown(offence, row.place("offence"), remedy=f"Use one of: {', '.join(Offence)}."))
    if isinstance(code, str) and code and not is_iccs(code):
        remedy = "An ICCS code has 2, 4, 5 or 6 digits and begins with a section from 01 to 11."
        row.add(OffenceUnknown(code, row.place("iccs"), says="is not an ICCS code", remedy=remedy))


def body_from_text(kind: str, stated: Sequence[str]) -> Body:
    """The body of a finding from `name=value` texts; a name that comes again makes a list. Raises `InputErrors`."""
    data: dict[str, Any] = {}
    found: list[Problem] = []
    for text in stated:
        name, sign, value = text.partition("=")
        if not sign:
            found.append(FieldWrong(text, says="is not of the form name=value"))
        known = data.get(name)
        data[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    row = Fields({"kind": kind, **data}, found, "")
    shape = BODIES.get(kind)
    body = None
    if shape is None or shape is Withdrawal:
        kinds = ", ".join(name for name in BODIES if name != Withdrawal.kind)
        found.append(FieldWrong(kind, says=f"is not a kind of finding: {kinds}"))
    else:
        _refuse_unknown(row, shape)
        body = read_body(row, shape)
    if found or body is None:
        raise InputErrors(found)
    return body
