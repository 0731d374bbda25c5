"""Every published sample gives these figures, or the problem named here; sums are counted again from the text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from trover.errors import InputErrors
from trover.sources.custody import read_source
from trover.sources.reader import read_records
from trover.sources.record import EventRecord, StatementRecord

pytestmark = pytest.mark.realdata
REFUSED = {
    "account_listing_aggregation": "MessageNotRead",
    "bank_small": "MessageNotRead",
    "error_message": "StatementRefused",
    "signon_fail": "StatementRefused",
    "signon_success": "MessageNotRead",
    "signon_success_no_message": "MessageNotRead",
}
FIGURES: dict[str, tuple[int, int, int, int, int, list[int | None]]] = {
    "anzcc": (1, 0, 0, 0, 550, [-12345]),
    "bank_medium": (3, 0, 0, 0, 34527, [38234]),
    "checking": (3, 0, 0, 1, 5951, [10099]),
    "fail_nice/date_missing": (0, 0, 3, 0, 0, [0]),
    "fail_nice/decimal_error": (0, 0, 1, 0, 0, [0]),
    "fail_nice/empty_balance": (1, 0, 0, 12000, 0, [None]),
    "fidelity": (17, 0, 0, 116040, 1168707, [None]),
    "fidelity-savings": (1, 0, 3, 0, 150000, [None]),
    "investment_401k": (0, 3, 0, 0, 0, [None]),
    "investment_medium": (3, 0, 0, 335, 730, [None, None]),
    "multiple_accounts": (0, 0, 0, 0, 0, [11100, 22200]),
    "multiple_accounts2": (0, 0, 0, 0, 0, [11100, 22200]),
    "ofx-v102-empty-tags": (1, 0, 0, 1234, 0, [None]),
    "suncorp": (1, 0, 0, 0, 1685, [123412]),
    "td_ameritrade": (0, 0, 0, 0, 0, [None]),
    "tiaacref": (0, 1, 0, 0, 0, [None]),
    "vanguard": (0, 1, 0, 0, 0, [None]),
    "vanguard401k": (0, 5, 0, 0, 0, [None]),
}
"""File -> events, rows not booked, rows not read, sum in, sum out, closing balances."""
_AMOUNT = re.compile(r"<(?:TRNAMT|TOTAL)>([-+]?\d+(?:\.\d+)?)(?=[^\d])")


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "bank" / "ofx"


def test_every_sample_is_named(folder: Path) -> None:
    names = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.ofx")}
    assert names == set(REFUSED) | set(FIGURES)
    assert len(names) == 24


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_is_no_statement(folder: Path, name: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read_records(read_source(folder / f"{name}.ofx"))
    assert [type(problem).__name__ for problem in caught.value.problems] == [REFUSED[name]]


@pytest.mark.parametrize("name", FIGURES)
def test_a_sample_gives_its_figures(folder: Path, name: str) -> None:
    source = read_source(folder / f"{name}.ofx")
    reading = read_records(source)
    assert reading.problems == ()
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    statements = [record for record in reading.records if isinstance(record, StatementRecord)]
    own = {statement.account for statement in statements}
    came = sum(leg.amount for event in events for leg in event.outputs if leg.account in own)
    went = sum(leg.amount for event in events for leg in event.inputs if leg.account in own)
    closing = [statement.closing for statement in statements]
    assert (len(events), len(reading.unbooked), len(reading.broken_rows), came, went, closing) == FIGURES[name]


@pytest.mark.parametrize("name", ["anzcc", "bank_medium", "checking", "fidelity", "investment_medium", "suncorp"])
def test_the_sums_are_those_of_the_text(folder: Path, name: str) -> None:
    text = (folder / f"{name}.ofx").read_text(encoding="cp1252")
    amounts = [Decimal(amount) * 100 for amount in _AMOUNT.findall(text)]
    rows, _, _, came, went, _ = FIGURES[name]
    assert (len(amounts), sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)) == (rows, came, went)
