"""The custody log shows any line that was changed, dropped or moved."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from trover.errors import InputErrors
from trover.sources import custody_log
from trover.sources.custody import media_of, read_source
from trover.sources.custody_log import START, CustodyRecord, append, read_log, verify


def record(action: str) -> CustodyRecord:
    return CustodyRecord(
        item_id="S1",
        action=action,
        actor="A. Investigator",
        organisation="Unit",
        utc_time="2020-01-01T00:00:00Z",
        location="Tallinn",
        tool="trover 0.1.0",
        input_hash=("00" * 32,),
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "custody.jsonl"
    for action in ("received", "read", "exhibited"):
        append(path, record(action))
    return path


def test_each_record_names_the_one_before(log: Path) -> None:
    records = read_log(log)
    assert [r.action for r in records] == ["received", "read", "exhibited"]
    assert [r.prev_record_hash for r in records] == [START, records[0].hash(), records[1].hash()]
    assert verify(log) == records[-1].hash()


@pytest.mark.parametrize("digit", range(0, 900, 37))
def test_any_changed_byte_is_found(log: Path, digit: int) -> None:
    data = bytearray(log.read_bytes())
    lines = data.count(b"\n")
    last = data.rindex(b"\n", 0, len(data) - 1)
    assert lines == 3
    position = digit % last
    data[position] = data[position] ^ 1
    with pytest.raises(InputErrors):
        verify(bytes(data))


def test_a_dropped_line_is_named(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    with pytest.raises(InputErrors, match=r"row 2: .* does not follow from the record before it"):
        verify(lines[0] + lines[2])


def test_a_cut_line_is_named(log: Path) -> None:
    with pytest.raises(InputErrors, match="row 3: ends too early"):
        verify(log.read_bytes()[:-1])


def test_nothing_is_added_to_a_damaged_log(log: Path) -> None:
    damaged = log.read_bytes().replace(b"received", b"recieved")
    log.write_bytes(damaged)
    with pytest.raises(InputErrors):
        append(log, record("read"))
    assert log.read_bytes() == damaged


def test_an_interrupted_append_leaves_the_log_as_it_was(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = log.read_bytes()

    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(custody_log, "write_whole", fail)
    with pytest.raises(KeyboardInterrupt):
        append(log, record("read"))
    assert log.read_bytes() == before


def test_a_signature_signs_the_record_and_is_bound_into_the_next_link(tmp_path: Path) -> None:
    path = tmp_path / "custody.jsonl"
    signed = append(path, record("received"), sign=lambda text: hashlib.sha256(text).hexdigest())
    assert signed.signature == hashlib.sha256(signed.signed_text()).hexdigest()
    append(path, record("read"))
    path.write_bytes(path.read_bytes().replace(signed.signature.encode(), b"0" * 64))
    with pytest.raises(InputErrors, match="row 2"):
        verify(path)


def test_a_file_is_read_once_with_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n")
    source = read_source(path)
    assert (source.name, source.size, source.sha256) == ("a.csv", 4, hashlib.sha256(b"a,b\n").hexdigest())


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b'\xef\xbb\xbf {"a": 1}', "application/json"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<?xml?>", "application/xml"),
        (b"a;b\n1;2\n", "text/csv"),
        (b"plain", "text/plain"),
        (b"\x01\x00", "application/octet-stream"),
    ],
)
def test_the_media_type_is_a_guess_from_content(data: bytes, media: str) -> None:
    assert media_of(data) == media
