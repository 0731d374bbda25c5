"""`trover demo`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json

CASES = ("metastar", "colonial", "bitfinex")


@click.command(name="demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--case", "name", type=click.Choice(CASES), default="metastar", show_default=True,
    help="A bank account, a ransom with a gap in its trail, or a theft and a seizure.",
)  # fmt: skip
@click.option("--most", default=10, show_default=True, help="How many recipients or places are named.")
@as_json
def command(folder: Path | None, name: str, most: int, as_json: bool) -> None:
    """Trace a real case on real data in DIR.

    metastar: one account of the Azerbaijani Laundromat in July 2012, 215 payments, nine of them taken as the claim,
    with its exhibit. colonial: a ransom of 2021 on the public chain; three hops are missing, and nothing is carried
    over them. bitfinex: a theft of 2016 and the seizure of 2022 that spends it. DIR is trover-demo, or
    trover-demo-NAME. Running it again continues where it was.

    \b
    Examples:
      trover demo
      trover demo --case colonial
    """
    if name == "metastar":
        _bank(folder or Path("trover-demo"), most, as_json=as_json)
    else:
        from trover.cli.demo_chain import show

        show(name, folder or Path(f"trover-demo-{name}"), most, as_json=as_json)


def _bank(folder: Path, most: int, *, as_json: bool) -> None:
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
