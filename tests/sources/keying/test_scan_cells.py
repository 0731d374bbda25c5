"""Words of a page to cells of a form: each word in one cell, with its confidence and box."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keying_forms import file_of
from scan_pages import LAYOUT, STATEMENT, page, word

from trover.errors import InputErrors, Problem
from trover.sources.custody import SourceFile, source_of
from trover.sources.keying_compare import differences
from trover.sources.keying_form import read_form
from trover.sources.keying_joined import joined
from trover.sources.reader import read_records
from trover.sources.scan import Scan, filled
from trover.sources.scan_cells import cells_of, cells_text, doubtful, typed_in
from trover.sources.scan_layout import Layout, read_layout
from trover.sources.scan_tsv import Box, Page, Word, read_tsv

IMAGE = source_of("page.png", b"an image")
TYPED = [
    "1,1,2020-01-02,Salary January Employer,,,12.50,,1087.50",
    "1,2,2020-01-03,Rent,,,10.25,,",
]


def scan(text: str = STATEMENT, layout: Layout = LAYOUT) -> Scan:
    return filled([IMAGE], read_tsv(text, "page.png"), layout, "EUR", "read.cells.csv", "tesseract 5.3.0")


def read_file(made: Scan, **changes: str) -> SourceFile:
    text = made.form.decode("utf-8-sig")
    for old, new in changes.items():
        assert old.replace("_", " ") in text
        text = text.replace(old.replace("_", " "), new)
    return source_of("read.csv", text.encode())


def test_words_become_cells_with_the_least_confidence_and_the_box_around_them() -> None:
    cells = {(cell.line, cell.field): cell for cell in cells_of(read_tsv(STATEMENT, "p"), LAYOUT)}
    assert sorted(cells) == [
        (0, ""), (0, "opening"), (1, "balance"), (1, "date"), (1, "debit"), (1, "text"), (2, "date"), (2, "debit"),
        (2, "text"),
    ]  # fmt: skip
    text = cells[1, "text"]
    assert (text.text, text.confidence, text.box) == ("Salary January Employer", 5512, Box(250, 299, 180, 51))
    assert (cells[0, "opening"].text, cells[0, "opening"].typed) == ("1.100,00", "1100,00")
    assert (cells[2, "debit"].text, cells[2, "debit"].typed) == ("1O,25", "1O,25")
    assert cells[0, ""].text == "Opening"


def test_what_is_doubtful_is_listed() -> None:
    found = [(cell.line, cell.field) for cell in doubtful(scan().cells, 90)]
    assert found == [(1, "text"), (2, "debit")]


def test_the_form_says_that_a_program_filled_it_and_differs_where_it_misread() -> None:
    found: list[Problem] = []
    form = read_form(read_file(scan()), found)
    person = read_form(file_of("A. Ali", TYPED, account="", opening="1100.00", closing=""), [])
    assert form is not None
    assert person is not None
    assert (found, form.by, form.cells[0].name) == ([], "read by tesseract 5.3.0", "read.cells.csv")
    assert [(d.field, d.first, d.second) for d in differences(form, person) if d.line] == [("debit", "1O,25", "10.25")]


def corrected(made: Scan, by: str) -> SourceFile:
    return read_file(
        made,
        **{"1O,25": "10,25", "\r\naccount,": "\r\naccount,EE773300333487040004", "corrected_by,": f"corrected by,{by}"},
    )


def person(made: Scan) -> SourceFile:
    """The form a person typed from the same image."""
    text = file_of("A. Ali", TYPED, opening="1100.00", closing="").data.decode()
    return source_of("a.csv", text.replace("scan.pdf", IMAGE.name).replace("ab" * 32, IMAGE.sha256).encode())


def test_a_scan_enters_only_with_a_person_who_typed_it_and_keeps_its_cells() -> None:
    made = scan()
    data = joined([corrected(made, "B. Bo"), person(made)], "C. Checker", [made.cells_file])
    reading = read_records(source_of("keyed.json", data))
    assert len([record for record in reading.records if getattr(record, "note", "")]) == 2
    assert made.cells_file.sha256.encode() in data


@pytest.mark.parametrize(
    ("by", "cells", "message"),
    [
        ("", True, "account: is not what the program read \\(2 places in all\\)"),
        ("A. Ali", True, "'A. Ali' has keyed both forms"),
        ("B. Bo", False, "is not among the files given"),
    ],
)
def test_a_programs_form_is_not_joined_otherwise(by: str, cells: bool, message: str) -> None:
    made = scan()
    with pytest.raises(InputErrors, match=message):
        joined([corrected(made, by), person(made)], "C. Checker", [made.cells_file] if cells else [])


def test_text_that_a_spreadsheet_would_run_stays_text() -> None:
    made = scan(page(word("02.01.2020", 50, 300), word("=1+1", 250, 300), word("-5,00", 550, 300)))
    assert "'=1+1" in made.form.decode()
    assert '"-5,00"' in made.form.decode()
    form = read_form(read_file(made), [])
    assert form is not None
    assert form.rows[0].typed["text"] == "=1+1"
    assert typed_in(made.cells_file.data.decode(), "c")["1", "1", "text"] == "=1+1"


WORDS = st.builds(
    Word,
    st.text("abc=12,.", min_size=1, max_size=6),
    st.integers(0, 10_000),
    st.builds(Box, st.integers(0, 999), st.integers(0, 999), st.integers(1, 300), st.integers(1, 60)),
)


@given(st.lists(st.builds(Page, st.just(1000), st.just(1000), st.lists(WORDS, max_size=12).map(tuple)), max_size=3))
def test_every_word_is_in_exactly_one_cell(pages: list[Page]) -> None:
    cells = cells_of(pages, LAYOUT)
    for number, one in enumerate(pages, 1):
        inside = sorted(text for cell in cells if cell.page == number for text in cell.text.split(" "))
        assert inside == sorted(found.text for found in one.words)
    assert {key: text for key, text in typed_in(cells_text(cells), "c").items() if key[2]} == {
        (str(cell.page), str(cell.line), cell.field) if cell.line else ("", "", cell.field): cell.typed
        for cell in cells
        if cell.field
    }


GOOD = """\
format: trover scan layout
version: 1
language: est+eng
date_order: DD.MM.YYYY
decimal: ","
thousands: "."
top: 200
bottom: 900
columns:
  date: {left: 0, right: 200}
  text: {left: 200, right: 500}
  debit: {left: 500, right: 700}
  balance: {left: 700, right: 1000}
