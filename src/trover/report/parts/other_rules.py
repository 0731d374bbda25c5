"""Rules that are elections, distributions or statutory measures, and screening, which is no amount recoverable."""

from __future__ import annotations

from trover.report.document import Block, Cell, Column, Heading, Line, Table, paragraph
from trover.report.figures import Figure
from trover.report.reading import Reading
from trover.report.words import ORDER_WORDS
from trover.trace.compare import Answer
from trover.trace.variant import Variant


def derived_table(reading: Reading) -> list[Block]:
    """Pari passu, any one withdrawal, 18 USC 984: computed from another rule, each line standing alone."""
    lines: list[Line] = []
    for answer in reading.derived:
        if answer.variant is not reading.material.order:
            continue
        for account, owners in answer.table.items():
            for owner, amount in owners.items():
                if amount:
                    figure = _derived(reading, answer, account, owner, amount)
                    lines.append(Line((answer.rule.title, _where(reading, account), owner, figure)))
    for answer in reading.skipped:
        if answer.variant is reading.material.order:
            lines.append(Line((answer.rule.title, f"Not run: {answer.skipped}", "", ""), weight="muted"))
    if not lines:
        return []
    return [
        Table(
            "other-rules",
            "Distributions, elections and statutory measures",
            (
                Column("Rule", "text", 5),
                Column("Fund, account or recipient", "text", 5),
                Column("For", "text", 2),
                Column("Amount", "money", 2),
            ),
            tuple(lines),
            note=(
                "These are computed from the lowest intermediate balance or set by statute. Lines of any one "
                "withdrawal exclude one another; no line is added to another or to the table above."
            ),
        )
    ]


def _where(reading: Reading, account: str) -> str:
    return "The fund" if account == "FUND" else reading.name(account)


def currency_at(reading: Reading, account: str) -> str:
    known = reading.accounts.get(account)
    if known is not None:
        return known.currency
    fund = reading.material.assumptions.fund
    named = [reading.accounts[id].currency for id in fund if id in reading.accounts]
    return (named or [a.currency for a in reading.ledger.account_list if not a.is_external])[0]


def _derived(reading: Reading, answer: Answer, account: str, owner: str, amount: int) -> Figure:
    """Rests on the claims' entries and on every row of the accounts concerned."""
    rows = [row for row, _ in reading.entries(reading.claimants)]
    if account == "FUND":
        fund = reading.material.assumptions.fund
        rows += reading.touching(
            a.id for a in reading.ledger.account_list if not a.is_external and (not fund or a.id in fund)
        )
    else:
        rows += reading.touching([account])
    key = (answer.key, f"derived:{account}", owner)
    what = f"{answer.rule.title}, {_where(reading, account)}"
    return reading.book.figure(key, amount, currency_at(reading, account), what, rows=rows)


def screening_blocks(reading: Reading) -> list[Block]:
    """Taint-all: which accounts money of the claim touched, in words; its amounts are not printed."""
    answers = [a for a in reading.screening if a.variant is reading.material.order] or list(reading.screening[:1])
    blocks: list[Block] = []
    for answer in answers:
        touched = [id for id, owners in answer.table.items() if owners.get("TAINTED") and not id.startswith("OD:")]
        names = dict.fromkeys(reading.name(id) for id in touched)
        lines = [Line((name, "Touched by money of the claim at least once")) for name in names]
        words = ORDER_WORDS[Variant(answer.variant)]
        cells: tuple[Cell, ...] = (
            f"{answer.rule.title}, rows taken {words}. {answer.rule.assumes} {answer.rule.caution} It marks "
            f"{len(names)} of {len(_parties(reading))} parties and accounts. No amount is printed: what this measure "
            "counts is many times the claim and is not recoverable.",
        )
        blocks += [
            Heading("Screening, not an amount recoverable"),
            paragraph(*[cell for cell in cells if isinstance(cell, str)]),
            Table(
                f"screening-{answer.rule.id}",
                "Parties and accounts touched",
                (Column("Party or account", "text", 4), Column("Screening result", "text", 4)),
                tuple(lines),
                empty="No party or account was touched.",
                folded=True,
            ),
        ]
    return blocks


def _parties(reading: Reading) -> set[str]:
    return {reading.name(a.id) for a in reading.ledger.account_list}
