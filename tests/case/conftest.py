"""Nothing is flushed to the disk here: these tests never pull the plug, and flushing is most of their time."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine


@pytest.fixture(scope="session", autouse=True)
def _never_flush() -> Iterator[None]:
    def unsynchronised(connection: object, _: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        event.listen(Engine, "connect", unsynchronised)
        yield
        event.remove(Engine, "connect", unsynchronised)
