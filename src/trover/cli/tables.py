"""Results as tables that fit the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from trover.cli.show import console, table
from trover.cli.standing import Decimals
from trover.ledger.money import money
from trover.trace.arithmetic import half_even
from trover.trace.summary import Column, Kind, Row, Summary

_NAMED = {
    Kind.RECIPIENT: "{}",
    Kind.ASSET: "{} (asset)",
    Kind.PURCHASER: "purchaser in good faith, {}",
    Kind.OVERDRAFT: "repaid the overdraft of {}",
    Kind.LEFT: "left in {}",
}
NAME_WIDTH = 24


@dataclass(frozen=True)
class Amounts:
    """Amounts as people read them. `decimals` of a currency are the case's; `whole` rounds half to even to the unit,
    for display only."""

    decimals: Decimals
    whole: bool = False

    def __call__(self, minor: int, currency: str, *, dash: bool = True) -> str:
        """A dash for nothing unless `dash` is off."""
        if not minor and dash:
            return "-"
        places = self.decimals(currency)
        return money(half_even(minor, 10**places), 0) if self.whole else money(minor, places)


def summary_tables(summary: Summary, *, amounts: Amounts, most: int) -> list[Table]:
    """One table for each batch of rules that fits the width; the same rows in each.

    `most` recipients are named, the rest is one row. Where `amounts` rounds to the unit the caller says so beside the
    table.
    """
    kept, rest = _rows(summary, most)
    return [_table(summary, batch, kept, rest, amounts) for batch in _batches(summary, kept, rest, amounts)]


def _rows(summary: Summary, most: int) -> tuple[list[Row], list[Row]]:
    recipients = [row for row in summary.rows if row.kind is Kind.RECIPIENT]
    hidden = recipients[most:] if len(recipients) > most + 1 else []
    return [row for row in summary.rows if row not in hidden], hidden


def _batches(summary: Summary, kept: list[Row], rest: list[Row], amounts: Amounts) -> list[list[Column]]:
    room = console().width - NAME_WIDTH - 1
    batches: list[list[Column]] = [[]]
    used = 0
    for column in summary.columns:
        cells = [_cell(summary, row, column, amounts) for row in kept] + [_rest(summary, rest, column, amounts)]
        width = max(len(word) for word in [*cells, *_names(column)]) + 1
        if batches[-1] and used + width > room:
            batches.append([])
            used = 0
        batches[-1].append(column)
        used += width
    return [batch for batch in batches if batch]


def _table(summary: Summary, batch: Sequence[Column], kept: list[Row], rest: list[Row], amounts: Amounts) -> Table:
    heads = ["\n".join(_names(column)) for column in batch]
    shown = table("Traced to", *heads, numbers=heads)
    shown.columns[0].width = NAME_WIDTH
    several = len({row.claimant for row in summary.rows}) > 1
    currencies = {row.currency for row in summary.rows}
    for position, row in enumerate(kept):
        last_recipient = row.kind is Kind.RECIPIENT and (
            position + 1 == len(kept) or kept[position + 1].kind is not Kind.RECIPIENT
        )
        label = _NAMED[row.kind].format(row.place)
        label += f" for {row.claimant}" if several else ""
        label += f" ({row.currency})" if len(currencies) > 1 else ""
        style = "bold" if row.kind is Kind.LEFT else ""
        shown.add_row(Text(label), *(_cell(summary, row, column, amounts) for column in batch), style=style)
        if last_recipient and rest:
            names = len({r.place for r in rest})
            shown.add_row(f"{names} other recipients", *(_rest(summary, rest, column, amounts) for column in batch))
    if not several and len(currencies) == 1:
        shown.add_section()
        currency = next(iter(currencies))
        shown.add_row("sum", *(amounts(column.total, currency) for column in batch))
    return shown


def _names(column: Column) -> list[str]:
    """The rules of a column; the table says which variant it shows."""
    return [key.partition("@")[0] for key in column.keys]


def _cell(summary: Summary, row: Row, column: Column, amounts: Amounts) -> str:
    return amounts(summary.cell(row, column), row.currency)


def _rest(summary: Summary, rows: Sequence[Row], column: Column, amounts: Amounts) -> str:
    if not rows:
        return ""
    return amounts(sum(summary.cell(row, column) for row in rows), rows[0].currency)
