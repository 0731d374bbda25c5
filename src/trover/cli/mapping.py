"""`trover mapping`: what the columns of a table mean, proposed with reasons for a person to approve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from trover.case.propose import Tried


@click.group(name="mapping")
def command() -> None:
    """Propose what the columns of a table mean, for a person to approve.

    \b
    Example:
      trover mapping propose statement.csv -o mapping.yml
    """


@command.command(name="propose")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the mapping here, with its reasons.")
@click.option(
    "--set", "stated", multiple=True, metavar="FIELD=VALUE",
    help="Answer what is asked: account=EE12, currency=EUR, dates=%d/%m/%Y; again for more.",
)  # fmt: skip
def propose_command(file: Path, output: Path | None, stated: tuple[str, ...]) -> None:
    """Propose a mapping for FILE, with a reason for each line, and show three rows as they would be read.

    Nothing is added to a case: read what is written, correct it, and give it with trover add --mapping. What the
    file does not say is asked. Exit status: 0 if the mapping is complete, 1 if something is asked or not read.

    \b
    Example:
      trover mapping propose statement.csv --set account=EE12 -o mapping.yml
    """
    from trover.case.propose import try_proposal
    from trover.sources.custody import read_source
    from trover.sources.files import write_whole

    tried = try_proposal(read_source(file), _stated(stated))
    text = tried.proposal.text()
    click.echo(text, nl=False)
    _say(tried)
    if output is not None:
        write_whole(output, text.encode())
        click.echo(f"Written to {output}. Read it before you use it.")
    complete = not tried.proposal.questions and not tried.problems
    raise click.exceptions.Exit(0 if complete else 1)


def _stated(stated: tuple[str, ...]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for each in stated:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{each!r} is not FIELD=VALUE", param_hint="--set")
        answers[name] = value
    return answers


def _say(tried: Tried) -> None:
    """What the proposal comes to, in words."""
    from trover.cli.show import console, table
    from trover.ledger.currency import minor_units
    from trover.ledger.gate.verdict import Standing
    from trover.ledger.money import money

    for name, question in tried.proposal.questions.items():
        click.echo(f"Asked: {name}: {question}")
    if tried.proposal.questions:
        click.echo("State what is asked with --set FIELD=VALUE, or write it into the mapping.")
    if tried.rows:
        shown = table("Row", "Time", "From", "To", "Amount", "Balance")
        for row in tried.rows:
            decimals = minor_units(row.inputs[0].currency)
            balance = "" if row.balance is None else money(row.balance, decimals)
            sides = row.inputs[0].account, row.outputs[0].account
            shown.add_row(str(row.pointer.row), row.time_text, *sides, money(row.inputs[0].amount, decimals), balance)
        console().print(shown)
    if tried.standings is not None:
        click.echo(f"{tried.events:,} rows are read, {tried.unbooked:,} move nothing, {tried.broken:,} cannot be read.")
        for standing, count in tried.standings.items():
            click.echo(f"Statements {standing.value}: {count}.")
        proved = "Proved: every statement reproduces the balances printed in it."
        unproved = "Not proved: no printed balance says that this is the right way to read the file."
        failed = Standing.FAILED in tried.standings
        click.echo(proved if tried.proved else "" if failed else unproved)
    for problem in tried.problems[:5]:
        click.echo(f"Not read: {problem}")
