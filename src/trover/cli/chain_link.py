"""`trover chain link`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trover.cli.chain_cluster import evidence_options, head, pieces, rates
from trover.cli.options import as_json, case_folder


@click.command(name="link")
@case_folder
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@evidence_options
@as_json
def command(
    folder: Path,
    left: str,
    right: str,
    use: tuple[str, ...],
    let: tuple[str, ...],
    without: tuple[str, ...],
    as_json: bool,
) -> int:
    """Say why the addresses A and B are in one cluster: the smallest set of transactions that joins them.

    Of several sets of that size the one that leans on change heuristics least is shown, then the earliest. Each
    transaction is then left out in turn: do the two stay together? Exit status 1 where nothing joins them.

    \b
    Example:
      trover chain link case 1CGA4srJ... 1DgUYcb2...
      trover chain link case 1CGA4srJ... 1DgUYcb2... --use fresh --json
    """
    from trover.case.case import Case
    from trover.case.chain_clusters import link_of
    from trover.cli.show import print_json
    from trover.cluster.clustering import Choice

    found = link_of(Case.open(folder), left, right, Choice(use, frozenset(let), frozenset(without)))
    if as_json:
        print_json(found)
    else:
        for line in _text(found):
            click.echo(line)
    return 0 if found["joined"] else 1


def _text(found: dict[str, Any]) -> Iterator[str]:
    yield from head(found)
    if not found["joined"]:
        yield f"Nothing in this case joins {found['left']} and {found['right']}."
        return
    number = len(found["steps"])
    if not number:
        yield "The two are one address."
        return
    how_many = "1 transaction joins" if number == 1 else f"{number:,} transactions join"
    yield f"{how_many} {found['left']} and {found['right']}; no fewer do"
    for step in found["steps"]:
        how = "; ".join(f"{key}: {says}" for key, says in zip(step["evidence"], step["says"], strict=True))
        yield f"  {step['transaction']}"
        yield f"    {step['left']} and {step['right']} ({how})"
    for each in found["without"]:
        kept = "they stay together" if each["joined"] else "they part"
        yield f"Without {each.get('transaction') or each['evidence']}: {kept}; {pieces(each['pieces'])}"
    yield from rates(found)
