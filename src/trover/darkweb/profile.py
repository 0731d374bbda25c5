"""A vendor on a market as the sources show it: its listings, and what its pages name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import ADDRESS, FINGERPRINT, HANDLE, KEY, ONION, Mention

_SIGNS = re.compile(r"[\W_]+")
_LEET = str.maketrans("01l3457@$", "oiieastas")
"""1 stands for i and for l, so these three are one."""
NAMING = frozenset({ADDRESS, KEY, FINGERPRINT, HANDLE, ONION})


@dataclass(frozen=True, slots=True)
class Named:
    """Something a page of a vendor names, with all the places where it stands."""

    kind: str
    system: str
    value: str
    checked: bool
    places: tuple[Mention, ...]


@dataclass
class Profile:
    """One name on one market. `market` is empty where no source says it."""

    market: str
    vendor: str
    listings: list[Listing] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.vendor}@{self.market}" if self.market else self.vendor

    @property
    def first(self) -> date | None:
        """The first day that its listings state; the day somebody looked is not the day it began."""
        return min((each.since for each in self.listings if each.since), default=None)

    @property
    def last(self) -> date | None:
        """The last day on which a listing of it was seen."""
        return max((each.seen for each in self.listings if each.seen), default=None)

    def named(self, *kinds: str) -> list[Named]:
        """What its pages name, of these kinds; a key and its fingerprint are two kinds."""
        places: dict[tuple[str, str, str], list[Mention]] = {}
        for mention in self.mentions:
            if mention.kind in kinds:
                places.setdefault((mention.kind, mention.system, mention.value), []).append(mention)
        return [Named(*key, any(each.checked for each in found), tuple(found)) for key, found in places.items()]


def profiles(
    listings: Iterable[Listing], pages: Iterable[tuple[str, str, Iterable[Mention]]] = ()
) -> dict[tuple[str, str], Profile]:
    """Market and vendor -> profile. pages: market, vendor and mentions of each page that is said to be a vendor's."""
    found: dict[tuple[str, str], Profile] = {}

    def profile(market: str, vendor: str) -> Profile:
        return found.setdefault((market, vendor), Profile(market, vendor))

    for listing in listings:
        profile(listing.market, listing.vendor).listings.append(listing)
    for market, vendor, mentions in pages:
        profile(market, vendor).mentions += [mention for mention in mentions if mention.kind in NAMING]
    return found


def folded(name: str) -> str:
    """A name without capitals, accents, signs and figures that stand for letters: D3aler_01 and dealer-ol are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _SIGNS.sub("", letters.translate(_LEET))


def plain_name(name: str) -> str:
    """A name without capitals and signs between its letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())
