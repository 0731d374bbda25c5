"""Amounts as people's tables hold them, to the last minor unit or not at all."""
# ruff: noqa: RUF001

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import AmountTooFine, AmountTooLarge, AmountUnreadable, CurrencyMismatch, Problem
from trover.sources.amounts import AmountStyle

READ = [
    ((".", ""), "12.5", "EUR", 1250), ((".", ""), ".50", "EUR", 50), ((".", ""), "+5", "EUR", 500),
    ((",", "."), "1.234,56", "EUR", 123456), ((",", " "), "1\u202f234,56 €", "EUR", 123456),
    ((",", " "), "1\u00a0234,56", "EUR", 123456), ((".", "'"), "CHF 1\u2019234.50", "CHF", 123450),
    ((".", ","), "(1,234.56)", "USD", -123456), ((".", ","), "$(1,234.56)", "USD", -123456),
    ((".", ","), "($1,234.56)", "USD", -123456), ((".", ","), "-$12.00", "USD", -1200),
    ((".", ""), "US$ -5.10", "USD", -510), ((".", ""), "12.00-", "EUR", -1200), ((".", ""), "12.00 -", "EUR", -1200),
    ((".", ","), "12,34,567.00", "INR", 123456700), ((".", ","), "Rs. 1,234.50", "INR", 123450),
    ((".", ","), "١٬٢٣٤٫٥", "EGP", 123450), ((".", ","), "۱۲٫۵۰", "AFN", 1250),
    ((",", ""), "\u22125,00 zł", "PLN", -500),
    ((",", " "), "1 234,56 руб.", "RUB", 123456), ((".", ""), "\u200f5.00\u200e", "EGP", 500),
    ((".", ""), "5.000", "EUR", 500),
]  # fmt: skip


@pytest.mark.parametrize(("style", "text", "currency", "minor"), READ, ids=[text for _, text, _, _ in READ])
def test_an_amount_is_read_as_its_style_says(style: tuple[str, str], text: str, currency: str, minor: int) -> None:
    assert AmountStyle(*style).cell(text, 2, currency) == minor


REFUSED = [
    (AmountUnreadable, "--5"), (AmountUnreadable, "(-5)"), (AmountUnreadable, "-5-"), (AmountUnreadable, "5 abc"),
    (AmountUnreadable, ""), (AmountUnreadable, "$"), (AmountUnreadable, "5."), (AmountUnreadable, "1,23.5"),
    (AmountUnreadable, "1,2345"), (AmountUnreadable, "1e3"), (AmountUnreadable, "0x10"), (AmountUnreadable, "5²"),
    (CurrencyMismatch, "EUR 5"), (CurrencyMismatch, "5 €"), (CurrencyMismatch, "£5"), (AmountTooFine, "5.005"),
    (AmountTooLarge, "9" * 37 + ".00"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "text"), REFUSED, ids=[text for _, text in REFUSED])
def test_what_is_no_clear_amount_is_refused(error: type[Problem], text: str) -> None:
    with pytest.raises(error):
        AmountStyle(".", ",").cell(text, 2, "USD")


@pytest.mark.parametrize("text", ["12.00-", "(12.00)", "$12.00", ".5", "1,2"])
def test_a_message_of_a_bank_is_read_more_strictly_than_a_table(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        AmountStyle().minor(text, 2)


@given(
    st.integers(-(10**30), 10**30),
    st.sampled_from([0, 2, 3, 8]),
    st.sampled_from([(".", ""), (",", "."), (",", " "), (".", "'"), (".", ",")]),
    st.sampled_from(["{s}{n}", "{n}{s}", "{s}{n} EUR", "EUR {s}{n}", "€{s}{n}"]),
)
def test_what_is_written_is_what_is_read(value: int, decimals: int, style: tuple[str, str], form: str) -> None:
    decimal, thousands = style
    digits = str(abs(value)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    grouped = f"{int(whole):,}".replace(",", thousands)
    text = form.format(s="-" if value < 0 else "", n=grouped + (decimal + part if part else ""))
    assert AmountStyle(decimal, thousands).cell(text, decimals, "EUR") == value


@given(st.text(alphabet="0123456789.,-+() '€$EURCRabc٣\u00a0\u200f", max_size=12), st.integers(0, 3))
def test_any_text_is_an_amount_or_a_problem(text: str, decimals: int) -> None:
    for style in (AmountStyle(), AmountStyle(",", "."), AmountStyle(",", " ")):
        with contextlib.suppress(Problem):
            value = style.cell(text, decimals, "EUR")
            digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
            assert str(abs(value)).rstrip("0") in digits + "0"


@pytest.mark.parametrize("text", ["x" * 100_000, "x." * 100_000, "1a" * 50_000, "1" * 50_000 + "("])
def test_long_texts_are_refused_without_trying_every_way_to_part_them(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        AmountStyle().cell(text, 2, "EUR")
