"""Ethereum against published figures: GraphSense's reference tables, and the blocks that ethereum-etl tests with."""

from __future__ import annotations

import base64
import csv
import gzip
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.ledger.event import FEE
from trover.ledger.ledger import Ledger

pytestmark = pytest.mark.realdata
REASON = "Published for tests, compared with its reference"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
CONTRACTS = {
    "USDT": USDT,
    "USDC": "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
    "WETH": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
}
UNTRACED = 6
"""Transactions whose first call is not among the traces: nothing says that they succeeded; the reference has none."""
FILES = ("blocks.csv", "transactions.csv.gz", "traces.csv.gz", "logs.json.gz")


def lines(path: Path) -> list[Any]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def hexadecimal(text: str) -> str:
    return "0x" + base64.b64decode(text).hex()


def address_and_token(account: str) -> tuple[str, str]:
    """Tokens are made from, and destroyed to, the address of nobody."""
    for outside in ("EXT:MINTED:", "EXT:BURNT:"):
        if account.startswith(outside):
            return "0x" + "0" * 40, account.removeprefix(outside)
    address, _, token = account.removeprefix("eth:").partition(":")
    return address, token


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "crypto" / "eth-samples" / "graphsense_eth_tokens"


@pytest.fixture(scope="module")
def case(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = Case.create(tmp_path_factory.mktemp("graphsense") / "case", "R v Example", "A. Analyst", currency="ETH")
    report = made.add([folder / name for name in FILES], unproved=REASON)
    assert not report.problems
    return made


@pytest.fixture(scope="module")
def traced(case: Case) -> Ledger:
    return case.traced()


@pytest.fixture(scope="module")
def flows(traced: Ledger) -> Counter[tuple[str, str, str]]:
    """(payer, payee, contract) -> amount; the contract is empty for ether."""
    found: Counter[tuple[str, str, str]] = Counter()
    for event in traced:
        if event.kind == "transaction without receipt":
            continue
        payer, _ = address_and_token(event.inputs[0].account)
        for leg in event.outputs:
            if not leg.account.startswith(FEE):
                payee, token = address_and_token(leg.account)
                found[payer, payee, token] += leg.amount
    return found


def delegated(folder: Path) -> Counter[tuple[str, str]]:
    """What the reference counts and no chain moves: the value that a delegated call only repeats from its caller."""
    found: Counter[tuple[str, str]] = Counter()
    with gzip.open(folder / "traces.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["callType"] == "delegatecall" and row["status"] == "1":
                found[row["fromAddress"], row["toAddress"]] += int(row["value"])
    return found


def selves(folder: Path) -> Counter[str]:
    """What addresses pay themselves, which the reference counts on both sides and the ledger does not book."""
    found: Counter[str] = Counter()
    with gzip.open(folder / "traces.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["fromAddress"] == row["toAddress"] and row["status"] == "1" and row["callType"] == "call":
                found[row["fromAddress"]] += int(row["value"])
    return found


def test_every_row_is_booked_or_counted(case: Case, traced: Ledger) -> None:
    kinds = Counter(event.kind for event in traced)
    assert kinds["transaction without receipt"] == UNTRACED
    assert kinds["reward"] == 90
    assert kinds["genesis"] == 0, "no file states the time of block 0"
    assert kinds["transaction"] + kinds["failed transaction"] == 332 - UNTRACED


def test_what_every_address_received_and_spent(folder: Path, flows: Counter[tuple[str, str, str]]) -> None:
    repeated, own = delegated(folder), selves(folder)
    received, spent = Counter(own), Counter(own)
    for (payer, payee, token), amount in flows.items():
        if not token:
            received[payee] += amount
            spent[payer] += amount
    plain = Counter(received), Counter(spent)
    for (payer, payee), amount in repeated.items():
        spent[payer] += amount
        received[payee] += amount
    addresses = lines(folder / "reference" / "addresses.json.gz")
    assert len(addresses) == 782
    equal = 0
    for row in addresses:
        address = hexadecimal(row["address"])
        expected = row["totalReceived"]["value"], row["totalSpent"]["value"]
        assert (received[address], spent[address]) == expected, address
        equal += (plain[0][address], plain[1][address]) == expected
    assert equal == 756


def test_what_went_from_one_address_to_another(folder: Path, flows: Counter[tuple[str, str, str]]) -> None:
    addresses = lines(folder / "reference" / "addresses.json.gz")
    name = {row["addressId"]: hexadecimal(row["address"]) for row in addresses}
    repeated, own = delegated(folder), selves(folder)
    compared = 0
    for row in lines(folder / "reference" / "address_relations.json.gz"):
        pair = name.get(row["srcAddressId"], ""), name.get(row["dstAddressId"], "")
        if not all(pair):
            continue
        compared += 1
        ether = flows[*pair, ""] + repeated[pair] + (own[pair[0]] if pair[0] == pair[1] else 0)
        assert ether == row["value"]["value"], pair
        for symbol, value in (row.get("tokenValues") or {}).items():
            assert flows[*pair, CONTRACTS[symbol]] == value["value"], (pair, symbol)
    assert compared > 1000


def test_every_transfer_of_one_token(folder: Path, traced: Ledger) -> None:
    expected = Counter(
        (
            f"{hexadecimal(row['txHash'])}:log:{row['logIndex']}",
            hexadecimal(row["from"]),
            hexadecimal(row["to"]),
            row["value"],
        )
        for row in lines(folder / "reference" / "USDT_token_transfers.json")
    )
    found = Counter(
        (
            event.id,
            event.inputs[0].account.split(":")[1],
            event.outputs[0].account.split(":")[1],
            event.outputs[0].amount,
        )
        for event in traced
        if event.outputs[0].account.endswith(USDT)
    )
    assert len(expected) == 143
    assert found == expected


def test_two_exports_of_the_same_blocks_count_once(data_root: Path, tmp_path: Path) -> None:
    samples = data_root / "crypto" / "eth-samples"
    full, bare = samples / "ethereum-etl_17173049_17173050", samples / "ethereum-etl_csv"
    case = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="ETH")
    names = ("blocks", "transactions", "logs", "token_transfers")
    case.add([full / f"expected_{name}.json" for name in names], unproved=REASON)
    alone = [event.id for event in case.traced()]
    kinds = Counter(event.kind for event in case.traced())
    assert kinds == {"transaction": 289, "failed transaction": 9, "withdrawal": 32, "token transfer": 266}
    case.add(sorted(bare.iterdir()), unproved=REASON)
    assert [event.id for event in case.traced()] == alone
    fees = sum(leg.amount for event in case.traced() for leg in event.outputs if leg.account.startswith(FEE))
    rows = lines(full / "expected_transactions.json")
    assert fees == sum(row["receipt_gas_used"] * row["receipt_effective_gas_price"] for row in rows)


REACH = {
    "LIFI": (33, 33, 9_685_530, 8_609_333),
    "54m": (13, 13, 59_410_346, 19_130_105),
    "HB": (14, 11, 87_561_136, 99_922_423),
}
"""Terminals listed, terminals reached (of HB three stand in no row), dollars out of the sources and into terminals."""


@pytest.mark.parametrize("name", REACH)
def test_every_terminal_of_a_verified_flow_is_reached(name: str, data_root: Path, tmp_path: Path) -> None:
    folder = data_root / "crypto" / "eth-illicit-flows-mftracer" / name
    case = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="USD")
    report = case.add(folder / f"{name}.csv", unproved=REASON)
    assert "rounded half to even" in str(report.remarks[0])
    sources, terminals = (
        [f"eth:{line}:usd" for line in (folder / f"{which}_addresses.csv").read_text(encoding="utf-8").split()]
        for which in ("source", "terminal")
    )
    ledger = case.traced()
    out = sum(leg.amount for event in ledger for leg in event.outputs if event.inputs[0].account in sources)
    into = Counter[str]()
    for event in ledger:
        into.update({leg.account: leg.amount for leg in event.outputs if leg.account in terminals})
    accounts = ledger.account_by_id
    opened = [id for id in sources if id in accounts and accounts[id].opening]
    case.record_all([Claimed("VICTIMS", accounts[id].opening, "USD", "", id) for id in opened], reason="Stolen")
    table = case.trace("poison")[0].table
    reached = [id for id in terminals if table.get(id, {}).get("TAINTED")]
    dollars = [round(Decimal(cents) / 100) for cents in (out, sum(into.values()))]
    assert (len(terminals), len(reached), *dollars) == REACH[name]
    if name == "LIFI":
        assert round(Decimal(into["eth:0xd90e2f925da726b50c4ed8d0fb90ad053324f31b:usd"]) / 100) == 1_899_088
