"""A row that cannot be read fails the statement on which it stands; the other rows and statements are read."""

from __future__ import annotations

import pytest
from messages import OWN, balance, detail, document, entry, party, read, read_entries, statement
from test_instructions import pacs008, payment
from tests.sources.readings import accounts, events, rows_accounted_for, statements

from trover.errors import (
    AmountNotPositive,
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    Place,
    Problem,
    TooLong,
    UnknownCurrency,
)
from trover.ledger.gate import Standing, judge
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import BrokenRow

OTHER = "DE02120300000000202051"
GOOD = entry("5")
LONG = "x" * 20_001


def refused(text: str) -> list[type[Problem]]:
    return [type(problem) for problem in read_records(source_of("message.xml", text.encode())).problems]


def broken(row: BrokenRow) -> list[type[Problem]]:
    return [type(problem) for problem in row.problems]


def standings(reading: Reading) -> list[Standing]:
    return [
        verdict.standing for verdict in judge(reading.records, lambda pointer, column="": Place(), reading.broken_rows)
    ]


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        (entry("12..34"), [AmountUnreadable]),
        (entry("1.005"), [AmountTooFine]),
        (entry("-1"), [AmountNotPositive]),
        (entry("1", currency="EUX"), [UnknownCurrency]),
        (entry("1").replace(" Ccy='EUR'", ""), [FieldMissing]),
        (entry("1").replace("<Amt Ccy='EUR'>1</Amt>", ""), [FieldMissing]),
        (entry("1", "IN"), [FieldWrong]),
        (entry("1", status="DONE"), [FieldWrong]),
        (entry("1", day=""), [FieldMissing]),
        (entry("1", day="<Dt>2021-02-30</Dt>"), [DateUnreadable]),
        (entry("1", details=detail(amount="x")), [AmountUnreadable]),
        (entry("1", details=detail(debtor="J" * 201)), [TooLong]),
        (entry("1", more=f"<AddtlNtryInf>{LONG}</AddtlNtryInf>"), [TooLong]),
        (entry("x", status="PDNG"), [AmountUnreadable]),
        (
            entry("x", "", status="DONE", day="", details=detail(amount="y"), more=f"<NtryRef>{LONG}</NtryRef>"),
            [TooLong, AmountUnreadable, FieldMissing, FieldWrong, FieldMissing, AmountUnreadable],
        ),
        (entry("1", day="<Dt>x</Dt>", details=detail(debtor="J" * 201)), [DateUnreadable, TooLong]),
        ("<Ntry/>", [FieldMissing, FieldMissing, FieldMissing, FieldMissing]),
    ],
)
def test_an_entry_carries_all_that_is_wrong_with_it(row: str, kinds: list[type[Problem]]) -> None:
    reading = read(document(statement(GOOD, "\n", row), statement(GOOD, account=OTHER, id="S-2")))
    (bad,) = reading.broken_rows
    assert broken(bad) == kinds
    assert (bad.account, bad.statement, bad.id) == (OWN, statements(reading)[0].id, f"{statements(reading)[0].id}:2")
    assert (bad.pointer.row, bad.pointer.page) == (3, "S-1")
    assert all(problem.place.row == 3 and problem.place.page == "S-1" for problem in bad.problems)
    assert (len(events(reading)), reading.broken) == (2, {bad.id})
    assert not any(len(id) > 200 for id in accounts(reading))


def test_only_its_own_statement_fails() -> None:
    balances = balance("OPBD", "10"), balance("CLBD", "15")
    reading = read(
        document(
            statement(*balances, GOOD, entry("x")),
            statement(*balances, GOOD, id="S-2", account=OTHER),
            statement(balance("OPBD", "15"), entry("1"), balance("CLBD", "16"), id="S-3"),
        )
    )
    assert standings(reading) == [Standing.FAILED, Standing.PROVED, Standing.PROVED]
    assert rows_accounted_for(reading) == 4


def test_the_accounts_of_one_number_fail_apart() -> None:
    usd = balance("OPBD", "1", "USD"), entry("1", currency="USD"), balance("CLBD", "2", "USD")
    reading = read_entries(balance("OPBD", "10"), GOOD, balance("CLBD", "15"), *usd, entry("x", currency="USD"))
    assert standings(reading) == [Standing.PROVED, Standing.FAILED]
    (bad,) = reading.broken_rows
    assert (bad.account, bad.statement) == (f"{OWN} in USD", statements(reading)[1].id)


def test_of_several_accounts_of_one_number_nobody_knows_which_an_entry_without_currency_is_of() -> None:
    rows = GOOD, entry("1", currency="USD"), entry("2", currency="EUX")
    assert refused(document(statement(*rows), statement(GOOD, account=OTHER))) == [UnknownCurrency]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (statement(entry("1", currency="EUX"), currency="EUX"), [UnknownCurrency]),
        (statement(entry("1", currency="EUX"), currency=""), [UnknownCurrency]),
        (statement(entry("1", currency=""), currency=""), [FieldMissing]),
        (statement(GOOD, account=""), [FieldMissing]),
        (statement(entry("1", more=f"<NtryRef>{LONG}</NtryRef>"), account=""), [FieldMissing, TooLong]),
        (statement(GOOD, id=LONG), [TooLong]),
    ],
)
def test_a_file_is_refused_where_the_account_is_not_known(text: str, kinds: list[type[Problem]]) -> None:
    assert refused(document(text, statement(GOOD, account=OTHER))) == kinds


