"""Whatever becomes of a statement on its way: it is read or refused with problems, and no row is lost in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mt_messages import enveloped, read, sound, statement
from tests.sources.readings import assert_read_or_refused, events, rows_accounted_for, statements

from trover.errors import Place
from trover.ledger.gate import Standing, judge

ROWS = (
    ":61:2104020402CR10,00NTRFNONREF//B1\nmore\n:86:166?00GUT?20EREF+E1?21SVWZ+a b?30BYLADEM1?31DE021?32Jane",
    ":61:210403D4,50NTRFREF 2\n:86:/EREF/E2//CNTP/NL1/BIC/Joe//REMI/x\n-\ny\n:12:33",
    ":61:2104040404RDR1,NRTIX//Y\n/OCMT/USD3,//CHGS/EUR0,1/",
    ":61:2104040404C0,00NMSCX\n:NS:01a\n15Joe\n3310918001\n34123456789",
)
WHOLE = (
    statement(*ROWS[:2], opening="60F:C210401EUR0,", closing="62M:C210403EUR5,5\n:64:C210403EUR5,")
    + statement(*ROWS[2:], number="7/2", opening="60M:C210403EUR5,5", closing="62F:C210404EUR6,5\n:86:x\ny")
    + statement(*ROWS, account="987/6")
)
PAYMENT = (
    "{1:F01BANKDEFFAXXX0000000000}{2:I103BANKFRPPXABCN}{3:{121:8f3c}}{4:\n:20:R\n:32A:210402EUR5,\n:33B:EUR6,\n"
    ":50F:/1\n1/JANE\n:59:/2\nJOE\n:71F:EUR1,\n-}{5:{CHK:1}}\n"
    "{1:F01BANKDEFFAXXX0000000000}{2:O9100000210401BANKDEFFAXXX00000000002104010000N}{4:\n:20:A\n:21:B\n:25:1/9\n"
    ":32A:210402USD7,\n:52D:/8\nBANK\n-}\n"
)
TEXTS = (WHOLE, WHOLE.replace("\n", "\r\n"), enveloped(statement(*ROWS[:3])) + enveloped(statement(ROWS[3])))
ALL = (*TEXTS, PAYMENT)
PIECES = st.sampled_from(
    [
        *(
            "",
            "\n",
            "\r",
            "\n-\n",
            "-}",
            "{4:",
            "{1:F01BANKDEFFAXXX0000000000}",
            "\x01",
            "\x00",
            "\ufeff",
            "é",
            "٣",
            "²",
        ),
        *(":", "::", "\n:61:", "\n:86:", "\n:20:", "\n:25:", "\n:60F:", "\n:62F:", "\n:99:", ":61:2104020402C1,NTRFX"),
        *("9" * 60, ",", ",,", "C", "D", "RC", "EC", "JPY", "XXX", "210231", "?", "?20", "/EREF/", "EREF+", "NONREF"),
    ]
)


def plain(text: str) -> str:
    return text.removeprefix("\ufeff").translate({1: None, 3: None})


def counted(text: str) -> int:
    """Lines that begin a row, whatever else is wrong with them."""
    return len(re.findall(r"(?:\A|[\r\n])[ \t]*:61:", plain(text)))


def assert_no_row_lost(text: str) -> None:
    """Every row of a file that is not refused is accounted for, once."""
    reading = assert_read_or_refused(text.encode("utf-8", "surrogatepass"))
    if reading is not None and not reading.problems and ":32A:" not in text:
        assert counted(text) <= rows_accounted_for(reading) <= plain(text).count(":61:")


def test_the_whole_is_sound_and_counted() -> None:
    reading = sound(WHOLE)
    assert (len(statements(reading)), len(events(reading)), len(reading.unbooked)) == (3, 6, 2)
    assert rows_accounted_for(reading) == counted(WHOLE) == 8


@given(st.sampled_from(ALL), st.data())
def test_pieces_put_in_and_taken_out(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 30)) :]
    assert_no_row_lost(text)


@given(st.sampled_from(ALL), st.integers(0, 10_000), st.text(max_size=4), st.integers(0, 3))
def test_signs_changed(text: str, place: int, new: str, lost: int) -> None:
    at = place % len(text)
    assert_no_row_lost(text[:at] + new + text[at + lost :])


@given(st.permutations(WHOLE.split("\n")))
def test_lines_in_any_order(lines: list[str]) -> None:
    assert_no_row_lost("\n".join(lines))


@given(st.lists(st.sampled_from([*WHOLE.split("\n"), ":61:", ":86:", "{4:", "-}"]), max_size=40))
def test_lines_left_out_and_repeated(lines: list[str]) -> None:
    assert_no_row_lost("\n".join(lines))


@given(st.integers(0, len(WHOLE)))
def test_a_statement_cut_off_loses_no_row_that_is_left(length: int) -> None:
    assert_no_row_lost(WHOLE[:length])


PROVED = statement(*ROWS[:3], opening="60F:C210401EUR0,", closing="62F:C210404EUR6,5")


@pytest.mark.parametrize("row", ROWS[:3])
def test_a_statement_without_one_of_its_rows_fails_at_the_gate(row: str) -> None:
    assert standing(PROVED) == [Standing.PROVED]
    assert standing(PROVED.replace(f"{row}\n", "")) == [Standing.FAILED]
    assert standing(PROVED.replace(row, row.replace(":61:21", ":61:2X"))) == [Standing.FAILED]


def standing(text: str) -> list[Standing]:
    reading = read(text)
    verdicts = judge(reading.records, lambda pointer, column="": Place(row=pointer.row), reading.broken_rows)
    return [verdict.standing for verdict in verdicts]


@pytest.mark.parametrize("tag", ["61", "86", "NS", "20"])
def test_many_short_fields_are_read_in_reasonable_time(tag: str) -> None:
    assert rows_accounted_for(read(statement(f":{tag}:\n" * 50_000))) == (50_000 if tag == "61" else 0)


def test_long_texts_with_many_signs_are_read_in_reasonable_time() -> None:
    for sign in ("?20", "/EREF/", "EREF+", "; TYT.: ", "/CHGS/EUR1,", " "):
        reading = read(
            statement(":61:210401C1,NTRFX", f":86:166?00{sign * 2_000}", f":61:210401C1,NTRFX{sign * 2_000}")
        )
        assert rows_accounted_for(reading) == 2
