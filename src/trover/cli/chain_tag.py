"""`trover chain tag`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from trover.cli.options import as_json, author, case_folder
from trover.errors import plural, printable

LINES = 20


@click.command(name="tag")
@case_folder
@click.argument("addresses", metavar="[ADDRESS...]", nargs=-1)
@click.option("--add", "files", multiple=True, type=click.Path(path_type=Path), help="A file of labels, or a folder.")
@click.option("--label", metavar="TEXT", help="Of a list: what it calls its addresses.")
@click.option("--source", metavar="TEXT", help="Of a list: who published it, and where.")
@click.option("--date", "day", metavar="DAY", help="Of a list: the day of its state, 2024-09-27.")
@click.option("--confidence", metavar="WORD", help="Of a list: how sure, such as authority_data.")
@click.option("--category", metavar="WORD", help="Of a list: such as sanction or exchange.")
@click.option("--currency", metavar="CODE", help="Of a list: the coin of its addresses.")
@click.option("--compare", nargs=2, metavar="FILE FILE", help="Which addresses only one of two files has.")
@click.option("--export", type=click.Path(path_type=Path), help="Write every pack of the case into this new folder.")
@author
@as_json
def command(
    folder: Path,
    addresses: tuple[str, ...],
    files: tuple[Path, ...],
    compare: tuple[str, str] | None,
    export: Path | None,
    author: str | None,
    as_json: bool,
    **said: str | None,
) -> int:
    """Say what is said of addresses: labels with source, date and confidence, and the kind of sink they make.

    Labels come from TagPacks, ActorPacks, taxonomies and lists of addresses; such a list does not say who says so
    since when, so you do. Labels that differ are all shown, and none is preferred. Without ADDRESS: what is said of
    the addresses in the ledger.

    \b
    Examples:
      trover chain tag case --add hydra.yaml --add ofac.yaml
      trover chain tag case --add list.txt --label "OFAC SDN" --source sanctionslist.ofac.treas.gov \\
        --date 2024-09-27 --confidence authority_data --category sanction
      trover chain tag case 16ZSAEfYpPCj3D94fsNt2okYj9Ue8mxy6T
      trover chain tag case --compare sanctioned_addresses_ETH.txt ofac_ethereum_2026.csv
      trover chain tag case --export packs
    """
    from trover.case import labels
    from trover.case.case import Case
    from trover.cli.show import print_json

    if files:
        return _add(folder, files, said, author, as_json)
    case = Case.open(folder, author)
    if compare:
        found: Any = labels.compared(case, *compare)
        lines = _compared(found)
    elif export:
        found = _written(export, labels.packs(case))
        lines = iter([f"{plural(len(found), 'pack')} written to {export}"])
    elif addresses:
        found = labels.said_of(case, addresses)
        lines = (line for each in found for line in said_lines(each))
    else:
        found = {"sources": labels.overview(case), "addresses": labels.labelled(case)}
        lines = _overview(found)
    if as_json:
        print_json(found)
        return 0
    for line in lines:
        click.echo(printable(line))
    return 0


def said_lines(said: dict[str, Any]) -> Iterator[str]:
    """What is said of one address, a line for each label."""
    kinds = "; ".join(f"{kind} ({', '.join(why)})" for kind, why in said["kinds"].items())
    yield f"{said['subject']}: {kinds}"
    for label in said["labels"][:LINES]:
        words = (label["label"], label.get("category", ""), label.get("abuse", ""))
        level = "" if label["level"] is None else f" {label['level']} of 100"
        sure = f"{label['confidence']}{level}" if label["confidence"] else "no confidence stated"
        whence = label["source"] or label.get("creator", "") or "no source stated"
        yield (
            f"  {', '.join(filter(None, words))}: {sure}, {label['date'] or 'no date'}, {whence}"
            f" ({label['file']} row {label['row']})"
        )
    for word, meanings in said.get("words", {}).items():
        yield from (f"  {word}: {meaning}" for meaning in meanings)
    for field, values in said["differ"].items():
        yield f"  Labels differ in {field}: {' / '.join(values)}"


def _add(folder: Path, files: tuple[Path, ...], said: dict[str, str | None], author: str | None, as_json: bool) -> int:
    from trover.cli.add import add_files

    words = {("date" if name == "day" else name): value for name, value in said.items() if value}
    mapping = {"format": "addresses", **words} if words else None
    return add_files(folder, files, mapping, "", author, (None, (), None), as_json=as_json)


def _written(folder: Path, packs: dict[str, str]) -> list[str]:
    """Write the packs into a folder that does not exist yet, whole or not at all."""
    from trover.case.files import write_folder

    if folder.exists():
        raise click.UsageError(f"{folder} is there already: name a new folder.")

    def fill(beside: Path) -> None:
        for name, text in packs.items():
            (beside / Path(name).name).write_text(text, encoding="utf-8")

    write_folder(folder, fill)
    return sorted(packs)


def _overview(found: dict[str, Any]) -> Iterator[str]:
    for source in found["sources"]:
        counts = (f"{source[kind]:,} {kind}" for kind in ("labels", "actors", "concepts") if kind in source)
        yield f"{source['name']}: {', '.join(counts)}"
    if not found["sources"]:
        yield "The case has no labels: trover chain tag DIR --add FILE brings some."
    for said in found["addresses"][:LINES]:
        yield from said_lines(said)
    if len(found["addresses"]) > LINES:
        yield f"and {len(found['addresses']) - LINES:,} more addresses (--json has all)"


def _compared(found: dict[str, Any]) -> Iterator[str]:
    for side in ("left", "right"):
        each = found[side]
        dates = ", ".join(each["dates"]) or "no date"
        yield f"{each['name']}: {plural(each['labels'], 'address', 'addresses')}, {dates}"
    yield f"In both: {found['both']:,}"
    for side in ("left", "right"):
        only = found[f"only_{side}"]
        yield f"Only in {found[side]['name']}: {len(only):,}"
        yield from (f"  {one['address']} ({one['label']})" for one in only[:LINES])
        if len(only) > LINES:
            yield f"  and {len(only) - LINES:,} more (--json has all)"
    if found["other_coins"]:
        yield f"Not compared, of coins that only one of them holds: {found['other_coins']:,}"
