"""The SQLite file of a case: reads at one moment, and one change at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from trover.case.log import Entry
from trover.case.tables import Base, Mark, append_log, read_head, read_log
from trover.errors import CaseDamaged, CaseInUse, Place


class Change:
    """One change of the log, committed when the block ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def log(self) -> list[Entry]:
        return read_log(self._session)

    def append(self, entries: Sequence[Entry]) -> None:
        append_log(self._session, entries)

    def mark(self, name: str, seq: int, sha256: str) -> None:
        self._session.merge(Mark(name=name, seq=seq, sha256=sha256))


class Database:
    """`wait`: seconds to wait while someone else changes the case."""

    def __init__(self, path: Path, wait: float) -> None:
        self._path = path
        self._engine = _engine(path, wait)
        self._writing = self._engine.execution_options(immediate=True)

    def log(self) -> list[Entry]:
        with self._named(), Session(self._engine) as session:
            return read_log(session)

    def head(self) -> str:
        with self._named(), Session(self._engine) as session:
            return read_head(session)

    def mark(self, name: str) -> tuple[int, str]:
        with self._named(), Session(self._engine) as session:
            found = session.get(Mark, name)
            return (found.seq, found.sha256) if found else (0, "")

    @contextmanager
    def changing(self, in_use: Callable[[], CaseInUse]) -> Iterator[Change]:
        """Hold the only right to change the log; commit at the end, or nothing if the block raises."""
        with Session(self._writing) as session:
            try:
                session.connection()
            except OperationalError as error:
                raise (in_use() if _is_locked(error) else self._damaged(error)) from None
            except DatabaseError as error:
                raise self._damaged(error) from None
            yield Change(session)
            session.commit()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise self._damaged(error) from None

    def _damaged(self, error: DatabaseError) -> CaseDamaged:
        return CaseDamaged(self._path.name, Place(self._path.parent.parent.name), says=f"cannot be read ({error.orig})")


def make_database(path: Path, mark: str, sha256: str) -> None:
    """A new database with an empty log."""
    engine = _engine(path, 0)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Mark(name=mark, seq=0, sha256=sha256))
        session.commit()
    engine.dispose()


def _engine(path: Path, wait: float) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": wait}, poolclass=NullPool)
    event.listen(engine, "connect", _begin_ourselves)
    event.listen(engine, "begin", _begin)
    return engine


def _begin_ourselves(connection: Any, record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    """A change takes the right to write at once, so that what it read cannot change under it."""
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _is_locked(error: OperationalError) -> bool:
    return "locked" in str(error.orig) or "busy" in str(error.orig)
