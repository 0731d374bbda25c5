"""Parts 5 and 6: the complete schedule of transactions, and its reconciliation."""

from __future__ import annotations

from collections import Counter, defaultdict

from trover.errors import plural
from trover.ledger.event import Account, Event
from trover.report.document import (
    Amount,
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Part,
    Ref,
    Span,
    Table,
    paragraph,
)
from trover.report.parts.sides import internal_table, open_sides
from trover.report.parts.statements import continuity, statements_table
from trover.report.reading import OPENING, Reading
from trover.report.words import ORDER_WORDS, when
from trover.trace.arithmetic import NANO
from trover.trace.variant import Variant


def schedule_part(reading: Reading) -> Part:
    lines = [_opening(reading, account.id) for account in reading.openings]
    balance = {a.id: a.opening for a in reading.ledger.account_list if not a.is_external}
    marks = _marks(reading)
    for event in reading.events:
        lines.append(_line(reading, event, balance, marks[event.id]))
    columns = (
        Column("Row", "number", 1),
        Column("Date", "date", 2),
        Column("Reference", "text", 2),
        Column("From", "text", 4),
        Column("To", "text", 4),
        Column("Amount", "money", 2),
        Column("Purpose", "text", 5),
        Column("Findings", "text", 2),
        Column("Source line", "text", 2),
        Column("Balance computed", "money", 2),
        Column("Balance printed", "money", 2),
        Column("Difference", "money", 1),
    )
    table = Table(
        "schedule",
        f"Complete ledger used, {plural(len(reading.events), 'row')}, rows of one time taken "
        f"{ORDER_WORDS[reading.material.order]}",
        columns,
        tuple(lines),
        note=(
            "One row for each transfer. Balance computed is that of the accounts inside the ledger that the row "
            "touches, after the row, in this order of rows."
        ),
        empty="The ledger has no rows.",
    )
    return Part(5, "Schedule of transactions", (table,))


def _opening(reading: Reading, account: str) -> Line:
    row = f"{OPENING}{account}"
    known = reading.accounts[account]
    amount = Amount(known.opening, known.currency)
    stated = reading.material.openings.get(account, "Not stated")
    cells: tuple[Cell, ...] = (
        reading.labels[row],
        "",
        "Opening",
        "",
        reading.name(account),
        amount,
        "Opening balance",
        "",
        stated,
        amount,
        "",
        "",
    )
    return Line(cells, cites=(row,), anchor=reading.anchor(row))


def _line(reading: Reading, event: Event, balance: dict[str, int], marks: list[str]) -> Line:
    touched: dict[str, None] = {}
    for paid in event.inputs:
        if paid.account in balance:
            balance[paid.account] -= paid.amount
            touched[paid.account] = None
    for got in event.outputs:
        if got.account in balance:
            balance[got.account] += got.amount
            touched[got.account] = None
    printed, difference = _printed(reading, event, balance)
    return Line(
        (
            reading.labels[event.id],
            when(event),
            event.id,
            _legs([(leg.account, leg.amount) for leg in event.inputs], reading),
            _legs([(leg.account, leg.amount) for leg in event.outputs], reading),
            _amount(reading, event),
            "; ".join(filter(None, (event.note or event.kind, *(other.note for other in event.also)))),
            "; ".join(marks),
            _sources(reading, event),
            _balances(reading, list(touched), balance),
            printed,
            difference,
        ),
        cites=(event.id,),
        anchor=reading.anchor(event.id),
        weight="claim" if any(mark.startswith("claim") for mark in marks) else "",
    )


def _sources(reading: Reading, event: Event) -> Cell:
    """A link to the document of every row that states the event."""
    links: list[Span] = []
    for source in event.sources:
        links += [Ref(reading.place_text(source), f"document-{reading.documents[source.sha256].id}"), "; "]
    return links[0] if len(links) == 2 else tuple(links[:-1])


def _legs(legs: list[tuple[str, int]], reading: Reading) -> Cell:
    if len(legs) == 1:
        return reading.name(legs[0][0])
    spans: list[Span] = []
    for account, amount in legs:
        spans += [f"{reading.name(account)} ", Amount(amount, reading.accounts[account].currency), "; "]
    return tuple(spans[:-1])


def _amount(reading: Reading, event: Event) -> Cell:
    """What the payer gives; and what arrives, where that is another amount or currency."""
    given = Amount(sum(leg.amount for leg in event.inputs), reading.accounts[event.inputs[0].account].currency)
    if all(leg.amount == leg.cost for leg in event.outputs):
        return given
    spans: list[Span] = [given, f" {given.currency}"]
    for leg in event.outputs:
        if leg.amount != leg.cost:
            currency = reading.accounts[leg.account].currency
            spans += ["; arrives as ", Amount(leg.amount, currency), f" {currency}"]
    return tuple(spans)


def _balances(reading: Reading, touched: list[str], balance: dict[str, int]) -> Cell:
    if len(balance) == 1 and touched:
        return Amount(balance[touched[0]], reading.accounts[touched[0]].currency)
    spans: list[Span] = []
    for account in touched:
        spans += [f"{reading.name(account)} ", Amount(balance[account], reading.accounts[account].currency), "; "]
    return tuple(spans[:-1])


