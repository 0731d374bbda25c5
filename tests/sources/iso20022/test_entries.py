"""One entry to one event: legs, charges, exchange, batches, returns; nothing dropped and nothing twice."""

from __future__ import annotations

import pytest
from messages import OWN, balance, detail, document, entry, event, legs, read, read_entries, statement
from tests.sources.readings import accounts, events

from trover.ledger.build import build_ledger
from trover.trace.claim import Assumptions, Claim
from trover.trace.compare import run

CHARGE = "<Chrgs><Rcrd><Amt Ccy='EUR'>{}</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>{}</ChrgInclInd></Rcrd></Chrgs>"


def foreign(amount: str, currency: str, rate: str = "1.1") -> str:
    exchange = f"<CcyXchg><SrcCcy>EUR</SrcCcy><XchgRate>{rate}</XchgRate></CcyXchg>"
    return (
        f"<AmtDtls><InstdAmt><Amt Ccy='{currency}'>{amount}</Amt></InstdAmt>"
        f"<CntrValAmt><Amt Ccy='EUR'>1</Amt>{exchange}</CntrValAmt></AmtDtls>"
    )


def test_a_credit_comes_from_the_debtor_and_a_debit_goes_to_the_creditor() -> None:
    both = detail(debtor="Payer/FR7630006000011234567890189", creditor="Payee/DE02120300000000202051")
    assert legs(event(entry("10", "CRDT", details=both))) == "EXT:FR7630006000011234567890189 1000 EUR -> own 1000 EUR"
    assert legs(event(entry("10", "DBIT", details=both))) == "own 1000 EUR -> EXT:DE02120300000000202051 1000 EUR"


def test_a_party_without_account_is_known_by_name_and_one_without_name_by_place() -> None:
    assert legs(event(entry("1", details=detail(debtor="Jane")))) == "EXT:Jane 100 EUR -> own 100 EUR"
    nameless = event(entry("1"))
    assert legs(nameless) == f"EXT:UNKNOWN:{nameless.id} 100 EUR -> own 100 EUR"


def test_the_holder_of_a_counterparty_is_kept() -> None:
    reading = read_entries(entry("1", details=detail(debtor="Jane Client/FR7630006000011234567890189")))
    assert accounts(reading)["EXT:FR7630006000011234567890189"].holder == "Jane Client"


def test_an_entry_that_names_its_own_account_as_counterparty_does_not_pay_itself() -> None:
    found = event(entry("5", "DBIT", details=detail(creditor=f"Owner/{OWN}")))
    assert found.outputs[0].account.startswith("EXT:UNKNOWN:")


def test_a_charge_that_the_debit_includes_is_a_leg_of_its_own() -> None:
    found = event(
        entry("603.50", "DBIT", more=CHARGE.format("3.50", "true"), details=detail(creditor="Dealer", amount="600"))
    )
    assert legs(found) == f"own 60350 EUR -> EXT:Dealer 60000 EUR + FEE:{found.id} 350 EUR"


def test_a_charge_beside_the_entry_or_on_a_credit_moves_nothing_and_is_noted() -> None:
    beside = event(entry("10", "DBIT", more=CHARGE.format("3.50", "false"), details=detail(creditor="Dealer")))
    assert legs(beside) == "own 1000 EUR -> EXT:Dealer 1000 EUR"
    assert "charge 3.50 EUR, not included" in beside.note
    credit = event(entry("10", "CRDT", more=CHARGE.format("3.50", "true"), details=detail(debtor="Jane")))
    assert legs(credit) == "EXT:Jane 1000 EUR -> own 1000 EUR"
    assert "charge 3.50 EUR, included" in credit.note


def test_a_charge_that_entry_and_detail_both_print_is_taken_once() -> None:
    charge = CHARGE.format("1", "true")
    found = event(entry("10", "DBIT", more=charge, details=detail(creditor="Dealer", more=charge)))
    assert legs(found) == f"own 1000 EUR -> EXT:Dealer 900 EUR + FEE:{found.id} 100 EUR"


def test_exchange_gives_amount_and_cost_where_both_are_stated() -> None:
    out = event(entry("100", "DBIT", details=detail(creditor="Shop", more=foreign("110.00", "USD"))))
    assert legs(out) == "own 10000 EUR -> EXT:Shop 11000 USD [10000]"
    assert "110.00 USD at rate 1.1" in out.note
    come = event(entry("100", "CRDT", details=detail(debtor="Jane", more=foreign("15000", "JPY", "150"))))
    assert legs(come) == "EXT:Jane 15000 JPY -> own 10000 EUR [15000]"


def test_an_instructed_amount_in_the_same_currency_is_no_exchange() -> None:
    same = "<AmtDtls><InstdAmt><Amt Ccy='EUR'>105</Amt></InstdAmt></AmtDtls>"
    assert legs(event(entry("100", details=detail(debtor="Jane", more=same)))) == "EXT:Jane 10000 EUR -> own 10000 EUR"


