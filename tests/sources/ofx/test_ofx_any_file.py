"""Whatever becomes of an OFX file on its way, it is read or refused; and no transaction is lost in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ofx_files import bank, card, document, investment, trade, transaction
from tests.sources.readings import assert_read_or_refused, rows_accounted_for

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.reader import read_records

PLAIN = document(
    bank(transaction(), transaction("7,25", date="20240106120000[-5:EST]", fitid="2", more="<NAME>Ann<MEMO>A &amp; B")),
    card(transaction("-9", more="<CHECKNUM>12<BANKACCTTO><BANKID>1<ACCTID>2</BANKACCTTO>")),
    investment(trade("BUYSTOCK", "-5", "INVBUY"), f"<INVBANKTRAN>{transaction('3')}<SUBACCTFUND>CASH</INVBANKTRAN>"),
)
CLOSED = re.sub(r"<([A-Z0-9]+)>([^<\n]+)", r"<\1>\2</\1>", PLAIN)
TEXTS = st.sampled_from([PLAIN, CLOSED])
PIECES = st.sampled_from(
    [
        *(
            "",
            "<",
            ">",
            "&",
            "&#0;",
            "&amp;",
            "<!--",
            "-->",
            "]]>",
            "<![CDATA[",
            "\x00",
            "\ufeff",
            "é",
            "-1",
            "1e9",
            ",",
        ),
        *("<STMTTRN>", "</STMTTRN>", "<STMTTRN/>", "<TRNAMT>5", "<TRNAMT>", "</TRNAMT>", "<CURDEF>XYZ", "9" * 60, "$"),
        *(
            "20240231",
            "[-5:EST]",
            "[",
            "<!DOCTYPE x>",
            "<NAME>",
            "</OFX>",
            "<OFX>",
            "<STMTRS>",
            "</BANKTRANLIST>",
            "\r",
        ),
    ]
)
OWN_ROWS = re.compile(r"(?P<aside><!--.*?-->|<!\[CDATA\[.*?\]\]>)|<STMTTRN */?>", re.DOTALL)


def assert_no_row_lost(text: str) -> None:
    """What is read accounts for every transaction of the text."""
    reading = assert_read_or_refused(text.encode("utf-8", "surrogatepass"))
    if reading is not None and reading.format == "ofx" and not reading.problems:
        printed = sum(1 for match in OWN_ROWS.finditer(text[text.index("<OFX") :]) if not match["aside"])
        assert rows_accounted_for(reading) >= printed


@given(TEXTS, st.data())
def test_pieces_put_in_and_taken_out(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 30)) :]
    assert_no_row_lost(text)


TAGS = sorted(set(re.findall(r"<([A-Z][A-Z0-9]*)>", PLAIN)))


@given(TEXTS, st.sampled_from(TAGS), st.sampled_from(TAGS))
def test_elements_under_another_name(text: str, old: str, new: str) -> None:
    assert_no_row_lost(text.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>"))


@given(TEXTS, st.data())
def test_lines_lost_doubled_and_moved(text: str, data: st.DataObject) -> None:
    lines = re.split(r"(?=<)", text)
    at = data.draw(st.integers(1, len(lines) - 1))
    to = data.draw(st.integers(1, len(lines) - 1))
    kept = lines[:at] + lines[at + 1 :]
    assert_no_row_lost("".join(kept))
    assert_no_row_lost("".join([*lines[:at], lines[at], *lines[at:]]))
    assert_no_row_lost("".join([*kept[:to], lines[at], *kept[to:]]))


@given(TEXTS, st.integers(0, len(CLOSED)))
def test_a_file_cut_off_is_never_read(text: str, length: int) -> None:
    cut = text[: length % len(text)].rstrip().removesuffix("</OFX>")
    with pytest.raises(InputErrors):
        read_records(source_of("any", cut.encode()))


@given(st.binary(max_size=100))
def test_any_bytes_after_the_heading(data: bytes) -> None:
    assert_no_row_lost((PLAIN[: PLAIN.index("<OFX>") + 5].encode() + data).decode("latin-1"))


def test_tags_that_are_never_closed_take_no_long_time() -> None:
    for text in ("<A>" * 500_000, "<A>1" * 500_000, "</A>" * 500_000, "<!--" * 500_000, "<![CDATA[" * 200_000):
        assert_no_row_lost(PLAIN.replace("</OFX>", text + "</OFX>"))
