"""Whatever becomes of a message on its way, it is read or refused with problems; nothing else escapes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages import balance, detail, document, entry, statement
from tests.sources.readings import assert_read_or_refused, rows_accounted_for

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.reader import read_records

DETAILS = detail(debtor="Jane/FR7630006000011234567890189", amount="4", refs="<EndToEndId>E</EndToEndId>") + detail(
    debtor="Joe", amount="1", more="<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>"
)
WHOLE = document(
    statement(balance("OPBD", "10"), entry("5", details=DETAILS), entry("3", "DBIT"), balance("CLBD", "12")),
    statement(entry("7", status="PDNG"), entry("8", currency="JPY"), id="S-2"),
)
WIRE = (
    "{1500}30USERREQ P{1510}1000{1520}20220324SOURCE08000001{2000}000000022200{3100}021000021SENDING*"
    "{3400}021000089RECEIVING*{3600}CTR{4200}D123455*Payee*{5000}D998877*Payer*"
)
PIECES = st.sampled_from(
    [
        *("", "<", ">", "&", "&#0;", "&amp;", "<!--", "]]>", "<![CDATA[", "\x00", "\ufeff", "é", "\ud7ff", "-1", "1e9"),
        *("<Ntry>", "</Ntry>", "<TxDtls/>", "<Amt Ccy='EUR'>5</Amt>", "<Amt>", "Ccy='XYZ'", "BOOK", "DBIT", "9" * 60),
        *("2021-02-30", "9999-12-31T23:59:59-12:00", "0001-01-01", "<!DOCTYPE x>", "xmlns:a='b'", "{2000}", "*", "T"),
    ]
)


@given(st.sampled_from([WHOLE, WIRE]), st.data())
def test_pieces_put_in_and_taken_out(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 30)) :]
    assert_read_or_refused(text.encode("utf-8", "surrogatepass"))


@given(st.sampled_from([WHOLE, WIRE]), st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 3))
def test_bytes_changed(text: str, place: int, new: bytes, lost: int) -> None:
    data = text.encode()
    at = place % len(data)
    assert_read_or_refused(data[:at] + new + data[at + lost :])


TAGS = sorted({piece.split(">")[0].split(" ")[0] for piece in WHOLE.split("<") if piece[:1].isalpha()})


@given(st.sampled_from(TAGS), st.sampled_from(TAGS))
def test_elements_under_another_name(old: str, new: str) -> None:
    assert_read_or_refused(WHOLE.replace(f"<{old}", f"<{new}").replace(f"</{old}>", f"</{new}>").encode())


@given(st.sampled_from(TAGS))
def test_elements_left_out_or_doubled(tag: str) -> None:
    start, end = WHOLE.index(f"<{tag}"), WHOLE.index(f"</{tag}>") + len(tag) + 3
    assert_read_or_refused((WHOLE[:start] + WHOLE[end:]).encode())
    assert_read_or_refused((WHOLE[:end] + WHOLE[start:end] + WHOLE[end:]).encode())


PAYMENTS = (
    "<Document><FIToFICstmrCdtTrf><GrpHdr><MsgId>M</MsgId></GrpHdr>"
    + "<CdtTrfTxInf><IntrBkSttlmAmt Ccy='EUR'>5</IntrBkSttlmAmt><IntrBkSttlmDt>2021-04-01</IntrBkSttlmDt>"
    "<Dbtr><Nm>Jane</Nm></Dbtr><Cdtr><Nm>Joe</Nm></Cdtr></CdtTrfTxInf>" * 3 + "</FIToFICstmrCdtTrf></Document>"
)
SPOILT = st.sampled_from(["", "x", "-1", "0", "1.005", "2021-02-30", "CRDT", "EUX", "9" * 60, "y" * 20_001])


@given(st.sampled_from([(WHOLE, "<Ntry>"), (PAYMENTS, "<CdtTrfTxInf>")]), st.data())
def test_no_row_is_lost_whatever_its_values_are(message: tuple[str, str], data: st.DataObject) -> None:
    text, row = message
    values = [(at + 1, text.index("<", at)) for at, sign in enumerate(text[:-1]) if sign == ">" and text[at + 1] != "<"]
    for start, end in sorted(data.draw(st.sets(st.sampled_from(values), max_size=6)), reverse=True):
        text = text[:start] + data.draw(SPOILT) + text[end:]
    reading = assert_read_or_refused(text.encode())
    assert reading is not None
    if not reading.problems:
        assert rows_accounted_for(reading) == text.count(row)


@given(st.integers(0, len(WHOLE)))
def test_a_message_cut_off_is_never_read(length: int) -> None:
    with pytest.raises(InputErrors):
        read_records(source_of("any", WHOLE[:length].rstrip().removesuffix("</Document>").encode()))


HEAD = "<Document><BkToCstmrStmt><Stmt><Id>1</Id>"
HEAVY: dict[str, Callable[[], str]] = {
    "entities": lambda: (
        "<!DOCTYPE d [<!ENTITY a0 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
        + "]><Document>&a11;</Document>"
    ),
    "levels": lambda: HEAD + "<a>" * 1_000_000,
    "one text": lambda: f"{HEAD}<Nm>{'x' * 30_000_000}",
    "attributes": lambda: f"{HEAD}<Nm {' '.join(f'a{n}=1' for n in range(300_000))}/>",
    "elements": lambda: HEAD + "<Ntry/>" * 300_000 + "</Stmt></BkToCstmrStmt></Document>",
    "tags": lambda: "{1500}" * 200_000,
}
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.reader import read_records
try:
    reading = read_records(source_of("heavy", sys.stdin.buffer.read()))
    print("problems" if reading.problems else "read")
except InputErrors:
    print("problems")
"""


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_message_stays_within_memory_and_time(name: str) -> None:
    data = HEAVY[name]().encode()
    done = subprocess.run([sys.executable, "-c", LIMITED], input=data, capture_output=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (b"problems", 0), done.stderr.decode()[-500:]
