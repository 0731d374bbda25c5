"""The report on completeness for a terminal of 80 columns."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from trover.case.completeness import AccountReport, Completeness, Cover, OpenGap
from trover.cli.show import table
from trover.cli.standing import Decimals
from trover.errors import plural
from trover.ledger.money import money
from trover.report.check_page import tally

if TYPE_CHECKING:
    from rich.table import Table

SIGNS = {
    Cover.PROVED: "#",
    Cover.UNPROVED: "u",
    Cover.FAILED: "F",
    Cover.HELD: "h",
    Cover.QUARANTINED: "q",
    Cover.QUIET: "-",
    Cover.MISSING: ".",
}
WORST = (
    Cover.MISSING, Cover.QUARANTINED, Cover.FAILED, Cover.HELD, Cover.UNPROVED, Cover.QUIET, Cover.PROVED,
)  # fmt: skip
"""A month shows the worst of its days."""
LEGEND = "# proved  u unproved  F failed  h held  q quarantined  - no statement, balances agree  . missing"


def files_table(report: Completeness, decimals: Decimals) -> Table:
    """One line for each file, place and currency."""
    shown = table("File", "Stands", "Rows", "Came in", "Went out", "", numbers=("Rows", "Came in", "Went out"))
    for file in report.files:
        if file.is_refused:
            shown.add_row(file.name, f"refused, {plural(len(file.problems), 'problem')}", "", "", "", "")
        elif not file.sums:
            shown.add_row(file.name, file.format, "", "", "", "")
        for number, sums in enumerate(file.sums):
            places = decimals(sums.currency) if sums.currency else 2
            moved = (sums.credits, sums.debits) if sums.are_of_accounts else ()
            amounts = [money(amount, places) for amount in moved] or ["", ""]
            shown.add_row("" if number else file.name, sums.stands, f"{sums.rows:,}", *amounts, sums.currency)
        if file.unbooked:
            shown.add_row("", "moves nothing", f"{file.unbooked:,}", "", "", "")
        if file.unreadable:
            shown.add_row("", "unreadable", f"{file.unreadable:,}", "", "", "")
    return shown


def account_lines(report: Completeness, decimals: Decimals) -> Iterator[str]:
    """Each account with a strip of months for every year, and its gaps."""
    if any(account.days for account in report.accounts):
        yield f"\nMonth by month, the worst of its days: {LEGEND}"
    for account in report.accounts:
        yield ""
        yield f"{account.id} {account.holder}".rstrip() + f" ({account.currency})"
        yield f"  {', '.join(tally(account)) or 'no day is printed'}"
        yield from _strips(account)
        for gap in account.gaps:
            yield "  " + gap_line(gap, account.currency, decimals)


def gap_line(each: OpenGap, currency: str, decimals: Decimals) -> str:
    """A gap in one sentence."""
    gap, places = each.gap, decimals(currency)
    days = str(gap.start) if gap.start == gap.end else f"{gap.start} to {gap.end}"
    reached = f"{money(gap.before, places)} before"
    after = f", {money(gap.after, places)} after" if gap.after is not None else ""
    state = f"bridged by {each.bridged.author}" if each.bridged else "open" if each.is_open else "not shown"
    return f"Gap {days}: {gap.why}; {reached}{after}; {state}"


def _strips(account: AccountReport) -> Iterator[str]:
    if not account.days:
        return
    for year in range(account.days[0].start.year, account.days[-1].end.year + 1):
        yield f"  {year}  " + "".join(_sign(account, year, month) for month in range(1, 13))


def _sign(account: AccountReport, year: int, month: int) -> str:
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    covers = {stretch.cover for stretch in account.days if stretch.start <= last and stretch.end >= first}
    return next((SIGNS[cover] for cover in WORST if cover in covers), " ")
