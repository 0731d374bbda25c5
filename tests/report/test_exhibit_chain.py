"""What an exhibit says of chains: times, addresses, where the data stop, and transactions of many inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from material_for_tests import cover
from test_exhibit import tables, text_of
from tests.case.chain_worlds import chain_case
from tests.cluster.explorer import answer

from trover.case.claiming import claims_at
from trover.ledger.event import Account, AccountKind, Event, transfer
from trover.ledger.ledger import Ledger
from trover.report.exhibit import assemble
from trover.report.from_case import make_exhibit
from trover.report.material import Material
from trover.report.words import when
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant


@pytest.mark.slow
def test_a_transaction_of_six_hundred_inputs_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    many = answer(100, [(f"wallet {n}", 1000 + n) for n in range(600)], [("seized", 700_000)])
    case = chain_case(tmp_path, [many])
    case.record_all(claims_at(case, "VICTIM", (), f"{many['vin'][3]['txid']}:3", None), reason="Stolen")
    made = make_exhibit(case, tmp_path / "exhibit", ["fifo"], formats=("pdf",))
    assert made.files[0].read_bytes().startswith(b"%PDF-")


def test_the_seconds_that_a_chain_counts_are_shown_as_a_time() -> None:
    def event(text: str) -> Event:
        return transfer("t", datetime(2021, 5, 8, 18, 35, 7, tzinfo=UTC), 1, "A", "B", 1, time_text=text)

    assert when(event("1620498907")) == "2021-05-08 18:35:07 UTC"
    assert [when(event(text)) for text in ("08.05.2021", "20210508", "")] == ["08.05.2021", "20210508", "2021-05-08"]


def test_where_the_data_of_a_chain_stop_is_said_beside_the_answer_and_in_part_11() -> None:
    address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    outside = Account("EXT:Ann", "BTC", AccountKind.EXTERNAL)
    accounts = [outside, Account("x:0", "BTC", AccountKind.OUTPUT, address=address)]
    ledger = Ledger.of(accounts, [transfer("x", datetime(2021, 5, 8, tzinfo=UTC), 1, "EXT:Ann", "x:0", 100)])
    facts = Assumptions((Claim("Ann", 100, "x"),))
    found = list(compare.run(ledger, facts, ["fifo", "haircut"], steps=True))
    material = Material(ledger, facts, found, cover(), Variant.AS_BOOKED, "Blocks.", stops={"x:0": "nothing spends it"})
    exhibit = assemble(material)
    answer = tables(exhibit)["answer-BTC"]
    assert answer.lines[0].cells[0] == f"Left in {address}, output x:0"
    assert "not that it still lies there" in answer.note
    assert "is left in accounts and assets, under every rule shown" in text_of(exhibit.parts[1])
    (line,) = tables(exhibit)["stops-BTC"].lines
    assert (line.cells[0], line.cells[2]) == (f"{address}, output x:0", "nothing spends it")
    assert "stops-BTC" not in tables(assemble(replace(material, stops={})))
