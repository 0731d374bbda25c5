"""A result knows its ground: the same ground gives the same id, and any change of it shows and is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import AUTHOR, folder_case, memory_case

from trover.case.case import Case
from trover.case.finding import Claimed, GoodFaith, Note
from trover.errors import CaseDamaged, InputErrors
from trover.trace import result as trace_result

STATEMENT = "id,date,from,to,amount\nx1,2020-02-01,EXT:V,X,10.00\n"
MAPPING = {
    "shape": "transfer",
    "currency": "EUR",
    "columns": {name: name for name in ("id", "date", "from", "to", "amount")},
    "accounts": [{"id": "X", "currency": "EUR", "opening": "0"}],
}


@pytest.fixture
def case() -> Case:
    made = memory_case()
    made.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    made.trace(["libr", "fifo"])
    return made


def why(case: Case) -> dict[str, tuple[str, ...]]:
    return {entry.key or entry.id: entry.why for entry in case.stale()}


def test_the_same_ground_gives_the_same_result_once(case: Case) -> None:
    before = case.results()
    case.trace(["fifo", "libr"])
    case.record(Note("unrelated"), reason="to remember")
    case.trace("libr")
    assert case.results() == before
    assert len({result.id for result in before}) == 2
    assert case.stale() == []


def test_what_was_stored_names_everything_it_rests_on(case: Case) -> None:
    result = case.results()[0]
    assert result.inputs == {
        "ledger": case.derived().hash,
        "findings": [finding.id for finding in case.findings()],
        "rule": "libr",
        "parameters": {"family": "account"},
        "engine": trace_result.ENGINE_VERSION,
    }
    assert case.result(result.id)["inputs"] == result.inputs


def test_a_new_finding_makes_results_stale_and_is_named(case: Case) -> None:
    finding = case.record(GoodFaith("t3"), "C. Colleague", "price paid")
    reason = f"bfp {finding.id} was recorded by C. Colleague on "
    assert set(why(case)) == {"libr", "fifo"}
    assert all(len(found) == 1 and found[0].startswith(reason) for found in why(case).values())
    assert why(case)["libr"][0].endswith(": price paid")


def test_a_withdrawn_finding_takes_down_what_rested_on_it(case: Case) -> None:
    claim = case.findings()[0]
    case.withdraw(claim.id, "C. Colleague", "the order was quashed")
    (reason,) = why(case)["libr"]
    assert reason.startswith(f"claim {claim.id} was withdrawn by C. Colleague on ")
    assert reason.endswith("the order was quashed")


def test_a_corrected_finding_is_named_with_its_correction(case: Case) -> None:
    claim = case.findings()[0]
    new = case.record(Claimed("V", 90_00, transfer="t1"), reason="sum corrected", supersedes=claim.id)
    (reason,) = why(case)["libr"]
    assert reason.startswith(f"claim {claim.id} was superseded by claim {new.id} of {AUTHOR} on ")


def test_a_new_result_of_the_same_question_replaces_the_stale_one(case: Case) -> None:
    old = {result.key: result.id for result in case.results()}
    case.record(GoodFaith("t3"), reason="price paid")
    case.trace(["libr"])
    new = case.current_results()["libr"].id
    assert {entry.key: entry.replaced_by for entry in case.stale()} == {"libr": new, "fifo": ""}
    assert new not in old.values()
    assert set(case.current_results()) == {"libr"}


def test_going_back_to_the_old_ground_makes_the_old_result_stand_again(case: Case) -> None:
    finding = case.record(GoodFaith("t3"), reason="price paid")
    case.trace(["libr"])
    case.withdraw(finding.id, reason="no price after all")
    assert set(case.current_results()) == {"libr", "fifo"}
    assert [entry.key for entry in case.stale()] == ["libr"]


def test_new_evidence_is_named(tmp_path: Path) -> None:
    case = folder_case(tmp_path / "case")
    case.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    case.trace(["libr"])
    (tmp_path / "statement.csv").write_text(STATEMENT)
    case.add(tmp_path / "statement.csv", MAPPING, unproved="no balances")
    reason, admission = why(case)["libr"]
    assert admission.startswith("unproved_admission ")
    assert reason.startswith(f"the ledger changed: statement.csv was added by {AUTHOR} on ")


def test_another_engine_is_named(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from trover.case import stale

    monkeypatch.setattr(stale, "ENGINE_VERSION", "99")
    assert why(case)["libr"] == (f"the engine is now version 99, it was {trace_result.ENGINE_VERSION}",)


def test_an_exhibit_is_stale_with_what_it_rests_on(case: Case) -> None:
    ids = {result.key: result.id for result in case.results()}
    case.exhibit_made("EX/1", [ids["libr"]])
    assert case.stale() == []
    case.withdraw(case.findings()[0].id, reason="quashed")
    (exhibit,) = [entry for entry in case.stale() if entry.what == "exhibit"]
    assert (exhibit.id, exhibit.why) == ("EX/1", why(case)["libr"])
    with pytest.raises(InputErrors, match="is not the id of a stored result"):
        case.exhibit_made("EX/2", ["0" * 64])


def test_what_was_altered_after_it_was_recorded_is_found(tmp_path: Path) -> None:
    case = folder_case(tmp_path / "case")
    (tmp_path / "statement.csv").write_text(STATEMENT)
    case.add(tmp_path / "statement.csv", MAPPING)
    case.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    case.trace(["libr"])
    assert case.problems() == []
    folder = tmp_path / "case"
    source, result = case.sources()[0].path, case.results()[0].path
    (folder / source).write_text(STATEMENT.replace("10.00", "11.00"))
    (folder / result).unlink()
    found = case.problems()
    assert [(type(problem), problem.value) for problem in found] == [(CaseDamaged, source), (CaseDamaged, result)]
    part = next((folder / "ledger").rglob("inputs.parquet"))
    part.write_bytes(part.read_bytes()[:-1])
    assert len(case.problems()) == 3


def test_a_log_that_was_altered_is_found(tmp_path: Path) -> None:
    import sqlite3

    case = folder_case(tmp_path / "case")
    case.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    with sqlite3.connect(tmp_path / "case" / ".trover" / "case.sqlite") as database:
        database.execute("UPDATE log SET actor = 'somebody else' WHERE seq = 1")
    (problem,) = case.problems()
    assert "was changed after it was written" in str(problem)
