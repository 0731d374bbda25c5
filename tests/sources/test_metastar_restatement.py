"""The demonstration data restates its source: same rows, same sums, and no natural person's name."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from trover.ledger.build import build_ledger
from trover.sources.custody import read_source
from trover.sources.mapping import read_mapping
from trover.sources.reader import read_records
from trover.sources.strict_yaml import load_yaml

PROJECT = Path(__file__).parents[2]
METASTAR = PROJECT / "src" / "trover" / "demo_data" / "metastar"
OWN = "EE773300333487040004"
NAMED = re.compile(r"Person \d\d|P\d\d-\d")
HUMAN = re.compile(r"Person \d\d")


def restated() -> list[dict[str, str]]:
    with (METASTAR / "transfers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def source(data_root: Path) -> dict[str, dict[str, str]]:
    """Rows of the source by the line they stand on, those that name Metastar."""
    folder = data_root / "bank" / "azerbaijani_laundromat"
    path = next(iter(sorted(folder.glob("az_laundromat_*.csv"))), None)
    if path is None:
        pytest.skip("the Azerbaijani Laundromat table is not in the data folder")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        str(line): row
        for line, row in enumerate(rows, 2)
        if any("METASTAR" in row[name] for name in ("payer_name", "beneficiary_name"))
    }


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.upper()))


def persons(source: dict[str, dict[str, str]]) -> tuple[set[str], set[str]]:
    """Names and account numbers of natural persons, found through the rows whose restatement has a label."""
    names: set[str] = set()
    accounts: set[str] = set()
    for row in restated():
        original = source[row["source_row"]]
        for ours, theirs in (("payer", "payer"), ("payee", "beneficiary")):
            if HUMAN.fullmatch(row[ours]) or original[f"{theirs}_type"] == "Person":
                names |= {original[f"{theirs}_name"], original[f"{theirs}_name_norm"]}
                accounts |= {original[f"{theirs}_account"], original[f"{theirs}_account"].replace(" ", "")}
        if HUMAN.search(row["purpose"]):
            before, after = re.split(HUMAN, row["purpose"], maxsplit=1)
            start = original["purpose"].index(before.strip()) + len(before.strip()) if before.strip() else 17
            masked = original["purpose"][start:].split(after.strip().split("[")[0].strip() or "\n")[0]
            names.add(masked.strip())
    return names, accounts - {""}


def test_the_ledger_closes_where_the_rows_say() -> None:
    reading = read_records(read_source(METASTAR / "transfers.csv"), read_mapping(METASTAR / "mapping.yml"))
    ledger = build_ledger(reading.records, files=reading.files, problems=reading.problems)
    change = {True: 0, False: 0}
    for event in ledger:
        change[event.outputs[0].account == OWN] += event.inputs[0].amount
    assert len(ledger) == 215
    assert change[True] - change[False] == 3_116_665_00
    assert [event.seq for event in ledger] == sorted(event.seq for event in ledger)


def test_the_claim_is_nine_credits_of_the_table() -> None:
    claims = load_yaml(read_source(METASTAR / "claims.yml"))["claims"]
    amounts = {row["id"]: row["usd_equivalent"] for row in restated() if row["payee_account"] == OWN}
    assert len(claims) == 9
    assert sum(int(claim["amount"]) for claim in claims) == 5_690_187
    assert {claim["transfer"]: amounts[claim["transfer"]] for claim in claims} == {
        claim["transfer"]: claim["amount"] for claim in claims
    }


def test_one_company_under_several_accounts_is_one_holder() -> None:
    accounts = {row["payee_account"] for row in restated() if row["payee"] == "Velasco International Inc."}
    assert len(accounts) == 3


@pytest.mark.realdata
def test_rows_and_sums_are_those_of_the_source(source: dict[str, dict[str, str]]) -> None:
    rows = restated()
    placed = [(row["date"], row["payer_account"] == OWN, int(row["source_row"])) for row in rows]
    assert placed == sorted(placed), "each day lists credits first, otherwise as the source does"
    assert {row["source_row"] for row in rows} == set(source)
    assert len(rows) == 215
    for row in rows:
        original = source[row["source_row"]]
        assert (row["id"], row["date"], row["usd_equivalent"]) == (
            f"az-{original['id']}",
            original["date"],
            original["amount_usd"],
        )
        for ours, theirs in (("payer", "payer"), ("payee", "beneficiary")):
            if not HUMAN.fullmatch(row[ours]):
                assert row[ours] == original[f"{theirs}_name_norm"]
                assert row[f"{ours}_account"] == original[f"{theirs}_account"].replace(" ", "")


@pytest.mark.realdata
def test_the_claim_is_what_the_source_says_of_those_credits(source: dict[str, dict[str, str]]) -> None:
    named = {
        line: row
        for line, row in source.items()
        if re.search("ROSOBORO?NEXPORT", row["purpose"]) and not row["amount_orig"].startswith("-")
    }
    claims = {claim["transfer"] for claim in load_yaml(read_source(METASTAR / "claims.yml"))["claims"]}
    assert claims == {f"az-{row['id']}" for row in named.values()}
    assert {row["amount_orig_currency"] for row in named.values()} == {"EUR"}
    cents = sum(
        round(100 * int(w) + int(c.ljust(2, "0"))) for w, c in (r["amount_orig"].split(".") for r in named.values())
    )
    assert cents == 450_628_971


@pytest.mark.realdata
def test_no_natural_person_is_named(source: dict[str, dict[str, str]]) -> None:
    names, accounts = persons(source)
    assert len(names) >= 15
    organisations = {row[side] for row in restated() for side in ("payer", "payee") if not HUMAN.search(row[side])}
    common = words(" ".join(organisations))
    published = [
        p for folder in ("examples", "src/trover/demo_data") for p in (PROJECT / folder).rglob("*") if p.is_file()
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in published).upper()
    assert [name for name in names if name.upper() in text] == []
    assert [number for number in accounts if number in text.replace(" ", "")] == []
    assert words(" ".join(names)) & words(text) <= common


@pytest.mark.realdata
def test_it_is_no_copy_of_a_file(data_root: Path) -> None:
    ours = (METASTAR / "transfers.csv").read_bytes()
    folder = data_root / "bank" / "azerbaijani_laundromat"
    assert all(path.read_bytes() != ours for path in folder.rglob("*.csv"))
