"""The page on completeness: one file, nothing loaded, every text escaped, and the picture says what the words say."""

from __future__ import annotations

import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest

from trover.case.admission import Judged
from trover.case.completeness import AccountReport, Completeness, Cover, FileReport, OpenGap, Stretch
from trover.case.finding import Finding, UnprovedAdmission, now
from trover.case.marking import Handling
from trover.case.state import Source
from trover.case.statement import Statement
from trover.ledger.gap import Gap, Why
from trover.ledger.gate import Proof, Standing
from trover.report.calendar_svg import WORDS, calendar_svg
from trover.report.check_page import page, plain, verdict

NASTY = '<script>alert(1)</script>"&\u202e'
SHA = "ab" * 32
SOURCE = Source(SHA, f"{NASTY}.csv", 10, "text/csv", "csv", Handling())
FINDING = Finding(UnprovedAdmission(SHA), f"A {NASTY}", now(), f"because {NASTY}", id="f1")


def statement(standing: Standing, start: date, end: date) -> Statement:
    return Statement(
        f"S {NASTY}", "T", "EUR", standing, Proof.NOTHING, "No balance is printed.", rows=3, credits=1_234_56,
        debits=100, start=start, end=end,
    )  # fmt: skip


def report() -> Completeness:
    proved = Judged(SOURCE, statement(Standing.PROVED, date(2019, 11, 5), date(2020, 2, 29)))
    bare = Judged(SOURCE, statement(Standing.UNPROVED, date(2020, 4, 1), date(2021, 3, 31)), FINDING)
    gap = Gap("T", "EUR", date(2020, 3, 1), date(2020, 3, 31), 5_00, 8_00, Why.MISSING, (SHA, "1"), (SHA, "2"))
    days = (
        Stretch(date(2019, 11, 5), date(2020, 2, 29), Cover.PROVED),
        Stretch(date(2020, 3, 1), date(2020, 3, 31), Cover.MISSING),
        Stretch(date(2020, 4, 1), date(2021, 3, 31), Cover.UNPROVED),
    )
    account = AccountReport("T", f"Holder {NASTY}", "EUR", (proved, bare), days, (OpenGap(gap, None),))
    files = (
        FileReport(SOURCE.name, SHA, "csv", (proved, bare)),
        FileReport("bad.csv", "cd" * 32, "", problems=(f"row 2: {NASTY}",), is_refused=True),
    )
    return Completeness(f"R v {NASTY}", files, (account,), ())


@pytest.fixture(scope="module")
def made() -> str:
    return page(report(), lambda currency: 2, "2026-11-25").decode()


def test_nothing_is_loaded_and_no_text_of_the_evidence_is_code(made: str) -> None:
    assert "<script" not in made
    assert "\u202e" not in made
    assert re.findall(r'(?:src|href)="(?!#)|url\((?!#)|@import', made) == []
    assert "default-src &#39;none&#39;" in made


def test_the_page_says_what_is_wrong_first_and_who_let_it_in(made: str) -> None:
    said = verdict(report())
    assert [made.index(text) for text in said] == sorted(made.index(text) for text in said)
    assert said == [
        "In the ledger although nothing proves it, let in by a person: 1 statement, 3 rows.",
        "Tracing stops at 1 gap between statements.",
        "Refused, because it could not be read: 1 file.",
    ]
    assert "Let in by <bdi>A &lt;script&gt;" in made
    assert "1,234.56" in made


def test_the_picture_has_a_bar_for_each_year_and_a_piece_for_each_stretch_in_it() -> None:
    svg = ElementTree.fromstring(calendar_svg(report().accounts[0]))
    pieces = [(rect.get("class"), rect.findtext("title")) for rect in svg.iter("rect") if rect.get("class") != "ground"]
    spans = ["2019-11-05 to 2020-02-29", "2019-11-05 to 2020-02-29", "2020-03-01 to 2020-03-31"]
    spans += ["2020-04-01 to 2021-03-31", "2020-04-01 to 2021-03-31"]
    kinds = [Cover.PROVED, Cover.PROVED, Cover.MISSING, Cover.UNPROVED, Cover.UNPROVED]
    expected = [(f"day {k.name.lower()}", f"{s}: {WORDS[k]}") for k, s in zip(kinds, spans, strict=True)]
    assert pieces == expected
    assert [text.text for text in svg.iter("text") if text.get("class") == "year"] == ["2019", "2020", "2021"]


def test_pieces_of_a_year_lie_side_by_side_whether_or_not_it_is_a_leap_year() -> None:
    def edges(year: int) -> list[tuple[int, int]]:
        days = (
            Stretch(date(year, 1, 1), date(year, 2, 28), Cover.PROVED),
            Stretch(date(year, 3, 1), date(year, 12, 31), Cover.HELD),
        )
        svg = ElementTree.fromstring(calendar_svg(AccountReport("T", "", "EUR", (), days, ())))
        rects = [r for r in svg.iter("rect") if r.get("class") != "ground"]
        return [(int(r.get("x", "")), int(r.get("x", "")) + int(r.get("width", ""))) for r in rects]

    (_, end), (start, last) = edges(2021)
    assert end == start
    (_, end), (start, last_of_leap) = edges(2020)
    assert (start - end, last) == (2, last_of_leap)


def test_the_data_say_the_same(made: str) -> None:
    data = json.loads(json.dumps(plain(report())))
    (account,) = data["accounts"]
    assert [day["cover"] for day in account["days"]] == ["proved", "missing", "unproved"]
    (gap,) = account["gaps"]
    assert (gap["start"], gap["end"], gap["before"], gap["after"], gap["open"]) == (
        "2020-03-01", "2020-03-31", 500, 800, True,
    )  # fmt: skip
    assert data["proved"] is False
    assert data["files"][0]["statements"][1]["admitted_by"]["finding"] == "f1"
