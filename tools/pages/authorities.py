"""The table of authorities, and whether each was read for this documentation or is from memory."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules" / "authorities.md"
MEMORY = "from memory"
WARNING = "(verify before quoting)"


@cache
def authorities() -> dict[str, str]:
    """Authority -> how far it was checked, from the table in docs/rules/authorities.md."""
    rows = [
        line.strip().strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "
    ]
    return {row[0].strip(): row[2].strip() for row in rows[1:] if len(row) == 3}


def from_memory(authority: str) -> bool:
    """Whether nobody read the authority for these pages. Raises KeyError where the table does not list it."""
    known = [name for name in authorities() if authority.startswith(name)]
    if not known:
        raise KeyError(f"docs/rules/authorities.md does not list {authority!r}")
    return authorities()[max(known, key=len)].startswith(MEMORY)
