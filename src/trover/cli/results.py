"""Answers of a case, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import click

from trover.case.case import Case
from trover.case.open_ends import case_open_ends
from trover.cli.show import console, table
from trover.cli.standing import described
from trover.cli.tables import Amounts, summary_tables
from trover.report.from_case import Made
from trover.trace.compare import Answer
from trover.trace.open_ends import OpenEnd
from trover.trace.recipients import party, recipients
from trover.trace.summary import Kind, Summary, summarise
from trover.trace.variant import Variant

ORDER_WORDS = {
    Variant.AS_BOOKED: "In the order of the ledger",
    Variant.CREDITS_FIRST: "Credits before debits at one time (@credits_first)",
    Variant.DEBITS_FIRST: "Debits before credits at one time (@debits_first)",
    Variant.BACKWARD: "With the backward links a person found (@backward)",
    Variant.CONSOLIDATED: "Accounts of one holder read as one (@consolidated)",
    Variant.NO_LINK: "Without the links of cash and settlements a person found (@no_link)",
}

TOTAL_WORDS = {
    Kind.RECIPIENT: "Recipients",
    Kind.ASSET: "Assets",
    Kind.PURCHASER: "Purchasers",
    Kind.OVERDRAFT: "The bank",
    Kind.LEFT: "Left",
}
SHARED_LINES = 3
OPEN_LINES = 12


def results_json(answers: Sequence[Answer], case: Case) -> dict[str, Any]:
    """{"rules": {key: {"accounts": .., "recipients": ..}}}, minor units; and what each rests on."""
    ledger = case.traced()
    stored = case.current_results([answer.key for answer in answers])
    rules: dict[str, Any] = {}
    for answer in answers:
        if answer.skipped:
            continue
        rules[answer.key] = {
            "accounts": answer.table,
            "recipients": recipients(answer.trace, ledger) if answer.trace else {},
            "recoverable": answer.rule.recoverable,
            "result": stored[answer.key].id if answer.key in stored else "",
        }
    derived = case.derived()
    return {
        "case": case.info.name,
        "ledger": derived.hash,
        "rests_on": [each.plain() for each in case.statements() if each.by],
        "notes": [note.plain() for note in derived.notes],
        "currencies": {a.id: a.currency for a in ledger.account_list},
        "rules": rules,
        "open_ends": [_plain_end(end) for end in case_open_ends(case, answers)],
        "skipped": {answer.key: answer.skipped for answer in answers if answer.skipped},
    }


def print_answers(answers: Sequence[Answer], case: Case, *, most: int, whole: bool = False) -> None:
    """The first variant place by place, the others by their totals; shared rules and screening apart."""
    ledger = case.traced()
    amounts = Amounts(cache(case.decimals), whole)
    variants = list(dict.fromkeys(answer.variant for answer in answers))
    summaries = {chosen: summarise([a for a in answers if a.variant is chosen], ledger) for chosen in variants}
    if summaries and summaries[variants[0]].columns:
        click.echo(f"\n{ORDER_WORDS[variants[0]]}")
        for part in summary_tables(summaries[variants[0]], amounts=amounts, most=most):
            console().print(part)
    first = [answer for answer in answers if variants and answer.variant is variants[0]]
    _print_open_ends(case_open_ends(case, first), amounts)
    _print_totals(summaries, amounts)
    _print_shared([a for a in answers if a.trace is None and not a.skipped and a.variant is variants[0]], case, amounts)
    for key, count in summaries[variants[0]].screening.items() if variants else ():
        click.echo(f"Screening only, never an amount recoverable: under {key} {count} recipients had contact.")
    for answer in answers:
        if answer.skipped and answer.variant is variants[0]:
            click.echo(f"Not run: {answer.key}, because {answer.skipped}")


def print_ground(case: Case) -> None:
    """What the figures rest on although nothing proves it, who answers for it, and what was assumed or put together."""
    admitted = [each for each in case.statements() if each.by]
    for each in admitted[:SHARED_LINES]:
        assert each.by is not None
        console().print(f"\nRests on {each.statement.standing}: {described(each, case.decimals)}")
        console().print(f"admitted by {each.by.author}: {each.by.reason}")
    if len(admitted) > SHARED_LINES:
        left = admitted[SHARED_LINES:]
        rows = sum(each.statement.rows for each in left)
        click.echo(f"\nAnd on {len(left):,} more statements that nothing proves, {rows:,} rows (trover check)")
    for note in case.derived().notes:
        console().print(f"Note: {note.text}.")


def _plain_end(end: OpenEnd) -> dict[str, Any]:
    """Where the trail is not followed further: minor units by rule and claimant, and the bounds beyond a gap."""
    plain: dict[str, Any] = {"why": str(end.end), "place": end.place, "name": end.name, "currency": end.currency}
    plain["reached"] = {key: {who: each.amount for who, each in row.items()} for key, row in end.reached.items()}
    if end.gap:
        plain["beyond"] = {
            key: {who: [each.beyond.least, each.beyond.most] for who, each in row.items() if each.beyond}
            for key, row in end.reached.items()
        }
    return plain


def _print_open_ends(ends: Sequence[OpenEnd], amounts: Amounts) -> None:
    """What reached a gap, somebody unknown or cash: the range over the rules, and what may be beyond a gap."""
    shown = table("Trail not yet followed", "Why", "Reached", "Beyond it", numbers=["Reached", "Beyond it"])
    for end in ends[:OPEN_LINES]:
        beyond = end.beyond
        said = _range(beyond.least, beyond.most, end.currency, amounts) if beyond else ""
        shown.add_row(end.name, str(end.end), _range(end.least, end.most, end.currency, amounts), said)
    if not shown.row_count:
        return
    click.echo(
        "\nWhere the trail stops: from the least to the most that a rule says, and what can be there after a gap"
    )
    console().print(shown)
    if len(ends) > OPEN_LINES:
        click.echo(f"and {len(ends) - OPEN_LINES:,} more (--json has all)")


def _range(least: int, most: int, currency: str, amounts: Amounts) -> str:
    low, high = (amounts(units, currency, dash=False) for units in (least, most))
    return low if low == high else f"{low} to {high}"


def _print_totals(summaries: dict[Variant, Summary], amounts: Amounts) -> None:
    """What another reading of the ledger changes: totals by kind of place, under every variant."""
    known = [row for summary in summaries.values() for row in summary.rows]
    kinds = [kind for kind in Kind if any(row.kind is kind for row in known)]
    currencies = {row.currency for row in known}
    if len(summaries) < 2 or len(currencies) != 1:
        return
    currency = currencies.pop()
    heads = [TOTAL_WORDS[kind] for kind in kinds]
    shown = table("Read another way", *heads, numbers=heads)
    for summary in summaries.values():
        shown.add_section()
        for column in summary.columns:
            totals = [sum(q for row, q in column.cells.items() if row.kind is kind) for kind in kinds]
            shown.add_row("\n".join(column.keys), *(amounts(total, currency) for total in totals))
    click.echo("\nWhat the order, or another reading of the ledger, changes")
    console().print(shown)


def _print_shared(answers: Sequence[Answer], case: Case, amounts: Amounts) -> None:
    """Rules whose lines are shares of a fund or alternatives: never added to the tables above."""
    accounts = case.traced().account_by_id
    shown = table("Rule", "Line", "Owner", "Amount", numbers=["Amount"])
    for answer in answers:
        lines = [(units, line, owner) for line, row in answer.table.items() for owner, units in row.items() if units]
        ranked = sorted(lines, key=lambda line: -line[0])
        for units, line, owner in ranked[:SHARED_LINES]:
            account = accounts.get(line)
            currency = account.currency if account else next(iter(accounts.values())).currency
            label = (party(account) if account.is_external else account.holder or line) if account else line
            shown.add_row(answer.key, label, owner, amounts(units, currency))
        if len(ranked) > SHARED_LINES:
            shown.add_row("", f"and {len(ranked) - SHARED_LINES} smaller ones (--json has all)", "", "")
    if shown.row_count:
        click.echo("\nShares of what is left, and alternatives of which only one can be chosen")
        console().print(shown)


def exhibit_json(made: Made) -> dict[str, Any]:
    return {
        "exhibit": made.exhibit,
        "files": [str(path) for path in made.files],
        "bundle": str(made.bundle.path),
        "archive": str(made.bundle.archive),
        "redacted": str(made.redacted.archive) if made.redacted else "",
        "fingerprint": made.bundle.fingerprint,
        "manifest_sha256": made.bundle.manifest_sha256,
    }


def print_exhibit(made: Made) -> None:
    """Where everything is, and how it is checked."""
    click.echo("\nThe exhibit")
    masked = [made.redacted.archive] if made.redacted else []
    for path in [*made.files, made.bundle.archive, *masked]:
        click.echo(f"  {path}")
    click.echo(f"Signed with the key {made.bundle.fingerprint}")
    click.echo(f"Next: open {made.files[0]}")
    click.echo(f"      trover verify {made.bundle.archive} --fingerprint {made.bundle.fingerprint}")
