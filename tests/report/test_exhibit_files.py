"""The workbook and the PDF: the same figures, numbers exact, text no formula and no markup, the same bytes."""

from __future__ import annotations

import dataclasses
import io
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest
from material_for_tests import case, made_up

import trover
from trover.ledger.event import Account, AccountKind, transfer
from trover.ledger.ledger import Ledger
from trover.report.document import Table
from trover.report.exhibit import Exhibit, assemble
from trover.report.figures import Figure
from trover.report.material import Display, Material
from trover.report.pdf import pdf
from trover.report.plain import looks_like_formula
from trover.report.words import visible
from trover.report.xlsx import xlsx
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant

HOSTILE = '=HYPERLINK("http://evil","x") #panic("no") $x$ *b* @ref <b> \u202e'
SHEETS = ["Cover", "Answer", "Schedule", "Claims", "Sources", "Sensitivity", "Steps FIFO", "Steps LIBR", "Figures"]


@pytest.fixture(scope="module")
def hostile() -> Exhibit:
    return assemble(made_up(HOSTILE))


@pytest.fixture(scope="module")
def workbook(hostile: Exhibit) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(hostile)))


def test_the_workbook_has_its_sheets(workbook: openpyxl.Workbook) -> None:
    assert set(SHEETS) <= set(workbook.sheetnames)


def test_no_cell_is_a_formula(workbook: openpyxl.Workbook) -> None:
    kinds = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    values = {cell.value for row in workbook["Schedule"].iter_rows() for cell in row}
    assert "=1+1" in values
    assert visible(HOSTILE) in values


PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil","x")',
    "=cmd|' /C calc'!A0",
    "=WEBSERVICE(CONCATENATE(A1))",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0@x",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "=1+1;=2+2",
    "=\U0001f4a3",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_what_a_spreadsheet_takes_for_a_formula_is_seen(payload: str) -> None:
    assert looks_like_formula(payload)


@pytest.mark.parametrize("words", ["", " ", "1+1", "A=B", "a@b", "'=1", "\u2013 none", "(-1)"], ids=ascii)
def test_what_no_spreadsheet_takes_for_a_formula_is_left(words: str) -> None:
    assert not looks_like_formula(words)


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1", "\uff1d1"], ids=ascii)
def test_a_text_that_looks_like_a_formula_stays_a_text_when_it_is_edited(payload: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(assemble(made_up(payload)))))
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert texts
    assert [cell.coordinate for cell in texts if looks_like_formula(cell.value) != bool(cell.quotePrefix)] == []
    assert visible(payload) in {cell.value for cell in texts}


def test_a_table_for_people_guards_its_cells() -> None:
    """Only the bundle, which is for machines, writes comma-separated values as they are."""
    source = Path(trover.__file__).parent
    writes = re.compile(r"csv\.(writer|DictWriter)|write_csv")
    texts = {path.relative_to(source).as_posix(): path.read_text(encoding="utf-8") for path in source.rglob("*.py")}
    found = [name for name, text in texts.items() if writes.search(text) and "guarded(" not in text]
    assert found == ["report/bundle/contents.py"]


def test_figures_of_the_workbook_are_the_exhibits(hostile: Exhibit, workbook: openpyxl.Workbook) -> None:
    table = next(b for b in hostile.parts[1].blocks if isinstance(b, Table) and b.id == "answer-EUR")
    rows = [[cell.value for cell in row] for row in workbook["Answer"].iter_rows()]
    for line in table.lines:
        name = line.cells[0]
        assert isinstance(name, str)
        found = next(row for row in rows if row[0] == visible(name))
        wanted = [cell.amount for cell in line.cells if isinstance(cell, Figure)]
        assert [round(value * 100) for value in found[1 : 1 + len(wanted)]] == wanted


