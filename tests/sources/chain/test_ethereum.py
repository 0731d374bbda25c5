"""Files of Ethereum: exports of ethereum-etl and answers of explorers, read to the wei."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.readings import accounts, events, statements

from trover.errors import AddressElsewhere, AddressWrong, AmountTooLarge, DuplicateId, FieldMissing, FieldWrong
from trover.sources.chain.ethereum import ExplorerReader
from trover.sources.chain.ethereum.creation import created_address
from trover.sources.chain.ethereum.etl import TRANSFERRED
from trover.sources.custody import read_source, source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import NOT_STATED, EventRecord

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
ALICE, BOB, CAROL = (f"0x{digits * 20}" for digits in ("a1", "b2", "c3"))
TOKEN = "0x" + "d4" * 20
ETHER = 10**18


def hash_of(number: int) -> str:
    return "0x" + f"{number:02x}" * 32


def sample(name: str) -> Reading:
    reading = read_records(read_source(SAMPLES / name))
    assert not reading.problems
    return reading


def read(rows: Any) -> Reading:
    """Rows as JSON lines, or the text of a CSV file."""
    text = rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows))
    return read_records(source_of("rows", text.encode()))


def moves(event: EventRecord) -> list[tuple[str, int]]:
    return [(leg.account, -leg.amount) for leg in event.inputs] + [(leg.account, leg.amount) for leg in event.outputs]


def by_id(reading: Reading) -> dict[str, EventRecord]:
    return {event.id: event for event in events(reading)}


def reasons(reading: Reading) -> list[str]:
    return [row.reason for row in reading.unbooked]


def transaction(**more: Any) -> dict[str, Any]:
    return {
        "hash": hash_of(1),
        "nonce": 0,
        "block_number": 100,
        "transaction_index": 0,
        "from_address": ALICE,
        "to_address": BOB,
        "value": 5,
        "gas": 90_000,
        "gas_price": 10,
        "block_timestamp": 1_600_000_000,
        "receipt_gas_used": 21_000,
        "receipt_status": 1,
        **more,
    }


def answer(**more: Any) -> dict[str, Any]:
    return {
        "blockNumber": "101",
        "timeStamp": "1600000012",
        "hash": hash_of(1),
        "from": ALICE,
        "to": BOB,
        "value": "5",
        "gasUsed": "21000",
        "gasPrice": "10",
        "isError": "0",
        "transactionIndex": "3",
        "contractAddress": "",
        **more,
    }


def test_the_sender_pays_the_value_and_last_the_gas() -> None:
    (event,) = events(read([transaction()]))
    assert moves(event) == [(f"eth:{ALICE}", -210_005), (f"eth:{BOB}", 5), (f"FEE:{hash_of(1)}", 210_000)]
    assert (event.kind, event.id, event.time_text) == ("transaction", hash_of(1), "2020-09-13T12:26:40Z")


def test_a_failed_transaction_pays_gas_and_moves_nothing() -> None:
    for rows in ([transaction(receipt_status=0)], [answer(isError="1")], [answer(txreceipt_status="0")]):
        (event,) = events(read(rows))
        assert moves(event) == [(f"eth:{ALICE}", -210_000), (f"FEE:{hash_of(1)}", 210_000)]
        assert event.kind == "failed transaction"


def test_what_pays_itself_only_pays_gas() -> None:
    (event,) = events(read([transaction(to_address=ALICE)]))
    assert moves(event) == [(f"eth:{ALICE}", -210_000), (f"FEE:{hash_of(1)}", 210_000)]


def test_without_a_receipt_the_fee_is_left_to_other_files() -> None:
    reading = read([transaction(receipt_gas_used=None, receipt_status=None)])
    (event,) = events(reading)
    assert (event.kind, event.outputs[-1].amount) == ("transaction without receipt", NOT_STATED)
    assert reading.stated == {f"price {hash_of(1)}": "10"}
    assert [each.chain for each in statements(reading)] == ["answers", "answers without receipts"]


def test_the_address_of_a_new_contract_is_computed_where_it_is_not_stated() -> None:
    assert (
        created_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 0) == "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"
    )
    assert (
        created_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 1) == "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"
    )
    (event,) = events(read([transaction(to_address=None)]))
    assert event.outputs[0].account == f"eth:{created_address(ALICE, 0)}"


def test_an_export_holds_every_kind_of_row() -> None:
    reading = sample("ethereum_etl.json")
    found = by_id(reading)
    first, created = hash_of(1), created_address(ALICE, 2)
    assert moves(found[first]) == [
        (f"eth:{ALICE}", -(ETHER + 21_000 * 10**9)),
        (f"eth:{CAROL}", ETHER),
        (f"FEE:{first}", 21_000 * 10**9),
    ]
    assert moves(found[f"{first}:trace:0"]) == [(f"eth:{CAROL}", -4 * ETHER // 10), (f"eth:{BOB}", 4 * ETHER // 10)]
    assert moves(found["withdrawal:7"]) == [("EXT:WITHDRAWAL", -5 * 10**9), (f"eth:{BOB}", 5 * 10**9)]
    assert moves(found["reward:100_0"])[0] == ("EXT:REWARD", -2 * ETHER)
    assert moves(found[hash_of(3)])[1] == (f"eth:{created}", 9)
    large = 2**128 // 10
    assert moves(found[f"{first}:log:0"]) == [(f"eth:{ALICE}:{TOKEN}", -large), (f"eth:{BOB}:{TOKEN}", large)]
    assert moves(found[f"{first}:log:1"]) == [(f"eth:{BOB}:{TOKEN}", -77), (f"eth:{CAROL}:{TOKEN}", 77)]
    assert list(found) == [
        first,
        f"{first}:trace:0",
        f"{first}:log:1",
        hash_of(2),
        hash_of(3),
        hash_of(4),
        "withdrawal:7",
        "reward:100_0",
        f"{first}:log:0",
    ]
    assert len(reading.unbooked) == 5
    assert reading.stated["block 100"] == "1600000000"
    assert reading.stated[f"decimals {TOKEN}"] == "9"


def test_accounts_are_an_address_and_a_token() -> None:
    found = accounts(sample("ethereum_etl.json"))
    ether, token = found[f"eth:{BOB}"], found[f"eth:{BOB}:{TOKEN}"]
    assert (ether.currency, ether.kind, ether.address, ether.holder) == ("ETH", "wallet", BOB, "")
    assert (token.currency, token.kind, token.address) == (TOKEN, "wallet", BOB)


def test_answers_of_an_explorer() -> None:
    listed = by_id(sample("etherscan_txlist.json"))
    assert moves(listed[hash_of(11)])[1] == (f"eth:{BOB}", 3 * ETHER)
    assert listed[hash_of(12)].kind == "failed transaction"
    assert [leg[0] for leg in moves(listed[hash_of(13)])] == [f"eth:{ALICE}", f"FEE:{hash_of(13)}"]
    (call,) = events(sample("etherscan_txlistinternal.json"))
    assert (call.id, moves(call)) == (f"{hash_of(11)}:trace:0_1", [(f"eth:{BOB}", -5), (f"eth:{CAROL}", 5)])
    tokens = sample("etherscan_tokentx.json")
    assert [event.id for event in events(tokens)] == [f"{hash_of(11)}:token:1"]
    assert tokens.stated == {f"decimals {TOKEN}": "9"}


def test_a_page_saved_as_csv_counts_in_ether() -> None:
    found = by_id(sample("etherscan.csv"))
    assert moves(found[hash_of(21)])[1:] == [
        (f"eth:{BOB}", 1003 * ETHER + 1),
        (f"FEE:{hash_of(21)}", 42 * 10**12),
    ]
    assert moves(found[hash_of(22)])[1:] == [(f"FEE:{hash_of(22)}", 42 * 10**12)]


def test_new_tokens_come_from_outside_and_burnt_ones_go_there() -> None:
    nobody = "0x" + "0" * 40
    rows = [
        {"token_address": TOKEN, "from_address": a, "to_address": b, "value": 7, "transaction_hash": hash_of(1)}
        | {"log_index": n, "block_number": 100, "block_timestamp": 1_600_000_000}
        for n, (a, b) in enumerate([(nobody, ALICE), (ALICE, nobody)])
    ]
    first, second = events(read(rows))
    assert first.inputs[0].account == f"EXT:MINTED:{TOKEN}"
    assert second.outputs[0].account == f"EXT:BURNT:{TOKEN}"


def test_tokens_are_known_by_contract_and_not_by_what_they_call_themselves() -> None:
    genuine = "0xdAC17F958D2ee523a2206206994597C13D831ec7"
    rows = [answer(contractAddress=contract, tokenSymbol="USDT", tokenDecimal="6") for contract in (genuine, TOKEN)]
    assert {account.currency for account in accounts(read(rows)).values()} == {"USDT", TOKEN}


def test_rows_of_one_block_keep_the_order_of_transactions_and_calls() -> None:
    rows = [
        {
            "block_number": 100,
            "block_timestamp": 1_600_000_000,
            "transaction_index": index,
            "from_address": ALICE,
            "to_address": BOB,
            "value": 1,
            "status": 1,
            "trace_address": path.replace("_", ","),
            "trace_id": f"call_{hash_of(index)}_{path}",
        }
        for index, path in [(2, ""), (1, "0_10"), (1, "0_2"), (1, ""), (1, "0")]
    ]
    found = sorted(events(read(rows)), key=lambda event: event.seq)
    one = hash_of(1)
    assert [event.id for event in found] == [one, f"{one}:trace:0", f"{one}:trace:0_2", f"{one}:trace:0_10", hash_of(2)]


def test_calls_that_failed_or_carry_no_value_of_their_own_are_counted() -> None:
    base = {"block_number": 1, "block_timestamp": 1, "from_address": ALICE, "to_address": BOB, "value": 9, "status": 1}
    rows = [
        base | {"trace_id": f"call_{hash_of(1)}_{n}", "call_type": call, "status": status}
        for n, (call, status) in enumerate([("delegatecall", 1), ("staticcall", 1), ("call", 0)])
    ]
    reading = read([*rows, base | {"trace_id": f"call_{hash_of(1)}_", "status": 0}])
    assert not events(reading)
    assert reasons(reading) == [
        "a delegatecall: it moves no value",
        "a staticcall: it moves no value",
        "it failed and moved nothing",
        "it failed and moved nothing",
    ]
    assert reading.stated == {f"outcome {hash_of(1)}": "0"}


def test_a_thing_with_a_number_of_its_own_is_no_amount() -> None:
    topic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    row = {"log_index": 3, "transaction_hash": hash_of(1), "address": TOKEN, "data": "0x", "block_number": 1}
    reading = read([row | {"topics": [topic, *["0x" + "0" * 63 + n for n in "123"]]}])
    assert (events(reading), reading.stated) == ([], {f"thing {hash_of(1)}:log:3": ""})
    nft = read([answer(tokenID="9", tokenSymbol="ART")])
    assert reasons(nft) == ["a thing with a number of its own (NFT) and no amount"]


WRONG = [
    (transaction(value=10**38), AmountTooLarge),
    (transaction(value=-1), FieldWrong),
    (transaction(value="1.5"), FieldWrong),
    (transaction(value="1.5e20"), FieldWrong),
    (transaction(from_address=None), FieldWrong),
    (transaction(from_address="0xDAC17F958D2ee523a2206206994597C13D831ec7"), AddressWrong),
    (transaction(to_address="0x12"), AddressWrong),
    (transaction(hash="0x12"), FieldWrong),
    (transaction(block_number=10**9), FieldWrong),
    (transaction(receipt_status=2), FieldWrong),
    (answer(timeStamp=""), FieldMissing),
    (answer(value=""), FieldMissing),
    (answer(to=""), FieldMissing),
]


@pytest.mark.parametrize(("row", "problem"), WRONG, ids=range(len(WRONG)))
def test_a_row_that_cannot_be_read_fails_alone(row: dict[str, Any], problem: type[Exception]) -> None:
    other = {**row, **(transaction if "nonce" in row else answer)(hash=hash_of(9))}
    reading = read([row, other])
    (broken,) = reading.broken_rows
    assert [type(each) for each in broken.problems] == [problem]
    assert [event.id for event in events(reading)] == [hash_of(9)]


def test_amounts_written_with_a_power_of_ten_are_exact() -> None:
    assert events(read([transaction(value="5999895e14")]))[0].outputs[0].amount == 599_989_500_000_000_000_000


def test_one_hash_with_two_contents_is_refused() -> None:
    reading = read([transaction(), transaction(value=6), transaction()])
    assert [type(problem) for row in reading.broken_rows for problem in row.problems] == [DuplicateId]
    assert reasons(reading) == ["it stands in the file once more"]


def test_the_coin_of_another_chain_is_refused() -> None:
    text = (SAMPLES / "etherscan.csv").read_text(encoding="utf-8").replace("(ETH)", "(BNB)")
    reading = read(text)
    assert {type(problem) for row in reading.broken_rows for problem in row.problems} == {AddressElsewhere}
    assert not events(reading)


def test_a_row_of_something_else_is_named() -> None:
    reading = read([transaction(), {"colour": "red"}])
    assert [type(problem) for row in reading.broken_rows for problem in row.problems] == [FieldWrong]


def test_values_in_dollars_are_kept_apart_rounded_and_in_an_order_that_can_be() -> None:
    reading = sample("valued_flows.csv")
    assert [moves(event) for event in events(reading)] == [
        [(f"eth:{ALICE}:usd", -1002), (f"eth:{BOB}:usd", 1002)],
        [(f"eth:{BOB}:usd", -1000), (f"eth:{CAROL}:usd", 1000)],
        [(f"eth:{ALICE}:usd", -50), (f"eth:{CAROL}:usd", 50)],
    ]
    assert [event.note for event in events(reading)] == ["A thief to ?", "? to An exchange", "A thief to An exchange"]
    assert {account.currency for account in accounts(reading).values()} == {"USD"}
    assert [each.chain for each in statements(reading)] == ["valued flows"]
    assert "2 of 3 values" in str(reading.remarks[0])


def test_transfers_that_run_in_a_circle_keep_the_order_of_the_file() -> None:
    head = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
    pairs = [(ALICE, BOB), (BOB, CAROL), (CAROL, ALICE)]
    rows = [f"2024-07-16 12:00:00,100,{hash_of(1)},{giver},,{taker},,1\n" for giver, taker in pairs]
    found = [(event.inputs[0].account, event.outputs[0].account) for event in events(read(head + "".join(rows)))]
    assert found == [(f"eth:{giver}:usd", f"eth:{taker}:usd") for giver, taker in pairs]


def test_an_answer_without_rows_says_what_it_is() -> None:
    assert read([{"status": "0", "message": "No transactions found", "result": []}]).records
    balance = read([{"status": "1", "message": "OK", "result": "101802475783767055350"}])
    assert [(row.amount, row.reason) for row in balance.unbooked] == [
        ("101802475783767055350", "a balance of no stated address and time: it proves nothing")
    ]
    refused = read([{"status": "0", "message": "NOTOK", "result": "Max rate limit reached"}])
    assert "Max rate limit reached" in str(refused.broken_rows[0].problems[0])
    other = source_of("other", json.dumps({"status": "1", "message": "", "result": "5", "more": 1}).encode())
    assert not ExplorerReader().sniff(other)


@pytest.mark.parametrize(
    "text", ["2020-09-13 12:26:40 UTC", "2020-09-13T12:26:40Z", "2020-09-13 12:26:40.000000+00:00"]
)
def test_times_of_queried_tables_are_read_too(text: str) -> None:
    (event,) = events(read([transaction(block_timestamp=text)]))
    assert (event.time.timestamp(), event.time_text) == (1_600_000_000, "2020-09-13T12:26:40Z")
    (broken,) = read([transaction(block_timestamp="2020-13-13 12:26:40 UTC")]).broken_rows
    assert "is not a time" in str(broken.problems[0])


def topic(address: str) -> str:
    return f"0x{'0' * 24}{address[2:]}"


def test_files_of_older_exports_are_known_by_fewer_columns() -> None:
    tables = {
        "transaction": "hash,nonce,block_hash,block_number,transaction_index,from_address,to_address,value,gas,"
        f"gas_price,input\n{hash_of(1)},0,{hash_of(8)},100,0,{ALICE},{BOB},5,21000,10,0x\n",
        "receipt": "transaction_hash,transaction_index,block_hash,block_number,cumulative_gas_used,gas_used,"
        f"contract_address,root,status\n{hash_of(1)},0,{hash_of(8)},100,21000,21000,,,1\n",
        "trace": "block_number,transaction_hash,transaction_index,from_address,to_address,value,input,output,"
        "trace_type,call_type,reward_type,gas,gas_used,subtraces,trace_address,error,status,trace_id\n"
        f"100,{hash_of(1)},0,{BOB},{CAROL},3,,,suicide,,,,,0,0,,1,suicide_{hash_of(1)}_0\n"
        f"1920000,,,{ALICE},{BOB},9,,,daofork,,,,,0,,,1,daofork_1920000_0\n",
        "log": "log_index,transaction_hash,transaction_index,block_hash,block_number,address,data,topics\n"
        f'4,{hash_of(1)},0,{hash_of(8)},100,{TOKEN},0x{7:064x},"{TRANSFERRED},{topic(ALICE)},{topic(BOB)}"\n',
    }
    found = {name: read(text) for name, text in tables.items()}
    assert all(not (each.broken_rows or each.problems) for each in found.values())
    assert [event.kind for event in events(found["transaction"])] == ["transaction without receipt"]
    assert found["receipt"].stated == {f"receipt {hash_of(1)}": "1 21000 -"}
    assert [event.id for event in events(found["trace"])] == [f"{hash_of(1)}:trace:0", "daofork:1920000_0"]
    assert moves(events(found["log"])[0]) == [(f"eth:{ALICE}:{TOKEN}", -7), (f"eth:{BOB}:{TOKEN}", 7)]
