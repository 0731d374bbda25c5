"""An exhibit says what proves each statement it rests on, or who let it in although nothing does."""

from __future__ import annotations

import dataclasses

from material_for_tests import case

from trover.report.document import Paragraph, Part, Table
from trover.report.exhibit import Exhibit, assemble
from trover.report.material import AdmittedStatement

PROVED = AdmittedStatement("S-1", "ab" * 32, "T", "2020-01-01 to 2020-01-31", 3, "proved", "Balances agree.")
UNPROVED = AdmittedStatement(
    "S-2", "cd" * 32, "T", "2020-02-01", 7, "unproved", "No balance is printed.", "B. Banker", "2026-01-02", "lost"
)
FAILED = dataclasses.replace(UNPROVED, id="S-3", rows=1, standing="failed", found="9.00 is stated", author="C. Clerk")


def exhibit(*statements: AdmittedStatement) -> Exhibit:
    return assemble(dataclasses.replace(case("C05"), statements=statements))


def cautions(part: Part) -> list[str]:
    return ["".join(map(str, b.spans)) for b in part.blocks if isinstance(b, Paragraph) and b.tone == "caution"]


def statements(part: Part) -> list[tuple[object, ...]]:
    (table,) = [block for block in part.blocks if isinstance(block, Table) and block.id == "statements"]
    return [(line.cells[0], *line.cells[4:]) for line in table.lines]


def test_each_statement_is_listed_with_its_standing_author_and_reason() -> None:
    made = exhibit(PROVED, UNPROVED, FAILED)
    assert statements(made.parts[5]) == [
        ("S-1", "3", "proved", "Balances agree.", ""),
        ("S-2", "7", "unproved", "No balance is printed.", "B. Banker, 2026-01-02: lost"),
        ("S-3", "1", "failed", "9.00 is stated", "C. Clerk, 2026-01-02: lost"),
    ]


def test_the_cover_says_how_much_nothing_proves_and_who_let_it_in() -> None:
    (said,) = cautions(exhibit(PROVED, UNPROVED, FAILED).parts[0])
    assert "1 statement (7 rows) on which nothing printed shows whether a row is missing" in said
    assert "and on 1 statement (1 row) whose printed balances are not what the rows give" in said
    assert "let in by B. Banker and C. Clerk" in said


def test_where_everything_is_proved_the_cover_warns_of_nothing() -> None:
    made = exhibit(PROVED)
    assert cautions(made.parts[0]) == []
    assert "prove 1 of 1 statement." in str(made.parts[5])
    assert "unproved" not in str(made.parts[10])
