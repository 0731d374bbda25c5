"""What a market offered: one record for each line of a table of listings, as somebody copied it off the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trover.sources.record import Pointer


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing on the day it was seen.

    `price` is in minor units of `currency`, None where none is printed; `price_btc` in satoshi. `sold` is the counter
    that the market shows. `market`, `origin` and `destination` are empty where the table has none: nothing is guessed.
    """

    pointer: Pointer
    market: str
    vendor: str
    title: str
    category: str
    subcategory: str
    price: int | None
    currency: str
    price_btc: int | None
    sold: int | None
    views: int | None
    seen: date | None
    since: date | None
    origin: str = ""
    destination: str = ""
    url: str = ""
    level: str = ""
