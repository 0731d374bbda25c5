"""`trover key`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trover.cli.options import as_json, author
from trover.errors import plural, printable

if TYPE_CHECKING:
    from trover.sources.custody import SourceFile
    from trover.sources.keying_form import Form
    from trover.sources.scan import Scan

FILE = click.Path(path_type=Path)


@click.group(name="key")
def command() -> None:
    """Key a statement from paper: two persons type it, each for themselves; what differs is shown.

    \b
    Examples:
      trover key form -o first.csv --scan statement.pdf --pages 2 --lines 30
      trover key compare first.csv second.csv
      trover key join first.csv second.csv -o statement.json --author "C. Checker"
    """


@command.command(name="form")
@click.option("--output", "-o", required=True, type=FILE, help="The form to be made (CSV).")
@click.option("--scan", "scans", multiple=True, type=FILE, help="The file of the scan to type from; again for more.")
@click.option("--account", default="", metavar="NUMBER", help="The account, if known.")
@click.option("--currency", default="", metavar="CODE", help="Its currency, if known.")
@click.option("--pages", default=1, show_default=True, type=click.IntRange(1, 1000), help="Pages of the paper.")
@click.option("--lines", default=20, show_default=True, type=click.IntRange(1, 1000), help="Numbered rows a page.")
def form(output: Path, scans: tuple[Path, ...], account: str, currency: str, pages: int, lines: int) -> None:
    """Make an empty form for one statement: one account, one currency, one period.

    Fill it in any spreadsheet and save it as CSV in UTF-8. docs/how-to/key-paper-statements.md says how each field is
    typed. Rows left empty are passed over.

    \b
    Example:
      trover key form -o first.csv --scan statement.pdf --currency EUR --pages 2 --lines 30
    """
    from trover.sources.custody import read_source
    from trover.sources.files import write_whole
    from trover.sources.keying_form import NamedFile, form_text

    named = [("scan", NamedFile(file.name, file.sha256)) for file in map(read_source, scans)]
    rows = [{"page": str(p), "line": str(n)} for p in range(1, pages + 1) for n in range(1, lines + 1)]
    text = form_text({"account": account, "currency": currency}, named, rows)
    _refuse_to_write_over(output)
    write_whole(output, text.encode("utf-8-sig"))
    click.echo(f"Wrote {output}. Each of two persons fills a copy, and does not see the other's.")


@command.command(name="read")
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True, type=FILE)
@click.option("--layout", required=True, type=FILE, help="YAML file that says where on the page each column stands.")
@click.option("--currency", required=True, metavar="CODE", help="Currency of the statement.")
@click.option("--output", "-o", required=True, type=FILE, help="The form to be made (CSV).")
@click.option("--below", default=90, show_default=True, type=click.IntRange(0, 100), help="List cells less sure, in %.")
@as_json
def read(images: tuple[Path, ...], layout: Path, currency: str, output: Path, below: int, as_json: bool) -> None:
    """Fill one form from images of the pages, by Tesseract. A person types the other.

    Tesseract must be installed; it runs by itself, with limits. The form says which version read it. Beside it stands
    a file of every cell with its confidence and its box.

    \b
    Example:
      trover key read page1.png page2.png --layout layout.yml --currency EUR -o read.csv
    """
    from trover.cli.show import working
    from trover.sources.files import write_whole
    from trover.sources.scan import read_scan

    beside = output.with_name(f"{output.stem}.cells.csv")
    for file in (output, beside):
        _refuse_to_write_over(file)
    with working("Reading"):
        scan = read_scan(images, layout, currency, beside.name)
    write_whole(beside, scan.cells_file.data)
    write_whole(output, scan.form)
    _print_scan(scan, output, beside, below, as_json)


def _print_scan(scan: Scan, output: Path, beside: Path, below: int, as_json: bool) -> None:
    from dataclasses import asdict

    from trover.cli.show import console, print_json, table
    from trover.sources.scan_cells import doubtful
    from trover.sources.text import shortened

    found = doubtful(scan.cells, below)
    if as_json:
        cells = [asdict(cell) for cell in found]
        print_json({"form": str(output), "cells": str(beside), "read_by": scan.read_by, "doubtful": cells})
        return
    if found:
        shown = table("Page", "Line", "Field", "Read as", "Sure, %", numbers=("Sure, %",))
        for cell in found:
            sure = str(cell.confidence // 100)
            shown.add_row(str(cell.page), str(cell.line or ""), cell.field, printable(cell.text), sure)
        console().print(shown)
        click.echo(f"Look at these {len(found)}; what Tesseract is sure of can be wrong as well.")
    if words := [cell.text for cell in scan.cells if not cell.field]:
        click.echo(f"{len(words)} words stand in no column: {printable(shortened(' '.join(words)))}")
    click.echo(f"Wrote {output} (read by {scan.read_by}) and {beside}.")
    click.echo(f"Next: a person types a form of their own, then trover key compare {output} THEIRS.csv")


@command.command(name="compare")
@click.argument("first", type=FILE)
@click.argument("second", type=FILE)
@as_json
@click.pass_context
def compare(ctx: click.Context, first: Path, second: Path, as_json: bool) -> None:
    """Show each difference between two filled forms. Exit status 1 while they differ.

    Rows are paired by what they say, so a row that one person left out is one difference.

    \b
    Example:
      trover key compare first.csv second.csv
    """
    from dataclasses import asdict

    from trover.cli.show import console, print_json, table
    from trover.sources.keying_compare import differences

    one, other = _forms(first, second)
    found = differences(one, other)
    if as_json:
        print_json({"first": one.by, "second": other.by, "differences": [asdict(difference) for difference in found]})
    elif found:
        shown = table(
            "Page",
            "Line",
            "Field",
            f"{printable(first.name)}\n{printable(one.by)}",
            f"{printable(second.name)}\n{printable(other.by)}",
        )
        for entry in found:
            empty = "-" if entry.field else "no such row"
            sides = (printable(entry.first or empty), printable(entry.second or empty))
            shown.add_row(entry.page, entry.line, entry.field or "the row", *sides)
        console().print(shown)
        many = plural(len(found), "difference")
        click.echo(f"{many}. Look at the paper, and correct the form that is wrong.")
    else:
        click.echo(f"The forms agree: {len(one.rows)} rows. Next: trover key join {first} {second} -o FILE.json")
    ctx.exit(1 if found else 0)


@command.command(name="join")
@click.argument("first", type=FILE)
@click.argument("second", type=FILE)
@click.option("--output", "-o", required=True, type=FILE, help="The source to be made (JSON).")
@author
def join(first: Path, second: Path, output: Path, author: str | None) -> None:
    """Join two forms that agree into one source, which trover add takes.

    It holds both forms as they were typed, with their SHA-256, both persons, the scan's SHA-256, and who checked them
    against the paper (--author). Nothing of it counts before the gate has judged it.

    \b
    Example:
      trover key join first.csv second.csv -o statement.json --author "C. Checker"
    """
    from trover.cli.show import person
    from trover.errors import InputErrors, KeyedByNobody
    from trover.sources.files import write_whole
    from trover.sources.keying_joined import joined

    checked_by = person(author, "TROVER_AUTHOR")
    if not checked_by:
        says = "has looked at both forms and the paper: say who does (--author)"
        raise InputErrors([KeyedByNobody("nobody", says=says)])
    forms = _forms(first, second)
    data = joined([form.source for form in forms], checked_by, _cells(forms, (first, second)))
    _refuse_to_write_over(output)
    write_whole(output, data)
    click.echo(f"Wrote {output}. Next: trover add DIR {output}")


def _forms(first: Path, second: Path) -> tuple[Form, Form]:
    """Both forms. Raises `InputErrors` with all that is wrong with either, and with the two together."""
    from trover.errors import InputErrors, Problem
    from trover.sources.custody import read_source
    from trover.sources.keying_compare import unfit
    from trover.sources.keying_form import read_form

    found: list[Problem] = []
    forms = [read_form(read_source(path), found) for path in (first, second)]
    one, other = forms
    if one is not None and other is not None:
        found += unfit(one, other)
    if found or one is None or other is None:
        raise InputErrors(found)
    return one, other


def _cells(forms: tuple[Form, Form], paths: tuple[Path, Path]) -> list[SourceFile]:
    """The files of cells that forms filled by a program name; they stand beside the form."""
    from trover.sources.custody import read_source

    pairs = zip(forms, paths, strict=True)
    return [read_source(path.parent / Path(cells.name).name) for form, path in pairs for cells in form.cells]


def _refuse_to_write_over(output: Path) -> None:
    if output.exists():
        raise click.UsageError(f"{output} is there already; name another file.")
