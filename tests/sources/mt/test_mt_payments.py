"""MT103 and MT202 as instructions, MT900 and MT910 as advices: amounts, parties, charges, references."""

from __future__ import annotations

from datetime import date

import pytest
from mt_messages import enveloped, read, sound
from tests.sources.readings import accounts, events, statements

from trover.errors import FieldMissing, FieldWrong, MessageNotRead
from trover.sources.reader import Reading
from trover.sources.record import EventRecord

HEADER = "{1:F01BANKDEFFAXXX0000000000}{2:I103BANKFRPPXABCN}{3:{121:8f3c1d2e-aaaa-4bbb-8ccc-123456789abc}}{4:\n"
PAYER = ":50K:/DE02100100100006820101\nJANE PAYER\n1 STREET\nBERLIN"
PAYEE = ":59:/FR7630006000011234567890189\nJOE PAYEE\nPARIS"
PARTIES = f"{PAYER}\n{PAYEE}"


def payment(*fields: str, header: str = HEADER, trailer: str = "{5:{CHK:1}}") -> str:
    return f"{header}:20:REF-1\n:23B:CRED\n" + "".join(f"{field}\n" for field in fields) + f"-}}{trailer}\n"


def one(text: str) -> EventRecord:
    (event,) = events(sound(text))
    return event


def legs(record: EventRecord) -> list[tuple[str, int, str, int | None]]:
    return [(leg.account, leg.amount, leg.currency, leg.cost) for leg in (*record.inputs, *record.outputs)]


def kinds(reading: Reading) -> list[type]:
    return [type(problem) for problem in reading.problems]


def test_a_payment_is_an_instruction_with_both_parties_outside() -> None:
    reading = sound(payment(":32A:210402EUR250,", PARTIES, ":70:/INV/42\nof April", ":71A:SHA"))
    (event,) = events(reading)
    assert legs(event) == [
        ("EXT:DE02100100100006820101", 25000, "EUR", None),
        ("EXT:FR7630006000011234567890189", 25000, "EUR", None),
    ]
    assert (event.kind, event.time.date(), event.time_text) == ("instruction", date(2021, 4, 2), "210402")
    assert event.references == ("8f3c1d2e-aaaa-4bbb-8ccc-123456789abc", "REF-1")
    assert event.note == (
        "/INV/42 of April; sender's reference REF-1; UETR 8f3c1d2e-aaaa-4bbb-8ccc-123456789abc; operation CRED; "
        "charges SHA; sender BANKDEFF; receiver BANKFRPPABC"
    )
    assert accounts(reading)["EXT:DE02100100100006820101"].holder == "JANE PAYER"
    (statement,) = statements(reading)
    assert (statement.booked, statement.account, statement.number) == (False, event.inputs[0].account, "REF-1")
    assert (statement.start, statement.opening) == (date(2021, 4, 2), None)


def test_a_charge_of_the_sender_is_a_leg_where_the_amounts_prove_it() -> None:
    event = one(payment(":32A:210402EUR240,", ":33B:EUR250,", PARTIES, ":71A:BEN", ":71F:EUR7,", ":71F:EUR3,"))
    assert [leg[1:] for leg in legs(event)] == [(25000, "EUR", None), (24000, "EUR", None), (1000, "EUR", None)]
    assert event.outputs[1].account == f"FEE:{event.id}"
    other = one(payment(":32A:210402EUR240,", ":33B:EUR250,", PARTIES, ":71F:EUR7,"))
    assert [leg[1:] for leg in legs(other)] == [(24000, "EUR", None), (24000, "EUR", None)]
    assert "ordered EUR250,; charges" not in other.note
    assert "ordered EUR250," in other.note


def test_another_currency_ordered_is_what_the_payer_gives() -> None:
    event = one(payment(":32A:210402JPY30000,", ":33B:EUR250,", ":36:120,", PARTIES))
    assert legs(event) == [
        ("EXT:DE02100100100006820101", 25000, "EUR", None),
        ("EXT:FR7630006000011234567890189", 30000, "JPY", 25000),
    ]
    assert "rate 120," in event.note


@pytest.mark.parametrize(
    ("field", "id", "name"),
    [
        (":50K:/123\nJANE\nSTREET", "123", "JANE"),
        (":50K:JANE\nSTREET", "JANE", "JANE"),
        (":50A:/123\nBANKDEFFXXX", "123", ""),
        (":50A:BANKDEFF", "BANKDEFF", ""),
        (":50F:/123\n1/JANE\n1/DOE\n2/STREET\n3/DE/BERLIN", "123", "JANE DOE"),
        (":50F:NIDN/DE/77\n1/JANE\n2/STREET", "JANE", "JANE"),
        (":50F:NIDN/DE/77", "NIDN/DE/77", ""),
        (":50K:/DE02 1001 0010 0006 8201 01\nJANE", "DE02100100100006820101", "JANE"),
    ],
)
def test_a_payer_in_each_option(field: str, id: str, name: str) -> None:
    reading = sound(payment(":32A:210402EUR1,", field, PAYEE))
    assert events(reading)[0].inputs[0].account == f"EXT:{id}"
    assert accounts(reading)[f"EXT:{id}"].holder == name


