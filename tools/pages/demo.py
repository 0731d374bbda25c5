"""The table of the demonstration: what each rule leaves of the claim, and what three recipients received of it."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import as_file, files

from tools.pages.markdown import table

from trover.ledger.build import build_ledger
from trover.ledger.ledger import Ledger
from trover.ledger.money import money
from trover.report.flow import flow
from trover.report.flow_svg import draw
from trover.report.material import Cover, Display, Material
from trover.report.reading import Reading
from trover.sources.amounts import AmountStyle
from trover.sources.custody import read_source
from trover.sources.mapping import read_mapping
from trover.sources.reader import read_records
from trover.sources.strict_yaml import load_yaml
from trover.trace.claim import Assumptions, Claim
from trover.trace.compare import run
from trover.trace.recipients import recipients
from trover.trace.rules import LotRule, all_rules
from trover.trace.variant import Variant

SHOWN = ("Velasco International Inc.", "MOBILA LLP", "LONGVALE ORGANIZATION CORP")
"""The recipients in the table, as the data names them."""
PAPER = '<rect width="100%" height="100%" fill="#ffffff"/>'
"""A page of documentation may be dark; the picture is not."""


def demo_table() -> str:
    """One row a rule that traces and whose figures may be recovered; whole dollars and cents as traced."""
    ledger, claims = _demonstration()
    keys = [r.id for r in all_rules().values() if isinstance(r, LotRule) and r.recoverable and "account" in r.on]
    account = next(a.id for a in ledger.account_list if not a.is_external)
    left: dict[str, int] = {}
    reached: dict[str, dict[str, int]] = {}
    for answer in run(ledger, Assumptions(claims), keys):
        assert answer.trace is not None
        left[answer.key] = answer.table[account]["CLAIM"]
        reached[answer.key] = {name: row["CLAIM"] for name, row in recipients(answer.trace, ledger).items()}
    rows = [[f"`{key}`", *(money(reached[key].get(n, 0), 2) for n in SHOWN), money(left[key], 2)] for key in keys]
    return table(["rule", *SHOWN, "left in the account"], rows, frozenset(range(1, len(SHOWN) + 2)))


def flow_picture(rule: str) -> str:
    """The exhibit's flow picture of the demonstration under `rule`, as an SVG that stands alone."""
    ledger, claims = _demonstration()
    key = f"{rule}@{Variant.CREDITS_FIRST}"
    material = Material(
        ledger=ledger,
        assumptions=Assumptions(claims),
        answers=list(run(ledger, Assumptions(claims), [key], steps=True)),
        cover=Cover("Demonstration", "Demonstration", date(2026, 1, 1)),
        order=Variant.CREDITS_FIRST,
        order_reason="The source does not evidence the order inside a day.",
        display=Display(shown={"USD": 0}),
    )
    reading = Reading(material)
    drawn = flow(reading, reading.main()[0])
    svg = draw(drawn, reading.shown, {band.figure.id: "" for band in drawn.bands})
    without_links = re.sub(r"</?a\b[^>]*>", "", svg)
    return without_links.replace("</title>", f"</title>\n{PAPER}", 1) + "\n"


def _demonstration() -> tuple[Ledger, tuple[Claim, ...]]:
    with as_file(files("trover") / "demo_data" / "metastar") as folder:
        reading = read_records(read_source(folder / "transfers.csv"), read_mapping(folder / "mapping.yml"))
        stated = load_yaml(read_source(folder / "claims.yml"))
    ledger = build_ledger(reading.records, files=reading.files, problems=reading.problems)
    entered = [(row["transfer"], AmountStyle().minor(row["amount"], 2)) for row in stated["claims"]]
    return ledger, tuple(Claim(stated["claimant"], amount, transfer) for transfer, amount in entered)
