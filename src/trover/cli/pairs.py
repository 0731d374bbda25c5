"""`trover pairs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trover.cli.options import as_json, case_folder
from trover.errors import plural

if TYPE_CHECKING:
    from trover.case.case import Case

LINES = 20


@click.command(name="pairs")
@case_folder
@as_json
def command(folder: Path, as_json: bool) -> None:
    """List payments whose two sides are both in the case: joined, waiting for a person, or unanswered.

    Rows that wait are shown with the points and reasons of each candidate, the best first. They are decided by
    findings of the kinds same_transfer and not_same_transfer, which also undo what was joined.

    \b
    Examples:
      trover pairs case
      trover pairs case --json
    """
    from trover.case.case import Case
    from trover.case.pairing import two_sided
    from trover.cli.show import print_json

    case = Case.open(folder)
    lists = two_sided(case)
    if as_json:
        print_json(lists)
        return
    for text in _made(lists["pairs"]):
        click.echo(text)
    shown = _Rows(case, lists)
    for group in lists["waiting"][:LINES]:
        click.echo(f"\nWaits: {group['why']}")
        for candidate in group["candidates"][:LINES]:
            click.echo(f"  {candidate['score']} points: {', '.join(candidate['reasons'])}")
            click.echo(f"    paid      {shown.text(candidate['payer'])}")
            click.echo(f"    received  {shown.text(candidate['payee'])}")
    _rest(len(lists["waiting"]), "groups that wait")
    for row in lists["unmatched"][:LINES]:
        click.echo(
            f"\nUnanswered: {shown.text(row['id'])}, {row['direction']}; on no statement of {' or '.join(row['other'])}"
        )
    _rest(len(lists["unmatched"]), "unanswered rows")
    if not any(lists[name] for name in ("pairs", "waiting", "unmatched")):
        click.echo("No row names another account of the case, and none could be the other side of one.")


def _made(pairs: list[dict[str, Any]]) -> Iterator[str]:
    for (became, how), count in sorted(Counter((pair["became"], pair["how"]) for pair in pairs).items()):
        yield f"{plural(count, 'payment')}: {became} ({how})"


def _rest(count: int, what: str) -> None:
    if count > LINES:
        click.echo(f"\nand {count - LINES:,} more {what} (--json has all)")


class _Rows:
    """Rows of the case in one line each; only those that are shown are read."""

    def __init__(self, case: Case, lists: dict[str, Any]) -> None:
        from trover.case.check import events_of

        wanted = {row["id"] for row in lists["unmatched"][:LINES]}
        for group in lists["waiting"][:LINES]:
            for candidate in group["candidates"][:LINES]:
                wanted |= {candidate["payer"], candidate["payee"]}
        ledger = case.ledger()
        self.case, self.events = case, events_of(ledger, wanted)
        self.accounts = ledger.account_by_id
        self.files = {source.sha256: source.name for source in case.sources()}

    def text(self, id: str) -> str:
        """Id, day, amount, file and line, and what the row says."""
        from trover.ledger.money import money

        event = self.events[id]
        own = event.balance_account
        paid = [(leg.account, leg.amount) for leg in event.inputs]
        got = [(out.account, out.amount) for out in event.outputs]
        account, minor = next((leg for leg in (*paid, *got) if leg[0] == own), paid[0])
        currency = self.accounts[account].currency
        amount = f"{money(minor, self.case.decimals(currency))} {currency}"
        where = "" if event.source is None else f"{self.files.get(event.source.sha256, '')} row {event.source.row}"
        return ", ".join(filter(None, (id, event.time_text[:10], amount, own, where, event.note[:60])))
