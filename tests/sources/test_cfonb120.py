"""Statements of CFONB 120: positions, overpunched signs, details, and records that are lost."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.readings import events, sides, statements

from trover.errors import AmountUnreadable, DateUnreadable, FieldMissing, FieldWrong, InputErrors, RecordMisplaced
from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord

ACCOUNT = "302040123412345678901"
SIGNS = "{ABCDEFGHI", "}JKLMNOPQR"


def overpunched(cents: int) -> str:
    """An amount of 14 signs, the last of them digit and direction in one."""
    digits = f"{abs(cents):014}"
    return digits[:-1] + SIGNS[cents < 0][int(digits[-1])]


def head(
    code: str, inside: str = "    ", currency: str = "EUR", decimals: str = "2", account: str = "12345678901"
) -> str:
    return f"{code}30204{inside}01234{currency}{decimals} {account}"


def balance(code: str, day: str, cents: int, **options: str) -> str:
    return f"{head(code, **options)}  {day}".ljust(90) + overpunched(cents).ljust(30)


def movement(
    cents: int, day: str = "050124", label: str = "VIR SEPA", reference: str = "", reject: str = "  ", **options: str
) -> str:
    front = f"{head('04', '1234', **options)}B1{day}{reject}{day}{label}"
    return (front.ljust(81) + "0000007" + " 0" + overpunched(cents)).ljust(104) + reference.ljust(16)


def detail(qualifier: str, text: str, **options: str) -> str:
    return (f"{head('05', '1234', **options)}B1050124     {qualifier}{text}").ljust(120)


OLD, NEW = balance("01", "311223", 100000), balance("07", "310124", 75000)
WHOLE = [OLD, movement(-30000), detail("NBE", "DUPONT SARL"), movement(5000, label="VIR DE MARTIN"), NEW]


def read(*records: str, sign: str = "\n", encoding: str = "cp1252") -> Reading:
    reading = read_records(source_of("releve.txt", sign.join(records).encode(encoding)))
    assert (reading.format, reading.problems) == ("cfonb120", ())
    return reading


def one(*records: str) -> EventRecord:
    (event,) = events(read(OLD, *records, NEW))
    return event


def test_every_record_has_120_signs() -> None:
    assert {len(record) for record in WHOLE} == {120}


@pytest.mark.parametrize("sign", ["\n", "\r\n", "", "\n\n"])
def test_a_statement_with_line_breaks_and_without(sign: str) -> None:
    reading = read(*WHOLE, sign=sign)
    build_ledger(reading.records)
    (statement,) = statements(reading)
    assert (statement.account, statement.currency, statement.opening, statement.closing) == (
        ACCOUNT,
        "EUR",
        100000,
        75000,
    )
    assert (statement.start, statement.end) == (date(2023, 12, 31), date(2024, 1, 31))
    first, second = events(reading)
    assert sides(first) == (ACCOUNT, "EXT:DUPONT SARL", 30000)
    assert sides(second)[1:] == (ACCOUNT, 5000)
    assert (first.time.date(), first.time_text, first.statement) == (date(2024, 1, 5), "050124", statement.id)
    assert first.note == "VIR SEPA; beneficiary DUPONT SARL; entry 0000007; code B1/1234"


def test_blanks_at_the_end_of_lines_may_be_missing() -> None:
    assert len(events(read(*(record.rstrip() for record in WHOLE)))) == 2


@pytest.mark.parametrize("cents", [1, 9, 10, -1, -10, -123456789, 99999999999999])
def test_overpunched_amounts(cents: int) -> None:
    assert sides(one(movement(cents)))[2] == abs(cents)
    assert (sides(one(movement(cents)))[0] == ACCOUNT) == (cents < 0)


def test_letters_of_the_french_code_page_are_the_braces() -> None:
    french = movement(-30).replace("}", "è"), movement(40).replace("{", "é")
    assert [sides(event)[2] for event in events(read(OLD, *french, NEW))] == [30, 40]
    assert [sides(event)[2] for event in events(read(OLD, *french, NEW, encoding="utf-8"))] == [30, 40]


def test_the_number_of_decimals_is_that_of_the_record() -> None:
    assert sides(one(movement(5000, decimals="0")))[2] == 500000
    assert sides(one(movement(5000, decimals="3")))[2] == 500
    (row,) = read(OLD, movement(5001, decimals="3"), NEW).broken_rows
    assert "has more decimals than its currency (2)" in str(row.problems[0])


def test_details_name_parties_references_and_a_foreign_amount() -> None:
    event = one(
        movement(-30000, reference="REF16"),
        detail("NBE", "MARTIN ET FILS"),
        detail("CBE", "DE89370400440532013000"),
        detail("RCN", "NOTRE-REF".ljust(35) + "SALA"),
        detail("REF", "REMISE-1".ljust(35) + "TRANS-1"),
        detail("LCC", "Facture 7"),
        detail("MMO", "USD2" + "00000000032500" + "04" + "00000010833"),
        detail("XYZ", "autre chose"),
    )
    assert (event.outputs[0].account, event.outputs[0].amount, event.outputs[0].currency, event.outputs[0].cost) == (
        "EXT:DE89370400440532013000",
        32500,
        "USD",
        30000,
    )
    assert event.references == ("NOTRE-REF", "REMISE-1", "TRANS-1", "REF16")
    assert "client reference NOTRE-REF SALA; reference REMISE-1 TRANS-1; Facture 7; " in event.note
    assert "XYZ autre chose; reference REF16" in event.note


def test_the_payer_of_a_credit_and_nobody() -> None:
    assert sides(one(movement(100), detail("NPY", "MARTIN"), detail("NBE", "NOUS")))[0] == "EXT:MARTIN"
    assert sides(one(movement(100), detail("NBE", "NOUS")))[0].startswith("EXT:UNKNOWN:")


def test_a_rejected_row_is_a_reversal() -> None:
    event = one(movement(100, reject="11"))
    assert (event.kind, "returned for 11" in event.note) == ("reversal", True)


def test_several_statements_of_several_accounts() -> None:
    other = {"account": "98765432109"}
    second = [balance("01", "311223", 5, **other), movement(10, **other), balance("07", "310124", 15, **other)]
    third = [balance("01", "310124", 75000), balance("07", "290224", 75000)]
    found = statements(read(*WHOLE, *second, *third))
    assert [(s.account[-11:], s.opening, s.closing) for s in found] == [
        ("12345678901", 100000, 75000),
        ("98765432109", 5, 15),
        ("12345678901", 75000, 75000),
    ]


@pytest.mark.parametrize(
    ("lost", "balances"), [(0, [(None, 75000)]), (4, [(100000, None)]), (1, [(100000, 75000)]), (2, [(100000, 75000)])]
)
def test_a_record_that_is_lost_never_proves_a_statement(
    lost: int, balances: list[tuple[int | None, int | None]]
) -> None:
    reading = read(*WHOLE[:lost], *WHOLE[lost + 1 :])
    assert [(s.opening, s.closing) for s in statements(reading)] == balances
    assert len(events(reading)) + len(reading.broken_rows) >= (1 if lost == 1 else 2)


def test_rows_that_cannot_be_read_and_rows_of_nothing() -> None:
    spoiled = movement(-500)
    reading = read(
        OLD,
        spoiled[:103] + "5" + spoiled[104:],
        spoiled[:34] + "320124" + spoiled[40:],
        spoiled[:19] + "x" + spoiled[20:],
        movement(0),
        movement(700, account="98765432109"),
        NEW,
    )
    assert [type(row.problems[0]) for row in reading.broken_rows] == [
        AmountUnreadable,
        DateUnreadable,
        FieldWrong,
        RecordMisplaced,
    ]
    assert [row.reason for row in reading.unbooked] == ["its amount is zero"]
    assert {row.account for row in reading.broken_rows} == {ACCOUNT}


def test_a_balance_that_cannot_be_read_fails_its_statement() -> None:
    reading = read(OLD[:90] + " " * 30, movement(5), NEW)
    assert [(type(row.problems[0]), row.account) for row in reading.broken_rows] == [(FieldMissing, ACCOUNT)]
    assert statements(reading)[0].opening is None


def test_a_line_that_is_no_record_refuses_the_file() -> None:
    with pytest.raises(InputErrors) as caught:
        read(*WHOLE[:2], "99" + WHOLE[2][2:], *WHOLE[3:])
    assert [type(problem) for problem in caught.value.problems] == [RecordMisplaced]
