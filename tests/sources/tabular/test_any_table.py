"""Whatever happens to a table, it is read or refused, and every row of it is accounted for once."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.effort import some

from trover.errors import InputErrors, Problem
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord, StatementRecord

COLUMNS = ("acc", "day", "dc", "sum", "left", "who", "nr", "bank", "why", "state", "fee")
MAPPING: dict[str, Any] = {
    "shape": "statement",
    "delimiter": ";",
    "decimal": ",",
    "thousands": ".",
    "currency": "EUR",
    "dates": ["%d.%m.%y", "iso"],
    "years_from": "1950",
    "sign": {"column": "dc", "credit": "C", "debit": "D"},
    "minus": "reverses",
    "rows": [
        {"column": "why", "is": ["Opening*"], "means": "opening"},
        {"column": "why", "is": "Sum", "means": "total"},
    ],
    "status": {"column": "state", "booked": ["ok", ""], "unbooked": "pending"},
    "columns": {
        "account": "acc", "date": "day", "amount": "sum", "balance": "left", "counterparty": "who",
        "counterparty_account": "nr", "counterparty_bank": "bank", "note": "why", "fee": "fee",
    },
}  # fmt: skip
ODD = st.one_of(
    st.sampled_from(
        ["", " ", "0", "0,00", "-5", "(5)", "5-", "1.000,50", "٣", "\u200f7", "X", "31.02.20", "2020-01-01"]
    ),
    st.sampled_from(["Opening balance", "Sum", "pending", "held", "5 €", "$5", "9" * 50, "x" * 300, "EXT:A", "C", "D"]),
    st.text(st.characters(exclude_characters=';"\r\n\0', exclude_categories=("Cs",)), max_size=5),
)
GOOD = st.fixed_dictionaries(
    {
        "acc": st.sampled_from(["1", "2", "DE89 3704 0044 0532 0130 00"]),
        "day": st.sampled_from(["01.02.20", "31.12.49", "2020-03-04"]),
        "dc": st.sampled_from("CD"),
        "sum": st.integers(0, 10**6).map(lambda cents: f"{cents // 100},{cents % 100:02d}"),
        "left": st.just(""),
        "who": st.sampled_from(["A", "B", ""]),
        "nr": st.sampled_from(["", "77"]),
        "bank": st.sampled_from(["", "YZ"]),
        "why": st.sampled_from(["rent", ""]),
        "state": st.sampled_from(["ok", "pending"]),
        "fee": st.sampled_from(["", "0,10"]),
    }
).map(lambda row: [row[name] for name in COLUMNS])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    rows = draw(st.lists(GOOD, max_size=8))
    for row in rows:
        for _ in range(draw(st.integers(0, 2))):
            row[draw(st.integers(0, len(row) - 1))] = draw(ODD)
        change = draw(st.integers(0, 12))
        if change == 0:
            row.pop()
        elif change == 1:
            row.append(draw(ODD))
    return rows


def read(text: str) -> Reading:
    return read_records(source_of("any.csv", text.encode()), mapping_of(MAPPING))


@settings(max_examples=some(300))
@given(tables())
def test_every_row_is_an_event_or_kept_with_a_reason(rows: list[list[str]]) -> None:
    reading = read("\n".join(";".join(row) for row in [list(COLUMNS), *rows]) + "\n")
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    accounted = [
        *(event.pointer.row for event in events),
        *(row.pointer.row for row in reading.unbooked),
        *(row.pointer.row for row in reading.broken_rows),
    ]
    assert len(accounted) == len(set(accounted))
    of_the_file = {problem.place.row for problem in reading.problems} - set(accounted)
    filled = {at for at, row in enumerate(rows, 2) if any(row)}
    assert filled == (set(accounted) | of_the_file) & filled
    assert set(accounted) <= filled


@settings(max_examples=some(200))
@given(tables())
def test_what_moves_an_account_is_what_its_rows_say(rows: list[list[str]]) -> None:
    reading = read("\n".join(";".join(row) for row in [list(COLUMNS), *rows]) + "\n")
    own = {record.account for record in reading.records if isinstance(record, StatementRecord)}
    for event in (record for record in reading.records if isinstance(record, EventRecord)):
        sides = [leg.account for leg in (*event.inputs, *event.outputs)]
        eaten = all(out.account.startswith("FEE:") for out in event.outputs)  # a credit that its own fee takes whole
        assert eaten or sum(account in own for account in sides) == 1 or sides.count(event.balance_account) == 1
        assert sum(leg.amount for leg in event.inputs) == sum(leg.amount for leg in event.outputs)
        assert event.statement.startswith(reading.source.sha256[:12])


@settings(max_examples=some(150))
@given(tables(), st.integers(0, 400), st.binary(max_size=6), st.integers(0, 6))
def test_any_change_of_bytes_is_read_or_refused(rows: list[list[str]], at: int, put: bytes, cut: int) -> None:
    data = ("\n".join(";".join(row) for row in [list(COLUMNS), *rows]) + "\n").encode()
    with contextlib.suppress(InputErrors):
        reading = read_records(source_of("any.csv", data[:at] + put + data[at + cut :]), mapping_of(MAPPING))
        assert all(isinstance(problem, Problem) and problem.remedy for problem in reading.problems)
