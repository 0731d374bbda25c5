"""Transfers between accounts of the ledger with both their rows, and rows whose other side is missing or open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from trover.report.document import Column, Line, RowRefs, Table
from trover.report.reading import Reading

_BOTH = "Each is one row of the schedule that shows both sides, or two while the money was under way."


def internal_table(reading: Reading) -> Table:
    """Every transfer inside the ledger, by payer and payee; money under way is counted with what it became."""
    inside, through = {account.id for account in reading.inside}, reading.passed_through
    pairs: defaultdict[tuple[str, str], dict[tuple[str, ...], int]] = defaultdict(dict)
    sent: dict[str, str] = {}
    for event in reading.events:
        for paid in event.inputs:
            for got in event.outputs:
                payer = through.get(paid.account, paid.account)
                if got.account in through:
                    sent[got.account] = event.id
                elif payer in inside and got.account in inside:
                    first = reading.event[sent.get(paid.account, event.id)]
                    rows = tuple(dict.fromkeys((first.id, event.id)))
                    days = (event.time.date() - first.time.date()).days
                    pairs[reading.name(payer), reading.name(got.account)][rows] = days
    return Table(
        "internal",
        "Transfers between accounts of the ledger",
        (
            Column("From", "text", 4),
            Column("To", "text", 4),
            Column("Number", "number", 1),
            Column("Days under way", "text", 1),
            Column("Rows", "rows", 5),
        ),
        tuple(
            Line((*names, f"{len(days):,}", _lag(days.values()), RowRefs(tuple(row for rows in days for row in rows))))
            for names, days in pairs.items()
        ),
        note=_BOTH if pairs else "",
        empty="There is no transfer between two accounts of the ledger, hence nothing to match.",
    )


def _lag(days: Collection[int]) -> str:
    least, most = min(days), max(days)
    return str(least) if least == most else f"{least} to {most}"


def open_sides(reading: Reading) -> list[Table]:
    """Rows whose other side is missing or undecided, where it was looked for."""
    if reading.material.open_sides is None:
        return []
    lines = [
        Line((RowRefs((side.row,)), reading.name(side.account), side.says))
        for side in reading.material.open_sides
        if side.row in reading.event
    ]
    table = Table(
        "open-sides",
        "Rows of which the other side is missing or not decided",
        (Column("Row", "rows", 1), Column("On the statement of", "text", 4), Column("What is open", "text", 6)),
        tuple(lines),
        empty="Every row that names another account of the ledger is answered by a row on its statement.",
    )
    return [table]
