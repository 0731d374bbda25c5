"""What a bundle holds, that it is the same every time, and that every worked case verifies."""

from __future__ import annotations

import ast
import hashlib
import json
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from bundle_cases import KEY, LEDGERS, in_memory, traced, write_case

from trover.errors import InputErrors, Problem
from trover.report.bundle import check, keys, write_bundle
from trover.report.verifier import script
from trover.report.verifier.check import check_bundle
from trover.trace import compare


@pytest.mark.parametrize("case", LEDGERS)
def test_every_worked_case_verifies(case: str) -> None:
    report = check_bundle(in_memory(case), keys.fingerprint(KEY))
    assert [failure.lines() for failure in report.failures] == []
    assert report.failed == 0


@pytest.mark.parametrize("case", ["C29", "C31", "C51"])
def test_a_bundle_verifies_as_folder_and_as_zip(case: str, tmp_path: Path) -> None:
    info = write_case(case, tmp_path / case)
    for path in (info.path, info.archive):
        report = check(path, info.fingerprint)
        assert [failure.lines() for failure in report.failures] == []
        assert report.failed == 0


def test_a_bundle_holds_what_a_reader_needs(tmp_path: Path) -> None:
    info = write_case("C31", tmp_path / "b")
    names = {str(path.relative_to(info.path)) for path in info.path.rglob("*") if path.is_file()}
    assert {
        "README.txt", "accounts.csv", "also.csv", "assumptions.json", "claims.json", "cover.json", "events.csv",
        "findings.json", "legs.csv", "manifest.json", "manifest.sig", "runs/as_booked.json", "runs/consolidated.json",
        "results/libr@consolidated.json", "steps/libr@consolidated.csv", "signer.pub", "sources.json", "verify.py",
    } <= names  # fmt: skip
    manifest = json.loads((info.path / "manifest.json").read_text())
    assert set(manifest["files"]) == names - {"manifest.json", "manifest.sig", "signer.pub"}
    for name, listed in manifest["files"].items():
        data = (info.path / name).read_bytes()
        assert listed == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert info.manifest_sha256 == hashlib.sha256((info.path / "manifest.json").read_bytes()).hexdigest()


def test_results_carry_nano_and_minor_units(tmp_path: Path) -> None:
    info = write_case("C40", tmp_path / "b")
    held = json.loads((info.path / "results/haircut.json").read_text())["accounts"]["T"]
    assert held["total"] == held["balance"] == 10000
    assert sum(held["nano"].values()) == 10000 * 10**9
    assert sorted(held["minor"].values()) == [0, 3333, 3333, 3334]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_case("C29", tmp_path / name / "bundle") for name in ("one", "two"))
    assert first.archive.read_bytes() == second.archive.read_bytes()
    assert first.manifest_sha256 == second.manifest_sha256


