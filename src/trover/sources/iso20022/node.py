"""An element held in plain Python: one entry is asked for some fifty paths, and each question to lxml costs a walk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from trover.sources.xml_safe import Element


class Node:
    """What readers ask of an element of lxml, with the same names: text, line, attribute Ccy, and paths of names."""

    __slots__ = ("_children", "_currency", "sourceline", "tag", "text")

    def __init__(self, element: Element) -> None:
        self.tag: str = element.tag
        self.text: str | None = element.text
        self.sourceline: int | None = element.sourceline
        self._currency: str | None = element.get("Ccy")
        self._children: dict[str, list[Node]] = {}
        for child in element:
            self._children.setdefault(child.tag, []).append(Node(child))

    def get(self, name: str, default: str = "") -> str:
        assert name == "Ccy"
        return default if self._currency is None else self._currency

    def find(self, path: str) -> Node | None:
        found = self.iterfind(path)
        return found[0] if found else None

    def iterfind(self, path: str) -> Sequence[Node]:
        """Every element at `path`, names joined by `/`; `.` is the element itself."""
        found: Sequence[Node] = (self,)
        for name in _names(path):
            if len(found) == 1:
                found = found[0]._children.get(name, ())
            else:
                found = [child for node in found for child in node._children.get(name, ())]
            if not found:
                return ()
        return found


@lru_cache(maxsize=1024)
def _names(path: str) -> tuple[str, ...]:
    return tuple(name for name in path.split("/") if name != ".")
