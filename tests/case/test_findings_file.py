"""A finding survives its file: whatever its texts hold, what is written is what is read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from trover.case.finding import BODIES, Body, Claimed, Finding, Note, Pool, plain_finding
from trover.case.findings_file import findings_text, read_findings
from trover.case.marking import Handling, Tlp
from trover.case.offence import Offence, is_iccs
from trover.case.read_finding import RECORD

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
SPOKEN = TEXT.filter(lambda text: bool(text.strip()))
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))
CLAIMS = st.builds(
    Claimed,
    claimant=TEXT,
    amount=st.integers(1, 10**38 - 1),
    currency=st.sampled_from(["", "EUR", "0123", "no"]),
    transfer=TEXT,
    repaid=st.integers(0, 10**20),
    offence=st.sampled_from(["", *Offence]).map(str),
    iccs=st.sampled_from(["", "07", "0701", "07019", "070111"]),
    offence_date=st.none() | DAYS,
)
BODY: st.SearchStrategy[Body] = st.one_of(
    CLAIMS,
    st.builds(Pool, pool=TEXT, accounts=st.lists(TEXT, min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(Note, text=SPOKEN, about=TEXT),
)
HANDLINGS = st.builds(
    Handling, st.sampled_from(Tlp), st.lists(TEXT, max_size=2).map(tuple), st.none() | DAYS
)  # fmt: skip
FINDINGS = st.builds(
    Finding, BODY, author=TEXT, date=TIMES, reason=SPOKEN, evidence=st.lists(TEXT, max_size=2).map(tuple),
    supersedes=st.sampled_from(["", "0123456789ab", "000000000000", "1e5"]), handling=HANDLINGS,
).map(Finding.sealed)  # fmt: skip


QUICK = settings(max_examples=60, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@QUICK
@given(st.lists(FINDINGS, max_size=4, unique_by=lambda finding: finding.id))
def test_what_is_written_is_what_is_read(findings: list[Finding]) -> None:
    text = findings_text("R v Example\n# of two lines", findings)
    assert [finding for finding, _ in read_findings(text.encode(), Handling())] == findings
    assert all(finding.is_intact for finding, _ in read_findings(text.encode(), Handling()))


@QUICK
@given(FINDINGS)
def test_other_readers_of_yaml_see_the_same_values(finding: Finding) -> None:
    (row,) = yaml.safe_load(findings_text("x", [finding]))["findings"]
    assert row == plain_finding(finding)


@QUICK
@given(FINDINGS)
def test_the_id_is_of_all_that_the_finding_says(finding: Finding) -> None:
    changed = [
        replace(finding, author=finding.author + "."),
        replace(finding, reason=finding.reason + "."),
        replace(finding, evidence=(*finding.evidence, "x")),
        replace(finding, supersedes="ffffffffffff"),
        replace(finding, date=finding.date.replace(year=1980, day=1)),
        replace(finding, body=Note("other")),
        replace(finding, handling=replace(finding.handling, legal_basis=(*finding.handling.legal_basis, "x"))),
    ]
    assert len({finding.id, *(other.sealed().id for other in changed)}) == 1 + len(changed)


def test_every_kind_of_finding_is_known_by_its_name() -> None:
    assert {kind: body.kind for kind, body in BODIES.items()} == {kind: kind for kind in BODIES}
    assert len(BODIES) == 21


def test_every_kind_and_field_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "findings-file.md").read_text(encoding="utf-8")
    named = {field.name for body in BODIES.values() for field in fields(body)}  # type: ignore[arg-type]
    assert [word for word in (*BODIES, *named, *RECORD, *Offence) if f"`{word}`" not in page] == []


@pytest.mark.parametrize("code", ["01", "11", "0101", "01011", "010111"])
def test_an_iccs_code(code: str) -> None:
    assert is_iccs(code)


@pytest.mark.parametrize("code", ["", "1", "00", "12", "010", "0101111", "01.01", "\u0660\u0661", " 01"])
def test_no_iccs_code(code: str) -> None:
    assert not is_iccs(code)
