"""A ledger written to disk is the ledger read back, to the last digit, and an interruption leaves it as it was."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import InputErrors
from trover.ledger import store
from trover.ledger.digest import canonical, ledger_hash
from trover.ledger.event import Account, AccountKind, Event, Input, OtherRow, Output, transfer
from trover.ledger.ledger import Ledger
from trover.ledger.store import append_part, read_ledger
from trover.sources.record import Pointer

T0 = datetime(2020, 1, 1, tzinfo=UTC)
WEI = 98_765_432_109_876_543_210_987_654_321_012_345_678


def text_of(ledger: Ledger) -> dict[str, str]:
    return {name: b"".join(chunks).decode() for name, chunks in canonical(ledger).items()}


def small(prefix: str = "t", amount: int = 100, account: str = "T") -> Ledger:
    accounts = [Account(account, "EUR", AccountKind.BANK, "Holder"), Account("EXT:A", "EUR", AccountKind.EXTERNAL)]
    events = [
        transfer(f"{prefix}{n}", T0 + timedelta(days=n), n, "EXT:A", account, amount, source=Pointer("ab", "p", n))
        for n in range(1, 4)
    ]
    return Ledger.of(accounts, events)


def test_a_ledger_survives_the_disk(tmp_path: Path) -> None:
    ledger = small()
    append_part(tmp_path / "ledger", ledger)
    again = read_ledger(tmp_path / "ledger")
    assert list(again) == list(ledger)
    assert again.account_list == ledger.account_list


def test_what_pairing_needs_survives_the_disk_and_older_parts_are_read(tmp_path: Path) -> None:
    also = (OtherRow("y", Pointer("cd", "", 4), "note", WEI, "U"), OtherRow("z"))
    more = {"statement": "s1", "booked": False, "references": ("E2E-1", "17"), "balance_account": "T", "also": also}
    event = transfer("t9", T0, 9, "EXT:A", "T", 5, **more)
    append_part(tmp_path / "ledger", Ledger.of(small().account_list, [event]))
    old = small()
    bare = old.events.drop_columns(["statement", "booked", "references", "also"])
    append_part(tmp_path / "ledger", Ledger(old.accounts, bare, old.inputs, old.outputs))
    again = list(read_ledger(tmp_path / "ledger"))
    assert [found for found in again if found.id == "t9"] == [event]
    assert [found for found in again if found.id != "t9"] == list(old)


def test_amounts_of_38_digits_survive_the_disk(tmp_path: Path) -> None:
    ledger = small(amount=WEI)
    assert ledger.inputs["amount"].type == pa.decimal128(38, 0)
    append_part(tmp_path / "ledger", ledger)
    again = read_ledger(tmp_path / "ledger")
    assert [event.inputs[0].amount for event in again] == [WEI] * 3
    assert f"in,1,EXT:A,{WEI}," in text_of(again)["legs.csv"]


def test_a_second_part_is_added_without_touching_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    append_part(folder, small("a"))
    before = {path: path.read_bytes() for path in (folder / "part-000001").iterdir()}
    append_part(folder, small("b", WEI, "U"))
    assert {path: path.read_bytes() for path in (folder / "part-000001").iterdir()} == before
    whole = read_ledger(folder)
    assert [event.id for event in whole] == ["a1", "b1", "a2", "b2", "a3", "b3"]
    assert [leg.account for event in whole for leg in event.outputs] == ["T", "U"] * 3
    assert [event.inputs[0].amount for event in whole] == [100, WEI] * 3


def test_printed_balances_are_kept_with_their_rows(tmp_path: Path) -> None:
    accounts = [Account("T", "ETH", AccountKind.BANK), Account("EXT:A", "ETH", AccountKind.EXTERNAL)]
    for name, balance in (("a", 7), ("b", WEI)):
        event = transfer(name, T0, 1, "EXT:A", "T", 7, balance=balance, balance_account="T")
        silent = transfer(f"{name}2", T0, 2, "EXT:A", "T", 7)
        append_part(tmp_path / "ledger", Ledger.of(accounts, [event, silent]))
    whole = read_ledger(tmp_path / "ledger")
    assert whole.printed == {"a": ("T", 7), "b": ("T", WEI)}
    assert [event.balance for event in whole] == [7, WEI, None, None]


@pytest.mark.parametrize("at", ["write_table", "sync_file", "sync_folder", "write_whole"])
def test_an_interrupted_append_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    folder = tmp_path / "ledger"
    append_part(folder, small("a"))
    before = ledger_hash(read_ledger(folder))

    def fail(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.pq if at == "write_table" else store, at, fail)
        with pytest.raises(KeyboardInterrupt):
            append_part(folder, small("b"))
    assert ledger_hash(read_ledger(folder)) == before
    append_part(folder, small("c"))
    assert {event.id[0] for event in read_ledger(folder)} == {"a", "c"}


def test_a_changed_part_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    append_part(folder, small())
    path = folder / "part-000001" / "outputs.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputErrors, match=r"ledger/part-000001/outputs\.parquet"):
        read_ledger(folder)


def test_a_missing_part_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    append_part(folder, small())
    os.unlink(folder / "part-000001" / "events.parquet")
    with pytest.raises(InputErrors, match=r"ledger/part-000001/events\.parquet"):
        read_ledger(folder)


def test_nothing_stored_is_an_empty_ledger(tmp_path: Path) -> None:
    assert len(read_ledger(tmp_path / "none")) == 0


def test_the_canonical_text_is_as_documented() -> None:
    accounts = [
        Account("T", "EUR", AccountKind.BANK, 'A "quoted", name', -5),
        Account("EXT:A", "EUR", AccountKind.EXTERNAL),
        Account("EXT:B", "GBP", AccountKind.EXTERNAL),
    ]
    event = Event(
        id="x",
        time=T0,
        seq=7,
        inputs=(Input("EXT:A", 10), Input("T", 5)),
        outputs=(Output("EXT:B", 9, 14), Output("T", 1, 1)),
        note="two\nlines",
        time_text="2020-01-01",
        source=Pointer("ab", "", 3),
        also=(OtherRow("y", Pointer("cd", "page 2", 4), "the payee's, line"), OtherRow("z")),
    )
    assert text_of(Ledger.of(accounts, [event])) == {
        "accounts.csv": (
            "id,currency,kind,holder,opening\n"
            'T,EUR,bank,"A ""quoted"", name",-5\n'
            "EXT:A,EUR,external,,0\n"
            "EXT:B,GBP,external,,0\n"
        ),
        "also.csv": 'event,id,source,page,row,note\nx,y,cd,page 2,4,"the payee\'s, line"\nx,z,,,,\n',
        "events.csv": (
            "id,time,time_text,seq,kind,note,reverses,replaces,source,page,row\n"
            'x,2020-01-01T00:00:00.000000Z,2020-01-01,7,,"two\nlines",,,ab,,3\n'
        ),
        "legs.csv": (
            "event,side,leg,account,amount,cost\nx,in,1,EXT:A,10,\nx,in,2,T,5,\nx,out,1,EXT:B,9,14\nx,out,2,T,1,1\n"
        ),
    }


def test_the_hash_covers_every_value() -> None:
    base = ledger_hash(small())
    assert base == ledger_hash(small())
    assert base != ledger_hash(small(amount=101))
    assert base != ledger_hash(small("u"))
    assert base != ledger_hash(small(account="U"))


@given(st.lists(st.integers(1, 10**38 - 1), min_size=1, max_size=8), st.integers(0, 8))
def test_any_amounts_survive_in_any_division_into_parts(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], cut: int
) -> None:
    accounts = [Account("T", "ETH", AccountKind.WALLET), Account("EXT:A", "ETH", AccountKind.EXTERNAL)]
    events = [transfer(str(n), T0, n, "EXT:A", "T", value) for n, value in enumerate(values)]
    folder = tmp_path_factory.mktemp("any") / "ledger"
    for part in (events[:cut], events[cut:]):
        append_part(folder, Ledger.of(accounts, part))
    assert list(read_ledger(folder)) == list(Ledger.of(accounts, events))


def test_many_events_in_several_batches_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = text_of(small())
    monkeypatch.setattr("trover.ledger.digest.BATCH", 2)
    assert text_of(small()) == whole
