"""Workbooks: the same tables as text, exact digits, days of both systems, and what a workbook can hide."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.effort import some

from trover.errors import AmountTooFine, InputErrors, NotAWorkbook, Problem
from trover.sources.amounts import AmountStyle
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord
from trover.sources.xlsx_cells import moment_text, plain_number

BASE: dict[str, Any] = {
    "format": "xlsx",
    "shape": "statement",
    "account": "T",
    "currency": "EUR",
    "columns": {"date": "date", "amount": "amount", "counterparty": "who", "balance": "balance"},
}
HEADER = ("date", "amount", "who", "balance")


def workbook(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A workbook with one sheet named Rows, as `fill(book, sheet)` makes it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True} | options) as book:
        fill(book, book.add_worksheet("Rows"))
    return stream.getvalue()


def table(*rows: tuple[Any, ...]) -> bytes:
    def fill(book: Any, sheet: Any) -> None:
        for at, row in enumerate((HEADER, *rows)):
            sheet.write_row(at, 0, row)

    return workbook(fill)


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part rewritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes, **changes: Any) -> Reading:
    return read_records(source_of("book.xlsx", data), mapping_of(BASE | changes, "mapping.yml"))


def rows(reading: Reading) -> list[EventRecord]:
    return [record for record in reading.records if isinstance(record, EventRecord)]


def said(reading: Reading) -> list[tuple[str, int | None, str]]:
    found = list(reading.problems) or [problem for row in reading.broken_rows for problem in row.problems]
    return [(type(problem).__name__, problem.place.row, problem.place.column) for problem in found]


def refused(data: bytes, **changes: Any) -> list[Problem]:
    with pytest.raises(InputErrors) as caught:
        read(data, **changes)
    return list(caught.value.problems)


def test_a_sheet_is_read_like_a_table_of_text_with_sheet_and_row() -> None:
    reading = read(table(("2020-01-02", 1500.5, "Müller & Söhne", 1500.5), ("2020-01-03", "-0.50", "B", "1,500.00")),
                   thousands=",")  # fmt: skip
    assert reading.problems == reading.broken_rows == ()
    assert [(r.inputs[0].account, r.outputs[0].amount, r.balance) for r in rows(reading)] == [
        ("EXT:Müller & Söhne", 150050, 150050),
        ("T", 50, 150000),
    ]
    assert [(r.pointer.page, r.pointer.row) for r in rows(reading)] == [("Rows", 2), ("Rows", 3)]


def test_days_and_times_of_cells_are_read_in_both_systems() -> None:
    for since_1904 in (False, True):

        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, (*HEADER, "time"))
            day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
            both = book.add_format({"num_format": '[$-409]d "of" mmm yyyy h:mm AM/PM'})
            sheet.write_row(1, 1, (1, "A"))
            sheet.write_datetime(1, 0, datetime(2020, 1, 31), day)
            sheet.write_number(1, 4, 0.5208333333333334, clock)
            sheet.write_row(2, 1, (1, "A"))
            sheet.write_datetime(2, 0, datetime(2020, 2, 1, 23, 59, 59), both)

        reading = read(workbook(fill, date_1904=since_1904), columns=BASE["columns"] | {"time": "time"})
        assert [r.time for r in rows(reading)] == [
            datetime(2020, 1, 31, 12, 30, tzinfo=UTC),
            datetime(2020, 2, 1, 23, 59, 59, tzinfo=UTC),
        ]
        assert rows(reading)[0].time_text == "2020-01-31 12:30:00"


@pytest.mark.parametrize(
    ("serial", "kind", "since_1904", "text"),
    [("59", "date", False, "1900-02-28"), ("60", "date", False, None), ("61", "date", False, "1900-03-01"),
     ("0", "date", True, "1904-01-01"), ("-1", "date", False, None), ("2958465", "date", False, "9999-12-31"),
     ("2958466", "date", False, None), ("43861", "datetime", False, "2020-01-31T00:00:00"),
     ("43861.25", "date", False, "2020-01-31T06:00:00"), ("0.999999999999", "time", False, None)],
)  # fmt: skip
def test_a_number_of_a_day_is_that_day_or_none(serial: str, kind: str, since_1904: bool, text: str | None) -> None:
    assert moment_text(Decimal(serial), kind, since_1904) == text


@pytest.mark.parametrize(
    ("stored", "plain"),
    [("1234.5599999999999", "1234.56"), ("0.30000000000000004", "0.3"), ("12345.670000000013", "12345.67"),
     ("100", "100"), ("-0", "0"), ("1E-3", "0.001"), ("1.5E+3", "1500"), ("5.000000000001", "5.000000000001"),
     ("123456789012.34", "123456789012.34"), ("0.3333333333333333", None), ("1.2345678901234568", None),
     ("1.2345678901234568E+19", None), ("1234567890123450", None), ("1e400", None)],
)  # fmt: skip
def test_a_stored_number_is_its_decimal_number_exactly_or_none(stored: str, plain: str | None) -> None:
    assert plain_number(stored) == plain


@given(st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_money_comes_back_from_binary_fractions_to_the_last_digit(units: int, places: int) -> None:
    exact = Decimal(units).scaleb(-places)
    stored = repr(float(exact))
    assert Decimal(plain_number(stored) or "NaN") == exact


@given(st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=300))
def test_running_balances_computed_by_a_spreadsheet_are_exact_or_named(cents: list[int]) -> None:
    """Where large sums cancel out to a small one, the noise is no longer small, and the cell is a problem."""
    computed, counted = 0.0, 0
    for change in cents:
        computed, counted = computed + change / 100, counted + change
        text = plain_number(repr(computed))
        with contextlib.suppress(AmountTooFine):
            assert text is None or AmountStyle().minor(text, 2) == counted
        if abs(computed) > 10**5:
            assert text == plain_number(repr(counted / 100))


def test_numbers_that_may_have_lost_digits_are_named() -> None:
    reading = read(table(("2020-01-02", 1, 12345678901234567890, ""), ("2020-01-02", 1 / 3, "A", "")))
    assert said(reading) == [("CellDigitsLost", 2, "who"), ("CellDigitsLost", 3, "amount")]


def test_zeros_that_a_format_puts_before_a_number_belong_to_it() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, (*HEADER, "nr"))
        sheet.write_row(1, 0, ("2020-01-02", 5, "A", ""))
        sheet.write_number(1, 4, 4711, book.add_format({"num_format": "0000000000"}))

    reading = read(workbook(fill), columns=BASE["columns"] | {"counterparty_account": "nr"})
    assert rows(reading)[0].inputs[0].account == "EXT:0000004711"


def test_a_formula_counts_by_its_stored_result_and_without_one_is_named() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("2020-01-02", 5, "A"))
        sheet.write_formula(1, 3, "=B2", value=5)
        sheet.write_row(2, 0, ("2020-01-02", 5, "A"))
        sheet.write_formula(2, 3, "=D2+B3", value="")
        sheet.write_row(3, 0, ("2020-01-02", 5, "A"))
        sheet.write_formula(3, 3, "=1/0", value="#DIV/0!")

    def without_results(part: bytes) -> bytes:
        return part.replace(b"<v></v>", b"").replace(b' t="str"><f>D2', b"><f>D2")

    reading = read(changed(workbook(fill), SHEET, without_results))
    assert [r.balance for r in rows(reading)] == [500]
    assert said(reading) == [("FormulaWithoutValue", 3, "balance"), ("CellError", 4, "balance")]


def test_what_is_odd_in_a_column_that_is_not_used_does_not_matter() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, (*HEADER, "extra"))
        sheet.write_row(1, 0, ("2020-01-02", 5, "A", 5))
        sheet.write_formula(1, 4, "=1/0", value="#DIV/0!")

    assert len(rows(read(workbook(fill)))) == 1


def test_a_value_is_not_copied_over_merged_cells() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 1, (5, "A", 5))
        sheet.write_row(2, 1, (6, "B", 11))
        sheet.merge_range("A2:A3", "2020-01-02")

    reading = read(workbook(fill))
    assert len(rows(reading)) == 1
    assert said(reading) == [("CellMerged", 3, "date")]


def test_hidden_rows_columns_and_sheets_are_said() -> None:
    def fill(book: Any, sheet: Any) -> None:
        for at, row in enumerate((HEADER, ("2020-01-02", 5, "A", ""), ("2020-01-03", 6, "B", ""))):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        other = book.add_worksheet("Private")
        other.write_row(0, 0, HEADER)
        other.hide()

    reading = read(workbook(fill))
    assert len(rows(reading)) == 2
    assert [str(remark).split(". ")[0] for remark in reading.remarks] == [
        "book.xlsx: 'Private' is a hidden sheet and was not read",
        "book.xlsx, Rows, row 3: 1 rows are hidden in the workbook, the first of them row 3; they were read",
        "book.xlsx, Rows: columns are hidden in the workbook; those that the mapping names were read",
    ]


def test_several_sheets_are_one_table_where_the_mapping_names_them() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("2020-01-02", 5, "A", 5))
        other = book.add_worksheet("February")
        other.write_row(2, 0, ("amount", "date", "who", "balance"))
        other.write_row(3, 0, (6, "2020-02-02", "B", 11))

    data, names = workbook(fill), ["Rows", "February"]
    assert [r.pointer.page for r in rows(read(data, sheet=names, header_row="find"))] == names
    assert "Rows, February" in refused(data)[0].remedy
    assert [problem.value for problem in refused(data, sheet=["March", "Rows"])] == ["March"]


def test_rows_of_a_sheet_may_be_shorter_than_its_header_but_not_longer() -> None:
    reading = read(table(("2020-01-02", 5, "A"), ("2020-01-02", 5, "A", 10, "x")))
    assert len(rows(reading)) == 1
    assert said(reading) == [("RowShape", 3, "")]


def test_numbers_follow_no_convention_of_the_mapping() -> None:
    reading = read(table(("2020-01-02", 1500.5, "A", "1.500,50")), decimal=",", thousands=".")
    assert [(r.outputs[0].amount, r.balance) for r in rows(reading)] == [(150050, 150050)]


def _bomb(data: bytes) -> bytes:
    return changed(data, SHEET, lambda part: part + b" " * 60_000_000)


def _path(data: bytes) -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("../evil.xml", "x")
    return stream.getvalue()


DANGERS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bomb": (_bomb, "FileTooLarge"),
    "path": (_path, "NotAWorkbook"),
    "doctype": (
        lambda d: changed(d, SHEET, lambda p: p.replace(b"<worksheet", b"<!DOCTYPE x><worksheet", 1)),
        "DoctypeRefused",
    ),
    "doctype of the book": (
        lambda d: changed(d, "xl/workbook.xml", lambda p: p.replace(b"<workbook", b"<!DOCTYPE x><workbook", 1)),
        "DoctypeRefused",
    ),
    "cut off": (lambda d: d[: len(d) // 2], "NotAWorkbook"),
    "broken sheet": (lambda d: changed(d, SHEET, lambda p: p[:-40]), "NotAWorkbook"),
    "old": (lambda d: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + d, "NotAWorkbook"),
    "rows back": (lambda d: changed(d, SHEET, lambda p: p.replace(b'<row r="2"', b'<row r="1"')), "NotAWorkbook"),
    "far cell": (lambda d: changed(d, SHEET, lambda p: p.replace(b'r="B2"', b'r="ZZZ2"')), "NotAWorkbook"),
}  # fmt: skip


@pytest.mark.parametrize("name", DANGERS)
def test_a_workbook_made_to_harm_is_refused(name: str) -> None:
    change, problem = DANGERS[name]
    assert [type(found).__name__ for found in refused(change(table(("2020-01-02", 5, "A", 5))))] == [problem]


def test_a_workbook_needs_a_mapping_for_workbooks() -> None:
    data = table(("2020-01-02", 5, "A", 5))
    assert refused(data, format="csv")[0].value == "csv"
    with pytest.raises(InputErrors):
        read_records(source_of("book.xlsx", data))
    with pytest.raises(InputErrors):
        read_records(source_of("text.csv", b"a,b\n1,2\n"), mapping_of(BASE))


def test_another_library_agrees_on_every_cell() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    data = table(*((f"2020-01-{day:02d}", day * 1.1, f"Party {day % 3}", day / 10) for day in range(1, 29)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Rows"]
    others = [
        (row[0], round(row[1] * 100), row[2], round(row[3] * 100)) for row in sheet.iter_rows(2, values_only=True)
    ]
    assert [(r.time_text, r.outputs[0].amount, r.inputs[0].account[4:], r.balance) for r in rows(read(data))] == others


PARTS = [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"]


@settings(max_examples=some(60))
@given(st.sampled_from(PARTS), st.integers(0, 5000), st.binary(max_size=8), st.integers(0, 8))
def test_any_change_of_a_part_is_read_or_refused(name: str, at: int, put: bytes, cut: int) -> None:
    data = table(("2020-01-02", 5, "A", 5), ("2020-01-03", -1.25, "B", 3.75))
    try:
        reading = read(changed(data, name, lambda part: part[:at] + put + part[at + cut :]))
    except InputErrors as errors:
        assert all(problem.remedy for problem in errors.problems)  # noqa: PT017
    else:
        accounted = len(rows(reading)) + len(reading.broken_rows) + len(reading.unbooked) + len(reading.problems)
        assert accounted <= 4


def test_a_part_whose_packing_is_broken_is_named() -> None:
    stream, sheet = io.BytesIO(), b"<worksheet/>" * 99
    with zipfile.ZipFile(io.BytesIO(table())) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            method = zipfile.ZIP_LZMA if info.filename == SHEET else zipfile.ZIP_STORED
            new.writestr(info.filename, sheet if info.filename == SHEET else old.read(info), method)
        at = new.getinfo(SHEET).header_offset + 30 + len(SHEET)
    data = bytearray(stream.getvalue())
    data[at + 4 : at + 9] = b"\xff" * 5
    with pytest.raises(InputErrors) as raised:
        read(bytes(data))
    (problem,) = raised.value.problems
    assert isinstance(problem, NotAWorkbook)
    assert problem.value == SHEET


def test_a_format_longer_than_any_is_looked_at_as_far_as_a_format_can_reach() -> None:
    assert rows(read(changed(table(("2024-01-01", 1, "P", 1)), "xl/styles.xml", _with_long_format)))


def _with_long_format(styles: bytes) -> bytes:
    long = b'<numFmts count="1"><numFmt numFmtId="0" formatCode="' + b"[" * 500_000 + b'"/></numFmts>'
    return styles.replace(b"<fonts", long + b"<fonts", 1)


def test_what_begins_like_merged_cells_and_does_not_end_is_none() -> None:
    data = table(("2024-01-01", 1, "P", 1))
    long = b"<!--" + b"<mergeCell " * 50_000 + b"--><sheetData"
    assert rows(read(changed(data, SHEET, lambda sheet: sheet.replace(b"<sheetData", long, 1))))
