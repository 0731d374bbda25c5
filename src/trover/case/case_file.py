"""case.yml: what a case is called and how what is in it may be handled, as a person reads and edits it."""

from __future__ import annotations

from typing import Any

from trover.case.finding import plain_handling
from trover.case.findings_file import LinedFields
from trover.case.marking import Handling
from trover.case.read_finding import read_handling
from trover.case.store import CaseInfo
from trover.case.yaml_text import yaml_text
from trover.errors import FieldMissing, InputErrors, Problem, UnknownCurrency, UnknownField
from trover.sources.currency import minor_units
from trover.sources.custody import source_of
from trover.sources.fields import Fields
from trover.sources.strict_yaml import load_yaml

NAME = "case.yml"
VERSION = "1"
TEXTS = ("name", "created_by", "created_at", "reference", "organisation", "currency")
KNOWN = ("trover_case", *TEXTS, "marking", "legal_basis", "retention")


def case_text(info: CaseInfo) -> str:
    """The text of case.yml; what is not stated is left out."""
    plain: dict[str, Any] = {"trover_case": int(VERSION)}
    plain |= {name: getattr(info, name) for name in TEXTS if getattr(info, name)}
    plain |= plain_handling(info.handling)
    return yaml_text(plain)


def read_case_text(data: bytes) -> CaseInfo:
    """What case.yml says. Raises `InputErrors` with all that is wrong in it."""
    found: list[Problem] = []
    row = LinedFields(load_yaml(source_of(NAME, data)), found, NAME)
    for key in row.data:
        if key not in KNOWN:
            row.add(UnknownField(key, row.place(key), remedy=f"Known: {', '.join(KNOWN)}."))
    version = row.text("trover_case")
    if version not in ("", VERSION):
        says, remedy = "is a form of case this version cannot read", "Open it with the version of Trover that made it."
        row.add(UnknownField(version, row.place("trover_case"), says=says, remedy=remedy))
    values = {name: row.text(name, None if name in TEXTS[:3] else "") for name in TEXTS}
    info = CaseInfo(handling=read_handling(row, Handling()), **values)
    found += info_problems(info, row)
    if found:
        raise InputErrors(found)
    return info


def info_problems(info: CaseInfo, row: Fields) -> list[Problem]:
    """A case needs a name, and a currency of report that has a known minor unit."""
    found: list[Problem] = []
    if not info.name.strip() and "name" in row.data:
        found.append(FieldMissing("name", row.place("name"), says="is empty"))
    if info.currency:
        try:
            minor_units(info.currency)
        except UnknownCurrency as problem:
            found.append(problem.at(row.place("currency")))
    return found
