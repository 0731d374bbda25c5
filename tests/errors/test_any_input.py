"""Whatever a file holds, it is read or refused with a list of problems; nothing else escapes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.sources.readings import assert_read_or_refused, assert_refused_with_words

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.mapping import mapping_of, read_mapping

MAPPINGS = [
    mapping_of(mapping)
    for mapping in (
        {
            "shape": "transfer",
            "columns": {"id": "a", "date": "b", "from": "c", "to": "d", "amount": "e", "currency": "f", "fee": "g"},
            "accounts": [{"id": "T", "currency": "EUR"}],
        },
        {
            "shape": "statement",
            "account": "T",
            "currency": "ETH",
            "columns": {"date": "b", "counterparty": "c", "amount": "e", "balance": "g", "replaces": "a"},
        },
        {
            "shape": "statement",
            "account": "T",
            "currency": "JPY",
            "dates": ["iso", "%d/%m/%Y", "%m/%d/%Y"],
            "order": "newest_first",
            "columns": {"date": "b", "counterparty": "c", "debit": "e", "credit": "g"},
        },
    )
]
HEADER = "a,b,c,d,e,f,g\n"
CELLS = st.one_of(
    st.sampled_from(["", "T", "EXT:A", "ASSET:X", "2020-01-01", "2020-01-01T10:00Z", "0001-01-01T00:00+14:00"]),
    st.sampled_from(["9999-12-31T23:59-12:00", "1", "-1", "0.00", "1e9", "EUR", "JPY", "x" * 300, '"', "01/02/2003"]),
    st.text(max_size=6),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
)
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=8).map(",".join), max_size=6).map("\n".join)


@given(st.binary(max_size=200), st.sampled_from(MAPPINGS))
def test_any_bytes(data: bytes, mapping: Any) -> None:
    assert_read_or_refused(data, mapping)


@given(ROWS, st.sampled_from(MAPPINGS))
def test_any_table(rows: str, mapping: Any) -> None:
    assert_read_or_refused((HEADER + rows).encode("utf-8", "replace"), mapping)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2000),
    st.integers(-(10**39), 10**39),
    st.floats(),
    st.sampled_from(
        ["", "T", "U", "EXT:A", "ASSET:X", "EUR", "XXQ", "t1", "t2", "2020-01-01", "account", "utxo", "x:0"]
    ),
    st.text(max_size=5),
)
KEYS = st.sampled_from(
    "family currency minor_unit accounts transfers claims params utxos transactions inputs closing_balances id ts seq "
    "from to amount amount_to kind note bfp reverses linked_to backward_for claimant entered transfer account repaid "
    "lots txid ins outs value owners opening type holder".split()
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)


VALUES = st.recursive(SCALARS, nested, max_leaves=12)


@given(st.dictionaries(KEYS, VALUES, max_size=8), st.sampled_from(["account", "utxo", "asset"]))
def test_any_json(value: dict[str, Any], family: str) -> None:
    assert_read_or_refused(json.dumps({"family": family, "currency": "EUR", "minor_unit": 2} | value).encode())


ACCOUNTS = st.sampled_from(["T", "U", "EXT:A", "EXT:B", "ASSET:X", "FEE:f", "V"])
TRANSFERS = st.fixed_dictionaries(
    {"id": st.sampled_from("abcdefgh"), "ts": st.just("2020-01-01"), "from": ACCOUNTS, "to": ACCOUNTS},
    optional={
        "amount": st.integers(-1, 10**38),
        "amount_to": st.integers(0, 10**38),
        "seq": st.integers(-3, 2**70),
        "reverses": st.sampled_from("abc"),
        "bfp": st.booleans(),
    },
)


@given(st.lists(TRANSFERS, max_size=6), st.lists(st.fixed_dictionaries({"id": ACCOUNTS}), max_size=4))
def test_any_transfers(transfers: list[dict[str, Any]], accounts: list[dict[str, Any]]) -> None:
    case = {"family": "account", "currency": "EUR", "minor_unit": 2, "accounts": accounts, "transfers": transfers}
    assert_read_or_refused(json.dumps(case).encode())


@given(st.text(max_size=80) | VALUES.map(lambda value: json.dumps(value)))
def test_any_mapping(text: str) -> None:
    source = source_of("any.yml", text.encode("utf-8", "replace"))
    try:
        read_mapping(source)
    except InputErrors as errors:
        assert_refused_with_words(errors.problems)
        assert {problem.place.file for problem in errors.problems} == {"any.yml"}  # noqa: PT017
