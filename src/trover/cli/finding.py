"""`trover finding`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, reasoned


@click.group(name="finding")
def command() -> None:
    """Record, list or withdraw what a person found.

    \b
    Examples:
      trover finding list case
      trover finding record case bfp --set transfer=t3 --reason "Invoice and delivery note seen"
      trover finding withdraw case 3f2a9c0d1e4b --reason "The invoice was forged"
    """


@command.command(name="list")
@case_folder
@click.option("--all", "history", is_flag=True, help="Those superseded and withdrawn as well.")
@as_json
def list_findings(folder: Path, history: bool, as_json: bool) -> None:
    """List the findings in force, with author, date and reason.

    \b
    Example:
      trover finding list case
    """
    from trover.case.case import Case
    from trover.case.finding import plain_body, plain_finding, stamp
    from trover.cli.show import console, print_json, table

    findings = Case.open(folder).findings(history=history)
    if as_json:
        print_json([plain_finding(finding) for finding in findings])
        return
    shown = table("Id", "Kind", "What", "By", "Why")
    for finding in findings:
        what = ", ".join(f"{name} {value}" for name, value in plain_body(finding.body).items())
        shown.add_row(finding.id, finding.kind, what, f"{finding.author} {stamp(finding.date)[:10]}", finding.reason)
    console().print(shown if findings else "No finding is recorded.")


@command.command(name="record")
@case_folder
@click.argument("kind")
@click.option("--set", "-s", "stated", multiple=True, metavar="NAME=VALUE", help="What it states; again for lists.")
@click.option("--supersedes", default="", metavar="ID", help="The finding it takes the place of.")
@reasoned
@author
def record(
    folder: Path,
    kind: str,
    stated: tuple[str, ...],
    supersedes: str,
    reason: str,
    evidence: tuple[str, ...],
    author: str | None,
) -> None:
    """Record a finding of KIND: bfp, reverses, linked_to, backward_for, consolidate, fund and more.

    A KIND that does not exist is answered with the list; docs/concepts/finding.md explains each.

    \b
    Example:
      trover finding record case linked_to --set transfer=t9 --set withdrawal=t4 \\
        --reason "Same banknotes, exhibit 12" --author "A. Analyst"
    """
    from trover.case.case import Case
    from trover.case.read_finding import body_from_text

    body = body_from_text(kind, stated)
    finding = Case.open(folder, author).record(body, author, reason, evidence, supersedes=supersedes)
    click.echo(f"Finding {finding.id}: {finding.kind} recorded by {finding.author}.")


@command.command(name="withdraw")
@case_folder
@click.argument("id")
@click.option("--reason", required=True, metavar="TEXT", help="Why it no longer holds.")
@author
def withdraw(folder: Path, id: str, reason: str, author: str | None) -> None:
    """Take back the finding ID. It stays on record; what rested on it is out of date.

    \b
    Example:
      trover finding withdraw case 3f2a9c0d1e4b --reason "The invoice was forged"
    """
    from trover.case.case import Case

    case = Case.open(folder, author)
    finding = case.withdraw(id, author, reason)
    click.echo(f"Finding {id} was withdrawn by {finding.author}.")
    for entry in case.stale():
        if not entry.replaced_by:
            click.echo(f"Out of date: {entry.what} {entry.key or entry.id[:12]}: {entry.why[0]}")
