"""What the project promises of its own files: size, licences, locks, and that it speaks of itself alone."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "src" / "trover"
LOCKS = ("requirements.txt", "requirements-dev.txt")
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)", re.MULTILINE)

LINES_OF_A_MODULE = 450
LINES_OF_A_FUNCTION = 70
# Written in two parts so that this file does not contain what it looks for.
MACHINE_PATHS = re.compile("(?<![\\w.])(?:/ho" + "me/|/wo" + "rk/|/ro" + "ot/|/Us" + "ers/|/tmp/br" + "ief)")
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME)\\b")
REGISTRY = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|\s@\s*file:")

COPYLEFT = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
LESSER = re.compile(r"LGPL|GNU Lesser|GNU Library", re.IGNORECASE)


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def tracked_text() -> list[tuple[Path, str]]:
    """Every tracked file that is text, or skip where this is not a git checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so which files are tracked is unknown")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = PROJECT / name
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return found


def pins(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((PROJECT / lock).read_text(encoding="utf-8")))


def function_sizes(module: Path) -> list[tuple[str, int]]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [
        (f"{module.relative_to(PROJECT)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_modules_fit_the_eye() -> None:
    sizes = {str(m.relative_to(PROJECT)): len(m.read_text(encoding="utf-8").splitlines()) for m in modules()}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LINES_OF_A_MODULE} == {}


def test_functions_fit_the_eye() -> None:
    too_long = [entry for module in modules() for entry in function_sizes(module) if entry[1] > LINES_OF_A_FUNCTION]
    assert too_long == []


def test_every_module_with_content_says_what_it_is() -> None:
    sources = {str(m.relative_to(PROJECT)): m.read_text(encoding="utf-8") for m in modules()}
    silent = [name for name, source in sources.items() if source.strip() and not ast.get_docstring(ast.parse(source))]
    assert silent == []


def places_of(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}"
        for path, text in tracked_text()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_unfinished_work_is_marked() -> None:
    assert places_of(UNFINISHED) == []


def test_no_path_of_one_machine() -> None:
    assert places_of(MACHINE_PATHS) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert REGISTRY.search(text) is None
    requirements = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_development_lock_agrees_with_the_runtime_lock() -> None:
    assert pins(LOCKS[0]).items() <= pins(LOCKS[1]).items()


def declared() -> tuple[set[str], set[str]]:
    """The distributions pyproject.toml asks for: at run time, and for development."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    name = re.compile(r"[A-Za-z0-9._-]+")
    runtime, development = (
        {found.group().lower() for entry in entries if (found := name.match(entry))}
        for entries in (project["project"]["dependencies"], groups)
    )
    return runtime, development


def imported(folder: Path) -> set[str]:
    """The distributions that the modules of a folder import, lazily or not, the project's own left out."""
    names = {
        name.split(".")[0]
        for module in folder.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for name in imported_names(node)
    }
    known = metadata.packages_distributions()
    return {known[name][0].lower() for name in names if name in known} - {"trover"}


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def test_what_the_project_requires_is_locked() -> None:
    runtime, development = declared()
    assert runtime <= set(pins(LOCKS[0]))
    assert development <= set(pins(LOCKS[1]))


def test_the_package_imports_what_it_requires_and_nothing_else() -> None:
    read_by_the_standard_library = {"tzdata"}
    assert imported(SOURCE) == declared()[0] - read_by_the_standard_library


def test_development_packages_are_used() -> None:
    run_by_the_makefile = {"hatchling", "import-linter", "mypy", "pytest-xdist", "ruff", "types-pyyaml"}
    folders = (PROJECT / "tests", PROJECT / "benchmarks", PROJECT / "tools")
    used = set[str]().union(*(imported(folder) for folder in folders if folder.is_dir()))
    assert declared()[1] - run_by_the_makefile <= used


def licence_of(distribution: metadata.Distribution) -> str:
    """All that the package states: SPDX expression, trove classifiers, and the short free-text field."""
    stated = distribution.metadata
    free_text = (stated.get("License") or "").split("\n")[0]
    classified = [entry for entry in stated.get_all("Classifier") or [] if entry.startswith("License ::")]
    return "; ".join(filter(None, [stated.get("License-Expression") or "", free_text, *classified]))


def test_no_locked_package_is_gpl_or_agpl() -> None:
    licences = {}
    for name in pins(LOCKS[1]):
        try:
            licences[name] = licence_of(metadata.distribution(name))
        except metadata.PackageNotFoundError:  # locked for another system or Python
            continue
    assert len(licences) > 10
    unstated = [name for name, licence in licences.items() if not licence]
    refused = {name: licence for name, licence in licences.items() if COPYLEFT.search(LESSER.sub("", licence))}
    assert (unstated, refused) == ([], {})
