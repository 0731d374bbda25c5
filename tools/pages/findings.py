"""The kinds of findings, made from the classes of the case."""

from __future__ import annotations

from dataclasses import MISSING, fields

from tools.pages.markdown import table

from trover.case.finding import BODIES, Body
from trover.case.offence import Offence


def finding_kinds() -> str:
    """Each kind: what it says, what it states, whether a trace rests on it."""
    rows = [[f"`{kind}`", _says(body), _states(body), "yes" if body.traced else "no"] for kind, body in BODIES.items()]
    return table(["Kind", "What it says", "What it states", "A trace rests on it"], rows)


def _says(body: type[Body]) -> str:
    return " ".join((body.__doc__ or "").split("\n\n")[0].split())


def _states(body: type[Body]) -> str:
    """Field names; those that may be left out in brackets."""
    stated = [
        f"`{f.name}`" if f.default is MISSING else f"(`{f.name}`)"
        for f in fields(body)  # type: ignore[arg-type]
    ]
    return ", ".join(stated) or "nothing more"


def offences() -> str:
    """The types of offence that a claim may name."""
    return ", ".join(f"`{offence}`" for offence in Offence) + "."
