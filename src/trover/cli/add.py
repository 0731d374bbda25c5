"""`trover add`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, handling


@click.command(name="add")
@case_folder
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", "-m", type=click.Path(path_type=Path), help="YAML file that says what the columns mean.")
@author
@handling
@as_json
def command(
    folder: Path,
    files: tuple[Path, ...],
    mapping: Path | None,
    author: str | None,
    marking: str | None,
    legal_basis: tuple[str, ...],
    retention: date | None,
    as_json: bool,
) -> None:
    """Add files of evidence to the case in DIR: all of them or none.

    CSV needs a mapping; the case format, ISO 20022 and Fedwire need none. Each file is kept as it is, under
    its SHA-256. Adding a file again changes nothing.

    \b
    Example:
      trover add case statement.csv --mapping mapping.yml
    """
    from trover.case.case import Case
    from trover.cli.show import console, print_json, table

    case = Case.open(folder, author)
    report = case.add(files, mapping, marking, legal_basis or None, retention)
    if as_json:
        print_json(
            {
                "added": [{"name": s.name, "sha256": s.sha256} for s in report.added],
                "unchanged": [{"name": s.name, "sha256": s.sha256} for s in report.unchanged],
                "findings": [f.id for f in report.findings],
                "unbooked": [
                    {"name": name, "page": r.pointer.page, "row": r.pointer.row, "amount": r.amount, "reason": r.reason}
                    for name, r in report.unbooked
                ],
                "remarks": [str(remark) for remark in report.remarks],
                "ledger": report.ledger,
                "events": report.events,
            }
        )
        return
    shown = table("File", "SHA-256", "")
    for source in report.added:
        shown.add_row(source.name, source.sha256[:16], "added")
    for source in report.unchanged:
        shown.add_row(source.name, source.sha256[:16], "was there already")
    console().print(shown)
    click.echo(f"The ledger has {report.events:,} events; its hash is {report.ledger[:16]}.")
    for name, row in report.unbooked:
        where = ", ".join(filter(None, (name, row.pointer.page, f"row {row.pointer.row}")))
        click.echo(f"Not booked: {where}: {row.amount}: {row.reason}.")
    for remark in report.remarks:
        click.echo(f"To look at: {remark}")
    if report.findings:
        click.echo(f"{len(report.findings)} findings were stated in the files: trover finding list {folder}")
    click.echo(f"Next: trover claim {folder} --claimant NAME --transfer ID --amount AMOUNT --reason TEXT")
