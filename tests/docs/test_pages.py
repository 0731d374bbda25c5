"""The documentation keeps its promises: computed parts are current, links lead somewhere, examples run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from tools.pages.api import ROOMS
from tools.pages.authorities import MEMORY, PAGE, WARNING, authorities, from_memory
from tools.pages.build import PROJECT, pages, stale
from tools.pages.cases import worked
from tools.pages.markers import calls
from tools.pages.rules import outcome

from trover.case.finding import BODIES
from trover.sources.mapping import COLUMNS
from trover.sources.mapping_fields import FIELDS
from trover.trace.rules import all_rules

DOCS = PROJECT / "docs"
PAGES = pages()
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def _name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_computed_parts_are_current() -> None:
    assert [_name(path) for path in stale()] == [], "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", [p for p in PAGES if ">>> " in p.read_text(encoding="utf-8")], ids=_name)
def test_python_examples_run(page: Path) -> None:
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("rule", all_rules())
def test_every_rule_has_a_page_with_its_head_and_a_worked_example(rule: str) -> None:
    made = calls((DOCS / "rules" / f"{rule}.md").read_text(encoding="utf-8"))
    assert ["rule-head", rule] in made
    assert [call for call in made if call[0] == "result" and call[2].partition("@")[0] == rule]


def _results() -> list[tuple[str, str]]:
    found = {
        tuple(call[1:]) for page in PAGES for call in calls(page.read_text(encoding="utf-8")) if call[0] == "result"
    }
    return sorted((case, key) for case, key in found)


@pytest.mark.parametrize(("case", "key"), _results())
def test_worked_examples_print_the_expected_figures(case: str, key: str) -> None:
    expected = worked(case).stated["expected"][key]
    found = {account: row for account, row in outcome(case, key).items() if account in expected or any(row.values())}
    if worked(case).file.family == "utxo":
        found = {account: {worked(case).named(o): q for o, q in row.items()} for account, row in found.items()}
    assert {account: {o: q for o, q in row.items() if q} for account, row in found.items()} == {
        account: {o: q for o, q in row.items() if q} for account, row in expected.items()
    }


def test_authorities_cited_from_memory_say_so() -> None:
    unmarked = []
    unread = [name for name, how in authorities().items() if how.startswith(MEMORY) and ", option" not in name]
    for page in PAGES:
        text = " ".join(page.read_text(encoding="utf-8").split())
        cited = [name for name in unread if name in text]
        if page != PAGE and cited and "verify before quoting" not in text:
            unmarked.append((_name(page), cited))
    assert unmarked == []


def test_every_kind_of_finding_is_explained() -> None:
    text = (DOCS / "concepts" / "finding.md").read_text(encoding="utf-8")
    explained = text.partition("## What each changes")[2].partition("\n## ")[0]
    assert [kind for kind in BODIES if f"`{kind}`" not in explained] == []


def test_a_rule_says_which_of_its_authorities_nobody_read() -> None:
    cited = [authority for rule in all_rules().values() for authority in rule.authority]
    assert [a for a in cited if from_memory(a) != a.endswith(WARNING)] == []


def test_every_field_and_column_of_a_mapping_is_explained() -> None:
    text = (DOCS / "mapping.md").read_text(encoding="utf-8")
    names = FIELDS | set().union(*COLUMNS.values())
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_every_cited_section_is_explained() -> None:
    cited = {
        section
        for path in (PROJECT / "src").rglob("*.py")
        for section in re.findall(r"rules (?:section )?(\d+(?:\.\d+)?)", path.read_text(encoding="utf-8"))
    }
    listed = re.findall(r"^\| (\d+(?:\.\d+)?) ", (DOCS / "sections.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited
    assert sorted(s for s in cited if s not in listed and not s.startswith("2.")) == []


def test_every_room_of_the_package_has_a_page_of_reference() -> None:
    rooms = {
        p.stem for p in (PROJECT / "src" / "trover").iterdir() if (p / "__init__.py").exists() or p.suffix == ".py"
    }
    assert sorted(rooms - {"__init__", "__main__"} - set(ROOMS)) == []
    missing = [
        room for room in ROOMS if ["api", room] not in calls((DOCS / "reference" / f"{room}.md").read_text("utf-8"))
    ]
    assert missing == []


def test_every_command_and_variable_of_the_environment_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    read = {
        name for p in (PROJECT / "src").rglob("*.py") for name in re.findall(r"TROVER_[A-Z]+", p.read_text("utf-8"))
    }
    assert ["commands"] in calls(text)
    assert read
    assert sorted(name for name in read if f"`{name}`" not in text) == []
