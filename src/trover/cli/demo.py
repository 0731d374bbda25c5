"""`trover demo`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json


@click.command(name="demo")
@click.argument("folder", metavar="[DIR]", default="trover-demo", type=click.Path(path_type=Path))
@click.option("--most", default=10, show_default=True, help="How many recipients are named; the rest is one line.")
@as_json
def command(folder: Path, most: int, as_json: bool) -> None:
    """Trace a real case on real data and build its exhibit in DIR.

    The Metastar account of the Azerbaijani Laundromat in July 2012: 215 payments, nine of them taken
    as the claim. Running it again continues where it was.

    \b
    Example:
      trover demo
    """
    from rich.text import Text

    from trover.case.demo import cautions, demo_case
    from trover.cli.results import exhibit_json, print_answers, print_exhibit, print_ground, results_json
    from trover.cli.show import console, print_json, working
    from trover.report.from_case import make_exhibit
    from trover.trace.variant import Variant

    with working("Tracing 215 payments under every rule"):
        case = demo_case(folder)
        answers = case.trace("all")
    with working("Building the exhibit"):
        cover = {"exhibit_no": "Demonstration"}
        made = make_exhibit(case, folder / "exhibit", cover=cover, whole=True, order=Variant.CREDITS_FIRST)
    if as_json:
        print_json({**results_json(answers, case), **exhibit_json(made)})
        return
    terminal = console()
    terminal.print(Text.assemble((case.info.name, "bold"), f", {case.info.reference.partition(': ')[2]}"))
    for caution in cautions(case):
        terminal.print(f"- {caution}")
    print_answers(answers, case, most=most, whole=True)
    print_ground(case)
    click.echo("Amounts are whole dollars, halves rounded to even; --json has every minor unit.")
    print_exhibit(made)
    click.echo(f"      trover explain {folder} Velasco --rule libr")
