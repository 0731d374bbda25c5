"""The benchmark of raw blocks, small: every way of reading counts the same transactions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.chain import main

SAMPLE = Path(__file__).parents[2] / "fuzz" / "samples" / "blocks.dat"


def test_every_way_reads_all_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(SAMPLE)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("6 blocks")
    names = [line.split()[0] for line in lines[1:]]
    assert names == ["embit", "blocks", "records", "sandbox"]
    assert all(re.search(r"[\d,]+ transactions/s$", line) for line in lines[2:])
