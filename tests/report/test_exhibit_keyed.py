"""An exhibit says of a statement typed from paper who typed it, from what, and who checked it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed
from trover.report.from_case import material_of
from trover.report.material import Cover

SAMPLES = Path(__file__).parents[1] / "fuzz" / "samples"
PAPER = f"keyed from scan.pdf (SHA-256 {'ab' * 32}) by A. Ali and B. Bo, checked by C. Checker"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    case = Case.create(tmp_path / "case", "R v Example", "A. Analyst")
    for name in ("keyed.json", "keyed_scan.json"):
        shutil.copy(SAMPLES / name, tmp_path)
        case.add(tmp_path / name)
    return case


def test_the_sources_schedule_names_the_persons_and_the_program(case: Case) -> None:
    salary = next(event.id for event in case.traced() if event.outputs[0].account == "EE773300333487040004")
    case.record(Claimed("V", 10050, transfer=salary), reason="complaint")
    material = material_of(
        case, case.trace(["libr"], steps=True), Cover("R v Example", "R v Example", date(2026, 1, 2))
    )
    typed, scanned = (document.description for document in material.documents)
    assert typed.startswith("keyed, ")
    assert typed.endswith(f"; {PAPER}")
    assert "by tesseract 5.3.0 (corrected by B. Bo) and A. Ali, checked by C. Checker" in scanned
