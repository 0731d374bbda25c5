"""The demonstrations on a public chain: facts restated, one output claimed, and what is fact, inference and missing.

Sources: the Bitcoin block chain, and what the US Department of Justice published; see examples/colonial and
examples/bitfinex. A claim here is for illustration and no finding about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from trover.case.case import Case
from trover.case.claiming import claims_at
from trover.case.demo import AUTHOR, CAUTION
from trover.case.finding import Claimed, Note
from trover.errors import CaseExists
from trover.sources.custody import read_source
from trover.sources.strict_yaml import load_yaml

CASES = ("colonial", "bitfinex")
SORTS = ("fact", "inference", "missing")


@dataclass(frozen=True)
class Shown:
    """A demonstration: its case, the rules it is shown under, the place looked back from, and what must be read first,
    by sort: fact, inference, missing."""

    case: Case
    rules: tuple[str, ...]
    seized: str
    first: dict[str, list[str]]


def chain_demo(name: str, folder: str | Path) -> Shown:
    """The demonstration `name` in `folder`, made or completed. Raises `CaseExists` if another case is there."""
    path = Path(folder)
    with as_file(files("trover") / "demo_data" / name) as data:
        said = load_yaml(read_source(data / "demo.yml"))
        case = Case.open(path, AUTHOR) if (path / "case.yml").exists() else _created(path, said)
        if case.info.reference != said["reference"]:
            raise CaseExists(
                str(folder), says="holds another case", remedy="Name another folder for the demonstration."
            )
        case.add(data / "transactions.json", None, "CLEAR", unproved=said["unproved"])
    known = {finding.kind for finding in case.findings(history=True)}
    if Claimed.kind not in known:
        claims = claims_at(case, said["claimant"], (), said["output"], None, offence=said["offence"])
        case.record_all(claims, reason=said["reason"], evidence=said["evidence"])
    first = {sort: [" ".join(text.split()) for text in said[sort]] for sort in SORTS}
    if Note.kind not in known:
        notes = [Note(f"{sort.capitalize()}: {text}", CAUTION) for sort, texts in first.items() for text in texts]
        case.record_all(
            notes, reason="What is fact, what is inference, and what is missing.", evidence=said["evidence"]
        )
    return Shown(case, tuple(said["rules"]), said["seized"], first)


def _created(path: Path, said: Any) -> Case:
    return Case.create(
        path, said["name"], AUTHOR, reference=said["reference"], currency="BTC", marking="CLEAR",
        legal_basis=said["legal_basis"],
    )  # fmt: skip
