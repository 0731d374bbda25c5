"""Statements of one account one after another: what joins, repeats, is missing or contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.ledger.gap import Bounds, Examined, Held, Movement, Span, Why, bounds_after, examine

FIRST = date(2024, 1, 1)
ACC = ("ACC", "EUR")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


class Case:
    """Statements put together from rows (day, change), and examined."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.rows: dict[tuple[str, str], list[Movement]] = {}

    def statement(
        self,
        name: str,
        days: tuple[int, int],
        opening: int | None,
        rows: Sequence[tuple[int, int]] = (),
        **more: object,
    ) -> Case:
        made = [Movement(f"{name}{number}", day(at), change) for number, (at, change) in enumerate(rows, 1)]
        return self.of(name, days, opening, made, **more)

    def of(
        self, name: str, days: tuple[int, int], opening: int | None, rows: Sequence[Movement], **more: object
    ) -> Case:
        change = sum(row.change for row in rows)
        first = min((row.day for row in rows), default=None)
        span = Span(name, "S", *ACC, day(days[0]), day(days[1]), opening, len(rows), change, first=first, **more)  # type: ignore[arg-type]
        self.rows[span.name] = list(rows)
        self.spans.append(span)
        return self

    def examine(self) -> Examined:
        return examine(self.spans, lambda span: self.rows[span.name])


def test_equal_balances_join_and_days_between_are_counted() -> None:
    found = Case().statement("a", (0, 9), 100, [(3, 50)]).statement("b", (12, 20), 150).examine()
    assert not found.gaps
    assert [(joint.last[0], joint.next[0], joint.days) for joint in found.joints] == [("a", "b", 2)]


def test_a_missing_period() -> None:
    found = Case().statement("b", (40, 60), -70, [(41, 5)]).statement("a", (0, 9), 100, [(3, 50)]).examine()
    (gap,) = found.gaps
    assert (gap.start, gap.end, gap.before, gap.after, gap.why) == (day(10), day(39), 150, -70, Why.MISSING)
    assert gap.sink == "EXT:GAP:ACC:2024-01-11/2024-02-09"
    assert found.order == {ACC: [("a", "S"), ("b", "S")]}


def test_balances_that_disagree_with_no_day_between() -> None:
    for start in (9, 10):
        (gap,) = (
            Case().statement("a", (0, 9), 100, [(9, 50)]).statement("b", (start, 20), 149, [(12, 1)]).examine().gaps
        )
        assert (gap.start, gap.end, gap.before, gap.after, gap.why) == (day(start), day(start), 150, 149, Why.DISAGREE)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (Held.FAILED, Why.QUARANTINED),
        (Held.BROKEN, Why.BROKEN),
        (Held.REDACTED, Why.REDACTED),
        (Held.UNPROVED, Why.UNPROVED),
    ],
)
def test_a_statement_that_is_held_says_why_even_where_balances_agree(held: Held, why: Why) -> None:
    case = Case().statement("a", (0, 9), 100).statement("held", (10, 19), 100, [(11, 5), (12, -5)], held=held)
    (gap,) = case.statement("b", (20, 29), 100).examine().gaps
    assert (gap.start, gap.end, gap.before, gap.after, gap.why) == (day(10), day(19), 100, 100, why)


def test_debits_are_known_where_a_held_statement_leads_across() -> None:
    held = {"held": Held.UNPROVED, "debits": 70}
    case = Case().statement("a", (0, 9), 100).statement("held", (10, 19), None, [(11, 50), (12, -70)], **held)
    assert case.statement("b", (20, 29), 80).examine().gaps[0].debits == 70
    case.spans[-1] = replace(case.spans[-1], opening=81)
    assert case.examine().gaps[0].debits is None


def test_rows_without_a_balance_join_nothing_and_stop_nothing() -> None:
    found = Case().statement("a", (0, 9), 100).statement("b", (10, 19), None, [(11, 5)]).statement("c", (20, 29), 105)
    (gap,) = found.examine().gaps
    assert (gap.why, gap.after, gap.stops) == (Why.NOTHING, None, False)
    assert [joint.next[0] for joint in found.examine().joints] == ["c"]


