"""The contract of stores, for each store there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract import Again, NewStore, StoreContract
from worlds import INFO

from trover.case.folder_store import FolderStore
from trover.case.memory_store import MemoryStore
from trover.case.store import CaseStore

WAIT = 0.3


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def new_store(self) -> NewStore:
        return lambda wait=WAIT: MemoryStore(INFO, wait)

    @pytest.fixture
    def again(self) -> Again:
        return lambda store: store


class TestFolderStore(StoreContract):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> NewStore:
        return lambda wait=WAIT: FolderStore.create(tmp_path / "case", INFO, wait)

    @pytest.fixture
    def again(self) -> Again:
        def reopened(store: CaseStore) -> CaseStore:
            assert isinstance(store, FolderStore)
            return FolderStore.open(store.folder, store.wait)

        return reopened
