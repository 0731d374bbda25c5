"""`trover admit`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, reasoned


@click.command(name="admit")
@case_folder
@click.argument("names", metavar="[STATEMENT|FILE]...", nargs=-1)
@click.option("--failed", is_flag=True, help="Failed statements of the files too, not only unproved ones.")
@reasoned
@author
@as_json
def command(
    folder: Path,
    names: tuple[str, ...],
    failed: bool,
    reason: str,
    evidence: tuple[str, ...],
    author: str | None,
    as_json: bool,
) -> None:
    """Let statements into the ledger of the case in DIR that their balances do not prove, and say why.

    Name statements by their ids, or files by their names; without a name every unproved statement is meant.
    A failed statement enters only when it is named by its id, or with --failed. Each becomes a finding with
    author and reason; everything that rests on it says so, and withdrawing the finding takes the rows out.

    \b
    Examples:
      trover admit case rows.csv --reason "The bank keeps no balances before 2015"
      trover admit case 4cb9f8a2a48e:T --reason "Row 17 is misprinted; letter of the bank, exhibit 4"
    """
    from trover.case.case import Case
    from trover.cli.show import print_json
    from trover.cli.standing import described

    case = Case.open(folder, author)
    admitted = case.admit(names, reason, author, evidence, failed=failed)
    if as_json:
        print_json({"admitted": [each.plain() for each in admitted], "ledger": case.state().ledger})
        return
    for each in admitted:
        assert each.by is not None
        click.echo(f"Admitted as {each.statement.standing}: {described(each, case.decimals)}")
        click.echo(f"  {each.statement.problem or each.statement.reason}")
    for finding in dict.fromkeys(each.by.id for each in admitted if each.by):
        click.echo(f"Finding {finding}: trover finding withdraw {folder} {finding} takes it back.")
    click.echo(f"The ledger that is traced has {len(case.traced()):,} events.")
