"""The vendors of a case: what they offered, what they may have sold, what their pages name, which may be one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from trover.case.asserted import LISTINGS, MENTIONS, readings
from trover.case.case import Case
from trover.case.state import Source
from trover.darkweb.profile import NAMING, Named, Profile, plain_name, profiles
from trover.darkweb.sales import BIASES, Sales, sales, typical_prices
from trover.darkweb.same_vendor import Proposal, proposals
from trover.errors import InputErrors, UnknownVendor
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import MEDIA, Mention
from trover.sources.reader import Reading

MERGED = "Proposals order what a person should look at. No two vendors are merged, and points are no probability."


def profiles_of(case: Case) -> list[Profile]:
    """Every vendor on every market of the case. Raises `InputErrors`."""
    listings: list[Listing] = []
    pages: list[tuple[str, str, tuple[Mention, ...]]] = []
    for source, reading in readings(case, LISTINGS, MENTIONS):
        listings += reading.listings
        if reading.mentions and (vendor := vendor_of(source, reading)):
            pages.append(((source.mapping or {}).get("market", ""), vendor, reading.mentions))
    return list(profiles(listings, pages).values())


def vendor_of(source: Source, reading: Reading) -> str:
    """Whose a page is: as a person says, else as the page itself names one vendor; empty where neither does."""
    said = (source.mapping or {}).get("vendor", "")
    named = {listing.vendor for listing in reading.listings} if reading.mentions else set()
    return said or (named.pop() if len(named) == 1 else "")


def vendors(case: Case) -> dict[str, Any]:
    """All vendors with their sales estimates, and proposals, as `trover darkweb vendors DIR --json` prints them."""
    held = profiles_of(case)
    files = {source.sha256: source.name for source in case.sources()}
    every = [listing for profile in held for listing in profile.listings]
    typical = typical_prices(every)
    return {
        "vendors": [plain_profile(profile, typical, files) for profile in held],
        "sales": [asdict(each) for each in sales(every, typical)],
        "biases": list(BIASES),
        "proposals": [plain_proposal(each) for each in proposals(held)],
        "merged": MERGED,
        "not_a_vendors": named_elsewhere(case),
    }


def profile_of(held: list[Profile], name: str) -> Profile:
    """The vendor `name` or `name@market`. Raises `InputErrors` where there is none, or more than one."""
    found = [each for each in held if name in (each.id, each.vendor)]
    if not found:
        found = [each for each in held if plain_name(each.vendor) == plain_name(name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputErrors([UnknownVendor(name)])
    says = f"is the name of {len(found)} vendors: {', '.join(each.id for each in found[:5])}"
    raise InputErrors([UnknownVendor(name, says=says, remedy="Name one of them; who has one name need not be one.")])


def plain_profile(profile: Profile, typical: Any, files: dict[str, str]) -> dict[str, Any]:
    listed = profile.listings
    return {
        "id": profile.id,
        "market": profile.market,
        "vendor": profile.vendor,
        "listings": len(listed),
        "first": profile.first.isoformat() if profile.first else "",
        "last": profile.last.isoformat() if profile.last else "",
        "categories": sorted({each.category for each in listed if each.category}),
        "origins": sorted({each.origin for each in listed if each.origin}),
        "destinations": sorted({each.destination for each in listed if each.destination}),
        "sold": sum(each.sold or 0 for each in listed),
        "sales": [asdict(each) for each in _estimates(listed, typical)],
        "named": [plain_named(each, files) for each in profile.named(*sorted(NAMING))],
    }


def plain_named(named: Named, files: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": named.kind,
        "system": named.system,
        "value": named.value,
        "checksum": named.checked,
        "detail": next((each.detail for each in named.places if each.detail), ""),
        "places": [plain_place(each, files) for each in named.places],
    }


def plain_place(mention: Mention, files: dict[str, str]) -> dict[str, Any]:
    return {
        "file": files.get(mention.pointer.sha256, mention.pointer.sha256),
        "sha256": mention.pointer.sha256,
        "line": mention.pointer.row,
        "column": mention.column,
        "element": mention.element,
        "where": mention.where,
    }


def plain_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "vendors": [proposal.left, proposal.right],
        "points": proposal.points,
        "reasons": [asdict(reason) for reason in proposal.reasons],
    }


def named_elsewhere(case: Case) -> list[dict[str, Any]]:
    """What pages name that nobody has said to be a vendor's, and how many pictures and films they hold."""
    files = {source.sha256: source.name for source in case.sources()}
    found = []
    for source, reading in readings(case, MENTIONS):
        vendor = vendor_of(source, reading)
        page = Profile("", "", mentions=list(reading.mentions))
        found.append(
            {
                "file": source.name,
                "vendor": vendor,
                "media": sum(each.kind == MEDIA for each in reading.mentions),
                "named": [] if vendor else [plain_named(e, files) for e in page.named(*sorted(NAMING))],
            }
        )
    return found


def _estimates(listings: list[Listing], typical: Any) -> tuple[Sales, ...]:
    return sales(listings, typical) if listings else ()
