"""Gaps as events of the ledger that is traced: what is drained, what comes back, and what a bridge carries on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from trover.ledger.event import Account, AccountKind, Event, Input, Output
from trover.ledger.gap import Examined, Span, examine
from trover.ledger.gap.apply import put_together
from trover.ledger.gap.stand import Stand
from trover.ledger.ledger import Ledger
from trover.sources.record import Pointer
from trover.trace.claim import OWN, Assumptions, Claim
from trover.trace.reference import trace
from trover.trace.rules import LotRule, rule

START = datetime(2024, 1, 1, tzinfo=UTC)
SINK = "EXT:GAP:ACC:2024-01-11/2024-01-19"


def row(id: str, statement: str, day: int, change: int, other: str = "EXT:X", seq: int = 0) -> Event:
    legs = ("ACC", other) if change < 0 else (other, "ACC")
    moved = (Input(legs[0], abs(change)),), (Output(legs[1], abs(change), abs(change)),)
    time = START + timedelta(days=day)
    source = Pointer(statement, "", 1)
    return Event(id, time, seq, *moved, source=source, balance_account="ACC", statements=(statement,))


def ledger_of(events: Iterable[Event], opening: int) -> Ledger:
    accounts = [Account("ACC", "EUR", AccountKind.BANK, "", opening)]
    accounts += [Account(id, "EUR", AccountKind.EXTERNAL) for id in ("EXT:X", "EXT:VICTIM", "EXT:SHOP")]
    return Ledger.of(accounts, events)


def span(name: str, days: tuple[int, int], opening: int, rows: Iterable[Event]) -> Span:
    changes = [(1 if event.outputs[0].account == "ACC" else -1) * event.inputs[0].amount for event in rows]
    first, last = (date(2024, 1, 1) + timedelta(days=day) for day in days)
    return Span(name, name, "ACC", "EUR", first, last, opening, len(changes), sum(changes))


def looked_at(ledger: Ledger, spans: Iterable[Span]) -> Examined:
    return examine(spans, Stand(ledger).movements)


def shown(ledger: Ledger) -> list[str]:
    return [f"{e.inputs[0].account} -> {e.outputs[0].account} {e.inputs[0].amount}" for e in ledger]


def two_months(before: int, stolen: int, after: int, spent: int) -> tuple[Ledger, Examined]:
    """The theft comes in by the first statement; nine days are missing; the second pays the shop."""
    one = [row("a1", "A", 5, stolen, "EXT:VICTIM")]
    two = [row("b1", "B", 20, -spent, "EXT:SHOP")]
    ledger = ledger_of([*one, *two], before)
    return ledger, looked_at(ledger, [span("A", (0, 9), before, one), span("B", (19, 29), after, two)])


def traced(ledger: Ledger, key: str = "libr") -> dict[str, dict[str, int]]:
    chosen = rule(key)
    assert isinstance(chosen, LotRule)
    return dict(trace(ledger, Assumptions(claims=(Claim("V", 60_000, "a1"),)), chosen).table())


class TestByHand:
    """100.00 of its own, 600.00 stolen, a gap, 500.00 when it ends, 450.00 spent."""

    def test_what_reached_the_gap_is_stated_and_not_carried_over(self) -> None:
        ledger, found = two_months(10_000, 60_000, 50_000, 45_000)
        together = put_together(ledger, found)
        assert shown(together) == [
            "EXT:VICTIM -> ACC 60000",
            f"ACC -> {SINK} 70000",
            f"{SINK} -> ACC 50000",
            "ACC -> EXT:SHOP 45000",
        ]
        table = traced(together)
        assert table[SINK] == {"V": 60_000, OWN: 10_000}
        assert table["ACC"] == {"V": 0, OWN: 5_000}
        assert table["EXT:SHOP"] == {"V": 0, OWN: 45_000}

    def test_a_bridge_books_the_difference_and_composition_carries_on(self) -> None:
        ledger, found = two_months(10_000, 60_000, 50_000, 45_000)
        together = put_together(ledger, found, {SINK})
        assert shown(together)[1:] == [f"ACC -> {SINK} 20000", "ACC -> EXT:SHOP 45000"]
        table = traced(together)
        # libr: of the 200.00 that left, 100.00 is own; V keeps min(600, 500); then 450.00 of 500.00 is spent
        assert table[SINK] == {"V": 10_000, OWN: 10_000}
        assert table["ACC"] == {"V": 5_000, OWN: 0}
        assert table["EXT:SHOP"] == {"V": 45_000, OWN: 0}

    def test_a_bridge_to_a_higher_balance_adds_what_is_nobodys(self) -> None:
        ledger, found = two_months(10_000, 60_000, 90_000, 45_000)
        together = put_together(ledger, found, {SINK})
        assert shown(together)[1] == f"{SINK} -> ACC 20000"
        assert traced(together)["ACC"] == {"V": 45_000, OWN: 0}

    def test_overdrawn_before_and_after(self) -> None:
        ledger, found = two_months(-90_000, 60_000, -5_000, 1_000)
        assert shown(put_together(ledger, found)) == [
            "EXT:VICTIM -> ACC 60000",
            f"{SINK} -> ACC 30000",
            f"ACC -> {SINK} 5000",
            "ACC -> EXT:SHOP 1000",
        ]
        assert shown(put_together(ledger, found, {SINK}))[1] == f"{SINK} -> ACC 25000"
        assert traced(put_together(ledger, found))[SINK] == {"V": 0, OWN: 5_000}

    def test_every_rule_leaves_the_balance_that_is_printed(self) -> None:
        ledger, found = two_months(10_000, 60_000, 50_000, 45_000)
        for key in ("fifo", "lifo", "haircut", "taint_first"):
            table = traced(put_together(ledger, found), key)
            assert table["ACC"] == {"V": 0, OWN: 5_000}
            assert table[SINK]["V"] == 60_000


def test_the_events_of_a_gap_stand_on_its_days() -> None:
    ledger, found = two_months(10_000, 60_000, 50_000, 45_000)
    drain, filled = list(put_together(ledger, found))[1:3]
    assert (drain.time, filled.time.date()) == (datetime(2024, 1, 11, tzinfo=UTC), date(2024, 1, 19))
    assert (drain.id, filled.id) == (
        "GAP:ACC:2024-01-11/2024-01-19:reached",
        "GAP:ACC:2024-01-11/2024-01-19:resumed",
    )
    assert {drain.kind, filled.kind} == {"gap"}


@pytest.mark.parametrize("seqs", [(1, 2), (2, 1)])
def test_balances_that_disagree_within_one_day_part_the_day_between_the_statements(seqs: tuple[int, int]) -> None:
    one, two = [row("a1", "A", 5, 50, seq=seqs[0])], [row("b1", "B", 5, -20, seq=seqs[1])]
    ledger = ledger_of([*one, *two], 100)
    together = put_together(ledger, looked_at(ledger, [span("A", (0, 5), 100, one), span("B", (5, 9), 140, two)]))
    sink = "EXT:GAP:ACC:2024-01-06/2024-01-06"
    assert shown(together) == ["EXT:X -> ACC 50", f"ACC -> {sink} 150", f"{sink} -> ACC 140", "ACC -> EXT:X 20"]


def test_statements_that_part_a_day_keep_their_order() -> None:
    one, two = [row("a1", "A", 5, 50, seq=7)], [row("b1", "B", 5, -120, seq=1), row("b2", "B", 6, 1, seq=2)]
    other = Event("z", START + timedelta(days=5), 3, (Input("EXT:X", 1),), (Output("EXT:SHOP", 1, 1),))
    ledger = ledger_of([*one, *two, other], 100)
    assert [event.id for event in ledger] == ["b1", "z", "a1", "b2"]
    together = put_together(ledger, looked_at(ledger, [span("A", (0, 5), 100, one), span("B", (5, 9), 150, two)]))
    assert [event.id for event in together] == ["a1", "z", "b1", "b2"]


def test_rows_that_repeat_are_one_event_with_two_rows_of_evidence() -> None:
    one, two = [row("a1", "A", 5, 50)], [row("b1", "B", 5, 50), row("b2", "B", 12, -20)]
    ledger = ledger_of([*one, *two], 100)
    together = put_together(ledger, looked_at(ledger, [span("A", (0, 9), 100, one), span("B", (4, 15), 100, two)]))
    assert [event.id for event in together] == ["a1", "b2"]
    first = next(iter(together))
    assert [(other.id, other.source) for other in first.also] == [("b1", Pointer("B", "", 1))]


def test_contradicting_rows_stay_out_and_tracing_stops() -> None:
    one = [row("a1", "A", 1, 50), row("a2", "A", 6, 5)]
    two = [row("b1", "B", 6, 7), row("b2", "B", 12, -20)]
    ledger = ledger_of([*one, *two], 100)
    found = looked_at(ledger, [span("A", (0, 9), 100, one), span("B", (5, 15), 150, two)])
    sink = "EXT:GAP:ACC:2024-01-06/2024-01-10"
    assert shown(put_together(ledger, found)) == [
        "EXT:X -> ACC 50",
        f"ACC -> {sink} 150",
        f"{sink} -> ACC 157",
        "ACC -> EXT:X 20",
    ]


def test_a_gap_of_an_account_that_the_ledger_does_not_hold_is_no_event() -> None:
    ledger = ledger_of([], 100)
    other = [replace(each, account="OTHER") for each in (span("A", (0, 9), 100, []), span("B", (19, 29), 50, []))]
    found = looked_at(ledger, other)
    assert len(found.gaps) == 1
    assert put_together(ledger, found) is ledger


def test_an_account_without_rows_has_gaps_too() -> None:
    ledger = ledger_of([], 100)
    found = looked_at(ledger, [span("A", (0, 9), 100, []), span("B", (20, 29), 50, [])])
    assert shown(put_together(ledger, found)) == [
        f"ACC -> {SINK.replace('19', '20')} 100",
        f"{SINK.replace('19', '20')} -> ACC 50",
    ]


def test_without_gaps_nothing_changes() -> None:
    one, two = [row("a1", "A", 5, 50)], [row("b1", "B", 12, -20)]
    ledger = ledger_of([*one, *two], 100)
    found = looked_at(ledger, [span("A", (0, 9), 100, one), span("B", (10, 15), 150, two)])
    assert put_together(ledger, found) is ledger
