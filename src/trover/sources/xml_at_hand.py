"""One message of XML being read."""

from __future__ import annotations

from trover.errors import TooLong
from trover.sources.file_at_hand import FileAtHand
from trover.sources.text import TEXT_LIMIT, shortened
from trover.sources.xml_safe import Element


class XmlAtHand(FileAtHand):
    """`where` is an element; None where none is."""

    def row_of(self, where: Element | None) -> int | None:
        return None if where is None else where.sourceline

    def prepare(self, root: Element) -> None:
        """Give every element its name without namespace: versions differ in the namespace and little else.

        A text that is longer than any such text can be is a problem.
        """
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
            if len(element.text or "") > TEXT_LIMIT:
                self.report(TooLong(shortened(element.text)), element, element.tag)
