"""The stand-alone verifier. It imports nothing of Trover but its own modules, and those only the standard library.

`script()` joins the modules into the one file, verify.py, that every bundle carries and that runs on a
machine without Trover.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PARTS = (
    "strict", "findings", "container", "ed25519", "statement", "order", "lots", "replay", "answers", "conserve",
    "derived", "integrity", "der", "ecdsa", "timestamp", "redaction", "check", "verify",
)  # fmt: skip
"""In the order in which they need each other; verify, the command line, is the last."""
PACKAGE = "trover.report.verifier"

HEADER = '''#!/usr/bin/env python3
"""Checks a Trover bundle. Needs Python 3.9 or newer and nothing else.

    python3 verify.py BUNDLE --fingerprint "THE FINGERPRINT PRINTED ON THE COVER"

BUNDLE is the folder or the .zip. A copy of this script that came with a bundle could have been changed
with it: use a copy that you had before, or from the authors of the software, and compare the two.
"""

from __future__ import annotations

'''


@cache
def script() -> str:
    """The verifier as one script in plain Python standard library; the same text every time."""
    imports: set[str] = set()
    bodies: list[str] = []
    for part in PARTS:
        source = (HERE / f"{part}.py").read_text(encoding="utf-8")
        bodies.append(f"# {part}\n" + _body(source, imports))
    plain = sorted(line for line in imports if line.startswith("import "))
    taken = sorted(line for line in imports if line.startswith("from "))
    return HEADER + "\n".join([*plain, *taken]) + "\n\n" + "\n\n\n".join(bodies) + "\n"


def _body(source: str, imports: set[str]) -> str:
    """The module without its imports; those of the standard library are added to `imports`."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            own = isinstance(node, ast.ImportFrom) and (node.module or "").startswith((PACKAGE, "__future__"))
            if not own:
                imports.add(ast.unparse(node))
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    head, _, rest = "\n".join(lines).partition('"""\n')
    note = head.removeprefix('"""').strip().replace("\n", "\n# ")
    return "# " + note.replace("# \n", "#\n") + "\n\n" + rest.strip("\n")
