"""Statements are let in by proof or by a person, and taken out again when the person withdraws."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from statements import BACKWARD, BARE, FALSE, FEBRUARY, HEAD, MAPPING, PROVED
from worlds import AUTHOR

from trover.case.admission import Place
from trover.case.case import Case
from trover.case.finding import Claimed, QuarantineAdmission, UnprovedAdmission
from trover.errors import FieldMissing, InputErrors, MissingChoice, Problem, UnknownStatement
from trover.ledger.gate import Order, Standing

OFX = """\
OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20200201<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>1<ACCTID>999<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{day}<DTEND>{day}
<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{day}<NAME>V</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>{closing}<DTASOF>{day}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", "R v Example", AUTHOR)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


@pytest.fixture
def mixed(case: Case, write: Callable[..., Path]) -> Case:
    """A case to which one file with a proved, an unproved and a failed statement was added."""
    rows = [text.removeprefix(HEAD) for text in (PROVED, BARE, FALSE)]
    case.add(write("mixed.csv", HEAD + "".join(rows)), MAPPING)
    return case


def traced(case: Case) -> list[str]:
    return [event.id for event in case.traced()]


def places(case: Case) -> dict[str, Place]:
    return {each.statement.account: each.place for each in case.statements()}


def id_of(case: Case, account: str) -> str:
    return next(each.statement.id for each in case.statements() if each.statement.account == account)


def test_only_what_its_balances_prove_enters_by_itself(mixed: Case) -> None:
    assert places(mixed) == {"P": Place.ADMITTED, "U": Place.HELD, "F": Place.QUARANTINED}
    assert traced(mixed) == ["p1", "p2"]
    assert set(mixed.traced().account_by_id) == {"P", "EXT:V", "EXT:W"}
    held = {each.statement.account: each.statement for each in mixed.statements()}
    assert (held["U"].rows, held["U"].credits, held["U"].debits) == (2, 10_00, 4_00)
    assert held["F"].problem.startswith("mixed.csv, row 7, column balance: '7.00' is the balance stated for F")


def test_an_unproved_statement_enters_by_a_named_person_with_a_reason(mixed: Case) -> None:
    with pytest.raises(InputErrors) as caught:
        mixed.admit(reason=" ")
    assert [type(problem) for problem in caught.value.problems] == [FieldMissing]
    (admitted,) = mixed.admit(reason="no balances before 2021", author="B. Banker")
    assert (admitted.statement.account, admitted.by and admitted.by.author) == ("U", "B. Banker")
    assert sorted(traced(mixed)) == ["p1", "p2", "u1", "u2"]
    assert [finding.body for finding in mixed.findings()] == [UnprovedAdmission(admitted.source.sha256)]
    assert mixed.problems() == []


def test_a_failed_statement_enters_only_when_it_is_named(mixed: Case) -> None:
    mixed.admit(["mixed.csv"], "first the unproved")
    with pytest.raises(InputErrors, match="holds only statements that failed"):
        mixed.admit(["mixed.csv"], "now the rest")
    (admitted,) = mixed.admit(id_of(mixed, "F"), "misprinted; letter of the bank")
    assert isinstance(admitted.by and admitted.by.body, QuarantineAdmission)
    assert {"f1", "f2"} <= set(traced(mixed))
    with pytest.raises(InputErrors, match="is admitted already"):
        mixed.admit(id_of(mixed, "F"), "again")
    with pytest.raises(InputErrors) as caught:
        mixed.admit("nothing of this case", "why not")
    assert [type(problem) for problem in caught.value.problems] == [UnknownStatement]


def test_failed_statements_of_a_file_enter_when_that_is_said(mixed: Case) -> None:
    assert {each.statement.account for each in mixed.admit(["mixed.csv"], "all of it", failed=True)} == {"U", "F"}
    assert len(mixed.traced()) == 6


def test_a_withdrawn_admission_takes_the_rows_out_and_a_new_one_brings_them_back(mixed: Case) -> None:
    before = mixed.derived().hash
    mixed.admit(reason="no balances")
    stored, parts = len(mixed.ledger()), mixed.state().parts
    mixed.withdraw(mixed.findings()[0].id, reason="the bank has them after all")
    assert mixed.derived().hash == before
    assert places(mixed)["U"] is Place.HELD
    assert len(mixed.ledger()) == stored
    assert "left out" in mixed.derived().notes[0].text
    mixed.admit(reason="it has not")
    assert mixed.state().parts == parts
    assert sorted(traced(mixed)) == ["p1", "p2", "u1", "u2"]
    assert mixed.problems() == []


def test_an_account_without_a_row_keeps_its_opening_when_another_admission_is_withdrawn(
    mixed: Case, write: Callable[..., Path]
) -> None:
    quiet = ":20:1\n:25:10020030/0000000999\n:28C:1/1\n:60F:C200131EUR250,00\n:62F:C200229EUR250,00\n-\n"
    mixed.add(write("quiet.sta", quiet))
    (admitted,) = mixed.admit(reason="The bank prints no balances")
    (name,) = [account.id for account in mixed.traced().account_list if account.opening == 250_00]
    assert admitted.by is not None
    mixed.withdraw(admitted.by.id, reason="It does")
    assert mixed.traced().account_by_id[name].opening == 250_00


