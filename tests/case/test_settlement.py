"""Evidence records in a case, and the settlement that a person finds with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import AUTHOR

from trover.case.case import Case
from trover.case.evidence import evidence_of
from trover.case.finding import Claimed, Note, Settlement
from trover.errors import ClaimOnReturn, DuplicateId, InputErrors, LinkImpossible, UnknownEvidence

ROWS = """\
id,date,payer,payee,amount,currency
t1,2021-04-01,EXT:V,T,600.00,EUR
t2,2021-04-02,T,EXT:KARIM,600.00,EUR
t3,2021-04-05,EXT:SHOPKEEPER,U,500.00,EUR
t4,2021-04-06,EXT:SHOPKEEPER,D,500.00,USD
"""
MAPPING = {
    "shape": "transfer",
    "columns": {name: name for name in ("id", "date", "amount", "currency")} | {"from": "payer", "to": "payee"},
    "accounts": [
        {"id": "T", "kind": "bank", "currency": "EUR"},
        {"id": "U", "kind": "bank", "currency": "EUR"},
        {"id": "D", "kind": "bank", "currency": "USD"},
    ],
}
NOTEBOOK = f"""\
format: trover evidence records
version: 1
document: {"ab" * 32}
records:
  - {{id: H1, kind: hawala_entry, date: 2021-04-04, broker: Karim, amount: 500.00, currency: EUR, page: 14, text: p}}
  - {{id: H2, kind: hawala_settlement, date: 2021-04-09, broker: K., amount: 100.00, currency: EUR, page: 15, text: q}}
"""
SETTLED = Settlement("t3", "t2", "Karim", ("H1",))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """V pays 600 into T, T pays it to a broker, and 500 arrive in U from a stranger; the broker's notebook is added."""
    case = Case.create(tmp_path / "case", "R v Example", AUTHOR)
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "notebook.yml").write_text(NOTEBOOK)
    case.add(tmp_path / "rows.csv", MAPPING, unproved="no balances are kept")
    case.add(tmp_path / "notebook.yml")
    case.record(Claimed("V", 60000, transfer="t1"), reason="complaint")
    return case


def share(case: Case, key: str) -> int:
    (answer,) = case.trace([key])
    return sum(row.get("V", 0) for place, row in answer.table.items() if str(place).endswith("U"))


def test_records_are_in_the_case_and_are_no_rows_of_its_ledger(case: Case) -> None:
    held = evidence_of(case)
    assert [(each.record.id, each.value, each.source.name) for each in held] == [
        ("H1", "500.00 EUR", "notebook.yml"),
        ("H2", "100.00 EUR", "notebook.yml"),
    ]
    assert [event.id for event in case.traced()] == ["t1", "t2", "t3", "t4"]
    assert {each.document for each in held} == {""}


def test_an_id_belongs_to_one_record_of_the_case(case: Case, tmp_path: Path) -> None:
    (tmp_path / "again.yml").write_text(NOTEBOOK.replace("page: 14", "page: 16"))
    report = case.add(tmp_path / "again.yml")
    ((_, problems),) = report.refused
    assert [type(problem) for problem in problems] == [DuplicateId, DuplicateId]
    assert "'H1' is in notebook.yml already" in str(problems[0])


def test_a_document_that_the_case_has_is_named(case: Case, tmp_path: Path) -> None:
    rows = case.sources()[0]
    (tmp_path / "more.yml").write_text(NOTEBOOK.replace("ab" * 32, rows.sha256).replace("id: H", "id: K"))
    case.add(tmp_path / "more.yml")
    assert [each.document for each in evidence_of(case)] == ["", "", "rows.csv", "rows.csv"]


def test_a_settlement_is_shown_with_and_without_and_makes_no_transfer(case: Case) -> None:
    before = [event.id for event in case.traced()]
    assert share(case, "libr") == 0
    case.record(SETTLED, reason="the notebook nets the two on 4 April")
    assert share(case, "libr") == 50000
    assert share(case, "libr@no_link") == 0
    assert "libr@no_link" in {answer.key for answer in case.trace("all")}
    assert [event.id for event in case.traced()] == before


def test_a_settlement_withdrawn_leaves_nothing(case: Case) -> None:
    finding = case.record(SETTLED, reason="the notebook nets the two on 4 April")
    case.withdraw(finding.id, reason="the notebook is forged")
    assert share(case, "libr") == 0


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (Settlement("t3", "t2", "Karim", ("H1", "H9")), UnknownEvidence, "'H9' is not an evidence record of this case"),
        (Settlement("t2", "t3", "Karim", ("H1",)), LinkImpossible, "did not leave the ledger"),
        (Settlement("t4", "t2", "Karim", ("H1",)), LinkImpossible, "'t4' is in USD, and t2 in EUR"),
        (Settlement("t1", "t2", "Karim", ("H1",)), LinkImpossible, "'t1' does not come after t2"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused(
    case: Case, body: Settlement, kind: type[Exception], message: str
) -> None:
    with pytest.raises(InputErrors) as caught:
        case.record(body, reason="supposed")
    assert any(isinstance(problem, kind) and message in str(problem) for problem in caught.value.problems)


def test_a_settlement_cites_a_record_each_once(case: Case) -> None:
    for records, says in (((), "is missing"), (("H1", "H1"), "names one record twice")):
        with pytest.raises(InputErrors, match=says):
            case.record(Settlement("t3", "t2", "Karim", records), reason="supposed")


def test_nothing_is_claimed_on_what_a_settlement_only_passes_on(case: Case) -> None:
    case.record(SETTLED, reason="the notebook nets the two on 4 April")
    with pytest.raises(InputErrors) as caught:
        case.record(Claimed("V", 100, transfer="t3"), reason="complaint")
    assert [type(problem) for problem in caught.value.problems] == [ClaimOnReturn]


def test_a_finding_is_marked_as_strictly_as_the_records_it_cites(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", "R v Example", AUTHOR, marking="GREEN")
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "notebook.yml").write_text(NOTEBOOK)
    case.add(tmp_path / "rows.csv", MAPPING, unproved="no balances are kept")
    case.add(tmp_path / "notebook.yml", marking="RED")
    assert str(case.record(SETTLED, reason="netted").handling.marking) == "TLP:RED"


def test_findings_cite_records_by_id(case: Case) -> None:
    settled = case.record(SETTLED, reason="netted")
    noted = case.record(Note("seen", "t1"), reason="seen", evidence=["H2", "interview of 3 May"])
    assert {each.record.id: each.findings for each in evidence_of(case)} == {"H1": (settled.id,), "H2": (noted.id,)}
