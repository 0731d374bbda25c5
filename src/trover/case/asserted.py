"""What sources assert beside the ledger: labels, listings, what pages name. Read again from the sources, never stored.

A case keeps the file and how much it asserts; whoever asks reads it again, in its own process, as it was read first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from trover.errors import InputErrors
from trover.sources.reader import Reading
from trover.sources.sandbox import read_all

if TYPE_CHECKING:
    from trover.case.case import Case
    from trover.case.state import Source

MENTIONS, LISTINGS, LABELS, ACTORS, CONCEPTS = KINDS = ("mentions", "listings", "labels", "actors", "concepts")
MANY = 500
"""Texts above which every source is read, which is then quicker than to look for each of them."""


def asserted_by(reading: Reading) -> dict[str, int]:
    """Kind -> how many, of what the file asserts."""
    return {kind: count for kind in KINDS if (count := len(getattr(reading, kind)))}


def readings(case: Case, *kinds: str, about: Collection[str] | None = None) -> Iterator[tuple[Source, Reading]]:
    """Each source that asserts something of these kinds, read again.

    about: only sources in which one of these texts stands, in small letters or capitals. Raises `InputErrors`.
    """
    wanted: list[Source] = []
    files = []
    for source in case.sources():
        if not any(kind in source.asserted for kind in kinds):
            continue
        data = case.source_bytes(source.sha256)
        if about is None or len(about) > MANY or _stands_in(data, about):
            wanted.append(source)
            files.append((source.file(data), source.mapping))
    for source, answer in zip(wanted, read_all(iter(files)), strict=True):
        if not isinstance(answer, Reading):
            raise InputErrors(answer.problems)
        yield source, answer


def _stands_in(data: bytes, about: Collection[str]) -> bool:
    pattern = b"|".join(re.escape(text.encode("utf-8")) for text in sorted(about))
    return bool(about) and re.search(pattern, data, re.IGNORECASE) is not None
