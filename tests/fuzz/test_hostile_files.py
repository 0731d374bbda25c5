"""Whatever a file holds, every reader reads it or says what is wrong with it, in words and within bounds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.effort import some
from tests.fuzz.hostile import (
    DOCTYPES,
    EXAMPLES,
    Sample,
    assert_read_or_refused,
    good_samples,
    places,
    samples,
    spoiled,
    truncations,
)

from trover.case.asserted import asserted_by
from trover.errors import Problem
from trover.sources.custody import source_of
from trover.sources.mapping import Mapping
from trover.sources.reader import Reading, readers
from trover.sources.record import EventRecord
from trover.sources.xml_safe import head_of

NAMES = sorted({reader.name for reader in readers()})
BY_NAME = pytest.mark.parametrize("sample", good_samples(), ids=lambda sample: sample.name)


def of(name: str) -> tuple[Sample, ...]:
    return tuple(sample for sample in samples() if sample.reader == name)


@pytest.mark.parametrize("name", NAMES)
def test_every_reader_has_a_sample_to_be_attacked_with(name: str) -> None:
    assert of(name), f"add a small file that the reader {name} reads to tests/fuzz/samples"


@BY_NAME
def test_a_sample_is_sound(sample: Sample) -> None:
    read = assert_read_or_refused(sample.data, sample.mapping)
    assert isinstance(read, Reading)
    assert (read.format, read.problems, read.broken_rows) == (sample.reader, (), ())
    assert events(read) or read.evidence or read.rates or asserted_by(read)


def events(read: Reading | tuple[Problem, ...]) -> list[EventRecord]:
    return [record for record in read.records if isinstance(record, EventRecord)] if isinstance(read, Reading) else []


@BY_NAME
def test_a_sample_cut_off_anywhere_is_read_or_refused(sample: Sample) -> None:
    for data in truncations(sample.data):
        assert_read_or_refused(data, sample.mapping)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    assert_read_or_refused(*data.draw(spoiled(of(name))))


@BY_NAME
@pytest.mark.parametrize("bit", [0, pytest.param(5, marks=pytest.mark.slow), pytest.param(7, marks=pytest.mark.slow)])
def test_no_flipped_bit_escapes(sample: Sample, bit: int) -> None:
    for at in places(sample.data, 3):
        flipped = bytearray(sample.data)
        flipped[at] ^= 1 << bit
        assert_read_or_refused(bytes(flipped), sample.mapping)


MAPPINGS: list[Mapping | None] = [None, *[sample.mapping for sample in good_samples() if sample.mapping]]
BYTES = [b"\x00", b"\xff", b"\n", b" ", b'"', b"{", b"<", b":", b",", b"\xef\xbb\xbf"]


@pytest.mark.parametrize("size", [1, 2, 3, 511, 512, 70_000])
@pytest.mark.parametrize("byte", BYTES, ids=repr)
def test_files_of_one_byte(byte: bytes, size: int) -> None:
    for mapping in MAPPINGS:
        assert_read_or_refused(byte * size, mapping)


@BY_NAME
@pytest.mark.parametrize("doctype", DOCTYPES, ids=range(len(DOCTYPES)))
def test_no_document_type_is_obeyed(sample: Sample, doctype: bytes) -> None:
    read = assert_read_or_refused(doctype + sample.data, sample.mapping)
    if head_of(source_of("x", sample.data)) and sample.reader != "page":  # whose parser obeys none
        assert not isinstance(read, Reading)
        assert "document type" in str(read[0])


@settings(max_examples=some(150))
@given(st.binary(max_size=400), st.sampled_from(MAPPINGS))
def test_any_bytes_are_read_or_refused(data: bytes, mapping: Mapping | None) -> None:
    assert_read_or_refused(data, mapping)


@pytest.mark.parametrize("opening", ["[", '{"a":', "<a>", "{", "(", "<!--", '"', "{1:{2:"])
def test_nesting_without_end(opening: str) -> None:
    for mapping in MAPPINGS:
        assert_read_or_refused((opening * 100_000).encode(), mapping)
