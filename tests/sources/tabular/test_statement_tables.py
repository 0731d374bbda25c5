"""Tables that hold statements: many accounts in one file, words for the direction, rows that move nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from tests.sources.readings import statements

from trover.errors import AmountNotPositive, FieldWrong, InputErrors, Place, Problem
from trover.ledger.gate.judge import judge
from trover.ledger.gate.verdict import Order, Standing
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord, StatementRecord

BASE: dict[str, Any] = {
    "shape": "statement",
    "account": "T",
    "currency": "EUR",
    "columns": {"date": "date", "amount": "amount", "counterparty": "who", "balance": "balance"},
}
MANY = {
    "shape": "statement",
    "delimiter": ";",
    "currency": "CZK",
    "dates": ["%y%m%d"],
    "years_from": "1950",
    "sign": {"column": "type", "credit": ["IN"], "debit": ["OUT", "DRAWN"]},
    "columns": {
        "id": "nr", "account": "acc", "date": "day", "amount": "sum", "balance": "left",
        "counterparty_account": "other", "counterparty_bank": "bank", "note": ["op", "why"],
    },
}  # fmt: skip
MANY_TEXT = """nr;acc;day;type;op;sum;left;why;bank;other
9;1;930105;OUT;CASH;200.5;799.5;;;
7;1;930101;IN;DEPOSIT;1000;1000;;;
8;2;930102;IN;TRANSFER;50.00;50.00;RENT;YZ;4611
12;2;930102;DRAWN;CASH;0.00;50.00;;;
10;2;930103;OUT;TRANSFER;60;-10;;AB;4611
"""


def read(text: str | bytes, mapping: dict[str, Any], **changes: Any) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_records(source_of("file.csv", data), mapping_of(mapping | changes, "mapping.yml"))


def moved(reading: Reading) -> list[tuple[str, str, int]]:
    """Payer, payee and amount of each event of one leg on each side."""
    return [
        (r.inputs[0].account, r.outputs[0].account, r.inputs[0].amount)
        for r in reading.records
        if isinstance(r, EventRecord)
    ]


def said(reading: Reading) -> list[tuple[int | None, str]]:
    return [(problem.place.row, problem.says) for problem in problems(reading)]


def problems(reading: Reading) -> list[Problem]:
    """What is wrong with the file and with single rows."""
    return list(reading.problems) or [problem for row in reading.broken_rows for problem in row.problems]


def test_statements_of_many_accounts_in_one_table_are_proved_by_their_balances() -> None:
    reading = read(MANY_TEXT, MANY)
    verdicts = judge(reading.records, lambda pointer, column="": Place(), reading.broken_rows)
    assert [(v.statement.account, v.standing, v.order) for v in verdicts] == [
        ("1", Standing.PROVED, Order.REVERSED),
        ("2", Standing.PROVED, Order.GIVEN),
    ]


def test_one_file_of_many_accounts_gives_a_statement_for_each() -> None:
    reading = read(MANY_TEXT, MANY)
    assert reading.problems == ()
    assert [(s.account, s.currency) for s in statements(reading)] == [("1", "CZK"), ("2", "CZK")]
    rows = [record for record in reading.records if isinstance(record, EventRecord)]
    assert [(r.id, r.balance_account, r.balance, r.statement[-2:]) for r in rows] == [
        ("9", "1", 79950, ":1"), ("7", "1", 100000, ":1"), ("8", "2", 5000, ":2"), ("10", "2", -1000, ":2"),
    ]  # fmt: skip
    assert rows[0].time == datetime(1993, 1, 5, tzinfo=UTC)
    assert rows[2].note == "TRANSFER; RENT; bank YZ"


def test_a_number_at_two_banks_is_two_parties() -> None:
    assert [side for side in moved(read(MANY_TEXT, MANY)) if "4611" in side[0] + side[1]] == [
        ("EXT:4611/YZ", "2", 5000),
        ("2", "EXT:4611/AB", 6000),
    ]
    assert moved(read(MANY_TEXT, MANY, bank="YZ"))[2] == ("EXT:4611", "2", 5000)


def test_a_row_of_zero_is_kept_and_moves_nothing() -> None:
    (row,) = read(MANY_TEXT, MANY).unbooked
    assert (row.id, row.account, row.amount, row.reason, row.pointer.row) == ("12", "2", "0.00", "moves nothing", 5)


def test_both_sides_of_a_payment_in_one_table_stand_as_printed() -> None:
    text = "day,own,other,sum\n2020-01-01,T,U,-5\n2020-01-01,U,T,5\n"
    columns = {"date": "day", "account": "own", "counterparty_account": "other", "amount": "sum"}
    assert moved(read(text, BASE, columns=columns)) == [("T", "EXT:U", 500), ("EXT:T", "U", 500)]


def test_a_word_the_mapping_does_not_name_is_no_direction() -> None:
    reading = read(MANY_TEXT.replace("DRAWN", "BACK"), MANY)
    (problem,) = problems(reading)
    assert (type(problem), problem.value, problem.place.column) == (FieldWrong, "BACK", "type")


@pytest.mark.parametrize(
    ("minus", "amounts"),
    [("agrees", [("T", 700), ("EXT:A", 300)]), ("reverses", [("EXT:A", 700), ("EXT:A", 300)])],
)
def test_a_minus_beside_a_word_means_what_the_mapping_says(minus: str, amounts: list[tuple[str, int]]) -> None:
    text = "date,amount,who,balance,dc\n2020-01-01,-7.00,A,,D\n2020-01-02,3.00,A,,C\n"
    sign = {"column": "dc", "credit": "C", "debit": "D"}
    assert [(payer, amount) for payer, _, amount in moved(read(text, BASE, sign=sign, minus=minus))] == amounts
    (problem,) = problems(read(text, BASE, sign=sign))
    assert isinstance(problem, AmountNotPositive)
    assert "minus: agrees" not in problem.says


def test_a_sign_that_contradicts_the_word_is_a_problem() -> None:
    text = "date,amount,who,balance,dc\n2020-01-01,7.00,A,,D\n"
    reading = read(text, BASE, sign={"column": "dc", "credit": "C", "debit": "D"}, minus="agrees")
    assert said(reading) == [(2, "has a sign that contradicts the word or column that says its direction")]


def test_words_may_stand_beside_the_digits() -> None:
    text = "date,amount,who,balance\n2020-01-01,7.00 CR,A,7.00Cr\n2020-01-02,dr 10.00,B,3.00 DR\n"
    marks = {"credit": ["CR"], "debit": ["DR"]}
    reading = read(text, BASE, sign=marks, balance_sign=marks)
    assert moved(reading) == [("EXT:A", "T", 700), ("T", "EXT:B", 1000)]
    assert [r.balance for r in reading.records if isinstance(r, EventRecord)] == [700, -300]


@pytest.mark.parametrize("gap", [" ", "\u00a0"])
def test_a_word_may_stand_far_from_the_digits(gap: str) -> None:
    text = f"date,amount,who,balance\n2020-01-01,7.00{gap * 15_000}CR,A,\n2020-01-02,7.00{gap * 15_000}x,B,\n"
    reading = read(text, BASE, sign={"credit": ["CR"], "debit": ["DR"]})
    assert moved(reading) == [("EXT:A", "T", 700)]
    assert said(reading) == [(3, "has no word beside it that says credit or debit")]


def test_an_amount_without_a_word_counts_as_the_mapping_says() -> None:
    text = "date,amount,who,balance\n2020-01-01,7.00,A,\n2020-01-02,10.00DR,B,\n"
    reading = read(text, BASE, sign={"credit": [""], "debit": ["DR"]})
    assert moved(reading) == [("EXT:A", "T", 700), ("T", "EXT:B", 1000)]
    assert said(read(text, BASE, sign={"credit": ["CR"], "debit": ["DR"]})) == [
        (2, "has no word beside it that says credit or debit")
    ]


def test_the_sign_of_a_balance_may_have_a_column() -> None:
    text = "date,amount,who,balance,s\n2020-01-01,-7.00,A,7.00,S\n2020-01-02,7.00,A,0.00,\n"
    reading = read(text, BASE, balance_sign={"column": "s", "credit": "H", "debit": "S"})
    assert [r.balance for r in reading.records if isinstance(r, EventRecord)] == [-700, 0]


def test_the_statement_of_a_card_counts_what_is_owed() -> None:
    text = "date,amount,who,balance\n2020-01-01,7.00,Shop,7.00\n2020-01-02,-7.00,Own bank,0\n"
    reading = read(text, BASE, positive="debit", balance_positive="owed")
    assert moved(reading) == [("T", "EXT:Shop", 700), ("EXT:Own bank", "T", 700)]
    assert [r.balance for r in reading.records if isinstance(r, EventRecord)] == [-700, 0]


def test_a_zero_in_the_other_column_is_no_second_amount() -> None:
    text = (
        "date;out;in;who\n2020-01-01;0.00;7;A\n2020-01-01;2;-;B\n2020-01-01;0;0;C\n2020-01-02;;;D\n2020-01-02;1;2;E\n"
    )
    columns = {"date": "date", "debit": "out", "credit": "in", "counterparty": "who"}
    reading = read(text, BASE, columns=columns, delimiter=";")
    assert moved(reading) == [("EXT:A", "T", 700), ("T", "EXT:B", 200)]
    assert [row.pointer.row for row in reading.unbooked] == [4]
    assert said(reading) == [(5, "the row fills neither debit nor credit"), (6, "the row fills both debit and credit")]


def test_a_fee_beside_the_amount_is_taken_from_the_own_account() -> None:
    text = "date,amount,who,balance,fee\n2020-01-01,-10.00,A,,0.50\n2020-01-02,5,B,,1\n"
    text += "2020-01-03,0,,,2\n2020-01-04,1,C,,3\n"
    reading = read(text, BASE, columns=BASE["columns"] | {"fee": "fee"})
    sides = [
        ([(leg.account[:5], leg.amount) for leg in r.inputs], [(leg.account[:5], leg.amount) for leg in r.outputs])
        for r in reading.records
        if isinstance(r, EventRecord)
    ]
    assert sides == [
        ([("T", 1050)], [("EXT:A", 1000), ("FEE:" + reading.source.sha256[0], 50)]),
        ([("EXT:B", 500)], [("T", 400), ("FEE:" + reading.source.sha256[0], 100)]),
        ([("T", 200)], [("FEE:" + reading.source.sha256[0], 200)]),
        ([("EXT:C", 100), ("T", 200)], [("FEE:" + reading.source.sha256[0], 300)]),
    ]


def test_lines_of_balances_and_totals_are_no_movements() -> None:
    text = (
        "Statement of,T\nOpening balance:,1.00\n\ndate,what,amount,balance\n"
        "2020-01-01,Brought forward,,100.00\n2020-01-02,Shop,-30.00,70.00\n2020-01-31,Carried forward,,70.00\n"
        ",Total of debits,30.00,\nPrinted on 2020-02-01,,,\nPage 1\n"
    )
    rows = [
        {"column": "what", "is": "brought forward", "means": "opening"},
        {"column": "what", "is": ["Carried forward"], "means": "closing"},
        {"column": "what", "is": "Total*", "means": "total"},
    ]
    columns = {"date": "date", "amount": "amount", "counterparty": "what", "balance": "balance"}
    reading = read(text, BASE, header_row="4", rows=rows, columns=columns, footer="Printed on*")
    assert reading.problems == ()
    (statement,) = statements(reading)
    assert (statement.opening, statement.closing) == (10000, 7000)
    assert (statement.start, statement.end) == (date(2020, 1, 1), date(2020, 1, 31))
    assert [(row.pointer.row, row.reason) for row in reading.unbooked] == [
        (5, "opening balance"), (7, "closing balance"), (8, "total"),
        (9, "stands below the table"), (10, "stands below the table"),
    ]  # fmt: skip
    assert moved(reading) == [("T", "EXT:Shop", 3000)]


def test_what_stands_above_the_header_is_read_by_its_label() -> None:
    text = (
        "My bank,,\nAccount no.: LT12 1000 0111 0100 1000\nOpening balance,,5.00\nNumber,7\n\ndate,who,amount,balance\n"
    )
    text += "2020-01-02,A,1,6.00\n"
    mapping = {key: value for key, value in BASE.items() if key != "account"}
    head = {"account": "Account no.", "opening": "opening balance", "number": "Number"}
    (statement,) = statements(read(text, mapping, head=head, header_row="find"))
    assert (statement.account, statement.opening, statement.number) == ("LT121000011101001000", 500, "7")
    assert said(read(text, mapping, head=head | {"closing": "Closing balance"}, header_row="find")) == [
        (6, "stands beside no value above the header")
    ]


def test_a_status_says_what_is_booked_and_an_unknown_one_is_asked_for() -> None:
    text = "date,amount,who,balance,state\n2020-01-01,1,A,,Done\n2020-01-02,2,B,,Pending\n2020-01-02,2,B,,Held\n"
    reading = read(text, BASE, status={"column": "state", "booked": "done", "unbooked": ["pending", "failed"]})
    assert moved(reading) == [("EXT:A", "T", 100)]
    assert [(row.amount, row.reason) for row in reading.unbooked] == [("2", "state: Pending")]
    assert said(reading) == [(4, "is not a status that the mapping names")]


def test_a_file_without_header_gets_its_names_from_the_mapping() -> None:
    text = "2020-01-01,1,A,\n2020-01-02,-1,B,\n"
    reading = read(text, BASE, header=["date", "amount", "who", "balance"])
    assert [record.pointer.row for record in reading.records if isinstance(record, EventRecord)] == [1, 2]


def test_a_column_of_statement_numbers_parts_the_statements_of_one_account() -> None:
    text = "date,amount,who,balance,nr\n2020-01-01,1,A,,1\n2020-02-02,2,B,,2\n"
    reading = read(text, BASE, columns=BASE["columns"] | {"statement": "nr"})
    assert [(s.account, s.number, s.id[-4:]) for s in statements(reading)] == [("T", "1", ":T:1"), ("T", "2", ":T:2")]


def test_one_account_of_several_currencies_is_one_for_each_where_the_mapping_says_so() -> None:
    text = "date,amount,who,balance,ccy\n2020-01-01,1,A,,EUR\n2020-02-02,2,B,,USD\n"
    columns = BASE["columns"] | {"currency": "ccy"}
    reading = read(text, BASE, columns=columns, account_per_currency="yes")
    own = [r.id for r in reading.records if isinstance(r, AccountRecord) and not r.id.startswith("EXT:")]
    assert own == ["T in EUR", "T in USD"]


def test_references_and_value_date_are_kept_as_printed() -> None:
    text = "date,amount,who,balance,ref,e2e,valued,why\n2020-01-01,1,A,,R-1,NOTPROVIDED,02.01.20,rent\n"
    text += "2020-01-02,1,A,,R-2,R-2,,\n"
    columns = BASE["columns"] | {"references": ["ref", "e2e"], "value_date": "valued", "note": "why"}
    rows = [r for r in read(text, BASE, columns=columns).records if isinstance(r, EventRecord)]
    assert [r.references for r in rows] == [("R-1", "NOTPROVIDED"), ("R-2",)]
    assert [r.note for r in rows] == ["rent; value date 02.01.20", ""]


def test_a_declared_opening_counts_for_the_only_statement_of_its_account() -> None:
    text = "date,amount,who,balance\n2020-01-01,1,A,\n"
    reading = read(text, BASE, accounts=[{"id": "T", "opening": "9.00"}])
    assert [s.opening for s in statements(reading)] == [900]


def test_a_row_that_cannot_be_read_fails_its_own_statement_alone() -> None:
    text = MANY_TEXT.replace("930103;OUT", "939999;OUT") + "11;1;930106;OUT\n12;1;930106;OUT;CASH;1;798.5;;;\n"
    reading = read(text, MANY)
    assert reading.problems == ()
    assert [(row.account, row.statement[-2:], row.pointer.row) for row in reading.broken_rows] == [
        ("2", ":2", 6), ("1", ":1", 7), ("1", ":1", 8),
    ]  # fmt: skip
    assert [problem.says for problem in problems(reading)] == [
        "is not a date",
        "values, where the header has 10 columns",
        "is also the id of row 5",
    ]


def test_a_row_of_no_known_account_is_a_problem_of_the_file() -> None:
    reading = read(MANY_TEXT.replace("9;1;", "9;;") + "11;77;930106\n12;2\n", MANY)
    assert [(type(problem).__name__, problem.place.row) for problem in reading.problems] == [
        ("FieldMissing", 2),
        ("RowShape", 7),
        ("Truncated", 8),
    ]


def test_a_short_last_row_means_that_the_file_was_cut_off() -> None:
    assert [problem.says for problem in read(MANY_TEXT + "12;2;9301", MANY).problems] == [
        "values in the last row, where the header has 10 columns: the file ends too early"
    ]


def test_cells_beyond_the_header_count_only_where_they_hold_something() -> None:
    text = "date,amount,who,balance\n2020-01-01,1,A,,,\n2020-01-02,1,B,,x\n"
    reading = read(text, BASE)
    assert moved(reading) == [("EXT:A", "T", 100)]
    assert said(reading) == [(3, "values, where the header has 4 columns")]


class TestAccountInTheNameOfTheFile:
    MAPPING: ClassVar[dict[str, Any]] = {**BASE, "account_in_name": "statement_*.csv"}
    TEXT = "date,amount,who,balance\n2020-01-01,5.00,A,5.00\n"

    def read(self, name: str) -> Reading:
        plain = {key: value for key, value in self.MAPPING.items() if key != "account"}
        return read_records(source_of(name, self.TEXT.encode()), mapping_of(plain, "mapping.yml"))

    def test_each_file_is_of_its_account(self) -> None:
        records = self.read("bank/statement_4711.csv").records
        assert [record.account for record in records if isinstance(record, StatementRecord)] == ["4711"]

    def test_another_name_is_no_account(self) -> None:
        reading = self.read("4711.csv")
        says = "4711.csv: '4711.csv' is not a name such as statement_*.csv, in which the account stands."
        assert [str(problem)[: len(says)] for problem in reading.problems][:1] == [says]
        assert not [record for record in reading.records if isinstance(record, EventRecord)]

    def test_a_pattern_has_one_star(self) -> None:
        with pytest.raises(InputErrors, match="is not a name with one"):
            mapping_of({**BASE, "account_in_name": "statement.csv"}, "mapping.yml")
