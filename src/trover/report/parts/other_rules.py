"""Rules that are elections, distributions or statutory measures, and screening, which is no amount recoverable."""

from __future__ import annotations

from trover.report.document import Block, Column, Heading, Line, Ref, RowRefs, Table, paragraph
from trover.report.figures import Figure
from trover.report.reading import Reading
from trover.report.words import ORDER_WORDS
from trover.trace.compare import Answer
from trover.trace.result import TAINTED

FEW = 6
"""Lines of one rule that part 2 prints; more are alternatives to be read in part 10."""
COLUMNS = (
    Column("Rule", "text", 5),
    Column("Fund, account or recipient", "text", 5),
    Column("For", "text", 2),
    Column("Amount", "money", 2),
)


def derived_table(reading: Reading) -> list[Block]:
    """Pari passu, any one withdrawal, 18 USC 984: computed from another rule, each line standing alone."""
    lines: list[Line] = []
    for answer, found in _derived_lines(reading):
        if len(found) <= FEW:
            lines += found
        else:
            most = max(found, key=_amount).cells[3]
            where = Ref(f"{len(found)} alternatives, listed in part 10; the largest is", f"other-{answer.rule.id}")
            lines.append(Line((answer.rule.title, where, "", most)))
    for answer in reading.skipped:
        if answer.variant is reading.material.order:
            lines.append(Line((answer.rule.title, f"Not run: {answer.skipped}", "", ""), weight="muted"))
    if not lines:
        return []
    note = (
        "These are computed from the lowest intermediate balance or set by statute. Lines of any one withdrawal "
        "exclude one another; no line is added to another or to the table above."
    )
    return [Table("other-rules", "Distributions, elections and statutory measures", COLUMNS, tuple(lines), note=note)]


def long_tables(reading: Reading) -> list[Table]:
    """For part 10: the rules with too many lines for part 2, and the parties that screening marks."""
    tables = [
        Table(
            f"other-{answer.rule.id}",
            f"{answer.rule.title}: alternatives that exclude one another",
            COLUMNS,
            tuple(sorted(found, key=lambda line: -_amount(line))),
            note="Only one of these lines can be chosen.",
            folded=True,
        )
        for answer, found in _derived_lines(reading)
        if len(found) > FEW
    ]
    return tables + [_touched_table(reading, answer) for answer in _screening(reading)]


def _amount(line: Line) -> int:
    figure = line.cells[3]
    return figure.amount if isinstance(figure, Figure) else 0


def _derived_lines(reading: Reading) -> list[tuple[Answer, list[Line]]]:
    found = []
    for answer in reading.derived:
        if answer.variant is reading.material.order:
            lines = [
                Line(
                    (
                        answer.rule.title,
                        _where(reading, account),
                        owner,
                        _derived(reading, answer, account, owner, amount),
                    )
                )
                for account, owners in answer.table.items()
                for owner, amount in owners.items()
                if amount
            ]
            found.append((answer, lines))
    return found


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


def _screening(reading: Reading) -> list[Answer]:
    return [a for a in reading.screening if a.variant is reading.material.order] or list(reading.screening[:1])


def _touched(reading: Reading, answer: Answer) -> dict[str, dict[str, None]]:
    """Parties and accounts that taint reached, each with the rows by which it came."""
    assert answer.trace is not None
    found: dict[str, dict[str, None]] = {}
    for movement in answer.trace.movements:
        if movement.side == "out" and movement.content.get(TAINTED):
            found.setdefault(reading.name(movement.account), {})[movement.event] = None
    return found


def screening_blocks(reading: Reading) -> list[Block]:
    """Taint-all: how many parties money of the claim touched, in words; its amounts are not printed."""
    blocks: list[Block] = []
    for answer in _screening(reading):
        marked = len(_touched(reading, answer))
        parties = len({reading.name(a.id) for a in reading.ledger.account_list})
        text = (
            f"{answer.rule.title}, rows taken {ORDER_WORDS[answer.variant]}. {answer.rule.assumes} "
            f"{answer.rule.caution} It marks {marked} of {parties} parties and accounts. No amount is printed: what "
            "this measure counts is many times the claim and is not recoverable. "
        )
        names = Ref("The parties and accounts it marks", f"screening-{answer.rule.id}")
        blocks += [Heading("Screening, not an amount recoverable"), paragraph(text, names, ".")]
    return blocks


def _touched_table(reading: Reading, answer: Answer) -> Table:
    lines = [Line((name, RowRefs(tuple(rows)))) for name, rows in _touched(reading, answer).items()]
    return Table(
        f"screening-{answer.rule.id}",
        "Screening, not an amount recoverable: parties and accounts touched",
        (Column("Party or account", "text", 4), Column("Rows by which it was touched", "rows", 6)),
        tuple(lines),
        empty="No party or account was touched.",
        folded=True,
    )