def test_a_batch_whose_details_sum_to_it_is_one_event_with_a_leg_each() -> None:
    found = event(entry("30", "DBIT", details=detail(creditor="A", amount="10") + detail(creditor="B", amount="20.00")))
    assert legs(found) == "own 3000 EUR -> EXT:A 1000 EUR + EXT:B 2000 EUR"
    come = event(entry("30", "CRDT", details=detail(debtor="A", amount="10") + detail(debtor="B", amount="20.00")))
    assert legs(come) == "EXT:A 1000 EUR + EXT:B 2000 EUR -> own 3000 EUR"


def test_amounts_of_details_may_stand_in_amtdtls_as_in_version_two() -> None:
    more = "<AmtDtls><TxAmt><Amt Ccy='EUR'>{}</Amt></TxAmt></AmtDtls>"
    details = detail(creditor="A", more=more.format("10")) + detail(creditor="B", more=more.format("20"))
    assert legs(event(entry("30", "DBIT", details=details))) == "own 3000 EUR -> EXT:A 1000 EUR + EXT:B 2000 EUR"


def test_a_batch_with_a_charge_beside_its_details() -> None:
    details = detail(creditor="A", amount="10") + detail(creditor="B", amount="20")
    found = event(entry("30.50", "DBIT", more=CHARGE.format("0.50", "true"), details=details))
    assert legs(found) == f"own 3050 EUR -> EXT:A 1000 EUR + EXT:B 2000 EUR + FEE:{found.id} 50 EUR"


@pytest.mark.parametrize(
    ("details", "says"),
    [
        (detail(creditor="A", amount="10") + detail(creditor="B", amount="19"), "sum to 2900 minor units"),
        (detail(creditor="A", amount="10") + detail(creditor="B"), "not every detail states its amount"),
        (detail(creditor="A", amount="10") + detail(creditor="B", amount="20", currency="USD"), "another currency"),
        (
            detail(creditor="A", amount="10", more="<CdtDbtInd>CRDT</CdtDbtInd>") + detail(creditor="B", amount="20"),
            "both directions",
        ),
    ],
)
def test_a_batch_whose_details_do_not_sum_to_it_stands_alone_and_says_why(details: str, says: str) -> None:
    found = event(entry("30", "DBIT", details=details))
    assert legs(found) == f"own 3000 EUR -> EXT:UNKNOWN:{found.id} 3000 EUR"
    assert says in found.note
    assert "the details are: 10 EUR A; " in found.note


def test_a_batch_to_one_party_keeps_the_party_when_its_details_do_not_sum() -> None:
    details = detail(creditor="A", amount="10") + detail(creditor="A", amount="19")
    assert legs(event(entry("30", "DBIT", details=details))) == "own 3000 EUR -> EXT:A 3000 EUR"


def test_one_detail_with_another_amount_does_not_change_the_entry() -> None:
    found = event(entry("8.85", details=detail(debtor="Jane", amount="105.750")))
    assert legs(found) == "EXT:Jane 885 EUR -> own 885 EUR"
    assert "the entry is 8.85 EUR, its detail 105.750 EUR" in found.note


def test_the_note_keeps_references_purpose_and_value_date() -> None:
    refs = (
        "<EndToEndId>E1</EndToEndId><TxId>T1</TxId><AcctSvcrRef>B1</AcctSvcrRef><InstrId>NOTPROVIDED</InstrId>"
        "<Prtry><Tp>LegalSequenceNumber</Tp><Ref>100</Ref></Prtry>"
    )
    found = event(
        entry(
            "1",
            more="<ValDt><Dt>2021-04-03</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
            "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><AddtlNtryInf>TRANSFER</AddtlNtryInf>",
            details=detail(refs=refs, more="<RmtInf><Ustrd>invoice</Ustrd><Ustrd>17</Ustrd></RmtInf>"),
        )
    )
    assert found.note == (
        "invoice 17; end-to-end id E1; transaction id T1; bank's reference B1; reference 100; TRANSFER; "
        "code PMNT/RCDT/ESCT; value date 2021-04-03"
    )
    assert found.references == ("E1", "T1", "B1")


def test_a_batch_carries_the_references_of_all_its_details() -> None:
    parts = "".join(detail(amount="5", refs=f"<EndToEndId>{each}</EndToEndId>") for each in ("E1", "E2", "E1"))
    assert event(entry("15", "DBIT", details=parts)).references == ("E1", "E2")


def test_interest_is_known_by_the_code_of_the_bank() -> None:
    code = "<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MCOP</Cd><SubFmlyCd>INTR</SubFmlyCd></Fmly></Domn></BkTxCd>"
    assert event(entry("1", "CRDT", more=code)).kind == "interest"
    assert event(entry("1", "DBIT", more=code)).kind == ""


REF = "<EndToEndId>PAY-7</EndToEndId>"
BACK = "<RtrInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>wrong number</AddtlInf></RtrInf>"


