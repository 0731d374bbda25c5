"""`trover solve`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.show import print_json


@click.command(name="solve")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--rule", "-r", "rules", multiple=True, metavar="RULE", help="rule, rule@variant or all (the same as none)."
)
def command(file: Path, rules: tuple[str, ...]) -> None:
    """Answer one case file as JSON: rule, account, owner, minor units.

    FILE is in the case format, of the families account, asset, distribution or utxo. Rules that
    cannot be run on it are named on standard error with the reason.

    \b
    Example:
      trover solve tests/cases/C15.json --rule libr --rule fifo@debits_first
    """
    from trover.case.solve import solve

    solution = solve(file, () if "all" in rules else rules)
    print_json(solution.rules)
    for rule, why in solution.skipped.items():
        click.echo(f"{rule} was not run: {why}", err=True)
