"""All pages of the documentation, made anew in memory and compared with the committed ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.pages import api, clusters, commands, demo, errors, findings, rules
from tools.pages.markers import Maker, remade

PROJECT = Path(__file__).resolve().parents[2]

MAKERS: Mapping[str, Maker] = {
    "api": api.api,
    "api-index": api.api_index,
    "change-heuristics": clusters.heuristics,
    "cluster-forms": clusters.forms,
    "cluster-rates": clusters.rates,
    "commands": commands.commands,
    "compare": rules.compare,
    "demo-table": demo.demo_table,
    "error-input": errors.error_input,
    "error-message": errors.error_message,
    "errors": errors.errors,
    "finding-kinds": findings.finding_kinds,
    "inputs": rules.inputs,
    "ledger": rules.ledger,
    "offences": findings.offences,
    "result": rules.result,
    "rule-head": rules.rule_head,
    "rules-index": rules.rules_index,
    "steps": rules.steps,
    "variants": rules.variants,
}


PICTURES: Mapping[str, Callable[[], str]] = {
    "docs/pictures/flow-libr.svg": lambda: demo.flow_picture("libr"),
    "docs/pictures/flow-fifo.svg": lambda: demo.flow_picture("fifo"),
}


def pages() -> list[Path]:
    """Every page that may have a computed part."""
    return [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def stale() -> dict[Path, str]:
    """Page or picture -> what it should be, for each that is something else."""
    texts = {path: path.read_text(encoding="utf-8") for path in pages()}
    found = {path: new for path, old in texts.items() if (new := remade(old, MAKERS)) != old}
    drawn = {PROJECT / name: make() for name, make in PICTURES.items()}
    return found | {path: new for path, new in drawn.items() if not path.exists() or path.read_text("utf-8") != new}


def write(changed: Mapping[Path, str]) -> None:
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
