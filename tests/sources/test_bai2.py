"""Balance reports in BAI2: records and continuations, type codes, ledger balances, control totals."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.readings import events, statements

from trover.errors import AmountUnreadable, FieldWrong, InputErrors, RecordMisplaced, TotalContradicted, Truncated
from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord

LINES = """\
01,021000021,CUSTOMER,240201,0600,1,80,,2/
02,CUSTOMER,021000021,1,240131,2359,USD,2/
03,1234567890,,010,100000,,,015,74500,,,100,5000,1,,400,30500,2,/
16,495,30000,V,240201,,BANKREF1,CUSTREF1,WIRE OUT, TO A SUPPLIER/
88,INVOICE 7/8/
16,165,5000,S,5000,0,0,000000,,
88,DEPOSIT OF THE DAY
16,475,500,Z,,,CHECK PAID/
49,245500,7/
98,245500,1,9/
99,245500,1,11/
"""


def read(text: str) -> Reading:
    reading = read_records(source_of("report.bai", text.encode()))
    assert (reading.format, reading.problems) == ("bai2", ())
    return reading


def sides(event: EventRecord) -> tuple[bool, int]:
    return event.outputs[0].account == "1234567890", event.outputs[0].amount


def test_a_report_with_its_transactions() -> None:
    reading = read(LINES)
    build_ledger(reading.records)
    (statement,) = statements(reading)
    assert (statement.account, statement.currency) == ("1234567890", "USD")
    assert (statement.opening, statement.closing, statement.booked) == (100000, 74500, True)
    assert (statement.start, statement.end) == (date(2024, 1, 31), date(2024, 1, 31))
    assert [sides(event) for event in events(reading)] == [(False, 30000), (True, 5000), (False, 500)]
    first, second, third = events(reading)
    assert first.references == ("BANKREF1", "CUSTREF1")
    assert first.note == (
        "WIRE OUT, TO A SUPPLIER INVOICE 7/8; bank's reference BANKREF1; customer's reference CUSTREF1; type code 495; "
        "value date 240201"
    )
    assert second.note.startswith("DEPOSIT OF THE DAY; ")
    assert (second.references, third.references) == ((), ())
    assert first.outputs[0].account.startswith("EXT:UNKNOWN:")
    assert reading.remarks == ()


def test_continuations_may_break_a_record_between_any_fields() -> None:
    broken = LINES.replace("010,100000,,,015", "010,100000,,,/\n88,015").replace("400,30500,2,/", "400/\n88,30500,2,/")
    broken = broken.replace("16,165,5000,S,5000,0,0,000000,,\n88,", "16,165,5000,S,5000/\n88,0,0,000000/\n88,,")
    counts = broken.replace("245500,7/", "245500,10/").replace("1,9/", "1,12/").replace("1,11/", "1,14/")
    reading = read(counts)
    assert [sides(event) for event in events(reading)] == [(False, 30000), (True, 5000), (False, 500)]
    assert (statements(reading)[0].closing, reading.remarks) == (74500, ())


def test_records_on_one_line_are_taken_apart() -> None:
    together = LINES.replace("/\n", "/ ").replace(
        "000000,,\n88,DEPOSIT OF THE DAY\n", "000000,,/ 88,DEPOSIT OF THE DAY/ "
    )
    assert [sides(event) for event in events(read(together))] == [(False, 30000), (True, 5000), (False, 500)]


@pytest.mark.parametrize(
    ("code", "comes"), [("108", True), ("399", True), ("401", False), ("699", False), ("921", True), ("990", False)]
)
def test_type_codes(code: str, comes: bool) -> None:
    assert sides(events(read(LINES.replace("16,495", f"16,{code}")))[0]) == (comes, 30000)


@pytest.mark.parametrize("code", ["100", "400", "720", "015", "1", "abc"])
def test_a_type_code_without_direction_is_not_guessed(code: str) -> None:
    (row,) = read(LINES.replace("16,495", f"16,{code}")).broken_rows
    assert (type(row.problems[0]), row.account) == (FieldWrong, "1234567890")


def test_interest_is_a_kind_of_credit() -> None:
    assert events(read(LINES.replace("16,165", "16,354")))[1].kind == "interest"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("16,475,500", "16,475,0", "its amount is zero"),
        ("16,475,500", "16,475,", "no amount is given"),
        ("16,475,500", "16,890,", "it says something that is no money (type code 890)"),
    ],
)
def test_what_moves_nothing_is_listed(old: str, new: str, reason: str) -> None:
    assert [row.reason for row in read(LINES.replace(old, new)).unbooked] == [reason]


def test_groups_that_are_a_test_or_take_back_another_move_nothing() -> None:
    for status, word in (("4", "test group"), ("2", "takes back")):
        reading = read(LINES.replace("021000021,1,240131", f"021000021,{status},240131"))
        assert [word in row.reason for row in reading.unbooked] == [True] * 3
        assert events(reading) == []


def test_interim_reports_are_not_booked() -> None:
    assert [s.booked for s in statements(read(LINES.replace("USD,2/", "USD,3/")))] == [False]


def test_the_currency_of_account_group_and_format() -> None:
    assert statements(read(LINES.replace("1234567890,,", "1234567890,CAD,")))[0].currency == "CAD"
    assert statements(read(LINES.replace("USD,2/", ",2/")))[0].currency == "USD"


def test_a_distribution_of_availability_is_passed_over() -> None:
    spread = LINES.replace("100,5000,1,,400", "100,5000,1,D,2,0,3000,1,2000,400")
    reading = read(spread.replace("16,165,5000,S,5000,0,0,", "16,165,5000,D,2,0,3000,1,2000,"))
    assert (events(reading)[1].note.split(";")[0], reading.remarks) == ("DEPOSIT OF THE DAY", ())


@pytest.mark.parametrize(
    ("old", "new", "counted"),
    [
        ("49,245500,7", "49,245501,7", "the amounts of the account come to 245500"),
        ("49,245500,7", "49,245500,8", "7 stand there"),
        ("98,245500,1,9", "98,245500,2,9", "1 stand there"),
        ("99,245500,1,11", "99,245500,1,12", "11 stand there"),
        ("16,475,500,Z,,,CHECK PAID/\n", "", "the amounts of the account come to 245000"),
    ],
)
def test_control_totals_and_counts(old: str, new: str, counted: str) -> None:
    remarks = read(LINES.replace(old, new)).remarks
    assert {type(remark) for remark in remarks} == {TotalContradicted}
    assert any(counted in str(remark) for remark in remarks)


def test_rows_and_balances_that_cannot_be_read_fail_their_statement() -> None:
    reading = read(LINES.replace("16,475,500", "16,475,5.00").replace("16,165,5000", "16,165,-5000"))
    assert [type(row.problems[0]) for row in reading.broken_rows] == [AmountUnreadable, AmountUnreadable]
    (row,) = read(LINES.replace("010,100000", "010,1000.00")).broken_rows
    assert row.account == "1234567890"


@pytest.mark.parametrize(("code", "problem"), [("01", None), ("02", RecordMisplaced), ("03", RecordMisplaced)])
def test_a_file_that_lost_a_record_is_refused(code: str, problem: type[Exception] | None) -> None:
    text = "".join(line for line in LINES.splitlines(keepends=True) if not line.startswith(f"{code},"))
    with pytest.raises(InputErrors) as caught:
        read(text)
    assert problem is None or [type(found) for found in caught.value.problems] == [problem]


@pytest.mark.parametrize("code", ["49", "98"])
def test_a_file_that_lost_a_trailer_is_refused(code: str) -> None:
    text = "".join(line for line in LINES.splitlines(keepends=True) if not line.startswith(f"{code},"))
    with pytest.raises(InputErrors):
        read(text)


def test_a_file_that_is_cut_off_is_refused() -> None:
    with pytest.raises(InputErrors) as caught:
        read(LINES[: LINES.index("99,")])
    assert [type(found) for found in caught.value.problems] == [Truncated]
