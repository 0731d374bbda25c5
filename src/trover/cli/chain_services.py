"""`trover chain services`."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from trover.cli.options import as_json, case_folder

LINES = 20


@click.command(name="services")
@case_folder
@click.option("--days", default=3, show_default=True, type=click.IntRange(0, 60), help="How long it may have taken.")
@click.option(
    "--fee", default="2", show_default=True, metavar="PERCENT", help="How much fees and a spread may have taken."
)
@as_json
def command(folder: Path, days: int, fee: str, as_json: bool) -> None:
    """Propose what may have gone through an exchange: outputs of a chain and rows of statements.

    Amount, time and what a row prints are compared; amounts of two currencies by the rates that the case has of the
    day (trover add rates.csv). Each proposal has points and reasons. No proposal joins anything: a person who has
    proof records the finding through_service, with the evidence.

    \b
    Examples:
      trover chain services case
      trover chain services case --days 1 --fee 0.5 --json
    """
    from trover.case.case import Case
    from trover.case.service_candidates import Within, service_candidates
    from trover.cli.show import print_json

    found = service_candidates(Case.open(folder), Within(days, _percent(fee)))
    if as_json:
        print_json([each.plain() for each in found])
        return
    for each in found[:LINES]:
        click.echo(f"{each.score} points: {'; '.join(each.reasons)}")
        click.echo(f"  given     {each.given}")
        click.echo(f"  received  {each.received}")
        if each.address:
            click.echo(f"  address   {each.address}")
    if len(found) > LINES:
        click.echo(f"and {len(found) - LINES:,} more (--json has all)")
    if not found:
        click.echo("Nothing in this case agrees in amount and time within these bounds.")
        return
    click.echo("These are guesses. What joins them is a finding: trover finding record DIR through_service --help")


def _percent(text: str) -> Fraction:
    try:
        value = Fraction(text) / 100
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if not 0 <= value < 1 or "/" in text or len(text) > 10:
        raise click.BadParameter(f"{text!r} is not a percentage such as 0.5", param_hint="--fee")
    return value
