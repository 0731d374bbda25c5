"""Movements of Ethereum in a case: files complete each other, nothing counts twice, what was held before is said."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.sources.chain.test_ethereum import ALICE, BOB, CAROL, ETHER, TOKEN, answer, hash_of, transaction

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.case.open_ends import case_open_ends
from trover.cli.results import print_answers
from trover.ledger.event import Event
from trover.ledger.gate import Standing
from trover.trace.open_ends import End

REASON = "From a public explorer, compared with a second one"


def new_case(folder: Path) -> Case:
    return Case.create(folder / "case", "R v Example", "A. Analyst", currency="ETH")


def file_of(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def answers(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / name
    path.write_text(json.dumps({"status": "1", "message": "OK", "result": rows}), encoding="utf-8")
    return path


def paid(event: Event) -> list[tuple[str, int]]:
    return [(leg.account, leg.amount) for leg in event.outputs]


BARE = transaction(receipt_gas_used=None, receipt_status=None)
RECEIPT = {"transaction_hash": hash_of(1), "gas_used": 21_000, "cumulative_gas_used": 21_000, "status": 1}
BLOCK = {"number": 100, "hash": hash_of(99), "parent_hash": hash_of(98), "timestamp": 1_600_000_000, "miner": BOB}
CALL = {"block_number": 100, "from_address": BOB, "to_address": CAROL, "value": 3, "status": 1, "call_type": "call"}
CALL |= {"trace_id": f"call_{hash_of(1)}_0", "transaction_hash": hash_of(1), "trace_address": "0"}
TRANSFER = {"token_address": TOKEN, "from_address": ALICE, "to_address": BOB, "value": 7, "log_index": 4}
TRANSFER |= {"transaction_hash": hash_of(1), "block_number": 100}


def test_rows_are_held_until_a_person_lets_them_in(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    report = case.add(file_of(tmp_path, "a.json", [transaction()]))
    (judged,) = report.statements
    assert (judged.statement.standing, judged.statement.rows) == (Standing.UNPROVED, 1)
    assert len(case.traced()) == 0
    case.admit(reason=REASON)
    assert [event.id for event in case.traced()] == [hash_of(1)]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0]])
def test_files_of_one_export_complete_each_other(tmp_path: Path, order: list[int]) -> None:
    case = new_case(tmp_path)
    kinds = [[BARE], [RECEIPT], [BLOCK], [CALL, TRANSFER]]
    case.add([file_of(tmp_path, f"{n}.json", kinds[n]) for n in order], unproved=REASON)
    first, call, token = case.traced()
    assert paid(first) == [(f"eth:{BOB}", 5), (f"FEE:{hash_of(1)}", 210_000)]
    assert (first.kind, call.time, token.time) == ("transaction", first.time, first.time)
    assert paid(token) == [(f"eth:{BOB}:{TOKEN}", 7)]


def test_what_a_file_lacks_is_found_in_files_added_before(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add([file_of(tmp_path, "a.json", [RECEIPT]), file_of(tmp_path, "b.json", [BLOCK])])
    case.add(file_of(tmp_path, "c.json", [BARE, CALL]), unproved=REASON)
    assert [event.kind for event in case.traced()] == ["transaction", "call"]


def test_what_no_file_completes_is_kept_and_not_booked(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    report = case.add(file_of(tmp_path, "a.json", [CALL, transaction(value=0, receipt_gas_used=None)]), unproved=REASON)
    assert [row.reason for _, row in report.unbooked] == [
        "a call without value",
        "no file states when block 100 was made",
    ]
    assert len(case.traced()) == 0


def test_what_two_files_state_differently_counts_as_not_stated(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    kinds = [
        [BLOCK],
        [{**BLOCK, "timestamp": 1_600_000_900}],
        [RECEIPT],
        [{**RECEIPT, "gas_used": 30_000}],
        [CALL, BARE],
    ]
    report = case.add([file_of(tmp_path, f"{n}.json", rows) for n, rows in enumerate(kinds)], unproved=REASON)
    assert "two files contradict each other on when block 100 was made" in [row.reason for _, row in report.unbooked]
    (event,) = case.traced()
    assert (event.kind, paid(event)) == ("transaction without receipt", [(f"eth:{BOB}", 5)])


def test_receipts_of_two_files_fill_each_other_in(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    bare = {key: value for key, value in BARE.items() if key != "gas_price"} | {"gas_price": None}
    kinds = [[RECEIPT], [{**RECEIPT, "status": None, "effective_gas_price": 10}], [bare]]
    case.add([file_of(tmp_path, f"{n}.json", rows) for n, rows in enumerate(kinds)], unproved=REASON)
    (event,) = case.traced()
    assert paid(event)[-1] == (f"FEE:{hash_of(1)}", 210_000)


def test_a_transaction_without_receipt_moves_its_value_on_a_statement_of_its_own(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    report = case.add(file_of(tmp_path, "a.json", [BARE]), unproved=REASON)
    named = {each.statement.id.partition(":")[2]: each.statement for each in report.statements}
    assert named["without receipts"].rows == 1
    assert "whether these transactions succeeded" in named["without receipts"].reason
    (event,) = case.traced()
    assert (event.kind, paid(event)) == ("transaction without receipt", [(f"eth:{BOB}", 5)])


def test_a_failed_call_of_a_transaction_shows_that_it_failed(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    failed = {**CALL, "from_address": ALICE, "to_address": BOB, "trace_id": f"call_{hash_of(1)}_", "status": 0}
    bare = transaction(receipt_status=None)
    case.add([file_of(tmp_path, "a.json", [bare]), file_of(tmp_path, "b.json", [failed])], unproved=REASON)
    (event,) = case.traced()
    assert (event.kind, paid(event)) == ("failed transaction", [(f"FEE:{hash_of(1)}", 210_000)])


def test_one_transaction_in_three_files_counts_once_and_rests_on_all(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    root = {**CALL, "from_address": ALICE, "to_address": BOB, "value": 5, "trace_id": f"call_{hash_of(1)}_"}
    listed = answer(blockNumber="100", timeStamp="1600000000", transactionIndex="0")
    case.add(file_of(tmp_path, "root.json", [root, BLOCK]), unproved=REASON)
    case.add(answers(tmp_path, "txlist.json", [listed]), unproved=REASON)
    case.add(file_of(tmp_path, "transactions.json", [transaction()]), unproved=REASON)
    (event,) = case.traced()
    assert (event.id, event.kind, len(event.sources)) == (hash_of(1), "transaction", 3)
    assert paid(event) == [(f"eth:{BOB}", 5), (f"FEE:{hash_of(1)}", 210_000)]
    assert any("2 movements stand in several files and count once" in note.text for note in case.derived().notes)


def test_receipts_complete_a_transaction_that_another_file_has_already(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    root = {**CALL, "from_address": ALICE, "to_address": BOB, "value": 5, "trace_id": f"call_{hash_of(1)}_"}
    case.add([file_of(tmp_path, "a.json", [root, BLOCK]), file_of(tmp_path, "b.json", [RECEIPT])], unproved=REASON)
    case.add(file_of(tmp_path, "c.json", [BARE]), unproved=REASON)
    (event,) = case.traced()
    assert (event.id, event.kind) == (hash_of(1), "transaction")
    assert paid(event) == [(f"eth:{BOB}", 5), (f"FEE:{hash_of(1)}", 210_000)]


def test_transfers_whose_place_is_not_stated_are_matched_one_by_one(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    twice = [answer(contractAddress=TOKEN, tokenSymbol="T", tokenDecimal="6") for _ in range(2)]
    logged = [
        {**TRANSFER, "value": 5, "log_index": n, "block_number": 101, "block_timestamp": 1_600_000_012} for n in (1, 6)
    ]
    case.add(answers(tmp_path, "of_alice.json", twice), unproved=REASON)
    case.add(answers(tmp_path, "of_bob.json", [*twice, {**twice[0], "value": "8"}]), unproved=REASON)
    assert Counter(paid(event)[0][1] for event in case.traced()) == {5: 2, 8: 1}
    case.add(file_of(tmp_path, "logs.json", logged), unproved=REASON)
    traced = list(case.traced())
    assert Counter(paid(event)[0][1] for event in traced) == {5: 2, 8: 1}
    assert sorted(len(event.sources) for event in traced) == [1, 3, 3]
    assert case.decimals(TOKEN) == 6


def test_a_row_that_contradicts_another_file_fails_alone(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "a.json", [transaction()]), unproved=REASON)
    report = case.add(
        file_of(tmp_path, "b.json", [transaction(value=6), transaction(hash=hash_of(2))]), unproved=REASON
    )
    (failed,) = [each.statement for each in report.statements if each.statement.standing is Standing.FAILED]
    assert failed.problem == (
        f"b.json, row 1: {hash_of(1)!r} is stated otherwise by a.json, row 1. One of the files was altered or damaged: "
        "obtain both again, and withdraw the admission of the wrong one."
    )
    assert {event.id: paid(event)[0][1] for event in case.traced()} == {hash_of(1): 5, hash_of(2): 5}


@pytest.mark.parametrize(("value", "files"), [(5, 2), (6, 1)])
def test_two_held_files_of_one_transaction_count_once_when_both_are_admitted(
    value: int, files: int, tmp_path: Path
) -> None:
    case = new_case(tmp_path)
    second = file_of(tmp_path, "b.json", [{**transaction(value=value), "size": 1}])
    case.add([file_of(tmp_path, "a.json", [transaction()]), second])
    case.admit(reason=REASON)
    (event,) = case.traced()
    assert (paid(event)[0][1], len(event.sources)) == (5, files)


def test_what_failed_in_one_file_and_not_in_another_is_a_contradiction(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "a.json", [transaction()]), unproved=REASON)
    report = case.add(answers(tmp_path, "b.json", [answer(blockNumber="100", isError="1")]), unproved=REASON)
    assert [each.statement.standing for each in report.statements if each.statement.rows == 0][-1] is Standing.FAILED
    assert [event.kind for event in case.traced()] == ["transaction"]


def test_a_transaction_in_two_blocks_is_a_contradiction(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "a.json", [transaction()]), unproved=REASON)
    moved = transaction(block_number=101, block_timestamp=1_600_000_012)
    report = case.add(file_of(tmp_path, "b.json", [moved]), unproved=REASON)
    assert sum(each.statement.standing is Standing.FAILED for each in report.statements) == 1
    assert [event.time.timestamp() for event in case.traced()] == [1_600_000_000]


def test_holdings_beyond_what_an_amount_can_say_do_not_stop_the_case(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    rows = [{**TRANSFER, "value": 10**38 - 1, "log_index": n} for n in range(3)]
    case.add(file_of(tmp_path, "a.json", [*rows, BLOCK]), unproved=REASON)
    accounts = case.traced().account_by_id
    assert accounts[f"eth:{ALICE}:{TOKEN}"].opening == 10**38 - 1


def test_order_is_that_of_the_chain_whatever_file_states_it(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    later = answer(hash=hash_of(5), transactionIndex="2")
    sooner = answer(hash=hash_of(6), transactionIndex="1")
    inside = answer(hash=hash_of(6), type="call", **{"from": BOB, "to": CAROL})
    del inside["transactionIndex"]
    case.add(answers(tmp_path, "inside.json", [inside]), unproved=REASON)
    case.add(answers(tmp_path, "listed.json", [later, sooner]), unproved=REASON)
    assert [event.id for event in case.traced()] == [hash_of(6), f"{hash_of(6)}:internal:1", hash_of(5)]


def test_what_an_address_held_before_is_nobodys_and_said(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    rows = [
        transaction(value=10 * ETHER),
        transaction(hash=hash_of(2), transaction_index=1, from_address=BOB, to_address=CAROL, value=12 * ETHER),
    ]
    case.add(file_of(tmp_path, "a.json", rows), unproved=REASON)
    opened = {account.id: account.opening for account in case.traced().account_list if account.opening}
    assert opened == {f"eth:{ALICE}": 10 * ETHER + 210_000, f"eth:{BOB}": 2 * ETHER + 210_000}
    assert any("2 address accounts pay out more" in note.text for note in case.derived().notes)
    case.record(Claimed("VICTIM", 10 * ETHER, "ETH", "", f"eth:{ALICE}"), reason="Stolen")
    table = case.trace("fifo")[0].table
    assert not any(account.startswith("OD:") for account in table)
    assert sum(row["VICTIM"] for row in table.values()) == 10 * ETHER


def test_amounts_above_128_bits_fail_alone_and_those_below_are_exact(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    rows = [{**TRANSFER, "value": value, "log_index": n} for n, value in enumerate((10**38 - 1, 2**256 - 1))]
    report = case.add(file_of(tmp_path, "a.json", [*rows, BLOCK]), unproved=REASON)
    (event,) = case.traced()
    assert paid(event)[0][1] == 10**38 - 1
    assert sum(each.statement.standing is Standing.FAILED for each in report.statements) == 1


@pytest.mark.realdata
def test_the_figures_of_the_ronin_theft(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "case-ronin-lazarus-eth"
    case = new_case(tmp_path)
    names = ("txlist", "txlistinternal", "tokentx")
    report = case.add([folder / f"ronin_{name}.json" for name in names], unproved=REASON)
    assert not report.problems
    assert [each.statement.rows for each in report.statements] == [402, 1, 6]
    thief, bridge = "eth:0x098b716b8aaf21512996dc57eb0615e2383e2f96", "eth:0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2"
    came = [e for e in case.traced() if e.inputs[0].account == bridge]
    assert [paid(event) for event in came] == [[(thief, 173_600 * ETHER)]]
    out = [
        leg
        for event in case.traced()
        if event.inputs[0].account == thief
        for leg in event.outputs
        if not leg.account.startswith("FEE:")
    ]
    assert (len(out), len({leg.account for leg in out})) == (28, 23)
    assert sum(leg.amount for leg in out) == 146_039_856_030_000_000_000_000
    case.record(Claimed("BRIDGE", 173_600 * ETHER, "ETH", "", bridge), reason="Taken from the bridge")
    table = case.trace("fifo")[0].table
    assert sum(row["BRIDGE"] for row in table.values()) == 173_600 * ETHER


def test_amounts_of_a_token_are_shown_with_the_decimals_that_a_source_states(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = new_case(tmp_path)
    row = answer(value="100500000000", contractAddress=TOKEN, tokenSymbol="T", tokenDecimal="9")
    case.add(answers(tmp_path, "tokentx.json", [row]), unproved=REASON)
    case.record(Claimed("VICTIM", 100_500_000_000, TOKEN, "", f"eth:{ALICE}:{TOKEN}"), reason="Stolen")
    print_answers(case.trace("fifo"), case, most=10)
    assert "100.500000000" in capsys.readouterr().out


DAVE = "0x" + "e5" * 20
TIME = {"block_number": 100, "block_timestamp": 1_600_000_000}


def world() -> dict[str, list[dict[str, Any]]]:
    """One transaction with calls and tokens, twice alike some of them, as an export and two explorers state it."""
    calls = [("0", BOB, CAROL, 3), ("0_0", CAROL, BOB, 1), ("1", BOB, CAROL, 3), ("2", CAROL, DAVE, 2)]
    tokens = [(1, ALICE, BOB, 7), (4, BOB, CAROL, 7), (6, BOB, CAROL, 7), (9, CAROL, DAVE, 7)]
    trace = {"status": 1, "call_type": "call", "transaction_hash": hash_of(1), "transaction_index": 0, **TIME}
    export = [
        transaction(value=50),
        *(
            {
                **trace,
                "from_address": giver,
                "to_address": taker,
                "value": value,
                "trace_address": path.replace("_", ","),
            }
            | {"trace_id": f"call_{hash_of(1)}_{path}"}
            for path, giver, taker, value in [("", ALICE, BOB, 50), *calls]
        ),
        *(
            {**TRANSFER, "from_address": giver, "to_address": taker, "value": value, "log_index": index, **TIME}
            for index, giver, taker, value in tokens
        ),
    ]
    block = {"blockNumber": "100", "timeStamp": "1600000000"}
    found = {"export": export}
    for name, who in (("bob", BOB), ("carol", CAROL)):
        inside = [row for row in calls if who in row[1:3]]
        moved = [row for row in tokens if who in row[1:3]]
        found[name] = [
            *([answer(value="50", transactionIndex="0", **block)] if who == BOB else []),
            *(
                answer(value=str(value), type="call", **block, **{"from": giver, "to": taker})
                for _, giver, taker, value in inside
            ),
            *(
                answer(
                    value=str(value), contractAddress=TOKEN, tokenSymbol="T", **block, **{"from": giver, "to": taker}
                )
                for _, giver, taker, value in moved
            ),
        ]
    return found


@pytest.mark.parametrize("order", list(permutations(["export", "bob", "carol"])), ids="-".join)
def test_whatever_comes_first_the_same_movements_are_traced(tmp_path: Path, order: tuple[str, ...]) -> None:
    rows = world()
    case = new_case(tmp_path)
    case.add(file_of(tmp_path, "export.json", rows["export"]), unproved=REASON)
    alone = [(event.inputs[0].account, paid(event)) for event in case.traced()]
    assert len(alone) == 9
    mixed = Case.create(tmp_path / "mixed", "R v Example", "A. Analyst", currency="ETH")
    for name in order:
        mixed.add(file_of(tmp_path, f"{name}.json", rows[name]), unproved=REASON)
    events = list(mixed.traced())
    assert [(event.inputs[0].account, paid(event)) for event in events] == alone
    assert sum(len(event.sources) for event in events) == sum(map(len, rows.values())) - 1


def test_two_explorers_alone_meet_in_what_both_state(tmp_path: Path) -> None:
    rows = world()
    case = new_case(tmp_path)
    for name in ("bob", "carol"):
        case.add(file_of(tmp_path, f"{name}.json", rows[name]), unproved=REASON)
    assert len(case.traced()) == 9


def test_it_is_said_of_which_addresses_no_file_shows_the_rest(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    rows = [answer(), answer(hash=hash_of(2), **{"from": BOB}, to=CAROL)]
    case.add(answers(tmp_path, "of_bob.json", rows), unproved=REASON)
    (note,) = [note.text for note in case.derived().notes if "no file is about" in note.text]
    assert note == (
        f"no file is about what the addresses beside {BOB} did later (2 accounts): "
        "what is left in them is what these rows leave there"
    )


def test_two_addresses_in_every_row_do_not_say_which_is_meant(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    case.add(answers(tmp_path, "one.json", [answer()]), unproved=REASON)
    assert any("what the addresses did later (2 accounts)" in note.text for note in case.derived().notes)


def test_what_reaches_an_address_that_no_file_is_about_is_an_open_end(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    rows = [answer(value="9", gasUsed="0"), answer(hash=hash_of(2), value="6", gasUsed="0", **{"from": BOB}, to=CAROL)]
    case.add(answers(tmp_path, "of_bob.json", rows), unproved=REASON)
    case.record(Claimed("VICTIM", 9, "ETH", "", f"eth:{ALICE}"), reason="Stolen")
    (end,) = case_open_ends(case, case.trace("fifo"))
    assert (end.end, end.place, end.most) == (End.UNFOLLOWED, f"eth:{CAROL}", 6)
