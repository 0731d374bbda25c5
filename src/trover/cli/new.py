"""`trover new`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trover.cli.options import author, case_folder, handling


@click.command(name="new")
@case_folder
@click.option("--name", required=True, help="What the case is called.")
@author
@click.option("--reference", default="", help="File number.")
@click.option("--organisation", default="", help="On whose behalf.")
@click.option("--currency", default="", help="Currency of the report.")
@handling
def command(
    folder: Path,
    name: str,
    author: str | None,
    reference: str,
    organisation: str,
    currency: str,
    marking: str | None,
    legal_basis: tuple[str, ...],
    retention: date | None,
) -> None:
    """Make a new, empty case in the folder DIR.

    \b
    Example:
      trover new case --name "R v Example" --author "A. Analyst"
    """
    from trover.case.case import AUTHOR, Case
    from trover.cli.show import person

    case = Case.create(
        folder,
        name,
        person(author, AUTHOR),
        reference=reference,
        organisation=organisation,
        currency=currency,
        marking=marking,
        legal_basis=legal_basis or None,
        retention=retention,
    )
    click.echo(f"New case {case.info.name!r} in {folder}, {case.info.handling.marking}.")
    click.echo(f"Next: trover add {folder} FILE --mapping MAPPING.yml")
