"""Evidence records: what a file of them says, in YAML and CSV alike, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trover.errors import InputErrors
from trover.sources.custody import SourceFile, source_of
from trover.sources.evidence import FIELDS
from trover.sources.evidence_record import KINDS
from trover.sources.reader import read_records

DOCUMENT = "ab" * 32
HEAD = f"format: trover evidence records\nversion: 1\ndocument: {DOCUMENT}\nrecords:\n"
FULL = """\
  - id: H1
    kind: hawala_entry
    date: 2021-04-05
    until: 2021-04-06
    place: Tallinn
    from: Trader
    to: Shop
    broker: Karim
    amount: 1600.00
    currency: EUR
    page: 14
    text: ۱۶۰۰ به فروشگاه
    language: fa
    translation: 1600 to the shop
"""
CSV = f"""\
trover evidence records,1
id,kind,date,from,amount,currency,quantity,goods,document,page,text
B1,bill_of_lading,2021-05-01,Mill,,,40 bales,cotton,{DOCUMENT},1,"40 bales, cotton"
S1,cash_seizure,2021-05-02,Karim,12500,JPY,,,{DOCUMENT},2,Seized at the flat
"""


def yaml(records: str, head: str = HEAD) -> SourceFile:
    return source_of("records.yml", (head + records).encode())


def said(records: str, head: str = HEAD) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        read_records(yaml(records, head))
    return [str(problem) for problem in caught.value.problems]


def record(**changes: str) -> str:
    fields = {
        "id": "E1", "kind": "invoice", "date": "2021-04-05", "from": "A", "amount": "10.00", "currency": "EUR",
        "page": "1", "text": "Invoice 7",
    } | changes  # fmt: skip
    lines = [f"{name}: '{value}'" for name, value in fields.items() if value != "-"]
    return "  - " + "\n    ".join(lines) + "\n"


def test_a_record_of_yaml_keeps_the_original_beside_its_translation() -> None:
    reading = read_records(yaml(FULL))
    (found,) = reading.evidence
    assert (reading.format, reading.records, found.pointer.row) == ("evidence", (), 5)
    assert (found.id, found.kind, found.start, found.end) == (
        "H1", "hawala_entry", date(2021, 4, 5), date(2021, 4, 6),
    )  # fmt: skip
    assert (found.payer, found.payee, found.broker, found.place) == ("Trader", "Shop", "Karim", "Tallinn")
    assert (found.amount, found.currency, found.document, found.page) == (160000, "EUR", DOCUMENT, "14")
    assert (found.text, found.language, found.translation) == ("۱۶۰۰ به فروشگاه", "fa", "1600 to the shop")


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_records_of_csv_say_the_same(delimiter: str) -> None:
    text = CSV if delimiter == "," else CSV.replace(",", ";").replace("bales; cotton", "bales, cotton")
    goods, cash = read_records(source_of("records.csv", text.encode())).evidence
    assert (goods.quantity, goods.goods, goods.amount, goods.text) == ("40 bales", "cotton", None, "40 bales, cotton")
    assert (cash.amount, cash.currency, cash.start == cash.end, cash.pointer.row) == (12500, "JPY", True, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_recorded(kind: str) -> None:
    goods = "cotton" if kind in ("bill_of_lading", "customs_declaration") else "-"
    (found,) = read_records(yaml(record(kind=kind, goods=goods))).evidence
    assert found.kind == kind


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": "12500"}, "column amount: '12500' does not have the 2 decimals of EUR"),
        ({"amount": "1,250.00"}, "column amount: '1,250.00' is not a number"),
        ({"amount": "-1.00"}, "column amount: '-1.00' is not an amount above zero"),
        ({"currency": "XXQ"}, "column currency: 'XXQ' is not a currency with a known minor unit"),
        ({"currency": "-"}, "column currency: 'currency' is missing beside its amount"),
        ({"kind": "gift"}, "column kind: 'gift' is not a kind of evidence record"),
        (
            {"kind": "cash_seizure", "goods": "gold"},
            "column goods: 'goods' is stated, and a record of kind",
        ),
        ({"kind": "bill_of_lading"}, "column goods: 'goods' is missing"),
        ({"quantity": "3 t"}, "column goods: 'goods' is missing beside its quantity"),
        ({"from": "-"}, "column from: 'from' is missing, and so are to and broker"),
        ({"date": "5.4.2021"}, "column date: '5.4.2021' is not a date"),
        ({"date": "2021-04-05T10:00"}, "column date: '2021-04-05T10:00' is not a day alone"),
        ({"until": "2021-04-04"}, "column until: '2021-04-04' is before 2021-04-05"),
        ({"document": "7"}, "column document: '7' is not a SHA-256"),
        ({"translation": "Rechnung"}, "column language: 'language' is missing: the text is translated"),
        ({"text": " "}, "column text: 'text' is empty"),
        ({"colour": "red"}, "column colour: 'colour' is not a field of this format"),
    ],
)
def test_what_is_wrong_with_a_record_is_named(changes: dict[str, str], message: str) -> None:
    (problem,) = said(record(**changes))
    assert f"records.yml, row 5, {message}" in problem


def test_problems_of_all_records_are_said_together() -> None:
    found = said(record(amount="1") + record(kind="gift"))
    assert [part.partition(",")[2][:7] for part in found] == [" row 5,", " row 13", " row 13"]
    assert "is also the id of row 5" in found[2]


def test_a_file_without_records_or_of_another_version_is_refused() -> None:
    assert "are missing: the file holds none" in said("", HEAD.replace("records:", "records: []"))[0]
    assert "is not version 1 of trover evidence records" in said(FULL, HEAD.replace("version: 1", "version: 2"))[0]


def test_a_table_without_a_column_that_every_record_needs_is_refused() -> None:
    with pytest.raises(InputErrors) as caught:
        read_records(source_of("records.csv", CSV.replace(",page,", ",p,").encode()))
    assert [str(p).partition(". ")[0] for p in caught.value.problems] == [
        "records.csv, row 2: 'page' is not a column of the file"
    ]


def test_the_page_on_evidence_records_names_every_kind_and_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "concepts" / "evidence-record.md").read_text(encoding="utf-8")
    assert [name for name in (*KINDS, *FIELDS) if f"`{name}`" not in page] == []
