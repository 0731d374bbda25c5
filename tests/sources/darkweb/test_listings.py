"""Tables of listings are recognised by their columns; what a row cannot say is named and not guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trover.errors import InputErrors
from trover.sources.custody import read_source, source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records

SAMPLE = Path(__file__).parents[2] / "fuzz" / "samples" / "listings.csv"


def table(*rows: str, header: str = "vendor,title,price_usd,qty_sold", market: str = "") -> Reading:
    said = {"format": "text", "market": market} if market else None
    return read_records(
        source_of("listings.csv", "\n".join((header, *rows)).encode()), mapping_of(said) if said else None
    )


def test_a_listing_has_its_columns_in_minor_units() -> None:
    first, second = read_records(read_source(SAMPLE)).listings
    assert (first.market, first.vendor, first.title) == ("Old Market", "Dealer", "A thing, new")
    assert (first.price, first.currency, first.price_btc, first.sold) == (1250, "USD", 1_000_000, 3)
    assert (first.origin, first.destination, first.seen, first.since) == (
        "NL",
        "EU",
        date(2017, 5, 10),
        date(2017, 1, 2),
    )
    assert (second.price_btc, second.origin, second.since, second.pointer.row) == (None, "", None, 3)


def test_a_person_says_which_market_where_the_table_does_not() -> None:
    assert table("a,b,1.00,2", market="AlphaBay").listings[0].market == "AlphaBay"
    assert table("a,b,1.00,2").listings[0].market == ""


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,b,1.005,2", "decimals"),
        ("a,b,cheap,2", "price_usd"),
        ("a,b,1.00,-2", "column sold"),
        (",b,1.00,2", "column vendor"),
        ("a,b,1.00", "values, where the header has 4 columns"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_rest_goes_on(row: str, says: str) -> None:
    reading = table("x,y,1.00,1", row, "x,z,1.00,1")
    assert [listing.title for listing in reading.listings] == ["y", "z"]
    (remark,) = reading.remarks
    assert says in str(remark)
    assert remark.place.row == 3


def test_a_table_of_nothing_is_refused() -> None:
    with pytest.raises(InputErrors):
        table()


def test_a_table_without_a_vendor_is_no_table_of_listings() -> None:
    with pytest.raises(InputErrors, match="mapping"):
        table("b,1.00", header="title,price_usd")


@pytest.mark.realdata
def test_the_listings_of_a_real_market_are_read_whole(data_root: Path) -> None:
    import gzip

    data = gzip.decompress((data_root / "crypto" / "darkweb-alphabay-2017" / "listings.csv.gz").read_bytes())
    reading = read_records(source_of("listings.csv", data))
    listings = reading.listings
    assert (len(listings), len({each.vendor for each in listings}), reading.remarks) == (32_012, 3_652, ())
    assert {each.since for each in listings if each.since and each.since < date(2014, 12, 23)} == {date(2014, 12, 22)}
