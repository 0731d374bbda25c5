"""Fedwire messages: amount, day, parties, references; and every sample of the real set."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.sources.readings import rows_accounted_for, sides

from trover.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    InputErrors,
    Place,
    Problem,
    TooLong,
    Truncated,
    UnknownField,
)
from trover.ledger.gate import Standing, judge
from trover.sources.custody import read_source, source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord, StatementRecord

MESSAGE = """\
{1500}30USERREQ P
{1510}1000
{1520}20220324SOURCE08000001
{2000}000000022200
{3100}021000021SENDING BANK*
{3400}021000089RECEIVING BANK*
{3600}CTR
{3320}SENDER REF 1*
{4100}F021000089*RECEIVING BANK*1 STREET*
{4200}D123455*Payee Inc*123 Street*Town*
{4320}INV-7*
{5000}D998877*Payer Ltd*158 Street*Town*
{5100}F021000021*SENDING BANK*
{6000}For goods*of May*
"""


def read(text: str) -> Reading:
    return read_records(source_of("wire.txt", text.encode()))


def one(text: str) -> EventRecord:
    reading = read(text)
    assert reading.problems == ()
    (event,) = (record for record in reading.records if isinstance(record, EventRecord))
    return event


def test_a_message_is_an_instruction() -> None:
    reading = read(MESSAGE)
    event = one(MESSAGE)
    assert sides(event) == ("EXT:998877", "EXT:123455", 22200)
    assert (event.kind, event.time.date(), event.time_text) == ("instruction", date(2022, 3, 24), "20220324")
    assert event.note == (
        "For goods of May; IMAD 20220324SOURCE08000001; sender reference SENDER REF 1; "
        "reference for beneficiary INV-7; business function code CTR; sender 021000021SENDING BANK; "
        "receiver 021000089RECEIVING BANK; originator's institution F021000021 SENDING BANK; "
        "beneficiary's institution F021000089 RECEIVING BANK 1 STREET"
    )
    (statement,) = (record for record in reading.records if isinstance(record, StatementRecord))
    assert (statement.booked, statement.account, statement.number) == (False, "EXT:998877", "20220324SOURCE08000001")
    holders = {record.id: record.holder for record in reading.records if isinstance(record, AccountRecord)}
    assert holders == {"EXT:998877": "Payer Ltd", "EXT:123455": "Payee Inc"}


def test_values_of_fixed_width_and_messages_on_one_line() -> None:
    fixed = re.sub(r"\{5000\}.*", "{5000}D" + "998877".ljust(34) + "Payer Ltd".ljust(35) + "158 Street", MESSAGE)
    assert sides(one(fixed)) == sides(one(MESSAGE))
    assert sides(one(MESSAGE.replace("\n", ""))) == sides(one(MESSAGE))


@pytest.mark.parametrize(
    ("line", "payer"),
    [
        ("{5000}31234*Payer Ltd*", "EXT:Payer Ltd"),
        ("{5000}3555*", "EXT:driver's licence 555"),
        ("{5010}/998877*1/Payer*1/Ltd*", "EXT:998877"),
        ("{5010}TXID/123*1/Payer Ltd*", "EXT:Payer Ltd"),
    ],
)
def test_who_pays(line: str, payer: str) -> None:
    assert sides(one(re.sub(r"\{5000\}.*", line, MESSAGE)))[0] == payer


def test_without_originator_and_beneficiary_the_banks_pay() -> None:
    bare = "\n".join(line for line in MESSAGE.splitlines() if line[1:5] not in ("4100", "4200", "5000", "5100"))
    assert sides(one(bare))[:2] == ("EXT:SENDING BANK", "EXT:RECEIVING BANK")


def test_several_messages_in_one_file() -> None:
    reading = read(MESSAGE + MESSAGE.replace("000000022200", "000000000001"))
    assert [record.outputs[0].amount for record in reading.records if isinstance(record, EventRecord)] == [22200, 1]
    assert [record.pointer.row for record in reading.records if isinstance(record, EventRecord)] == [1, 15]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("USERREQ P", "USERREQ T", "it is a test message"),
        ("{1510}1000", "{1510}1031", "it asks for a drawdown"),
        ("{1510}1000", "{1510}1001", "it asks for a reversal"),
        ("000000022200", "000000000000", "its amount is zero"),
        ("{6000}", "{1130}E123 refused{6000}", "it was rejected: E123 refused"),
        ("{5000}D998877", "{5000}D123455", "payer and payee are one"),
    ],
)
def test_what_is_no_payment_is_listed_with_its_reason(old: str, new: str, reason: str) -> None:
    reading = read(MESSAGE.replace(old, new))
    assert [row.reason for row in reading.unbooked] == [reason]
    assert not any(isinstance(record, EventRecord) for record in reading.records)


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("000000022200", "222.00", [AmountUnreadable]),
        ("{1520}20220324", "{1520}20221324", [DateUnreadable]),
        ("{3400}021000089RECEIVING BANK*\n", "", [FieldMissing]),
        ("{6000}", "{9999}what{6000}", [UnknownField]),
        ("Payee Inc", "P" * 210, [TooLong]),
        ("Payer Ltd", "P" * 210, [TooLong]),
        ("{2000}000000022200\n{3100}", "{2000}222{9999}what{3100}", [UnknownField, AmountUnreadable]),
    ],
)
def test_a_message_that_cannot_be_read_fails_alone(old: str, new: str, kinds: list[type[Problem]]) -> None:
    spoilt = MESSAGE.replace(old, new)
    assert spoilt != MESSAGE
    reading = read(MESSAGE + spoilt + MESSAGE.replace("USERREQ P", "USERREQ T"))
    assert reading.problems == ()
    (bad,) = reading.broken_rows
    assert [type(problem) for problem in bad.problems] == kinds
    assert (bad.account, bad.pointer.row, bad.id) == ("EXT:998877", 15, f"{reading.source.sha256[:12]}:2")
    verdicts = judge(reading.records, lambda pointer, column="": Place(), reading.broken_rows)
    assert [verdict.standing for verdict in verdicts] == [Standing.UNPROVED, Standing.FAILED]
    assert verdicts[1].statement.id == bad.statement
    assert rows_accounted_for(reading) == 3


@pytest.mark.parametrize(
    ("payer", "kinds"),
    [("", [FieldMissing, AmountUnreadable]), ("{5000}9*" + "P" * 210, [FieldMissing, AmountUnreadable, TooLong])],
)
def test_the_file_is_refused_where_the_payer_is_not_known(payer: str, kinds: list[type[Problem]]) -> None:
    kept = [line for line in MESSAGE.splitlines() if line[1:5] not in ("3100", "5000", "5100")]
    reading = read(MESSAGE + "\n".join(kept).replace("000000022200", "x") + payer)
    assert [type(problem) for problem in reading.problems] == kinds
    assert reading.broken_rows == ()


def test_an_accepted_message_and_a_reversal_say_so() -> None:
    note = one(MESSAGE.replace("{1510}1000", "{1510}1002") + "{1120}20220324RECEIVER00000103241230B123").note
    assert "reversal; IMAD" in note
    assert "accepted, OMAD 20220324RECEIVER00000103241230B123" in note


SAMPLES = {
    "BankDrawDownRequest": "it is a test message",
    "BankTransfer": "it is a test message",
    "CheckSameDaySettlement": "it is a test message",
    "CustomerCorporateDrawDownRequest": "it is a test message",
    "CustomerTransfer": "it is a test message",
    "CustomerTransferPlus": 1234567,
    "CustomerTransferPlusCOVS": 1234567,
    "CustomerTransferPlusRelatedRemittance": 1234567,
    "CustomerTransferPlusStructuredRemittance": 1234567,
    "CustomerTransferPlusUnstructuredAddenda": 1234567,
    "DepositSendersAccount": "it is a test message",
    "DrawdownResponse": "it is a test message",
    "FEDFundsReturned": "it is a test message",
    "FEDFundsSold": "it is a test message",
    "FedAppendedTags": "it is a test message",
    "InvalidTag": UnknownField,
    "MissingRequiredTag": FieldMissing,
    "NoMessage": Truncated,
    "ServiceMessage": "it is a test message",
    "fiserv": 22200,
    "": "it is a test message",
}
"""Name of a sample -> cents, or why it moves nothing, or the problem with it."""


@pytest.mark.realdata
@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_figures(data_root: Path, name: str) -> None:
    expected = SAMPLES[name]
    path = data_root / "bank" / "fedwire" / f"fedWireMessage{'-' if name else ''}{name}.txt"
    if isinstance(expected, type):
        assert [type(problem) for problem in problems_of(path)] == [expected]
        return
    reading = read_records(read_source(path))
    amounts = [record.outputs[0].amount for record in reading.records if isinstance(record, EventRecord)]
    assert reading.problems == ()
    assert amounts == ([expected] if isinstance(expected, int) else [])
    assert [row.reason for row in reading.unbooked] == ([] if isinstance(expected, int) else [expected])
    counted = [int(digits) for digits in re.findall(r"\{2000\}(\d{12})", path.read_text())]
    assert [*amounts, *(int(row.amount.removesuffix(" USD").replace(".", "")) for row in reading.unbooked)] == counted


def problems_of(path: Path) -> tuple[Problem, ...]:
    try:
        reading = read_records(read_source(path))
        return reading.problems + tuple(problem for row in reading.broken_rows for problem in row.problems)
    except InputErrors as errors:
        return errors.problems


@pytest.mark.realdata
def test_every_sample_is_in_the_table(data_root: Path) -> None:
    names = {path.stem for path in (data_root / "bank" / "fedwire").glob("*.txt")}
    assert names == {f"fedWireMessage{'-' if name else ''}{name}" for name in SAMPLES}
