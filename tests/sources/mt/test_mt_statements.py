"""Statements of MT940 and MT942: accounts, balances, pages, ends, rows and what is not booked."""

from __future__ import annotations

from datetime import date

import pytest
from mt_messages import OWN, enveloped, event, moved, other, problems, read, sound, statement
from tests.sources.readings import accounts, events, statements

from trover.errors import FieldMissing, FieldWrong, MessageNotRead, Place, TotalContradicted, Truncated, WrongEncoding
from trover.ledger.gate import Standing, judge

ROW = ":61:2104020402C10,00NTRFNONREF//B1"
OUT = ":61:2104030403D4,50NTRFNONREF//B2"


def test_a_statement_has_its_account_number_balances_and_days() -> None:
    reading = sound(statement(ROW, OUT, closing="62F:C210430EUR105,50"))
    (found,) = statements(reading)
    assert (found.account, found.currency, found.number, found.booked) == (OWN, "EUR", "7/1", True)
    assert (found.opening, found.closing) == (10000, 10550)
    assert (found.start, found.end) == (date(2021, 4, 1), date(2021, 4, 30))
    assert [moved(each) for each in events(reading)] == [1000, -450]
    assert [(each.seq, each.pointer.row) for each in events(reading)] == [(1, 5), (2, 6)]


def test_a_debit_balance_is_negative_and_available_balances_are_no_booked_ones() -> None:
    text = statement(opening="60F:D210401EUR7,", closing="62F:D210401EUR7,\n:64:C210401EUR900,\n:65:C210402EUR901,")
    (found,) = statements(sound(text))
    assert (found.opening, found.closing) == (-700, -700)


def test_several_statements_and_accounts_of_a_file_are_kept_apart() -> None:
    text = statement(ROW, closing="62F:C210402EUR110,") + statement(OUT, account="87654321/9") + statement(account=OWN)
    reading = sound(text)
    assert [(each.account, each.opening, each.closing) for each in statements(reading)] == [
        (OWN, 10000, 11000),
        ("87654321/9", 10000, 10000),
        (OWN, 10000, 10000),
    ]
    assert len({each.id for each in statements(reading)}) == 3
    assert [each.statement for each in events(reading)] == [each.id for each in statements(reading)[:2]]
    assert accounts(reading)[OWN].opening == 10000
    assert accounts(reading)[OWN].closing == 10000


def test_pages_of_a_statement_are_linked_by_intermediate_balances() -> None:
    first = statement(ROW, number="7/1", closing="62M:C210402EUR110,00")
    second = statement(OUT, number="7/2", opening="60M:C210402EUR110,00", closing="62F:C210403EUR105,50")
    pages = statements(sound(first + second))
    assert [(page.number, page.opening, page.closing) for page in pages] == [
        ("7/1", 10000, 11000),
        ("7/2", 11000, 10550),
    ]


def test_one_number_in_two_currencies_is_two_accounts() -> None:
    text = statement(ROW) + statement(ROW, opening="60F:C210401JPY0,", closing="62F:C210401JPY10,")
    assert [(each.account, each.currency, each.closing) for each in statements(sound(text))] == [
        (OWN, "EUR", 10000),
        (f"{OWN} in JPY", "JPY", 10),
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        ("EUR", "10,5", 1050),
        ("EUR", "000000000001,62", 162),
        ("JPY", "1500,", 1500),
        ("JPY", "7,00", 7),
        ("KWD", "1,234", 1234),
        ("KWD", "1,2", 1200),
        ("EUR", "5,", 500),
        ("HUF", "0,01", 1),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, amount: str, minor: int) -> None:
    text = statement(f":61:210401C{amount}NTRFX1", opening=f"60F:C210401{currency}0,", closing="")
    assert moved(*events(sound(text))) == minor


