"""Every file here is refused, or a statement of it fails, with exactly the message beside it: `<name>.expected`.

A table is read under `<name>.mapping.yml`, or under `default.mapping.yml`. A file that is itself a mapping
is read as one. Whole lines are compared, so the words a person reads are tested, not their class.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import trover
from trover import errors
from trover.errors import InputErrors, Problem
from trover.ledger.build import build_ledger
from trover.ledger.check import PlaceIn
from trover.ledger.gate import judge
from trover.sources.custody import read_source
from trover.sources.mapping import Mapping, read_mapping
from trover.sources.reader import read_records

HERE = Path(__file__).parent
KINDS = (".csv", ".dat", ".json", ".ofx", ".txt", ".xlsx", ".xml", ".yml")
FILES = sorted(path for path in HERE.iterdir() if path.suffix in KINDS and not path.name.endswith(".mapping.yml"))


def load(path: Path) -> None:
    if path.suffix == ".yml":
        read_mapping(path)
        return
    mapping: Mapping | None = None
    if path.suffix in (".csv", ".xlsx"):
        own = path.with_suffix(".mapping.yml")
        mapping = read_mapping(own if own.exists() else HERE / "default.mapping.yml")
    reading = read_records(read_source(path), mapping)
    build_ledger(
        reading.records,
        files=reading.files,
        columns=reading.columns,
        claims=reading.claims,
        problems=list(dict.fromkeys((*reading.problems, *(p for row in reading.broken_rows for p in row.problems)))),
        broken=reading.broken,
    )
    verdicts = judge(reading.records, PlaceIn(reading.files, reading.columns), reading.broken_rows)
    failed = [verdict.first_bad for verdict in verdicts if verdict.first_bad]
    if failed:
        raise InputErrors(failed)


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputErrors) as caught:
        load(path)
    return caught.value.problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_message_is_the_one_beside_the_file(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8")
    assert "".join(f"{problem}\n" for problem in problems_of(path)) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_problem_names_the_file_and_what_to_do(path: Path) -> None:
    for problem in problems_of(path):
        assert path.stem in problem.place.file or problem.place.file.endswith(".mapping.yml")
        assert problem.remedy.endswith(".")


ELSEWHERE = {
    "Problem",  # the base of all
    "NotReadable",  # a file that is not there
    "MappingMissing",  # a table without --mapping
    "UnbalancedEvent",  # no format of today can say it; a reader that could is checked by the ledger
    "AccountContradiction",  # two files
    "RewardTooHigh",  # nobody can make one: tests/sources/chain/test_blocks.py, on a chain without work
    "StaleBlock",  # a remark: the file is read
    "StoreDamaged",  # a stored ledger
    "ChainBroken",  # a custody log
    "TotalContradicted",  # a remark: the file is read
    "NotPdf",  # PDFs are made by the tests of their reader
    "TextLayerMissing",
    "FileTooLarge",  # a file of 32 million bytes
    "MappingReused",  # a remark: the file is read
    "HiddenCells",  # a remark: the workbook is read
    "ChecksumFails",  # a remark on a page, which is read: tests/sources/darkweb/test_page.py
    "PageSpoiled",  # the same
    "PageUnclear",  # the same
    "ArchiveDamaged",  # an archive: tests/sources/test_archive.py
    "ArchiveTooLarge",  # the same
    "MemberLocked",  # the same
    "MemberRefused",  # the same
    "NotTsv",  # a scan: tests/sources/keying/test_scan_tsv.py
    "ScanRefused",  # a scan: tests/sources/keying/test_scan_program.py
    "TesseractMissing",  # the same
    "ReadingBroke",  # a reader that fails: tests/sources/sandbox
    "ReadingTooLarge",  # the same
    "ReadingTooMuch",  # the same
    "ReadingTooSlow",  # the same
}
"""Problems that no file can show here; each is tested beside what raises it."""


def named_in(folder: str) -> set[str]:
    """Names that the modules of one folder of the package import from trover.errors."""
    modules = (Path(trover.__file__).parent / folder).rglob("*.py")
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    imports = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports if node.module == "trover.errors" for alias in node.names}


def test_every_problem_that_reading_can_find_has_a_file_here() -> None:
    seen = {type(problem).__name__ for path in FILES for problem in problems_of(path)}
    raised = named_in("sources") | named_in("ledger")
    every = {name for name in raised if issubclass(getattr(errors, name), Problem)}
    assert every - seen - ELSEWHERE == set()
