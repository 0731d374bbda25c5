"""Instructed payments are announced: events of the kind instruction on statements that are not booked."""

from __future__ import annotations

from datetime import date

from messages import legs, party, read
from tests.sources.readings import events, statements

from trover.sources.record import EventRecord


def pacs008(*payments: str, day: str = "<IntrBkSttlmDt>2021-04-01</IntrBkSttlmDt>") -> str:
    return f"<FIToFICstmrCdtTrf><GrpHdr><MsgId>M-1</MsgId>{day}</GrpHdr>{''.join(payments)}</FIToFICstmrCdtTrf>"


def payment(
    amount: str = "20.00", debtor: str = "Jane/DE02120300000000202051", creditor: str = "Shop", more: str = ""
) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId><TxId>T1</TxId></PmtId>"
        f"<IntrBkSttlmAmt Ccy='EUR'>{amount}</IntrBkSttlmAmt>{more}{party('Dbtr', debtor)}{party('Cdtr', creditor)}"
        f"<RmtInf><Ustrd>invoice</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def read_message(message: str) -> tuple[list[EventRecord], list[str]]:
    reading = read(f"<Document>{message}</Document>")
    assert all(not statement.booked for statement in statements(reading))
    assert {event.kind for event in events(reading)} <= {"instruction"}
    return events(reading), [legs(event) for event in events(reading)]


def test_pacs_008() -> None:
    found, shown = read_message(pacs008(payment(), payment("5", debtor="Joe")))
    assert shown == [
        "EXT:DE02120300000000202051 2000 EUR -> EXT:Shop 2000 EUR",
        "EXT:Joe 500 EUR -> EXT:Shop 500 EUR",
    ]
    assert found[0].note == "invoice; end-to-end id E1; transaction id T1"
    assert found[0].time.date() == date(2021, 4, 1)
    assert len({event.statement for event in found}) == 2


def test_a_payment_may_state_its_own_day_and_what_was_instructed() -> None:
    more = "<IntrBkSttlmDt>2021-04-02</IntrBkSttlmDt><InstdAmt Ccy='USD'>25</InstdAmt><XchgRate>0.8</XchgRate>"
    (found,), _ = read_message(pacs008(payment(more=more), day=""))
    assert found.time_text == "2021-04-02"
    assert "instructed 25 USD; exchange rate 0.8" in found.note


def test_pain_001() -> None:
    order = (
        "<CstmrCdtTrfInitn><GrpHdr><MsgId>M-1</MsgId></GrpHdr><PmtInf><ReqdExctnDt><Dt>2021-04-05</Dt></ReqdExctnDt>"
        f"{party('Dbtr', 'Jane/DE02120300000000202051')}<CdtTrfTxInf><Amt><InstdAmt Ccy='JPY'>1000</InstdAmt></Amt>"
        f"{party('Cdtr', 'Shop')}</CdtTrfTxInf><CdtTrfTxInf><Amt><EqvtAmt><Amt Ccy='CHF'>3.00</Amt>"
        f"<CcyOfTrf>EUR</CcyOfTrf></EqvtAmt></Amt>{party('Cdtr', 'Hotel')}</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn>"
    )
    found, shown = read_message(order)
    assert shown == [
        "EXT:DE02120300000000202051 1000 JPY -> EXT:Shop 1000 JPY",
        "EXT:DE02120300000000202051 300 CHF -> EXT:Hotel 300 CHF",
    ]
    assert found[1].note == "to be sent in EUR"


def test_pain_008_collects_from_the_debtor() -> None:
    order = (
        f"<CstmrDrctDbtInitn><PmtInf><ReqdColltnDt>2021-04-05</ReqdColltnDt>{party('Cdtr', 'Shop')}<DrctDbtTxInf>"
        f"<InstdAmt Ccy='EUR'>4</InstdAmt>{party('Dbtr', 'Jane')}</DrctDbtTxInf></PmtInf></CstmrDrctDbtInitn>"
    )
    assert read_message(order)[1] == ["EXT:Jane 400 EUR -> EXT:Shop 400 EUR"]


RETURN = (
    "<PmtRtr><GrpHdr><IntrBkSttlmDt>2021-04-06</IntrBkSttlmDt></GrpHdr><TxInf><OrgnlEndToEndId>E1</OrgnlEndToEndId>"
    "<RtrdIntrBkSttlmAmt Ccy='EUR'>20</RtrdIntrBkSttlmAmt>{}<RtrRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
    "<AddtlInf>closed</AddtlInf></RtrRsnInf><OrgnlTxRef>{}{}</OrgnlTxRef></TxInf></PmtRtr>"
)


def test_pacs_004_goes_back_from_payee_to_payer() -> None:
    (found,), shown = read_message(RETURN.format("", party("Dbtr", "Jane"), party("Cdtr", "Shop")))
    assert shown == ["EXT:Shop 2000 EUR -> EXT:Jane 2000 EUR"]
    assert found.note == "returned: AC04 closed; original end-to-end id E1"


def test_pacs_004_with_a_chain_of_its_own() -> None:
    chain = f"<RtrChain>{party('Dbtr', 'Bank of Shop')}{party('Cdtr', 'Jane')}</RtrChain>"
    _, shown = read_message(RETURN.format(chain, party("Dbtr", "Jane"), party("Cdtr", "Shop")))
    assert shown == ["EXT:Bank of Shop 2000 EUR -> EXT:Jane 2000 EUR"]


def test_institutions_pay_in_pacs_009() -> None:
    bank = "<{0}><FinInstnId><BICFI>{1}</BICFI></FinInstnId></{0}>"
    text = (
        "<FICdtTrf><CdtTrfTxInf><IntrBkSttlmAmt Ccy='USD'>9</IntrBkSttlmAmt><IntrBkSttlmDt>2021-04-01</IntrBkSttlmDt>"
        f"{bank.format('Dbtr', 'AAAAUS33')}{bank.format('Cdtr', 'BBBBUS33')}</CdtTrfTxInf></FICdtTrf>"
    )
    assert read_message(text)[1] == ["EXT:AAAAUS33 900 USD -> EXT:BBBBUS33 900 USD"]


def test_a_payment_to_oneself_moves_nothing_and_is_listed() -> None:
    reading = read(f"<Document>{pacs008(payment(creditor='Jane/DE02120300000000202051'))}</Document>")
    assert events(reading) == []
    assert [(row.amount, row.reason) for row in reading.unbooked] == [("20.00 EUR", "payer and payee are one account")]


def test_two_persons_of_one_name_are_told_apart_by_their_numbers() -> None:
    person = "<{0}><Nm>Jane</Nm><Id><PrvtId><Othr><Id>{1}</Id></Othr></PrvtId></Id></{0}>"
    text = payment(debtor="", creditor="", more=person.format("Dbtr", "1") + person.format("Cdtr", "2"))
    assert read_message(pacs008(text))[1] == ["EXT:Jane, 1 2000 EUR -> EXT:Jane, 2 2000 EUR"]