def test_an_amount_without_comma_is_whole_units_and_said_once() -> None:
    reading = sound(statement(*[":61:210401C5NTRFX1"] * 3))
    assert [moved(each) for each in events(reading)] == [500] * 3
    (remark,) = reading.remarks
    assert isinstance(remark, FieldWrong)
    assert remark.says == "has no decimal comma; it is taken as whole units (and so 2 more)"


@pytest.mark.parametrize("mark", ["C", "D", "RC", "RD"])
def test_marks_give_the_direction(mark: str) -> None:
    found = event(f":61:210401{mark}1,00NTRFX1")
    assert moved(found) == (100 if mark in ("C", "RD") else -100)
    assert found.kind == ("reversal" if mark[0] == "R" else "")


def test_the_letter_of_the_currency_may_follow_the_mark() -> None:
    assert moved(event(":61:2104010401RDR1,00NRTIX1")) == 100
    assert moved(event(":61:2104010401DR1,00NTRFX1")) == -100
    assert "funds code X" in event(":61:2104010401DX1,00NTRFX1").note


@pytest.mark.parametrize(
    ("line", "day", "text", "note"),
    [
        ("2104020403C1,00NTRFX1", date(2021, 4, 3), "0403", "value date 210402"),
        ("2104020402C1,00NTRFX1", date(2021, 4, 2), "0402", ""),
        ("210402    C1,00NTRFX1", date(2021, 4, 2), "210402", ""),
        ("2101021231C1,00NTRFX1", date(2020, 12, 31), "1231", "value date 210102"),
        ("2012310102C1,00NTRFX1", date(2021, 1, 2), "0102", "value date 201231"),
        ("2102300301C1,00NTRFX1", date(2021, 3, 1), "0301", "value date 210230"),
        ("2003010229C1,00NTRFX1", date(2020, 2, 29), "0229", "value date 200301"),
        ("791231C1,00NTRFX1", date(2079, 12, 31), "791231", ""),
        ("800101C1,00NTRFX1", date(1980, 1, 1), "800101", ""),
    ],
)
def test_the_day_of_a_row_is_the_entry_date_of_the_nearest_year(line: str, day: date, text: str, note: str) -> None:
    found = event(f":61:{line}")
    assert (found.time.date(), found.time_text) == (day, text)
    assert note in found.note
    assert ("value date" in found.note) == bool(note)


def test_supplementary_details_may_begin_on_a_line_of_their_own_and_amounts_too() -> None:
    found = event(":61:2104010401CR\n30,00N062NONREF\nextra words")
    assert moved(found) == 3000
    assert "extra words" in found.note


def test_zero_and_expected_rows_are_listed_and_move_nothing() -> None:
    reading = sound(statement(":61:210401C0,00NMSCNONREF//X", ":61:210401EC5,00NMSCNONREF//X"))
    assert events(reading) == []
    assert [(row.amount, row.reason) for row in reading.unbooked] == [
        ("0,00 EUR C", "its amount is zero"),
        ("5,00 EUR EC", "the bank expects it as a credit"),
    ]


def test_a_row_that_cannot_be_read_fails_its_statement_and_not_the_file() -> None:
    text = statement(ROW, ":61:2104XX0402C10,00NTRFX", OUT) + statement(ROW, account="9")
    reading = read(text)
    assert reading.problems == ()
    (row,) = reading.broken_rows
    first, second = statements(reading)
    assert (row.account, row.statement, row.pointer.row) == (OWN, first.id, 6)
    assert reading.broken == {row.id}
    assert [each.statement for each in events(reading)] == [first.id, first.id, second.id]


@pytest.mark.parametrize("line", ["213102C1,00NTRFX", "210402C1.000,00NTRFX", "210402C1,001NTRFX", "210402X1,00N", ""])
def test_no_row_is_left_out(line: str) -> None:
    reading = read(statement(f":61:{line}"))
    assert len(reading.broken_rows) == 1
    assert str(problems(reading)[0]).startswith("statement.sta, 7/1, row 5, column :61:: ")


