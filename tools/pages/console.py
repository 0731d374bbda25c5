"""Console examples of a page: files it gives, commands it runs, output it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = re.compile(r"^<!-- file: (?P<name>[\w./-]+) -->\n+```\w*\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """A command line and the output the page shows for it; empty where it shows none."""

    line: str
    shown: str


def files(page: Path) -> dict[str, str]:
    """Files the page gives in full: a fenced block under `<!-- file: NAME -->`."""
    return {found["name"]: found["body"] for found in FILE.finditer(page.read_text(encoding="utf-8"))}


def commands(page: Path) -> Iterator[Command]:
    """Commands of the console blocks, in order; a line that ends with a backslash goes on."""
    for block in CONSOLE.finditer(page.read_text(encoding="utf-8")):
        line, shown = "", ""
        for text in block["body"].splitlines():
            if text.startswith("$ "):
                if line:
                    yield Command(line, shown)
                line, shown = text[2:], ""
            elif line.endswith("\\"):
                line = line[:-1] + text.strip()
            else:
                shown += text + "\n"
        if line:
            yield Command(line, shown)
