"""Statements of every version: accounts, balances, currencies, order and time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from messages import OWN, balance, detail, document, entry, read, read_entries, statement
from tests.sources.readings import accounts, events, statements

from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.reader import read_records

VERSIONS = [f"{number:02}" for number in range(1, 15)]
MESSAGES = [
    ("053", "BkToCstmrStmt", "Stmt"),
    ("052", "BkToCstmrAcctRpt", "Rpt"),
    ("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("kind", "message", "tag"), MESSAGES)
def test_every_version_is_read(version: str, kind: str, message: str, tag: str) -> None:
    text = document(statement(entry("5"), tag=tag), message=message, namespace=f"camt.{kind}.001.{version}")
    (only,) = statements(read(text))
    assert (only.account, only.currency, only.booked) == (OWN, "EUR", kind == "053")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', ""),
        lambda text: f"<Envelope xmlns='urn:x'><Head/>{text}</Envelope>",
        lambda text: text.replace("BkToCstmrStmt", "BkToCstmrStmtV01"),
        lambda text: text.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>"),
        lambda text: text.replace("<", "<a:").replace("<a:/", "</a:").replace(" xmlns=", " xmlns:a="),
        lambda text: text[text.index("<BkTo") : text.index("</Document>")],
        lambda text: text.replace("<IBAN>", "<PrtryAcct><Id>").replace("</IBAN>", "</Id></PrtryAcct>"),
        lambda text: text.replace("<IBAN>", "<Othr><Id>").replace("</IBAN>", "</Id></Othr>"),
        lambda text: text.replace("<IBAN>GB29", "<IBAN>GB29 "),
        lambda text: text.replace("><", ">\n<!-- note -->\n<"),
    ],
)
def test_ways_in_which_banks_write_the_same(change: object) -> None:
    assert callable(change)
    text = document(statement(balance("OPBD", "1"), entry("5"), balance("CLBD", "6")))
    found = read(change(text))
    (only,) = statements(found)
    assert (only.account, only.opening, only.closing, len(events(found))) == (OWN, 100, 600, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-15", "windows-1251"])
def test_encodings(encoding: str) -> None:
    name = "Иван" if encoding == "windows-1251" else "Müller"
    text = document(statement(entry("5", details=detail(debtor=name if encoding != "utf-8-sig" else "Jane"))))
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig").upper()}"?>\n{text}'
    reading = read_records(source_of("statement.xml", declared.encode(encoding)))
    assert reading.problems == ()
    assert any(record.holder in (name, "Jane") for record in accounts(reading).values())


def test_balances_have_sign_and_day_and_the_account_opens_with_the_first() -> None:
    reading = read(
        document(
            statement(
                balance("OPBD", "10.00", side="DBIT", day="2021-03-31"),
                balance("OPAV", "99.00"),
                balance("CLBD", "4.50", side="DBIT", day="2021-04-30"),
                "<ElctrncSeqNb>4</ElctrncSeqNb>",
                entry("5.50"),
            )
        )
    )
    (only,) = statements(reading)
    assert (only.opening, only.closing, only.start, only.end) == (-1000, -450, date(2021, 3, 31), date(2021, 4, 30))
    assert only.number == "4"
    assert (accounts(reading)[OWN].opening, accounts(reading)[OWN].holder) == (-1000, "Owner")


def test_the_closing_of_the_day_before_opens_where_no_opening_is_printed() -> None:
    (only,) = statements(read_entries(balance("PRCD", "3"), balance("CLBD", "3")))
    assert (only.opening, only.closing) == (300, 300)


def test_days_of_a_statement_without_balances_are_those_of_its_period() -> None:
    period = "<FrToDt><FrDtTm>2021-04-01T00:00:00</FrDtTm><ToDtTm>2021-04-30T23:59:59</ToDtTm></FrToDt>"
    (only,) = statements(read_entries(period, entry("1")))
    assert (only.start, only.end) == (date(2021, 4, 1), date(2021, 4, 30))


def test_two_statements_of_one_account_are_kept_apart_and_prove_each_other() -> None:
    reading = read(
        document(
            statement(balance("OPBD", "10"), entry("5"), balance("CLBD", "15"), id="A"),
            statement(balance("OPBD", "15"), entry("1", "DBIT"), balance("CLBD", "14"), id="A"),
        )
    )
    first, second = statements(reading)
    assert first.id != second.id
    assert [each.statement for each in events(reading)] == [first.id, second.id]
    ledger = build_ledger(reading.records, files=reading.files)
    assert (ledger.account_by_id[OWN].opening, len(ledger)) == (1000, 2)


def test_currencies_of_one_number_are_pockets() -> None:
    reading = read_entries(
        balance("OPBD", "10"),
        balance("OPBD", "70", currency="USD"),
        entry("5"),
        entry("6", currency="USD"),
        entry("7", currency="JPY"),
    )
    assert [(s.account, s.currency, s.opening) for s in statements(reading)] == [
        (OWN, "EUR", 1000),
        (f"{OWN} in USD", "USD", 7000),
        (f"{OWN} in JPY", "JPY", None),
    ]
    assert [e.outputs[0].account for e in events(reading)] == [OWN, f"{OWN} in USD", f"{OWN} in JPY"]
    assert build_ledger(reading.records).account_by_id[f"{OWN} in USD"].currency == "USD"


def test_entries_keep_their_printed_order_and_their_lines() -> None:
    text = document(statement("\n".join(entry(str(n)) for n in range(1, 70_001))))
    found = events(read(text))
    assert [each.seq for each in found[:3]] == [1, 2, 3]
    assert [found[0].pointer.row, found[-1].pointer.row] == [2, 70_001]
    assert len({each.id for each in found}) == 70_000


def test_entries_on_one_line_have_ids_of_their_own() -> None:
    text = document(statement(entry("1"), entry("1")).replace("\n", ""))
    assert len({each.id for each in events(read(text))}) == 2


ZONED, NAIVE, DAY = "<DtTm>2021-04-01T23:30:00-05:00</DtTm>", "<DtTm>2021-04-01T10:00:00</DtTm>", "<Dt>2021-04-01</Dt>"


@pytest.mark.parametrize(
    ("days", "times"),
    [
        ([ZONED, ZONED], [datetime(2021, 4, 2, 4, 30, tzinfo=UTC)] * 2),
        ([NAIVE, NAIVE], [datetime(2021, 4, 1, 10, 0, tzinfo=UTC)] * 2),
        ([ZONED, NAIVE], [datetime(2021, 4, 1, tzinfo=UTC)] * 2),
        ([NAIVE, DAY], [datetime(2021, 4, 1, tzinfo=UTC)] * 2),
        (["<Dt>2021-04-01Z</Dt>", "<Dt>2021-04-01+02:00</Dt>"], [datetime(2021, 4, 1, tzinfo=UTC)] * 2),
    ],
)
def test_times_are_used_where_all_compare_and_else_the_days(days: list[str], times: list[datetime]) -> None:
    found = events(read_entries(*(entry("1", day=day) for day in days)))
    assert [each.time for each in found] == times
    assert all(each.time_text in day for each, day in zip(found, days, strict=True))


def test_a_report_or_a_notification_gives_no_balance_to_its_account() -> None:
    text = document(statement(balance("OPBD", "10"), entry("5"), tag="Rpt"), message="BkToCstmrAcctRpt")
    reading = read(text)
    assert statements(reading)[0].opening == 1000
    assert accounts(reading)[OWN].opening is None


def test_the_statement_is_the_page_of_its_rows() -> None:
    (found,) = events(read_entries(entry("1")))
    assert found.pointer.page == "S-1"
