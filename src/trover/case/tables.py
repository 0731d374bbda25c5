"""The log in SQL, through SQLAlchemy: the same tables in a folder (SQLite) and on a server."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from trover.case.canonical import canonical
from trover.case.log import Entry

_LISTS = ("inputs", "outputs")


class Base(DeclarativeBase):
    pass


class LogRow(Base):
    """One entry of the log. Lists and objects are canonical JSON, as they are hashed."""

    __tablename__ = "log"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str]
    item: Mapped[str]
    actor: Mapped[str]
    organisation: Mapped[str]
    time: Mapped[str]
    location: Mapped[str]
    tool: Mapped[str]
    inputs: Mapped[str] = mapped_column(Text)
    outputs: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class Mark(Base):
    """How far something outside the database has followed the log."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    sha256: Mapped[str]


def read_log(session: Session) -> list[Entry]:
    """Every entry, oldest first."""
    return [_entry(row) for row in session.scalars(select(LogRow).order_by(LogRow.seq))]


def read_head(session: Session) -> str:
    """The hash of the last entry, empty where there is none."""
    return session.scalars(select(LogRow.hash).order_by(LogRow.seq.desc()).limit(1)).first() or ""


def append_log(session: Session, entries: Sequence[Entry]) -> None:
    session.add_all(_row(entry) for entry in entries)
    session.flush()


def _row(entry: Entry) -> LogRow:
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    for name in (*_LISTS, "payload"):
        values[name] = canonical(values[name]).decode()
    return LogRow(**values)


def _entry(row: LogRow) -> Entry:
    values = {name: getattr(row, name) for name in Entry.__slots__}
    values |= {name: tuple(json.loads(values[name])) for name in _LISTS}
    return Entry(**values | {"payload": json.loads(row.payload)})
