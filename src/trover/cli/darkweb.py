"""`trover darkweb`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from trover.cli.options import as_json, author, case_folder, handling
from trover.errors import plural, printable

LINES = 20


@click.group(name="darkweb")
def command() -> None:
    """Listings and saved pages of dark markets: vendors, what they name, where their money goes.

    What a page says is an assertion, and none of it is a row of the ledger.

    \b
    Example:
      trover darkweb add case listings.csv --market AlphaBay
    """


@command.command(name="add")
@case_folder
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--market", default="", metavar="NAME", help="The market, where the files do not say it.")
@click.option("--vendor", default="", metavar="NAME", help="The vendor whose pages these are.")
@author
@handling
@as_json
def add(
    folder: Path,
    files: tuple[Path, ...],
    market: str,
    vendor: str,
    author: str | None,
    marking: str | None,
    legal_basis: tuple[str, ...],
    retention: date | None,
    as_json: bool,
) -> int:
    """Add tables of listings (CSV), saved pages (HTML) and texts, or folders of them, to the case in DIR.

    Addresses, keys, handles and onion names are found with their place and checked. No script runs, and no picture is
    decoded, stored apart or shown. Whose a page is that names no vendor of its own, you say with --vendor.

    \b
    Examples:
      trover darkweb add case listings.csv --market AlphaBay
      trover darkweb add case profile.html --market AlphaBay --vendor MrMaster
    """
    from trover.cli.add import add_files

    said = {"format": "text", "market": market.strip(), "vendor": vendor.strip()}
    mapping = {name: value for name, value in said.items() if value}
    return add_files(folder, files, mapping, "", author, (marking, legal_basis, retention), as_json=as_json)


@command.command(name="vendors")
@case_folder
@as_json
def vendors(folder: Path, as_json: bool) -> None:
    """List the vendors of the case in DIR, what they may have sold, and which may be one.

    Sales are a range with their biases. Two names that may be one vendor are proposed with reasons and points, and
    never merged.

    \b
    Example:
      trover darkweb vendors case
    """
    from trover.case.case import Case
    from trover.case.vendors import vendors as vendors_of
    from trover.cli.show import console, print_json, table

    found = vendors_of(Case.open(folder))
    if as_json:
        print_json(found)
        return
    shown = table("Vendor", "Listings", "Low", "High", "From", "To", numbers=("Listings", "Low", "High"))
    ordered = sorted(found["vendors"], key=lambda each: -sum(sale["high"] for sale in each["sales"]))
    for each in ordered[:LINES]:
        low, high = (", ".join(_money(sale, side) for sale in each["sales"]) for side in ("low", "high"))
        where = (", ".join(each[name]) or "-" for name in ("origins", "destinations"))
        shown.add_row(printable(each["id"]), f"{each['listings']:,}", low, high, *map(printable, where))
    console().print(shown if ordered else "The case has no vendor: trover darkweb add brings listings and pages.")
    for line in _below(found, len(ordered)):
        click.echo(printable(line))


@command.command(name="follow")
@case_folder
@click.argument("vendor")
@as_json
def follow(folder: Path, vendor: str, as_json: bool) -> None:
    """Follow VENDOR to its addresses, their cluster, the labels, and where the money leaves.

    Each step says what it rests on: fact of the chain, assertion of a source, or inference. Where no address is known
    it says so and ends.

    \b
    Examples:
      trover darkweb follow case MrMaster
      trover darkweb follow case MrMaster@AlphaBay --json
    """
    from trover.case.case import Case
    from trover.case.follow import follow as follow_vendor
    from trover.cli.show import print_json

    found = follow_vendor(Case.open(folder), vendor)
    if as_json:
        print_json(found)
        return
    for line in _followed(found):
        click.echo(printable(line))


def _below(found: dict[str, Any], number: int) -> Iterator[str]:
    if number > LINES:
        yield f"and {number - LINES:,} more vendors (--json has all)"
    for sale in found["sales"]:
        yield (
            f"All: {plural(sale['listings'], 'listing')}, {_money(sale, 'low')} to {_money(sale, 'high')}"
            f" {sale['currency']}; {plural(sale['duplicates'], 'row')} repeated, {sale['holding']:,} at a holding price"
        )
    if found["sales"]:
        yield from (f"  Known bias: {bias}" for bias in found["biases"])
    for page in found["not_a_vendors"][:LINES]:
        pictures = f", {plural(page['media'], 'picture, film or sound', 'pictures, films or sounds')} not looked at"
        whose = f"of {page['vendor']}" if page["vendor"] else f"of nobody named, names {len(page['named']):,} things"
        yield f"Page {page['file']}: {whose}{pictures if page['media'] else ''}"
        yield from (_named(each) for each in page["named"][:LINES])
    if found["proposals"]:
        yield found["merged"]
    for each in found["proposals"][:LINES]:
        yield f"{each['points']} points: {' and '.join(each['vendors'])}"
        yield from (f"  {reason['what']}" for reason in each["reasons"][:5])
    if len(found["proposals"]) > LINES:
        yield f"and {len(found['proposals']) - LINES:,} more proposals (--json has all)"


def _followed(found: dict[str, Any]) -> Iterator[str]:
    vendor = found["vendor"]
    yield f"Vendor {vendor['id']}: {plural(vendor['listings'], 'listing')} (assertion of the sources)"
    for sale in vendor["sales"]:
        yield f"  may have sold for {_money(sale, 'low')} to {_money(sale, 'high')} {sale['currency']}"
    for each in found["may_be"][:LINES]:
        other = next(name for name in each["vendors"] if name != vendor["id"])
        yield f"  may be {other}, {each['points']} points: {each['reasons'][0]['what']}"
    for named in found["addresses"]["named"]:
        yield _named(named)
    for label in found["addresses"]["labelled"]:
        yield f"  labelled {label['label']}: {label['subject']} ({label['file']} row {label['row']})"
    for label in found["market_addresses"][:LINES]:
        yield f"  of the market itself: {label['subject']} ({label['source'] or label['file']})"
    for way in found["ways"]:
        yield from _way(way)
    if found["ends"]:
        yield found["ends"]


def _way(way: dict[str, Any]) -> Iterator[str]:
    from trover.cli.chain_tag import said_lines

    yield f"Address {way['address']}"
    if way["cluster"]:
        cluster = way["cluster"]
        yield f"  {plural(len(cluster['addresses']), 'address', 'addresses')} in its cluster ({cluster['rests_on']})"
        for joined in cluster["evidence"]:
            yield f"    joined by {joined['evidence']} in {plural(joined['transactions'], 'transaction')}"
    for said in way["labels"]:
        yield from (f"  {line}" for line in said_lines(said))
    for paid in way["cash_out"][:LINES]:
        kinds = ", ".join(paid["to"]["kinds"])
        yield f"  {paid['shown']} to {kinds}: {paid['transaction']}, output {paid['output']} (fact)"
        yield from (f"    {line}" for line in said_lines(paid["to"]))
        if paid["warning"]:
            yield f"    {paid['warning']}"
    if way["ends"]:
        yield f"  {way['ends']}"


def _named(named: dict[str, Any]) -> str:
    place = named["places"][0]
    checked = "" if named["checksum"] else ", no checksum"
    where = ", ".join(filter(None, (place["element"], place["where"])))
    return (
        f"  {named['kind']} {named['system']} {named['value']}{checked}:"
        f" {place['file']} line {place['line']}, column {place['column']}{', ' + where if where else ''}"
    )


def _money(sale: dict[str, Any], side: str) -> str:
    from trover.ledger.currency import minor_units
    from trover.ledger.money import money

    return money(sale[side], minor_units(sale["currency"])) if sale["currency"] else "-"
