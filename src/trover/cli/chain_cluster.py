"""`trover chain cluster`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trover.cli.options import Decorator, as_json, case_folder

LINES = 20


def evidence_options(command: Any) -> Any:
    """--use, --let and --without, which say what evidence joins addresses."""
    options: tuple[Decorator, ...] = (
        click.option("--without", multiple=True, metavar="TXID", help="Leave a transaction out as evidence."),
        click.option(
            "--let", "let", multiple=True, metavar="FORM", help="Join transactions of this form all the same."
        ),
        click.option("--use", multiple=True, metavar="HEURISTIC", help="Use a change heuristic beside co-spending."),
    )
    for option in options:
        command = option(command)
    return command


@click.command(name="cluster")
@case_folder
@click.argument("address", required=False)
@evidence_options
@as_json
def command(
    folder: Path,
    address: str | None,
    use: tuple[str, ...],
    let: tuple[str, ...],
    without: tuple[str, ...],
    as_json: bool,
) -> None:
    """Cluster the addresses of a case: those that one wallet may control, and the evidence for it.

    Addresses spent in one transaction are joined. Kept out are forms that several wallets make together: whirlpool,
    wasabi1, wasabi2, joinmarket, equal_pair, payjoin. Heuristics for change are used only where they are named: reuse,
    script_type, smaller, round, fresh, fresh_smaller, peeling, locktime. Clusters are inference; nothing is stored.

    \b
    Examples:
      trover chain cluster case
      trover chain cluster case 1CGA4srJ... --use fresh
      trover chain cluster case 1CGA4srJ... --without c49ff6bd... --json
    """
    from trover.case.case import Case
    from trover.case.chain_clusters import cluster_of, clusters
    from trover.cli.show import print_json
    from trover.cluster.clustering import Choice

    choice = Choice(use, frozenset(let), frozenset(without))
    case = Case.open(folder)
    found = cluster_of(case, address, choice) if address else clusters(case, choice)
    if as_json:
        print_json(found)
        return
    for line in _one(found) if address else _all(found):
        click.echo(line)


def _all(found: dict[str, Any]) -> Iterator[str]:
    yield from head(found)
    yield f"{len(found['clusters']):,} clusters of two addresses and more, {found['single']:,} addresses alone"
    for each in found["clusters"][:LINES]:
        yield f"  {each['addresses']:,} addresses, the first {each['first']}"
    yield from rest(found["clusters"], "clusters")
    for each in found["other_forms"][:LINES]:
        yield f"Joined: {each['transaction']} ({each['says']}): {'; '.join(each['reasons'])}"
    yield from rest(found["other_forms"], "of such a form")
    yield from kept_out(found)
    yield from rates(found)


def _one(found: dict[str, Any]) -> Iterator[str]:
    yield from head(found)
    yield f"{found['address']}: {len(found['addresses']):,} in one cluster"
    for each in found["addresses"][:LINES]:
        yield f"  {each}"
    yield from rest(found["addresses"], "addresses")
    for each in found["evidence"]:
        number = "1 transaction" if each["transactions"] == 1 else f"{each['transactions']:,} transactions"
        yield f"Joined by {each['evidence']} ({each['says']}) in {number}"
    for each in found["without"]:
        yield f"Without {each['evidence']}: {pieces(each['pieces'])}"
    for each in found["hinges"][:LINES]:
        yield f"Held together by {each['transaction']} alone; without it: {pieces(each['pieces'])}"
    yield from rest(found["hinges"], "such transactions")
    yield from kept_out(found)
    yield from rates(found)


def head(found: dict[str, Any]) -> Iterator[str]:
    """What is fact, what is inference, and on how much data."""
    yield f"{found['transactions']:,} transactions, {found['known_addresses']:,} addresses"
    yield found["fact"]
    yield found["inference"]


def pieces(sizes: list[int]) -> str:
    """How many pieces of how many addresses are left, in words."""
    if len(sizes) == 1:
        return "nothing changes"
    number = Counter(sizes)
    groups = [f"{count:,} of {size:,}" for size, count in sorted(number.items(), reverse=True)]
    more = f" and {len(groups) - LINES:,} sizes more" if len(groups) > LINES else ""
    return f"{len(sizes):,} pieces, {', '.join(groups[:LINES])}{more}"


def kept_out(found: dict[str, Any]) -> Iterator[str]:
    """Transactions of several parties, which join nothing."""
    for each in found["kept_out"][:LINES]:
        yield f"Kept out: {each['transaction']} ({each['says']}): {'; '.join(each['reasons'])}"
    yield from rest(found["kept_out"], "kept out")


def rates(found: dict[str, Any]) -> Iterator[str]:
    """Measured error rates of what the result rests on."""
    from trover.cluster.rates import Rate

    if found["error_rates"]:
        yield "Measured:"
    for each in found["error_rates"]:
        yield f"  {Rate(**each)}"


def rest(listed: list[Any], what: str) -> Iterator[str]:
    """How many more there are than a person is shown."""
    if len(listed) > LINES:
        yield f"  and {len(listed) - LINES:,} more {what} (--json has all)"
