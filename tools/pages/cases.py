"""A worked case of tests/cases, read and traced for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trover.case import solve
from trover.errors import Problem
from trover.ledger.build import build_ledger
from trover.ledger.ledger import Ledger
from trover.sources.case_json import CaseFile, read_case
from trover.trace.claim import OWN, Assumptions
from trover.trace.compare import Answer, run

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"


@dataclass(frozen=True)
class Worked:
    """The file as people wrote it (`stated`) and as the project reads it."""

    stated: Mapping[str, Any]
    file: CaseFile
    ledger: Ledger
    assumptions: Assumptions

    def answer(self, key: str) -> Answer:
        return next(run(self.ledger, self.assumptions, [key], self.file.family, steps=True))

    def named(self, owner: str) -> str:
        """The name the case gives an owner: on chain the residual may be CLEAN."""
        return self.file.residual if owner == OWN else owner


@cache
def worked(case: str) -> Worked:
    path = CASES / f"{case}.json"
    problems: list[Problem] = []
    file = read_case(path, problems)
    assumptions = solve.stated_assumptions(file, problems)
    ledger = build_ledger(file.records, files=file.files, claims=file.claims, problems=problems, broken=file.broken)
    return Worked(json.loads(path.read_text(encoding="utf-8")), file, ledger, assumptions)
