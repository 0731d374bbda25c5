"""Cases in the format of the rules' section 8 become records, claims and flags."""

import json
from pathlib import Path

import pytest

from trover.errors import InputErrors, Problem
from trover.ledger.build import build_ledger
from trover.ledger.ledger import Ledger
from trover.sources.case_json import CaseFile, read_case

CASES = Path(__file__).parents[1] / "cases"
FAMILIES = ("account", "asset", "distribution", "utxo")


def _files() -> list[Path]:
    return [p for p in sorted(CASES.glob("*.json")) if json.loads(p.read_text())["family"] in FAMILIES]


def ledger_of(path: Path) -> tuple[CaseFile, Ledger]:
    found: list[Problem] = []
    case = read_case(path, found)
    return case, build_ledger(case.records, files=case.files, claims=case.claims, problems=found, broken=case.broken)


def write(tmp_path: Path, **changes: object) -> Path:
    case: dict[str, object] = {
        "family": "account",
        "currency": "EUR",
        "minor_unit": 2,
        "accounts": [{"id": "T"}],
        "transfers": [{"id": "t1", "ts": "2020-01-01", "from": "EXT:A", "to": "T", "amount": 100}],
        "claims": [{"claimant": "A", "amount": 60, "entered": {"transfer": "t1"}}],
    }
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case | changes))
    return path


@pytest.mark.parametrize("path", _files(), ids=lambda p: p.stem)
def test_every_case_becomes_a_ledger_with_the_closing_balances_it_states(path: Path) -> None:
    case, ledger = ledger_of(path)
    stated = json.loads(path.read_text())
    transfers = len(stated.get("transfers", [])) or len(stated.get("transactions", []))
    lots = sum(len(utxo["lots"]) for utxo in stated.get("utxos", []))
    assert len(ledger) == transfers + lots
    balance = {account.id: account.opening for account in ledger.account_list}
    for event in ledger:
        for leg in event.inputs:
            balance[leg.account] -= leg.amount
        for out in event.outputs:
            balance[out.account] += out.amount
    assert {id: balance[id] for id in stated.get("closing_balances", {})} == stated.get("closing_balances", {})
    assert case.minor_unit == stated["minor_unit"]


def test_flags_are_findings_not_part_of_the_event() -> None:
    case, ledger = ledger_of(CASES / "C29.json")
    assert dict(case.flags.reverses) == {"t5": "t3"}
    assert not any(event.reverses for event in ledger)


def test_a_transaction_is_one_event_with_the_fee_last() -> None:
    case, ledger = ledger_of(CASES / "C51.json")
    peel = next(event for event in ledger if event.id == "p1")
    assert [(leg.account, leg.amount) for leg in peel.inputs] == [("u0", 100000)]
    assert [(leg.account, leg.amount) for leg in peel.outputs] == [("p1:0", 5000), ("p1:1", 94900), ("FEE:p1", 100)]
    assert case.owners == ("THEFT",)
    assert case.residual == "CLEAN"
    assert [(claim.claimant, claim.amount, claim.transfer) for claim in case.claims] == [
        ("THEFT", 100000, "EXT:ORIGIN>u0#0")
    ]


def test_an_account_without_currency_has_that_of_the_case(tmp_path: Path) -> None:
    _, ledger = ledger_of(write(tmp_path))
    assert {account.id: account.currency for account in ledger.account_list} == {"T": "EUR", "EXT:A": "EUR"}


def test_an_external_party_paid_in_two_currencies_has_an_account_for_each(tmp_path: Path) -> None:
    accounts = [{"id": "T"}, {"id": "P", "currency": "GBP"}]
    transfers = [
        {"id": "1", "ts": "2020-01-01", "from": "EXT:A", "to": "T", "amount": 100},
        {"id": "2", "ts": "2020-01-02", "from": "T", "to": "P", "amount": 50, "amount_to": 40},
        {"id": "3", "ts": "2020-01-03", "from": "T", "to": "EXT:SHOP", "amount": 10},
        {"id": "4", "ts": "2020-01-04", "from": "P", "to": "EXT:SHOP", "amount": 10},
    ]
    _, ledger = ledger_of(write(tmp_path, accounts=accounts, transfers=transfers, claims=[]))
    shops = {a.id: a.currency for a in ledger.account_list if "SHOP" in a.id}
    assert shops == {"EXT:SHOP": "EUR", "EXT:SHOP in GBP": "GBP"}


def test_times_with_a_zone_are_kept_in_utc_with_their_text(tmp_path: Path) -> None:
    transfers = [{"id": "t1", "ts": "2020-01-01T01:30:00+02:00", "from": "EXT:A", "to": "T", "amount": 100}]
    _, ledger = ledger_of(write(tmp_path, transfers=transfers))
    event = next(iter(ledger))
    assert event.time.isoformat() == "2019-12-31T23:30:00+00:00"
    assert event.time_text == "2020-01-01T01:30:00+02:00"


def test_all_problems_of_one_file_come_together(tmp_path: Path) -> None:
    transfers = [
        {"id": "t1", "ts": "2020-13-01", "from": "EXT:A", "to": "T", "amount": 100},
        {"id": "t2", "ts": "2020-01-02", "from": "T", "to": "NOBODY", "amount": 10},
        {"id": "t3", "ts": "2020-01-03", "from": "T", "to": "EXT:B", "amount": -10},
        {"id": "t4", "ts": "2020-01-04", "from": "EXT:B", "to": "T", "amount": 10},
    ]
    claims = [
        {"claimant": "A", "amount": 100, "entered": {"transfer": "t1"}},
        {"claimant": "A", "amount": 11, "entered": {"transfer": "t4"}},
    ]
    with pytest.raises(InputErrors) as caught:
        ledger_of(write(tmp_path, transfers=transfers, claims=claims))
    assert [type(problem).__name__ for problem in caught.value.problems] == [
        "DateUnreadable",
        "UnknownAccount",
        "AmountNotPositive",
        "ClaimExceedsTransfer",
    ]
