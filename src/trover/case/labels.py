"""The labels of a case: what is said of an address, by whom, since when; two lists compared; packs written again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pyarrow.compute as pc

from trover.case.asserted import ACTORS, CONCEPTS, LABELS, readings
from trover.case.case import Case
from trover.errors import InputErrors, UnknownSource
from trover.sources.attribution.book import STOPS, LabelBook, Said
from trover.sources.attribution.label import Label
from trover.sources.attribution.subject import searched
from trover.sources.attribution.tagpack import read_pack
from trover.sources.attribution.tagpack_text import pack_text

PACKS = ("tagpack", "actorpack")


def book_of(case: Case, subjects: Collection[str] | None = None) -> LabelBook:
    """The labels of the case, or only those about `subjects`, with the actors they name. Raises `InputErrors`."""
    about = None if subjects is None else {searched(subject) for subject in subjects} | set(subjects)
    texts = None if about is None else {text.rpartition(":")[2] for text in about}
    labels: list[Label] = []
    for _, reading in readings(case, LABELS, about=texts):
        labels += [label for label in reading.labels if about is None or label.subject in about]
    named = {label.actor for label in labels if label.actor}
    actors = [
        actor
        for _, reading in (readings(case, ACTORS, about=named) if named else ())
        for actor in reading.actors
        if actor.id in named
    ]
    return LabelBook.of(labels, actors)


def said_of(case: Case, subjects: Iterable[str]) -> list[dict[str, Any]]:
    """What is said of each of `subjects`, as `trover chain tag DIR ADDRESS --json` prints it."""
    wanted = list(subjects)
    book, names = book_of(case, wanted), source_names(case)
    found = [plain_said(book.said(subject), names) for subject in wanted]
    words = {word for each in found for label in each["labels"] for word in words_of(label)}
    meanings = meanings_of(case, words)
    for each in found:
        used = {word for label in each["labels"] for word in words_of(label)}
        each["words"] = {word: meanings[word] for word in sorted(used & meanings.keys())}
    return found


def words_of(label: dict[str, Any]) -> set[str]:
    """The words of taxonomies that a label uses."""
    return {word for word in (label.get("category"), label.get("abuse"), *label.get("concepts", ())) if word}


def meanings_of(case: Case, words: Collection[str]) -> dict[str, list[str]]:
    """Word -> what each taxonomy of the case says it means."""
    found: dict[str, list[str]] = {}
    for _, reading in readings(case, CONCEPTS) if words else ():
        for concept in reading.concepts:
            if concept.id in words:
                found.setdefault(concept.id, []).append(f"{concept.description or concept.label} ({concept.taxonomy})")
    return found


def labelled(case: Case) -> list[dict[str, Any]]:
    """What is said of the addresses in the ledger, of those of which something is said."""
    addresses = addresses_of(case)
    book, names = book_of(case, addresses), source_names(case)
    return [plain_said(said, names) for address in addresses if (said := book.said(address)).labels]


def addresses_of(case: Case) -> list[str]:
    """Every address that an account of the ledger states."""
    accounts = case.traced().accounts
    if "address" not in accounts.column_names:
        return []
    stated = pc.unique(accounts["address"].drop_null()).to_pylist()
    return [address for address in stated if address]


def overview(case: Case) -> list[dict[str, Any]]:
    """Each source of labels, actors or concepts, with how many."""
    return [
        {"name": source.name, "sha256": source.sha256, "format": source.format, **source.asserted}
        for source in case.sources()
        if {LABELS, ACTORS, CONCEPTS} & set(source.asserted)
    ]


def compared(case: Case, left: str, right: str) -> dict[str, Any]:
    """Two sources of labels: addresses that only one has, and those of both whose label differs.

    Raises `InputErrors` where the case has no such source.
    """
    one, other = (_labels_of(case, name) for name in (left, right))
    coins = {label.system for label in one.values()} & {label.system for label in other.values()}
    both = one.keys() & other.keys()
    return {
        "left": _list(left, one),
        "right": _list(right, other),
        "coins_of_both": sorted(coins),
        "both": len(both),
        "only_left": [_one(one[key]) for key in sorted(one.keys() - both) if one[key].system in coins],
        "only_right": [_one(other[key]) for key in sorted(other.keys() - both) if other[key].system in coins],
        "other_coins": sum(label.system not in coins for label in (*one.values(), *other.values())),
    }


def packs(case: Case) -> dict[str, str]:
    """Name -> text of each TagPack and ActorPack of the case, written anew from what was read. Raises `InputErrors`."""
    found = {}
    for source in case.sources():
        if source.format in PACKS:
            name = source.name if source.name not in found else f"{source.sha256[:12]}-{source.name}"
            name = name.removesuffix(".gz")
            found[name] = pack_text(read_pack(source.file(case.source_bytes(source.sha256))))
    return found


def source_names(case: Case) -> dict[str, str]:
    """SHA-256 -> name of each source."""
    return {source.sha256: source.name for source in case.sources()}


def plain_said(said: Said, names: dict[str, str]) -> dict[str, Any]:
    return {
        "subject": said.subject,
        "kinds": {str(kind): list(why) for kind, why in said.kinds.items()},
        "stops": any(kind in STOPS for kind in said.kinds),
        "differ": {name: list(values) for name, values in said.differ.items()},
        "labels": [plain_label(label, names) for label in said.labels],
    }


def plain_label(label: Label, names: dict[str, str]) -> dict[str, Any]:
    """One label with its source, date and confidence; what it leaves out is left out."""
    plain = {
        "label": label.label,
        "source": label.source,
        "date": label.day.isoformat() if label.day else "",
        "confidence": label.confidence,
        "level": label.level,
        "coin": label.system or label.currency,
        "category": label.category,
        "abuse": label.abuse,
        "actor": label.actor,
        "concepts": list(label.concepts),
        "creator": label.creator,
        "context": label.context,
        "file": names.get(label.pointer.sha256, label.pointer.sha256),
        "row": label.pointer.row,
        "printed": label.printed if label.printed != label.subject else "",
        "checksum": label.checked,
    }
    needed = ("label", "source", "date", "confidence", "level", "file", "row", "checksum")
    return {name: value for name, value in plain.items() if value or name in needed}


def _labels_of(case: Case, name: str) -> dict[tuple[str, str], Label]:
    found = {
        (label.system, label.subject): label
        for source, reading in readings(case, LABELS)
        if name in (source.name, source.sha256)
        for label in reading.labels
    }
    if not found:
        raise InputErrors([UnknownSource(name)])
    return found


def _list(name: str, labels: dict[tuple[str, str], Label]) -> dict[str, Any]:
    days = sorted({label.day.isoformat() for label in labels.values() if label.day})
    return {"name": name, "labels": len(labels), "dates": days}


def _one(label: Label) -> dict[str, str]:
    return {"address": label.subject, "label": label.label, "coin": label.system}
