"""Small ledgers and cases that the tests of the case share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from trover.case.case import Case
from trover.case.memory_store import MemoryStore
from trover.case.state import ledger_act
from trover.case.store import CaseInfo, CaseStore
from trover.ledger.digest import ledger_hash
from trover.ledger.event import Account, AccountKind, Event, transfer
from trover.ledger.ledger import Ledger

AUTHOR = "A. Analyst"
INFO = CaseInfo("R v Example", AUTHOR, "2026-01-02T03:04:05Z", currency="EUR")


def on(day: int) -> datetime:
    return datetime(2020, 1, day, tzinfo=UTC)


def bank(id: str, currency: str = "EUR", opening: int = 0) -> Account:
    return Account(id, currency, AccountKind.BANK, opening=opening)


def outside(id: str, currency: str = "EUR") -> Account:
    return Account(id, currency, AccountKind.EXTERNAL)


def simple_ledger() -> Ledger:
    """T receives 100 of V and 50 of O, pays 60 out, gets 10 back, pays W 190 (90 more than it has), gets 90 and 5."""
    accounts = [bank("T"), bank("U", "USD"), bank("W", opening=5_00), *map(outside, ("EXT:V", "EXT:O", "EXT:X"))]
    events: list[Event] = [
        transfer("t1", on(1), 1, "EXT:V", "T", 100_00),
        transfer("t2", on(2), 2, "EXT:O", "T", 50_00),
        transfer("t3", on(3), 3, "T", "EXT:X", 60_00),
        transfer("t4", on(4), 4, "EXT:X", "T", 10_00),
        transfer("t5", on(5), 5, "T", "W", 190_00),
        transfer("t6", on(6), 6, "EXT:V", "T", 90_00),
        transfer("t7", on(7), 7, "EXT:V", "T", 5_00),
    ]
    return Ledger.of(accounts, events)


def put_ledger(store: CaseStore, ledger: Ledger) -> str:
    """Store `ledger` without files behind it."""
    id = ledger_hash(ledger)
    with store.writing(AUTHOR) as batch:
        batch.parts[id] = ledger
        batch.acts.append(ledger_act(id, id, {}, AUTHOR, INFO.created_at))
    return id


def memory_case(ledger: Ledger | None = None) -> Case:
    store = MemoryStore(INFO)
    put_ledger(store, ledger or simple_ledger())
    return Case(store, AUTHOR)


def folder_case(folder: Path, ledger: Ledger | None = None) -> Case:
    case = Case.create(folder, INFO.name, AUTHOR, currency="EUR")
    put_ledger(case.store, ledger or simple_ledger())
    return case
