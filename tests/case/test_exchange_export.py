"""The ledger of a customer at an exchange, read under a mapping: deposits, trades of two currencies, withdrawals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed, SameTransfer
from trover.ledger.event import Event
from trover.ledger.gate import Standing

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "load-an-exchange.md"
EURO, ETHER, COIN = "CUSTOMER-77 in EUR", "CUSTOMER-77 in ETH", "CUSTOMER-77 in BTC"
ADDRESS = "0x5df9b87991262f6ba471f09758cde1c0fc1de734"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A case with the two files of the page."""
    text = PAGE.read_text(encoding="utf-8")
    for name, content in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    made = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="EUR")
    report = made.add(tmp_path / "exchange.csv", tmp_path / "exchange.yml")
    assert [each.statement.standing for each in report.statements] == [Standing.PROVED] * 3
    return made


def legs(event: Event) -> tuple[list[tuple[str, int]], list[tuple[str, int, int]]]:
    return (
        [(leg.account, leg.amount) for leg in event.inputs],
        [(leg.account, leg.amount, leg.cost) for leg in event.outputs],
    )


def test_each_asset_has_its_own_smallest_unit(case: Case) -> None:
    accounts = case.traced().account_by_id
    assert [(accounts[id].currency, case.decimals(accounts[id].currency)) for id in (EURO, ETHER, COIN)] == [
        ("EUR", 2),
        ("ETH", 18),
        ("BTC", 8),
    ]


def test_a_withdrawal_pays_its_fee_beside_the_amount(case: Case) -> None:
    rows = {event.id: event for event in case.traced()}
    assert legs(rows["L6"]) == (
        [(ETHER, 1_002_500_000_000_000_000)],
        [(f"EXT:{ADDRESS}", 10**18, 10**18), ("FEE:L6", 25 * 10**14, 25 * 10**14)],
    )
    assert rows["L6"].references[1].startswith("0x5c504ed4")
    assert legs(rows["L7"])[0] == [(COIN, 3_050_000)]


def test_a_deposit_arrives_less_its_fee(case: Case) -> None:
    (deposit,) = [event for event in case.traced() if event.id == "L8"]
    given, got = legs(deposit)
    assert (given[0][1], got) == (10_000, [(COIN, 9_000, 9_000), ("FEE:L8", 1_000, 1_000)])


def test_a_trade_is_one_exchange_once_a_person_says_so(case: Case) -> None:
    assert "L3" in {event.id for event in case.traced()}
    case.record_all([SameTransfer("L2", "L3"), SameTransfer("L4", "L5")], reason="One order, see its reference")
    rows = {event.id: event for event in case.traced()}
    assert "L3" not in rows
    assert legs(rows["L2"]) == (
        [(EURO, 401_040)],
        [(ETHER, 1_512_345_678_901_234_567, 400_000), ("FEE:L2", 1_040, 1_040)],
    )
    assert legs(rows["L4"])[1][0] == (COIN, 3_412_345, 5 * 10**17)


def test_a_claim_runs_through_three_currencies(case: Case) -> None:
    case.record_all([SameTransfer("L2", "L3"), SameTransfer("L4", "L5")], reason="One order, see its reference")
    case.record(Claimed("VICTIM", 500_000, "EUR", "L1"), reason="Paid by the victim")
    held = {account: row["VICTIM"] for account, row in case.trace("fifo")[0].table.items() if row.get("VICTIM")}
    assert held == {
        EURO: 98_960,
        "FEE:L2": 1_040,
        ETHER: 8_545_678_901_234_567,
        "FEE:L4": 13 * 10**14,
        f"EXT:{ADDRESS}": 10**18,
        "FEE:L6": 25 * 10**14,
        COIN: 362_345,
        "EXT:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq": 3_000_000,
        "FEE:L7": 50_000,
    }
