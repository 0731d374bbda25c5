"""The reference of the Python interface, made from the source: signatures and docstrings, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.pages.markdown import table

SOURCE = Path(__file__).resolve().parents[2] / "src" / "trover"
WIDTH = 110
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
ROOMS = {
    "errors": "problems and how they are reported",
    "sources": "evidence in",
    "ledger": "what happened",
    "trace": "claims, rules, engines, audit",
    "cluster": "which addresses one wallet may control, and the evidence",
    "darkweb": "what listings and pages come to: vendors, ranges of sales, who may be one",
    "case": "one case",
    "report": "exhibit and bundle",
    "cli": "the command line",
}
"""Room -> what it is for, from below to above."""


def modules(room: str) -> list[Path]:
    """The modules of a room; files of single rules have pages of their own."""
    if (SOURCE / f"{room}.py").exists():
        return [SOURCE / f"{room}.py"]
    found = sorted((SOURCE / room).rglob("*.py"))
    return [path for path in found if path.name == "__init__.py" or path.parent.name != "rules"]


def api(room: str) -> str:
    """Every public module of a room with what is public in it."""
    return "\n\n".join(filter(None, (_module(path) for path in modules(room))))


def api_index() -> str:
    """The rooms, with links to their pages."""
    return table(["Room", "What it is for"], [[f"[`trover.{room}`]({room}.md)", what] for room, what in ROOMS.items()])


def _module(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
    parts = [part for node in tree.body for part in _member(node)]
    if any(part.startswith("_") for part in name.split(".")) or not (parts or ast.get_docstring(tree)):
        return ""
    return "\n\n".join([f"## {name}", _words(tree), *parts]).replace("\n\n\n", "\n\n")


def _member(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, FUNCTION) and not node.name.startswith("_"):
        yield _shown(node.name, [_signature(node)], node)
    elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        yield _shown(node.name, [_class(node), *_fields(node)], node)
        for inner in node.body:
            if isinstance(inner, FUNCTION) and not inner.name.startswith("_") and ast.get_docstring(inner):
                yield _shown(f"{node.name}.{inner.name}", [_signature(inner)], inner)


def _words(node: ast.Module | ast.ClassDef | FUNCTION) -> str:
    """The docstring; angle brackets are text, not tags."""
    return (ast.get_docstring(node) or "").replace("<", "\\<")


def _shown(title: str, code: list[str], node: ast.ClassDef | FUNCTION) -> str:
    shown = "\n".join(["```python", *code, "```"])
    return "\n\n".join(filter(None, [f"### {title}", shown, _words(node)]))


def _class(node: ast.ClassDef) -> str:
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    return f"class {node.name}({bases})" if bases else f"class {node.name}"


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Fields with their types, values of an enumeration, and signatures of methods that have no words of their own."""
    for inner in node.body:
        if isinstance(inner, ast.AnnAssign) and not ast.unparse(inner.target).startswith("_"):
            value = f" = {ast.unparse(inner.value)}" if inner.value else ""
            yield f"    {ast.unparse(inner.target)}: {ast.unparse(inner.annotation)}{value}"
        elif isinstance(inner, ast.Assign) and not ast.unparse(inner.targets[0]).startswith("_"):
            yield f"    {ast.unparse(inner)}"
        elif isinstance(inner, FUNCTION) and not inner.name.startswith("_") and not ast.get_docstring(inner):
            yield f"    {_signature(inner)}"


def _signature(node: FUNCTION) -> str:
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if any(ast.unparse(mark) in ("property", "cached_property") for mark in node.decorator_list):
        return f"{node.name}{returns.replace(' -> ', ': ')}"
    line = f"{kind} {node.name}({ast.unparse(node.args)}){returns}"
    return line if len(line) <= WIDTH else f"{kind} {node.name}(\n{_arguments(node.args)}\n){returns}"


def _arguments(arguments: ast.arguments) -> str:
    """One argument a line, as the source would be formatted."""
    one_each = ast.unparse(arguments)
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(one_each):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(one_each[start:place].strip())
            start = place + 1
    return "\n".join(f"    {part}," for part in [*parts, one_each[start:].strip()])
