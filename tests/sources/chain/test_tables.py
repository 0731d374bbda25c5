"""Three tables of one set of transactions, joined and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from trover.errors import Problem
from trover.sources.chain.tables import role_of
from trover.sources.chain.tables_joined import belongs, indexes, joined
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
FIRST = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"


def table(role: str, *changes: tuple[str, str]) -> Reading:
    text = (SAMPLES / f"chain_{role}.csv").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    source = source_of(f"{role}.csv", text.encode())
    assert role_of(source) == role
    return read_records(source)


def problems(reading: Reading) -> list[Problem]:
    return [problem for row in reading.broken_rows for problem in row.problems]


def test_the_three_make_transactions() -> None:
    tables = [table(role) for role in ("transactions", "outputs", "inputs")]
    assert belongs(*map(indexes, tables))
    reading = joined(*tables)
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    assert [event.seq for event in events] == [0, 1_000_000, 1_000_001]
    assert events[-1].id == FIRST
    assert [leg.amount for leg in events[-1].outputs] == [10**9, 4 * 10**9]
    assert not reading.broken_rows
    addresses = {record.id: record.address for record in reading.records if isinstance(record, AccountRecord)}
    assert addresses[f"{FIRST}:0"] == "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"


@pytest.mark.parametrize(
    ("role", "change", "says"),
    [
        ("inputs", (",5000000000", ",5000000001"), "which is 5000000000"),
        ("inputs", ("2,0,0", "2,0,7"), "is not in the table of outputs"),
        ("inputs", ("2,0,0", "1,0,0"), "the table of outputs says by #2"),
        ("outputs", (",4000000000", ",4000000001"), "pays out 5000000001 satoshi and takes in 5000000000"),
        ("outputs", ("1,0,1PSSGeFHDnKNxiEyFrD1wcEaHr9hrQDDWc,5000000000", "1,0,,5000000001"), "pays its miner"),
        ("outputs", ("1,0,1PSSGeFHDnKNxiEyFrD1wcEaHr9hrQDDWc,5000000000,\n", ""), "has no output in the table"),
    ],
)
def test_tables_that_disagree_name_the_transaction(role: str, change: tuple[str, str], says: str) -> None:
    tables = [table(each, *([change] if each == role else [])) for each in ("transactions", "outputs", "inputs")]
    assert any(says in str(problem) for problem in problems(joined(*tables)))


def test_a_transaction_without_inputs_that_is_not_the_first_of_its_block_is_named() -> None:
    inputs = source_of("inputs.csv", b"tx_index,prev_tx_index,prev_vout,address,value_sat\n")
    found = joined(table("transactions"), table("outputs"), read_records(inputs))
    assert ["is not the first of its block" in str(problem) for problem in problems(found)] == [True]
