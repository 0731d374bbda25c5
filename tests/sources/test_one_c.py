"""Statements of 1CClientBankExchange: accounts, documents, and each side of a document on its own statement."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.readings import events, sides, statements

from trover.errors import InputErrors, RecordMisplaced, TotalContradicted, Truncated
from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records

OWN, SECOND, OTHER = "40702810900000000001", "40702810900000000002", "40702810500000000077"
HEADING = """\
1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
ДатаНачала=01.01.2024
ДатаКонца=31.01.2024
РасчСчет=40702810900000000001
"""


def account(number: str = OWN, opening: str = "1000.00", closing: str = "1400.00", **more: str) -> str:
    values = {"РасчСчет": number, "НачальныйОстаток": opening, "КонечныйОстаток": closing} | more
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    return f"СекцияРасчСчет\nДатаНачала=01.01.2024\nДатаКонца=31.01.2024\n{lines}КонецРасчСчет\n"


def document(payer: str, payee: str, amount: str = "500.00", out: str = "", into: str = "", **more: str) -> str:
    values = {
        "Номер": "42",
        "Дата": "10.01.2024",
        "Сумма": amount,
        "ПлательщикСчет": payer,
        "ПолучательСчет": payee,
        "ДатаСписано": out,
        "ДатаПоступило": into,
        "Плательщик": "ООО Ромашка",
        "Получатель1": "ООО Лютик",
        "НазначениеПлатежа": "Оплата по счету 7",
    } | more
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    return f"СекцияДокумент=Платежное поручение\n{lines}КонецДокумента\n"


COMES = document(OTHER, OWN, into="11.01.2024")
GOES = document(OWN, OTHER, "100.00", out="12.01.2024", Номер="43")


def whole(*sections: str) -> str:
    return HEADING + "".join(sections) + "КонецФайла\n"


def read(text: str, encoding: str = "cp1251") -> Reading:
    reading = read_records(source_of("kl_to_1c.txt", text.encode(encoding)))
    assert (reading.format, reading.problems) == ("one_c", ())
    return reading


def test_a_statement_with_its_documents() -> None:
    reading = read(whole(account(), COMES, GOES))
    build_ledger(reading.records)
    (statement,) = statements(reading)
    assert (statement.account, statement.currency, statement.opening, statement.closing) == (OWN, "RUB", 100000, 140000)
    assert (statement.start, statement.end) == (date(2024, 1, 1), date(2024, 1, 31))
    first, second = events(reading)
    assert sides(first) == (f"EXT:{OTHER}", OWN, 50000)
    assert sides(second) == (OWN, f"EXT:{OTHER}", 10000)
    assert (first.time.date(), first.time_text, first.references) == (date(2024, 1, 11), "11.01.2024", ("42",))
    assert first.note == "Оплата по счету 7; Платежное поручение 42 10.01.2024; ООО Ромашка; ООО Лютик"
    assert reading.remarks == reading.unbooked == reading.broken_rows == ()


@pytest.mark.parametrize(("encoding", "heading"), [("cp1251", "Windows"), ("cp866", "DOS"), ("utf-8", "UTF-8")])
def test_encodings(encoding: str, heading: str) -> None:
    text = whole(account(), COMES).replace("Кодировка=Windows", f"Кодировка={heading}")
    assert "ООО Ромашка" in events(read(text, encoding))[0].note


def test_a_document_between_own_accounts_is_one_row_on_each_statement() -> None:
    both = document(OWN, SECOND, "200.00", out="12.01.2024", into="13.01.2024")
    reading = read(whole(account(), account(SECOND, "0.00", "200.00"), both))
    assert [sides(event) for event in events(reading)] == [
        (OWN, f"EXT:{SECOND}", 20000),
        (f"EXT:{OWN}", SECOND, 20000),
    ]
    assert [event.statement for event in events(reading)] == [s.id for s in statements(reading)]
    assert [event.time_text for event in events(reading)] == ["12.01.2024", "13.01.2024"]


def test_a_document_between_own_accounts_that_is_printed_for_each_stands_once_on_each() -> None:
    both = document(OWN, SECOND, "200.00", out="12.01.2024", into="12.01.2024")
    reading = read(whole(account(), account(SECOND), both, both))
    assert len(events(reading)) == 2
    assert [row.reason for row in reading.unbooked] == [
        "the same document between own accounts stands on row 17"
    ] * 2 or [row.reason.startswith("the same document between own accounts") for row in reading.unbooked] == [
        True,
        True,
    ]
    halves = [document(OWN, SECOND, out="12.01.2024"), document(OWN, SECOND, into="12.01.2024")]
    reading = read(whole(account(), account(SECOND), *halves))
    assert [sides(event)[:2] for event in events(reading)] == [(OWN, f"EXT:{SECOND}"), (f"EXT:{OWN}", SECOND)]
    assert [row.reason for row in reading.unbooked] == [
        "it is not booked on this side (ДатаПоступило is empty)",
        "it is not booked on this side (ДатаСписано is empty)",
    ]


def test_an_account_in_a_bank_that_pays_through_another() -> None:
    through = document("30101810000000000999", OWN, into="11.01.2024", ПлательщикРасчСчет=OTHER)
    assert sides(events(read(whole(account(), through)))[0])[0] == f"EXT:{OTHER}"


def test_several_periods_of_one_account_and_a_day_outside_of_them() -> None:
    first = account().replace("31.01.2024", "15.01.2024")
    second = account(opening="1400.00").replace("01.01.2024", "16.01.2024")
    late = document(OWN, OTHER, out="20.01.2024")
    outside = document(OWN, OTHER, out="05.02.2024", Номер="44")
    reading = read(whole(first, second, GOES, late, outside))
    found = statements(reading)
    assert [event.statement for event in events(reading)] == [found[0].id, found[1].id, found[2].id]
    assert (found[2].opening, found[2].closing, found[2].start) == (None, None, date(2024, 2, 5))


def test_an_account_without_a_section_has_no_balances() -> None:
    (statement,) = statements(read(whole(COMES)))
    assert (statement.account, statement.opening, statement.start) == (OWN, None, date(2024, 1, 1))


def test_what_is_not_booked_and_what_cannot_be_read() -> None:
    reading = read(
        whole(
            account(),
            document(OWN, OTHER, Номер="1"),
            document(OWN, OTHER, "0.00", out="12.01.2024", Номер="2"),
            document(OWN, OTHER, "пять", out="12.01.2024", Номер="3"),
            document(OWN, OTHER, out="32.01.2024", Номер="4"),
        )
    )
    assert [row.reason for row in reading.unbooked] == [
        "the bank has not booked it (ДатаСписано and ДатаПоступило are empty)",
        "its amount is zero",
    ]
    assert [row.account for row in reading.broken_rows] == [OWN, OWN]
    assert events(reading) == []


def test_totals_that_the_documents_do_not_give_are_said() -> None:
    reading = read(whole(account(ВсегоПоступило="600.00", ВсегоСписано="100.00"), COMES, GOES))
    (remark,) = reading.remarks
    assert (type(remark), remark.value) == (TotalContradicted, "600.00")


def test_a_currency_is_that_of_the_account_number() -> None:
    dollars = OWN.replace("810", "840")
    text = whole(account(dollars), document(dollars, OTHER, out="12.01.2024")).replace(f"РасчСчет={OWN}\n", "", 1)
    assert statements(read(text))[0].currency == "USD"


def test_a_purpose_over_several_lines() -> None:
    text = whole(account(), COMES).replace("по счету 7", "по счету 7\nв том числе НДС")
    assert events(read(text))[0].note.startswith("Оплата по счету 7 в том числе НДС; ")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("КонецФайла", "", Truncated),
        ("КонецДокумента", "", RecordMisplaced),
        ("КонецРасчСчет", "", RecordMisplaced),
        ("ДатаСписано=", "ДатаСписано", RecordMisplaced),
    ],
)
def test_a_file_that_lost_a_line_is_refused(old: str, new: str, problem: type[Exception]) -> None:
    with pytest.raises(InputErrors) as caught:
        read(whole(account(), GOES, COMES).replace(old, new))
    assert problem in {type(found) for found in caught.value.problems}
