"""A command that is killed, wherever, leaves the case as it was or as it becomes: nothing in between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


def killed(folder: Path, action: str) -> dict[str, Any]:
    script = [sys.executable, str(HERE / "killed.py"), str(folder), action]
    done = subprocess.run(script, capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("action", "steps"),
    [
        ("add", 15),
        pytest.param("edit", 8, marks=pytest.mark.slow),
        pytest.param("admit", 10, marks=pytest.mark.slow),
        pytest.param("record", 8, marks=pytest.mark.slow),
        pytest.param("trace", 10, marks=pytest.mark.slow),
    ],
)
def test_a_killed_command_leaves_the_case_whole(tmp_path: Path, action: str, steps: int) -> None:
    found = killed(tmp_path, action)
    assert found["before"] != found["after"]
    assert len(found["found"]) > steps
    for case in found["found"]:
        if action == "edit":
            assert case == found["after"]
        else:
            assert case in (found["before"], found["after"])
    assert found["after"]["problems"] == []
    assert found["after"]["in the file"]
    assert found["left"] == []


def test_a_killed_creation_leaves_no_case_or_a_whole_one(tmp_path: Path) -> None:
    found = killed(tmp_path, "create")
    assert found["after"]["findings"] == []
    for case in found["found"]:
        assert case in ("CaseMissing", found["after"])
