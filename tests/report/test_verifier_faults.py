"""A bundle that was changed, by accident or on purpose, fails, and the failure names the place."""

from __future__ import annotations

import functools
import json
import random
import re
from pathlib import Path

import pytest
from bundle_cases import OTHER_KEY, check_changed, edit, resigned, write_case

from trover.report.bundle.write import BundleInfo
from trover.report.verifier.check import check_bundle
from trover.report.verifier.container import read_bundle

FEW = ("fifo", "lifo", "libr", "haircut", "poison", "pari_passu", "fifo@debits_first")


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> BundleInfo:
    return write_case("C29", tmp_path_factory.mktemp("faults") / "bundle", FEW)


@pytest.fixture
def files(info: BundleInfo) -> dict[str, bytes]:
    return read_bundle(str(info.path))


def test_one_digit_anywhere_fails_and_the_file_and_line_are_named(info: BundleInfo, files: dict[str, bytes]) -> None:
    chance = random.Random(20240102)
    tried = 0
    for name, data in files.items():
        digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
        for at in chance.sample(digits, min(3, len(digits))):
            changed = bytearray(data)
            changed[at] = 48 + (data[at] - 48 + chance.randrange(1, 10)) % 10
            report = check_bundle({**files, name: bytes(changed)}, info.fingerprint)
            line = data.count(b"\n", 0, at) + 1
            places = {(failure.file, failure.line) for failure in report.failures}
            assert report.failed
            if name in ("manifest.json", "manifest.sig", "signer.pub", "lines.json"):
                assert {file for file, _ in places} & {name, "manifest.sig"}
            else:
                assert (name, line) in places
            tried += 1
    assert tried > len(files)


def test_every_file_is_missed(info: BundleInfo, files: dict[str, bytes]) -> None:
    for name in files:
        report = check_bundle({other: data for other, data in files.items() if other != name}, info.fingerprint)
        assert (name, "is missing") in {(failure.file, failure.says) for failure in report.failures}


def test_a_file_too_many_is_named(info: BundleInfo, files: dict[str, bytes]) -> None:
    report = check_bundle({**files, "results/other.json": b"{}\n"}, info.fingerprint)
    assert [failure.file for failure in report.failures] == ["results/other.json"]


