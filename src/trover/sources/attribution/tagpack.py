"""TagPacks and ActorPacks of GraphSense: read into labels and actors, and written again without loss.

A pack states what holds for all its tags in its head; a tag overrides it. YAML by the strict reader: no alias, no tag,
no depth. What a head or a tag states beyond the fields known here is kept in the pack and written again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trover.errors import AddressElsewhere, AddressWrong, FieldMissing, FieldWrong, InputErrors, Place, Problem
from trover.sources.attribution.label import Actor, Label
from trover.sources.attribution.subject import ELSEWHERE, subject_of, transaction_of
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.strict_yaml import Lined, load_yaml
from trover.sources.text import shortened

_TITLE = re.compile(rb"(?:\A|\n)(?:title|creator)[ \t]*:")
_TAGS, _ACTORS = re.compile(rb"\ntags[ \t]*:"), re.compile(rb"\nactors[ \t]*:")
_TRUE, _FALSE = ("true", "yes", "on"), ("", "false", "no", "off")
TAGS, ACTORS = "tags", "actors"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as it was written: its head, and its tags or actors (`kind`), every scalar the text a person wrote."""

    kind: str
    head: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]


def read_pack(source: SourceFile) -> Pack:
    """The pack whole. Raises `InputErrors` if it is none."""
    found: list[Problem] = []
    top = Fields(load_yaml(source), found, source.name)
    kind = TAGS if TAGS in top.data else ACTORS
    items = top.array(kind)
    head = {name: value for name, value in top.data.items() if name != kind}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            found.append(FieldWrong(shortened(str(item)), Place(source.name, kind, number), says="is not an object"))
    if not items and not found:
        found.append(FieldMissing(kind, Place(source.name), says="are missing: the pack holds none"))
    if found:
        raise InputErrors(found)
    return Pack(kind, head, tuple(items))


class TagPackReader:
    """Labels of addresses and transactions."""

    name = "tagpack"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_TITLE.search(source.data[:4096]) and _TAGS.search(source.data))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        remarks: list[Problem] = []
        labels = tuple(_labels(source, read_pack(source), remarks))
        if not labels:
            raise InputErrors(remarks)
        return Reading(source, self.name, (), labels=labels, remarks=tuple(remarks))


class ActorPackReader:
    """Who is behind the names that labels use."""

    name = "actorpack"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_TITLE.search(source.data[:4096]) and _ACTORS.search(source.data))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        found: list[Problem] = []
        actors = tuple(_actors(source, read_pack(source), found))
        if found:
            raise InputErrors(found)
        return Reading(source, self.name, (), actors=actors)


def _labels(source: SourceFile, pack: Pack, remarks: list[Problem]) -> Iterator[Label]:
    """Each tag that is one; what is wrong with another is named, and the rest goes on."""
    for number, item in enumerate(pack.items, 1):
        line = item.line if isinstance(item, Lined) else number
        found: list[Problem] = []
        fields = Fields({**pack.head, **item}, found, source.name, row=line)
        label = _label(source, line, fields)
        if label is not None and not [problem for problem in found if not isinstance(problem, AddressElsewhere)]:
            yield label
        remarks += found


def _label(source: SourceFile, line: int, fields: Fields) -> Label | None:
    currency = (fields.id("currency", "") or fields.id("network", "")).strip().upper()
    is_transaction = not fields.data.get("address") and bool(fields.data.get("tx_hash"))
    printed = fields.id("tx_hash" if is_transaction else "address").strip()
    day = _day(fields)
    name = fields.text("label")
    if not printed or not fields.clean:
        return None
    try:
        if is_transaction:
            subject, system, checked = transaction_of(printed), "", False
        else:
            known = subject_of(printed, currency)
            subject, system, checked = known.text, known.system, known.checked
            if known.elsewhere:
                fields.add(
                    AddressElsewhere(
                        shortened(printed), fields.place("address"), says=known.elsewhere, remedy=ELSEWHERE
                    )
                )
    except ValueError as error:
        fields.add(AddressWrong(shortened(printed), fields.place("address"), says=str(error)))
        return None
    return Label(
        pointer=Pointer(source.sha256, "", line),
        subject=subject,
        printed=printed,
        is_transaction=is_transaction,
        system=system,
        currency=currency,
        checked=checked,
        label=name,
        source=fields.text("source", ""),
        creator=fields.text("creator", ""),
        title=fields.text("title", ""),
        day=day,
        confidence=fields.id("confidence", "").strip(),
        category=fields.id("category", "").strip(),
        abuse=fields.id("abuse", "").strip(),
        actor=fields.id("actor", "").strip(),
        concepts=_texts(fields, "concepts"),
        context=_context(fields),
        is_definer=_truth(fields, "is_cluster_definer"),
    )


def _actors(source: SourceFile, pack: Pack, found: list[Problem]) -> Iterator[Actor]:
    for number, item in enumerate(pack.items, 1):
        line = item.line if isinstance(item, Lined) else number
        fields = Fields({**pack.head, **item}, found, source.name, row=line)
        yield Actor(
            Pointer(source.sha256, "", line),
            fields.id("id"),
            fields.text("label"),
            fields.text("uri", ""),
            _texts(fields, "categories"),
            _texts(fields, "jurisdictions"),
            _texts(fields, "aliases"),
            _context(fields),
        )


def _day(fields: Fields) -> date | None:
    """The day the source gives its label, which is not the day of what it says."""
    text = fields.id("lastmod", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        fields.add(FieldWrong(shortened(text), fields.place("lastmod"), says="is not a day such as 2021-06-30"))
        return None


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields.data.get(name)
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(text for text in fields.array(name) if isinstance(text, str))


def _context(fields: Fields) -> str:
    """Free data beside a label: text as it is, anything else as JSON."""
    value = fields.data.get("context", "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _truth(fields: Fields, name: str) -> bool:
    text = str(fields.data.get(name, "")).strip().lower()
    if text not in (*_TRUE, *_FALSE):
        fields.add(FieldWrong(shortened(text), fields.place(name), says="is not true or false"))
    return text in _TRUE
