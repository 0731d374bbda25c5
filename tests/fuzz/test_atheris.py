"""A short run of the coverage-guided fuzzer over each reader, where it is installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from trover.sources.reader import readers

PROJECT = Path(__file__).resolve().parents[2]
NAMES = sorted({reader.name for reader in readers()})

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None,
        reason="atheris is not installed; tests/fuzz/atheris_readers.py says how it is used",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_holds_against_the_fuzzer(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.atheris_readers", name, "-runs=2000", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 2000 runs" in done.stderr
