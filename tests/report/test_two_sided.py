"""Payments with two sides in exhibit, picture and bundle: both sources are shown, money under way is nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bundle_cases import KEY, read_bundle
from material_for_tests import answers, cover

from trover.ledger.event import UNDERWAY, Account, AccountKind, transfer
from trover.ledger.ledger import Ledger
from trover.ledger.pair import find_pairs, join_pairs
from trover.report.bundle import write_bundle
from trover.report.document import RowRefs, Table
from trover.report.exhibit import assemble
from trover.report.flow import flow
from trover.report.html import html
from trover.report.material import Document, Material, OpenSide
from trover.report.parts.schedule import reconciliation_part
from trover.report.reading import Reading
from trover.report.verifier.check import check_bundle
from trover.sources.record import Pointer
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant

FIRST, SECOND = "ab" * 32, "cd" * 32
ROWS = (
    ("x1", 1, "EXT:Victim", "X-1000001", 90_000, FIRST, "X-1000001", 90_000),
    ("x2", 2, "X-1000001", "EXT:Y-2000002", 50_000, FIRST, "X-1000001", 40_000),
    ("y1", 2, "EXT:X-1000001", "Y-2000002", 50_000, SECOND, "Y-2000002", 51_000),
    ("x3", 3, "X-1000001", "EXT:Y-2000002", 30_000, FIRST, "X-1000001", 10_000),
    ("y2", 5, "EXT:X-1000001", "Y-2000002", 30_000, SECOND, "Y-2000002", 81_000),
    ("y3", 6, "Y-2000002", "EXT:Dealer", 70_000, SECOND, "Y-2000002", 11_000),
)
FACTS = Assumptions(claims=(Claim("Victim", 90_000, "x1"),))


def two_sided() -> Ledger:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    inside = [
        Account("X-1000001", "EUR", AccountKind.BANK, "Alpha Ltd"),
        Account("Y-2000002", "EUR", AccountKind.BANK, "Beta Ltd", 1_000),
    ]
    outside = [Account(id, "EUR", AccountKind.EXTERNAL, id[4:]) for id in ("EXT:Victim", "EXT:Dealer")]
    outside += [Account(f"EXT:{account.id}", "EUR", AccountKind.EXTERNAL, account.holder) for account in inside]
    events = [
        transfer(
            id, start + timedelta(days=day), number, payer, payee, amount,
            source=Pointer(source, "", number), balance=balance, balance_account=own,
        )
        for number, (id, day, payer, payee, amount, source, own, balance) in enumerate(ROWS, 1)
    ]  # fmt: skip
    return join_pairs(find_pairs(Ledger.of([*inside, *outside], events))).ledger


def material() -> Material:
    documents = [Document("D1", FIRST, "alpha.csv"), Document("D2", SECOND, "beta.csv")]
    ledger = two_sided()
    found = answers(ledger, FACTS, ["libr", "fifo", "any_one_withdrawal", "pari_passu"])
    return Material(ledger, FACTS, found, cover(), Variant.AS_BOOKED, "As booked.", documents=documents)


def test_the_schedule_names_both_sources_and_both_printed_balances() -> None:
    reading = Reading(material())
    event = reading.event["x2"]
    assert reading.source_text(event) == "D1, line 2; D2, line 3"
    assert [(beside.account, beside.amount) for beside in reading.balances_beside(event)] == [
        ("X-1000001", 40_000),
        ("Y-2000002", 51_000),
    ]
    text = html(assemble(material())).decode()
    assert "D1, line 2" in text
    assert "D2, line 3" in text


def test_money_that_was_under_way_is_no_account_no_place_and_no_node() -> None:
    made = material()
    reading = Reading(made)
    assert reading.passed_through == {f"{UNDERWAY}x3": "X-1000001"}
    assert [place.key for place in reading.places if UNDERWAY in place.key] == []
    assert [account.id for account in reading.inside] == ["X-1000001", "Y-2000002"]
    for answer in made.answers:
        assert [account for account in answer.table if account.startswith(UNDERWAY)] == [], answer.key
    for answer in reading.main():
        bands = {(band.start.name, band.end.name): band.figure.amount for band in flow(reading, answer).bands}
        assert bands["Alpha Ltd", "Beta Ltd"] == 80_000, answer.key
        assert not any(UNDERWAY in name for ends in bands for name in ends)


def test_reconciliation_has_both_rows_of_each_transfer_and_what_is_open() -> None:
    made = material()
    (internal,) = [block for block in _tables(made) if block.id == "internal"]
    assert [line.cells[:4] for line in internal.lines] == [("Alpha Ltd", "Beta Ltd", "2", "0 to 2")]
    assert internal.lines[0].cells[4] == RowRefs(("x2", "x3", "y2"))
    assert [block for block in _tables(made) if block.id == "open-sides"] == []
    open_side = OpenSide("x1", "X-1000001", "waits for a person: rows of several accounts fit")
    (table,) = [b for b in _tables(replace(made, open_sides=[open_side])) if b.id == "open-sides"]
    assert [line.cells for line in table.lines] == [(RowRefs(("x1",)), "Alpha Ltd", open_side.says)]


def _tables(made: Material) -> list[Table]:
    return [block for block in reconciliation_part(Reading(made)).blocks if isinstance(block, Table)]


def test_money_under_way_between_members_of_a_pool_never_left_it(tmp_path: Path) -> None:
    ledger = two_sided()
    pooled = replace(FACTS, consolidate={"POOL": ("X-1000001", "Y-2000002")})
    answers_ = answers(ledger, pooled, ["libr@consolidated", "fifo@consolidated", "haircut"])
    table = answers_[0].table
    assert {id: row["Victim"] for id, row in table.items() if row["Victim"]} == {"POOL": 21_000, "EXT:Dealer": 69_000}
    info = write_bundle(
        tmp_path / "b", ledger=ledger, assumptions=pooled, answers=answers_,
        cover={"case": "pool"}, findings=[], sources=[], key=KEY,
    )  # fmt: skip
    assert check_bundle(read_bundle(str(info.path)), info.fingerprint).failures == []
    moved = {movement.event for movement in answers_[0].trace.movements} if answers_[0].trace else set()
    assert moved == {"x1", "y3"}


def test_money_still_under_way_has_a_row() -> None:
    ledger = two_sided()
    cut = Ledger.of(ledger.account_list, [event for event in ledger if event.id not in ("y2", "y3")])
    (answer,) = answers(cut, FACTS, ["libr"])
    assert answer.table[f"{UNDERWAY}x3"] == {"Victim": 30_000, "OWN": 0}


def test_the_bundle_carries_both_rows_and_the_verifier_replays_it(tmp_path: object) -> None:
    made = material()
    info = write_bundle(
        tmp_path / "b", ledger=made.ledger, assumptions=made.assumptions, answers=made.answers,  # type: ignore[operator]
        cover={"case": "two sides"}, findings=[], sources=[], key=KEY,
    )  # fmt: skip
    files = read_bundle(str(info.path))
    assert files["also.csv"].decode() == f"event,id,source,page,row,note\nx2,y1,{SECOND},,3,\n"
    report = check_bundle(files, info.fingerprint)
    assert report.failures == []