def test_every_truncated_file_fails(info: BundleInfo, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        report = check_bundle({**files, name: data[: len(data) // 2]}, info.fingerprint)
        assert any(failure.file in (name, "manifest.sig") for failure in report.failures), name


def test_signed_again_with_another_key_fails_on_the_fingerprint(info: BundleInfo) -> None:
    report = check_changed(info, lambda files: edit(files, "cover.json", "A worked case", "Another case"), OTHER_KEY)
    assert [failure.file for failure in report.failures if "line" not in failure.says] == ["signer.pub"]
    assert "another key" in report.failures[0].says


def move(files: dict[str, bytes], name: str, line: int, column: int, change: dict[str, int]) -> None:
    """Add to owners in a cell of compositions."""
    rows = [row.split(",") for row in files[name].decode().split("\n")]
    held = dict(entry.split("=") for entry in rows[line - 1][column].split(" ") if entry)
    for owner, quantity in change.items():
        held[owner] = str(int(held.get(owner, "0")) + quantity)
    rows[line - 1][column] = " ".join(f"{owner}={held[owner]}" for owner in sorted(held) if held[owner] != "0")
    files[name] = "\n".join(map(",".join, rows)).encode()


def test_a_conserving_but_wrong_fifo_fails_and_the_step_is_named(tmp_path: Path) -> None:
    """One payment takes the money of the other claimant; every sum still agrees; signed with the same key."""
    info = write_case("C01", tmp_path / "b")
    step = read_bundle(str(info.path))["steps/fifo.csv"].decode().splitlines()[3].split(",")
    assert step[:5] == ["t3", "in", "1", "T", "100000"]
    (taken, quantity), left = step[5].split("="), step[9].split("=")[0]
    nano = int(quantity)
    swapped = {taken: -nano, left: nano}

    def swap(files: dict[str, bytes]) -> None:
        move(files, "steps/fifo.csv", 4, 5, swapped)
        move(files, "steps/fifo.csv", 4, 9, {taken: nano, left: -nano})
        move(files, "steps/fifo.csv", 5, 5, swapped)
        move(files, "steps/fifo.csv", 5, 9, swapped)
        move(files, "steps/fifo.csv", 5, 10, swapped)
        result = json.loads(files["results/fifo.json"])
        for account, owner in (("T", taken), ("EXT:DISSIPATED", left)):
            held = result["accounts"][account]
            held["nano"] = {owner: nano}
            held["minor"] = {name: 100000 if name == owner else 0 for name in held["minor"]}
        files["results/fifo.json"] = (json.dumps(result) + "\n").encode()

    report = check_changed(info, swap)
    assert {failure.file for failure in report.failures} == {"steps/fifo.csv", "results/fifo.json"}
    first = report.failures[0]
    assert (first.file, first.line) == ("steps/fifo.csv", 4)
    assert {name: first.where[name] for name in ("rule", "event", "account", "expected", "found")} == {
        "rule": "fifo", "event": "t3", "account": "T", "expected": quantity, "found": "0",
    }  # fmt: skip
    says = {failure.says for failure in report.failures}
    assert all("does not follow from the rows above" in line or line == "nano units differ" for line in says), says


REWRITTEN = [
    ("legs.csv", "t1,out,1,T,10000,10000", "t1,out,1,T,10001,10001", "legs.csv"),
    ("legs.csv", "t3,out,1,EXT:X,5000,5000", "t3,out,1,EXT:Y,5000,5000", "steps/fifo.csv"),
    ("claims.json", '"amount": 10000', '"amount": 9000', "steps/fifo.csv"),
    ("claims.json", '"amount": 10000', '"amount": 1000000', "claims.json"),
    ("accounts.csv", "T,GBP,bank,DEFENDANT,0", "T,GBP,bank,DEFENDANT,5", "steps/fifo.csv"),
    ("assumptions.json", '"t5": "t3"', '"t5": "t4"', "steps/fifo.csv"),
    ("assumptions.json", '"interest": "accrue"', '"interest": "sometimes"', "assumptions.json"),
]


@pytest.mark.parametrize(("name", "old", "new", "place"), REWRITTEN)
def test_rewritten_evidence_signed_by_the_author_is_found(
    info: BundleInfo, name: str, old: str, new: str, place: str
) -> None:
    report = check_changed(info, lambda changed: edit(changed, name, old, new))
    assert place in {failure.file for failure in report.failures}


FIGURES = re.compile(rb"[0-9]")


def test_one_digit_of_any_figure_fails_even_when_the_author_signs_it(info: BundleInfo, files: dict[str, bytes]) -> None:
    """Hashes, ids and signature fit again; what is left to find it is the replay and the audit."""
    chance = random.Random(20240103)
    figures = [name for name in files if name.startswith(("steps/", "results/")) or name == "legs.csv"]
    for name in figures:
        start = files[name].index(b'"accounts"' if name.startswith("results/") else b"\n" if "steps" in name else b"")
        digits = [found.start() for found in FIGURES.finditer(files[name], start)]
        for at in chance.sample(digits, min(6, len(digits))):
            changed = bytearray(files[name])
            changed[at] = 48 + (changed[at] - 48 + chance.randrange(1, 10)) % 10
            report = check_changed(info, functools.partial(put, name=name, content=bytes(changed)))
            assert report.failed, (name, at, bytes(changed[at - 20 : at + 20]))


def put(files: dict[str, bytes], name: str, content: bytes) -> None:
    files[name] = content


def test_an_order_that_does_not_follow_is_named(info: BundleInfo, files: dict[str, bytes]) -> None:
    order = json.loads(files["runs/as_booked.json"])["order"]

    def swap(changed: dict[str, bytes]) -> None:
        run = json.loads(changed["runs/as_booked.json"])
        run["order"][0], run["order"][1] = run["order"][1], run["order"][0]
        changed["runs/as_booked.json"] = json.dumps(run).encode()

    failure = check_changed(info, swap).failures[0]
    assert failure.file == "runs/as_booked.json"
    assert (failure.where["expected"], failure.where["found"]) == (order[0], order[1])


def test_an_event_left_out_of_the_run_is_named(info: BundleInfo) -> None:
    def drop(changed: dict[str, bytes]) -> None:
        run = json.loads(changed["runs/as_booked.json"])
        run["order"].remove("t2")
        changed["runs/as_booked.json"] = json.dumps(run).encode()

    failure = check_changed(info, drop).failures[0]
    assert (failure.file, failure.where["event"]) == ("runs/as_booked.json", "t2")


UNREADABLE = [
    ("cover.json", b'{"a": 1, "a": 2}\n', "'a' occurs twice"),
    ("cover.json", b'{"a": NaN}\n', "'NaN' is not a whole number"),
    ("cover.json", b'{"a": 1.5}\n', "'1.5' is not a whole number"),
    ("cover.json", b'{"a": -Infinity}\n', "is not a whole number"),
    ("cover.json", b'{"a": ' + b"9" * 5000 + b"}\n", "is not a whole number"),
    ("findings.json", b"[" * 100_000, "nested too deeply"),
    ("sources.json", b"\xff\xfe", "is not UTF-8"),
    ("claims.json", b"{}\n", "not list"),
    ("claims.json", b"[[]]\n", "not dict"),
    ("assumptions.json", b"{}\n", "'bfp' is missing"),
    ("results/fifo.json", b"[]\n", "not dict"),
    ("steps/fifo.csv", b"a,b\n", "cells, not"),
    ("steps/fifo.csv", b"", "cut off"),
    ("accounts.csv", b'id,currency,kind,holder,opening\nT,EUR,bank,"', "cut off"),
    ("accounts.csv", b"id,currency,kind,holder,opening\nT,EUR,bank,,0x5\n", "is not a whole number"),
    ("accounts.csv", b"id,currency,kind,holder,opening\nT,EUR,bank,," + b"9" * 90 + b"\n", "not a whole number"),
    ("events.csv", b"\0\n", "NUL"),
]


@pytest.mark.parametrize(("name", "content", "says"), UNREADABLE)
def test_what_is_not_readable_fails_in_its_file(info: BundleInfo, name: str, content: bytes, says: str) -> None:
    """Signed by the author, so that only the reading can refuse it."""
    report = check_changed(info, lambda files: files.__setitem__(name, content))
    assert any(failure.file == name and says in failure.says for failure in report.failures), [
        failure.lines() for failure in report.failures
    ]


def test_a_screening_measure_called_recoverable_fails(info: BundleInfo) -> None:
    report = check_changed(
        info, lambda files: edit(files, "results/poison.json", '"recoverable": false', '"recoverable": true')
    )
    assert "results/poison.json" in {failure.file for failure in report.failures}


def test_a_required_rule_cannot_be_declared_skipped(info: BundleInfo) -> None:
    report = check_changed(info, lambda files: edit(files, "results/libr.json", '"skipped": ""', '"skipped": "no"'))
    assert "results/libr.json" in {failure.file for failure in report.failures}


def test_a_cover_that_prints_another_fingerprint_fails(info: BundleInfo) -> None:
    other = '"title": "A worked case", "key_fingerprint": "' + "ab" * 32 + '"'
    report = check_changed(info, lambda files: edit(files, "cover.json", '"title": "A worked case"', other))
    assert [failure.file for failure in report.failures] == ["cover.json"]


def test_changed_claims_are_named_without_a_failure_for_every_id(info: BundleInfo, files: dict[str, bytes]) -> None:
    changed = files["claims.json"].replace(b'"claimant": "A"', b'"claimant": "Z"')
    report = check_bundle({**files, "claims.json": changed}, info.fingerprint)
    assert (report.failures[0].file, report.failures[0].line) == ("claims.json", 4)
    assert not [failure for failure in report.failures if failure.says == "result id is wrong"]


def test_no_two_keys_of_one_manifest(info: BundleInfo, files: dict[str, bytes]) -> None:
    doubled = files["manifest.json"].replace(b'"version": 1,', b'"version": 1,\n "version": 1,')
    report = check_bundle({**files, "manifest.json": doubled}, info.fingerprint)
    assert {failure.file for failure in report.failures} == {"manifest.json", "manifest.sig"}


def test_signing_again_with_the_same_key_changes_nothing(info: BundleInfo, files: dict[str, bytes]) -> None:
    assert check_bundle(resigned(files), info.fingerprint).failed == 0


BASIS = ("accounts.csv", "also.csv", "events.csv", "legs.csv", "claims.json", "assumptions.json", "runs/as_booked.json")


def test_whatever_is_signed_is_checked_or_refused_and_nothing_escapes(
    info: BundleInfo, files: dict[str, bytes]
) -> None:
    """Random damage to what everything rests on, signed by the author."""
    chance = random.Random(20240104)
    tokens = [
        b"0",
        b"-1",
        b"9" * 70,
        b"null",
        b"[]",
        b"{}",
        b'""',
        b",",
        b"\n",
        b'"',
        b"T",
        b"EXT:A",
        b"t3",
        b"out",
        b"in",
    ]
    refused = 0
    for _ in range(120):
        name = chance.choice(BASIS)
        at = chance.randrange(len(files[name]))
        end = at + chance.choice([0, 1, 1, 3, 10, 60])
        content = files[name][:at] + chance.choice([b"", *tokens]) + files[name][end:]
        report = check_changed(info, functools.partial(put, name=name, content=content))
        refused += bool(report.failed)
        assert all(failure.place or failure.says for failure in report.failures)
    assert refused > 90


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("assumptions.json", '"consolidate": {}', '"consolidate": {"T": ["T", "nobody"]}'),
        ("assumptions.json", '"t5": "t3"', '"t5": "t5"'),
        ("assumptions.json", '"t5": "t3"', '"t3": "t5"'),
        ("claims.json", '"transfer": "t2"', '"transfer": "t4"'),
        ("claims.json", '"transfer": "t2"', '"transfer": "nothing"'),
        ("events.csv", "t2,2020-01-02T", "t2,2019-01-02T"),
    ],
)
def test_findings_that_contradict_the_ledger_fail(info: BundleInfo, name: str, old: str, new: str) -> None:
    assert check_changed(info, lambda files: edit(files, name, old, new)).failed or "consolidate" in new
