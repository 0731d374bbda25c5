"""Lists of addresses under one label: sanctions lists as text (an address a line) or CSV (address, name).

Such a list does not say who says what since when, so a person does: label, source, day and confidence come with it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from trover.errors import AddressElsewhere, AddressWrong, FieldWrong, InputErrors, Place, Problem, RowShape
from trover.sources import mapping as m
from trover.sources.attribution.label import Label
from trover.sources.attribution.subject import CHECKED, ELSEWHERE, subject_of
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.text import decode, shortened

ADDRESS, NAME = "address", "name"


def read_list(source: SourceFile, said: Mapping[str, str]) -> Reading:
    """Each address of the list as a label; an address that is none is named, and the rest goes on."""
    remarks: list[Problem] = []
    labels = tuple(_labels(source, said, remarks))
    if not labels:
        raise InputErrors(remarks or [FieldWrong("", Place(source.name), says="holds no address")])
    return Reading(source, m.ADDRESSES, (), labels=labels, remarks=tuple(remarks))


def _labels(source: SourceFile, said: Mapping[str, str], remarks: list[Problem]) -> Iterator[Label]:
    currency = said.get("currency", "").upper()
    for line, address, name in _rows(source, remarks):
        place = Place(source.name, row=line)
        label = name or said.get("label", "")
        if not label:
            remarks.append(FieldWrong("", place, says="has no label, neither in its row nor for the whole list"))
            continue
        try:
            subject = subject_of(address, currency)
            if not subject.system and currency in ("", *CHECKED):
                raise ValueError("is no address of a coin that is known here; name the currency of the list")
        except ValueError as error:
            remarks.append(AddressWrong(shortened(address), place, says=str(error)))
            continue
        if subject.elsewhere:
            remarks.append(AddressElsewhere(shortened(address), place, says=subject.elsewhere, remedy=ELSEWHERE))
        yield Label(
            pointer=Pointer(source.sha256, "", line),
            subject=subject.text,
            printed=address,
            is_transaction=False,
            system=subject.system,
            currency=currency,
            checked=subject.checked,
            label=label,
            source=said["source"],
            creator="",
            title=said.get("label", ""),
            day=date.fromisoformat(said["date"]),
            confidence=said["confidence"],
            category=said.get("category", ""),
            abuse=said.get("abuse", ""),
        )


def _rows(source: SourceFile, remarks: list[Problem]) -> Iterator[tuple[int, str, str]]:
    """Line, address and name of each row."""
    reader = csv.reader(io.StringIO(decode(source.data, source.name), newline=""))
    at, width, number = 0, 1, 0
    names: list[str] = []
    for cells in reader:
        number += 1
        cells = [cell.strip() for cell in cells]
        if number == 1 and ADDRESS in map(str.lower, cells):
            names = list(map(str.lower, cells))
            at, width = names.index(ADDRESS), len(cells)
            continue
        if not any(cells):
            continue
        if len(cells) != width:
            says = f"values, where the list has {width} columns"
            remarks.append(RowShape(len(cells), Place(source.name, row=reader.line_num), says=says))
            continue
        yield reader.line_num, cells[at], cells[names.index(NAME)] if NAME in names else ""
