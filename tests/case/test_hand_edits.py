"""findings.yml is the truth a person may edit: the next opening takes each edit up as a new finding."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from worlds import AUTHOR, folder_case

from trover.case.case import Case
from trover.case.finding import Claimed, Finding, GoodFaith, Note, Withdrawal, stamp
from trover.errors import DuplicateId, FindingAltered, FindingReplaced, InputErrors, MissingChoice

EDITOR = "E. Editor"


@pytest.fixture(autouse=True)
def _nobody_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TROVER_AUTHOR", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with a claim of 100.00 at t1 and a note."""
    case = folder_case(tmp_path / "case")
    case.record(Claimed("V", 100_00, "EUR", transfer="t1"), reason="order of the court", evidence=["doc 7", "doc 8"])
    case.record(Note("ask the bank", about="t3"), reason="gap")
    return tmp_path / "case"


def rows(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load((folder / "findings.yml").read_text())["findings"]
    return found


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "findings.yml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def claim_of(case: Case) -> Finding:
    return next(finding for finding in case.findings() if finding.kind == "claim")


def problems(folder: Path, author: str | None = None) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        Case.open(folder, author)
    return [type(problem).__name__ for problem in caught.value.problems]


def test_what_is_recorded_stands_in_the_file_as_a_person_reads_it(folder: Path) -> None:
    row = rows(folder)[0]
    claim = claim_of(Case.open(folder))
    assert row == {
        "id": claim.id,
        "kind": "claim",
        "claimant": "V",
        "amount": 10000,
        "currency": "EUR",
        "transfer": "t1",
        "author": AUTHOR,
        "date": stamp(claim.date),
        "reason": "order of the court",
        "evidence": ["doc 7", "doc 8"],
        "marking": "TLP:AMBER+STRICT",
    }


def test_opening_without_an_edit_changes_nothing(folder: Path) -> None:
    before = (folder / "findings.yml").read_bytes()
    log = Case.open(folder).store.log()
    assert Case.open(folder, EDITOR).store.log() == log
    assert (folder / "findings.yml").read_bytes() == before


def test_a_changed_finding_becomes_a_new_one_that_supersedes_it(folder: Path) -> None:
    old = claim_of(Case.open(folder))
    edit(folder, "amount: 10000", "amount: 9000")
    case = Case.open(folder, EDITOR)
    new = claim_of(case)
    assert isinstance(new.body, Claimed)
    assert (new.body.amount, new.author, new.supersedes, new.reason) == (90_00, EDITOR, old.id, old.reason)
    assert new.id != old.id
    assert [row["id"] for row in rows(folder)].count(old.id) == 1
    assert rows(folder)[0]["amount"] == 10000
    assert [claim.amount for claim in case.assumptions().claims] == [90_00]


def test_a_correction_stands_where_its_original_stood(folder: Path) -> None:
    case = Case.open(folder, AUTHOR)
    case.record(Claimed("W", 50_00, transfer="t6"), reason="second victim")
    edit(folder, "amount: 10000", "amount: 9000")
    assert Case.open(folder, EDITOR).assumptions().owners == ("V", "W", "OWN")


def test_a_deleted_finding_is_withdrawn_and_stays_in_the_record(folder: Path) -> None:
    old = claim_of(Case.open(folder))
    path = folder / "findings.yml"
    kept = [row for row in rows(folder) if row["kind"] != "claim"]
    path.write_text(yaml.safe_dump({"findings": kept}))
    case = Case.open(folder, EDITOR)
    assert [finding.kind for finding in case.findings()] == ["note"]
    withdrawal = case.findings(history=True)[-1]
    assert withdrawal.body == Withdrawal()
    assert (withdrawal.supersedes, withdrawal.author) == (old.id, EDITOR)
    assert old.id in [row["id"] for row in rows(folder)]


def test_an_added_finding_gets_an_id(folder: Path) -> None:
    path = folder / "findings.yml"
    path.write_text(path.read_text() + "- kind: bfp\n  transfer: t3\n  reason: paid the price\n")
    case = Case.open(folder, EDITOR)
    added = case.findings()[-1]
    assert added.body == GoodFaith("t3")
    assert (added.author, added.is_intact) == (EDITOR, True)
    assert rows(folder)[-1]["id"] == added.id


def test_an_added_finding_that_names_its_author_needs_no_other(folder: Path) -> None:
    path = folder / "findings.yml"
    row = "- {kind: bfp, transfer: t3, reason: paid the price, author: B. Clerk, date: 2020-02-01}\n"
    path.write_text(path.read_text() + row)
    added = Case.open(folder).findings()[-1]
    assert (added.author, stamp(added.date)) == ("B. Clerk", "2020-02-01T00:00:00Z")


def test_without_an_author_every_edited_finding_is_listed_and_nothing_is_done(folder: Path) -> None:
    edit(folder, "amount: 10000", "amount: 9000")
    edit(folder, "text: ask the bank", "text: ask the other bank")
    text = (folder / "findings.yml").read_bytes()
    with pytest.raises(InputErrors) as caught:
        Case.open(folder)
    assert [type(problem) for problem in caught.value.problems] == [MissingChoice, MissingChoice]
    assert [problem.place.row for problem in caught.value.problems] == [5, 18]
    assert "TROVER_AUTHOR" in str(caught.value)
    assert (folder / "findings.yml").read_bytes() == text


def test_the_environment_can_name_the_author(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "amount: 10000", "amount: 9000")
    monkeypatch.setenv("TROVER_AUTHOR", EDITOR)
    assert claim_of(Case.open(folder)).author == EDITOR


def test_an_edit_is_checked_against_the_ledger_and_refused_with_its_line(folder: Path) -> None:
    edit(folder, "amount: 10000", "amount: 10001")
    with pytest.raises(InputErrors, match=r"findings\.yml, row 5: 10001 is claimed together at t1, where 10000"):
        Case.open(folder, EDITOR)


def test_a_finding_of_another_copy_of_the_case_is_taken_as_it_is(folder: Path, tmp_path: Path) -> None:
    other = folder_case(tmp_path / "other")
    brought = other.record(GoodFaith("t3"), "C. Colleague", "paid the price")
    row = next(row for row in rows(tmp_path / "other") if row["id"] == brought.id)
    path = folder / "findings.yml"
    path.write_text(path.read_text() + yaml.safe_dump([row], sort_keys=False))
    assert Case.open(folder).findings()[-1] == brought


def test_a_finding_under_an_id_that_is_not_its_own_is_refused(folder: Path) -> None:
    path = folder / "findings.yml"
    row = "- {id: 0123456789ab, kind: bfp, transfer: t3, reason: x, author: y, date: 2020-02-01}\n"
    path.write_text(path.read_text() + row)
    assert problems(folder, EDITOR) == [FindingAltered.__name__]


def test_the_same_id_twice_is_refused(folder: Path) -> None:
    path = folder / "findings.yml"
    path.write_text(path.read_text() + yaml.safe_dump(rows(folder)[:1], sort_keys=False))
    assert problems(folder, EDITOR) == [DuplicateId.__name__]


def test_history_cannot_be_changed(folder: Path) -> None:
    edit(folder, "amount: 10000", "amount: 9000")
    Case.open(folder, EDITOR)
    edit(folder, "amount: 10000", "amount: 8000")
    assert problems(folder, EDITOR) == [FindingReplaced.__name__]


def test_a_command_takes_up_edits_made_while_the_case_was_open(folder: Path) -> None:
    case = Case.open(folder, EDITOR)
    edit(folder, "amount: 10000", "amount: 9000")
    case.record(GoodFaith("t3"), reason="paid the price")
    amounts = [finding.body.amount for finding in case.findings() if isinstance(finding.body, Claimed)]
    assert amounts == [90_00]
    assert rows(folder)[-1]["kind"] == "bfp"


def test_a_comment_alone_is_no_edit(folder: Path) -> None:
    path = folder / "findings.yml"
    path.write_text(path.read_text() + "# a thought\n")
    assert len(Case.open(folder).findings(history=True)) == 2
