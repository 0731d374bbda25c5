"""What a saved page of one listing says of it beside the labels it prints: vendor, price, sold, from and to.

A label is a word such as "Ships from" at the beginning of a line; its value stands behind it, or in the next line where
the label ends its own. A label that stands there with two values says nothing: pages of many listings are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trover.errors import PageUnclear, Place, Problem
from trover.sources.amounts import AmountStyle
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.page_text import PageText
from trover.sources.record import Pointer
from trover.sources.text import shortened

_LABELS: Mapping[str, str] = {
    "vendor": r"vendor|seller|sold by|listed by|offered by",
    "price": r"price|unit price|purchase price|item price",
    "sold": r"sold|quantity sold|items sold|units sold|sales|total sales",
    "origin": r"ships from|ship from|shipping from|shipped from|origin|origin country|sent from",
    "destination": r"ships to|ship to|shipping to|shipped to|destination|delivers to|deliver to",
    "category": r"category|product class",
}
_LINE = {name: re.compile(rf"(?:{words})\s*(?::\s*|$)(?P<value>.*)", re.I) for name, words in _LABELS.items()}
_SIGNS = {"€": "EUR", "₿": "BTC"}
"""Signs of one currency; that of the dollar is shared by twenty."""
_NUMBER = r"(?<![0-9.,])(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,8})?|[0-9]{1,12}(?:\.[0-9]{1,8})?)"
_PRICE = re.compile(
    rf"(?:(?P<before>USD|EUR|GBP|AUD|CAD|BTC|[€₿])\s?)?{_NUMBER}(?:\s?(?P<after>USD|EUR|GBP|AUD|CAD|BTC|[€₿]))?(?![0-9.,])"
)
_TITLES = ("h1", "h2", "h3", "title")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    line: int


def page_listing(source: SourceFile, page: PageText, said: Mapping[str, str], remarks: list[Problem]) -> Listing | None:
    """The one listing of the page, if its vendor and its price are named. said: market and vendor as a person says."""
    values = _values(source, page, remarks)
    vendor = values["vendor"].text if "vendor" in values else said.get("vendor", "")
    if not vendor or "price" not in values:
        return None
    prices = dict(_prices(values["price"].text))
    currency = next((code for code in prices if code != "BTC"), "")
    sold = re.match(r"[0-9]{1,9}(?![0-9.,])", values["sold"].text) if "sold" in values else None
    return Listing(
        pointer=Pointer(source.sha256, "", values["price"].line),
        market=said.get("market", ""),
        vendor=vendor,
        title=_title(page),
        category=_text(values, "category"),
        subcategory="",
        price=prices.get(currency),
        currency=currency,
        price_btc=prices.get("BTC"),
        sold=int(sold[0]) if sold else None,
        views=None,
        seen=None,
        since=None,
        origin=_text(values, "origin"),
        destination=_text(values, "destination"),
    )


def _values(source: SourceFile, page: PageText, remarks: list[Problem]) -> dict[str, _Value]:
    """Label -> its one value."""
    found: dict[str, dict[str, int]] = {}
    lines = list(_lines(page))
    for at, (offset, text) in enumerate(lines):
        for name, pattern in _LINE.items():
            if (match := pattern.fullmatch(text)) is None:
                continue
            value = match["value"].strip() or (lines[at + 1][1] if at + 1 < len(lines) else "")
            if value and not any(other.fullmatch(value) for other in _LINE.values()):
                found.setdefault(name, {}).setdefault(value[:LONGEST], page.seen.spot(offset).line)
    values = {}
    for name, seen in found.items():
        (value, line), *others = seen.items()
        if others:
            says = f"stands beside {len(seen)} values in the page; none is taken"
            remarks.append(PageUnclear(name, Place(source.name, row=line), says=says))
        else:
            values[name] = _Value(value, line)
    return values


def _lines(page: PageText) -> Iterator[tuple[int, str]]:
    """Offset and text of each line that is not empty and not so long that it is prose."""
    offset = 0
    for line in page.seen.text.split("\n"):
        text = " ".join(line.split())
        if text and len(text) <= LONGEST:
            yield offset, text
        offset += len(line) + 1


def _prices(text: str) -> Iterator[tuple[str, int]]:
    """Currency and minor units of each price that names its currency."""
    for match in _PRICE.finditer(text):
        code = match["before"] or match["after"] or ""
        code = _SIGNS.get(code, code)
        if code:
            try:
                yield code, AmountStyle().minor(match["number"].replace(",", ""), minor_units(code))
            except Problem:
                continue


def _title(page: PageText) -> str:
    """The first heading; else the title of the page."""
    texts: dict[str, str] = {}
    for piece, spot in zip(page.seen.pieces, page.seen.spots, strict=True):
        tag = page.elements[spot.element][1]
        if tag in _TITLES and piece.strip():
            texts.setdefault(tag, shortened(" ".join(piece.split())))
    return next((texts[tag] for tag in _TITLES if tag in texts), "")


def _text(values: Mapping[str, _Value], name: str) -> str:
    return values[name].text if name in values else ""