@pytest.mark.parametrize(
    ("field", "id"),
    [(":59A:/123\nBANKDEFF", "123"), (":59F:/123\n1/JOE\n2/ST", "123"), (":59:JOE\nST", "JOE"), (":59:/1\nJOE", "1")],
)
def test_a_payee_in_each_option(field: str, id: str) -> None:
    assert one(payment(":32A:210402EUR1,", PAYER, field)).outputs[0].account == f"EXT:{id}"


def test_two_persons_of_one_name_are_told_apart() -> None:
    event = one(payment(":32A:210402EUR1,", ":50F:NIDN/DE/77\n1/JO", ":59F:CCPT/FR/88\n1/JO"))
    assert (event.inputs[0].account, event.outputs[0].account) == ("EXT:JO, NIDN/DE/77", "EXT:JO, CCPT/FR/88")


def test_a_payment_without_blocks_is_known_by_its_fields() -> None:
    event = one(payment(":32A:210402EUR1,", PARTIES, header="", trailer=""))
    assert (event.kind, event.references) == ("instruction", ("REF-1",))


def test_a_payment_between_banks() -> None:
    header = HEADER.replace("I103", "I202")
    event = one(
        payment(":21:REL-9", ":32A:210402USD5,", ":52A:BANKGB2L", ":57A:BANKUS33", ":58A:/77\nBANKCNBJ", header=header)
    )
    assert legs(event) == [("EXT:BANKGB2L", 500, "USD", None), ("EXT:77", 500, "USD", None)]
    assert event.references[1:] == ("REF-1", "REL-9")
    assert "related reference REL-9" in event.note
    assert "ordering bank BANKGB2L; account with bank BANKUS33" in event.note


def test_a_cover_names_the_banks_and_keeps_whom_it_covers() -> None:
    header = HEADER.replace("I103", "I202").replace("{3:", "{3:{119:COV}")
    event = one(payment(":21:REL-9", ":32A:210402USD5,", ":58A:BANKCNBJ", PARTIES, header=header))
    assert legs(event) == [("EXT:BANKDEFF", 500, "USD", None), ("EXT:BANKCNBJ", 500, "USD", None)]
    assert "underlying payer /DE02100100100006820101 JANE PAYER" in event.note
    assert "underlying payee /FR7630006000011234567890189 JOE PAYEE" in event.note


@pytest.mark.parametrize(("kind", "came"), [("900", False), ("910", True)])
def test_an_advice_moves_the_account_it_names_and_is_not_booked_for_good(kind: str, came: bool) -> None:
    text = ":20:A\n:21:REF-1\n:25:12345678/99\n:32A:210402EUR5,\n:50K:/77\nJANE\n:52A:BANKDEFF\n-"
    reading = sound(enveloped(text, kind=kind))
    (event,) = events(reading)
    (statement,) = statements(reading)
    assert (statement.account, statement.booked) == ("12345678/99", False)
    own = event.outputs if came else event.inputs
    assert [(leg.account, leg.amount) for leg in own] == [("12345678/99", 500)]
    assert event.references == ("A", "REF-1")
    assert event.kind == ""
    assert came == (event.inputs[0].account == "EXT:77")


def test_an_advice_without_block_2_is_refused() -> None:
    assert kinds(read(":20:A\n:21:B\n:25:1/99\n:32A:210402EUR5,\n-")) == [MessageNotRead]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ((PARTIES,), FieldMissing),
        ((":32A:210402EUR5,", PAYER), FieldMissing),
        ((":32A:210402EUR5,", PAYEE), FieldMissing),
        ((":32A:EUR5,", PARTIES), FieldWrong),
        ((":32A:210402EUR5,", ":50K:\n", PAYEE), FieldMissing),
    ],
)
def test_a_payment_without_what_it_needs_is_refused(fields: tuple[str, ...], wrong: type) -> None:
    reading = read(payment(*fields))
    assert kinds(reading) == [wrong]
    assert events(reading) == []


def test_what_moves_nothing_is_listed() -> None:
    zero = sound(payment(":32A:210402EUR0,", PARTIES))
    alone = sound(payment(":32A:210402EUR5,", PAYER, ":59:/DE02100100100006820101\nJANE"))
    test = sound(payment(":32A:210402EUR5,", PARTIES, trailer="{5:{TNG:}}"))
    assert [row.reason for reading in (zero, alone, test) for row in reading.unbooked] == [
        "its amount is zero",
        "payer and payee are one",
        "it stands in a training message ({TNG:}), which moves nothing",
    ]


def test_a_message_that_may_be_a_second_copy_says_so() -> None:
    assert "perhaps sent twice" in one(payment(":32A:210402EUR5,", PARTIES, trailer="{5:{PDE:}}")).note


def test_payments_and_statements_in_one_file() -> None:
    text = payment(":32A:210402EUR5,", PARTIES) + enveloped(
        ":20:X\n:25:1/2\n:28C:1\n:60F:C210401EUR1,\n:62F:C210401EUR1,\n"
    )
    assert [each.booked for each in statements(sound(text))] == [True, False]