def test_a_figure_leads_to_its_rows_and_a_row_to_the_schedule(workbook: openpyxl.Workbook) -> None:
    figure = next(row[1] for row in workbook["Answer"].iter_rows() if str(row[0].value).startswith("Left in"))
    sheet, _, cell = figure.hyperlink.location.rpartition("!")
    line = workbook[sheet.strip("'")][cell].row
    assert sheet in ("'Figures'", "'Schedule'")
    row = workbook["Figures"].cell(3, 5)
    assert re.fullmatch(r"'Schedule'!A\d+", row.hyperlink.location)
    target = workbook["Schedule"][row.hyperlink.location.rpartition("!")[2]]
    assert str(target.value) == str(row.value)
    assert line > 1


def test_the_schedule_keeps_its_head_in_sight_and_prints_it_on_every_page(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Schedule"]
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


def wei() -> Material:
    """An amount of 22 digits, as wei have."""
    accounts = [Account("W", "ETH", AccountKind.WALLET), Account("EXT:V", "ETH", AccountKind.EXTERNAL)]
    amount = 1_234_567_890_123_456_789_012
    event = transfer("t1", datetime(2024, 1, 1, tzinfo=UTC), 1, "EXT:V", "W", amount)
    ledger, assumptions = Ledger.of(accounts, [event]), Assumptions((Claim("V", amount, "t1"),))
    base = case("C05")
    answers = list(compare.run(ledger, assumptions, ["libr"], steps=True))
    return dataclasses.replace(
        base, ledger=ledger, assumptions=assumptions, answers=answers, order=Variant.AS_BOOKED, display=Display()
    )


def test_an_amount_that_a_cell_would_round_is_text_with_a_note() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(assemble(wei()))))["Schedule"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "1,234.567890123456789012")
    assert cell.data_type == "s"
    assert "15 digits" in cell.comment.text


def test_the_workbook_is_the_same_bytes_each_time(traders: Exhibit) -> None:
    first = xlsx(traders)
    time.sleep(1.1)  # a time of day in the file would show
    assert xlsx(traders) == first


@pytest.fixture(scope="module")
def document(hostile: Exhibit) -> bytes:
    return pdf(hostile)


def test_the_pdf_has_the_fourteen_parts_and_the_figures(hostile: Exhibit, document: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(document))
    flat = re.sub(r"\s+", " ", "".join(page.extract_text() for page in reader.pages[:4]))
    for part in hostile.parts[1:]:
        assert f"{part.number} {part.title}" in flat
    table = next(b for b in hostile.parts[1].blocks if isinstance(b, Table) and b.id == "answer-EUR")
    for line in table.lines:
        for figure in (cell for cell in line.cells if isinstance(cell, Figure)):
            assert hostile.shown.amount(figure.amount, "EUR") in flat
    assert f"Page 2 of {len(reader.pages)}" in flat


def test_user_text_is_no_markup_in_the_pdf(document: bytes) -> None:
    text = pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text()
    assert '#panic("no")' in text
    assert "[U+202E]" in text
    assert "\u202e" not in text


def test_the_pdf_is_archival_has_its_fonts_and_the_date_of_the_exhibit(document: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(document))
    metadata = document[document.index(b"<x:xmpmeta") :] if b"<x:xmpmeta" in document else document
    assert re.search(rb"pdfaid:part[>=]+\"?2", metadata)
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20261125")
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()]
    embedded = [f["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in fonts]
    assert embedded
    assert all("/FontFile3" in font or "/FontFile2" in font for font in embedded)


def test_the_pdf_is_the_same_bytes_each_time() -> None:
    exhibit = assemble(case("C05"))
    first = pdf(exhibit)
    time.sleep(1.1)
    assert pdf(exhibit) == first


def test_letters_that_the_fonts_lack_are_written_by_number_and_the_cover_says_so() -> None:
    material = case("C05")
    cover = dataclasses.replace(material.cover, author="王 Ωмега ₿ é 😀")
    document = pdf(assemble(dataclasses.replace(material, cover=cover)))
    text = re.sub(r"\s+", " ", pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text())
    assert "[U+738B] Ωмега" in text
    assert "[U+1F600]" in text
    assert "by their Unicode numbers" in text
