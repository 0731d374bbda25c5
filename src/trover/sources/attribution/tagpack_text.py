"""A pack written as YAML: what the strict reader and any other read from it is what stood in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trover.sources.attribution.tagpack import Pack

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""Text that needs no quotes; a word that YAML takes for a truth value or nothing gets them all the same."""
_MEANS_ELSE = frozenset("y n yes no on off true false null".split())
_BARE = re.compile(r"[A-Za-z0-9._-]+")
BARE = frozenset({"is_cluster_definer", "is_public", "lastmod", "version"})
"""Fields that are truth values, days or numbers to other readers: written as they stood, without quotes."""


def pack_text(pack: Pack) -> str:
    """The pack as YAML in UTF-8. Comments of the original and its way of quoting are not kept; all data are."""
    return "".join(f"{line}\n" for line in _object({**pack.head, pack.kind: list(pack.items)}, 0))


def _object(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for name, value in data.items():
        key = _scalar(name) or "''"
        if isinstance(value, str):
            yield f"{pad}{key}: {value if name in BARE and _BARE.fullmatch(value) else _scalar(value)}".rstrip()
        elif not value:
            yield f"{pad}{key}: {'{}' if isinstance(value, Mapping) else '[]'}"
        else:
            yield f"{pad}{key}:"
            yield from _object(value, depth + 1) if isinstance(value, Mapping) else _list(value, depth)


def _list(values: Sequence[Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for value in values:
        if isinstance(value, str):
            yield f"{pad}- {_scalar(value)}".rstrip()
        elif not value:
            yield f"{pad}- {'{}' if isinstance(value, Mapping) else '[]'}"
        else:
            lines = _object(value, 0) if isinstance(value, Mapping) else _list(value, 0)
            for number, line in enumerate(lines):
                yield f"{pad}{'  ' if number else '- '}{line}"


def _scalar(text: str) -> str:
    """Plain, in single quotes, or in double ones with escapes; an empty value stays empty."""
    if not text:
        return ""
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANS_ELSE:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in '\\"':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08X}"
