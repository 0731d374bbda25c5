"""The demonstration: a real account on real data, restated in our own format, as a case.

Source: OCCRP and Berlingske, The Azerbaijani Laundromat (2017); see demo_data/metastar. The claim is a
hypothesis for illustration and no finding about anybody.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from trover.case.case import Case
from trover.case.finding import Claimed, Note
from trover.errors import CaseExists
from trover.sources.custody import read_source
from trover.sources.strict_yaml import load_yaml

AUTHOR = "Trover demonstration"
REFERENCE = "Demonstration: Metastar, July 2012"
CAUTION = "caution"
"""What a note is about when it belongs on the first screen and on the cover."""


def demo_case(folder: str | Path) -> Case:
    """The demonstration's case in `folder`, made or completed. Raises `CaseExists` if another case is there."""
    path = Path(folder)
    case = Case.open(path, AUTHOR) if (path / "case.yml").exists() else _created(path)
    if case.info.reference != REFERENCE:
        raise CaseExists(str(folder), says="holds another case", remedy="Name another folder for the demonstration.")
    with as_file(files("trover") / "demo_data" / "metastar") as data:
        said = load_yaml(read_source(data / "cautions.yml"))
        case.add(data / "transfers.csv", data / "mapping.yml", "CLEAR", unproved=said["unproved"])
        known = {finding.kind for finding in case.findings(history=True)}
        if Claimed.kind not in known:
            _claim(case, load_yaml(read_source(data / "claims.yml")))
        if Note.kind not in known:
            _caution(case, said)
    return case


def _created(path: Path) -> Case:
    return Case.create(
        path, "Metastar Invest LLP", AUTHOR, reference=REFERENCE, currency="USD", marking="CLEAR",
        legal_basis="Published data: The Azerbaijani Laundromat, OCCRP and Berlingske, 2017",
    )  # fmt: skip


def _claim(case: Case, claims: Any) -> None:
    places = case.decimals(claims["currency"])
    case.record_all(
        [
            Claimed(
                claims["claimant"], int(row["amount"]) * 10**places, claims["currency"], row["transfer"],
                offence=claims["offence"], iccs=claims["iccs"],
            )
            for row in claims["claims"]
        ],
        reason=claims["reason"],
        evidence=[f"row {row['transfer']}" for row in claims["claims"]],
    )  # fmt: skip


def _caution(case: Case, cautions: Any) -> None:
    case.record_all(
        [Note(text, CAUTION) for text in cautions["cautions"]], reason=cautions["reason"], evidence=cautions["evidence"]
    )


def cautions(case: Case) -> list[str]:
    """What must be read before any figure of the case: the notes a person recorded as cautions."""
    bodies = (finding.body for finding in case.findings())
    return [body.text for body in bodies if isinstance(body, Note) and body.about == CAUTION]
