"""`trover check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trover.cli.options import as_json, case_folder

if TYPE_CHECKING:
    from trover.case.completeness import Completeness
    from trover.cli.standing import Decimals


@click.command(name="check")
@case_folder
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as one page to FILE.")
@as_json
def command(folder: Path, html: Path | None, as_json: bool) -> int:
    """Say what evidence the case in DIR has, what proves it, and which days are missing.

    File by file what was read, admitted, held, quarantined and refused, with counts and sums; account by
    account the statements, whether they join, and a calendar of days. Exit status 1 while anything in the
    ledger is unproved or failed, or a gap is open.

    \b
    Examples:
      trover check case
      trover check case --html check.html
    """
    from datetime import UTC, datetime

    from trover.case.case import Case
    from trover.case.completeness import completeness
    from trover.cli.show import print_json, working
    from trover.report.check_page import page, plain

    case = Case.open(folder)
    with working("Checking"):
        report = completeness(case)
    if html is not None:
        from trover.sources.files import write_whole

        write_whole(html, page(report, case.decimals, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))
    if as_json:
        print_json(plain(report))
    else:
        _print(report, case.decimals)
        if html is not None:
            click.echo(f"Next: open {html}")
    return 0 if report.is_proved else 1


def _print(report: Completeness, decimals: Decimals) -> None:
    from rich.text import Text

    from trover.cli.check_text import account_lines, files_table
    from trover.cli.show import console
    from trover.cli.standing import waiting_lines
    from trover.report.check_page import verdict

    terminal = console()
    terminal.print(Text(report.case, "bold"))
    for text in verdict(report):
        terminal.print(f"- {text}")
    if report.files:
        click.echo("")
        terminal.print(files_table(report, decimals))
    for line in account_lines(report, decimals):
        terminal.print(line)
    click.echo("")
    for line in waiting_lines(report.waiting, decimals):
        terminal.print(line)
    for note in report.notes:
        terminal.print(f"Note: {note.text}.")
