"""Whatever becomes of a CFONB, BAI2 or 1C file, it is read or refused; and no movement is lost in silence."""

from __future__ import annotations

import re

import test_bai2
import test_cfonb120
import test_one_c
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.readings import assert_read_or_refused, rows_accounted_for

CFONB = "\n".join(
    [*test_cfonb120.WHOLE, test_cfonb120.OLD, test_cfonb120.movement(7), test_cfonb120.detail("MMO", "USD2" + "1" * 14)]
)
ONE_C = test_one_c.whole(
    test_one_c.account(),
    test_one_c.account(test_one_c.SECOND),
    test_one_c.COMES,
    test_one_c.GOES,
    test_one_c.document(test_one_c.OWN, test_one_c.SECOND, out="12.01.2024", into="13.01.2024"),
)
FORMATS = {"cfonb120": CFONB, "bai2": test_bai2.LINES, "one_c": ONE_C}
ROWS = {
    "cfonb120": re.compile(r"^(?=04)(?=.{41})", re.MULTILINE),
    "bai2": re.compile(r"^ *16,", re.MULTILINE),
    "one_c": re.compile(r"^СекцияДокумент", re.MULTILINE),
}
"""Format -> what begins each of its movements; a document of 1C is one row or two."""
PIECES = st.sampled_from(
    [
        *(
            "",
            "\n",
            "\r",
            "\x00",
            "\ufeff",
            "é",
            "}",
            "{",
            "J",
            ",",
            "/",
            "=",
            "04",
            "05",
            "07",
            "01",
            "16,",
            "88,",
            "49,",
        ),
        *("-1", "1e9", "9" * 60, "S,", "D,9,", "V,", "XXQ", "320124", "31.02.2024", "СекцияДокумент", "КонецДокумента"),
        *("КонецФайла", "Сумма=1", "РасчСчет=", " " * 120),
    ]
)


def assert_no_row_lost(name: str, text: str) -> None:
    """What is read accounts for every movement of the text."""
    reading = assert_read_or_refused(text.encode("utf-8", "surrogatepass"))
    if reading is not None and reading.format == name and not reading.problems:
        assert rows_accounted_for(reading) >= len(ROWS[name].findall("\n".join(text.splitlines())))


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_pieces_put_in_and_taken_out(name: str, data: st.DataObject) -> None:
    text = FORMATS[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 30)) :]
    assert_no_row_lost(name, text)


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_lines_lost_doubled_and_moved(name: str, data: st.DataObject) -> None:
    lines = FORMATS[name].splitlines(keepends=True)
    at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    kept = lines[:at] + lines[at + 1 :]
    assert_no_row_lost(name, "".join(kept))
    assert_no_row_lost(name, "".join([*lines[:at], lines[at], *lines[at:]]))
    assert_no_row_lost(name, "".join([*kept[:to], lines[at], *kept[to:]]))


@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 3))
def test_bytes_changed(name: str, place: int, new: bytes, lost: int) -> None:
    data = FORMATS[name].encode("cp1251")
    at = place % len(data)
    assert_no_row_lost(name, (data[:at] + new + data[at + lost :]).decode("latin-1"))


@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 10_000))
def test_a_file_cut_off(name: str, length: int) -> None:
    assert_no_row_lost(name, FORMATS[name][: length % len(FORMATS[name])])


def test_long_files_of_nothing_take_no_long_time() -> None:
    heads = {name: text.splitlines(keepends=True)[0] for name, text in FORMATS.items()}
    for name, head in heads.items():
        for piece in ("88,\n", "88,/ ", "16,,,,/ 02,", "05", "Сумма=1\n", "СекцияДокумент\n", "\n", ","):
            assert_no_row_lost(name, head + piece * 100_000)
