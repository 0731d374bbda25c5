"""The statements that the ledger rests on: what proves each, or who let it in although nothing does."""

from __future__ import annotations

from collections.abc import Sequence

from trover.errors import plural
from trover.report.document import Column, Line, Paragraph, Table, paragraph
from trover.report.material import AdmittedStatement
from trover.report.reading import Reading

PROVED = "proved"


def unproved(reading: Reading) -> list[AdmittedStatement]:
    """The statements a person let in."""
    return [statement for statement in reading.material.statements if statement.standing != PROVED]


def standing_caution(reading: Reading) -> list[Paragraph]:
    """For the cover: how much of the ledger nothing proves, and who answers for using it."""
    found = unproved(reading)
    return [paragraph(f"{_amounts(found)} {_by(found)} Part 6 names each.", tone="caution")] if found else []


def continuity(reading: Reading) -> str:
    """Whether the balances that the sources print prove that no row is missing."""
    statements, found = reading.material.statements, unproved(reading)
    if not statements:
        return ""
    proved = len(statements) - len(found)
    text = f"The balances that the sources print prove {proved:,} of {plural(len(statements), 'statement')}."
    return f"{text} {_amounts(found)}" if found else text


def statements_table(reading: Reading) -> Table:
    """Every statement of the ledger, with its standing."""
    return Table(
        "statements",
        "Statements in the ledger and what proves them",
        (
            Column("Statement", "text", 3),
            Column("Document", "text", 2),
            Column("Account", "text", 3),
            Column("Days", "text", 2),
            Column("Rows", "number", 1),
            Column("Standing", "text", 2),
            Column("What the gate found", "text", 5),
            Column("Let in by, and why", "text", 4),
        ),
        tuple(_line(reading, statement) for statement in reading.material.statements),
        note=(
            "Proved: the balances that the source prints are what its rows give. Unproved: it prints nothing that "
            "would show a missing row. Failed: a printed balance is not what the rows give. Statements that are not "
            "proved enter only by a person's finding."
        ),
        empty="The rows were recorded without statements.",
    )


def _line(reading: Reading, statement: AdmittedStatement) -> Line:
    document = reading.documents.get(statement.sha256)
    name = reading.name(statement.account) if statement.account in reading.accounts else statement.account
    who = f"{statement.author}, {statement.day}: {statement.why}" if statement.author else ""
    cells = (
        statement.id,
        document.id if document else statement.sha256[:12],
        name or "no account",
        statement.days,
        f"{statement.rows:,}",
        statement.standing,
        statement.found,
        who,
    )
    return Line(cells, weight="" if statement.standing == PROVED else "sub")


def _amounts(found: Sequence[AdmittedStatement]) -> str:
    """How many statements and rows nothing proves, and how many contradict their balances."""
    said = []
    for standing, words in (
        ("unproved", "on which nothing printed shows whether a row is missing: completeness is unproved"),
        ("failed", "whose printed balances are not what the rows give"),
    ):
        some = [statement for statement in found if statement.standing == standing]
        if some:
            rows = plural(sum(statement.rows for statement in some), "row")
            said.append(f"{plural(len(some), 'statement')} ({rows}) {words}")
    return f"The figures also rest on {', and on '.join(said)}."


def _by(found: Sequence[AdmittedStatement]) -> str:
    authors = sorted({statement.author for statement in found})
    return f"They were let in by {' and '.join(authors)}."
