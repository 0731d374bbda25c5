"""A case whose readable files were spoilt is refused with exactly the message beside the file, and nothing is done.

tests/errors/case holds findings.yml and case.yml files with something wrong in them, each with the message.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from worlds import AUTHOR, folder_case

from trover.case.case import Case
from trover.errors import FileTooLarge, InputErrors
from trover.sources import strict_yaml

HERE = Path(__file__).parent.parent / "errors" / "case"
FILES = sorted(HERE.glob("*.yml"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "case"
    folder_case(folder)
    return folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_message_is_the_one_beside_the_file(template: Path, tmp_path: Path, path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(template, folder)
    target = folder / ".".join(path.name.split(".")[-2:])
    target.write_bytes(path.read_bytes())
    log = (folder / "custody.jsonl").read_bytes()
    with pytest.raises(InputErrors) as caught:
        Case.open(folder, AUTHOR).record_all([], reason="nothing")
    said = "".join(f"{problem}\n" for problem in caught.value.problems)
    assert said == path.with_suffix(".expected").read_text(encoding="utf-8")
    assert target.read_bytes() == path.read_bytes()
    assert (folder / "custody.jsonl").read_bytes() == log
    assert all(problem.place.file == target.name for problem in caught.value.problems)


def test_a_file_too_large_is_not_even_parsed(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "case"
    shutil.copytree(template, folder)
    with (folder / "findings.yml").open("a") as file:
        file.write("#" * 2_000)
    monkeypatch.setattr(strict_yaml, "LARGEST", 1_000)
    with pytest.raises(InputErrors) as caught:
        Case.open(folder, AUTHOR)
    assert [type(problem) for problem in caught.value.problems] == [FileTooLarge]
