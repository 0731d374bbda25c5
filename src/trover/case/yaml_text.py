"""YAML as people read it, and as it is read back: text for text."""

from __future__ import annotations

from typing import Any

import yaml


def yaml_text(plain: dict[str, Any]) -> str:
    """The text of `plain`, keys in their order: the same value gives the same bytes."""
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes and escapes what would otherwise come back as another text: some line breaks fold to a space."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = text.isprintable() and not text.startswith(" ") and not text.endswith(" ")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _text)
