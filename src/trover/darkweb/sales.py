"""What a vendor may have sold: a range, because a counter times a price is no turnover.

High: every listing, its counter times its price on the day it was seen. Low: a listing that stands twice counts once,
and prices far beyond those of their kind count nothing. The truth may lie outside: the biases are printed with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low

from trover.sources.darkweb.listing import Listing

HOLDING_RATIO = 10
FEWEST_OF_A_KIND = 5
"""Listings with a price that a kind must have before any of them is called a holding price."""
BIASES = (
    "the price is that of the day it was seen, not of each sale",
    "the counter may count units, orders or feedback, and starts anew when a listing does",
    "a vendor without stock holds a listing open at a price nobody pays; a real bulk price looks the same",
    "a listing copied twice counts twice in the high figure",
    "listings taken down before the day, and private ones, are not in the table",
)
"""What makes such an estimate wrong, and in which way."""


@dataclass(frozen=True, slots=True)
class Sales:
    """Amounts in minor units of `currency`. `duplicates`: rows that repeat another; `holding`: at a holding price."""

    currency: str
    low: int
    high: int
    listings: int
    duplicates: int
    holding: int
    unpriced: int


def sales(listings: Iterable[Listing], typical: Mapping[tuple[str, str, str], int]) -> tuple[Sales, ...]:
    """One estimate for each currency. typical: what `typical_prices` says of the whole table."""
    groups: dict[str, list[Listing]] = defaultdict(list)
    for listing in listings:
        groups[listing.currency].append(listing)
    return tuple(_sales(currency, group, typical) for currency, group in sorted(groups.items()))


def typical_prices(listings: Iterable[Listing]) -> dict[tuple[str, str, str], int]:
    """Currency, category and subcategory -> the median of their prices above zero, the lower of two."""
    prices: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for listing in listings:
        if listing.price:
            prices[_kind(listing)].append(listing.price)
    return {kind: median_low(group) for kind, group in prices.items() if len(group) >= FEWEST_OF_A_KIND}


def is_holding(listing: Listing, typical: Mapping[tuple[str, str, str], int]) -> bool:
    """Whether its price is more than ten times what its kind costs."""
    usual = typical.get(_kind(listing))
    return bool(usual and listing.price and listing.price > HOLDING_RATIO * usual)


def gross(listing: Listing) -> int:
    return (listing.price or 0) * (listing.sold or 0)


def _sales(currency: str, listings: list[Listing], typical: Mapping[tuple[str, str, str], int]) -> Sales:
    best: dict[tuple[str, str, str], int] = {}
    holding = 0
    for listing in listings:
        if is_holding(listing, typical):
            holding += 1
        else:
            key = (listing.market, listing.vendor, listing.title)
            best[key] = max(best.get(key, 0), gross(listing))
    distinct = {(listing.market, listing.vendor, listing.title, listing.price) for listing in listings}
    return Sales(
        currency=currency,
        low=sum(best.values()),
        high=sum(map(gross, listings)),
        listings=len(listings),
        duplicates=len(listings) - len(distinct),
        holding=holding,
        unpriced=sum(listing.price is None or listing.sold is None for listing in listings),
    )


def _kind(listing: Listing) -> tuple[str, str, str]:
    return listing.currency, listing.category, listing.subcategory
