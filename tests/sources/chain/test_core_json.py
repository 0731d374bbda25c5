"""JSON of Bitcoin Core: a block is checked as a raw one, a transaction alone by its id; values are exact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trover.sources.chain.core_json import CoreReader
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import NOT_STATED, AccountRecord, EventRecord, StatementRecord

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
FIRST = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"


def block() -> Any:
    return json.loads((SAMPLES / "core_block.json").read_text(encoding="utf-8"))["result"]


def transactions() -> Any:
    return json.loads((SAMPLES / "core_transactions.json").read_text(encoding="utf-8"))


def read(value: Any) -> Reading:
    return read_records(source_of("core.json", json.dumps(value).encode()))


def events(reading: Reading) -> list[EventRecord]:
    return [record for record in reading.records if isinstance(record, EventRecord)]


def test_a_block_is_proved_and_what_its_inputs_held_is_only_stated() -> None:
    reading = read(block())
    (statement,) = [record for record in reading.records if isinstance(record, StatementRecord)]
    assert (reading.format, statement.chain) == ("bitcoin core", "blocks")
    assert [leg.amount for leg in events(reading)[-1].inputs] == [NOT_STATED]
    assert [leg.amount for leg in events(reading)[-1].outputs] == [10**9, 4 * 10**9]
    opened = [record for record in reading.records if isinstance(record, AccountRecord) and record.opening]
    assert [(record.opening, record.address) for record in opened] == [
        (5 * 10**9, "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S")
    ]


@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: [item], lambda item: {"result": item, "id": 1}])
def test_answers_come_alone_in_a_list_or_in_their_envelope(wrap: Any) -> None:
    assert [event.id for event in events(read(wrap(block())))][-1] == FIRST


def test_transactions_alone_are_held_by_their_ids() -> None:
    reading = read(transactions())
    (statement,) = [record for record in reading.records if isinstance(record, StatementRecord)]
    assert statement.chain == "ids"
    assert [leg.amount for leg in events(reading)[-1].inputs] == [4 * 10**9]
    assert all(event.seq < 10**6 for event in events(reading))


def test_a_transaction_that_is_also_in_a_block_of_the_file_counts_there() -> None:
    alone = block()["tx"][1] | {"blockhash": block()["hash"], "blocktime": 1231731025, "confirmations": 5}
    reading = read([block(), alone])
    assert [event.id for event in events(reading)].count(FIRST) == 1
    assert [row.reason for row in reading.unbooked] == ["it stands in the file once more, in its block"]


@pytest.mark.parametrize("change", [{"confirmations": 0}, {"blocktime": 0}, {"blockhash": ""}])
def test_a_transaction_in_no_block_is_kept_and_not_booked(change: dict[str, Any]) -> None:
    reading = read(transactions()[0] | change)
    assert events(reading) == []
    assert [row.reason for row in reading.unbooked] == ["it stands in no block yet"]


@pytest.mark.parametrize("text", ["1e999999", "-1e999999", "1e-999999", "21000001", "-0.1", "0.123456789"])
def test_a_number_that_is_no_value_is_refused_and_takes_no_time(text: str) -> None:
    shown = (SAMPLES / "core_block.json").read_text(encoding="utf-8").replace("10.00000000", text)
    assert text in shown
    assert read_records(source_of("core.json", shown.encode())).broken_rows


@pytest.mark.parametrize("text", ["10", "10.0", "1e1", "10.0000000000"])
def test_one_value_may_be_written_in_several_ways(text: str) -> None:
    shown = (SAMPLES / "core_block.json").read_text(encoding="utf-8").replace("10.00000000", text)
    assert events(read_records(source_of("core.json", shown.encode())))[-1].outputs[0].amount == 10**9


def test_what_is_no_answer_of_this_kind_is_not_taken() -> None:
    assert not CoreReader().sniff(source_of("a.json", b'{"family": "utxo", "transactions": []}'))
    assert not CoreReader().sniff(source_of("a.csv", b"vin,scriptSig\n"))
