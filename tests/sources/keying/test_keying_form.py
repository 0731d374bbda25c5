"""One form: how it is typed, how a spreadsheet changes it, and what is refused."""

from __future__ import annotations

import csv
import io

import pytest
from keying_forms import HEAD, ROWS, file_of, form_of, problems_of

from trover.errors import Problem
from trover.sources.custody import source_of
from trover.sources.keying_form import read_form


def test_a_form_says_who_keyed_it_from_which_scan_and_what_the_paper_states() -> None:
    form = form_of()
    assert (form.by, form.persons) == ("A. Ali", ("A. Ali",))
    assert [(scan.name, scan.sha256) for scan in form.scans] == [("scan.pdf", "ab" * 32)]
    assert form.values["account"] == "EE773300333487040004"
    assert (form.values["opening"], form.values["closing"], form.values["from"]) == (10000, 15050, None)
    first = form.rows[0]
    assert dict(first.values) == {
        "page": 1, "line": 1, "date": "2020-01-02", "text": "Salary", "counterparty": "Employer",
        "counterparty account": None, "debit": None, "credit": 10050, "balance": 20050,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("order", "sign", "date", "amount"),
    [("DD.MM.YYYY", ",", "2.1.2020", "100,5"), ("MM/DD/YYYY", ".", "01/02/2020", "100.50")],
)
def test_dates_and_decimals_are_typed_as_the_head_says(order: str, sign: str, date: str, amount: str) -> None:
    line = ["1", "1", date, "Salary", "Employer", "", "", amount, ""]
    out = io.StringIO()
    csv.writer(out).writerow(line)
    head = file_of(rows=(), date_order=order, decimal_sign=sign, opening="0", closing="")
    found: list[Problem] = []
    form = read_form(source_of("a.csv", head.data + out.getvalue().encode()), found)
    assert form is not None
    assert (found, form.rows[0].values["date"], form.rows[0].values["credit"]) == ([], "2020-01-02", 10050)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_spreadsheet_may_change_delimiter_quotes_and_padding(delimiter: str) -> None:
    plain = list(csv.reader(io.StringIO(file_of().data.decode())))
    out = io.StringIO()
    padded = [[*cells, *[""] * (12 - len(cells))] for cells in plain]
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(padded)
    found: list[Problem] = []
    form = read_form(source_of("a.csv", b"\xef\xbb\xbf" + out.getvalue().encode()), found)
    assert form is not None
    assert (found, form.values, [row.values for row in form.rows]) == (
        [], form_of().values, [row.values for row in form_of().rows],
    )  # fmt: skip


def test_numbered_rows_that_nobody_filled_are_passed_over() -> None:
    assert len(form_of(rows=(*ROWS, "1,3,,,,,,,", "2,1,,,,,,,")).rows) == len(ROWS)


def test_a_zero_beside_a_movement_says_what_an_empty_cell_says() -> None:
    form = form_of(rows=("1,1,2020-01-02,Salary,,,0.00,100.50,0.00",))
    assert (form.rows[0].values["debit"], form.rows[0].values["balance"]) == (None, 0)


def test_all_that_is_wrong_with_a_form_is_said_at_once() -> None:
    rows = ("1,1,2.1.2020,a,,,1x,,", "1,1,2020-01-02,b,,,1.00,2.00,", ",2,2020-01-02T10:00,c,,,-1.00,,1.234")
    said = problems_of(file_of("", rows, currency="EUR", opening="ten"))
    assert [line.partition(". ")[0] for line in said] == [
        "x.csv, row 2, column keyed by: is empty",
        "x.csv, row 14, column opening: 'ten' is not a number",
        "x.csv, row 18, column date: '2.1.2020' is not a date",
        "x.csv, row 18, column debit: '1x' is not a number",
        "x.csv, row 19, column debit: the row fills both debit and credit",
        "x.csv, row 20, column page: is not the number of the page on the paper",
        "x.csv, row 20, column date: '2020-01-02T10:00' is not a day alone",
        "x.csv, row 20, column balance: '1.234' has more decimals than its currency (2)",
        "x.csv, row 20, column debit: '-1.00' is not an amount above zero",
        "x.csv, row 19, column line: 'page 1, line 1' is keyed in row 18 already",
    ]


def test_what_a_program_read_wrong_is_no_problem_of_the_form_but_differs() -> None:
    form = form_of("", ("1,1,2.l.2020,a,,,1x,,",), read_by="tesseract 5.3.0")
    assert (form.by, form.rows[0].values["debit"], form.rows[0].values["date"]) == (
        "read by tesseract 5.3.0", "1x", "2.l.2020",
    )  # fmt: skip


def test_an_unknown_field_and_an_unknown_column_are_refused() -> None:
    text = file_of().data.decode().replace("holder,", "owner,").replace("line,date", "line,day")
    assert [line.partition(". ")[0] for line in problems_of(source_of("a.csv", text.encode()))] == [
        "a.csv, row 9: 'owner' is not a field of this format",
        "a.csv, row 17: 'date' is not a column of the file",
        "a.csv, row 17, column day: 'day' is not a column of the form",
    ]


def test_a_form_saved_in_another_encoding_says_how_to_save_it() -> None:
    said = problems_of(source_of("a.csv", file_of(holder="Jõgi").data.decode().encode("cp1252")))
    assert len(said) == 1
    assert said[0].endswith("Save the form as CSV in UTF-8: a spreadsheet offers it among the types of file.")


def test_the_head_of_tests_is_the_one_the_form_has() -> None:
    assert set(HEAD) <= set(form_of().lines)