def test_what_rests_on_an_admission_is_stale_when_it_is_withdrawn(mixed: Case) -> None:
    mixed.admit(reason="no balances")
    mixed.record(Claimed("A", 10_00, transfer="p1"), reason="order")
    mixed.trace(["libr"])
    admission = mixed.findings()[0]
    assert admission.id in mixed.results()[0].inputs["findings"]
    mixed.withdraw(admission.id, reason="no longer")
    (entry,) = mixed.stale()
    assert entry.why[1].startswith(f"unproved_admission {admission.id} was withdrawn by {AUTHOR}")


def test_rows_that_a_claim_names_cannot_be_taken_from_under_it(mixed: Case) -> None:
    mixed.admit(reason="no balances")
    mixed.record(Claimed("A", 10_00, transfer="u1"), reason="order")
    with pytest.raises(InputErrors, match=r"^claim [0-9a-f]{12}: 'u1' is not a transfer of this ledger"):
        mixed.withdraw(mixed.findings()[0].id, reason="no longer")
    assert "u1" in traced(mixed)


def test_an_admission_recorded_in_any_other_way_brings_the_rows_too(mixed: Case) -> None:
    source = mixed.sources()[0].sha256
    mixed.record(UnprovedAdmission(source, id_of(mixed, "U")), reason="no balances")
    assert "u1" in traced(mixed)
    with pytest.raises(InputErrors, match="is proved: a finding unproved_admission admits none of it"):
        mixed.record(UnprovedAdmission(source, id_of(mixed, "P")), reason="why not")
    with pytest.raises(InputErrors, match="is no statement and no file"):
        mixed.record(QuarantineAdmission(source, "S-99"), reason="why not")


