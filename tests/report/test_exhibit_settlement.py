"""An exhibit shows a settlement as what it is: a person's finding, with the records it cites, and without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed, Settlement
from trover.report.document import Part, Table
from trover.report.exhibit import Exhibit, assemble
from trover.report.from_case import make_exhibit, material_of
from trover.report.material import Cover

ROWS = """\
id,date,payer,payee,amount,currency
t1,2021-04-01,EXT:V,T,600.00,EUR
t2,2021-04-02,T,EXT:KARIM,600.00,EUR
t3,2021-04-05,EXT:SHOPKEEPER,U,500.00,EUR
"""
MAPPING = {
    "shape": "transfer",
    "columns": {name: name for name in ("id", "date", "amount", "currency")} | {"from": "payer", "to": "payee"},
    "accounts": [{"id": "T", "kind": "bank", "currency": "EUR"}, {"id": "U", "kind": "bank", "currency": "EUR"}],
}
NOTEBOOK = f"""\
trover evidence records,1
id,kind,date,broker,amount,currency,document,page,text,language,translation
H1,hawala_entry,2021-04-04,Karim,500.00,EUR,{"ab" * 32},14,پانصد,fa,five hundred
H2,hawala_entry,2021-04-04,Karim,900.00,EUR,{"ab" * 32},15,نهصد,fa,nine hundred
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    case = Case.create(tmp_path / "case", "R v Example", "A. Analyst")
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "notebook.csv").write_text(NOTEBOOK)
    case.add(tmp_path / "rows.csv", MAPPING, unproved="no balances are kept")
    case.add(tmp_path / "notebook.csv")
    case.record(Claimed("V", 60000, transfer="t1"), reason="complaint")
    case.record(Settlement("t3", "t2", "Karim", ("H1",)), reason="the notebook nets the two")
    return case


@pytest.fixture
def exhibit(case: Case) -> Exhibit:
    answers = case.trace(["libr", "libr@no_link"], steps=True)
    return assemble(material_of(case, answers, Cover("R v Example", "R v Example", date(2026, 1, 2))))


def table(part: Part, id: str) -> Table:
    return next(block for block in part.blocks if isinstance(block, Table) and block.id == id)


def test_only_records_that_a_finding_cites_are_listed_with_the_original(case: Case, exhibit: Exhibit) -> None:
    (line,) = table(exhibit.parts[2], "records").lines
    (finding,) = [found for found in case.findings() if found.kind == "settlement"]
    assert line.cells == (
        "H1", "hawala entry", "2021-04-04", "broker Karim", "500.00 EUR", "پانصد [translated: five hundred]",
        f"not in the case, page 14, SHA-256 {'ab' * 32}", finding.id,
    )  # fmt: skip


def test_the_finding_says_offset_and_not_cash_and_stands_once(exhibit: Exhibit) -> None:
    lines = [line.cells for line in table(exhibit.parts[7], "flags").lines]
    settled = [cells for cells in lines if cells[2] == "the notebook nets the two"]
    assert len(settled) == 1
    assert str(settled[0][1]).startswith("Paid out by a broker, offset and with no transfer")
    assert "cash" not in str(lines)


def test_the_answer_is_shown_with_the_settlement_and_without(exhibit: Exhibit) -> None:
    left = [(str(line.cells[1]), line.cells[2].amount) for line in table(exhibit.parts[9], "sensitivity-EUR").lines]  # type: ignore[union-attr]
    assert left == [("as booked", 50000), ("without the links of cash and settlements", 0)]
    assert "without settlement" in str(table(exhibit.parts[9], "tornado-EUR"))


def test_the_bundle_of_such_an_exhibit_verifies(case: Case, tmp_path: Path) -> None:
    keys, day = ["libr", "libr@no_link"], date(2026, 1, 2)
    made = make_exhibit(case, tmp_path / "out", keys, key_file=tmp_path / "key", formats=["html"], day=day)
    page = made.files[0].read_text(encoding="utf-8")
    assert "offset by a broker against row" in page
    assert "پانصد" in page
