"""What a message says of its own rows, where the rows say otherwise, is remarked and does not refuse the message."""

from __future__ import annotations

import pytest
from messages import entry, read, read_entries
from test_instructions import pacs008, payment


def summary(kind: str, count: str, total: str) -> str:
    return f"<TxsSummry><{kind}><NbOfNtries>{count}</NbOfNtries><Sum>{total}</Sum></{kind}></TxsSummry>"


ROWS = (entry("5.00"), entry("2"), entry("1.50", "DBIT"), entry("9", status="PDNG"))


@pytest.mark.parametrize(
    ("kind", "count", "total"),
    [
        ("TtlNtries", "4", "17.50"),
        ("TtlNtries", "04", "17.5000"),
        ("TtlCdtNtries", "3", "16"),
        ("TtlDbtNtries", "1", "1.5"),
    ],
)
def test_totals_that_agree(kind: str, count: str, total: str) -> None:
    assert read_entries(summary(kind, count, total), *ROWS).remarks == ()


@pytest.mark.parametrize(
    ("kind", "count", "total", "says"),
    [
        ("TtlNtries", "5", "17.50", "'5' is the number of rows stated, but 4 stand there"),
        ("TtlCdtNtries", "3", "17", "'17' is the sum stated, but the rows come to 16.00"),
        ("TtlDbtNtries", "1", "many", "'many' is the sum stated, but the rows come to 1.50"),
    ],
)
def test_totals_that_do_not_agree(kind: str, count: str, total: str, says: str) -> None:
    (remark,) = read_entries(summary(kind, count, total), *ROWS).remarks
    assert f"message.xml, S-1, row 2, column TxsSummry/{kind}: {says}." in str(remark)


def test_a_sum_over_currencies_is_not_compared() -> None:
    rows = (entry("5"), entry("2", currency="USD"))
    assert read_entries(summary("TtlNtries", "2", "99"), *rows).remarks == ()


@pytest.mark.parametrize(
    ("count", "total", "remarks"), [("2", "25", 0), ("3", "25", 1), ("2", "24.99", 1), ("3", "0", 2)]
)
def test_payments_are_counted_too(count: str, total: str, remarks: int) -> None:
    header = f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{total}</CtrlSum><IntrBkSttlmDt>2021-04-01</IntrBkSttlmDt>"
    text = f"<Document>{pacs008(payment(), payment('5', debtor='Joe'), day=header)}</Document>"
    assert len(read(text).remarks) == remarks
