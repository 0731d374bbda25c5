"""The demonstration from the command line: the figures everybody will see, and that they hold together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from trover.cli import run

CENT = 100


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the case, with a configuration of its own so that no key of the user is touched."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        yield folder


@pytest.fixture(scope="module")
def told(home: Path) -> dict[str, Any]:
    with redirect_stdout(StringIO()) as out:
        assert run(["demo", str(home / "case"), "--json"]) == 0
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


def dollars(told: dict[str, Any], rule: str, recipient: str) -> int:
    return int(told["rules"][rule]["recipients"][recipient]["CLAIM"])


def left(told: dict[str, Any], rule: str) -> dict[str, int]:
    row: dict[str, int] = told["rules"][rule]["accounts"]["EE773300333487040004"]
    return row


VELASCO = "Velasco International Inc."


def test_the_account_closes_at_the_sum_of_the_rows(told: dict[str, Any]) -> None:
    for rule in ("fifo", "lifo", "libr", "haircut", "taint_first"):
        assert sum(left(told, rule).values()) == 3_116_665 * CENT


@pytest.mark.parametrize("order", ["", "@credits_first"])
def test_credits_before_debits(told: dict[str, Any], order: str) -> None:
    assert left(told, f"libr{order}")["CLAIM"] == 2_792_728 * CENT
    assert dollars(told, f"libr{order}", VELASCO) == 458_283 * CENT
    assert left(told, f"fifo{order}")["CLAIM"] == 0
    assert dollars(told, f"fifo{order}", VELASCO) == 78_902 * CENT
    assert dollars(told, f"haircut{order}", VELASCO) == 465_128_87
    assert left(told, f"haircut{order}")["CLAIM"] == 417_440_75


def test_debits_before_credits(told: dict[str, Any]) -> None:
    accounts = told["rules"]["fifo@debits_first"]["accounts"]
    assert accounts["OD:EE773300333487040004"]["CLAIM"] == 3_785_380 * CENT
    assert dollars(told, "fifo@debits_first", VELASCO) == 19_487 * CENT


def test_the_whole_claim_is_accounted_for_under_every_recoverable_rule(told: dict[str, Any]) -> None:
    """Exactly where no account holds a part of a cent; else to within the rounding of each account."""
    seen = 0
    for key, rule in told["rules"].items():
        if rule["recoverable"] and rule["recipients"]:
            reached = sum(row["CLAIM"] for row in rule["accounts"].values())
            rounding = len(rule["accounts"]) if key.startswith("haircut") else 0
            assert abs(reached - 5_690_187 * CENT) <= rounding, key
            seen += 1
    assert seen == 21


def test_the_case_verifies_and_the_bundle_under_its_fingerprint(
    told: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(home / "case")]) == 0
    assert "36 results recomputed" in capsys.readouterr().out
    assert run(["verify", told["archive"], "--fingerprint", told["fingerprint"]]) == 0
    assert "NOT checked" in capsys.readouterr().out
    assert run(["verify", told["archive"], "--fingerprint", "0" * 64]) == 1


@pytest.mark.slow
def test_again_continues_where_it_was_and_says_first_what_must_be_read(
    told: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [home / "case" / "findings.yml", home / "case" / "exhibit" / "bundle" / "manifest.json"]
    before = [path.read_bytes() for path in kept]
    assert run(["demo", str(home / "case")]) == 0
    assert [path.read_bytes() for path in kept] == before
    shown = capsys.readouterr().out
    for words in ("hypothesis for illustration", "rounded up to whole", "assumed to be zero", "is not evidenced"):
        assert words in " ".join(shown[:1200].split())
    assert max(len(line) for line in shown.splitlines() if str(home) not in line and "Signed" not in line) <= 84


def test_another_case_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", str(tmp_path / "case"), "--name", "R v Example", "--author", "A. Analyst"]) == 0
    assert run(["demo", str(tmp_path / "case")]) == 2
    assert "holds another case" in capsys.readouterr().err