def test_the_zip_is_one_that_everybody_can_open(tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b")
    with zipfile.ZipFile(info.archive) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert archive.read(entry) == (info.path / entry.filename).read_bytes()
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_poison_is_marked_as_not_recoverable(tmp_path: Path) -> None:
    info = write_case("C39", tmp_path / "b")
    assert json.loads((info.path / "results/poison.json").read_text())["recoverable"] is False
    assert "poison, poison@credits_first" in (info.path / "README.txt").read_text()


def test_writing_again_replaces_the_bundle_and_nothing_else(tmp_path: Path) -> None:
    write_case("C01", tmp_path / "b")
    info = write_case("C02", tmp_path / "b")
    assert check(info.path, info.fingerprint).failed == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "b.zip"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(Problem, match="is there already and is not a bundle"):
        write_case("C02", tmp_path / "other")
    assert (tmp_path / "other" / "thesis.txt").read_text() == "mine"


def test_steps_must_have_been_kept(tmp_path: Path) -> None:
    ledger, assumptions, _ = traced("C01")
    answers = list(compare.run(ledger, assumptions, ["fifo"]))
    with pytest.raises(Problem, match="traced without keeping its steps"):
        write_bundle(tmp_path / "b", ledger=ledger, assumptions=assumptions, answers=answers, cover={}, findings=[],
                     sources=[], key=KEY)  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_no_two_parts_of_the_script_share_a_name() -> None:
    named: list[str] = []
    for node in ast.parse(script()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            named.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named += [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    assert sorted(named) == sorted(set(named))
    assert len(named) > 100


def test_the_script_imports_the_standard_library_alone() -> None:
    imported = set()
    for node in ast.walk(ast.parse(script(), feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= sys.stdlib_module_names
    assert imported.isdisjoint({"socket", "urllib3", "http", "subprocess"})


def run_script(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The script alone: no site packages, no environment, an empty folder to run in."""
    own = path.parent / "own-copy" / "verify.py"
    own.parent.mkdir(exist_ok=True)
    own.write_text(script(), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(own), str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=own.parent, env={}, check=False)


def test_the_script_runs_alone_and_says_what_it_means(tmp_path: Path) -> None:
    info = write_case("C29", tmp_path / "b")
    done = run_script(info.archive, "--fingerprint", info.fingerprint)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()[1:]) <= 80
    last = " ".join(done.stdout.split("\n\n")[-1].split())
    assert last.startswith("Arithmetic and integrity are checked")
    assert "NOT checked: whether the claims are true, whether the ledger is complete, and whether a rule" in last


def test_without_a_fingerprint_the_script_fails_unless_told(tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b")
    silent, told = run_script(info.path), run_script(info.path, "--no-fingerprint")
    assert (silent.returncode, told.returncode) == (1, 0)
    for done in (silent, told):
        assert "THE SIGNER IS NOT CHECKED" in done.stdout
    wrong = run_script(info.path, "--fingerprint", "12 34")
    assert wrong.returncode == 2
    assert "is not a fingerprint" in wrong.stderr


def test_the_script_prints_for_machines(tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b")
    found = json.loads(run_script(info.path, "--fingerprint", info.fingerprint, "--json").stdout)
    assert (found["ok"], found["failures"], found["fingerprint"]) == (True, [], info.fingerprint)
    assert len(found["meaning"]) == 2


def test_an_answer_that_does_not_hold_is_not_handed_out(tmp_path: Path) -> None:
    """The engine is made to err by one nano unit between two owners; the verifier's own engine finds it."""
    ledger, assumptions, answers = traced("C02")
    [answer] = [answer for answer in answers if answer.key == "haircut"]
    assert answer.trace is not None
    account, content = next((id, held) for id, held in answer.trace.content.items() if len(held) > 1)
    first, second = list(content)[:2]
    wrong = {**content, first: content[first] + 1, second: content[second] - 1}
    trace = replace(answer.trace, content={**answer.trace.content, account: wrong})
    with pytest.raises(InputErrors, match="does not hold, so no bundle was written"):
        write_bundle(tmp_path / "b", ledger=ledger, assumptions=assumptions, answers=[replace(answer, trace=trace)],
                     cover={}, findings=[], sources=[], key=KEY)  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_fractions_are_refused_when_writing(tmp_path: Path) -> None:
    ledger, assumptions, answers = traced("C01")
    with pytest.raises(TypeError, match="is a float"):
        write_bundle(tmp_path / "b", ledger=ledger, assumptions=assumptions, answers=answers, cover={"rate": [1.5]},
                     findings=[], sources=[], key=KEY)  # fmt: skip


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "config" / "key.pem"
    made = keys.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.fingerprint(keys.load_or_create(path)) == keys.fingerprint(made)
    path.chmod(0o644)
    with pytest.raises(InputErrors, match="lets others use this key"):
        keys.load(path)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("-----BEGIN NOTHING-----\n")
    path.chmod(0o600)
    with pytest.raises(InputErrors, match="is not an Ed25519 key"):
        keys.load(path)
    with pytest.raises(InputErrors, match="cannot be read"):
        keys.load(tmp_path / "absent.pem")