@pytest.mark.parametrize(
    ("part", "name", "kinds"),
    [
        (balance("CLBD", "x"), "CLBD", [AmountUnreadable]),
        (balance("CLBD", "1", currency=""), "CLBD", [FieldMissing]),
        (balance("CLBD", "x", side="", day="y"), "CLBD", [AmountUnreadable, FieldMissing, DateUnreadable]),
        (balance("OPBD", "11"), "OPBD", [FieldWrong]),
        ("<FrToDt><ToDtTm>soon</ToDtTm></FrToDt>", "FrToDt", [DateUnreadable]),
    ],
)
def test_a_balance_or_a_period_that_cannot_be_read_fails_its_statement(
    part: str, name: str, kinds: list[type[Problem]]
) -> None:
    good = statement(balance("OPBD", "1"), GOOD, balance("CLBD", "6"), account=OTHER, id="S-2")
    reading = read(document(statement(balance("OPBD", "10"), part, GOOD), good))
    (bad,) = reading.broken_rows
    first = statements(reading)[0].id
    assert (bad.id, bad.statement, broken(bad)) == (f"{first}:{name}", first, kinds)
    assert (standings(reading), len(events(reading))) == ([Standing.FAILED, Standing.PROVED], 2)


def test_an_interim_balance_that_cannot_be_read_is_not_used_and_fails_nothing() -> None:
    reading = read_entries(balance("OPBD", "10"), balance("ITBD", "x"), GOOD, balance("CLBD", "15"))
    assert (reading.broken_rows, standings(reading)) == ((), [Standing.PROVED])


def test_a_report_fails_as_a_statement_does() -> None:
    text = document(statement(entry("x"), GOOD, tag="Rpt"), message="BkToCstmrAcctRpt", namespace="camt.052.001.08")
    assert standings(read(text)) == [Standing.FAILED]


# Payments ---------------------------------------------------------------------------------------------------------


def wire(*payments: str) -> str:
    return f"<Document>{pacs008(*payments)}</Document>"


@pytest.mark.parametrize(
    ("bad", "kinds"),
    [
        (payment("x"), [AmountUnreadable]),
        (payment(more="<IntrBkSttlmDt>soon</IntrBkSttlmDt>"), [DateUnreadable]),
        (payment().replace(" Ccy='EUR'", ""), [FieldMissing]),
        (payment().replace("<IntrBkSttlmAmt Ccy='EUR'>20.00</IntrBkSttlmAmt>", ""), [FieldMissing]),
        (payment().replace("invoice", LONG), [TooLong]),
        (payment(creditor="S" * 201), [TooLong]),
        (
            payment("x", creditor="S" * 201, more="<IntrBkSttlmDt>y</IntrBkSttlmDt>"),
            [AmountUnreadable, DateUnreadable, TooLong],
        ),
    ],
)
def test_a_payment_fails_alone(bad: str, kinds: list[type[Problem]]) -> None:
    reading = read(wire(payment("5"), bad, payment("6", debtor="Joe")))
    (row,) = reading.broken_rows
    assert (row.account, broken(row), row.pointer.page) == ("EXT:DE02120300000000202051", kinds, "M-1")
    assert standings(reading) == [Standing.UNPROVED, Standing.FAILED, Standing.UNPROVED]
    (failed,) = (each for each in statements(reading) if each.id == row.statement)
    assert (failed.account, failed.currency, failed.booked) == (row.account, "EUR", False)
    assert [event.outputs[0].amount for event in events(reading)] == [500, 600]
    assert failed.id not in {event.statement for event in events(reading)}


def test_an_order_of_one_payer_loses_only_the_payment_that_cannot_be_read() -> None:
    amounts = "".join(
        f"<CdtTrfTxInf><Amt><InstdAmt Ccy='EUR'>{text}</InstdAmt></Amt>{party('Cdtr', 'Shop')}</CdtTrfTxInf>"
        for text in ("1", "2..0", "3")
    )
    order = f"<PmtInf><ReqdExctnDt>2021-04-05</ReqdExctnDt>{party('Dbtr', 'Jane')}{amounts}</PmtInf>"
    reading = read(f"<Document><CstmrCdtTrfInitn>{order}</CstmrCdtTrfInitn></Document>")
    assert [event.outputs[0].amount for event in events(reading)] == [100, 300]
    assert [broken(row) for row in reading.broken_rows] == [[AmountUnreadable]]
    assert standings(reading) == [Standing.UNPROVED, Standing.FAILED]


@pytest.mark.parametrize(
    ("payments", "kinds"),
    [
        ([payment("x", debtor="")], [AmountUnreadable]),
        ([payment(debtor="J" * 201)], [TooLong]),
        ([payment().replace(" Ccy='EUR'", "")], [FieldMissing]),
        ([payment(), payment().replace("EUR", "USD"), payment().replace("EUR", "EUX")], [UnknownCurrency]),
    ],
)
def test_a_message_is_refused_where_payer_or_currency_is_not_known(
    payments: list[str], kinds: list[type[Problem]]
) -> None:
    assert refused(wire(*payments)) == kinds


def test_totals_count_what_cannot_be_read_and_sum_what_can() -> None:
    totals = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlNtries></TxsSummry>"
    assert read_entries(totals.format(2, "9"), GOOD, entry("x")).remarks == ()
    assert len(read_entries(totals.format(3, "9"), GOOD, entry("x")).remarks) == 1
    header = "<NbOfTxs>{}</NbOfTxs><CtrlSum>9</CtrlSum><IntrBkSttlmDt>2021-04-01</IntrBkSttlmDt>"
    for count, remarks in ((2, 0), (3, 1)):
        message = pacs008(payment("x"), payment("5"), day=header.format(count))
        assert len(read(f"<Document>{message}</Document>").remarks) == remarks
