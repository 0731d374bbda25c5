"""FollowTheMoney: payments with the names and accounts of the entities they refer to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.readings import events

from trover.errors import AmountUnreadable, DateUnreadable, DuplicateId, FieldMissing, FieldWrong, InputErrors, Problem
from trover.ledger.gate import Standing, judge
from trover.sources.custody import read_source, source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord, StatementRecord

Properties = dict[str, list[Any]]


def entity(id: str, schema: str, **properties: list[Any]) -> dict[str, Any]:
    return {"id": id, "schema": schema, "properties": properties}


JANE = entity("p1", "Person", name=["Jane Doe"])
UFER = entity("c1", "Company", name=["Ufer GmbH", "Ufer"])
FIRST = entity("a1", "BankAccount", iban=["DE02100100100006820101"])
SECOND = entity("a2", "BankAccount", accountNumber=["77"], bic=["BANKGB2L"])
PAID: Properties = {
    "payer": ["p1"],
    "beneficiary": ["c1"],
    "amount": ["1250.50"],
    "currency": ["EUR"],
    "date": ["2021-04-02"],
}


def payment(id: str = "x1", **changed: list[Any]) -> dict[str, Any]:
    return entity(id, "Payment", **{**PAID, **changed})


def read(*entities: dict[str, Any]) -> Reading:
    return read_records(source_of("entities.json", "".join(f"{json.dumps(each)}\n" for each in entities).encode()))


def sound(*entities: dict[str, Any]) -> Reading:
    reading = read(*entities)
    assert (reading.problems, reading.broken_rows, reading.format) == ((), (), "ftm")
    return reading


def one(**changed: list[Any]) -> EventRecord:
    (event,) = events(sound(JANE, UFER, FIRST, SECOND, payment(**changed)))
    return event


def wrong(reading: Reading) -> list[type[Problem]]:
    return [type(problem) for problem in (*reading.problems, *(p for row in reading.broken_rows for p in row.problems))]


def sides(event: EventRecord) -> tuple[str, str, int, str]:
    return event.inputs[0].account, event.outputs[0].account, event.inputs[0].amount, event.inputs[0].currency


def test_a_payment_between_parties_is_outside_and_announced() -> None:
    reading = sound(payment(purpose=["Invoice 7"], programme=["P"], transactionNumber=["T-1"]), JANE, UFER)
    (event,) = events(reading)
    assert sides(event) == ("EXT:Jane Doe", "EXT:Ufer GmbH", 125050, "EUR")
    assert event.time == datetime(2021, 4, 2, tzinfo=UTC)
    assert (event.note, event.references) == ("Invoice 7; programme P; transaction T-1", ("x1", "T-1"))
    (statement,) = (record for record in reading.records if isinstance(record, StatementRecord))
    assert (statement.account, statement.currency, statement.booked) == ("EXT:Jane Doe", "EUR", False)
    assert [v.standing for v in judge(reading.records, lambda *_: pytest.fail("nothing"))] == [Standing.UNPROVED]


def test_bank_accounts_are_accounts_of_the_ledger_with_the_name_of_their_party() -> None:
    reading = sound(JANE, UFER, FIRST, SECOND, payment(payerAccount=["a1"], beneficiaryAccount=["a2"]))
    assert sides(*events(reading))[:2] == ("DE02100100100006820101", "BANKGB2L/77")
    holders = {record.id: record.holder for record in reading.records if isinstance(record, AccountRecord)}
    assert holders == {"DE02100100100006820101": "Jane Doe", "BANKGB2L/77": "Ufer GmbH"}


def test_the_statement_is_that_of_the_side_with_an_account() -> None:
    reading = sound(JANE, UFER, FIRST, payment(beneficiaryAccount=["a1"]))
    (statement,) = (record for record in reading.records if isinstance(record, StatementRecord))
    assert statement.account == "DE02100100100006820101"


def test_entities_inside_entities_are_read_like_others() -> None:
    (event,) = events(sound(payment(payer=[JANE], beneficiary=[{**UFER, "properties": {"name": ["Inside"]}}])))
    assert sides(event)[:2] == ("EXT:Jane Doe", "EXT:Inside")


def test_an_entity_that_is_not_there_goes_by_its_id_with_a_remark() -> None:
    reading = sound(JANE, payment())
    assert sides(*events(reading))[1] == "EXT:c1"
    assert [remark.value for remark in reading.remarks] == ["c1"]


def test_two_entities_of_one_name_stay_two() -> None:
    twin = entity("p2", "Person", name=["Jane Doe"])
    (event,) = events(sound(JANE, twin, payment(beneficiary=["p2"])))
    assert sides(event)[:2] == ("EXT:Jane Doe, p1", "EXT:Jane Doe, p2")


@pytest.mark.parametrize(
    ("stated", "amount", "currency", "note"),
    [
        ({"amountUsd": ["1400"]}, 125050, "EUR", "also stated as 1400 USD"),
        ({"amount": [], "amountEur": ["9.5"]}, 950, "EUR", ""),
        ({"amount": [], "amountUsd": ["9.5"]}, 950, "USD", ""),
        ({"currency": [], "amountEur": ["9"]}, 900, "EUR", "amount 1250.50 without currency"),
        ({"currency": ["jpy"], "amount": ["5"]}, 5, "JPY", ""),
        ({"amount": [], "currency": [], "amountEur": ["1"], "amountUsd": ["2"]}, 100, "EUR", "also stated as 2 USD"),
    ],
)
def test_the_amount_that_is_used_and_those_that_are_kept(
    stated: Properties, amount: int, currency: str, note: str
) -> None:
    event = one(**stated)
    assert sides(event)[2:] == (amount, currency)
    assert event.note == note


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"amount": ["1", "2"]}, FieldWrong),
        ({"currency": ["EUR", "USD"]}, FieldWrong),
        ({"date": ["2021-04-02", "2021-04-03"]}, FieldWrong),
        ({"payer": ["p1", "c1"]}, FieldWrong),
        ({"amount": ["1,250.50"]}, AmountUnreadable),
        ({"amount": ["1e3"]}, AmountUnreadable),
        ({"amount": []}, FieldMissing),
        ({"currency": []}, FieldMissing),
        ({"date": ["2021-04"]}, DateUnreadable),
        ({"date": []}, FieldMissing),
    ],
)
def test_what_is_not_certain_is_a_problem_of_the_payment_and_no_choice(
    changed: Properties, kind: type[Problem]
) -> None:
    reading = read(JANE, UFER, payment(), payment("x2", **changed))
    assert reading.problems == ()
    assert wrong(reading) == [kind]
    assert len(events(reading)) == 1


def test_a_wrong_payment_of_somebody_without_another_is_one_of_the_file() -> None:
    reading = read(JANE, UFER, payment(amount=["1", "2"], currency=[]))
    assert reading.broken_rows == ()
    assert wrong(reading) == [FieldMissing]


def test_zero_and_payments_to_oneself_are_listed() -> None:
    reading = sound(JANE, UFER, payment(amount=["0"]), payment("x2", beneficiary=["p1"]))
    assert [row.reason for row in reading.unbooked] == ["its amount is zero", "payer and payee are one"]


def test_the_same_entity_twice_is_one_and_another_under_its_id_is_a_problem() -> None:
    assert len(events(sound(JANE, JANE, UFER, payment(), payment()))) == 1
    assert wrong(read(JANE, UFER, payment(), payment(amount=["7"]))) == [DuplicateId]


def test_a_file_without_payments_is_refused() -> None:
    assert wrong(read(JANE, UFER)) == [FieldMissing]


@pytest.mark.parametrize(
    "line", ['{"id": "b", "schema"', '{"id": 1, "schema": "Person", "properties": {}}', "[]", "{}"]
)
def test_a_line_that_is_no_entity_is_named_with_its_row(line: str) -> None:
    text = f"{json.dumps(JANE)}\n{json.dumps(UFER)}\n{json.dumps(payment())}\n{line}\n"
    reading = read_records(source_of("entities.json", text.encode()))
    assert [problem.place.row for problem in reading.problems] == [4]


LINES = [json.dumps(each) for each in (JANE, UFER, FIRST, SECOND, payment(payerAccount=["a1"]), payment("x2"))]
PIECES = st.sampled_from(
    ["", '"', "[", "]", "{", "}", ",", "null", "1", '"a"', "\\u0000", "\x00", "NaN", "é", "\n", '["a","b"]']
)


@given(st.permutations(LINES), st.integers(0, 900), PIECES, st.integers(0, 40))
def test_whatever_becomes_of_a_file_it_is_read_or_refused(lines: list[str], place: int, piece: str, lost: int) -> None:
    text = "\n".join(lines)
    at = place % len(text)
    found: tuple[Problem, ...]
    try:
        reading = read_records(source_of("any", (text[:at] + piece + text[at + lost :]).encode()))
        found = reading.problems
    except InputErrors as errors:
        found = errors.problems
    assert all(str(problem) and problem.remedy for problem in found)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("path", "count"), [("yente/parteispenden_entities.ftm.json", 289), ("nomenklatura/donations.ijson", 290)]
)
def test_published_donations(data_root: Path, path: str, count: int) -> None:
    """Real donations to German parties; in one of the two files somebody gave a payment a second beneficiary."""
    file = data_root / "ownership" / "opensanctions_ftm" / path
    reading = read_records(read_source(file))
    assert reading.problems == ()
    assert (len(events(reading)), len(reading.broken_rows)) == (count, 290 - count)
    broken = {row.pointer.row for row in reading.broken_rows}
    total = Decimal(0)
    for row, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        data = json.loads(line)
        if data["schema"] == "Payment" and row not in broken:
            total += Decimal(data["properties"]["amountEur"][0])
    assert sum(leg.amount for event in events(reading) for leg in event.inputs) == total * 100