def test_the_same_statement_twice() -> None:
    rows = [(0, 5), (0, 5), (3, -2)]
    found = Case().statement("a", (0, 9), 100, rows).statement("b", (0, 9), 100, rows).examine()
    (again,) = found.duplicates
    assert (again.first[0], again.again[0]) == ("a", "b")
    assert again.rows == {"b1": "a1", "b2": "a2", "b3": "a3"}
    assert found.order == {ACC: [("a", "S")]}
    assert not found.gaps


def test_the_same_statement_where_one_lists_value_dates() -> None:
    case = Case().statement("a", (0, 9), 100, [(0, 5), (3, -2)]).statement("b", (0, 9), 100, [(4, -2), (1, 5)])
    assert case.examine().repeated == {"b1": "a2", "b2": "a1"}


def test_two_months_alike_are_two() -> None:
    case = Case().statement("a", (0, 30), 100, [(0, 5), (3, -5)]).statement("b", (31, 60), 100, [(31, 5), (34, -5)])
    found = case.examine()
    assert not found.duplicates
    assert [joint.next[0] for joint in found.joints] == ["b"]


def test_two_numbers_in_one_file_are_two_statements() -> None:
    case = Case().statement("a", (0, 0), 100, [(0, 5), (0, -5)], number="1")
    case.spans.append(replace(case.spans[0], id="T", number="2"))
    case.rows["a", "T"] = [replace(row, id=f"t{row.id}") for row in case.rows["a", "S"]]
    found = case.examine()
    assert not found.duplicates
    assert len(found.joints) == 1


@pytest.mark.parametrize("numbers", [("9", "10"), ("007", "08"), ("A", "1"), ("9" * 5000, "1" + "0" * 5000)])
def test_statements_of_the_same_days_go_by_number_however_long_it_is(numbers: tuple[str, str]) -> None:
    first, second = numbers
    case = Case().statement("b", (0, 0), None, [(0, 5)], number=second)
    found = case.statement("a", (0, 0), None, [(0, 6)], number=first).examine()
    assert [source for source, _ in found.order[ACC]] == ["a", "b"]


def test_many_rows_of_one_amount_repeat_those_with_their_references() -> None:
    one = [Movement(f"x{n}", day(0), 5, None, (f"R{n}",)) for n in range(20_000)]
    found = Case().of("a", (0, 0), 0, one).of("b", (0, 0), 0, [replace(r, id=f"y{r.id}") for r in one]).examine()
    (duplicate,) = found.duplicates
    assert duplicate.rows == {f"yx{n}": f"x{n}" for n in range(20_000)}


def test_without_balances_rows_must_agree_in_everything() -> None:
    one = [Movement("x1", day(0), 5, None, ("R1",), "EXT:P"), Movement("x2", day(0), 6, None, (), "EXT:Q")]
    same = [replace(row, id=f"y{row.id}") for row in one[::-1]]
    other = [replace(one[0], id="z1"), replace(one[1], id="z2", party="EXT:Z")]
    assert Case().of("a", (0, 1), None, one).of("b", (0, 1), None, same).examine().repeated == {
        "yx2": "x2",
        "yx1": "x1",
    }
    assert not Case().of("a", (0, 1), None, one).of("b", (0, 1), None, other).examine().repeated
    lone = [one[1]]
    assert not Case().of("a", (0, 1), None, lone).of("b", (0, 1), None, [replace(lone[0], id="l")]).examine().repeated


def test_a_month_inside_a_year() -> None:
    year = [(0, 5), (31, 7), (33, -2), (33, 1), (70, 9)]
    case = Case().statement("y", (0, 300), 100, year).statement("m", (31, 60), 105, year[1:4])
    found = case.examine()
    assert not found.gaps
    assert found.repeated == {"m1": "y2", "m2": "y3", "m3": "y4"}
    (overlap,) = found.overlaps
    assert (overlap.start, overlap.end) == (day(31), day(60))


