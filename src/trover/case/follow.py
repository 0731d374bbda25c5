"""From a vendor to where the money leaves: each step with its evidence, and what is fact, assertion or inference.

A vendor's page names an address (assertion), the chain holds it (fact), a cluster may hold more (inference), labels
say whose the others are (assertions). Where a step has no evidence it says so, and nothing is put in its place.
"""

from __future__ import annotations

from typing import Any

from trover.case.asserted import LABELS, readings
from trover.case.case import Case
from trover.case.chain_clusters import clustering_of
from trover.case.labels import addresses_of, book_of, plain_label, plain_said, source_names
from trover.case.leaving import leaving
from trover.case.vendors import plain_named, plain_profile, plain_proposal, profile_of, profiles_of
from trover.cluster.clustering import Clustering
from trover.cluster.describe import one_cluster
from trover.darkweb.profile import Profile, plain_name
from trover.darkweb.sales import typical_prices
from trover.darkweb.same_vendor import proposals
from trover.errors import plural
from trover.sources.attribution.book import LabelBook, Sink
from trover.sources.attribution.subject import plain_address
from trover.sources.darkweb.mention import ADDRESS

FACT, ASSERTION, INFERENCE = "fact", "assertion", "inference"
ENDS = {
    Sink.MIXER: "what comes out of a mixer is not what went in: the way stops here",
    Sink.BRIDGE: "the way goes on only where the counterpart on the other chain is identified",
}


def follow(case: Case, name: str) -> dict[str, Any]:
    """The way from the vendor `name` to its cash-out, as `trover darkweb follow DIR VENDOR --json` prints it."""
    held = profiles_of(case)
    profile, files = profile_of(held, name), source_names(case)
    typical = typical_prices(listing for each in held for listing in each.listings)
    own = profile.named(ADDRESS)
    labelled = _labelled(case, profile, files)
    known = dict.fromkeys([*(each.value for each in own), *(each["subject"] for each in labelled["vendor"])])
    found: dict[str, Any] = {
        "vendor": plain_profile(profile, typical, files) | {"rests_on": ASSERTION},
        "may_be": [plain_proposal(each) for each in proposals(held) if profile.id in (each.left, each.right)],
        "addresses": {
            "rests_on": ASSERTION,
            "named": [plain_named(each, files) for each in own],
            "labelled": labelled["vendor"],
        },
        "market_addresses": labelled["market"],
        "ways": [],
        "ends": "",
    }
    if not known:
        found["ends"] = _no_address(profile, labelled["market"])
        return found
    clustering = clustering_of(case)
    found["ways"] = [_way(case, clustering, address, files) for address in known]
    return found


def _labelled(case: Case, profile: Profile, files: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Labels that give an address the very name of the vendor, and those of the market itself."""
    vendor, market = {plain_name(profile.vendor)}, {plain_name(profile.market), f"{plain_name(profile.market)}market"}
    found: dict[str, list[dict[str, Any]]] = {"vendor": [], "market": []}
    about = {text for text in (profile.vendor, profile.market) if text}
    for _, reading in readings(case, LABELS, about=about):
        for label in reading.labels:
            names = {plain_name(label.label), plain_name(label.actor)}
            for whose, wanted in (("vendor", vendor), ("market", market if profile.market else set())):
                if wanted & names:
                    found[whose].append({"subject": label.subject, **plain_label(label, files)})
    return found


def _no_address(profile: Profile, market: list[dict[str, Any]]) -> str:
    says = f"No address of {profile.id} is known in this case: "
    says += "no page of it is in the case" if not profile.mentions else "its pages name none whose checksum holds"
    if profile.listings:
        says += ", and listings hold none"
    if market:
        count = plural(len(market), "label gives", "labels give")
        says += f". {count} an address to the market itself; what is paid to a market is not paid to its vendor"
    return says + ". The way ends here."


def _way(case: Case, clustering: Clustering, address: str, files: dict[str, str]) -> dict[str, Any]:
    """What the chain, the cluster and the labels say from one address on."""
    is_clustered = address in clustering.view.address_number
    cluster = one_cluster(clustering, address) if is_clustered else None
    members = cluster["addresses"] if cluster else [address]
    payments = leaving(case, members)
    book = book_of(case, {*members, *(each["address"] for each in payments if each["address"])})
    said = [book.said(member) for member in members]
    way: dict[str, Any] = {
        "address": address,
        "cluster": cluster and {"rests_on": INFERENCE if len(members) > 1 else FACT, **cluster},
        "labels": [plain_said(each, files) for each in said if each.labels],
        "payments": len(payments),
        "cash_out": _cash_out(book, payments, files),
        "ends": "",
    }
    if not payments:
        held = is_clustered or address in {plain_address(each) for each in addresses_of(case)}
        way["ends"] = (
            "Nothing leaves it in the ledger. The way ends here."
            if held
            else f"No transaction of {address} is in the ledger: add those of its chain. The way ends here."
        )
    elif not way["cash_out"]:
        left = plural(len(payments), "payment leaves", "payments leave")
        way["ends"] = (
            f"{left} it, none to an address of which a label is known. The way is not followed further here:"
            " trover trace does that under a named rule."
        )
    return way


def _cash_out(book: LabelBook, payments: list[dict[str, Any]], files: dict[str, str]) -> list[dict[str, Any]]:
    """Payments to addresses that somebody has labelled, with the kind of sink; what is paid is fact, to whom is not."""
    found = []
    for payment in payments:
        said = book.said(payment["address"]) if payment["address"] else None
        if said is not None and said.labels:
            warnings = [ENDS[kind] for kind in said.kinds if kind in ENDS]
            if payment["inputs_of_own"] < payment["inputs"]:
                warnings.append("other inputs pay into this transaction too")
            found.append(
                {**payment, "rests_on": ASSERTION, "to": plain_said(said, files), "warning": "; ".join(warnings)}
            )
    return found
