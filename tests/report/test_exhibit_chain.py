"""An exhibit of a transaction with more inputs than a paragraph of the PDF could once hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.case.chain_worlds import chain_case
from tests.cluster.explorer import answer

from trover.case.claiming import claims_at
from trover.report.from_case import make_exhibit


@pytest.mark.slow
def test_a_transaction_of_six_hundred_inputs_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    many = answer(100, [(f"wallet {n}", 1000 + n) for n in range(600)], [("seized", 700_000)])
    case = chain_case(tmp_path, [many])
    case.record_all(claims_at(case, "VICTIM", (), f"{many['vin'][3]['txid']}:3", None), reason="Stolen")
    made = make_exhibit(case, tmp_path / "exhibit", ["fifo"], formats=("pdf",))
    assert made.files[0].read_bytes().startswith(b"%PDF-")