def test_an_unreadable_or_second_balance_fails_its_statement() -> None:
    reading = read(statement(ROW, closing="62F:C2104EUR110,\n:62F:C210402EUR110,\n:62F:C210402EUR111,"))
    (found,) = statements(reading)
    assert found.closing == 11000
    assert [row.pointer.row for row in reading.broken_rows] == [6, 8]


def test_a_balance_without_currency_has_that_of_its_statement_and_a_remark_says_so() -> None:
    reading = sound(statement(closing="62F:C210401100,00"))
    assert statements(reading)[0].closing == 10000
    assert [type(remark) for remark in reading.remarks] == [FieldMissing]


def test_a_balance_in_another_currency_fails_its_statement() -> None:
    reading = read(statement(closing="62F:C210401USD100,00"))
    assert "is not EUR" in str(problems(reading)[0])


# Messages and their ends ------------------------------------------------------------------------------------------


def test_an_envelope_with_several_messages() -> None:
    text = enveloped(statement(ROW)) + enveloped(statement(OUT, account="9")).replace("\n{5:", "{5:")
    assert [each.account for each in statements(sound(text))] == [OWN, "9"]


def test_messages_on_one_line_and_separated_by_signs() -> None:
    first, second = (enveloped(statement(ROW, account=each)).rstrip("\n") for each in ("1", "2"))
    for between in ("", "$", "\n$", "\x03\x01", "\r\n\r\n"):
        assert [each.account for each in statements(sound(first + between + second))] == ["1", "2"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(newline: str) -> None:
    reading = sound(statement(ROW, ":86:166?00TEXT?20a?32Nam\ne", OUT).replace("\n", newline))
    assert [each.pointer.row for each in events(reading)] == [5, 8]


def test_without_end_marks_the_next_reference_begins_the_next_message() -> None:
    text = statement(ROW, end="") + statement(OUT, account="9", end="")
    assert [(each.account, each.closing) for each in statements(sound(text))] == [(OWN, 10000), ("9", 10000)]


def test_a_message_that_ends_without_its_sign_is_remarked() -> None:
    text = enveloped(statement(ROW)).rpartition("-}")[0]
    assert [type(remark) for remark in sound(text).remarks] == [Truncated]


def test_a_dash_on_a_line_of_its_own_inside_a_text_ends_nothing() -> None:
    reading = sound(statement(ROW, ":86:one\n-\ntwo", OUT))
    assert len(statements(reading)) == 1
    assert [each.note.split(";")[0] for each in events(reading)] == ["one - two", "bank's reference B2"]


def test_a_line_that_looks_like_a_field_inside_a_text_is_text() -> None:
    reading = sound(statement(ROW, ":86:at 2017-01-01T13\n:12:11 o'clock"))
    assert events(reading)[0].note.startswith("at 2017-01-01T13 :12:11 o'clock")
    assert [remark.value for remark in reading.remarks] == [":12:11 o'clock"]


def test_a_row_whose_line_break_was_lost_is_remarked_and_fails_the_gate() -> None:
    text = statement(f"{ROW} {OUT}", closing="62F:C210430EUR105,50")
    reading = sound(text)
    assert len(events(reading)) == 1
    assert [remark.place.row for remark in reading.remarks] == [5]
    verdicts = judge(reading.records, lambda pointer, column="": Place(row=pointer.row))
    assert [verdict.standing for verdict in verdicts] == [Standing.FAILED]


def test_fields_may_be_indented() -> None:
    reading = sound(statement(f"  {ROW}", f"\t{OUT}"))
    assert [each.pointer.row for each in events(reading)] == [5, 6]


def test_lines_before_between_and_after_messages_are_no_rows() -> None:
    text = f"BANKDEFF\n940\nBANKDEFF\n{statement(ROW)}BANKDEFF\n940\n{statement(account='9')}-XXX\n"
    assert [each.account for each in statements(sound(text))] == [OWN, "9"]


def test_a_row_after_the_end_of_its_message_is_on_no_account() -> None:
    reading = read(statement(ROW) + ROW)
    assert [str(problem) for problem in reading.problems] == [
        "statement.sta, row 8, column :25:: the account (:25:) is missing. "
        "Nothing is assumed in its place: obtain the file again."
    ]


def test_a_second_account_in_one_statement_makes_the_first_uncertain() -> None:
    assert "is a second account" in str(read(statement(ROW, ":25:999")).problems[0])


def test_a_training_message_moves_nothing() -> None:
    reading = sound(enveloped(statement(ROW, OUT), trailer="{5:{CHK:1}{TNG:}}"))
    assert reading.records == ()
    assert [row.reason for row in reading.unbooked] == [
        "it stands in a training message ({TNG:}), which moves nothing"
    ] * 2


def test_other_messages_are_listed_if_they_move_nothing_and_refused_by_name_if_they_may() -> None:
    free = enveloped(":20:X\n:79:Dear colleagues\n", kind="199")
    assert [(row.amount, row.reason) for row in sound(free).unbooked] == [("MT199", "an MT199 moves nothing by itself")]
    (problem,) = read(enveloped(":20:X\n:32A:210401EUR5,\n", kind="101")).problems
    assert isinstance(problem, MessageNotRead)
    assert problem.value == "MT101"


def test_a_file_that_is_not_utf8_is_read_in_a_stated_encoding_and_says_so() -> None:
    reading = read(statement(ROW, ":86:166?00X?20Z?32M\xfcller?31123"), encoding="latin-1")
    assert accounts(reading)["EXT:123"].holder == "M\xfcller"
    (remark,) = reading.remarks
    assert isinstance(remark, WrongEncoding)
    assert "Windows-1252" in remark.says


# MT942 ------------------------------------------------------------------------------------------------------------

REPORT = ":20:X\n:25:12345678/1020304050\n:28C:1/1\n:34F:EURD0,00\n:13D:2104011815+0100\n"


def test_a_report_within_the_day_is_not_booked_for_good() -> None:
    reading = sound(f"{REPORT}{ROW}\n{OUT}\n:90D:1EUR4,5\n:90C:1EUR10,\n-")
    (found,) = statements(reading)
    assert (found.booked, found.opening, found.closing, found.currency) == (False, None, None, "EUR")
    assert len(events(reading)) == 2
    assert reading.remarks == ()
    assert accounts(reading)[OWN].opening is None


def test_sums_that_the_rows_do_not_give_are_remarked() -> None:
    remarks = sound(f"{REPORT}{ROW}\n:90D:2EUR4,5\n:90C:1EUR11,\n-").remarks
    assert [(type(remark), remark.value) for remark in remarks] == [
        (TotalContradicted, "2"),
        (TotalContradicted, "4,5"),
        (TotalContradicted, "11,"),
    ]


def test_sums_after_the_closing_balance_are_compared() -> None:
    last = "62F:C210430EUR105,50\n:86:D000001C000001D4,50C10,00"
    assert sound(statement(ROW, OUT, closing=last)).remarks == ()
    assert len(sound(statement(ROW, closing=last)).remarks) == 2


def test_a_returned_debit_names_what_it_returns() -> None:
    paid = ":61:2104020402D10,00NTRFREF77//B1"
    back = ":61:2104050405RD10,00NTRFREF77//B2"
    first, second = events(sound(statement(paid, back)))
    assert (second.reverses, second.kind) == (first.id, "reversal")
    first, second = events(sound(statement(paid, back.replace("10,00", "9,00"))))
    assert second.reverses == ""


def test_parties_of_rows_are_outside_even_where_their_statement_is_in_the_file() -> None:
    first = statement(":61:210401D1,00NTRFX", ":86:166?00X?20Z?3087654321?3199?32Bo")
    assert other(*events(sound(first + statement(account="87654321/99")))) == "87654321/99"
