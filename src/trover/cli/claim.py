"""`trover claim`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trover.cli.options import DAY, as_json, author, case_folder, reasoned


@click.command(name="claim")
@case_folder
@click.option("--claimant", required=True, metavar="NAME", help="Whose money it is said to be.")
@click.option(
    "--transfer", "transfers", multiple=True, metavar="ID", help="The credit by which it came in; again for more."
)
@click.option("--account", metavar="ID", help="Instead: the account in whose opening balance it stood.")
@click.option(
    "--amount", metavar="AMOUNT", help="In units of the currency, such as 4506.29. Default: the whole credit."
)
@click.option(
    "--repaid", metavar="AMOUNT", default="0", help="What was paid back; it lessens the weight in a distribution."
)
@click.option("--offence", metavar="TYPE", default="", help="Predicate offence, such as money_laundering.")
@click.option("--iccs", metavar="CODE", default="", help="Its code in the ICCS, such as 07041.")
@click.option("--offence-date", type=DAY, metavar="DATE", help="Where it differs from the day of the deposit.")
@reasoned
@author
@as_json
def command(
    folder: Path,
    claimant: str,
    transfers: tuple[str, ...],
    account: str | None,
    amount: str | None,
    repaid: str,
    offence: str,
    iccs: str,
    offence_date: date | None,
    reason: str,
    evidence: tuple[str, ...],
    author: str | None,
    as_json: bool,
) -> None:
    """Record which incoming money is claimed, and why. Only a person can say so.

    \b
    Example:
      trover claim case --claimant VICTIM --transfer t7 --amount 1250.00 \\
        --offence fraud --reason "Named in the victim's statement" --author "A. Analyst"
    """
    from trover.case.case import Case
    from trover.case.claiming import claims_at
    from trover.cli.show import print_json

    case = Case.open(folder, author)
    bodies = claims_at(
        case, claimant, transfers, account or "", amount, repaid, offence=offence, iccs=iccs, offence_date=offence_date
    )
    findings = case.record_all(bodies, author, reason, evidence)
    if as_json:
        print_json([finding.id for finding in findings])
        return
    for finding in findings:
        click.echo(f"Finding {finding.id}: {finding.kind} recorded by {finding.author}.")
    click.echo(f"Next: trover trace {folder} --rule all")
