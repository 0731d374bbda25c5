"""The redacted edition masks who is not involved, verifies by itself, and lets one value be checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bundle_cases import KEY, LEDGERS, OTHER_KEY, edit, resigned, traced, write_case

from trover.ledger.event import Account, AccountKind, transfer
from trover.ledger.ledger import Ledger
from trover.report.bundle import BundleInfo, Redaction, check, keys, write_bundle
from trover.report.bundle.write import redacted
from trover.report.verifier.check import check_bundle
from trover.report.verifier.container import read_bundle
from trover.report.verifier.redaction import FULL_EDITION
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim

SECRET = bytes(range(32))
BYSTANDER, NAME, PURPOSE = "EXT:DE99 1234 5678", "Berta Beispiel", "rent for Berta Beispiel, flat 7"


def day(number: int) -> datetime:
    return datetime(2024, 3, number, tzinfo=UTC)


def made(folder: Path, redact: Redaction | None) -> BundleInfo:
    """A bystander is paid before the claim comes in, and again in dollars; a recipient is paid out of the claim."""
    accounts = [
        Account("T", "EUR", AccountKind.BANK, "Defendant", 5000),
        Account(BYSTANDER, "EUR", AccountKind.EXTERNAL, NAME),
        Account(f"{BYSTANDER} in USD", "USD", AccountKind.EXTERNAL, NAME),
        Account("EXT:VICTIM", "EUR", AccountKind.EXTERNAL, "Victim Ltd"),
        Account("EXT:TAKER", "EUR", AccountKind.EXTERNAL, "Taker"),
        Account("EXT:CASH", "EUR", AccountKind.EXTERNAL),
        Account("SAVINGS", "EUR", AccountKind.BANK, "Uninvolved Neighbour", 700),
    ]
    events = [
        transfer("r1", day(1), 1, "T", BYSTANDER, 1000, note=PURPOSE, kind="standing order"),
        transfer("r2", day(2), 2, "T", f"{BYSTANDER} in USD", 500, 550, note="more rent"),
        transfer("r3", day(3), 3, "EXT:VICTIM", "T", 8000, note="invoice 12"),
        transfer("r4", day(4), 4, "T", "EXT:TAKER", 9000, note="thanks, and greet Berta Beispiel"),
        transfer("r5", day(5), 5, "T", "EXT:TAKER", 100, note="loan"),
        transfer("r6", day(6), 6, "SAVINGS", "EXT:CASH", 200, note="holiday"),
    ]
    ledger = Ledger.of(accounts, events)
    facts = Assumptions(claims=(Claim("VICTIM", 8000, transfer="r3"),))
    rules = ["fifo", "lifo", "libr", "haircut", "pari_passu", "poison", "libr@debits_first"]
    answers = list(compare.run(ledger, facts, rules, steps=True))
    return write_bundle(
        folder,
        ledger=ledger,
        assumptions=facts,
        answers=answers,
        cover={"case": "R 1"},
        findings=[{"id": "f1", "reason": f"{NAME} was heard as a witness"}],
        sources=[],
        key=KEY,
        redact=redact,
    )


@pytest.fixture
def pair(tmp_path: Path) -> tuple[BundleInfo, BundleInfo]:
    full = made(tmp_path / "full", None)
    return full, made(tmp_path / "redacted", Redaction(SECRET, full.manifest_sha256))


def test_nothing_of_the_bystander_is_left_in_any_file(pair: tuple[BundleInfo, BundleInfo]) -> None:
    full, redacted = (read_bundle(str(info.path)) for info in pair)
    for secret in (NAME, "DE99 1234", "flat 7", "more rent", "standing order", "Neighbour", "holiday", "SAVINGS"):
        assert any(secret.encode() in data for data in full.values()), secret
        assert [name for name, data in redacted.items() if secret.encode() in data] == []
    for kept in ("Victim Ltd", "Taker", "invoice 12", "EXT:CASH", "loan"):
        assert any(kept.encode() in data for data in redacted.values()), kept


def test_it_verifies_and_says_what_it_is(pair: tuple[BundleInfo, BundleInfo]) -> None:
    full, redacted = pair
    for path in (redacted.path, redacted.archive):
        report = check(path, redacted.fingerprint)
        assert [failure.lines() for failure in report.failures] == []
        assert any("REDACTED EDITION" in note for note in report.notes)
    made_of = Redaction(SECRET).reveal(FULL_EDITION, full.manifest_sha256)
    assert check(redacted.path, redacted.fingerprint, revealed=json.dumps([made_of]).encode()).failed == 0


def test_no_unsalted_hash_of_the_full_edition_lets_names_be_tried(pair: tuple[BundleInfo, BundleInfo]) -> None:
    full, redacted = pair
    listed = json.loads((full.path / "manifest.json").read_text())
    hashes = [full.manifest_sha256, listed["ledger_sha256"], *listed["results"].values()]
    hashes += [listed["files"][name]["sha256"] for name in ("accounts.csv", "events.csv", "legs.csv")]
    data = b"".join(read_bundle(str(redacted.path)).values())
    assert [found for found in hashes if found.encode() in data] == []


def test_amounts_order_and_structure_are_kept(pair: tuple[BundleInfo, BundleInfo]) -> None:
    full, redacted = (read_bundle(str(info.path)) for info in pair)
    assert full["runs/as_booked.json"] == redacted["runs/as_booked.json"]
    for rule in ("fifo", "libr"):
        before, after = (json.loads(files[f"results/{rule}.json"])["accounts"] for files in (full, redacted))
        assert list(before.values()) == list(after.values())
        assert before["EXT:TAKER"] == after["EXT:TAKER"]
    legs = [row.split(",") for row in redacted["legs.csv"].decode().splitlines()]
    assert ["r2", "out", "1", "EXT:PARTY 001 in USD", "550", "500"] in legs
    assert ["r1", "out", "1", "EXT:PARTY 001", "1000", "1000"] in legs


def test_one_value_can_be_shown_to_a_court_and_only_the_true_one(pair: tuple[BundleInfo, BundleInfo]) -> None:
    _, redacted = pair
    redaction = Redaction(SECRET)
    true = redaction.reveal("account EXT:PARTY 001, holder", NAME)
    note = redaction.reveal("event r1, note", PURPOSE)
    report = check(redacted.path, redacted.fingerprint, revealed=json.dumps([true, note]).encode())
    assert report.failed == 0
    assert f"{NAME!r} is what was masked at account EXT:PARTY 001, holder" in report.checks
    for false in ({**true, "value": "Somebody Else"}, {**true, "place": note["place"]}, {**true, "salt": "00" * 32}):
        report = check(redacted.path, redacted.fingerprint, revealed=json.dumps([false]).encode())
        assert [failure.file for failure in report.failures] == ["redaction.json"]
    assert check(redacted.path, redacted.fingerprint, revealed=b"[1]").failed


def test_the_secret_belongs_to_key_and_case() -> None:
    secrets = {keys.redaction_secret(key, case) for key in (KEY, OTHER_KEY) for case in ("R 1", "R 2")}
    assert len(secrets) == 4
    assert keys.redaction_secret(KEY, "R 1") in secrets


def test_salts_differ_by_place_so_that_one_opens_no_other() -> None:
    redaction = Redaction(SECRET)
    assert redaction.salt("event r1, note") != redaction.salt("event r2, note")
    assert redaction.salt("event r1, note") != Redaction(bytes(32)).salt("event r1, note")


def test_what_the_author_keeps_stays(tmp_path: Path) -> None:
    info = made(tmp_path / "b", Redaction(SECRET, keep=frozenset({BYSTANDER})))
    assert NAME in (info.path / "accounts.csv").read_text()
    assert "Neighbour" not in (info.path / "accounts.csv").read_text()


def test_a_mask_that_is_not_where_it_is_said_to_be_is_named(pair: tuple[BundleInfo, BundleInfo]) -> None:
    files = read_bundle(str(pair[1].path))
    edit(files, "events.csv", "[masked]", "[mashed]")
    report = check_bundle(resigned(files, edition="redacted"), pair[1].fingerprint)
    assert [(failure.file, failure.where["expected"]) for failure in report.failures] == [
        ("redaction.json", "[masked]")
    ]
    as_full = check_bundle(resigned(read_bundle(str(pair[1].path))), pair[1].fingerprint)
    assert [failure.file for failure in as_full.failures] == ["manifest.json"]


@pytest.mark.parametrize("case", LEDGERS)
def test_every_worked_case_has_a_redacted_edition_that_verifies(case: str) -> None:
    ledger, facts, answers = traced(case)
    plain = {"cover": {}, "findings": [], "sources": []}
    files = redacted(ledger, facts, answers, plain, Redaction(SECRET))
    files = resigned({**files, "manifest.json": b'{"engine": "1"}'}, edition="redacted")
    assert [failure.lines() for failure in check_bundle(files, keys.fingerprint(KEY)).failures] == []


def test_a_redacted_edition_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (made(tmp_path / name / "b", Redaction(SECRET)) for name in ("one", "two"))
    assert first.archive.read_bytes() == second.archive.read_bytes()
    assert write_case("C01", tmp_path / "c", ("fifo",)).manifest_sha256 != first.manifest_sha256
