"""Statements in PDF: columns found, lines joined, pages continued, boxes kept, and no line of the file dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_files import MAPPING, ROWS, made, statement
from tests.effort import some
from tests.sources.readings import events

from trover.errors import InputErrors, MappingMissing, NotPdf, RowShape, TextLayerMissing, Truncated
from trover.ledger.build import build_ledger
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of
from trover.sources.pdf.table import Table, boxes_of
from trover.sources.pdf.text import pages_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord, StatementRecord
from trover.sources.sandbox import read_in_sandbox

ACCOUNT = "DE89370400440532013000"
PAGED = "header: [Musterbank #h(1fr) Auszug 2], footer: context [Seite #counter(page).display() von 4], height: 260pt"


def read(data: bytes, **changes: Any) -> Reading:
    return read_records(source_of("statement.pdf", data), mapping_of(MAPPING | changes))


def the_statement(reading: Reading) -> StatementRecord:
    (statement,) = [record for record in reading.records if isinstance(record, StatementRecord)]
    return statement


def signed(event: EventRecord) -> int:
    return event.outputs[0].amount * (1 if event.outputs[0].account == ACCOUNT else -1)


def lines_accounted(data: bytes, **changes: Any) -> bool:
    """Whether every line of the file is part of a row or listed as none."""
    source, mapping = source_of("statement.pdf", data), mapping_of(MAPPING | changes)
    table = Table(source, mapping)
    rows = list(table.rows())
    used = {
        (row.page, line.row)
        for row in rows
        for page in table.pages
        for line in page
        if line.page == row.page and any(line.box == box for box in row.boxes)
    }
    printed = {(line.page, line.row) for page in pages_of(source) for line in page}
    return used | {(aside.page, aside.line) for aside in table.asides} == printed


def test_a_statement_proves_itself() -> None:
    reading = read(statement())
    assert (reading.format, reading.problems) == ("pdf", ())
    found = the_statement(reading)
    assert (found.account, found.currency, found.opening, found.closing) == (ACCOUNT, "EUR", 100000, 223951)
    assert [signed(event) for event in events(reading)] == [-25050, 150000, -999]
    assert found.opening is not None
    assert found.opening + sum(map(signed, events(reading))) == found.closing
    assert [event.balance for event in events(reading)] == [74950, 224950, 223951]
    assert [event.time.date() for event in events(reading)] == [date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 2)]
    assert lines_accounted(statement())
    build_ledger(reading.records)


def test_a_label_above_the_table_stands_anywhere_on_its_line() -> None:
    data = statement(above="Filiale Musterstadt #h(1fr) Girokonto: 4711 #h(1fr) Seite 1")
    assert the_statement(read(data, head={"account": "Girokonto"})).account == "4711"


def test_lines_of_one_description_are_joined() -> None:
    assert events(read(statement()))[0].note == "Überweisung an Müller GmbH Rechnung 4711 vielen Dank"


def test_what_stands_apart_below_is_no_description() -> None:
    data = statement(ROWS[:-1], below="#v(30pt) #pad(left: 70pt)[Bitte prüfen Sie den Auszug]")
    reading = read(data)
    assert events(reading)[-1].note == "Kartenzahlung 17"
    assert ("Bitte prüfen Sie den Auszug", "stands apart below a row") in {
        (row.amount, row.reason) for row in reading.unbooked
    }
    assert lines_accounted(data)


def long_rows(count: int) -> list[tuple[str, str, str, str]]:
    rows = [("", "Alter Kontostand", "", "1.000,00")]
    for number in range(1, count + 1):
        rows.append((f"{1 + number // 4:02}.02.2024", f"Zahlung {number}\\ zweite Zeile", f"-{number},00", ""))
    return rows


def test_a_table_runs_over_pages_with_headers_footers_and_sums_carried_forward() -> None:
    rows = long_rows(24)
    rows[9:9] = [("", "Übertrag", "", "964,00")]
    data = statement(rows, page=f", {PAGED}")
    reading = read(data)
    assert (reading.problems, reading.broken_rows) == ((), ())
    assert [signed(event) for event in events(reading)] == [-100 * number for number in range(1, 25)]
    assert {event.note for event in events(reading)} == {f"Zahlung {n} zweite Zeile" for n in range(1, 25)}
    assert [event.seq for event in events(reading)] == sorted(event.seq for event in events(reading))
    pages = {event.pointer.page for event in events(reading)}
    assert len(pages) > 2
    assert len({(event.pointer.page, event.pointer.row) for event in events(reading)}) == 24
    listed = {row.amount: row.reason for row in reading.unbooked}
    assert listed["Seite 1 von 4"] == f"stands on every page at the same place, and {len(pages) - 1} more like it"
    assert lines_accounted(data)


def test_rows_of_one_payee_at_one_place_of_every_page_are_rows() -> None:
    rows = [(f"01.{month:02}.2024", "Miete\\ Wohnung", "-500,00", "") for month in range(1, 13)]
    data = statement(rows, page=f", {PAGED}".replace("260pt", "175pt"), more="inset: (y: 12pt),")
    reading = read(data)
    assert len({event.pointer.page for event in events(reading)}) >= 4
    assert [signed(event) for event in events(reading)] == [-50000] * 12
    assert {event.note for event in events(reading)} == {"Miete Wohnung"}


def test_pages_without_a_header_of_their_own_go_on() -> None:
    rows = long_rows(24)
    reading = read(statement(rows, page=f", {PAGED}", header="[Datum],[Verwendungszweck],[Betrag],[Saldo],"))
    assert [signed(event) for event in events(reading)] == [-100 * number for number in range(1, 25)]


def test_the_newest_row_first_over_pages() -> None:
    reading = read(statement(long_rows(24), page=f", {PAGED}"), order="newest_first")
    order = [signed(event) for event in sorted(events(reading), key=lambda event: event.seq)]
    assert order == [-100 * number for number in range(24, 0, -1)]


def test_columns_by_ranges_that_the_mapping_states() -> None:
    layout = {"columns": {"Datum": ["60", "125"], "Verwendungszweck": ["125", "370"], "Betrag": ["370", "450"]}}
    layout["columns"]["Saldo"] = ["450", "540"]
    reading = read(statement(header=""), layout=layout)
    assert [signed(event) for event in events(reading)] == [-25050, 150000, -999]
    assert reading.broken_rows == ()


def test_what_stands_in_no_column_breaks_its_row_and_not_the_file() -> None:
    layout = {"columns": {"Datum": ["60", "125"], "Verwendungszweck": ["125", "370"], "Betrag": ["370", "450"]}}
    changes = {"layout": layout, "head": {}, "account": ACCOUNT, "rows": []}
    columns = {"columns": {name: at for name, at in MAPPING["columns"].items() if name != "balance"}}
    reading = read(statement(ROWS[1:4], header=""), **changes, **columns)
    assert {type(problem) for row in reading.broken_rows for problem in row.problems} == {RowShape}
    assert len(reading.broken_rows) == 3
    assert {row.account for row in reading.broken_rows} == {ACCOUNT}


def test_lines_that_the_mapping_passes_over() -> None:
    rows = (*ROWS[:3], ("Hinweis", "neue Gebühren ab Mai", "", ""), *ROWS[3:])
    reading = read(statement(rows), layout={"skip": "Hinweis*"})
    assert [signed(event) for event in events(reading)] == [-25050, 150000, -999]
    assert "begins with what the mapping passes over" in {row.reason for row in reading.unbooked}
    assert [type(row.problems[0]).__name__ for row in read(statement(rows)).broken_rows] == ["DateUnreadable"]


def test_a_footer_ends_the_table() -> None:
    data = statement(below="Summe der Umsätze 1.239,51")
    reading = read(data, footer="Summe der Umsätze*")
    assert reading.broken_rows == ()
    assert ("Summe der Umsätze 1.239,51", "stands below the table") in {
        (row.amount, row.reason) for row in reading.unbooked
    }


def test_text_from_right_to_left_is_in_its_logical_order() -> None:
    rows = (("01.02.2024", "دفعة إلى شركة النور 12", "-5,00", ""), ("02.02.2024", "תשלום לחברה", "-6,00", ""))
    found = events(read(statement(rows)))
    assert found[0].note == "دفعة إلى شركة النور 12"
    assert [signed(event) for event in found] == [-500, -600]


def test_a_long_minus_of_a_typesetter_is_a_minus() -> None:
    rows = (("01.02.2024", "A – B", "−5,00", ""), ("02.02.2024", "C", "–6,00", ""))
    found = events(read(statement(rows)))
    assert [signed(event) for event in found] == [-500, -600]
    assert found[0].note == "A – B"


def test_the_box_of_every_row_is_kept() -> None:
    source, mapping = source_of("statement.pdf", statement()), mapping_of(MAPPING)
    boxes = boxes_of(source, mapping)
    found = events(read(statement()))
    assert {(event.pointer.page, event.pointer.row) for event in found} <= set(boxes)
    x0, y0, x1, y1 = boxes[found[0].pointer.page, found[0].pointer.row]
    assert 0 < x0 < 100 < 450 < x1 < 595.3
    assert 0 < y0 < y1 < 300
    assert y1 - y0 > 25
    assert y1 < boxes[found[1].pointer.page, found[1].pointer.row][1] + 3


def test_a_page_whose_seen_part_is_smaller_than_the_page() -> None:
    assert [signed(event) for event in events(read(statement(page=", margin: (left: 20pt, top: 15pt)")))] == [
        -25050,
        150000,
        -999,
    ]


def test_it_is_read_within_limits_in_a_process_of_its_own() -> None:
    answer = read_in_sandbox(source_of("statement.pdf", statement()), MAPPING)
    assert isinstance(answer, Reading)
    assert answer.records == read(statement()).records


@pytest.mark.parametrize(
    ("data", "problem", "says"),
    [
        (b"%PDF-1.7\n nothing", NotPdf, "is not a PDF that can be read"),
        (statement()[:2000], NotPdf, "is not a PDF that can be read"),
        (made("#rect(width: 50pt, height: 50pt)"), TextLayerMissing, "the file holds no text"),
        (statement(header="table.header[Tag][Zweck][Summe][Stand],"), Truncated, "'Datum, Verwendungszweck, Betrag,"),
    ],
)
def test_what_is_no_statement_is_refused(data: bytes, problem: type[Exception], says: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read(data)
    assert [type(found) for found in caught.value.problems] == [problem]
    assert says in str(caught.value)


def test_a_mapping_of_a_pdf_is_needed() -> None:
    for mapping in (None, mapping_of({**MAPPING, "format": "csv"})):
        with pytest.raises(InputErrors) as caught:
            read_records(source_of("statement.pdf", statement()), mapping)
        assert [type(found) for found in caught.value.problems] == [MappingMissing]


@pytest.mark.parametrize(
    "layout",
    [
        {"columns": {"Datum": ["60"]}},
        {"columns": {"Datum": ["60", "50"]}},
        {"columns": {"Datum": ["60", "x"]}},
        {"columns": {"Datum": ["60", "125"], "Betrag": ["100", "200"]}},
        {"colums": {}},
    ],
)
def test_a_layout_that_is_wrong_is_refused(layout: dict[str, Any]) -> None:
    with pytest.raises(InputErrors):
        mapping_of(MAPPING | {"layout": layout})
    with pytest.raises(InputErrors):
        mapping_of({"format": "csv", "layout": {"skip": "x"}, "shape": "statement"})


@settings(max_examples=some(60))
@given(st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 40))
def test_bytes_changed(place: int, new: bytes, lost: int) -> None:
    data = statement()
    at = place % len(data)
    spoiled = data[:at] + new + data[at + lost :]
    try:
        reading = read(spoiled)
    except InputErrors as errors:
        assert errors.problems != ()  # noqa: PT017
    else:
        assert len(events(reading)) + len(reading.broken_rows) + len(reading.unbooked) > 0
