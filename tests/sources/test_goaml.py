"""goAML: who is said to have paid whom, in which currency, and what a report does not say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.readings import events

from trover.errors import FieldMissing, FieldWrong, InputErrors, MessageNotRead, ZoneMissing
from trover.ledger.gate import Standing, judge
from trover.sources.custody import read_source, source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord, LegRecord, StatementRecord

CLIENT = (
    "<t_from_my_client><from_funds_code>K</from_funds_code><from_account><institution_code>BANKAEAD</institution_code>"
    "<account>10-200</account><currency_code>AED</currency_code><account_name>Sand Trading</account_name>"
    "</from_account><from_country>AE</from_country></t_from_my_client>"
)
OTHER = (
    "<t_to><to_funds_code>K</to_funds_code><to_account><institution_name>Bank</institution_name>"
    "<account>DE02100100100006820101</account><t_entity><name>Ufer GmbH</name></t_entity></to_account>"
    "<to_country>DE</to_country></t_to>"
)
PERSON = (
    "<t_from><from_funds_code>C</from_funds_code><from_person><first_name>Jane</first_name><last_name>Doe</last_name>"
    "<id_number>77</id_number></from_person><from_country>AE</from_country></t_from>"
)


def transaction(*sides: str, amount: str = "1250.50", day: str = "2026-05-24T14:30:00", more: str = "") -> str:
    return (
        f"<transaction><transactionnumber>T-1</transactionnumber><internal_ref_number>I-1</internal_ref_number>"
        f"<transaction_location>Dubai</transaction_location><transaction_description>Wire</transaction_description>"
        f"<date_transaction>{day}</date_transaction>{more}<transmode_code>E</transmode_code>"
        f"<amount_local>{amount}</amount_local>{''.join(sides)}</transaction>\n"
    )


def report(*transactions: str, local: str = "AED", root: str = "report") -> str:
    return (
        f"<?xml version='1.0'?>\n<{root}><rentity_id>1</rentity_id><report_code>STR</report_code>"
        f"<entity_reference>STR-7</entity_reference><currency_code_local>{local}</currency_code_local>\n"
        f"{''.join(transactions)}</{root}>"
    )


def foreign(role: str, code: str, amount: str) -> str:
    return (
        f"<{role}_foreign_currency><foreign_currency_code>{code}</foreign_currency_code>"
        f"<foreign_amount>{amount}</foreign_amount><foreign_exchange_rate>3.67</foreign_exchange_rate>"
        f"</{role}_foreign_currency>"
    )


def read(text: str) -> Reading:
    return read_records(source_of("report.xml", text.encode()))


def sound(text: str) -> Reading:
    reading = read(text)
    assert (reading.problems, reading.broken_rows, reading.format) == ((), (), "goaml")
    return reading


def one(*sides: str, amount: str = "1250.50") -> EventRecord:
    (event,) = events(sound(report(transaction(*sides, amount=amount))))
    return event


def legs(legs: tuple[LegRecord, ...]) -> list[tuple[str, int, str, int | None]]:
    return [(leg.account, leg.amount, leg.currency, leg.cost) for leg in legs]


def test_a_transaction_moves_the_client_and_names_the_other_side_outside() -> None:
    reading = sound(report(transaction(CLIENT, OTHER)))
    (event,) = events(reading)
    assert legs(event.inputs) == [("BANKAEAD/10-200", 125050, "AED", None)]
    assert legs(event.outputs) == [("EXT:DE02100100100006820101", 125050, "AED", None)]
    assert event.time == datetime(2026, 5, 24, 14, 30, tzinfo=UTC)
    assert event.references == ("T-1", "I-1")
    assert event.note == (
        "Wire; internal reference I-1; transaction T-1; mode E; at Dubai; "
        "from funds K; from country AE; to funds K; to country DE"
    )
    holders = {record.id: record.holder for record in reading.records if isinstance(record, AccountRecord)}
    assert holders == {"BANKAEAD/10-200": "Sand Trading", "EXT:DE02100100100006820101": "Ufer GmbH"}


def test_a_report_proves_nothing_and_is_announced() -> None:
    reading = sound(report(transaction(CLIENT, OTHER), transaction(CLIENT, OTHER)))
    (statement,) = (record for record in reading.records if isinstance(record, StatementRecord))
    assert (statement.account, statement.booked, statement.number) == ("BANKAEAD/10-200", False, "STR-7")
    verdicts = judge(reading.records, lambda pointer, column="": pytest.fail("nothing to name"))
    assert [(verdict.standing, verdict.count) for verdict in verdicts] == [(Standing.UNPROVED, 2)]


def test_money_that_comes_to_a_client_stands_on_the_clients_statement() -> None:
    taker = CLIENT.replace("from", "to")
    reading = sound(report(transaction(PERSON, taker)))
    (event,) = events(reading)
    assert (event.inputs[0].account, event.outputs[0].account) == ("EXT:Jane Doe", "BANKAEAD/10-200")
    (statement,) = (record for record in reading.records if isinstance(record, StatementRecord))
    assert statement.account == "BANKAEAD/10-200"


def test_each_side_in_the_currency_it_states() -> None:
    giver = CLIENT.replace("<from_account>", foreign("from", "USD", "340.50") + "<from_account>")
    taker = OTHER.replace("<to_account>", foreign("to", "EUR", "300") + "<to_account>")
    event = one(giver, taker)
    assert legs(event.inputs) == [("BANKAEAD/10-200", 34050, "USD", None)]
    assert legs(event.outputs) == [("EXT:DE02100100100006820101", 30000, "EUR", 34050)]
    assert "reported as 1250.50 AED" in event.note
    assert "from rate 3.67" in event.note


def test_one_client_account_in_two_currencies_is_two_accounts() -> None:
    giver = CLIENT.replace("<from_account>", foreign("from", "USD", "1") + "<from_account>")
    taker = OTHER.replace("<to_account>", foreign("to", "USD", "1") + "<to_account>")
    first, second = events(sound(report(transaction(CLIENT, OTHER), transaction(giver, taker))))
    assert (first.inputs[0].account, second.inputs[0].account) == ("BANKAEAD/10-200", "BANKAEAD/10-200 in USD")


def test_two_amounts_of_one_currency_are_a_problem_and_no_choice() -> None:
    taker = OTHER.replace("<to_account>", foreign("to", "AED", "1200") + "<to_account>")
    reading = read(report(transaction(CLIENT, taker), transaction(CLIENT, OTHER)))
    (row,) = reading.broken_rows
    assert [type(problem) for problem in row.problems] == [FieldWrong]
    assert row.problems[0].says == "is what was given, but 1200 AED of the same currency was got"
    assert (row.account, row.statement) == ("BANKAEAD/10-200", events(reading)[0].statement)


def test_the_day_of_posting_goes_before_that_of_the_transaction() -> None:
    text = report(
        transaction(
            CLIENT, OTHER, more="<late_deposit>true</late_deposit><date_posting>2026-05-26T00:00:00</date_posting>"
        )
    )
    (event,) = events(sound(text))
    assert event.time == datetime(2026, 5, 26, tzinfo=UTC)
    assert "late deposit true; transaction of 2026-05-24T14:30:00" in event.note


def test_times_with_and_without_zone_are_not_mixed() -> None:
    text = report(transaction(CLIENT, OTHER), transaction(CLIENT, OTHER, day="2026-05-24T14:30:00+04:00"))
    assert [type(problem) for problem in read(text).problems] == [ZoneMissing]


def test_who_conducted_it_stands_in_the_note() -> None:
    conductor = (
        "<t_conductor><first_name>Joe</first_name><last_name>Runner</last_name><id_number>9</id_number></t_conductor>"
    )
    event = one(PERSON.replace("<from_person>", f"{conductor}<from_person>"), OTHER)
    assert "conducted by Joe Runner, 9" in event.note


def test_what_moves_nothing_is_listed() -> None:
    parties = "<involved_parties><party><role>B</role></party></involved_parties>"
    itself = CLIENT.replace("from", "to")
    reading = sound(report(transaction(parties), transaction(CLIENT, OTHER, amount="0"), transaction(CLIENT, itself)))
    assert [row.reason for row in reading.unbooked] == [
        "its parties are involved, and nothing says who paid whom",
        "its amount is zero",
        "payer and payee are one",
    ]
    assert [row.reason for row in sound(report()).unbooked] == ["the report holds an activity and no transaction"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (transaction(CLIENT), [FieldMissing]),
        (transaction(CLIENT, OTHER, day="").replace("<date_transaction></date_transaction>", ""), [FieldMissing]),
        (transaction(CLIENT, OTHER).replace("<amount_local>1250.50</amount_local>", ""), [FieldMissing]),
    ],
)
def test_a_transaction_without_what_it_needs_fails_its_statement(text: str, kinds: list[type]) -> None:
    reading = read(report(text, transaction(CLIENT, OTHER)))
    assert reading.problems == ()
    assert [type(problem) for row in reading.broken_rows for problem in row.problems] == kinds
    assert {row.statement for row in reading.broken_rows} == {events(reading)[0].statement}


def test_a_report_without_its_currency_is_refused() -> None:
    reading = read(report(transaction(CLIENT, OTHER), local=""))
    assert [type(problem) for problem in reading.problems] == [FieldMissing]
    assert events(reading) == []


def test_namespaces_and_the_supplement_of_statements() -> None:
    text = report(transaction(CLIENT, OTHER), root="reportdata").replace("<reportdata>", "<reportdata xmlns='urn:x'>")
    assert len(events(sound(text))) == 1


def test_another_report_is_refused_by_its_root() -> None:
    with pytest.raises(InputErrors) as caught:
        read(f"<reports>{report()[22:]}</reports>")
    assert [type(problem) for problem in caught.value.problems] == [MessageNotRead]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "amount"),
    [("STR", 12000000), ("AIFT", 6500000), ("ECDDT", 22000000), ("SAR", 0), ("AIF", 0), ("DPMSR", 0)],
)
def test_published_reports(data_root: Path, name: str, amount: int) -> None:
    reading = read_records(read_source(data_root / "exchange" / "goaml" / "uae_5.0.2" / "golden" / f"{name}.xml"))
    assert (reading.problems, reading.broken_rows) == ((), ())
    moved = [leg for event in events(reading) for leg in event.inputs]
    assert [(leg.amount, leg.currency) for leg in moved] == ([(amount, "AED")] if amount else [])
    assert len(reading.unbooked) == (0 if amount else 1)