def test_periods_that_overlap_in_the_middle_of_two_days() -> None:
    rows = [(0, 5), (4, 7), (4, -7), (5, 3), (6, -1), (6, 2), (8, 1)]
    case = Case().statement("a", (0, 6), 100, rows[:5]).statement("b", (4, 8), 112, rows[2:])
    found = case.examine()
    assert not found.gaps
    assert found.repeated == {"b1": "a3", "b2": "a4", "b3": "a5"}


def test_statements_that_contradict_each_other_keep_what_both_say_out() -> None:
    case = Case().statement("a", (0, 9), 100, [(1, 10), (5, 20), (8, 30)])
    found = case.statement("b", (4, 15), 110, [(5, 20), (8, 31), (12, 4)]).examine()
    (gap,) = found.gaps
    assert (gap.start, gap.end, gap.before, gap.after, gap.why) == (day(4), day(9), 110, 161, Why.CONTRADICT)
    assert gap.rows_out == ("a2", "a3", "b1", "b2")


def test_after_a_contradiction_inside_the_line_goes_on() -> None:
    case = Case().statement("a", (0, 20), 100, [(1, 10), (5, 20), (18, 30)])
    found = case.statement("b", (4, 15), 110, [(5, 21)]).statement("c", (21, 25), 160).examine()
    (gap,) = found.gaps
    assert (gap.before, gap.after, gap.rows_out) == (110, 130, ("a2", "b1"))
    assert found.joints[-1].next[0] == "c"


def test_statements_of_one_day_follow_their_balances() -> None:
    case = (
        Case()
        .statement("c", (0, 0), 30, [(0, 1)])
        .statement("b", (0, 0), 20, [(0, 10)])
        .statement("a", (0, 0), 5, [(0, 15)])
    )
    found = case.examine()
    assert found.order == {ACC: [("a", "S"), ("b", "S"), ("c", "S")]}
    assert not found.gaps


ROWS = st.lists(st.tuples(st.integers(0, 12), st.integers(-9, 9).filter(bool)), min_size=1, max_size=14)


@given(ROWS, st.integers(-20, 20), st.data())
def test_pieces_of_a_true_statement_join_and_every_row_counts_once(
    rows: list[tuple[int, int]], opening: int, data
) -> None:  # type: ignore[no-untyped-def]
    """Cut anywhere between days, with any overlap of whole days: no gap, and the rows that repeat are told."""
    rows.sort(key=lambda row: row[0])
    case, cut = Case(), 0
    while cut <= 12:
        until = data.draw(st.integers(cut, 12))
        since = data.draw(st.integers(max(0, cut - 3), cut))
        own = [row for row in rows if since <= row[0] <= until]
        before = opening + sum(change for at, change in rows if at < since)
        case.statement(f"s{cut}-", (since, until), before, own)
        cut = until + 1
    case.spans = data.draw(st.permutations(case.spans))
    found = case.examine()
    assert not found.gaps
    every = [row for own in case.rows.values() for row in own]
    kept = [row for row in every if row.id not in found.repeated]
    assert sorted((row.day, row.change) for row in kept) == [(day(at), change) for at, change in sorted(rows)]
    assert not set(found.repeated.values()) & set(found.repeated)


class TestBounds:
    """T_after in [max(0, T - D), min(T, max(b2, 0))], by hand."""

    @pytest.mark.parametrize(
        ("reached", "debits", "after", "least", "most"),
        [
            (60_000, 25_000, 80_000, 35_000, 60_000),
            (60_000, 25_000, 40_000, 35_000, 40_000),
            (60_000, 75_000, 40_000, 0, 40_000),
            (60_000, None, 40_000, 0, 40_000),
            (60_000, 0, 80_000, 60_000, 60_000),
            (60_000, 25_000, -5_000, 0, 0),
            (0, None, 100, 0, 0),
        ],
    )
    def test_by_hand(self, reached: int, debits: int | None, after: int, least: int, most: int) -> None:
        assert bounds_after(reached, debits, after) == Bounds(least, most)
