"""`trover add`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trover.cli.options import as_json, author, case_folder, handling
from trover.errors import plural, printable

if TYPE_CHECKING:
    from trover.case.case import AddReport, Case
    from trover.sources.record import Unbooked


@click.command(name="add")
@case_folder
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", "-m", type=click.Path(path_type=Path), help="YAML file that says what the columns mean.")
@click.option("--unproved", metavar="REASON", default="", help="Let in what prints no proof, for this reason.")
@author
@handling
@as_json
def command(
    folder: Path,
    files: tuple[Path, ...],
    mapping: Path | None,
    unproved: str,
    author: str | None,
    marking: str | None,
    legal_basis: tuple[str, ...],
    retention: date | None,
    as_json: bool,
) -> int:
    """Add files of evidence, or whole folders of them, to the case in DIR.

    CSV and workbooks need a mapping, given here or with an earlier file of the same columns (trover mapping
    proposes one); other formats need none. Each file is kept as it is, under its SHA-256. Each statement is
    judged by the balances it prints: what they prove enters the ledger, what they contradict is quarantined,
    what prints none is held until it is admitted. A file that cannot be read is refused with all that is wrong
    (exit status 2) and the others go in. Adding a file again changes nothing.

    \b
    Examples:
      trover add case statement.csv --mapping mapping.yml
      trover add case statements/
      trover add case rows.csv -m mapping.yml --unproved "The bank keeps no balances before 2015"
    """
    return add_files(folder, files, mapping, unproved, author, (marking, legal_basis, retention), as_json=as_json)


def add_files(
    folder: Path,
    files: tuple[Path, ...],
    mapping: Path | Mapping[str, Any] | None,
    unproved: str,
    author: str | None,
    handled: tuple[str | None, tuple[str, ...], date | None],
    *,
    as_json: bool,
) -> int:
    """Add the files and print what became of them; the exit status. handled: marking, legal basis, retention."""
    from trover.case.case import Case
    from trover.cli.show import at_most, print_json, reading

    marking, legal_basis, retention = handled
    case = Case.open(folder, author)
    with reading():
        report = case.add(files, mapping, marking, legal_basis or None, retention, unproved=unproved)
    if as_json:
        print_json(_plain(report))
    else:
        _print(report, case, folder)
    for problem in report.unreadable:
        click.echo(str(problem), err=True)
    for refused, problems in report.refused:
        count = plural(len(problems), "problem")
        click.echo(printable(f"Refused: {refused.name}, {count}. Nothing of it is in the ledger."), err=True)
        for line in at_most([str(problem) for problem in problems], "problems"):
            click.echo(f"  {line}", err=True)
    return 2 if report.problems else 0


def _plain(report: AddReport) -> dict[str, Any]:
    from trover.cli.standing import plain_refused

    return {
        "added": [{"name": s.name, "sha256": s.sha256} for s in report.added],
        "unchanged": [{"name": s.name, "sha256": s.sha256} for s in report.unchanged],
        "statements": [each.plain() for each in report.statements],
        "refused": [plain_refused(refused, problems) for refused, problems in report.refused],
        "unreadable": [str(problem) for problem in report.unreadable],
        "skipped": [{"path": path, "reason": reason} for path, reason in report.skipped],
        "findings": [f.id for f in report.findings],
        "unbooked": [
            {"name": name, "page": r.pointer.page, "row": r.pointer.row, "amount": r.amount, "reason": r.reason}
            for name, r in report.unbooked
        ],
        "remarks": [str(remark) for remark in report.remarks],
        "ledger": report.ledger,
        "events": report.events,
    }


def _print(report: AddReport, case: Case, folder: Path) -> None:
    from trover.cli.show import at_most, console, table
    from trover.cli.standing import file_rows, waiting_lines

    numbers = ("Statements", "Admitted", "Held", "Quarantined")
    shown = table("File", *numbers, numbers=numbers)
    for row in file_rows(report.added, report.statements):
        shown.add_row(*map(printable, row))
    for name, *counts in file_rows(report.unchanged, report.statements):
        shown.add_row(printable(f"{name} (was there already)"), *counts)
    for refused, _ in report.refused:
        shown.add_row(printable(f"{refused.name} (refused)"), *("" for _ in numbers))
    if shown.row_count:
        console().print(shown)
    for path, reason in report.skipped:
        click.echo(printable(f"Skipped: {path}: {reason}."))
    click.echo(f"The ledger has {report.events:,} events; its hash is {report.ledger[:16] or 'none yet'}.")
    for _, unbooked in groupby(report.unbooked, lambda each: each[0]):
        for line in at_most([_not_booked(name, row) for name, row in unbooked], "rows that are not booked"):
            click.echo(line)
    for _, remarks in groupby(report.remarks, lambda remark: remark.place.file):
        for line in at_most([f"To look at: {remark}" for remark in remarks], "things to look at"):
            click.echo(line)
    for line in waiting_lines(report.statements, case.decimals):
        click.echo(line)
    if records := sum(len(source.evidence) for source in report.added):
        click.echo(f"{plural(records, 'evidence record')} added: trover evidence list {folder}")
    for line in _asserted(report):
        click.echo(line)
    if report.findings:
        click.echo(f"{len(report.findings)} findings were recorded with the files: trover finding list {folder}")
    _next(report, folder)


def _not_booked(name: str, row: Unbooked) -> str:
    where = ", ".join(filter(None, (name, row.pointer.page, f"row {row.pointer.row}")))
    return printable(f"Not booked: {where}: {row.amount}: {row.reason}.")


def _asserted(report: AddReport) -> Iterator[str]:
    """How much of what others say came in, which is no row of the ledger."""
    for kind in dict.fromkeys(kind for source in report.added for kind in source.asserted):
        count = sum(source.asserted.get(kind, 0) for source in report.added)
        yield f"Asserted, not booked: {plural(count, kind.removesuffix('s'))}"


def _next(report: AddReport, folder: Path) -> None:
    if any(not each.is_admitted for each in report.statements):
        click.echo(f"Next: trover check {folder}, then trover admit {folder} STATEMENT --reason TEXT, or obtain proof")
    elif any(source.statements for source in report.added):
        click.echo(f"Next: trover claim {folder} --claimant NAME --transfer ID --amount AMOUNT --reason TEXT")
