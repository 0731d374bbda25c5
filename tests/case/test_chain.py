"""Transactions of a chain in a case: held until admitted, met across files, and traced by the ordinary engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.ledger.event import Account
from trover.ledger.gate import Standing
from trover.sources.chain.raw import RawInput, RawOutput, txid_of

SAMPLE = Path(__file__).parents[1] / "fuzz" / "samples" / "esplora.json"
FIRST = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
"""The first payment: 10 bitcoin of the coin of block 9 in block 170, 40 back; the 40 move on in block 181."""
SECOND = "a16f3ce4dd5deb92d98ef5cf8afeaf0775ebca408f708b2146c4fb42b41e14be"
COINBASE = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9"
REASON = "From a public explorer, compared with a second one"
BITCOIN = 10**8


def transactions() -> dict[str, Any]:
    return {each["txid"]: each for each in json.loads(SAMPLE.read_text(encoding="utf-8"))}


def file_of(folder: Path, name: str, items: Iterable[Any]) -> Path:
    path = folder / name
    path.write_text(json.dumps(list(items)), encoding="utf-8")
    return path


def new_case(folder: Path) -> Case:
    return Case.create(folder / "case", "R v Example", "A. Analyst", currency="BTC")


def held(case: Case, rule: str) -> dict[str, dict[str, int]]:
    return {account: row for account, row in case.trace(rule)[0].table.items() if any(row.values())}


def claim(case: Case, which: Callable[[Account], bool], name: str = "VICTIM") -> None:
    bodies = [
        Claimed(name, account.opening, "BTC", "", account.id)
        for account in case.traced().account_list
        if which(account)
    ]
    case.record_all(bodies, reason="Paid as ransom")


def test_transactions_of_an_explorer_are_held_until_a_person_lets_them_in(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    report = case.add(SAMPLE)
    (judged,) = report.statements
    assert (judged.statement.standing, judged.statement.rows) == (Standing.UNPROVED, 3)
    assert "only stated" in judged.statement.reason
    assert len(case.traced()) == 0
    case.admit(reason=REASON)
    assert [event.id for event in case.traced()] == [COINBASE, FIRST, SECOND]


def test_new_coin_enters_and_is_drawn_output_by_output(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(SAMPLE, unproved=REASON)
    case.record(Claimed("VICTIM", 50 * BITCOIN, "BTC", COINBASE), reason="Stolen when it was made")
    assert held(case, "fifo") == {
        f"{FIRST}:0": {"VICTIM": 10 * BITCOIN, "OWN": 0},
        f"{SECOND}:0": {"VICTIM": 10 * BITCOIN, "OWN": 0},
        f"{SECOND}:1": {"VICTIM": 30 * BITCOIN, "OWN": 0},
    }


def test_an_output_known_by_its_value_alone_opens_with_it(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "one.json", [transactions()[FIRST]]), unproved=REASON)
    opened = {account.id: account.opening for account in case.traced().account_list if account.opening}
    assert opened == {f"{COINBASE}:0": 50 * BITCOIN}


@pytest.mark.parametrize("order", [[COINBASE, FIRST], [FIRST, COINBASE]])
def test_what_made_an_output_takes_the_place_of_its_opening(tmp_path: Path, order: list[str]) -> None:
    case = new_case(tmp_path)
    for txid in order:
        case.add(file_of(tmp_path, f"{txid[:8]}.json", [transactions()[txid]]), unproved=REASON)
    traced = case.traced()
    assert [event.id for event in traced] == [COINBASE, FIRST]
    assert not any(account.opening for account in traced.account_list)


def test_an_opening_comes_back_when_what_made_it_is_no_longer_admitted(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    for txid in (COINBASE, FIRST):
        case.add(file_of(tmp_path, f"{txid[:8]}.json", [transactions()[txid]]), unproved=REASON)
    case.withdraw(case.findings()[0].id, reason="The answer was not authentic")
    opened = {account.id: account.opening for account in case.traced().account_list if account.opening}
    assert opened == {f"{COINBASE}:0": 50 * BITCOIN}


def test_a_transaction_in_two_files_counts_once_and_rests_on_both(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    case.add(file_of(tmp_path, "a.json", [every[COINBASE], every[FIRST]]), unproved=REASON)
    case.add(file_of(tmp_path, "b.json", [every[FIRST], every[SECOND]]), unproved=REASON)
    first = next(event for event in case.traced() if event.id == FIRST)
    assert [event.id for event in case.traced()] == [COINBASE, FIRST, SECOND]
    assert len(first.sources) == 2
    assert any("counted once: 1 transaction" in note.text for note in case.derived().notes)


def test_addresses_are_kept_and_name_nobody(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(SAMPLE, unproved=REASON)
    account = case.traced().account_by_id[f"{FIRST}:0"]
    assert (account.address, account.holder) == ("1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3", "")
    assert Case.open(tmp_path / "case").traced().account_by_id[f"{FIRST}:0"].address == account.address


def test_a_value_that_contradicts_another_file_fails_alone(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    case.add(file_of(tmp_path, "a.json", [every[FIRST]]), unproved=REASON)
    every[SECOND]["vin"][0]["prevout"]["value"] += 5
    every[SECOND]["fee"] += 5
    report = case.add(file_of(tmp_path, "b.json", [every[SECOND]]), unproved=REASON)
    failed = [each.statement for each in report.statements if each.statement.standing is Standing.FAILED]
    assert [each.problem for each in failed] == [
        f"b.json, row 1: 4000000005 is not the value of {FIRST}:1, which is 4000000000. Two sources state one output "
        "differently: obtain the transaction that made it, whose id proves the value."
    ]
    assert len(case.traced()) == 1


def test_two_explorers_that_state_one_input_differently_are_not_made_one(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    case.add(file_of(tmp_path, "a.json", [every[FIRST]]), unproved=REASON)
    every[FIRST]["vin"][0]["prevout"]["value"] += 7
    every[FIRST]["fee"] = 7
    report = case.add(file_of(tmp_path, "b.json", [every[FIRST]]), unproved=REASON)
    (failed,) = [each.statement for each in report.statements if each.statement.standing is Standing.FAILED]
    assert f"5000000007 is not the value of {COINBASE}:0, elsewhere stated as 5000000000" in failed.problem


def test_an_output_that_its_transaction_in_another_file_does_not_have_is_named(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    case.add(file_of(tmp_path, "a.json", [every[FIRST]]), unproved=REASON)
    given = every[SECOND]["vin"][0]
    given["vout"] = 9
    inputs = [RawInput(given["txid"], 9, bytes.fromhex(given["scriptsig"]), given["sequence"])]
    outputs = [RawOutput(out["value"], bytes.fromhex(out["scriptpubkey"])) for out in every[SECOND]["vout"]]
    every[SECOND]["txid"] = txid_of(1, inputs, outputs, 0)
    report = case.add(file_of(tmp_path, "b.json", [every[SECOND]]), unproved=REASON)
    (failed,) = [each.statement for each in report.statements if each.statement.standing is Standing.FAILED]
    assert f"'{FIRST}:9' does not exist: its transaction has no such output" in failed.problem


def test_a_transaction_in_no_block_is_kept_and_not_booked(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    every[SECOND]["status"] = {"confirmed": False}
    report = case.add(file_of(tmp_path, "a.json", every.values()), unproved=REASON)
    assert [(row.id, row.reason) for _, row in report.unbooked] == [(SECOND, "it stands in no block yet")]
    assert len(case.traced()) == 2


def test_a_block_whose_clock_runs_behind_keeps_its_place(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    every[SECOND]["status"]["block_time"] = every[FIRST]["status"]["block_time"] - 3600
    case.add(file_of(tmp_path, "a.json", every.values()), unproved=REASON)
    events = list(case.traced())
    assert [event.id for event in events] == [COINBASE, FIRST, SECOND]
    assert events[2].time == events[1].time
    assert events[2].time_text == str(every[SECOND]["status"]["block_time"])


def test_makers_come_before_spenders_of_one_block_whatever_file_they_are_in(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    every = transactions()
    for each in every.values():
        each["status"] = every[COINBASE]["status"]
    for txid in (SECOND, COINBASE, FIRST):
        case.add(file_of(tmp_path, f"{txid[:8]}.json", [every[txid]]), unproved=REASON)
    assert [event.id for event in case.traced()] == [COINBASE, FIRST, SECOND]


@pytest.mark.realdata
def test_the_seized_part_of_a_ransom_is_the_published_one(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "case-colonial-darkside-btc"
    every = json.loads((folder / "colonial_anchor_txs.json").read_text(encoding="utf-8"))
    path = file_of(tmp_path, "two.json", [each for each in every if each["txid"][:8] in ("daf38c7b", "943f2d57")])
    case = new_case(tmp_path)
    case.add(path, unproved=REASON)
    claim(case, lambda account: account.address == "3EYkxQSUv2KcuRTnHQA8tNuG7S2pKcdNxB")
    change, seized = (f"943f2d576ed8d9f388ba75eb82fe35cce29479b84121827ac368a5a94f44cf7a:{n}" for n in (0, 1))
    fifo, haircut = held(case, "fifo"), held(case, "haircut")
    assert (fifo[seized]["VICTIM"], fifo[change]["VICTIM"]) == (6_146_816_619, 223_183_381)
    assert haircut[seized]["VICTIM"] == 5_828_829_111  # 5,828,829,110.86
    assert held(case, "poison")[seized]["TAINTED"] == 6_369_996_546


@pytest.mark.realdata
def test_all_answers_of_one_case_meet_and_the_gap_stays(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "case-colonial-darkside-btc"
    case = new_case(tmp_path)
    report = case.add(sorted(folder.glob("*_txs.json")), unproved=REASON)
    assert not report.problems
    traced = case.traced()
    assert len(traced) == 10
    opened = {account.address for account in traced.account_list if account.opening}
    assert "3EYkxQSUv2KcuRTnHQA8tNuG7S2pKcdNxB" in opened
    spent = {leg.account for event in traced for leg in event.inputs}
    (end,) = [account for account in traced.account_list if account.address == "1DToN8Q6y31TGAz75Df729Bnujk6Xg7q5X"]
    assert end.id not in spent


@pytest.mark.realdata
def test_a_seizure_of_many_inputs_holds_the_theft_by_its_share(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "case-bitfinex-2016-btc"
    theft = json.loads((folder / "bitfinex_theft_tx.json").read_text(encoding="utf-8"))
    stolen = {f"{given['txid']}:{given['vout']}" for given in theft["vin"]}
    case = new_case(tmp_path)
    case.add(sorted(folder.glob("*_tx.json")), unproved=REASON)
    claim(case, lambda account: account.id in stolen)
    seized = "c49ff6bd054fb386cd02fc94ca34b8773229ed8a5538e023ef7bea772d70c17a:1"
    row = held(case, "haircut")[seized]
    assert sum(row.values()) == 15_000 * BITCOIN
    assert round(row["VICTIM"] * 100 / sum(row.values()), 5) == 3.78172
    assert held(case, "fifo")[seized]["VICTIM"] == 56_748_055_857


BLOCKS = SAMPLE.parent / "blocks.dat"


def test_blocks_prove_themselves_and_enter(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    (judged,) = case.add(BLOCKS).statements
    assert (judged.statement.standing, judged.is_admitted) == (Standing.PROVED, True)
    assert judged.statement.number.startswith("6 blocks, last 00000000d1145790")
    assert [event.id for event in case.traced()][-1] == FIRST
    case.record(Claimed("VICTIM", 50 * BITCOIN, "BTC", COINBASE), reason="Stolen when it was made")
    assert held(case, "fifo")[f"{FIRST}:0"] == {"VICTIM": 10 * BITCOIN, "OWN": 0}


def test_blocks_and_an_explorer_meet(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add([BLOCKS, SAMPLE], unproved=REASON)
    traced = case.traced()
    sources = {event.id: len(event.sources) for event in traced}
    assert [id for id in sources if id in (COINBASE, FIRST, SECOND)] == [COINBASE, FIRST, SECOND]
    assert (sources[COINBASE], sources[FIRST], sources[SECOND]) == (2, 2, 1)
    assert not any(account.opening for account in traced.account_list)


def test_an_input_that_another_block_made_is_found_in_another_file(tmp_path: Path) -> None:
    whole = BLOCKS.read_bytes()
    first, rest = whole.index(b"\xf9\xbe\xb4\xd9", 4), whole[:4]
    paths = [tmp_path / "block-170.dat", tmp_path / "others.dat"]
    for path, data in zip(paths, (whole[:first], whole[first:]), strict=True):
        assert data.startswith(rest)
        path.write_bytes(data)
    case = new_case(tmp_path)
    assert case.add(paths).unbooked == ()
    assert [event.id for event in case.traced()][-1] == FIRST


def test_an_input_that_no_source_states_is_kept_and_not_guessed(tmp_path: Path) -> None:
    whole = BLOCKS.read_bytes()
    path = tmp_path / "block-170.dat"
    path.write_bytes(whole[: whole.index(b"\xf9\xbe\xb4\xd9", 4)])
    case = new_case(tmp_path)
    ((_, row),) = case.add(path).unbooked
    assert (row.id, row.amount) == (FIRST, str(50 * BITCOIN))
    assert row.reason == f"no source states what 1 of its inputs held, the first of them {COINBASE}:0"
    assert len(case.traced()) == 1


def test_a_value_that_is_only_stated_completes_a_block_and_waits_for_a_person(tmp_path: Path) -> None:
    whole = BLOCKS.read_bytes()
    path = tmp_path / "block-170.dat"
    path.write_bytes(whole[: whole.index(b"\xf9\xbe\xb4\xd9", 4)])
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "one.json", [transactions()[FIRST]]))
    report = case.add(path)
    standing = {each.statement.id.partition(":")[2]: each.statement.standing for each in report.statements}
    assert standing == {"blocks": Standing.PROVED, "stated values": Standing.UNPROVED}
    assert len(case.traced()) == 1
    case.admit(path.name, reason="The values are those of a second explorer")
    assert [event.id for event in case.traced()][-1] == FIRST


TABLES = [SAMPLE.parent / f"chain_{role}.csv" for role in ("transactions", "outputs", "inputs")]


def test_tables_that_belong_together_are_joined_and_wait_for_a_person(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    (judged,) = case.add(TABLES).statements
    assert judged.statement.standing is Standing.UNPROVED
    assert judged.statement.number == "3 transactions, 1 ids repaired by who made the table"
    case.admit(reason=REASON)
    assert [event.id for event in case.traced()][-1] == FIRST


def test_a_table_of_transactions_alone_is_refused_until_the_others_are_there(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    (problem,) = case.add(TABLES[0]).problems
    assert str(problem).startswith("chain_transactions.csv: 'chain_transactions.csv' is a table of transactions that")
    case.add(TABLES[1:])
    assert not case.add(TABLES[0], unproved=REASON).problems
    assert len(case.traced()) == 3


@pytest.mark.realdata
def test_every_transaction_of_a_year_is_booked_and_the_supply_is_exact(tmp_path: Path, data_root: Path) -> None:
    case = new_case(tmp_path)
    report = case.add(sorted((data_root / "crypto" / "btc-2009-complete").glob("*.csv")), unproved=REASON)
    assert not report.problems
    traced = case.traced()
    assert len(traced) == 32_709
    made = {leg.account: leg.amount for event in traced for leg in event.outputs}
    spent = {leg.account for event in traced for leg in event.inputs}
    fees = sum(amount for account, amount in made.items() if account.startswith("FEE:"))
    left = sum(amount for account, amount in made.items() if account not in spent and not account.startswith("FEE:"))
    assert (left, fees) == (1_624_500 * BITCOIN, 287_000_000)
    assert not any(account.opening for account in traced.account_list)


@pytest.mark.realdata
def test_raw_blocks_and_tables_of_the_same_chain_agree_to_the_satoshi(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto"
    files = [*folder.glob("btc-raw-blocks/contiguous/*.dat"), *sorted(folder.glob("btc-2009-complete/*.csv"))]
    case = new_case(tmp_path)
    report = case.add(files, unproved=REASON)
    assert not [each for each in report.statements if each.statement.standing is Standing.FAILED]
    traced = case.traced()
    assert len(traced) == 32_709
    assert any("counted once: 4,583 transactions" in note.text for note in case.derived().notes)


@pytest.mark.realdata
def test_a_block_with_the_values_of_its_inputs_gives_its_fees_exactly(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "btc-raw-blocks"
    case = new_case(tmp_path)
    files = [folder / "single" / "block_300025.dat", folder / "prevouts" / "prevouts_300025.csv"]
    assert not case.add(files, unproved=REASON).unbooked
    paid = [leg for event in case.traced() for leg in event.outputs if leg.account.startswith("FEE:")]
    assert sum(leg.amount for leg in paid) == 7_773_345
    assert len(case.traced()) == 461


def test_a_block_in_json_waits_for_its_values_and_another_file_proves_them(tmp_path: Path) -> None:
    core = SAMPLE.parent / "core_block.json"
    case = new_case(tmp_path)
    assert [each.is_admitted for each in case.add(core).statements] == [True, False]
    other = Case.create(tmp_path / "other", "R v Other", "A. Analyst", currency="BTC")
    other.add([core, BLOCKS])
    assert all(each.is_admitted for each in other.statements())
    first = next(event for event in other.traced() if event.id == FIRST)
    assert len(first.sources) == 2


def split_blocks(folder: Path) -> tuple[Path, Path]:
    """Block 170, and the blocks with what it spends, in two files."""
    whole = BLOCKS.read_bytes()
    end = whole.index(b"\xf9\xbe\xb4\xd9", 4)
    paths = folder / "block-170.dat", folder / "others.dat"
    for path, data in zip(paths, (whole[:end], whole[end:]), strict=True):
        path.write_bytes(data)
    return paths


def test_a_file_added_later_completes_what_waited(tmp_path: Path) -> None:
    late, early = split_blocks(tmp_path)
    case = new_case(tmp_path)
    case.add(late)
    assert [event.id for event in case.traced()] != [FIRST]
    report = case.add(early)
    assert [each.statement.id.partition(":")[2] for each in report.statements] == ["blocks, completed 1", "blocks"]
    assert [event.id for event in case.traced()][-1] == FIRST
    assert Case.open(tmp_path / "case").sources()[0].unbooked == 0
    assert len(Case.open(tmp_path / "case").traced()) == 7


def test_a_stated_value_added_later_waits_for_a_person_or_enters_with_a_reason(tmp_path: Path) -> None:
    late, _ = split_blocks(tmp_path)
    values = tmp_path / "prevouts.csv"
    script = transactions()[FIRST]["vin"][0]["prevout"]["scriptpubkey"]
    header = "spending_txid,prev_txid,prev_vout,value_sat,address,script_hex"
    values.write_text(f"{header}\n{FIRST},{COINBASE},0,5000000000,,{script}\n", encoding="utf-8")
    for number, reason in enumerate(("", REASON)):
        case = Case.create(tmp_path / f"case-{number}", "R v Example", "A. Analyst", currency="BTC")
        case.add(late)
        case.add(values, unproved=reason)
        if not reason:
            assert len(case.traced()) == 1
            case.admit(late.name, reason=REASON)
        assert [event.id for event in case.traced()][-1] == FIRST


def test_a_transaction_of_two_held_files_counts_once_when_both_are_let_in_at_once(tmp_path: Path) -> None:
    known = transactions()
    one = file_of(tmp_path, "one.json", [known[FIRST]])
    two = file_of(tmp_path, "two.json", [known[FIRST], known[SECOND]])
    case = new_case(tmp_path)
    case.add([one, two])
    case.admit(reason=REASON)
    assert [event.id for event in case.traced()] == [FIRST, SECOND]
    assert [len(event.also) for event in case.traced()] == [1, 0]
