"""`trover chain trace`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trover.cli.options import as_json, author, case_folder, rules

LINES = 20
WIDTH = 96
"""Signs in a line of text; ids and addresses are never broken."""


@click.command(name="trace")
@case_folder
@rules
@click.option("--back", metavar="PLACE", help="Backward: what this output, address, account or transfer is made of.")
@click.option("--labels/--no-labels", default=True, show_default=True, help="Stop at labelled mixers and the like.")
@click.option("--most", default=LINES, show_default=True, help="How many places are named; the rest is one line.")
@author
@as_json
def command(
    folder: Path, rules: tuple[str, ...], back: str | None, labels: bool, most: int, author: str | None, as_json: bool
) -> None:
    """Trace the claims of the case in DIR through transactions, under rules named for outputs, or look back.

    The same trace as trover trace, under poison, haircut, fifo, lifo or tiho. Each branch says why it ends: an output
    that is unspent, one whose spending transaction is not in the case, a fee, a gap. Nothing is carried over what is
    missing unless a person found so (trover finding record DIR gap_bridged). Where a label of the case calls an address
    that of a mixer, bridge, exchange or market the trace stops and says on whose word; a person's finding
    (through_service) goes before labels. With --back, nothing need be claimed:
    the parts of PLACE are told by where each came into the case, and what is missing there.

    \b
    Examples:
      trover chain trace case --rule fifo --rule haircut
      trover chain trace case --rule fifo --back bc1qpx7vyv5tp7dm0g475ev527krg764t73dh77gls
    """
    from trover.case.case import Case
    from trover.case.chain_trace import backward, forward
    from trover.cli.show import print_json, working

    case = Case.open(folder, author)
    with working("Tracing"):
        found = backward(case, back, rules) if back else forward(case, rules, labels=labels)
    if as_json:
        print_json(found)
        return
    for line in (*head(found), *back_lines(found, most)) if back else forward_lines(found, most):
        click.echo(line)


def head(found: dict[str, Any]) -> Iterator[str]:
    yield "Fact: transactions, outputs, values and addresses. Inference: what a rule says went where."
    for text in found["disclosure"]:
        yield from textwrap.wrap(text, WIDTH)
    screening = [key for key, rule in found["rules"].items() if not rule["recoverable"]]
    for key in screening:
        yield f"{key} is screening only: it says what was touched, never an amount recoverable."
    for key, why in found["skipped"].items():
        yield f"Not run: {key}, because {why}"


def forward_lines(found: dict[str, Any], most: int) -> Iterator[str]:
    """What `forward` found, for a person to read."""
    yield from head(found)
    for claim in found["claims"]:
        where = claim["transfer"] or f"{claim.get('address', '')} {claim['account']}".strip()
        yield f"Claimed by {claim['claimant']}: {claim['amount']:,} in {where}"
    ends = {each["place"] for each in found["places"]}
    passed = [each for each in found["path"] if each["place"] not in ends]
    if passed:
        yield "\nOn the way"
    for each in passed[:most]:
        yield from _passed(each)
    if len(passed) > most:
        yield f"and {len(passed) - most:,} more (--json has all)"
    if found["places"]:
        yield "\nWhere it lies, or where the data of this case stop"
    fees = [each for each in found["places"] if each["place"].startswith("FEE:")]
    places = [each for each in found["places"] if each not in fees]
    for each in places[:most]:
        yield ""
        yield from _place(each)
    if len(places) > most:
        yield f"\nand {len(places) - most:,} more places (--json has all)"
    if fees:
        yield f"\nFees: {len(fees):,} transactions (--json has each)"
    stops = sum(bool(each["stops"]) for each in places)
    yield f"\n{len(places):,} places reached; at {stops:,} of them the data of this case stop."
    for note in found["notes"]:
        yield from textwrap.wrap(f"Note: {note['text']}.", WIDTH, break_long_words=False, break_on_hyphens=False)


def _passed(each: dict[str, Any]) -> Iterator[str]:
    yield f"  {each['time'][:10]} {each['address'] or each['name'] or each['place']}"
    yield f"    {each['place']}, {each['holds']:,} {_unit(each)} in all"
    yield from (f"    {line}" for line in _cells(each))


def _cells(each: dict[str, Any]) -> Iterator[str]:
    for key, row in each["rules"].items():
        told = [f"{owner} {grouped(cell['exact'])} ({_share(cell, each)} %)" for owner, cell in row.items()]
        yield f"{key:8} {', '.join(told)}"


def _share(cell: dict[str, Any], each: dict[str, Any]) -> str:
    """What part of all that the place holds, in percent with five decimals."""
    from trover.ledger.money import money
    from trover.trace.arithmetic import half_even

    return money(half_even(nano(cell["exact"]) * 100 * 10**5, each["holds"] * 10**9), 5) if each["holds"] else "-"


def _unit(each: dict[str, Any]) -> str:
    return UNITS.get(each["currency"], f"minor units of {each['currency']}")


def _place(each: dict[str, Any]) -> Iterator[str]:
    yield each["address"] or each["name"] or each["place"]
    named = f"{each['place']}, " if each["address"] or each["name"] else ""
    yield f"  {named}{each['holds']:,} {_unit(each)} in all"
    yield from (f"  {line}" for line in _cells(each))
    yield from _why(each)


def back_lines(found: dict[str, Any], most: int) -> Iterator[str]:
    """What `backward` found, for a person to read."""
    place = found["place"]
    yield f"Looking back from {place.get('address') or ''} {place.get('place') or place.get('transfer')}".replace(
        "  ", " "
    )
    yield f"{found['upstream']:,} origins lie upstream."
    for each in found["origins"][:most]:
        yield ""
        yield each["address"] or each["origin"]
        if each["address"]:
            yield f"  {each['origin']}, {each['entered']:,} {UNITS.get(each['currency'], each['currency'])} in all"
        for key, cell in each["rules"].items():
            yield f"  {key:8} {grouped(cell['exact'])} of it"
        yield from _why(each)
    if len(found["origins"]) > most:
        yield f"\nand {len(found['origins']) - most:,} more origins (--json has all)"


def _why(each: dict[str, Any]) -> Iterator[str]:
    if each["says"]:
        yield f"  {'stops here: ' if each['stops'] and each['stops'] != 'entry' else ''}{each['says']}"
    if each["missing"]:
        yield f"  missing: {each['missing']}"


UNITS = {"BTC": "satoshi", "ETH": "wei"}


def nano(exact: str) -> int:
    """`exact` in nano units of a minor unit."""
    whole, _, rest = exact.partition(".")
    return int(whole + rest.ljust(9, "0"))


def grouped(exact: str) -> str:
    """The whole part in groups of three, two decimals of what is smaller than a minor unit, if there is any."""
    from trover.ledger.money import money
    from trover.trace.arithmetic import half_even

    return money(half_even(nano(exact), 10**7), 2) if "." in exact else f"{int(exact):,}"
