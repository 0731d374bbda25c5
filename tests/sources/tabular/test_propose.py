"""Mappings proposed for unknown tables: proved where the file proves it, asked where it does not."""
# ruff: noqa: RUF001

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from trover.case.propose import Tried, try_proposal
from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.mapping import COLUMNS, read_mapping
from trover.sources.propose import propose
from trover.sources.propose_text import delimiter_of, encoding_of
from trover.sources.propose_values import dates_of, style_of
from trover.sources.propose_words import CREDIT, DEBIT, WORDS, header_word, meanings_of

GERMAN = """Konto;DE89370400440532013000;;;;
Kontoinhaber;Erika Muster;;;;

Buchungstag;Valuta;Begünstigter/Zahlungspflichtiger;Verwendungszweck;Betrag (EUR);Saldo
31.03.2021;31.03.2021;Miete GmbH;Miete April;-1.200,00;3.299,50
30.03.2021;30.03.2021;Arbeitgeber;Gehalt;4.000,00;4.499,50
28.03.2021;29.03.2021;Müller;Rückzahlung;-0,50;499,50
"""
RUSSIAN = """Дата операции|Номер счета|Контрагент|Дебет|Кредит|Остаток
05.03.2021|40817810000000000001|ООО Ромашка|1 000,00||9 000,00
16.03.2021|40817810000000000001|Иванов|0,00|500,00|9 500,00
"""
CZECH = "trans_id;account_id;date;type;operation;amount;balance;bank;account\n" + "".join(
    f"{n};{1 + n % 2};9301{n:02d};{'PRIJEM' if n % 3 else 'VYDAJ'};X{n};{10 * n}.0;{balance}.0;;\n"
    for n, balance in ((2, 20), (1, 10), (4, 60), (5, 60), (7, 130), (8, 140), (6, 80), (11, 240), (10, 180), (13, 370))
)


def tried(text: str, encoding: str = "utf-8", **stated: Any) -> Tried:
    return try_proposal(source_of("file.csv", text.encode(encoding)), stated)


def test_a_german_statement_is_understood_and_proved() -> None:
    found = tried(GERMAN, "cp1252")
    fields = found.proposal.fields
    assert (fields["encoding"], fields["decimal"], fields["thousands"], fields["currency"]) == (
        "cp1252",
        ",",
        ".",
        "EUR",
    )
    assert (fields["dates"], fields["order"], fields["head"]) == (["%d.%m.%Y"], "newest_first", {"account": "Konto"})
    assert found.proved
    assert [row.outputs[0].account for row in found.rows][:2] == ["EXT:Miete GmbH", "DE89370400440532013000"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "cp866"])
def test_a_russian_statement_is_understood_in_every_encoding(encoding: str) -> None:
    found = tried(RUSSIAN, encoding, currency="RUB")
    assert found.proposal.fields["encoding"] == encoding
    assert found.proved


def test_words_of_direction_that_are_not_known_are_proved_by_balances() -> None:
    rows = "".join(
        f"{day};A;{word};{amount}.00;{balance}.00\n"
        for day, word, amount, balance in [
            ("2020-01-01", "zork", 10, 10), ("2020-01-02", "zork", 5, 15), ("2020-01-03", "blip", 7, 8),
            ("2020-01-04", "zork", 1, 9), ("2020-01-05", "blip", 9, 0),
        ]
    )  # fmt: skip
    found = tried("date;name;how;amount;balance\n" + rows, currency="EUR", account="T")
    assert found.proposal.fields["sign"] == {"column": "how", "credit": ["zork"], "debit": ["blip"]}
    assert "4 of 4 amounts lead from one printed balance to the next" in found.proposal.reasons["sign"]
    assert found.proved


def test_what_a_file_does_not_say_is_asked() -> None:
    text = "date,name,amount\n03/04/20,A,1\n05/06/20,B,2\n"
    found = tried(text)
    assert set(found.proposal.questions) == {"dates", "years_from", "sign", "currency", "account"}
    assert (found.rows, found.standings) == ((), None)
    answered = tried(text, dates="%d/%m/%y", years_from="2000", currency="EUR", account="T", positive="credit",
                     sign="no")  # fmt: skip
    assert "sign" not in answered.proposal.questions
    assert answered.problems


def test_the_order_of_day_and_month_is_proved_by_a_day_above_twelve_and_else_asked() -> None:
    assert [guess.value for guess in dates_of(["03/04/2020", "05/06/2020"])[0]] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert [guess.value for guess in dates_of(["03/04/2020", "05/13/2020"])[0]] == ["%m/%d/%Y"]
    assert [guess.value for guess in dates_of(["03 мая 2020", "05 июн 2020"])[0]] == ["%d %b %Y"]


def test_a_decimal_sign_is_proposed_only_if_one_fits() -> None:
    assert [guess.value for guess in style_of(["1.234,56", "7"])] == [",."]
    assert [guess.value for guess in style_of(["12.50", "€ 7"])] == ["."]
    assert sorted(guess.value for guess in style_of(["1,234"])) == [",", ".,"]


@pytest.mark.parametrize("name", WORDS)
def test_every_listed_word_is_found_as_a_header(name: str) -> None:
    for word in WORDS[name].split("|"):
        assert header_word(word) == word
        assert name in meanings_of(word.upper().replace(" ", "_"))
    assert name in set().union(*COLUMNS.values()) | {"status"}


def test_no_word_says_credit_and_debit() -> None:
    assert not CREDIT & DEBIT


def test_a_proposal_is_a_mapping_when_it_is_saved() -> None:
    found = tried(GERMAN, "cp1252")
    mapping = read_mapping(source_of("mapping.yml", found.proposal.text().encode()))
    assert mapping.columns["counterparty"] == "Begünstigter/Zahlungspflichtiger"
    assert mapping.head == {"account": "Konto"}


def test_a_workbook_gets_a_proposal_too() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Movimientos")
        sheet.write_row(0, 0, ("Fecha", "Concepto", "Importe", "Saldo", "Divisa", "Cuenta"))
        sheet.write_row(1, 0, ("2020-01-02", "Nómina", 1500.1, 1500.1, "EUR", "ES91"))
        sheet.write_row(2, 0, ("2020-01-03", "Luz", -50.05, 1450.05, "EUR", "ES91"))
    found = try_proposal(source_of("book.xlsx", stream.getvalue()))
    assert found.proposal.fields["format"] == "xlsx"
    assert found.proved


def test_a_file_without_known_words_is_no_table() -> None:
    with pytest.raises(InputErrors):
        propose(source_of("x.csv", b"a,b,c\n1,2,3\n"))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"date,amount,balance\n", b"Datum;Betrag;Saldo\n", b"\xff\xfe"]))
def test_any_file_is_proposed_for_or_refused(data: bytes, head: bytes) -> None:
    source = source_of("any.csv", head + data)
    try:
        proposal = propose(source)
    except InputErrors as errors:
        assert errors.problems  # noqa: PT017
    else:
        assert proposal.text().endswith("\n")
    assert encoding_of(source).reason
    assert len(delimiter_of(data.decode("latin-1")).value) == 1


@pytest.mark.parametrize("piece", ["(", "[ "])
def test_a_header_full_of_brackets_that_do_not_close_is_a_header(piece: str) -> None:
    assert header_word("Amount (EUR)" + piece * 200_000).startswith("amount (" if piece == "(" else "amount [")