def _printed(reading: Reading, event: Event, balance: dict[str, int]) -> tuple[Cell, Cell]:
    beside = reading.balances_beside(event)
    if not beside:
        return "none", ""
    shown: list[Span] = []
    differ: list[Span] = []
    for printed in beside:
        currency = reading.accounts[printed.account].currency
        name = f"{reading.name(printed.account)} " if len(beside) > 1 else ""
        shown += [name, Amount(printed.amount, currency), "; "]
        differ += [name, Amount(printed.amount - balance[printed.account], currency), "; "]
    if reading.material.order is not Variant.AS_BOOKED:
        differ = ["", "in the order booked only", ""]
    if len(beside) == 1:
        return shown[1], differ[1]
    return tuple(shown[:-1]), tuple(filter(None, differ[:-1]))


def _marks(reading: Reading) -> defaultdict[str, list[str]]:
    """What people found about each row, in a word."""
    marks: defaultdict[str, list[str]] = defaultdict(list)
    facts = reading.material.assumptions
    for claim in facts.claims:
        if claim.transfer:
            marks[claim.transfer].append(f"claim of {claim.claimant}")
    for row in sorted(facts.bfp):
        marks[row].append("purchaser in good faith")
    for links, words in (
        (facts.reverses, "returns"),
        (facts.linked_to, "same cash as"),
        (facts.backward_for, "funded"),
    ):
        for row, other in links.items():
            said = "offset by a broker against" if row in reading.settled and links is facts.linked_to else words
            marks[row].append(f"{said} row {reading.labels.get(other, other)}")
    return marks


def reconciliation_part(reading: Reading) -> Part:
    movements = _Movements(reading)
    lines = [_reconciled(reading, account, movements) for account in reading.inside]
    table = Table(
        "reconciliation",
        "Opening balance and credits less debits, account by account",
        (
            Column("Account or asset", "text", 4),
            Column("Currency", "text", 1),
            Column("Opening", "money", 2),
            Column("Credits", "money", 2),
            Column("Debits", "money", 2),
            Column("Closing, computed", "money", 2),
            Column("Last balance printed", "money", 2),
        ),
        tuple(line for line in lines if line),
        empty="There is no account inside the ledger.",
    )
    blocks: list[Block] = [table, Heading("Statement continuity"), paragraph(_continuity(reading))]
    if reading.material.statements:
        blocks.append(statements_table(reading))
    blocks += [internal_table(reading), *open_sides(reading)]
    return Part(6, "Reconciliation", tuple(blocks))


class _Movements:
    """By account, (row, minor units): what came in, what went out, and the last balance printed."""

    def __init__(self, reading: Reading) -> None:
        self.credits: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self.debits: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self.printed: dict[str, tuple[str, int]] = {}
        for event in reading.events:
            for out in event.outputs:
                self.credits[out.account].append((event.id, out.amount))
            for paid in event.inputs:
                self.debits[paid.account].append((event.id, paid.amount))
            for beside in reading.balances_beside(event):
                self.printed[beside.account] = event.id, beside.amount


def _reconciled(reading: Reading, account: Account, movements: _Movements) -> Line | None:
    credits, debits = movements.credits[account.id], movements.debits[account.id]
    opening = [(f"{OPENING}{account.id}", account.opening)] if account.opening else []
    name = reading.name(account.id)
    if not credits and not debits and not opening:
        return None

    def figure(kind: str, parts: list[tuple[str, int]]) -> Cell:
        if not parts:
            return "0"
        amount = sum(minor for _, minor in parts)
        nano = [(row, minor * NANO) for row, minor in parts]
        return reading.book.figure(
            ("reconciliation", account.id, kind), amount, account.currency, f"{kind}, {name}", nano
        )

    closing = [*opening, *credits, *((row, -minor) for row, minor in debits)]
    last = movements.printed.get(account.id)
    printed: Cell = figure("Last balance printed", [last]) if last else "none printed"
    return Line(
        (
            name,
            account.currency,
            figure("Opening", opening),
            figure("Credits", credits),
            figure("Debits", debits),
            figure("Closing", closing),
            printed,
        )
    )


def _continuity(reading: Reading) -> str:
    judged = continuity(reading)
    covered = sum(1 for event in reading.events if reading.balances_beside(event))
    if not covered:
        return judged or (
            "The sources print no running balance, so nothing outside the rows themselves confirms that none is "
            "missing: completeness is unproved."
        )
    bare = len(reading.events) - covered
    return f"{judged} ".lstrip() + (
        f"{plural(covered, 'row')} carry a printed balance; the schedule shows each beside the computed one and "
        f"the difference. {plural(bare, 'row')} carry none."
    )


def doubled(reading: Reading) -> int:
    """Rows that look alike: same time, parties and amount. A question for the source, not an error."""
    seen = Counter((e.time, e.inputs, e.outputs) for e in reading.events)
    return sum(count - 1 for count in seen.values())
