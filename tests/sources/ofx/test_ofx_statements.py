"""Statements of OFX: accounts, balances, transactions, and what is not booked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from ofx_files import bank, card, document, investment, trade, transaction
from tests.sources.readings import events, sides, statements

from trover.errors import AmountUnreadable, DateUnreadable, DuplicateId, FieldMissing, Problem, TotalContradicted
from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord


def read(text: str, encoding: str = "cp1252") -> Reading:
    reading = read_records(source_of("a.ofx", text.encode(encoding)))
    assert reading.format == "ofx"
    assert reading.problems == ()
    return reading


def one(*rows: str, **options: str) -> EventRecord:
    reading = read(document(bank(*rows, **options)))
    assert reading.broken_rows == reading.unbooked == ()
    (event,) = events(reading)
    return event


def test_a_statement_and_its_rows() -> None:
    more = "<CHECKNUM>0000319<REFNUM>R-7<DTUSER>20240103<NAME>Corner Shop<MEMO>Fruit &amp; more"
    reading = read(document(bank(transaction("-5.00", more=more), transaction("12.5", fitid="2", more="<NAME>Ann"))))
    (statement,) = statements(reading)
    assert (statement.account, statement.currency, statement.opening, statement.closing) == (
        "00012345678",
        "EUR",
        None,
        10000,
    )
    assert (statement.start, statement.end, statement.booked) == (date(2024, 1, 1), date(2024, 1, 31), True)
    first, second = events(reading)
    assert sides(first) == ("00012345678", "EXT:Corner Shop", 500)
    assert sides(second) == ("EXT:Ann", "00012345678", 1250)
    assert first.references == ("0000319", "R-7")
    assert first.note == (
        "Fruit & more; Corner Shop; cheque 0000319; reference R-7; TRNTYPE OTHER; FITID 1; initiated 20240103"
    )
    assert (first.time, first.time_text, first.seq) == (datetime(2024, 1, 5, tzinfo=UTC), "20240105", 1)
    assert (first.statement, second.seq) == (statement.id, 2)
    build_ledger(reading.records)


def test_with_and_without_closing_tags_and_as_xml_the_same_is_read() -> None:
    plain = document(bank(transaction(), transaction("7,25", fitid="2", more="<NAME>Ann<MEMO>For rent")))
    closed = re.sub(r"<([A-Z0-9]+)>([^<\n]+)", r"<\1>\2</\1>", plain.replace("<LANGUAGE>", "<LANGUAGE></LANGUAGE>"))
    heading = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
    modern = heading + closed[closed.index("<OFX>") :].replace("<OFX>", '<OFX xmlns="urn:x">')
    spaced = closed.replace("<", "\n   <").replace("\n   </", "</")

    def figures(text: str) -> list[tuple[str, str, int, str]]:
        return [(*sides(event), event.note) for event in events(read(text))]

    assert figures(plain) == figures(closed) == figures(modern)
    assert [figure[:3] for figure in figures(spaced)] == [figure[:3] for figure in figures(plain)]
    assert len(figures(plain)) == 2


def test_a_file_on_one_line_and_with_other_line_ends() -> None:
    text = document(bank(transaction(), transaction("3", fitid="2")))
    for changed in (text.replace("\n", ""), text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\n\n" + text):
        assert [sides(event) for event in events(read(changed))] == [sides(event) for event in events(read(text))]
    assert [event.pointer.row for event in events(read(text))] == [16, 17]
    assert [event.pointer.row for event in events(read(text.replace("\n", "\r")))] == [16, 17]


def test_several_accounts_are_kept_apart() -> None:
    first = bank(transaction())
    second = bank(transaction("4", fitid="2"), account="<BANKID>30004<ACCTID>777<ACCTTYPE>SAVINGS")
    reading = read(
        document(first, second, f"</BANKMSGSRSV1><CREDITCARDMSGSRSV1>{card(transaction('-9'))}").replace(
            "</CCSTMTTRNRS>\n</BANKMSGSRSV1>", "</CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
        )
    )
    assert [(s.account, s.closing) for s in statements(reading)] == [
        ("00012345678", 10000),
        ("777", 10000),
        ("4111111111111111", -2000),
    ]
    assert [event.statement for event in events(reading)] == [s.id for s in statements(reading)]
    build_ledger(reading.records)


def test_one_number_of_two_accounts_is_two_ids() -> None:
    reading = read(document(bank(transaction()), bank(account="<BANKID>30004<ACCTID>00012345678<ACCTTYPE>SAVINGS")))
    assert [s.account for s in statements(reading)] == [
        "00012345678 30004 CHECKING",
        "00012345678 30004 SAVINGS",
    ]


def test_several_statements_of_one_account() -> None:
    reading = read(document(bank(transaction()), bank(transaction(date="20240205", fitid="2"))))
    assert [s.account for s in statements(reading)] == ["00012345678"] * 2
    assert len([record for record in reading.records if isinstance(record, AccountRecord)]) == 2
    build_ledger(reading.records)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("-5", 500), ("-5.5", 550), ("-5,50", 550), ("-1,234.56", 123456), ("-1.234,56", 123456), ("-0005.5000", 550)],
)
def test_amounts(text: str, minor: int) -> None:
    assert sides(one(transaction(text)))[2] == minor


def test_a_comma_before_three_digits_is_a_part_where_the_currency_has_three_decimals() -> None:
    assert sides(one(transaction("-1,234"), currency="KWD"))[2] == 1234


@pytest.mark.parametrize(
    ("more", "other"),
    [
        ("<NAME>Ann<BANKACCTTO><BANKID>9<ACCTID>DE89 3704 0044 0532 0130 00</BANKACCTTO>", "DE89370400440532013000"),
        ("<CCACCTTO><ACCTID>4000</CCACCTTO>", "4000"),
        ("<PAYEE><NAME>Ann Payee<ADDR1>Road 1</PAYEE>", "Ann Payee"),
        ("<NAME>Ann<BANKACCTTO><ACCTID>00012345678</BANKACCTTO>", "Ann"),
        ("<MEMO>only a text", "UNKNOWN:"),
    ],
)
def test_the_counterparty(more: str, other: str) -> None:
    assert sides(one(transaction(more=more)))[1].startswith(f"EXT:{other}")


def test_times_are_used_only_where_they_say_something() -> None:
    def times(*texts: str) -> list[str]:
        rows = [transaction(date=text, fitid=str(number)) for number, text in enumerate(texts)]
        return [event.time.isoformat() for event in events(read(document(bank(*rows))))]

    day = ["2024-01-05T00:00:00+00:00", "2024-01-06T00:00:00+00:00"]
    assert times("20240105120000.000[-5:EST]", "20240106120000.000[-5:EST]") == day
    assert times("20240105", "20240106120000") == day
    assert times("20240105230000", "20240106120000[-5:EST]") == day
    assert times("20240105233000[-5:EST]", "20240106120000[+5.5:IST]") == [
        "2024-01-06T04:30:00+00:00",
        "2024-01-06T06:30:00+00:00",
    ]
    assert times("20240105233000", "20240106120000[-:EST]") == [
        "2024-01-05T23:30:00+00:00",
        "2024-01-06T12:00:00+00:00",
    ]


def test_interest_is_a_kind_of_credit() -> None:
    row = transaction("0.24").replace("OTHER", "INT")
    assert one(row).kind == "interest"
    assert one(row.replace("0.24", "-0.24")).kind == ""


def test_another_currency_is_another_pocket_and_a_converted_one_a_note() -> None:
    stated = "<CURRENCY><CURRATE>1.06<CURSYM>USD</CURRENCY>"
    converted = "<ORIGCURRENCY><CURRATE>1.06<CURSYM>USD</ORIGCURRENCY>"
    reading = read(document(bank(transaction(more=stated), transaction("-7", fitid="2", more=f"<NAME>Ann{converted}"))))
    assert [(s.account, s.currency, s.closing) for s in statements(reading)] == [
        ("00012345678", "EUR", 10000),
        ("00012345678 in USD", "USD", None),
    ]
    first, second = events(reading)
    assert sides(first)[0] == "00012345678 in USD"
    assert sides(second) == ("00012345678", "EXT:Ann", 700)
    assert second.note.endswith("converted from USD at rate 1.06")
    build_ledger(reading.records)


def test_what_is_not_booked_is_listed_with_its_reason() -> None:
    pending = (
        f"<BANKTRANLISTP><DTASOF>20240131{transaction('-3', more='').replace('STMTTRN', 'STMTTRNP')}</BANKTRANLISTP>"
    )
    rows = [
        transaction("0.00", fitid="z"),
        transaction("-8", fitid="h").replace("OTHER", "HOLD"),
        transaction("-6", fitid="old"),
        transaction("-6.60", fitid="new", more="<CORRECTFITID>old<CORRECTACTION>REPLACE"),
        transaction("-7", fitid="gone"),
        transaction("-7", fitid="d", more="<CORRECTFITID>gone<CORRECTACTION>DELETE"),
    ]
    reading = read(document(bank(*rows, more=pending)))
    assert [sides(event)[2] for event in events(reading)] == [660]
    assert [(row.amount, row.reason) for row in reading.unbooked] == [
        ("0.00 EUR", "its amount is zero"),
        ("-8 EUR", "the bank holds the amount and has not booked it"),
        ("-6 EUR", "the bank replaces it by FITID new"),
        ("-7 EUR", "the bank deletes it by FITID d"),
        ("-7 EUR", "it deletes FITID gone"),
        ("-3 EUR", "the bank reports it as pending"),
    ]
    assert len({row.id for row in reading.unbooked}) == 6


def test_a_row_that_cannot_be_read_names_its_account_and_the_others_are_read() -> None:
    reading = read(document(bank(transaction("$5"), transaction(date="20240231", fitid="2"), transaction(fitid="3"))))
    assert [sides(event)[2] for event in events(reading)] == [500]
    assert [(row.account, type(row.problems[0])) for row in reading.broken_rows] == [
        ("00012345678", AmountUnreadable),
        ("00012345678", DateUnreadable),
    ]
    assert reading.broken == {row.id for row in reading.broken_rows}
    assert {row.statement for row in reading.broken_rows} == {statements(reading)[0].id}


def test_a_balance_that_cannot_be_read_fails_its_statement_and_an_empty_one_is_none() -> None:
    bad = read(document(bank(balance="<LEDGERBAL><BALAMT>x<DTASOF>20240131</LEDGERBAL>")))
    assert [row.account for row in bad.broken_rows] == ["00012345678"]
    empty = read(document(bank(balance="<LEDGERBAL><BALAMT><DTASOF></LEDGERBAL>")))
    assert (empty.broken_rows, statements(empty)[0].closing, statements(empty)[0].end) == ((), None, date(2024, 1, 31))


def test_a_balance_of_a_day_before_the_last_row_is_not_compared() -> None:
    reading = read(document(bank(transaction(date="20240202"))))
    assert statements(reading)[0].closing is None
    assert [type(remark) for remark in reading.remarks] == [TotalContradicted]


def test_a_balance_of_a_day_after_the_last_day_of_the_statement_is_not_compared() -> None:
    reading = read(document(bank(transaction(), balance="<LEDGERBAL><BALAMT>100.00<DTASOF>20240601</LEDGERBAL>")))
    assert (statements(reading)[0].closing, statements(reading)[0].end) == (None, date(2024, 1, 31))
    assert ["the rows end on 2024-01-31" in str(remark) for remark in reading.remarks] == [True]


@pytest.mark.parametrize("day", ["", "00000000"])
def test_a_balance_of_no_known_day_is_not_compared(day: str) -> None:
    reading = read(document(bank(transaction(), balance=f"<LEDGERBAL><BALAMT>0.00<DTASOF>{day}</LEDGERBAL>")))
    assert (statements(reading)[0].closing, statements(reading)[0].end) == (None, date(2024, 1, 31))
    assert "whose day (DTASOF) is not known" in str(reading.remarks[-1])


@pytest.mark.parametrize(
    ("kind", "amount"), [("DEBIT", "5.00"), ("D", "5.00"), ("OUT", "5"), ("CREDIT", "-5"), ("c", "-5")]
)
def test_a_sign_that_contradicts_the_type_is_not_guessed(kind: str, amount: str) -> None:
    (row,) = read(document(bank(transaction(amount).replace("OTHER", kind)))).broken_rows
    assert f"has another sign than a row of the type {kind.upper()} has" in str(row.problems[0])


def test_a_balance_of_the_morning_after_is_that_after_the_rows() -> None:
    reading = read(document(bank(transaction(), balance="<LEDGERBAL><BALAMT>100.00<DTASOF>20240201</LEDGERBAL>")))
    assert (statements(reading)[0].closing, reading.remarks) == (10000, ())


def test_a_list_that_its_statement_closes() -> None:
    rows = (transaction(), transaction("7", fitid="2"))
    whole, bare = document(bank(*rows)), document(bank(*rows)).replace("</BANKTRANLIST>\n", "")
    assert [sides(event) for event in events(read(bare))] == [sides(event) for event in events(read(whole))]
    assert [s.closing for s in statements(read(bare))] == [10000]


def test_corrections_of_corrections_and_of_rows_elsewhere() -> None:
    again = "<NAME>Ann<CORRECTFITID>{}<CORRECTACTION>REPLACE"
    rows = [
        transaction("-1", fitid=""),
        transaction("-2", fitid="a"),
        transaction("-3", fitid="b", more=again.format("a")),
        transaction("-4", fitid="b", more=again.format("b")),
        transaction("-5", fitid="c", more=again.format("gone")),
    ]
    reading = read(document(bank(*rows)))
    assert [sides(event)[2] for event in events(reading)] == [100, 400, 500]
    assert ["is corrected by this row" in str(remark) for remark in reading.remarks] == [True]


def test_a_running_balance_that_a_bank_adds_is_read() -> None:
    event = one(transaction(more="<ACCTBAL>95.00"))
    assert (event.balance, event.balance_account, event.balance_text) == (9500, "00012345678", "95.00")


def test_an_id_that_a_bank_gives_twice_is_reported_and_every_row_is_read() -> None:
    reading = read(document(bank(transaction(), transaction(), transaction(fitid="2"))))
    assert len(events(reading)) == 3
    (remark,) = reading.remarks
    assert (type(remark), remark.value) == (DuplicateId, "1")
    assert "stands on 2 rows of account 00012345678" in str(remark)


def test_a_currency_written_as_a_plain_element_counts() -> None:
    assert sides(one(transaction(more="<CURRENCY>EUR<PAYEE>Ann")))[1] == "EXT:Ann"
    reading = read(document(bank(transaction(more="<NAME>Ann<CURRENCY>USD"))))
    assert sides(events(reading)[0])[0] == "00012345678 in USD"


def test_elements_that_ofx_does_not_have_stand_in_the_note() -> None:
    assert one(transaction(more="<CATEGORY>Food<NAME>Ann")).note == "Ann; TRNTYPE OTHER; FITID 1; CATEGORY Food"


def test_a_statement_beside_a_refusal_is_read_and_the_refusal_said() -> None:
    refusal = "<STMTTRNRS><TRNUID>2<STATUS><CODE>2003<SEVERITY>ERROR</STATUS></STMTTRNRS>"
    reading = read(document(bank(transaction()), refusal))
    assert len(events(reading)) == 1
    assert ["account not found" in str(remark) for remark in reading.remarks] == [True]


@pytest.mark.parametrize(
    ("heading", "encoding"),
    [
        ("CHARSET:1252", "cp1252"),
        ("CHARSET:8859-1", "latin-1"),
        ("CHARSET:1251", "utf-8"),
        ("CHARSET:NONE", "utf-8"),
        ("CHARSET:WINDOWS-1252", "cp1252"),
        ("CHARSET:NONE", "cp1252"),
        ("CHARSET:1252", "utf-8-sig"),
        ("CHARSET:NONE", "utf-16"),
    ],
)
def test_encodings(heading: str, encoding: str) -> None:
    text = document(bank(transaction(more="<NAME>Café Müller"))).replace("CHARSET:1252", heading)
    assert sides(events(read(text, encoding))[0])[1] == "EXT:Café Müller"


def test_a_code_page_that_is_stated_nowhere_is_said() -> None:
    text = document(bank(transaction(more="<NAME>Café"))).replace("CHARSET:1252", "CHARSET:NONE")
    assert ["it was read as cp1252" in str(remark) for remark in read(text).remarks] == [True]
    stated = text.replace("ENCODING:USASCII", "ENCODING:ISO-8859-1")
    assert (read(stated).remarks, sides(events(read(stated))[0])[1]) == ((), "EXT:Café")


def test_cyrillic_in_its_code_page() -> None:
    text = document(bank(transaction(more="<NAME>Иван"))).replace("CHARSET:1252", "CHARSET:1251")
    assert sides(events(read(text, "cp1251"))[0])[1] == "EXT:Иван"


def test_references_cdata_and_comments() -> None:
    more = "<NAME><![CDATA[A <b> & Co]]></NAME><MEMO>&#65;&quot;&unknown; AT&T &#0;</MEMO><!-- <STMTTRN> -->"
    event = one(transaction(more=more))
    assert event.outputs[0].account == "EXT:A <b> & Co"
    assert event.note.startswith('A"&unknown; AT&T &#0;; ')


# Investment statements --------------------------------------------------------------------------------------------


def invested(*rows: str) -> Reading:
    return read(document(investment(*rows), group="INVSTMTMSGSRSV1"))


def test_cash_of_an_investment_account_moves() -> None:
    reading = invested(
        trade("BUYSTOCK", "-257.00", "INVBUY", more="<UNITS>10<UNITPRICE>25<COMMISSION>7<FEES>+0.00"),
        trade("SELLMF", "100.00", "INVSELL"),
        trade("INCOME", "5.53", more="<INCOMETYPE>DIV"),
        trade("INCOME", "1", more="<INCOMETYPE>INTEREST"),
        trade("INVEXPENSE", "-2"),
        f"<INVBANKTRAN>{transaction('-4')}<SUBACCTFUND>CASH</INVBANKTRAN>",
    )
    assert [sides(event) for event in events(reading)] == [
        ("X1", "EXT:CUSIP 123456789", 25700),
        ("EXT:CUSIP 123456789", "X1", 10000),
        ("EXT:CUSIP 123456789", "X1", 553),
        ("EXT:CUSIP 123456789", "X1", 100),
        ("X1", "EXT:CUSIP 123456789", 200),
        ("X1", "EXT:Corner Shop", 400),
    ]
    assert [event.kind for event in events(reading)] == ["", "", "", "interest", "", ""]
    assert events(reading)[0].note == (
        "A trade; BUYSTOCK; CUSIP 123456789; 10 units at 25; commission 7; FITID T1; SUBACCTFUND CASH"
    )
    (statement,) = statements(reading)
    assert (statement.account, statement.opening, statement.closing) == ("X1", None, None)
    build_ledger(reading.records)


def test_what_moves_securities_only_is_listed() -> None:
    reading = invested(
        trade("REINVEST", "-5"),
        trade("TRANSFER", "0"),
        trade("BUYMF", "-9", "INVBUY", fund="OTHER"),
        trade("JRNLFUND", "3"),
        trade("INCOME", "0"),
    )
    assert [row.reason for row in reading.unbooked] == [
        "income is reinvested, no cash moves",
        "securities are transferred, no cash moves",
        "a security is paid through no cash of this account (SUBACCTFUND OTHER)",
        "cash moves between two parts of one account",
        "its amount is zero",
    ]
    assert events(reading) == []


@pytest.mark.parametrize(("kind", "inside", "total"), [("BUYSTOCK", "INVBUY", "5"), ("SELLMF", "INVSELL", "-5")])
def test_a_trade_against_its_direction_is_not_guessed(kind: str, inside: str, total: str) -> None:
    (row,) = invested(trade(kind, total, inside)).broken_rows
    assert f"has another sign than the cash of {kind} has" in str(row.problems[0])


def test_a_trade_without_day_or_total() -> None:
    reading = invested(trade("INCOME", "", more="").replace("<DTTRADE>20240110", ""))
    problems: list[type[Problem]] = [type(problem) for problem in reading.broken_rows[0].problems]
    assert problems == [FieldMissing, FieldMissing]
