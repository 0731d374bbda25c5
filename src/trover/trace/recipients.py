"""Who received what: the sinks of a trace by the party that holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trover.ledger.event import EXTERNAL, Account
from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import largest_remainder
from trover.trace.lot import Content, add
from trover.trace.result import Trace
from trover.trace.rules import Table


def party(account: Account) -> str:
    """The name of who is behind an external account: its holder, or what its id says."""
    return account.holder or account.id.removeprefix(EXTERNAL)


def recipient_accounts(ledger: Ledger) -> dict[str, list[str]]:
    """Recipient -> ids of the external accounts that paid out to it, fees apart from the rest.

    One party with accounts in several currencies is one recipient for each currency.
    """
    outside = [a for a in ledger.account_list if a.is_external]
    currencies: dict[str, set[str]] = defaultdict(set)
    for account in outside:
        currencies[party(account)].add(account.currency)
    found: dict[str, list[str]] = {}
    for account in outside:
        name = party(account)
        name = f"{name} ({account.currency})" if len(currencies[name]) > 1 else name
        found.setdefault(name, []).append(account.id)
    return found


def recipients(trace: Trace, ledger: Ledger) -> Table:
    """Recipient -> owner -> minor units, rounded once over all accounts of the recipient."""
    table: Table = {}
    for name, accounts in recipient_accounts(ledger).items():
        reached = [id for id in accounts if id in trace.content]
        if reached:
            table[name] = _row(trace, reached)
    return table


def _row(trace: Trace, accounts: Iterable[str]) -> dict[str, int]:
    content: Content = {}
    total = 0
    for id in accounts:
        add(content, trace.content[id])
        total += trace.totals[id]
    parts = [content.get(owner, 0) for owner in trace.owners]
    return dict(zip(trace.owners, largest_remainder(parts, total), strict=True))
