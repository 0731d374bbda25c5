"""The commands on a small case: statuses, messages, and that nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import COMMANDS, run

CASES = Path(__file__).parents[1] / "cases"
MAPPING = """\
format: csv
shape: transfer
dates: iso
timezone: UTC
currency: EUR
columns: {id: id, date: date, from: payer, to: payee, amount: amount, note: purpose}
accounts:
  - {id: T, holder: Trader, kind: bank, currency: EUR, opening: "200.00"}
"""
ROWS = """\
id,date,payer,payee,amount,purpose
t1,2021-04-01,EXT:A,T,500.00,loan of A
t2,2021-04-02,EXT:B,T,500.00,loan of B
t3,2021-04-03,T,EXT:SHOP,600.00,spent
"""


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A case with one statement and two claims, made by commands."""
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "map.yml").write_text(MAPPING)
    folder = tmp_path / "case"
    for words in (
        ["new", str(folder), "--name", "R v Example"],
        [
            "add",
            str(folder),
            str(tmp_path / "rows.csv"),
            "--mapping",
            str(tmp_path / "map.yml"),
            "--unproved",
            "An export without balances",
        ],
        ["claim", str(folder), "--claimant", "A", "--transfer", "t1", "--reason", "Order of 1 May"],
        [
            "claim",
            str(folder),
            "--claimant",
            "B",
            "--transfer",
            "t2",
            "--amount",
            "500.00",
            "--reason",
            "Order of 1 May",
        ],
    ):
        assert run(words) == 0, words
    capsys.readouterr()
    return folder


def test_trace_as_json_has_accounts_and_recipients(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(case), "--rule", "libr", "--rule", "fifo@debits_first", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert rules["libr"]["accounts"]["T"] == {"A": 30000, "B": 30000, "OWN": 0}
    assert rules["libr"]["recipients"]["SHOP"] == {"A": 20000, "B": 20000, "OWN": 20000}
    assert rules["fifo@debits_first"]["recipients"]["SHOP"] == {"A": 40000, "B": 0, "OWN": 20000}


def test_what_nothing_proves_is_said_with_the_figures(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(case), "--rule", "libr"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Rests on unproved:" in said
    assert "admitted by A. Analyst: An export without balances" in said
    assert run(["trace", str(case), "--rule", "libr", "--json"]) == 0
    (statement,) = json.loads(capsys.readouterr().out)["rests_on"]
    assert (statement["standing"], statement["rows"], statement["admitted_by"]["author"]) == (
        "unproved", 3, "A. Analyst",
    )  # fmt: skip


def test_trace_needs_a_rule(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(case)]) == 2
    assert "Missing option '--rule'" in capsys.readouterr().err


def test_an_order_and_a_variant_cannot_be_combined(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(case), "--rule", "libr@backward", "--order", "credits_first"]) == 2
    assert "cannot be combined" in capsys.readouterr().err


def test_explain_gives_balance_composition_and_formula(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(case), "t3", "--rule", "libr"]) == 0
    text = capsys.readouterr().out
    assert "balance 1,200.00 -> 600.00" in text
    assert "before  A 500.00, B 500.00, OWN 200.00" in text
    assert "own money first: OWN 200.00 of 200.00" in text
    assert "claimants in proportion: A 500.00 x 400.00 / 1,000.00 = 200.00" in text
    assert "rows.csv, row 4" in text


def test_explain_finds_a_recipient_by_part_of_the_name(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(case), "sho", "--rule", "fifo", "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)["rules"]["fifo"][0]["steps"]
    assert [step["account"] for step in steps] == ["T", "EXT:SHOP"]
    assert steps[0]["pieces"] == [["", {"OWN": 20000 * 10**9}], ["t1", {"A": 40000 * 10**9}]]


def test_explain_says_what_it_could_not_find(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(case), "nobody", "--rule", "fifo"]) == 2
    assert "'nobody' is no transfer, recipient or account of this case" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--amount", "500.01"], "is claimed together at t1"),
        (["--amount", "0"], "is not an amount above zero"),
        (["--amount", "1.234"], "has more decimals than its currency"),
        (["--amount", "many"], "is not a number"),
        (["--transfer", "t9"], "is not a transfer of this ledger"),
        (["--account", "T"], "names no transfer and no account, or both"),
        (["--offence", "theft"], "offence"),
    ],
)
def test_a_wrong_claim_changes_nothing(
    case: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    line = ["claim", str(case), "--claimant", "C", "--transfer", "t1", "--reason", "Because", *words]
    assert run(line) == 2
    assert says in capsys.readouterr().err
    assert {p: p.read_bytes() for p in case.rglob("*") if p.is_file() and ".trover" not in p.parts} == {
        p: data for p, data in before.items() if ".trover" not in p.parts
    }


def test_a_withdrawn_finding_leaves_results_out_of_date(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", str(case), "--rule", "libr"]) == 0
    assert run(["finding", "list", str(case), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out.partition("\n[")[2].join(["[", ""]))
    finding = next(finding["id"] for finding in findings if finding["kind"] == "claim")
    assert run(["finding", "withdraw", str(case), finding, "--reason", "Paid to another account"]) == 0
    assert "Out of date: result libr" in capsys.readouterr().out


def test_a_finding_by_kind(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["finding", "record", str(case), "bfp", "--set", "transfer=t3", "--reason", "Goods at the market price"]
    assert run(line) == 0
    capsys.readouterr()
    assert run(["trace", str(case), "--rule", "libr", "--json"]) == 0
    accounts = json.loads(capsys.readouterr().out)["rules"]["libr"]["accounts"]
    assert accounts["BFP:t3"] == {"A": 20000, "B": 20000, "OWN": 20000}
    assert run(["finding", "record", str(case), "opinion", "--reason", "None"]) == 2
    assert "is not a kind of finding" in capsys.readouterr().err


def test_an_exhibit_of_the_case_verifies(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["exhibit", str(case), "--exhibit-no", "AA/1", "--date", "2021-05-01", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert all(Path(path).stat().st_size > 1000 for path in made["files"])
    assert run(["verify", made["bundle"], "--fingerprint", made["fingerprint"]]) == 0
    legs = Path(made["bundle"]) / "legs.csv"
    legs.write_text(legs.read_text().replace("60000", "60001", 1))
    assert run(["verify", made["bundle"], "--fingerprint", made["fingerprint"]]) == 1
    assert "legs.csv" in capsys.readouterr().out


def test_solve_prints_rule_account_owner(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(CASES / "C15.json"), "--rule", "haircut"]) == 0
    assert json.loads(capsys.readouterr().out)["haircut"]["T"] == {"A": 25000, "B": 25000, "OWN": 10000}


def test_solve_refuses_a_rule_that_cannot_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(CASES / "C15.json"), "--rule", "libr@backward"]) == 2
    assert run(["solve", str(CASES / "C15.json"), "--rule", "s984"]) == 2
    assert "the date on which the action was commenced is not recorded" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "Example" in text
    assert f"trover {command}" in text


def test_a_file_added_again_says_what_of_it_is_still_held(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = tmp_path / "more.csv"
    more.write_text(ROWS.replace("\nt", "\nu"))
    add = ["add", str(case), str(more), "--mapping", str(tmp_path / "map.yml")]
    assert run(add) == 0
    capsys.readouterr()
    assert run([*add, "--unproved", "An export without balances"]) == 0
    printed = capsys.readouterr().out
    (row,) = [line for line in printed.splitlines() if "was there already" in line]
    assert row.split()[-4:] == ["1", "-", "3", "-"]
    assert "Held: " in printed
    assert "trover admit" in printed
