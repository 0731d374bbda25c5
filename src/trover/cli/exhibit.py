"""`trover exhibit`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trover.cli.options import DAY, as_json, author, case_folder, order


@click.command(name="exhibit")
@case_folder
@click.option("--rule", "-r", "rules", multiple=True, default=("all",), show_default=True, metavar="RULE",
              help="Rules to print; all of them belong in an exhibit.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to. Default: exhibit, inside the case.")
@click.option("--qualification", default="", metavar="TEXT", help="Of the author.")
@click.option("--instruction", default="", metavar="TEXT", help="By whom and to do what.")
@click.option("--exhibit-no", default="", metavar="TEXT", help="Number of the exhibit.")
@click.option("--version", "version_no", default="", metavar="TEXT", help="Version of the exhibit.")
@click.option("--question", default="", metavar="TEXT", help="The question it answers.")
@click.option("--declaration", default="", metavar="TEXT", help="Of duty to the court, or of truth.")
@click.option("--date", "day", type=DAY, metavar="DATE", help="Date of the exhibit. Default: today.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Ed25519 key to sign with. Default: your own.")
@click.option("--redacted", is_flag=True, help="A second bundle that masks people who are not involved.")
@order
@click.option("--whole", is_flag=True, help="Show amounts to people without decimals.")
@author
@as_json
def command(
    folder: Path,
    rules: tuple[str, ...],
    out: Path | None,
    qualification: str,
    instruction: str,
    exhibit_no: str,
    version_no: str,
    question: str,
    declaration: str,
    day: date | None,
    key_file: Path | None,
    redacted: bool,
    order: str | None,
    whole: bool,
    author: str | None,
    as_json: bool,
) -> None:
    """Build the exhibit of the case in DIR: page, workbook, PDF and signed bundle.

    Every figure leads to the rows it sums and every row to its line in the evidence. The other side
    checks the bundle with the script inside it, without Trover.

    \b
    Example:
      trover exhibit case --exhibit-no AA/1 --qualification "Financial investigator"
    """
    from trover.case.case import Case
    from trover.cli.results import exhibit_json, print_exhibit
    from trover.cli.show import print_json, working
    from trover.report.from_case import make_exhibit
    from trover.trace.variant import variant

    case = Case.open(folder, author)
    cover = {
        "author": author or "",
        "qualification": qualification,
        "instruction": instruction,
        "exhibit_no": exhibit_no,
        "version": version_no,
        "question": question,
        "declaration": declaration,
    }
    with working("Building the exhibit"):
        made = make_exhibit(
            case,
            out or folder / "exhibit",
            rules,
            cover=cover,
            day=day,
            key_file=key_file,
            whole=whole,
            order=variant(order) if order else None,
            redacted=redacted,
        )
    if as_json:
        print_json(exhibit_json(made))
    else:
        print_exhibit(made)
