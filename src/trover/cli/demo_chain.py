"""`trover demo --case colonial` and `--case bitfinex`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

BRIDGE = (
    "915fb4f0a030937f2c1d2210996e8eb32b5a41b331965c7ec78961923775bd62:1",
    "9436dbf0435b15378f309c35754a110db880fa9bb66a062160a25533bb4a212a:0",
    6_370_000_000,
)
"""Where the trail of the ransom stops, where it comes to light again, and what the second output held."""


def show(name: str, folder: Path, most: int, *, as_json: bool) -> None:
    """Make the demonstration and print it: first what is fact, inference and missing, then forward, then back."""
    from trover.case.chain_trace import backward, forward
    from trover.case.demo_chain import chain_demo
    from trover.cli.chain_trace import back_lines, forward_lines
    from trover.cli.show import console, print_json, working

    with working("Tracing"):
        shown = chain_demo(name, folder)
        ahead = forward(shown.case, shown.rules)
        back = backward(shown.case, shown.seized, shown.rules)
    if as_json:
        print_json({"first": shown.first, "forward": ahead, "backward": back})
        return
    terminal = console()
    for sort, texts in shown.first.items():
        for text in texts:
            terminal.print(f"{sort.capitalize()}: {text}")
    click.echo("\nForward, from what is claimed")
    for line in forward_lines(ahead, most):
        click.echo(line)
    click.echo("\nBack, from what was seized")
    for line in back_lines(back, most):
        click.echo(line)
    for line in _next(name, folder, back):
        click.echo(line)


def _next(name: str, folder: Path, back: dict[str, Any]) -> Iterator[str]:
    if name == "colonial":
        account, to, amount = BRIDGE
        yield "\nNext, if you can cite what shows the missing hops (evidence of your own, author and reason are kept):"
        yield f"  trover finding record {folder} gap_bridged --set account={account} \\"
        yield f"    --set to={to} --set amount={amount} \\"
        yield '    --reason "..." --evidence "..." --author "..."'
        yield f"  trover chain trace {folder} --rule fifo --rule haircut"
        return
    first = next(each["address"] for each in back["origins"] if each["address"])
    yield f"\nNext: trover chain cluster {folder} {first}"
    yield f"      trover exhibit {folder} --rule fifo --rule haircut"
