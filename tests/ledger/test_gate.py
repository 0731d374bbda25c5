"""The gate on statements as banks print them, true and false."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from gate_sheets import OWN, SHA, Row, event, judged, place, records_of, shuffled, statements
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import AmountUnreadable
from trover.ledger.build import build_ledger
from trover.ledger.gate import Order, Proof, Standing, Verdict, from_plain, judge, to_plain
from trover.ledger.gate.gather import day_of
from trover.sources.record import AccountRecord, BrokenRow, EventRecord, LegRecord, Pointer, Record, StatementRecord

# opening 100: 100 -> 150 -> 120 -> 90 -> 300
TRUE = [Row(0, 50, 150), Row(0, -30, 120), Row(0, -30, 90), Row(1, 210, 300)]


def without_balances(rows: list[Row]) -> list[Row]:
    return [replace(row, balance=None) for row in rows]


def reproduces(verdict: Verdict, rows: list[Row], opening: int) -> bool:
    by_id = {row.id or f"r{number}": row for number, row in enumerate(rows, 1)}
    count = opening
    for id in verdict.rows:
        count += by_id[id].change
        if by_id[id].balance not in (None, count):
            return False
    return True


class TestProved:
    def test_by_both(self) -> None:
        verdict = judged(TRUE, 100, 300)
        assert (verdict.standing, verdict.proof, verdict.order) == (Standing.PROVED, Proof.BOTH, Order.GIVEN)
        assert (verdict.count, verdict.credits, verdict.debits, verdict.closing) == (4, 260, 60, 300)
        assert verdict.period == (date(2024, 3, 1), date(2024, 3, 2))

    def test_by_totals_alone_which_show_no_order(self) -> None:
        verdict = judged(without_balances(TRUE), 100, 300)
        assert (verdict.standing, verdict.proof, verdict.order) == (Standing.PROVED, Proof.TOTALS, Order.NONE)

    def test_by_running_balances_alone(self) -> None:
        verdict = judged(TRUE)
        assert (verdict.standing, verdict.proof, verdict.opening) == (Standing.PROVED, Proof.RUNNING, 100)
        assert verdict.opening_implied
        assert "the amount of the first row is not proved" in verdict.reason

    def test_overdrawn(self) -> None:
        assert judged([Row(0, -50, -40), Row(0, -1, -41), Row(1, 100, 59)], 10, 59).standing is Standing.PROVED

    def test_rows_without_a_balance_by_the_next_that_has_one(self) -> None:
        verdict = judged([replace(TRUE[0], balance=None), replace(TRUE[1], balance=None), *TRUE[2:]], 100)
        assert (verdict.standing, verdict.order) == (Standing.PROVED, Order.GIVEN)

    def test_days_are_those_the_source_writes(self) -> None:
        midnight = timedelta(hours=-2)
        records = [
            replace(r, time=r.time + midnight) if isinstance(r, EventRecord) else r for r in records_of(TRUE, 100)
        ]
        (verdict,) = judge(records, place)
        assert verdict.period == (date(2024, 3, 1), date(2024, 3, 2))
        records = [replace(r, time_text="01:00") if isinstance(r, EventRecord) else r for r in records]
        (verdict,) = judge(records, place)
        assert verdict.period == (date(2024, 2, 29), date(2024, 3, 1))

    def test_newest_first(self) -> None:
        verdict = judged(TRUE[::-1], 100, 300)
        assert (verdict.order, verdict.rows) == (Order.REVERSED, ("r4", "r3", "r2", "r1"))

    def test_newest_first_without_opening_where_both_directions_fit(self) -> None:
        verdict = judged([Row(1, -10, 100), Row(0, 10, 110)])
        assert (verdict.order, verdict.rows) == (Order.REVERSED, ("r2", "r1"))

    def test_newest_day_first_and_the_rows_of_a_day_as_booked(self) -> None:
        verdict = judged([TRUE[3], *TRUE[:3]], 100)
        assert (verdict.order, verdict.rows) == (Order.GIVEN, ("r2", "r3", "r4", "r1"))

    def test_rows_of_a_day_in_any_order(self) -> None:
        verdict = judged([TRUE[2], TRUE[0], TRUE[1], TRUE[3]], 100)
        assert (verdict.order, verdict.rows) == (Order.FOUND, ("r2", "r3", "r1", "r4"))
        assert verdict.found_days == (date(2024, 3, 1),)

    def test_days_that_are_not_those_of_booking(self) -> None:
        rows = [Row(2, -30, 120), Row(5, 50, 150), Row(3, 210, 300), Row(0, -30, 90)]
        verdict = judged(rows, 100)
        assert (verdict.order, verdict.rows) == (Order.FOUND, ("r2", "r1", "r4", "r3"))
        assert verdict.against_time

    def test_one_balance_at_the_end_of_each_day(self) -> None:
        rows = [Row(0, -30), Row(0, 50, 90), Row(0, -30), Row(1, 210, 300)]
        verdict = judged(rows, 100)
        assert (verdict.standing, verdict.proof, verdict.order) == (Standing.PROVED, Proof.DAILY, Order.NONE)

    def test_the_balance_of_the_day_beside_every_row(self) -> None:
        rows = [Row(0, -30, 90), Row(0, 50, 90), Row(0, -30, 90), Row(1, 210, 300)]
        assert judged(rows, 100).proof is Proof.DAILY

    def test_a_mistake_and_its_correction(self) -> None:
        rows = [Row(0, 50, 150), Row(0, -20, 130), Row(0, 20, 150), Row(1, -1, 149)]
        assert judged(rows, 100).order is Order.GIVEN

    def test_an_account_without_movements(self) -> None:
        assert judged([], 70, 70).standing is Standing.PROVED


# from 100: up to 110 and back, down to 90 and back, in either order, then 300
ROUNDS = [Row(0, -10, 100), Row(0, 10, 110), Row(0, -10, 90), Row(0, 10, 100), Row(1, 200, 300)]


class TestSeveralOrders:
    def test_are_said_with_their_day_and_the_one_nearest_to_print_is_kept(self) -> None:
        verdict = judged(ROUNDS, 100)
        assert (verdict.order, verdict.several_days) == (Order.SEVERAL, (date(2024, 3, 1),))
        assert verdict.rows == ("r2", "r1", "r3", "r4", "r5")

    def test_are_not_said_where_the_printed_order_fits(self) -> None:
        rows = [ROUNDS[i] for i in (1, 0, 2, 3, 4)]
        assert judged(rows, 100).order is Order.GIVEN

    def test_rows_of_one_amount_balance_and_party_are_interchangeable(self) -> None:
        rows = [Row(0, -10, 90), Row(0, 10, 100), Row(0, -10, 90)]
        assert judged([rows[1], rows[0], rows[2]], 100).order is Order.FOUND

    def test_rows_to_two_parties_are_not(self) -> None:
        rows = [Row(0, 10, 100), Row(0, -10, 90), Row(0, -10, 90, other="EXT:Y")]
        assert judged(rows, 100).order is Order.SEVERAL


class TestUnproved:
    def test_nothing_printed(self) -> None:
        verdict = judged(without_balances(TRUE))
        assert (verdict.standing, verdict.count, verdict.closing) == (Standing.UNPROVED, 4, None)
        assert verdict.reason == "No balance is printed, so nothing shows whether a row is missing."

    def test_one_balance(self) -> None:
        for verdict in (
            judged(without_balances(TRUE), 100),
            judged([TRUE[0]]),
            judged(without_balances(TRUE), None, 3),
        ):
            assert (verdict.standing, verdict.reason[:15]) == (Standing.UNPROVED, "Only one balanc")

    def test_a_closing_balance_alone_says_what_the_opening_was(self) -> None:
        verdict = judged([Row(0, 70), Row(1, -20)], None, 150)
        assert (verdict.standing, verdict.opening, verdict.opening_implied) == (Standing.UNPROVED, 100, True)
        assert verdict.reason.endswith("The opening balance is what the closing one and the rows leave for it.")

    def test_rows_after_the_last_balance(self) -> None:
        verdict = judged([*TRUE, Row(2, 5)], 100)
        assert (verdict.standing, verdict.reason[:12]) == (Standing.UNPROVED, "The last row")

    def test_announced(self) -> None:
        records = [
            replace(r, booked=False) if isinstance(r, StatementRecord) else r for r in records_of(TRUE, 100, 300)
        ]
        (verdict,) = judge(records, place)
        assert (verdict.standing, verdict.count) == (Standing.UNPROVED, 4)


def first_bad(rows: list[Row], opening: int | None = 100, closing: int | None = None) -> str:
    verdict = judged(rows, opening, closing)
    assert verdict.standing is Standing.FAILED
    assert len(verdict.rows) == len(rows)
    return str(verdict.first_bad)


LONG = [*TRUE, Row(2, -7, 293), Row(3, 20, 313), Row(4, 5, 318)]


class TestFailed:
    def test_a_missing_row_at_the_row_after_it(self) -> None:
        found = first_bad([*LONG[:4], *LONG[5:]])
        assert found.startswith(
            "file.csv, row 5, column balance: '3.13' is the balance stated for ACC, but the rows give"
        )
        assert "3.20. The difference is -0.07. All later balances agree with this one." in found

    def test_a_sign_turned(self) -> None:
        rows = [*LONG[:4], replace(LONG[4], change=7), *LONG[5:]]
        assert "row 5, column balance" in first_bad(rows)
        assert "The amount of this row seems to have the opposite sign." in first_bad(rows)

    def test_every_sign_turned(self) -> None:
        assert "Every amount seems" in first_bad([replace(row, change=-row.change) for row in LONG])

    def test_balances_without_their_sign(self) -> None:
        assert "printed without their sign" in first_bad([Row(0, -150, 50), Row(1, -10, 60), Row(2, 100, 40)])

    def test_one_balance_misprinted(self) -> None:
        rows = [*LONG[:4], replace(LONG[4], balance=239), *LONG[5:]]
        assert "row 5, column balance: '2.39'" in first_bad(rows)
        assert "Only this balance disagrees" in first_bad(rows)

    def test_balances_off_from_one_row_on(self) -> None:
        rows = [*LONG[:4], *(replace(row, balance=(row.balance or 0) + 1000) for row in LONG[4:])]
        verdict = judged(rows, 100)
        assert verdict.failures == 1
        assert "row 5, column balance" in first_bad(rows)

    def test_a_row_repeated_at_a_page_break(self) -> None:
        found = first_bad([*LONG[:5], LONG[4], *LONG[5:]])
        assert "row 6, column balance" in found
        assert "The row seems to repeat row 5." in found

    def test_the_wrong_row_of_a_shuffled_day(self) -> None:
        day = [Row(0, 50, 150), Row(0, -30, 120), Row(0, -31, 90), Row(0, 210, 300), Row(0, 7, 307)]
        assert "row 1, column balance: '0.90'" in first_bad([day[i] for i in (2, 4, 0, 3, 1)])

    def test_the_day_whose_balance_is_wrong(self) -> None:
        rows = [
            Row(0, -30),
            Row(0, 50, 120),
            Row(1, 5, 123),
            Row(1, -1, 123),
            Row(1, -1),
            Row(2, 7, 131),
            Row(2, 1, 131),
        ]
        assert judged(rows, 100).proof is Proof.DAILY
        rows[2] = replace(rows[2], change=6)
        assert "row 4, column balance: '1.23'" in first_bad(rows)
        assert judged(rows, 100).failures == 1

    def test_totals(self) -> None:
        assert "column closing: '3.01' is the closing balance stated for ACC, but the rows give 3.00" in first_bad(
            without_balances(TRUE), 100, 301
        )

    def test_closing_balance_after_proven_rows(self) -> None:
        assert "column closing" in first_bad(TRUE, 100, 299)

    def test_a_row_that_cannot_be_read(self) -> None:
        problem = AmountUnreadable("1o", place(Pointer(SHA, "", 9)))
        broken = BrokenRow(Pointer(SHA, "", 9), "b9", OWN, "S", (problem,))
        (verdict,) = judge(records_of(TRUE, 100, 300), place, [broken])
        assert (verdict.standing, verdict.first_bad, verdict.broken) == (Standing.FAILED, problem, ("b9",))
        assert verdict.count == 4


class TestWhatIsPrintedNowhere:
    """Statements that the source does not print are implied: one for each file and own account."""

    def test_several_accounts_interleaved(self) -> None:
        other = Row(0, 5, 25)
        records: list[Record] = [AccountRecord(Pointer(SHA), name, "EUR") for name in (OWN, "B")]
        records += [event(TRUE[0], 1, ""), event(other, 2, "", "B"), event(TRUE[1], 3, "")]
        records += [event(replace(other, change=-3, balance=22), 4, "", "B")]
        found = judge(records, place)
        assert [(v.statement.account, v.implied, v.standing, v.rows) for v in found] == [
            (OWN, True, Standing.PROVED, ("r1", "r3")),
            ("B", True, Standing.PROVED, ("r2", "r4")),
        ]

    def test_a_transfer_stands_on_both_accounts(self) -> None:
        records: list[Record] = [AccountRecord(Pointer(SHA), OWN, "EUR", "bank", "", 100, 70)]
        records += [AccountRecord(Pointer(SHA), "B", "EUR", "bank", "", 0, 31)]
        records += [event(Row(0, -30, other="B"), 1, "")]
        found = judge(records, place)
        assert [(v.statement.account, v.standing, v.rows) for v in found] == [
            (OWN, Standing.PROVED, ("r1",)),
            ("B", Standing.FAILED, ("r1",)),
        ]

    def test_currency_by_currency(self) -> None:
        records: list[Record] = [AccountRecord(Pointer(SHA), OWN, "EUR")]
        records += [event(TRUE[0], 1, ""), event(Row(0, 7, 7), 2, "", currency="USD"), event(TRUE[1], 3, "")]
        records += [event(Row(1, 8, 15), 4, "", currency="USD")]
        found = judge(records, place)
        assert [(v.statement.currency, v.standing, v.rows) for v in found] == [
            ("EUR", Standing.PROVED, ("r1", "r3")),
            ("USD", Standing.PROVED, ("r2", "r4")),
        ]
        assert len({v.statement.id for v in found}) == 2

    def test_a_row_between_strangers(self) -> None:
        record = event(Row(0, -5), 1, "", "EXT:Y")
        (verdict,) = judge([replace(record, balance_account="")], place)
        assert (verdict.standing, verdict.rows) == (Standing.UNPROVED, ("r1",))

    def test_an_account_with_balances_and_no_row(self) -> None:
        (verdict,) = judge([AccountRecord(Pointer(SHA), OWN, "EUR", "bank", "", 5, 6)], place)
        assert verdict.standing is Standing.FAILED

    def test_a_corrected_row_is_out_of_force_and_kept(self) -> None:
        wrong, right = event(Row(0, 5), 1), event(Row(0, 50), 2)
        (verdict,) = judge([*records_of([], 0, 50), wrong, replace(right, replaces="r1")], place)
        assert (verdict.standing, verdict.rows, verdict.replaced) == (Standing.PROVED, ("r2",), ("r1",))

    def test_a_conversion_counts_what_arrives(self) -> None:
        record = replace(
            event(Row(0, 90, 190), 1, ""),
            inputs=(LegRecord("EXT:X", 100, None, "USD"),),
            outputs=(LegRecord(OWN, 90, 100, "EUR"),),
        )
        (verdict,) = judge([AccountRecord(Pointer(SHA), OWN, "EUR", "", "", 100), record], place)
        assert verdict.standing is Standing.PROVED


class TestAnyStatement:
    @given(statements(), st.data())
    def test_true_ones_are_proved_whatever_the_order_within_days(self, true: tuple[int, list[Row]], data) -> None:  # type: ignore[no-untyped-def]
        opening, rows = true
        printed = data.draw(shuffled(rows))
        if data.draw(st.booleans()):
            printed.reverse()
        verdict = judged(printed, opening, data.draw(st.sampled_from((None, rows[-1].balance))))
        assert verdict.standing is Standing.PROVED, verdict.first_bad
        assert reproduces(verdict, printed, opening)
        assert sorted(verdict.rows) == sorted(row.id for row in rows)

    @given(statements(least=2), st.data())
    def test_without_opening_too(self, true: tuple[int, list[Row]], data) -> None:  # type: ignore[no-untyped-def]
        printed = data.draw(shuffled(true[1]))
        verdict = judged(printed)
        assert verdict.standing is Standing.PROVED, verdict.first_bad
        assert verdict.opening is not None
        assert reproduces(verdict, printed, verdict.opening)

    @given(statements(least=2), st.data())
    def test_rows_at_the_end_of_days_alone_with_balances(self, true: tuple[int, list[Row]], data) -> None:  # type: ignore[no-untyped-def]
        opening, rows = true
        last = {row.day: row.id for row in rows}
        daily = [row if last[row.day] == row.id else replace(row, balance=None) for row in rows]
        printed = data.draw(shuffled(daily))
        verdict = judged(printed, opening)
        if verdict.standing is Standing.UNPROVED:
            # The last balance fits in the middle of its day too, so nothing proves the rows on its other side.
            end = [row for row in printed if row.day == rows[-1].day]
            at = next(place for place, row in enumerate(end) if row.balance is not None)
            others = [part for part in (end[:at], end[at + 1 :]) if part]
            assert any(sum(row.change for row in part) == 0 for part in others)
        else:
            assert verdict.standing is Standing.PROVED

    def test_a_balance_that_fits_in_the_middle_of_its_day_proves_no_row_behind_it(self) -> None:
        rows = [Row(0, 1, 1, "a"), Row(0, 1, None, "b"), Row(0, -1, None, "c")]
        verdict = judged(rows, 0)
        assert (verdict.standing, verdict.reason[:15]) == (Standing.UNPROVED, "The last 2 rows")

    @given(statements(), st.data())
    def test_one_wrong_amount_or_one_lost_row_fails(self, true: tuple[int, list[Row]], data) -> None:  # type: ignore[no-untyped-def]
        opening, rows = true
        printed = data.draw(shuffled(rows))
        at = data.draw(st.integers(0, len(rows) - 1))
        wrong = data.draw(st.integers(-40, 40).filter(lambda change: change not in (0, printed[at].change)))
        changed = replace(printed[at], change=wrong)
        printed[at : at + 1] = data.draw(st.sampled_from(([changed], [], [printed[at], printed[at]])))
        printed = [replace(row, id="") for row in printed]
        verdict = judged(printed, opening, rows[-1].balance)
        assert verdict.standing is Standing.FAILED
        assert verdict.first_bad is not None
        assert len(verdict.rows) == len(printed)

    @given(statements(least=2), st.data())
    def test_one_wrong_balance_fails_or_leaves_a_true_order(self, true: tuple[int, list[Row]], data) -> None:  # type: ignore[no-untyped-def]
        """The exact opening and closing are printed: a wrong balance may only pass where some order gives it."""
        opening, rows = true
        at = data.draw(st.integers(0, len(rows) - 1))
        off = data.draw(st.integers(-40, 40).filter(bool))
        printed = list(rows)
        printed[at] = replace(printed[at], balance=(printed[at].balance or 0) + off)
        verdict = judged(printed, opening, rows[-1].balance)
        if verdict.standing is Standing.PROVED:
            assert verdict.order is not Order.GIVEN
            assert verdict.order is Order.NONE or reproduces(verdict, printed, opening)
        else:
            assert verdict.first_bad is not None

    @given(statements(), st.booleans())
    def test_a_verdict_is_stored_and_read_back(self, true: tuple[int, list[Row]], wrong: bool) -> None:
        opening, rows = true
        plain = to_plain(judged(rows, opening + wrong))
        assert to_plain(from_plain(json.loads(json.dumps(plain)))) == plain


@pytest.mark.parametrize(
    ("text", "day"),
    [("1648042149", date(2022, 3, 23)), ("2022-03-23T13:29:09Z", date(2022, 3, 23)), ("2022-03-24", date(2022, 3, 24))],
)
def test_seconds_since_1970_are_a_time_of_day(text: str, day: date) -> None:
    moment = datetime(2022, 3, 23, 13, 29, 9, tzinfo=UTC)
    row = EventRecord(Pointer("a"), "1", moment, text, 1, (LegRecord("EXT:X", 5),), (LegRecord("T", 5),))
    assert day_of(row) == day
    ledger = build_ledger([AccountRecord(Pointer("a"), "T", "EUR"), row])
    assert [date(1970, 1, 1) + timedelta(days=int(each)) for each in ledger.days] == [day]
