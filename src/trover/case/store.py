"""Where a case is kept: one interface, whatever is behind it (a folder, memory, a server).

A store keeps three things: what the case is called (`CaseInfo`), the log, and files by name, which are
written once and never changed. One contract test suite (tests/case/contract.py) holds for every store.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from trover.case.findings_file import Edit
from trover.case.log import Act, Entry
from trover.case.marking import Handling
from trover.case.state import State
from trover.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What the case is. `handling` is the default for what states none; `currency` that of the report."""

    name: str
    created_by: str
    created_at: str
    reference: str = ""
    organisation: str = ""
    currency: str = ""
    handling: Handling = field(default_factory=Handling)


@dataclass
class Batch:
    """One change of a case, seen whole or not at all.

    `state` is the case as it is while nobody else can change it. Files are stored before the acts that
    name them; when the acts are in the log, the change is made.
    """

    state: State
    acts: list[Act] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, Ledger] = field(default_factory=dict)
    """New parts of the ledger, by their hash."""


class CaseStore(Protocol):
    """What every store does. Nothing else of Trover touches a case."""

    def info(self) -> CaseInfo:
        """What the case is. Raises `InputErrors` if that cannot be read."""
        ...

    def log(self) -> Sequence[Entry]:
        """Every entry, oldest first, at one moment."""
        ...

    def head(self) -> str:
        """The hash of the last entry of the log, empty where there is none: while it stays, nothing has changed."""
        ...

    def read(self, name: str) -> bytes:
        """The file `name`. Raises `CaseDamaged` if it is not there."""
        ...

    def part(self, id: str) -> Ledger:
        """The part of the ledger with that hash. Raises `CaseDamaged` if it is not there, `InputErrors` if altered."""
        ...

    def writing(self, actor: str) -> AbstractContextManager[Batch]:
        """A change by `actor`: made when the block ends, not made if it raises. One at a time.

        Raises `CaseInUse` while another change is under way.
        """
        ...

    def is_published(self) -> bool:
        """False where a readable copy of the findings differs from the log: a change then takes it up."""
        ...

    def edits(self, state: State) -> Sequence[Edit]:
        """What a person changed in the readable copy. Raises `InputErrors` if it cannot be understood."""
        ...

    def close(self) -> None:
        """Let go of what the store holds open."""
        ...
