"""YAML without its surprises: every scalar stays text, no duplicate keys, aliases, tags or deep nesting."""

from __future__ import annotations

from typing import Any

import yaml

from trover.errors import DuplicateKey, FileTooLarge, InputErrors, NotYaml, Place, Problem, TooDeep
from trover.sources.custody import SourceFile
from trover.sources.strict_json import DEPTH
from trover.sources.text import decode, shortened

LARGEST = 32_000_000
"""Bytes; a file written by hand has less."""


class Lined(dict[str, Any]):
    """An object that knows the line it begins on, and the line of each of its keys (1 = first)."""

    line: int
    lines: dict[str, int]


class _Refused(yaml.YAMLError):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class _Loader(yaml.BaseLoader):
    """BaseLoader keeps 0123, 1.10, no and 2012-07-06 as the text a person wrote."""

    name: str
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _Refused(NotYaml("", self._place(), says="has an alias (*), which is not read"))
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) is not None:
            raise _Refused(NotYaml(shortened(event.tag), self._place(), says="is a tag (!), which is not read"))
        self.depth += 1
        if self.depth > DEPTH:
            raise _Refused(TooDeep(self.depth, self._place()))
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _place(self) -> Place:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        return Place(self.name, row=event.start_mark.line + 1)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(
                    NotYaml("", Place(self.name, row=key.start_mark.line + 1), says="has a key that is no text")
                )
            if key.value in seen:
                raise _Refused(DuplicateKey(shortened(key.value), Place(self.name, row=key.start_mark.line + 1)))
            seen.add(key.value)
        result = Lined({str(key): value for key, value in super().construct_mapping(node, deep=True).items()})
        result.line = node.start_mark.line + 1
        result.lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        return result


def load_yaml(source: SourceFile) -> Any:
    """Nested dicts, lists and texts; an empty value is an empty text. Raises `InputErrors`."""
    if source.size > LARGEST:
        raise InputErrors([FileTooLarge(source.size, Place(source.name))])
    text = decode(source.data, source.name)
    try:
        return _loaded(text, source.name)
    except _Refused as refused:
        raise InputErrors([refused.problem]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be parsed"
        place = Place(source.name, row=mark.line + 1 if mark else None)
        raise InputErrors([NotYaml("", place, says=f"{NotYaml.says} ({reason})")]) from None


def _loaded(text: str, name: str) -> Any:
    loader = _Loader(text)
    loader.name = name
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
