"""Mappings that a person gave earlier, used again on tables whose columns have exactly the same names.

Only what a file itself says may differ from file to file: a mapping that states the own account is never used again,
because the next file of the same bank may be of another account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trover.case.state import Source
from trover.errors import InputErrors, MappingMissing, MappingReused, Place, Problem
from trover.sources.custody import SourceFile
from trover.sources.mapping import CSV, STATEMENT, XLSX, mapping_of
from trover.sources.table import header_names

Plain = Mapping[str, Any]
Content = Callable[[str], bytes]
"""The bytes of a source of the case, by its SHA-256."""


@dataclass(frozen=True)
class _Known:
    plain: Plain
    given_with: str
    header: tuple[str, ...]
    states_account: bool
    stated_currency: str


class Reuse:
    """The mappings of a case. `chosen`, `remarks` and `blocked` are filled as files are looked at, by SHA-256."""

    def __init__(self, sources: Mapping[str, Source], content: Content) -> None:
        self._sources, self._content = sources, content
        self._known: list[_Known] | None = None
        self.chosen: dict[str, Plain] = {}
        self.remarks: dict[str, Problem] = {}
        self.blocked: dict[str, Problem] = {}

    def mapping_for(self, file: SourceFile) -> Plain | None:
        """The one mapping of the case that fits the header of `file` and may be used for another account."""
        if self._known is None:
            self._known = list(self._load())
        fits = [known for known in self._known if _header(file, known.plain) == known.header]
        usable = [known for known in fits if not known.states_account]
        if len(usable) == 1:
            known = usable[0]
            stated = f"; the currency {known.stated_currency} is stated there" if known.stated_currency else ""
            says = f"was read under the mapping given with {known.given_with}: its columns have the same names{stated}"
            self.remarks[file.sha256] = MappingReused("", Place(file.name), says=says)
            self.chosen[file.sha256] = known.plain
            return known.plain
        if fits:
            others = " and ".join(known.given_with for known in usable or fits[:1])
            why = (
                "more than one mapping fits"
                if usable
                else "that mapping states an account or opening balance of its own"
            )
            says = f"has the columns for which a mapping was given with {others}, but {why}"
            remedy = "Give the mapping for this file with --mapping."
            self.blocked[file.sha256] = MappingMissing("", Place(file.name), says=says, remedy=remedy)
        return None

    def _load(self) -> Iterator[_Known]:
        seen: set[str] = set()
        for source in self._sources.values():
            if source.mapping is None or source.format not in (CSV, XLSX):
                continue
            key = json.dumps(source.mapping, sort_keys=True, default=str)
            if key in seen:
                continue
            seen.add(key)
            try:
                data = self._content(source.sha256)
            except Problem:
                continue  # a damaged source is named by trover verify; it keeps no new file out
            header = _header(source.file(data), source.mapping)
            if header is not None:
                mapping = mapping_of(source.mapping)
                one_account = mapping.shape == STATEMENT and bool(mapping.account)
                states_account = one_account or any(account.opening for account in mapping.accounts)
                yield _Known(source.mapping, source.name, header, states_account, mapping.currency)


def _header(file: SourceFile, plain: Plain) -> tuple[str, ...] | None:
    try:
        return header_names(file, mapping_of(plain))
    except InputErrors:
        return None
