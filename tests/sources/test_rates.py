"""Dated exchange rates: exact, from the layouts of the European Central Bank and from a plain table."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.rates import Rates, read_rates

DAY = date(2024, 3, 8)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>
<Cube time="2024-03-08">
<Cube currency="USD" rate="1.0932"/>
<Cube currency="JPY" rate="161.03"/>
</Cube>
<Cube time="2024-03-07"><Cube currency="USD" rate="1.0895"/></Cube>
</Cube>
</gesmes:Envelope>
"""
WIDE = "Date,USD,JPY,CYP,\n2024-03-08,1.0932,161.03,N/A,\n2024-03-07,1.0895,,N/A,\n"
DAILY = "Date, USD, JPY, \n08 March 2024, 1.0932, 161.03, \n"
PLAIN = "date,base,quote,rate\n2024-03-08,EUR,USD,1.0932\n2024-03-08,EUR,JPY,161.03\n"


def read(text: str) -> Rates:
    return read_rates(source_of("rates", text.encode()))


@pytest.mark.parametrize("text", [XML, WIDE, DAILY, PLAIN, "\ufeff" + WIDE])
def test_every_layout_gives_the_same_exact_rates(text: str) -> None:
    rates = read(text)
    dollar, yen = rates.on(DAY, "EUR", "USD"), rates.on(DAY, "EUR", "JPY")
    assert dollar is not None
    assert yen is not None
    assert (dollar.rate, dollar.text) == (Fraction(10932, 10000), "1.0932")
    assert yen.rate == Fraction(16103, 100)


def test_only_what_is_printed_is_found() -> None:
    rates = read(WIDE)
    assert len(rates) == 3
    assert rates.on(date(2024, 3, 9), "EUR", "USD") is None
    assert rates.on(DAY, "USD", "EUR") is None
    assert rates.on(DAY, "EUR", "CYP") is None


def test_a_rate_points_to_its_row() -> None:
    found = {(rate.quote, rate.day.day): rate.pointer.row for rate in (*read(XML).rates, *read(WIDE).rates[:1])}
    assert found == {("USD", 8): 2, ("JPY", 8): 7, ("USD", 7): 9}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN.replace("1.0932", "1,0932"), "row 2: 5 ' values"),
        (PLAIN.replace("1.0932", "0"), "row 2, column rate: '0' is not an amount above zero. A rate is above zero"),
        (PLAIN.replace("1.0932", "-1"), "row 2, column rate: '-1' is not a number. Rates are digits with a point"),
        (PLAIN.replace("1.0932", "1e2"), "row 2, column rate: '1e2' is not a number"),
        (PLAIN.replace("USD", "us"), "row 2, column quote: 'us' is no code of a currency"),
        (PLAIN.replace("2024-03-08,EUR,USD", "08/03/2024,EUR,USD"), "row 2, column date: '08/03/2024' is not a date"),
        (PLAIN.replace("JPY,161.03", "USD,1.0933"), "row 3, column rate: '1.0933' is a second rate of EUR in USD"),
        (PLAIN.replace(",rate", ",value"), "row 1: 'date, base, quote, value' are no columns of a table of rates"),
        (WIDE.replace("N/A,\n2024", "N/A,,x\n2024"), "row 2: 6 values, where the header has 4 columns"),
        (PLAIN.replace("EUR,USD", '"EUR,USD'), "is not CSV"),
        ("date,base,quote,rate\n", "the file holds no rate"),
        (XML.replace("1.0932", "x"), "row 6, column rate: 'x' is not a number"),
        (XML.replace("<gesmes:Env", "<!DOCTYPE a><gesmes:Env"), "opens a document type"),
        ("", "are no columns"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read(text)
    assert message.replace("5 ' values", "5 values") in str(caught.value)


@given(st.sampled_from([XML, WIDE, PLAIN]), st.integers(0, 1000), st.text(max_size=4), st.integers(0, 9))
def test_any_file(text: str, place: int, new: str, lost: int) -> None:
    at = place % len(text)
    try:
        rates = read_rates(source_of("any", (text[:at] + new + text[at + lost :]).encode("utf-8", "replace")))
    except InputErrors as errors:
        assert [str(problem) for problem in errors.problems] != []  # noqa: PT017
    else:
        assert all(rate.rate == Fraction(rate.text) > 0 for rate in rates.rates)
