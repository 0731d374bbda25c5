"""`trover explain`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, order, rules


@click.command(name="explain")
@case_folder
@click.argument("what", metavar="ROW|RECIPIENT|ACCOUNT")
@rules
@order
@author
@as_json
def command(
    folder: Path, what: str, rules: tuple[str, ...], order: str | None, author: str | None, as_json: bool
) -> None:
    """Show each step to one transfer, recipient or account, so that it can be redone by hand.

    Balance and composition before and after, and the formula, for every step; and where in the
    evidence the row stands.

    \b
    Example:
      trover explain case t7 --rule libr
    """
    from trover.case.case import Case
    from trover.case.explained import explain
    from trover.cli.show import print_json
    from trover.trace.compare import in_variant

    told = explain(Case.open(folder, author), what, in_variant(rules, order))
    if as_json:
        print_json(told.plain())
        return
    click.echo("\n".join(told.lines()))
