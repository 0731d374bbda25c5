"""A case in memory: for tests and for trying things out in a notebook. Nothing of it stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from trover.case.findings_file import Edit
from trover.case.log import Entry, chained
from trover.case.state import State, state_of
from trover.case.store import Batch, CaseInfo
from trover.errors import CaseDamaged, CaseInUse
from trover.ledger.ledger import Ledger


class MemoryStore:
    """See `CaseStore`."""

    def __init__(self, info: CaseInfo, wait: float = 10.0) -> None:
        self._info, self._wait = info, wait
        self._log: list[Entry] = []
        self._files: dict[str, bytes] = {}
        self._parts: dict[str, Ledger] = {}
        self._lock = threading.Lock()
        self._holder = ""

    def info(self) -> CaseInfo:
        return self._info

    def log(self) -> Sequence[Entry]:
        return tuple(self._log)

    def head(self) -> str:
        return self._log[-1].hash if self._log else ""

    def read(self, name: str) -> bytes:
        try:
            return self._files[name]
        except KeyError:
            raise CaseDamaged(name, says="is missing") from None

    def part(self, id: str) -> Ledger:
        try:
            return self._parts[id]
        except KeyError:
            raise CaseDamaged(id, says="is a part of the ledger that is missing") from None

    @contextmanager
    def writing(self, actor: str) -> Iterator[Batch]:
        if not self._lock.acquire(timeout=self._wait):
            raise CaseInUse(self._info.name, says=f"is being changed by {self._holder}")
        try:
            self._holder = actor
            batch = Batch(state_of(self._log))
            yield batch
            self._files |= batch.files
            self._parts |= batch.parts
            self._log += chained(self._log, batch.acts, self._info.organisation, "memory")
        finally:
            self._lock.release()

    def is_published(self) -> bool:
        return True

    def edits(self, state: State) -> Sequence[Edit]:
        return ()

    def close(self) -> None:
        return None
