"""Two agreeing forms as one source: a file that holds both as they were typed, so that the agreement can be seen again.

The reader trusts no word of it: hashes, persons and agreement are checked each time it is read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from trover.errors import (
    ChangedByNobody,
    FormAlone,
    FormAltered,
    InputErrors,
    KeyedByNobody,
    NotAForm,
    Place,
    Problem,
    UnknownField,
)
from trover.sources.custody import SourceFile, source_of
from trover.sources.fields import Fields
from trover.sources.keying_compare import forms_differ, unfit
from trover.sources.keying_form import CONTENT, STATED, Form, FormRow, Value, is_form, read_form
from trover.sources.legs import two_sides
from trover.sources.parties import Outside, Party
from trover.sources.reader import Reading
from trover.sources.record import EventRecord, LegRecord, Pointer, Record, StatementRecord, Unbooked
from trover.sources.rows import account_id
from trover.sources.scan_cells import changed, typed_in
from trover.sources.statements import account_of
from trover.sources.strict_json import load_json

FORMAT = "trover keyed statement"
VERSION = 1
_FIELDS = ("format", "version", "checked_by", "forms", "cells")
_HEAD = re.compile(rb'\s*\{\s*"format"\s*:\s*"' + FORMAT.encode() + b'"')


def joined(forms: Sequence[SourceFile], checked_by: str, cells: Sequence[SourceFile] = ()) -> bytes:
    """The file that joins `forms`. `checked_by` looked at both and at the paper. Raises `InputErrors`."""
    found: list[Problem] = []
    for form in forms:
        read_form(form, found)
    if found:
        raise InputErrors(found)
    data: dict[str, Any] = {"format": FORMAT, "version": VERSION, "checked_by": checked_by.strip()}
    data["forms"] = [_plain(form) for form in forms]
    if cells:
        data["cells"] = [_plain(file) for file in cells]
    made = source_of("", (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
    _agreed(made, found)
    if found:
        raise InputErrors(found)
    return made.data


def _plain(file: SourceFile) -> dict[str, str]:
    return {"name": file.name, "sha256": file.sha256, "text": file.data.decode()}


def origin(source: SourceFile) -> str:
    """Of a joined file that was read before: who filled its forms, from what, and who checked them, in words."""
    top = Fields(load_json(source), [], source.name)
    files = [_file(row) for row in top.rows("forms")]
    forms = [form for form in (read_form(file, []) for file in files if file) if form]
    by = " and ".join(map(_filled_by, forms))
    scans = {scan.sha256: scan.name for form in forms for scan in form.scans}
    paper = ", ".join(f"{name} (SHA-256 {sha256})" for sha256, name in scans.items())
    return f"keyed from {paper or 'paper'} by {by}, checked by {top.text('checked_by')}"


def _filled_by(form: Form) -> str:
    corrected = f" (corrected by {form.corrected_by})" if form.corrected_by else ""
    return f"{form.keyed_by or form.read_by}{corrected}"


class KeyedReader:
    """A statement keyed from paper twice; one form alone is recognised, and refused."""

    name = "keyed"

    def sniff(self, source: SourceFile) -> bool:
        return is_form(source) or bool(_HEAD.match(source.data[:256]))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        found: list[Problem] = []
        if is_form(source):
            form = read_form(source, found)
            if form is not None:
                found.append(FormAlone("", Place(source.name)))
            raise InputErrors(found)
        forms = _agreed(source, found)
        if found:
            raise InputErrors(found)
        typed = next(form for form in forms if form.keyed_by)
        return _Statement(source, typed, found).reading(self.name)


def _agreed(source: SourceFile, found: list[Problem]) -> list[Form]:
    """The forms of a joined file, if they are two, unaltered, of two persons, and say the same."""
    top = Fields(load_json(source), found, source.name)
    for key in top.data:
        if key not in _FIELDS:
            top.add(UnknownField(key, top.place(key)))
    if top.integer("version") != VERSION:
        top.add(NotAForm("", top.place("version"), says=f"is not version {VERSION} of this format"))
    checked_by = top.text("checked_by")
    if "checked_by" in top.data and not checked_by.strip():
        top.add(KeyedByNobody("", top.place("checked_by"), says="names nobody who looked at both forms and the paper"))
    files = [_file(row) for row in top.rows("forms")]
    kept = {file.sha256: file for file in map(_file, top.rows("cells")) if file}
    forms = [read_form(file, found) for file in files if file is not None]
    if len(files) != 2:
        top.add(FormAlone(len(files), top.place("forms"), says="forms are joined, where two are"))
    if found or len(forms) != 2:
        return []
    first, second = forms
    assert first is not None
    assert second is not None
    for form in (first, second):
        found += _as_read(form, kept)
    found += unfit(first, second)
    if not found and (problem := forms_differ(first, second)):
        found.append(problem)
    return [first, second]


class _Statement:
    """The records of one agreed form; `source` is the joined file, and pointers name page and line of the paper."""

    def __init__(self, source: SourceFile, form: Form, found: list[Problem]) -> None:
        self.source, self.form, self.found = source, form, found
        self.short = source.sha256[:12]
        self.outside = Outside(found)
        self.unbooked: list[Unbooked] = []
        values = form.values
        self.account, self.currency = str(values["account"]), str(values["currency"])
        self.statement = StatementRecord(
            pointer=Pointer(source.sha256),
            id=f"{self.short}:statement",
            account=self.account,
            currency=self.currency,
            opening=_minor(values["opening"]),
            closing=_minor(values["closing"]),
            start=_day(values["from"]),
            end=_day(values["to"]),
            number=form.typed.get("number", ""),
        )

    def reading(self, format: str) -> Reading:
        events = [event for seq, row in enumerate(self.form.rows, 1) if (event := self._event(row, seq))]
        account = account_of(None, self.statement, self.form.typed.get("holder", ""))
        records: tuple[Record, ...] = (account, *self.outside.accounts.values(), self.statement, *events)
        return Reading(self.source, format, records, tuple(self.found), unbooked=tuple(self.unbooked))

    def _event(self, row: FormRow, seq: int) -> EventRecord | None:
        values, typed = row.values, row.typed
        pointer = Pointer(self.source.sha256, f"page {values['page']}", int(values["line"] or 0))
        id = f"{self.short}:{values['page']}:{values['line']}"
        debit, credit = _minor(values["debit"]), _minor(values["credit"])
        if debit is None and credit is None:
            self.unbooked.append(
                Unbooked(pointer, id, self.statement.id, self.account, "", f"it moves nothing ({row})")
            )
            return None
        party = Party(account_id(typed["counterparty account"]), typed["counterparty"])
        place = Place(self.source.name, pointer.page, pointer.row, "counterparty")
        own = LegRecord(self.account, debit or credit or 0, None, self.currency)
        other = self.outside.id(party, self.currency, pointer, place, f"{id}")
        inputs, outputs = two_sides(own, other, credit=credit is not None)
        return EventRecord(
            pointer=pointer,
            id=id,
            time=datetime.fromisoformat(str(values["date"])).replace(tzinfo=UTC),
            time_text=typed["date"],
            seq=seq,
            inputs=inputs,
            outputs=outputs,
            note=typed["text"],
            balance=_minor(values["balance"]),
            balance_account=self.account,
            balance_text=typed["balance"],
            statement=self.statement.id,
        )


def _minor(value: Value) -> int | None:
    """Amounts of an agreed form: what a program could not read, no person has agreed to."""
    assert value is None or isinstance(value, int)
    return value


def _day(value: Value) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _as_read(form: Form, kept: Mapping[str, SourceFile]) -> Iterator[Problem]:
    """A form that a program filled stands beside what the program read, and says who changed it, if anybody did."""
    place = form.place(form.lines.get("cells"), "cells")
    if form.read_by and not form.cells:
        says, remedy = "names no file of the cells that the program read", "Make the form again with trover key read."
        yield FormAltered("", place, says=says, remedy=remedy)
    for cells in form.cells:
        file = kept.get(cells.sha256)
        if file is None:
            says = "is named by the form that a program filled, and is not among the files given"
            yield FormAltered(cells.name, place, says=says)
        elif form.read_by and not form.corrected_by:
            typed = {("", "", name): text for name, text in form.typed.items() if name in STATED and text}
            typed.pop(("", "", "currency"), None)
            for row in form.rows:
                page, line = row.typed["page"], row.typed["line"]
                typed |= {(page, line, name): row.typed[name] for name in CONTENT if row.typed[name]}
            try:
                other = changed(typed_in(file.data.decode(), file.name), typed)
            except InputErrors as errors:
                yield from errors.problems
                continue
            if other:
                more = f" ({len(other)} places in all)" if len(other) > 1 else ""
                yield ChangedByNobody("", form.place(), says=f"{other[0]}: {ChangedByNobody.says}{more}")


def _file(row: Fields) -> SourceFile | None:
    name, sha256, text = row.id("name"), row.id("sha256"), row.text("text", limit=32_000_000)
    if not row.clean:
        return None
    data = text.encode()
    if hashlib.sha256(data).hexdigest() != sha256:
        row.add(FormAltered(sha256[:16], row.place("sha256")))
        return None
    return source_of(f"{row.file}: {name}" if row.file else name, data)
