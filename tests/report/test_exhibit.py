"""The exhibit as a model: fourteen parts, every figure with rows that sum to it, nothing printed without."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from material_for_tests import PROJECT, case, made_up

from trover.errors import AnchorMissing, BandWithoutRows, FigureWithoutRows, UnknownTransfer
from trover.report.document import Amount, Column, Line, Part, Ref, RowRefs, Table, anchors, check, paragraph, spans
from trover.report.exhibit import Exhibit, assemble
from trover.report.figures import Figure, FigureBook
from trover.report.flow import Node, band, flow
from trover.report.reading import Reading
from trover.trace.arithmetic import NANO
from trover.trace.claim import Assumptions

TITLES = [
    "Cover",
    "Question and answer",
    "Sources schedule",
    "Parties, accounts and assets",
    "Schedule of transactions",
    "Reconciliation",
    "Claims schedule",
    "Method and assumptions",
    "Step tables",
    "Sensitivity",
    "Alternatives considered, limits, trails not yet followed",
    "Charts",
    "Custody log and hash manifest",
    "Disclosure list",
]
GROUPS = ("Left in accounts and assets", "Reached", "Fees", "Good faith", "To the bank", "Bank,")
"""Figures that add several printed amounts."""
ACCOUNT_CASES = [
    path.stem
    for path in sorted((PROJECT / "tests" / "cases").glob("*.json"))
    if json.loads(path.read_text())["family"] == "account"
]


def tables(exhibit: Exhibit) -> dict[str, Table]:
    return {block.id: block for part in exhibit.parts for block in part.blocks if isinstance(block, Table)}


def figures_in(table: Table, first: str) -> list[Figure]:
    line = next(line for line in table.lines if str(line.cells[0]).startswith(first))
    return [cell for cell in line.cells if isinstance(cell, Figure)]


def text_of(part: Part) -> str:
    return " ".join(span for block in part.blocks for span in spans(block) if isinstance(span, str))


def test_all_fourteen_parts_are_there_in_order_each_saying_something(demo: Exhibit, traders: Exhibit) -> None:
    for exhibit in (demo, traders):
        assert [part.title for part in exhibit.parts] == TITLES
        assert [part.number for part in exhibit.parts] == list(range(1, 15))
        assert all(part.blocks for part in exhibit.parts)


def test_what_is_not_there_is_said() -> None:
    bare = dataclasses.replace(case("C05"), documents=(), findings=())
    exhibit = assemble(bare)
    empty = {
        block.empty for part in exhibit.parts for block in part.blocks if isinstance(block, Table) and not block.lines
    }
    assert "No custody log was recorded." in empty
    assert "No material was listed" in text_of(exhibit.parts[13])
    assert "No alternative explanation was recorded" in text_of(exhibit.parts[10])
    assert "completeness is unproved" in text_of(exhibit.parts[5])
    assert "No author was recorded" in {cell for line in tables(exhibit)["claims"].lines for cell in line.cells}


def test_the_demonstration_gives_its_published_figures(demo: Exhibit) -> None:
    table = tables(demo)["answer-USD"]
    heads = [column.title for column in table.columns]
    left = dict(zip(heads[1:], table.lines[0].cells[1:], strict=True))
    velasco = next(line for line in table.lines if line.cells[0] == "Velasco International Inc.")
    got = dict(zip(heads[1:], velasco.cells[1:], strict=True))

    def amount(cell: object) -> int:
        assert isinstance(cell, Figure)
        return cell.amount

    assert [amount(left[rule]) for rule in ("FIFO", "LIBR", "Haircut")] == [0, 2_792_728_00, 417_440_75]
    assert [amount(got[rule]) for rule in ("FIFO", "LIBR", "Haircut")] == [78_902_00, 458_283_00, 465_128_87]
    order = {line.cells[0]: line for line in tables(demo)["order-USD"].lines}
    assert amount(order["FIFO"].cells[4]) == 3_785_380_00
    assert "35 credits would meet an overdraft" in text_of(demo.parts[1])


def test_the_answer_accounts_for_the_whole_claim_under_every_rule(demo: Exhibit) -> None:
    assert {figure.amount for figure in figures_in(tables(demo)["answer-USD"], "Accounted for")} == {5_690_187_00}


@pytest.mark.parametrize("name", ["made_up", *ACCOUNT_CASES])
def test_every_figure_cites_rows_and_its_parts_sum_to_it(name: str) -> None:
    exhibit = assemble(made_up() if name == "made_up" else case(name))
    assert exhibit.figures
    for figure in exhibit.figures.values():
        assert figure.rows
        assert set(figure.rows) <= set(exhibit.rows)
        if figure.parts:
            assert len(figure.parts) == len(figure.rows)
            addends = len(exhibit.rows) if figure.what.startswith(GROUPS) else 1
            assert abs(sum(figure.parts) - figure.amount * NANO) < NANO * addends


def test_nearly_every_traced_figure_is_a_plain_sum_of_rows(demo: Exhibit) -> None:
    unsummed = [f.what for f in demo.figures.values() if f.amount and not f.parts]
    assert not [what for what in unsummed if not what.startswith(("Change by", "Rateable", "Any one"))]


def test_a_figure_without_rows_stops_the_build() -> None:
    book = FigureBook({"t1": "1"})
    with pytest.raises(FigureWithoutRows, match="What is left"):
        book.figure(("left",), 100, "EUR", "What is left")
    with pytest.raises(UnknownTransfer):
        book.figure(("left",), 100, "EUR", "What is left", rows=["t2"])


def test_an_amount_that_no_row_vouches_for_stops_the_build() -> None:
    column = (Column("Amount", "money"),)
    bare = Part(1, "Cover", (Table("t", "T", column, (Line((Amount(1, "EUR"),)),)),))
    with pytest.raises(FigureWithoutRows):
        check((bare,))
    with pytest.raises(FigureWithoutRows):
        check((Part(1, "Cover", (paragraph("It is ", Amount(1, "EUR")),)),))
    check((Part(1, "Cover", (Table("t", "T", column, (Line((Amount(1, "EUR"),), cites=("t1",)),)),)),))


def test_a_link_to_nowhere_stops_the_build() -> None:
    with pytest.raises(AnchorMissing, match="nowhere"):
        check((Part(1, "Cover", (paragraph(Ref("there", "nowhere")),)),))


def test_a_band_without_rows_stops_the_build() -> None:
    reading = Reading(made_up())
    nodes = Node("a", "A", "account"), Node("b", "B", "recipient")
    with pytest.raises(BandWithoutRows, match="From A to B"):
        band(reading, reading.main()[0], *nodes, "EUR", [], 1)


@pytest.mark.parametrize("name", ["made_up", "C21", "C29", "C32", "C34", "C36"])
def test_what_enters_a_party_of_the_flow_leaves_it_again(name: str) -> None:
    reading = Reading(made_up() if name == "made_up" else case(name))
    for answer in reading.main():
        found = flow(reading, answer)
        for node in found.nodes:
            into = sum(b.weight for b in found.bands if b.end == node)
            out = sum(b.weight for b in found.bands if b.start == node)
            if node.kind in ("account", "event"):
                assert abs(into - out) <= NANO // 1000, (answer.key, node)


def test_every_band_of_the_flow_cites_rows_of_the_schedule(demo: Exhibit) -> None:
    twins = [table for id, table in tables(demo).items() if id.startswith("bands-")]
    assert len(twins) == 7
    for table in twins:
        figures = [cell for line in table.lines for cell in line.cells if isinstance(cell, Figure)]
        assert len(figures) == len(table.lines)
        assert all(figure.rows for figure in figures)


def test_taint_all_is_never_printed_as_an_amount(demo: Exhibit, traders: Exhibit) -> None:
    for exhibit in (demo, traders):
        assert not [figure.what for figure in exhibit.figures.values() if "poison" in figure.what]
        screening = tables(exhibit)["screening-poison"]
        assert screening.lines
        assert all(isinstance(line.cells[0], str) and isinstance(line.cells[1], RowRefs) for line in screening.lines)
        assert "not recoverable" in text_of(exhibit.parts[1])


def test_trails_that_leave_the_ledger_are_open_never_clean(traders: Exhibit) -> None:
    table = tables(traders)["unfollowed-EUR"]
    assert {line.cells[-1] for line in table.lines} == {"Trail not yet followed"}
    assert {line.cells[0] for line in table.lines} >= {"Casino"}
    assert "clean" not in {str(cell).lower() for line in table.lines for cell in line.cells}


def test_the_printed_balance_stands_beside_the_computed_one(traders: Exhibit) -> None:
    first = next(line for line in tables(traders)["schedule"].lines if line.cells[2] == "t1")
    assert first.cells[-2:] == (Amount(51_000_00, "EUR"), Amount(0, "EUR"))


def test_leaving_a_finding_out_is_measured(traders: Exhibit) -> None:
    choices = {str(line.cells[0]) for line in tables(traders)["tornado-EUR"].lines}
    assert "Finding left out: purchaser in good faith, row 3" in choices


def test_a_ledger_with_no_claim_says_so() -> None:
    material = made_up()
    silent = Assumptions()
    exhibit = assemble(dataclasses.replace(material, assumptions=silent, answers=[], without={}))
    assert [table.empty for table in tables(exhibit).values() if table.id == "claims"] == ["No claim was entered."]


def test_anchors_are_unique(demo: Exhibit, traders: Exhibit, tmp_path: Path) -> None:
    for exhibit in (demo, traders):
        found = [anchor for part in exhibit.parts for anchor in anchors(part)]
        assert len(found) == len(set(found))
