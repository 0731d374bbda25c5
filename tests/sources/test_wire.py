"""What is read there arrives here unchanged; what is not of the agreed shape does not arrive at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.readings import read_or_problems

from trover.errors import AmountTooFine, NotReadable, Place, Problem
from trover.sources.attribution.label import Actor, Concept, Label
from trover.sources.columns import TooManyRows, WireError
from trover.sources.custody import SourceFile, read_source, source_of
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import Mention
from trover.sources.evidence_record import EvidenceRecord
from trover.sources.mapping import Mapping, read_mapping
from trover.sources.reader import Reading
from trover.sources.record import (
    AccountRecord,
    AddressTotals,
    BrokenRow,
    ClaimRecord,
    EventRecord,
    Flags,
    LegRecord,
    Pointer,
    RateRecord,
    StatementRecord,
    Unbooked,
)
from trover.sources.wire import BATCH, Received, reading_lines, refusal_lines

TESTS = Path(__file__).resolve().parents[1]
SOURCE = source_of("sent.csv", b"sent")


def received(lines: Iterator[bytes], source: SourceFile, most: int = 10**9) -> Received:
    result = Received(source, most)
    for line in lines:
        assert line.endswith(b"\n")
        result.take(line[:-1])
    return result


def plain(value: Any) -> Any:
    """`value` with problems as what they say: an exception equals only itself."""
    if isinstance(value, Problem):
        return type(value), repr(value.value), value.place, value.says, value.remedy
    if isinstance(value, BrokenRow):
        return value.pointer, value.id, value.account, value.statement, plain(value.problems)
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def assert_same(one: Reading, other: Reading) -> None:
    for field in fields(Reading):
        assert plain(getattr(one, field.name)) == plain(getattr(other, field.name)), field.name


def mapping_for(path: Path) -> Mapping | None:
    if path.suffix != ".csv":
        return None
    own = path.with_suffix(".mapping.yml")
    return read_mapping(own if own.exists() else TESTS / "errors" / "default.mapping.yml")


def assert_crosses_whole(source: SourceFile, mapping: Mapping | None) -> None:
    read = read_or_problems(source, mapping)
    if isinstance(read, Reading):
        back = received(reading_lines(read), source)
        assert back.reading is not None
        assert_same(back.reading, read)
    else:
        back = received(refusal_lines(read), source)
        assert plain(back.problems) == plain(read)
        assert back.reading is None


SAMPLES = sorted(
    path
    for folder in ("errors", "cases", "sources")
    for path in (TESTS / folder).rglob("*.*")
    if path.suffix not in (".py", ".pyc", ".yml", ".expected", ".md")
)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_arrives_as_it_was_read(path: Path) -> None:
    assert_crosses_whole(read_source(path), mapping_for(path))


@pytest.mark.realdata
def test_every_real_file_arrives_as_it_was_read(data_root: Path) -> None:
    files = [path for path in sorted((data_root / "bank").rglob("*")) if path.is_file()]
    assert files
    for path in files:
        assert_crosses_whole(read_source(path), None)


TEXTS = st.text(max_size=8) | st.sampled_from(["", "T", "EXT:A", "EUR", "\ud800", "\x1b[0m", "\u202e"])
AMOUNTS = st.integers(-(10**38), 10**38)
PROBLEMS = st.builds(
    lambda kind, value, place, says, remedy: kind(value, place, says=says, remedy=remedy),
    st.sampled_from([AmountTooFine, NotReadable]),
    TEXTS | st.integers() | st.booleans() | st.none() | st.floats() | st.decimals(allow_nan=False),
    st.builds(Place, TEXTS, TEXTS, st.none() | st.integers(0, 10**9), TEXTS),
    TEXTS,
    TEXTS,
)
DATES = st.none() | st.dates()
LEGS = st.builds(LegRecord, TEXTS, AMOUNTS, st.none() | AMOUNTS, TEXTS)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXTS,
    "int": st.integers(-(2**63), 2**63) | AMOUNTS,
    "int | None": st.none() | AMOUNTS,
    "bool": st.booleans(),
    "datetime": st.datetimes(timezones=st.just(UTC)),
    "date | None": DATES,
    "Pointer": st.builds(Pointer, st.just(SOURCE.sha256), TEXTS, st.integers(0, 2**40)),
    "tuple[str, ...]": st.lists(TEXTS, max_size=3).map(tuple),
    "tuple[LegRecord, ...]": st.lists(LEGS, max_size=3).map(tuple),
    "tuple[Problem, ...]": st.lists(PROBLEMS, max_size=2).map(tuple),
}


def rows(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of `kind`, whatever fields it has or will have."""
    return st.builds(kind, **{field.name: BY_TYPE[str(field.type)] for field in fields(kind)})