def test_a_returned_payment_names_the_payment_with_its_reference() -> None:
    reading = read_entries(
        entry("40", "DBIT", details=detail(creditor="Shop", refs=REF)),
        entry("40", "CRDT", day="<Dt>2021-04-02</Dt>", details=detail(debtor="Owner", refs=REF, more=BACK)),
    )
    paid, back = events(reading)
    assert (back.kind, back.reverses, paid.kind) == ("reversal", paid.id, "")
    assert "returned: AC01 wrong number" in back.note


@pytest.mark.parametrize(
    "others",
    [
        [("41", REF)],
        [("40", "<EndToEndId>PAY-8</EndToEndId>")],
        [("40", REF), ("40", REF)],
        [("40", "")],
    ],
)
def test_a_return_that_no_one_payment_fits_names_none(others: list[tuple[str, str]]) -> None:
    paid = [entry(amount, "DBIT", details=detail(creditor="Shop", refs=refs)) for amount, refs in others]
    back = entry("40", "CRDT", more="<RvslInd>true</RvslInd>", details=detail(refs=REF))
    found = events(read_entries(*paid, back))[-1]
    assert (found.kind, found.reverses) == ("reversal", "")
    assert "the bank marks it as a reversal" in found.note


def test_in_a_return_the_other_party_is_found_where_the_roles_are_those_of_the_payment() -> None:
    parties = detail(debtor=f"Owner/{OWN}", creditor="Shop", more=BACK)
    assert legs(event(entry("40", "CRDT", details=parties))) == "EXT:Shop 4000 EUR -> own 4000 EUR"


def test_what_is_not_booked_is_listed_with_its_reason() -> None:
    reading = read_entries(
        entry("1", status="PDNG"),
        entry("2", status="INFO"),
        entry("3", status="FUTR"),
        entry("0.00"),
        entry("5"),
    )
    assert [legs(each) for each in events(reading)] == [f"EXT:UNKNOWN:{events(reading)[0].id} 500 EUR -> own 500 EUR"]
    assert [(row.amount, row.reason) for row in reading.unbooked] == [
        ("1 EUR CRDT", "the bank reports it as pending"),
        ("2 EUR CRDT", "the bank reports it for information only"),
        ("3 EUR CRDT", "the bank reports it as a booking of the future"),
        ("0.00 EUR CRDT", "its amount is zero"),
    ]
    assert {row.statement for row in reading.unbooked} == {events(reading)[0].statement}


def test_both_sides_of_a_payment_in_one_file_each_move_their_own_account() -> None:
    other = "DE02120300000000202051"
    paid = entry("7", "DBIT", details=detail(creditor=f"Owner/{other}"))
    come = entry("7", "CRDT", details=detail(debtor=f"Owner/{OWN}"))
    reading = read(
        document(
            statement(balance("OPBD", "10"), paid, balance("CLBD", "3")),
            statement(balance("OPBD", "0"), come, balance("CLBD", "7"), account=other, id="S-2"),
        )
    )
    assert [legs(each) for each in events(reading)] == [
        f"own 700 EUR -> EXT:{other} 700 EUR",
        f"EXT:{OWN} 700 EUR -> {other} 700 EUR",
    ]


def test_statements_of_both_sides_in_one_ledger_move_nothing_twice() -> None:
    other = "DE02120300000000202051"
    paid = entry("7", "DBIT", details=detail(creditor=f"Owner/{other}"))
    come = entry("7", "CRDT", details=detail(debtor=f"Owner/{OWN}"))
    payer = read(document(statement(balance("OPBD", "10"), paid, balance("CLBD", "3"))))
    payee = read(document(statement(balance("OPBD", "0"), come, balance("CLBD", "7"), account=other)))
    ledger = build_ledger([*payer.records, *payee.records])
    assert {id for id, account in ledger.account_by_id.items() if not account.is_external} == {OWN, other}
    assert [event.outputs[0].account for event in ledger] == [f"EXT:{other}", other]


def test_a_return_restores_what_the_payment_had_when_it_is_traced() -> None:
    reading = read_entries(
        balance("OPBD", "0"),
        entry("40", "CRDT", details=detail(debtor="Victim")),
        entry("40", "DBIT", day="<Dt>2021-04-02</Dt>", details=detail(creditor="Shop", refs=REF)),
        entry("9", "CRDT", day="<Dt>2021-04-02</Dt>", details=detail(debtor="Other")),
        entry("40", "CRDT", day="<Dt>2021-04-03</Dt>", details=detail(debtor="Owner", refs=REF, more=BACK)),
        balance("CLBD", "49"),
    )
    ledger = build_ledger(reading.records)
    victim = events(reading)[0].id
    returns = {event.id: event.reverses for event in events(reading) if event.reverses}
    given = Assumptions(claims=(Claim("V", 4000, transfer=victim),), reverses=returns)
    (answer,) = run(ledger, given, ["fifo"])
    assert answer.table[OWN] == {"V": 4000, "OWN": 900}
