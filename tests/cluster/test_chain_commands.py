"""`trover chain cluster` and `trover chain link` over a case, and the same from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.explorer import address, answer

from trover.case.case import Case
from trover.case.chain_clusters import cluster_of, clusters, link_of
from trover.cli import run
from trover.cluster.clustering import Choice
from trover.errors import InputErrors

PAID = answer(1, [("A", 50_000), ("B", 60_000)], [("shop", 70_000), ("C", 39_000)])
AGAIN = answer(2, [("B", 20_000), ("D", 30_000)], [("shop", 49_000)])
CHANGE_SPENT = answer(3, [("C", 39_000), ("E", 10_000)], [("shop", 48_000)])
MIX = answer(4, [(name, 100_500 if name == "A" else 100_000) for name in "AVWXY"], [(n, 100_000) for n in "fghij"])
PREPARED = answer(5, [("Z", 350_000)], [("DATA", 0), ("fee", 5_000), ("back", 100_000 - 500), *[("p", 100_500)] * 2])


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    path = tmp_path / "transactions.json"
    path.write_text(json.dumps([PAID, AGAIN, CHANGE_SPENT, MIX, PREPARED]))
    made = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="BTC")
    made.add(path, unproved="Compared with a second explorer")
    return made


def answered(args: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*args, "--json"]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_clusters_of_a_case_and_what_was_kept_out(case: Case) -> None:
    found = clusters(case)
    assert found["clusters"] == [
        {"addresses": 3, "first": address("A")},
        {"addresses": 2, "first": address("C")},
    ]
    (mix,) = found["kept_out"]
    assert (mix["transaction"], mix["kind"], mix["parties_at_least"]) == (MIX["txid"], "whirlpool", 5)
    (prepared,) = found["other_forms"]
    assert (prepared["transaction"], prepared["kind"]) == (PREPARED["txid"], "whirlpool_tx0")
    assert found["transactions"] == 5
    assert {rate["evidence"] for rate in found["error_rates"]} >= {"cospend", "whirlpool"}


def test_one_cluster_says_what_is_fact_and_what_is_inference(case: Case) -> None:
    found = cluster_of(case, address("B"))
    assert found["addresses"] == [address("A"), address("B"), address("D")]
    assert [each["transaction"] for each in found["joined_by"]] == [PAID["txid"], AGAIN["txid"]]
    assert found["fact"].startswith("Fact: ")
    assert found["inference"].startswith("Inference: ")
    assert found["hinges"] == [
        {"transaction": PAID["txid"], "pieces": [2, 1]},
        {"transaction": AGAIN["txid"], "pieces": [2, 1]},
    ]
    assert found["without"] == [{"evidence": "cospend", "pieces": [1, 1, 1]}]
    assert [each["transaction"] for each in found["kept_out"]] == [MIX["txid"]]


def test_change_joins_where_it_is_named(case: Case) -> None:
    choice = Choice(change=("smaller",))
    found = link_of(case, address("A"), address("E"), choice)
    assert [(step["transaction"], step["evidence"]) for step in found["steps"]] == [
        (PAID["txid"], ["smaller"]),
        (CHANGE_SPENT["txid"], ["cospend"]),
    ]
    assert found["without"] == [
        {"transaction": PAID["txid"], "joined": False, "pieces": [2, 2, 1]},
        {"transaction": CHANGE_SPENT["txid"], "joined": False, "pieces": [4, 1]},
        {"evidence": "cospend", "joined": False, "pieces": [2, 1, 1, 1]},
        {"evidence": "smaller", "joined": False, "pieces": [3, 2]},
    ]
    assert not link_of(case, address("A"), address("E"))["joined"]


def test_the_commands_say_the_same(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "case")
    assert answered(["chain", "cluster", folder], capsys) == clusters(case)
    assert answered(["chain", "cluster", folder, address("B")], capsys) == cluster_of(case, address("B"))
    both = [address("A"), address("D")]
    assert answered(["chain", "link", folder, *both], capsys) == link_of(case, *both)
    assert answered(["chain", "link", folder, address("A"), address("C")], capsys, status=1)["steps"] == []
    without = ["chain", "cluster", folder, address("B"), "--without", AGAIN["txid"]]
    assert answered(without, capsys)["addresses"] == [address("A"), address("B")]
    let = answered(["chain", "cluster", folder, address("A"), "--let", "whirlpool"], capsys)
    assert len(let["addresses"]) == 7


def test_what_a_person_reads(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "case")
    assert run(["chain", "cluster", folder]) == 0
    shown = capsys.readouterr().out
    assert "2 clusters of two addresses and more, 14 addresses alone" in shown
    assert f"Kept out: {MIX['txid']} (Whirlpool mix: as many outputs as inputs, all of one pool's value)" in shown
    assert "Fact: the transactions" in shown
    assert "  whirlpool: recognised 1,403 of 1,403 = 100.0 %" in shown
    assert run(["chain", "cluster", folder, address("B")]) == 0
    shown = capsys.readouterr().out
    assert f"Held together by {PAID['txid']} alone; without it: 2 pieces, 1 of 2, 1 of 1" in shown
    assert run(["chain", "link", folder, address("A"), address("D")]) == 0
    shown = capsys.readouterr().out
    assert f"2 transactions join {address('A')} and {address('D')}; no fewer do" in shown
    assert f"Without {AGAIN['txid']}: they part; 2 pieces, 1 of 2, 1 of 1" in shown


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nobody"], "'nobody' is an address of no transaction in this case. Check the spelling,"),
        (["--without", "ff"], "'ff' is no transaction of this case. Give the whole id of a transaction,"),
        (["--use", "luck"], "'luck' is no evidence that is known here. There are: reuse, script_type,"),
        (["--let", "luck"], "'luck' is no evidence that is known here. There are: whirlpool, wasabi2,"),
    ],
)
def test_a_question_that_has_no_answer_is_refused(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str], args: list[str], message: str
) -> None:
    assert run(["chain", "cluster", str(tmp_path / "case"), *args]) == 2
    assert message in capsys.readouterr().err


def test_a_case_without_a_chain_has_no_clusters(tmp_path: Path) -> None:
    empty = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="EUR")
    assert clusters(empty)["clusters"] == []
    with pytest.raises(InputErrors, match="is an address of no transaction in this case"):
        cluster_of(empty, address("A"))
