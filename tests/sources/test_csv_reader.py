"""CSV files become records under a mapping."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trover.errors import InputErrors
from trover.ledger.build import build_ledger
from trover.ledger.ledger import Ledger
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records

COLUMNS = {"date": "date", "from": "from", "to": "to", "amount": "amount"}
TRANSFER = {"shape": "transfer", "currency": "EUR", "columns": COLUMNS, "accounts": [{"id": "T", "opening": "0"}]}
STATEMENT = {
    "shape": "statement",
    "account": "T",
    "currency": "EUR",
    "columns": {"date": "date", "amount": "amount", "counterparty": "who", "balance": "balance"},
}


def read(text: str | bytes, mapping: dict[str, object], **changes: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_records(source_of("file.csv", data), mapping_of(mapping | changes, "mapping.yml"))


def ledger(text: str | bytes, mapping: dict[str, object], **changes: object) -> Ledger:
    reading = read(text, mapping, **changes)
    return build_ledger(reading.records, files=reading.files, problems=reading.problems, broken=reading.broken)


def legs(of: Ledger) -> list[tuple[list[tuple[str, int]], list[tuple[str, int, int]]]]:
    return [
        ([(leg.account, leg.amount) for leg in e.inputs], [(o.account, o.amount, o.cost) for o in e.outputs])
        for e in of
    ]


def test_a_transfer_names_both_sides() -> None:
    result = ledger("date,from,to,amount\n2020-01-02,A,T,10.50\n2020-01-03,T,B,3\n", TRANSFER)
    assert legs(result) == [
        ([("EXT:A", 1050)], [("T", 1050, 1050)]),
        ([("T", 300)], [("EXT:B", 300, 300)]),
    ]


def test_every_row_is_bound_to_its_source() -> None:
    reading = read('date,from,to,amount\n\n2020-01-02,"A\nB",T,1\n2020-01-03,T,B,1\n', TRANSFER)
    events = list(build_ledger(reading.records))
    assert [event.source.row for event in events if event.source] == [3, 5]
    assert {event.source.sha256 for event in events if event.source} == {reading.source.sha256}


def test_a_statement_says_in_or_out_by_sign() -> None:
    text = "date,amount,who,balance\n2020-01-01,100.00,Alice,150.00\n2020-01-02,-30.00,Bob,120.00\n"
    result = ledger(text, STATEMENT)
    assert legs(result) == [
        ([("EXT:Alice", 10000)], [("T", 10000, 10000)]),
        ([("T", 3000)], [("EXT:Bob", 3000, 3000)]),
    ]


def test_a_statement_says_in_or_out_by_column() -> None:
    columns = {"date": "date", "debit": "out", "credit": "in", "counterparty": "who"}
    result = ledger("date;out;in;who\n2020-01-01;;7;A\n2020-01-01;2;;B\n", STATEMENT, columns=columns, delimiter=";")
    assert [leg[0] for leg, _ in legs(result)] == [("EXT:A", 700), ("T", 200)]


def test_rows_that_run_newest_first_are_posted_the_other_way() -> None:
    text = "date,from,to,amount\n2020-01-02,T,C,3\n2020-01-02,T,B,2\n2020-01-02,A,T,9\n"
    result = ledger(text, TRANSFER, order="newest_first")
    assert [event.inputs[0].amount for event in result] == [900, 200, 300]


def test_a_conversion_and_a_fee_show_in_the_legs() -> None:
    columns = COLUMNS | {"id": "id", "amount_to": "arrives", "currency_to": "as", "fee": "fee"}
    accounts = [{"id": "T", "opening": "100"}, {"id": "P", "currency": "JPY"}]
    result = ledger(
        "id,date,from,to,amount,arrives,as,fee\nx,2020-01-01,T,P,10,1203,JPY,0.25\n",
        TRANSFER,
        columns=columns,
        accounts=accounts,
    )
    assert legs(result) == [([("T", 1025)], [("P", 1203, 1000), ("FEE:x", 25, 25)])]


def test_numbers_are_read_as_the_mapping_says() -> None:
    text = "date,from,to,amount\n2020-01-01,A,T,1.234.567\n2020-01-01,A,T,12\n"
    result = ledger(text.replace("1.234.567", '"1.234.567,8"'), TRANSFER, decimal=",", thousands=".")
    assert [event.inputs[0].amount for event in result] == [123456780, 1200]


def test_dates_are_read_in_the_declared_format_and_zone() -> None:
    text = "date,from,to,amount\n03/04/2012 13:30,A,T,1\n"
    result = ledger(text, TRANSFER, dates="%d/%m/%Y %H:%M", timezone="Europe/Tallinn")
    event = next(iter(result))
    assert event.time == datetime(2012, 4, 3, 10, 30, tzinfo=UTC)
    assert event.time_text == "03/04/2012 13:30"


def test_an_iban_has_no_spaces_and_other_numbers_keep_theirs() -> None:
    text = "date,from,to,amount\n2020-01-01,EE38 2200 2210 2014 5685,T,1\n2020-01-02,12 345,T,1\n"
    assert [event.inputs[0].account for event in ledger(text, TRANSFER)] == ["EXT:EE382200221020145685", "EXT:12 345"]


def test_a_party_without_account_goes_by_its_name_and_one_without_either_is_unknown() -> None:
    result = ledger("date,amount,who,balance\n2020-01-01,5,,\n", STATEMENT)
    source = next(iter(result)).inputs[0].account
    assert source.startswith("EXT:UNKNOWN:")
    assert source.endswith(":2")


def test_an_amount_of_wei_is_exact() -> None:
    wei = 123_456_789_012_345_678_901_234_567_891
    text = f"date,from,to,amount\n2020-01-01,A,T,{wei // 10**18}.{wei % 10**18:018d}\n"
    assert next(iter(ledger(text, TRANSFER, currency="ETH"))).inputs[0].amount == wei


def test_a_correction_names_the_row_it_replaces_and_both_stay() -> None:
    columns = COLUMNS | {"id": "id", "replaces": "replaces"}
    text = "id,date,from,to,amount,replaces\na,2020-01-01,A,T,10,\nb,2020-01-01,A,T,12,a\nc,2020-01-02,T,B,12,\n"
    result = ledger(text, TRANSFER, columns=columns)
    assert [event.id for event in result] == ["a", "b", "c"]
    assert [event.id for event in result.current] == ["b", "c"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_declared_encoding_is_used(encoding: str) -> None:
    text = "date,from,to,amount\n2020-01-01,Müller,T,1\n"
    result = ledger(text.encode(encoding), TRANSFER, encoding=encoding)
    assert next(iter(result)).inputs[0].account == "EXT:Müller"


def test_a_mapping_reports_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(InputErrors) as caught:
        mapping_of({"shape": "transfer", "colums": {}, "delimiter": ";;", "encoding": "klingon"}, "mapping.yml")
    assert [str(problem.value) for problem in caught.value.problems] == [
        "colums",
        "klingon",
        ";;",
        "date",
        "currency",
        "amount",
        "from",
        "to",
    ]
