"""A range of sales: what repeats counts once below, a price beyond its kind counts nothing below."""

from __future__ import annotations

from pathlib import Path

import pytest

from trover.darkweb.sales import is_holding, sales, typical_prices
from trover.sources.custody import source_of
from trover.sources.darkweb.listing import Listing
from trover.sources.reader import read_records


def listings(*rows: str) -> tuple[Listing, ...]:
    text = "\n".join(("vendor,title,category,price_usd,qty_sold", *rows))
    return read_records(source_of("listings.csv", text.encode())).listings


USUAL = [f"a,title {number},Goods,10.00,1" for number in range(5)]


def test_without_repeats_and_holding_prices_low_and_high_are_one() -> None:
    held = listings(*USUAL)
    (found,) = sales(held, typical_prices(held))
    assert (found.low, found.high, found.duplicates, found.holding) == (5_000, 5_000, 0, 0)


def test_a_repeated_listing_counts_once_in_the_low_figure() -> None:
    held = listings(*USUAL, "a,title 0,Goods,10.00,3")
    (found,) = sales(held, typical_prices(held))
    assert (found.low, found.high, found.duplicates) == (7_000, 8_000, 1)


def test_a_price_far_beyond_its_kind_counts_nothing_in_the_low_figure() -> None:
    held = listings(*USUAL, "a,out of stock,Goods,100.01,40", "a,bulk,Goods,100.00,1")
    typical = typical_prices(held)
    (found,) = sales(held, typical)
    assert [listing.title for listing in held if is_holding(listing, typical)] == ["out of stock"]
    assert (found.low, found.high, found.holding) == (15_000, 415_040, 1)


def test_a_kind_of_few_listings_has_no_holding_price() -> None:
    held = listings("a,x,Goods,1.00,1", "a,y,Goods,1000.00,1")
    assert sales(held, typical_prices(held))[0].holding == 0


def test_what_has_no_price_or_counter_is_counted() -> None:
    held = listings("a,x,Goods,,1", "a,y,Goods,1.00,")
    assert (sales(held, {})[0].unpriced, sales(held, {})[0].high) == (2, 0)


@pytest.mark.realdata
def test_the_sales_of_a_real_market_have_a_range(data_root: Path) -> None:
    import gzip

    data = gzip.decompress((data_root / "crypto" / "darkweb-alphabay-2017" / "listings.csv.gz").read_bytes())
    held = read_records(source_of("listings.csv", data)).listings
    (found,) = sales(held, typical_prices(held))
    assert (found.high, found.duplicates) == (27_401_016_578, 2_133)
    assert found.low == 11_809_978_097