def test_a_reason_given_with_the_files_admits_what_is_unproved_and_nothing_that_failed(
    case: Case, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = case.add([write("bare.csv", BARE), write("false.csv", FALSE)], MAPPING, unproved="no balances")
    assert [(finding.kind, finding.author) for finding in report.findings] == [("unproved_admission", AUTHOR)]
    assert traced(case) == ["u1", "u2"]
    monkeypatch.delenv("TROVER_AUTHOR", raising=False)
    nobody = Case.open(case.store.folder)  # type: ignore[attr-defined]
    with pytest.raises(InputErrors) as caught:
        nobody.add(write("more.csv", BARE.replace("u", "v")), MAPPING, unproved="no balances")
    assert [type(problem) for problem in caught.value.problems] == [MissingChoice]


def test_an_account_opens_as_its_earliest_admitted_statement_whenever_that_is_added(
    case: Case, write: Callable[..., Path]
) -> None:
    case.add(write("february.csv", FEBRUARY), MAPPING)
    assert case.traced().account_by_id["P"].opening == 6_00
    case.add(write("january.csv", PROVED), MAPPING)
    assert case.traced().account_by_id["P"].opening == 0
    assert traced(case) == ["p1", "p2", "q1", "q2"]


def test_an_opening_that_nothing_prints_is_zero_and_that_is_said(mixed: Case) -> None:
    mixed.admit(reason="no balances")
    texts = [note.text for note in mixed.derived().notes]
    assert texts == ["the opening balance of U is not printed and is taken as zero"]


def test_rows_stand_in_the_order_their_balances_prove(case: Case, write: Callable[..., Path]) -> None:
    same_day = HEAD + "d1,D,2020-01-05,-4.00,W,6.00\nd2,D,2020-01-05,10.00,V,10.00\nd3,D,2020-01-05,1.00,V,7.00\n"
    case.add([write("backward.csv", BACKWARD), write("same_day.csv", same_day)], MAPPING)
    assert traced(case) == ["b1", "b2", "d2", "d1", "d3"]
    orders = {each.statement.account: each.statement for each in case.statements()}
    assert orders["B"].order is Order.REVERSED
    assert (orders["D"].order, orders["D"].found_days) == (Order.FOUND, (date(2020, 1, 5),))


def test_what_was_judged_comes_back_from_the_log_as_it_was(mixed: Case) -> None:
    again = Case.open(mixed.store.folder)  # type: ignore[attr-defined]
    assert again.sources() == mixed.sources()
    standings = [statement.standing for statement in again.sources()[0].statements]
    assert standings == [Standing.PROVED, Standing.UNPROVED, Standing.FAILED]


def test_a_case_file_that_failed_brings_its_findings_once_it_is_let_in(case: Case, write: Callable[..., Path]) -> None:
    text = (
        '{"family": "account", "currency": "EUR", "minor_unit": 2, "params": {}, "accounts": [{"id": "Z"}],'
        '"transfers": [{"id": "z1", "ts": "2020-03-01", "from": "EXT:V", "to": "Z", "amount": 100}],'
        '"claims": [{"claimant": "V", "amount": 60, "entered": {"transfer": "z1"}}], "closing_balances": {"Z": 99}}'
    )
    assert case.add(write("case.json", text)).findings == ()
    (statement,) = case.statements()
    assert statement.place is Place.QUARANTINED
    case.admit(statement.statement.id, "a slip of the pen")
    assert [finding.kind for finding in case.findings()] == ["quarantine_admission", "claim"]


def test_a_held_source_that_was_altered_is_not_let_in(mixed: Case) -> None:
    folder: Path = mixed.store.folder  # type: ignore[attr-defined]
    path = folder / mixed.sources()[0].path
    path.write_text(path.read_text().replace("u1,U,2020-01-01,10.00", "u1,U,2020-01-01,11.00"))
    with pytest.raises(Problem, match="is not the file that was recorded"):
        mixed.admit(reason="no balances")


def test_a_folder_is_every_file_below_it_but_what_is_hidden_or_a_link(
    case: Case, write: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "statements"
    (folder / "2020").mkdir(parents=True)
    (folder / "2020" / "b.csv").write_text(PROVED)
    (folder / "a.csv").write_text(BACKWARD)
    (folder / ".notes.csv").write_text(BARE)
    (folder / "link.csv").symlink_to(write("elsewhere.csv", BARE))
    report = case.add(folder, MAPPING)
    assert [source.name for source in report.added] == ["b.csv", "a.csv"]
    assert [Path(path).name for path, _ in report.skipped] == [".notes.csv", "link.csv"]
    log = case.store.log()
    again = case.add(folder, MAPPING)
    assert (again.added, len(again.unchanged), case.store.log()) == ((), 2, log)


def test_one_more_file_costs_only_that_file(
    case: Case, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from trover.case import intake

    seen: list[str] = []

    def watched(files: object) -> object:
        listed = list(files)  # type: ignore[call-overload]
        seen.extend(source.name for source, _ in listed)
        return reading(listed)

    reading = intake.read_all
    monkeypatch.setattr(intake, "read_all", watched)
    write("one.csv", PROVED)
    case.add(tmp_path / "one.csv", MAPPING)
    write("two.csv", BACKWARD)
    case.add([tmp_path / "one.csv", tmp_path / "two.csv"], MAPPING)
    assert seen == ["one.csv", "two.csv"]


def test_an_archive_is_kept_and_its_members_are_sources_of_their_own(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "statements.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2020/proved.csv", PROVED)
        archive.writestr("bad.csv", "nothing that the mapping names\n")
    report = case.add(path, MAPPING)
    assert [(source.format, source.name, source.member) for source in report.added] == [
        ("archive", "statements.zip", ""),
        ("csv", "proved.csv", "2020/proved.csv"),
    ]
    assert [(kept.name, kept.archive) for kept, _ in report.refused] == [("bad.csv", case.sources()[0].sha256)]
    assert (traced(case), case.problems()) == (["p1", "p2"], [])
    log = case.store.log()
    again = case.add(path, MAPPING)
    assert ([kept.name for kept, _ in again.refused], case.store.log()) == (["bad.csv"], log)


def test_statements_that_print_only_their_closing_balance_prove_each_other(case: Case, tmp_path: Path) -> None:
    def ofx(day: int, amount: str, closing: str) -> Path:
        path = tmp_path / f"{day}.ofx"
        path.write_text(OFX.format(day=f"2020010{day}", amount=amount, closing=closing))
        return path

    case.add([ofx(3, "-4.00", "11.00"), ofx(1, "10.00", "10.00")])
    assert [each.place for each in case.statements()] == [Place.HELD, Place.HELD]
    case.add(ofx(2, "5.00", "15.00"))
    (second, _, first) = sorted(case.statements(), key=lambda each: each.source.name, reverse=True)
    assert [each.place for each in case.statements()] == [Place.ADMITTED, Place.HELD, Place.ADMITTED]
    assert "the statement before it" in second.statement.reason
    assert [event.inputs[0].amount for event in case.traced()] == [5_00, 4_00]
    assert case.admit(reason="the bank says it was opened then")[0].source == first.source
    assert len(case.traced()) == 3
    assert case.problems() == []


def test_files_that_number_their_rows_alike_keep_them_apart_when_admitted_together(
    case: Case, write: Callable[..., Path]
) -> None:
    for name in ("one", "two"):
        columns = {"id": "id", "date": "date", "amount": "amount", "counterparty": "to"}
        mapping = {"shape": "statement", "currency": "EUR", "account": name, "columns": columns}
        case.add(write(f"{name}.csv", f"id,date,amount,to\n1,2020-01-01,5.00,Payer of {name}\n"), mapping)
    case.admit(reason="The bank printed no balances")
    ids = [event.id for event in case.traced()]
    assert len(set(ids)) == 2
    assert {id.rpartition(":")[2] for id in ids} == {"1"}
