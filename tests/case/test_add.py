"""Each file is added whole or not at all, a bad one keeps no other out, and the same again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.errors import (
    CaseExists,
    CaseMissing,
    DuplicateId,
    InputErrors,
    MappingMissing,
    Problem,
    UnknownFamily,
)
from trover.sources.custody_log import read_log

CASES = Path(__file__).parents[1] / "cases"
MAPPING = {
    "shape": "transfer",
    "currency": "EUR",
    "columns": {name: name for name in ("id", "date", "from", "to", "amount")},
    "accounts": [{"id": "X", "currency": "EUR", "opening": "0"}],
}
HEAD = "id,date,from,to,amount\n"
BARE = "the export has no balances"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", "R v Example", "A. Analyst", organisation="Unit 4")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def everything(case: Case) -> tuple[object, ...]:
    folder: Path = case.store.folder  # type: ignore[attr-defined]
    return (case.store.log(), sorted(str(path) for path in folder.rglob("*") if ".trover" not in path.parts))


def refused(case: Case, *files: Path, **more: object) -> list[type[Problem]]:
    """What is wrong with files none of which can be read: nothing of them enters, and their bytes are kept."""
    before = case.state()
    report = case.add(files, **more)  # type: ignore[arg-type]
    after = case.state()
    assert (report.added, after.sources, after.parts, after.findings) == (
        (), before.sources, before.parts, before.findings,
    )  # fmt: skip
    for kept, problems in report.refused:
        assert case.store.read(kept.path) == next(f for f in files if f.name == kept.name).read_bytes()
        assert kept.problems == tuple(map(str, problems))
    assert case.problems() == []
    return [type(problem) for problem in report.problems]


def test_a_file_is_kept_as_it_came_under_its_hash(case: Case, write: Callable[..., Path]) -> None:
    path = write("Statement of Müller & Co.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n")
    report = case.add(path, MAPPING, unproved=BARE)
    (source,) = case.sources()
    assert report.added == (source,)
    assert (report.events, len(case.ledger()), source.name) == (1, 1, path.name)
    assert case.source_bytes(source.sha256) == path.read_bytes()
    folder: Path = case.store.folder  # type: ignore[attr-defined]
    assert (folder / "sources" / source.sha256 / path.name).read_bytes() == path.read_bytes()
    assert next(iter(case.ledger())).source.sha256 == source.sha256  # type: ignore[union-attr]
    assert Case.open(folder).sources() == [source]


def test_each_act_is_in_the_chain_of_custody(case: Case, write: Callable[..., Path]) -> None:
    path = write("statement.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n")
    case.add(path, MAPPING, author="B. Clerk")
    folder: Path = case.store.folder  # type: ignore[attr-defined]
    added = read_log(folder / "custody.jsonl")[0]
    assert (added.action, added.actor, added.organisation) == ("source added", "B. Clerk", "Unit 4")
    assert added.output_hash == (case.sources()[0].sha256,)
    assert added.tool.startswith("trover")


def test_the_same_file_again_changes_nothing(case: Case, write: Callable[..., Path]) -> None:
    path = write("statement.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n")
    case.add(path, MAPPING)
    before = everything(case)
    report = case.add([path, write("copy.csv", path.read_text())], MAPPING)
    assert (report.added, [source.name for source in report.unchanged]) == ((), ["statement.csv"] * 1)
    assert everything(case) == before


def test_a_second_file_is_a_new_part_and_the_first_is_not_touched(case: Case, write: Callable[..., Path]) -> None:
    case.add(write("one.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n"), MAPPING, unproved=BARE)
    folder: Path = case.store.folder  # type: ignore[attr-defined]
    before = {path: path.read_bytes() for path in (folder / "ledger").rglob("*.parquet")}
    case.add(
        write("two.csv", HEAD + "x2,2020-02-02,X,EXT:Y,4.00\nx0,2020-01-01,EXT:W,X,1.00\n"), MAPPING, unproved=BARE
    )
    assert {path: path.read_bytes() for path in before} == before
    assert [event.id for event in case.ledger()] == ["x0", "x1", "x2"]
    assert case.problems() == []


def test_a_bad_file_is_refused_with_all_its_problems_and_the_others_go_in(
    case: Case, write: Callable[..., Path], tmp_path: Path
) -> None:
    good = write("good.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n")
    bad = write("bad.csv", HEAD + "x2,2020-02-02,X,EXT:Y,-4.00\nx3,yesterday,X,EXT:Y,4.00\n")
    report = case.add([bad, tmp_path / "absent.csv", good], MAPPING, unproved=BARE)
    assert [type(problem).__name__ for problem in report.problems] == [
        "NotReadable", "AmountNotPositive", "DateUnreadable",
    ]  # fmt: skip
    assert [event.id for event in case.ledger()] == ["x1"]
    ((kept, problems),) = report.refused
    assert (kept.name, case.store.read(kept.path)) == ("bad.csv", bad.read_bytes())
    assert kept.problems == tuple(map(str, problems))
    assert Case.open(case.store.folder).refused() == [kept]  # type: ignore[attr-defined]
    assert case.problems() == []


def test_a_refused_file_is_tried_again_and_kept_once(case: Case, write: Callable[..., Path]) -> None:
    good = write("good.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n")
    assert refused(case, good) == [MappingMissing]
    before = everything(case)
    assert refused(case, good) == [MappingMissing]
    assert everything(case) == before
    case.add(good, MAPPING, unproved=BARE)
    assert (case.refused(), [source.name for source in case.sources()]) == ([], ["good.csv"])
    assert case.problems() == []


def test_an_id_that_an_earlier_file_uses_is_refused(case: Case, write: Callable[..., Path]) -> None:
    case.add(write("one.csv", HEAD + "x1,2020-02-01,EXT:V,X,10.00\n"), MAPPING, unproved=BARE)
    assert refused(case, write("two.csv", HEAD + "x1,2020-02-05,EXT:V,X,9.00\n"), mapping=MAPPING) == [DuplicateId]


def test_what_a_case_file_states_becomes_findings_of_who_adds_it(case: Case) -> None:
    report = case.add(CASES / "C36.json", author="B. Clerk")
    kinds = [(finding.kind, finding.author, finding.reason) for finding in report.findings]
    stated = ("B. Clerk", "stated in C36.json")
    assert kinds == [("claim", *stated), ("linked_to", *stated)]
    assert report.findings[0].evidence == ("C36.json",)
    first = report.findings[0].body
    assert isinstance(first, Claimed)
    assert (first.currency, first.amount) == ("GBP", 500_00)


@pytest.mark.parametrize("id", ["C12", "C19", "C29", "C31", "C34", "C36"])
def test_a_case_file_in_a_case_gives_its_expected_figures(case: Case, id: str) -> None:
    case.add(CASES / f"{id}.json")
    stated = json.loads((CASES / f"{id}.json").read_text())["expected"]
    answers = {answer.key: answer.table for answer in case.trace(list(stated))}
    for key, accounts in stated.items():
        for account, row in accounts.items():
            held = answers[key].get(account, {})
            assert {owner: held.get(owner, 0) for owner in row} == row


def test_old_money_keeps_its_own_units(case: Case) -> None:
    case.add(CASES / "C09.json")
    assert case.decimals("GBP_OLD_PENCE") == 0
    assert case.decimals("EUR") == 2


def test_a_file_without_transfers_does_not_belong_in_a_case(case: Case) -> None:
    assert UnknownFamily in refused(case, CASES / "C41.json")


def test_a_case_is_never_written_over(tmp_path: Path, case: Case) -> None:
    with pytest.raises(CaseExists):
        Case.create(tmp_path / "case", "Another", "A")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(CaseExists):
        Case.create(tmp_path / "mine", "Another", "A")
    (tmp_path / "empty").mkdir()
    assert Case.create(tmp_path / "empty", "Another", "A").info.name == "Another"
    with pytest.raises(CaseMissing):
        Case.open(tmp_path / "mine")


@pytest.mark.parametrize("name", ["", "  ", "x\ud800", "x\x00"])
def test_a_case_needs_a_name_that_is_text(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputErrors):
        Case.create(tmp_path / "other", name, "A")
    assert not (tmp_path / "other").exists()


def test_a_source_may_be_called_anything(case: Case, write: Callable[..., Path]) -> None:
    rows = HEAD + "x1,2020-02-01,EXT:V,X,10.00\n"
    for number, name in enumerate((".statement.tmp", "-rf", "a\nb.csv", "case.yml", "x" * 200)):
        mapping = MAPPING if number == 0 else {**MAPPING, "accounts": []}
        case.add(write(name, rows.replace("x1", f"x{number}")), mapping, unproved=BARE)
    assert len(case.sources()) == 5
    assert case.problems() == []
