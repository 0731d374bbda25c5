"""`trover trace`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, order, rules


@click.command(name="trace")
@case_folder
@rules
@order
@click.option("--most", default=12, show_default=True, help="How many recipients are named; the rest is one line.")
@author
@as_json
def command(
    folder: Path, rules: tuple[str, ...], order: str | None, most: int, author: str | None, as_json: bool
) -> None:
    """Trace the claims of the case in DIR under named rules, side by side.

    \b
    Examples:
      trover trace case --rule all
      trover trace case --rule libr --rule fifo --order debits_first
    """
    from trover.case.case import Case
    from trover.cli.results import print_answers, print_ground, results_json
    from trover.cli.show import print_json, working
    from trover.trace.compare import in_variant

    case = Case.open(folder, author)
    with working("Tracing"):
        answers = case.trace(in_variant(rules, order))
    if as_json:
        print_json(results_json(answers, case))
        return
    print_answers(answers, case, most=most)
    print_ground(case)
    click.echo(f"\nNext: trover explain {folder} RECIPIENT --rule RULE, or trover exhibit {folder}")