fields:
  opening: {page: 1, left: 700, right: 1000, top: 0, bottom: 100}
"""


def test_a_layout_is_read_from_yaml() -> None:
    assert read_layout(source_of("l.yml", GOOD.encode())) == dataclasses.replace(LAYOUT, language="est+eng")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 2", "l.yml, column format: 'trover scan layout' is not version 1 of"),
        ("top: 200", "top: 950", "l.yml, column top: 950 is not above 900"),
        ("top: 200", "top: 1.5", "l.yml, column top: '1.5' is not a whole number from 0 to 1000"),
        ("left: 200, right: 500", "left: 100, right: 500", "'text' begins before the column date ends"),
        ("left: 200, right: 500", "left: 500, right: 200", "'text' has its left edge right of the right one"),
        ("  date: {left: 0, right: 200}\n", "", "'columns' need a date, and a debit, credit or balance"),
        ("  debit:", "  amount:", "'amount' is not a field of this format"),
        ("  opening:", "  currency:", "'currency' is not a field of this format"),
        ('thousands: "."', 'thousands: ","', "',' is the decimal sign as well"),
        ("date_order: DD.MM.YYYY", "date_order: DMY", "'DMY' is not one of 'YYYY-MM-DD'"),
        ("page: 1", "page: 0", "'0' is not a whole number from 1 to 1000"),
    ],
)
def test_what_is_wrong_with_a_layout_is_named(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputErrors) as caught:
        read_layout(source_of("l.yml", GOOD.replace(old, new, 1).encode()))
    assert message in str(caught.value)
