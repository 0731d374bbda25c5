"""Findings that no trace would follow: every case file in findings/ is refused with the message beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trover.case.solve import solve
from trover.errors import InputErrors

FILES = sorted((Path(__file__).parent / "findings").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_message_is_the_one_beside_the_file(path: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        solve(path)
    expected = path.with_suffix(".expected").read_text(encoding="utf-8")
    assert "".join(f"{problem}\n" for problem in caught.value.problems) == expected
    for problem in caught.value.problems:
        assert problem.place.file == path.name
        assert problem.remedy.endswith(".")
