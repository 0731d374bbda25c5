"""`trover chain add`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trover.cli.options import as_json, author, case_folder, handling


@click.command(name="add")
@case_folder
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--unproved", metavar="REASON", default="", help="Let in what no block proves, for this reason.")
@author
@handling
@as_json
def command(
    folder: Path,
    files: tuple[Path, ...],
    unproved: str,
    author: str | None,
    marking: str | None,
    legal_basis: tuple[str, ...],
    retention: date | None,
    as_json: bool,
) -> int:
    """Add files of blocks or transactions, or folders of them, to the case in DIR.

    The same act as trover add. Every id is computed again, every address checked against its script, every output
    spent once and by no more than it holds. Whole blocks prove themselves and enter; transactions of an explorer are
    held until a person lets them in with a reason. Give together what belongs together: a block, and the file that
    states what its inputs held. Of Ethereum: exports of ethereum-etl and answers of explorers, blocks, receipts and
    traces with the transactions that they complete.

    \b
    Examples:
      trover chain add case transactions.json --unproved "From a public explorer, compared with a second one"
      trover chain add case blk00000.dat
      trover chain add case txlist.json txlistinternal.json tokentx.json --unproved "From a public explorer"
    """
    from trover.cli.add import add_files

    return add_files(folder, files, None, unproved, author, (marking, legal_basis, retention), as_json=as_json)
