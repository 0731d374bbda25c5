"""Two agreeing forms as one source: what it gives to the gate, and what no one can slip into it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from keying_forms import ROWS, file_of

from trover.errors import InputErrors
from trover.ledger.check import PlaceIn
from trover.ledger.gate import Proof, Standing, judge
from trover.sources.custody import SourceFile, source_of
from trover.sources.keying_joined import joined
from trover.sources.reader import read_records
from trover.sources.record import AccountRecord, EventRecord, StatementRecord


def source(**changes: object) -> SourceFile:
    data = json.loads(joined([file_of(), file_of("B. Bo")], "C. Checker")) | changes
    return source_of("statement.json", json.dumps(data).encode())


def refusal(file: SourceFile) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        read_records(file)
    return [type(problem).__name__ for problem in caught.value.problems]


def test_it_names_both_persons_both_forms_the_scan_and_who_checked() -> None:
    data = json.loads(joined([file_of(), file_of("B. Bo")], " C. Checker "))
    assert data["checked_by"] == "C. Checker"
    assert [(form["name"], form["sha256"]) for form in data["forms"]] == [
        (form.name, form.sha256) for form in (file_of(), file_of("B. Bo"))
    ]
    assert all(f"scan,scan.pdf,{'ab' * 32}" in form["text"] for form in data["forms"])
    assert ["A. Ali" in data["forms"][0]["text"], "B. Bo" in data["forms"][1]["text"]] == [True, True]


def test_its_records_are_a_statement_with_pages_lines_and_balances() -> None:
    reading = read_records(source(), None)
    assert reading.format == "keyed"
    account, employer, landlord, statement, salary, rent = reading.records
    assert isinstance(account, AccountRecord)
    assert (account.id, account.opening, account.closing) == ("EE773300333487040004", 10000, 15050)
    assert isinstance(employer, AccountRecord)
    assert (employer.id, employer.holder) == ("EXT:Employer", "Employer")
    assert isinstance(landlord, AccountRecord)
    assert isinstance(statement, StatementRecord)
    assert (statement.opening, statement.closing, statement.booked) == (10000, 15050, True)
    assert isinstance(salary, EventRecord)
    assert isinstance(rent, EventRecord)
    assert (salary.pointer.page, salary.pointer.row) == ("page 1", 1)
    assert (rent.inputs[0].account, rent.inputs[0].amount, rent.balance) == ("EE773300333487040004", 5000, 15050)
    assert (rent.time.date(), rent.statement, rent.note) == (date(2020, 1, 3), statement.id, "Rent")


def test_the_gate_judges_it_like_any_statement() -> None:
    proved = read_records(source())
    (verdict,) = judge(proved.records, PlaceIn(proved.files, {}))
    assert (verdict.standing, verdict.proof) == (Standing.PROVED, Proof.BOTH)
    forms = [file_of(by, (ROWS[0], ROWS[1].replace("50.00", "60.00"))) for by in ("A. Ali", "B. Bo")]
    failed = read_records(source_of("keyed.json", joined(forms, "C. Checker")))
    (verdict,) = judge(failed.records, PlaceIn(failed.files, {}))
    assert verdict.standing is Standing.FAILED
    assert str(verdict.first_bad).startswith("keyed.json, page 1, row 2")


def test_a_row_that_moves_nothing_is_kept_as_such() -> None:
    forms = [file_of(by, ("1,1,2020-01-01,Brought forward,,,,,100.00", *ROWS[1:])) for by in ("A. Ali", "B. Bo")]
    (row,) = read_records(source_of("keyed.json", joined(forms, "C. Checker"))).unbooked
    assert (row.pointer.page, row.pointer.row) == ("page 1", 1)
    assert row.reason == "it moves nothing (2020-01-01 | Brought forward | balance 100.00)"


def test_forms_that_differ_are_not_joined() -> None:
    with pytest.raises(InputErrors, match="'Rent' in one form and 'Bent' in the other"):
        joined([file_of(), file_of("B. Bo", (ROWS[0], ROWS[1].replace("Rent", "Bent")))], "C. Checker")


def test_a_form_is_joined_only_with_that_of_another_person_and_by_somebody() -> None:
    with pytest.raises(InputErrors, match="has keyed both forms"):
        joined([file_of(), file_of(closing="150.5")], "C. Checker")
    with pytest.raises(InputErrors, match="names nobody who looked at both forms"):
        joined([file_of(), file_of("B. Bo")], " ")


def test_what_was_changed_after_it_was_joined_is_refused() -> None:
    forms = json.loads(source().data)["forms"]
    altered = [{**form, "text": form["text"].replace("Rent", "Loan")} for form in forms]
    assert refusal(source(forms=altered)) == ["FormAltered", "FormAltered"]
    assert refusal(source(forms=forms[:1])) == ["FormAlone"]
    assert refusal(source(forms=[forms[0], forms[0]])) == ["SameForm", "KeyedTwiceByOne"]
    assert refusal(source(version=2)) == ["NotAForm"]
    assert refusal(source(extra=1)) == ["UnknownField"]
    assert refusal(source(checked_by="")) == ["KeyedByNobody"]


def test_one_form_alone_is_no_statement() -> None:
    assert refusal(file_of()) == ["FormAlone"]


def test_cells_that_a_form_names_must_be_given() -> None:
    text = file_of("", read_by="tesseract 5.3.0").data.decode().replace("scan,", f"cells,c.tsv,{'cd' * 32}\r\nscan,", 1)
    with pytest.raises(InputErrors, match="is not among the files given"):
        joined([source_of("read.csv", text.encode()), file_of()], "C. Checker")