def many(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(kind, max_size=4).map(tuple)


LINKS = st.dictionaries(TEXTS, TEXTS, max_size=3)
READINGS = st.builds(
    Reading,
    st.just(SOURCE),
    TEXTS,
    many(rows(AccountRecord) | rows(EventRecord) | rows(StatementRecord)),
    many(PROBLEMS),
    st.frozensets(TEXTS, max_size=3),
    many(rows(ClaimRecord)),
    LINKS,
    st.builds(Flags, st.frozensets(TEXTS, max_size=3), LINKS, LINKS, LINKS),
    many(rows(Unbooked)),
    many(rows(BrokenRow)),
    many(PROBLEMS),
    many(rows(EvidenceRecord)),
    many(rows(Mention)),
    listings=many(rows(Listing)),
    labels=many(rows(Label)),
    actors=many(rows(Actor)),
    concepts=many(rows(Concept)),
)


@given(READINGS)
def test_any_reading_arrives_as_it_was(reading: Reading) -> None:
    back = received(reading_lines(reading), SOURCE)
    assert back.reading is not None
    assert_same(back.reading, reading)


POINTER = Pointer(SOURCE.sha256, "", 3)
LEG = LegRecord("T", 100)
EVENT = EventRecord(POINTER, "e", datetime(2020, 1, 2, tzinfo=UTC), "2020-01-02", 1, (LEG,), (LEG, LEG), balance=5)
WHOLE = Reading(
    SOURCE,
    "csv",
    (
        AccountRecord(POINTER, "T", "EUR"),
        EVENT,
        EVENT,
        StatementRecord(POINTER, "s", "T", "EUR", 1, None, date(2020, 1, 1)),
    ),
    (AmountTooFine("1.234", Place("sent.csv", row=3)),),
    frozenset({"x"}),
    (ClaimRecord(POINTER, "V", 5, "e"),),
    {"amount": "Betrag"},
    Flags(frozenset({"e"}), {"a": "b"}, {"c": "d"}, {"e": "f"}),
    (Unbooked(POINTER, "u", "s", "T", "0.00", "zero"),),
    (BrokenRow(POINTER, "b", "T", "s", (NotReadable("x"),)),),
    (NotReadable("y"),),
    (EvidenceRecord(POINTER, "E1", "invoice", date(2020, 1, 1), date(2020, 1, 2), "ab" * 32, "3", "text", amount=5),),
    (Mention(POINTER, 4, "html/body/p[1]", "", "onion", "v2", "a.onion", "A.onion", False, "text"),),
    {"block 1": "1600000000"},
    listings=(Listing(POINTER, "M", "v", "t", "c", "s", 5, "USD", None, 3, None, date(2020, 1, 1), None, "NL"),),
    labels=(
        Label(POINTER, "a", "A", False, "bitcoin", "BTC", True, "l", "s", "c", "t", None, "x", concepts=("m", "n")),
    ),
    actors=(Actor(POINTER, "a", "A", categories=("exchange",)),),
    concepts=(Concept(POINTER, "c", "C", "text", "b", "t"),),
    totals=(AddressTotals(POINTER, "a", 2, 10, 1, 5, 600_000),),
    rates=(RateRecord(POINTER, date(2020, 1, 1), "BTC", "USD", "58803.78"),),
)


def test_no_part_of_a_reading_is_left_behind() -> None:
    assert all(getattr(WHOLE, field.name) for field in fields(Reading))
    back = received(reading_lines(WHOLE), SOURCE)
    assert back.reading is not None
    assert_same(back.reading, WHOLE)


def test_many_rows_arrive_in_order() -> None:
    events = tuple(EventRecord(POINTER, f"e{n}", EVENT.time, "", n, (LEG,), (LEG,)) for n in range(2 * BATCH + 7))
    back = received(reading_lines(Reading(SOURCE, "csv", events)), SOURCE)
    assert back.reading is not None
    assert back.reading.records == events


def test_long_texts_are_cut_into_lines_that_are_accepted() -> None:
    events = tuple(
        EventRecord(POINTER, f"e{n}", EVENT.time, "", n, (LEG,), (LEG,), note=f"{n}" * 9000) for n in range(999)
    )
    lines = list(reading_lines(Reading(SOURCE, "csv", events)))
    assert max(map(len, lines)) < 5_000_000
    back = received(iter(lines), SOURCE)
    assert back.reading is not None
    assert back.reading.records == events


def test_a_row_of_another_file_does_not_leave() -> None:
    with pytest.raises(WireError, match="another file"):
        list(reading_lines(Reading(source_of("other", b"other"), "csv", (EVENT,))))


def test_rows_are_counted_before_they_are_made() -> None:
    lines = list(reading_lines(Reading(SOURCE, "csv", (EVENT,) * 100)))
    assert received(iter(lines), SOURCE, most=400).reading is not None
    with pytest.raises(TooManyRows):
        received(iter(lines), SOURCE, most=399)


LINES = [json.loads(line) for line in reading_lines(WHOLE)]


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside `value`."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from spots(part, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


STRANGE = [None, True, -1, 0, 2, 10**41, "", "x", [], {}, [[]], {"=": 1}, {"=": "x"}, {"x": 1}, ["end"], [[1], [2]]]


@given(st.sampled_from(list(spots(LINES))), st.sampled_from(STRANGE))
def test_a_changed_value_arrives_checked_or_not_at_all(path: tuple[Any, ...], new: Any) -> None:
    lines = changed(LINES, path, new)
    if not isinstance(lines, list):
        return
    result = Received(SOURCE, 1000)
    try:
        for line in lines:
            result.take(json.dumps(line).encode())
    except WireError:
        return
    if result.reading is not None:
        types_hold(result.reading)


def types_hold(reading: Reading) -> None:
    """Every field has the type its class states."""
    exact: dict[str, Callable[[Any], bool]] = {
        "str": lambda v: type(v) is str,
        "int": lambda v: type(v) is int,
        "int | None": lambda v: v is None or type(v) is int,
        "bool": lambda v: type(v) is bool,
        "datetime": lambda v: type(v) is datetime and v.tzinfo is UTC,
        "date | None": lambda v: v is None or type(v) is date,
        "Pointer": lambda v: type(v) is Pointer and v.sha256 == SOURCE.sha256,
        "tuple[str, ...]": lambda v: type(v) is tuple and all(type(x) is str for x in v),
        "tuple[LegRecord, ...]": lambda v: type(v) is tuple and all(type(x) is LegRecord for x in v),
        "tuple[Problem, ...]": lambda v: type(v) is tuple and all(isinstance(x, Problem) for x in v),
    }
    for row in (*reading.records, *reading.claims, *reading.unbooked, *reading.broken_rows):
        for field in fields(row):
            assert exact[str(field.type)](getattr(row, field.name)), field.name


HOSTILE = [
    b"",
    b"{}",
    b"[]",
    b'["reading"]',
    b'["reading",2,"csv"]',
    b'["reading",true,"csv"]',
    b'["reading",1,7]',
    b'["failed",1,[]]',
    b'["reading",1,"csv"] x',
    b"[" * 100_000,
    b'["reading",1,' + b"9" * 10_000 + b"]",
    b"\xff\xfe",
    b'["reading",1.0,"csv"]',
    b'["reading",NaN,"csv"]',
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_what_does_not_begin_as_agreed_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        Received(SOURCE).take(line)


BODY = [
    b'["event",[1000000000,{"=":1}]]',
    b'["account",[1,[[""],[1]],["T"],["EUR"],[""],[""],[null],[1.5]]]',
    b'["account",[1,[[""],[-1]],["T"],["EUR"],[""],[""],[null],[null]]]',
    b'["problems",[["SystemExit","",  "","",null,"","",""]]]',
    b'["problems",[["InputErrors","","","",null,"","",""]]]',
    b'["problems",[["Place","","","",null,"","",""]]]',
    b'["problems",[["NotReadable",["shown",1],"","",null,"","",""]]]',
    b'["problems",[["NotReadable",{},"","",null,"","",""]]]',
    b'["problems",[["NotReadable","","","",true,"","",""]]]',
    b'["headers",[["a"]]]',
    b'["flags.bfp",[1]]',
    b'["secret",[]]',
    b'["reading",1,"csv"]',
]


@pytest.mark.parametrize("line", BODY, ids=range(len(BODY)))
def test_what_does_not_go_on_as_agreed_is_refused(line: bytes) -> None:
    result = Received(SOURCE, 10**6)
    result.take(b'["reading",1,"csv"]')
    with pytest.raises(WireError):
        result.take(line)


def test_a_refusal_needs_a_reason() -> None:
    result = Received(SOURCE)
    result.take(b'["refused",1]')
    with pytest.raises(WireError, match="without a reason"):
        result.take(b'["end"]')


def test_nothing_comes_after_the_end() -> None:
    result = received(reading_lines(WHOLE), SOURCE)
    with pytest.raises(WireError, match="after its end"):
        result.take(b'["broken",["x"]]')
