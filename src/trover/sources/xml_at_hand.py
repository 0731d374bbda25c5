"""One message of XML being read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from trover.errors import TooLong
from trover.sources.file_at_hand import FileAtHand
from trover.sources.text import TEXT_LIMIT, shortened
from trover.sources.xml_safe import Element


@dataclass
class XmlAtHand(FileAtHand):
    """`where` is an element; None where none is."""

    too_long: dict[Element | None, list[Element]] = field(default_factory=dict)
    """Row -> elements in it whose text is longer than any such text can be, until they are reported."""

    def row_of(self, where: Element | None) -> int | None:
        return None if where is None else where.sourceline

    def prepare(self, root: Element, rows: Collection[str] = ()) -> None:
        """Give every element its name without namespace: versions differ in the namespace and little else.

        A text that is longer than any such text can be is a problem: of the row it stands in, whose element has one of
        the names in `rows`, once `report_too_long` is asked for that row; else of the file.
        """
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
            if len(element.text or "") > TEXT_LIMIT:
                row = next((each for each in element.iterancestors() if each.tag in rows), None)
                self.too_long.setdefault(row, []).append(element)
        self.report_too_long(None)

    def report_too_long(self, *rows: Element | None) -> None:
        """Report the texts in `rows` that are too long, which are then no longer kept."""
        for row in rows:
            for element in self.too_long.pop(row, ()):
                self.report(TooLong(shortened(element.text)), element, element.tag)
