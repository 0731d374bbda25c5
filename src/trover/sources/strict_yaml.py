"""YAML without its surprises: every scalar stays text, no duplicate keys, aliases, tags or deep nesting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from trover.errors import DuplicateKey, FileTooLarge, InputErrors, NotYaml, Place, Problem, TooDeep
from trover.sources.custody import SourceFile
from trover.sources.strict_json import DEPTH
from trover.sources.text import decode, shortened

LARGEST = 32_000_000
"""Bytes; a file written by hand has less."""


WORDED = 1_000_000
"""Characters up to which a file is parsed again, more slowly, for better words."""


class Lined(dict[str, Any]):
    """An object that knows the line it begins on, and the line of each of its keys (1 = first)."""

    line: int
    lines: dict[str, int]


class _Refused(yaml.YAMLError):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml where PyYAML was built with it: fifteen times as fast, with the same events."""


def load_yaml(source: SourceFile) -> Any:
    """Nested dicts, lists and texts; an empty value is an empty text. Raises `InputErrors`."""
    if source.size > LARGEST:
        raise InputErrors([FileTooLarge(source.size, Place(source.name))])
    text = decode(source.data, source.name)
    try:
        return _Builder(text, source.name).document()
    except _Refused as refused:
        raise InputErrors([refused.problem]) from None
    except yaml.YAMLError as error:
        error = (_worded(text) if len(text) <= WORDED else None) or error
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be parsed"
        place = Place(source.name, row=mark.line + 1 if mark else None)
        raise InputErrors([NotYaml("", place, says=f"{NotYaml.says} ({reason})")]) from None


def _worded(text: str) -> yaml.YAMLError | None:
    """What the parser in Python says is wrong: the same fault in words that name what it expected."""
    try:
        for _ in yaml.parse(text, Loader=yaml.BaseLoader):
            pass
    except yaml.YAMLError as error:
        return error
    return None


class _Builder:
    """Plain data from the events of the parser: 0123, 1.10, no and 2012-07-06 stay the text a person wrote."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.depth = name, 0
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_Parser))

    def document(self) -> Any:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self.events))
        next(self.events)
        if not isinstance(after := next(self.events), yaml.StreamEndEvent):
            raise self._refused(after, f"{NotYaml.says} (but found another document)")
        return data

    def _value(self, event: Any) -> Any:
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, "has an alias (*), which is not read")
        if event.tag is not None:
            raise self._refused(event, "is a tag (!), which is not read", shortened(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        self.depth += 1
        if self.depth > DEPTH:
            raise _Refused(TooDeep(self.depth, self._place(event)))
        data = self._mapping(event) if isinstance(event, yaml.MappingStartEvent) else self._list()
        self.depth -= 1
        return data

    def _list(self) -> list[Any]:
        data = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            data.append(self._value(event))
        return data

    def _mapping(self, start: Any) -> Lined:
        data = Lined()
        data.line, data.lines = start.start_mark.line + 1, {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._value(event)
            if not isinstance(key, str):
                raise self._refused(event, "has a key that is no text")
            if key in data:
                raise _Refused(DuplicateKey(shortened(key), self._place(event)))
            data.lines[key] = event.start_mark.line + 1
            data[key] = self._value(next(self.events))
        return data

    def _refused(self, event: Any, says: str, value: str = "") -> _Refused:
        return _Refused(NotYaml(value, self._place(event), says=says))

    def _place(self, event: Any) -> Place:
        return Place(self.name, row=event.start_mark.line + 1)
