"""What is traced is computed from what is stored, by steps in a fixed order, and results rest on its hash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import memory_case, on, simple_ledger

from trover.case import derived
from trover.case.derived import Derived, Ground, Note, derive
from trover.case.finding import Claimed
from trover.ledger.event import transfer
from trover.ledger.ledger import Ledger


def test_a_row_that_is_replaced_is_stored_and_not_traced() -> None:
    ledger = simple_ledger()
    better = replace(transfer("t8", on(3), 3, "T", "EXT:X", 61_00), replaces="t3")
    case = memory_case(Ledger.of(ledger.account_list, [*ledger, better]))
    assert {event.id for event in case.ledger()} - {event.id for event in case.traced()} == {"t3"}


def test_steps_run_in_order_and_their_notes_are_kept() -> None:
    def named(name: str) -> derived.Step:
        return lambda made, ground: made.then(made.ledger, [Note(name, f"{len(made.ledger)} rows")])

    found = derive(simple_ledger(), Ground({}, ()), (derived.corrected, named("one"), named("two")))
    assert [(note.step, note.text) for note in found.notes] == [("one", "7 rows"), ("two", "7 rows")]


def test_a_result_is_stale_once_another_ledger_would_be_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    case = memory_case()
    case.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    case.trace(["libr"])
    then = case.derived().hash
    assert case.results()[0].inputs["ledger"] == then

    def without_last(made: Derived, ground: Ground) -> Derived:
        return made.then(Ledger.of(made.ledger.account_list, list(made.ledger)[:-1]))

    monkeypatch.setattr("trover.case.case.derive", lambda stored, ground: derive(stored, ground, (without_last,)))
    again = type(case)(case.store, case.author)
    (entry,) = again.stale()
    assert entry.why == (f"the ledger changed: it was {then[:12]} and is {again.derived().hash[:12]}",)
