"""Who an outside party is: numbers with and without their bank, names as they are spelt."""

from __future__ import annotations

import pytest

from trover.ledger.event import Account, AccountKind
from trover.ledger.pair.identity import Directory, Says, is_number, words_of


def inside(id: str, holder: str = "") -> Account:
    return Account(id, "EUR", AccountKind.BANK, holder)


def outside(id: str, holder: str = "") -> Account:
    return Account(f"EXT:{id}", "EUR", AccountKind.EXTERNAL, holder or id)


def says(own: str, other: str, holder: str = "", name: str = "") -> Says:
    return Directory([inside(own, holder)]).says(outside(other, name), 0)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("DE89370400440532013000", "532013000"),
        ("DE89370400440532013000", "0532013000"),
        ("DE89370400440532013000", "37040044/532013000"),
        ("DE89370400440532013000", "532013000/37040044"),
        ("DE89370400440532013000", "COBADEFF/0532013000"),
        ("532013000", "DE89370400440532013000"),
        ("37040044/532013000", "DE89370400440532013000"),
        ("37040044/532013000", "532013000"),
        ("40702810500000000001/044525225", "40702810500000000001"),
        ("GB29NWBK60161331926819", "60-16-13 31926819"),
        ("GB29NWBK60161331926819", "31926819"),
        ("FR7630006000011234567890189", "12345678901"),
        ("GB29NWBK60161331926819 in USD", "GB29NWBK60161331926819"),
        ("ACME-1", "acme 1"),
    ],
)
def test_one_number_written_in_two_ways(own: str, other: str) -> None:
    assert says(own, other) is Says.NUMBER


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("DE89370400440532013000", "DE89370400440532013001"),
        ("DE89370400440532013000", "37040044"),
        ("DE89370400440532013000", "10010010/532013000"),
        ("DE89370400440532013000", "BNPAFRPP/532013000"),
        ("DE89370400440532013000", "2013000"),
        ("37040044/532013000", "10010010/532013000"),
        ("10010010/532013000", "DE89370400440532013000"),
    ],
)
def test_numbers_of_two_accounts(own: str, other: str) -> None:
    assert says(own, other) is Says.OTHER


@pytest.mark.parametrize("name", ["MÜLLER, Hans", "hans mueller", "Herr Hans Muller", "Dr. Müller Hans"])
def test_one_name_written_in_several_ways(name: str) -> None:
    assert says("T", name, "Hans Müller") is Says.NAME


def test_a_name_that_shares_a_word_says_nothing_and_one_that_shares_none_is_a_stranger() -> None:
    assert says("T", "Hans Müller und Erika Müller", "Hans Müller") is Says.NOTHING
    assert says("T", "Erika Schmidt", "Hans Müller") is Says.STRANGER
    assert says("T", "Erika Schmidt", "") is Says.NOTHING
    assert says("T", "UNKNOWN:17", "Hans Müller") is Says.NOTHING
    assert says("T", "CASH", "Hans Müller") is Says.OTHER


def test_legal_forms_tell_two_firms_apart() -> None:
    both = Directory([inside("T", "Alpha GmbH"), inside("U", "Alpha AG")])
    assert [both.says(outside("Alpha AG"), row) for row in (0, 1)] == [Says.STRANGER, Says.NAME]


def test_a_number_goes_before_a_name() -> None:
    assert says("DE89370400440532013000", "99887766", "Hans Müller", name="Hans Müller") is Says.OTHER


def test_what_is_a_number() -> None:
    assert [is_number(text) for text in ("DE89370400440532013000", "MT84MALT011000012345MTLCAST001S", "12345")] == [
        True
    ] * 3
    assert [is_number(text) for text in ("Acme 2021 Ltd", "Flat 12345, Long Street", "1234")] == [False] * 3


def test_a_name_of_titles_alone_keeps_them() -> None:
    assert words_of("Dr. M") == (frozenset({"dr", "m"}),)
