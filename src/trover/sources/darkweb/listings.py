"""Tables of listings in CSV, recognised by their columns: vendor, title and a price. No row of the ledger."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from trover.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    InputErrors,
    NotCsv,
    Place,
    Problem,
    RowShape,
    Truncated,
)
from trover.sources.amounts import AmountStyle
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.darkweb.listing import Listing
from trover.sources.mapping import Mapping as TableMapping
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.text import TEXT_LIMIT, decode, shortened

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "market": ("market", "market_name", "marketplace"),
    "vendor": ("vendor", "seller", "vendor_name", "seller_name"),
    "title": ("title", "listing", "item", "product_title"),
    "category": ("category",),
    "subcategory": ("subcategory", "sub_category"),
    "price_btc": ("price_btc",),
    "sold": ("qty_sold", "quantity_sold", "sold", "sales"),
    "views": ("views",),
    "seen": ("scrape_date", "seen", "date", "scraped"),
    "since": ("listed_since", "since", "first_seen"),
    "origin": ("origin", "ships_from", "shipping_from", "ship_from"),
    "destination": ("destination", "ships_to", "shipping_to", "ship_to"),
    "url": ("url", "link"),
    "level": ("vendor_level", "level"),
}
"""Our names -> those a table may use, compared in small letters with _ for a space."""
_PRICE = re.compile(r"price_([a-z]{3})")
T = TypeVar("T")


class ListingsReader:
    """Listings of a market; which market, where no column says so, a person does (trover darkweb add --market)."""

    name = "listings"

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:4096].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
        names = [_plain(name) for name in head.decode("utf-8", "replace").split(",")]
        at = _positions(names)
        return {"vendor", "title"} <= set(at) and ("price_btc" in at or _priced(names) is not None)

    def read(self, source: SourceFile, mapping: TableMapping | None = None) -> Reading:
        remarks: list[Problem] = []
        market = mapping.head.get("market", "") if mapping else ""
        listings = tuple(_listings(source, market, remarks))
        if not listings:
            raise InputErrors(remarks or [Truncated("", Place(source.name), says="the file ends after its header row")])
        return Reading(source, self.name, (), listings=listings, remarks=tuple(remarks))


def _listings(source: SourceFile, market: str, remarks: list[Problem]) -> Iterator[Listing]:
    reader = csv.reader(io.StringIO(decode(source.data, source.name), newline=""), strict=True)
    names = [_plain(name) for name in next(reader)]
    at, priced = _positions(names), _priced(names)
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            remarks.append(NotCsv("", Place(source.name, row=line), says=f"{NotCsv.says} ({error})"))
        else:
            if len(cells) == len(names):
                row = _Row(source, line, cells, at, remarks)
                if (listing := row.listing(market, priced)) is not None:
                    yield listing
            elif any(cells):
                says = f"values, where the header has {len(names)} columns"
                remarks.append(RowShape(len(cells), Place(source.name, row=line), says=says))
        line = reader.line_num + 1


class _Row:
    """The cells of one row; what cannot be read is named, and the row is then left out."""

    def __init__(
        self, source: SourceFile, line: int, cells: list[str], at: Mapping[str, int], remarks: list[Problem]
    ) -> None:
        self.source, self.line, self.cells, self.at, self.remarks = source, line, cells, at, remarks
        self.before = len(remarks)

    def listing(self, market: str, priced: tuple[int, str] | None) -> Listing | None:
        price, currency = priced if priced else (-1, "")
        listing = Listing(
            pointer=Pointer(self.source.sha256, "", self.line),
            market=self.text("market") or market,
            vendor=self.text("vendor"),
            title=self.text("title"),
            category=self.text("category"),
            subcategory=self.text("subcategory"),
            price=self._money(self.cells[price].strip(), currency, f"price_{currency.lower()}") if priced else None,
            currency=currency,
            price_btc=self._money(self.text("price_btc"), "BTC", "price_btc"),
            sold=self._read("sold", _count),
            views=self._read("views", _count),
            seen=self._read("seen", date.fromisoformat),
            since=self._read("since", date.fromisoformat),
            origin=self.text("origin"),
            destination=self.text("destination"),
            url=self.text("url"),
            level=self.text("level"),
        )
        if not listing.vendor:
            self.remarks.append(FieldMissing("vendor", Place(self.source.name, row=self.line, column="vendor")))
        return listing if len(self.remarks) == self.before else None

    def text(self, name: str) -> str:
        return self.cells[self.at[name]].strip()[:TEXT_LIMIT] if name in self.at else ""

    def _read(self, name: str, read: Callable[[str], T]) -> T | None:
        text = self.text(name)
        try:
            return read(text) if text else None
        except ValueError:
            place = Place(self.source.name, row=self.line, column=name)
            kind = DateUnreadable if name in ("seen", "since") else AmountUnreadable
            self.remarks.append(kind(shortened(text), place))
            return None

    def _money(self, text: str, currency: str, column: str) -> int | None:
        if not text:
            return None
        try:
            return AmountStyle().minor(text, minor_units(currency))
        except Problem as problem:
            self.remarks.append(problem.at(Place(self.source.name, row=self.line, column=column)))
            return None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ValueError(text)
    return int(text)


def _plain(name: str) -> str:
    return name.strip().strip('"').lower().replace(" ", "_")


def _positions(names: list[str]) -> dict[str, int]:
    found = {}
    for ours, theirs in COLUMNS.items():
        at = next((names.index(name) for name in theirs if name in names), None)
        if at is not None:
            found[ours] = at
    return found


def _priced(names: list[str]) -> tuple[int, str] | None:
    """Where the price in money stands, and its currency."""
    for at, name in enumerate(names):
        if (match := _PRICE.fullmatch(name)) and match[1] != "btc":
            return at, match[1].upper()
    return None
