"""Text pieced together from a page, each sign of which knows where in the source it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
"""Signs that take no room: put into an address they hide it from a search and not from an eye."""


ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column (1 = first), the number of the element, and where: empty for text of the page.

    What stands in an attribute is placed at the beginning of its tag.
    """

    line: int
    column: int
    element: int = 0
    where: str = ""

    @property
    def is_fixed(self) -> bool:
        """The parser does not say where in the tag an attribute stands."""
        return self.where.startswith(ATTRIBUTE)


@dataclass
class Flow:
    """`text` is what was added, without invisible signs."""

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(self, text: str, spot: Spot) -> None:
        """`text` begins at `spot` of the source and stands there as it is written."""
        line, column = spot.line, spot.column
        for number, part in enumerate(text.split("\n")):
            if number:
                self._piece("\n", Spot(line, column, spot.element, spot.where))
                line, column = (line, column) if spot.is_fixed else (line + 1, 1)
            at = 0
            for gap in INVISIBLE.finditer(part):
                self._piece(part[at : gap.start()], Spot(line, column + at, spot.element, spot.where))
                at = gap.end()
            self._piece(part[at:], Spot(line, column + at, spot.element, spot.where))
            column += len(part)

    def join(self, text: str) -> None:
        """`text` stands between two pieces and nowhere in the source."""
        if self.pieces and not self.pieces[-1].endswith(text):
            self._piece(text, self.spots[-1])

    def spot(self, offset: int) -> Spot:
        """Where the sign at `offset` of `text` stands in the source."""
        at = bisect_right(self.starts, offset) - 1
        spot = self.spots[at]
        over = 0 if spot.is_fixed else offset - self.starts[at]
        return Spot(spot.line, spot.column + over, spot.element, spot.where)

    def _piece(self, piece: str, spot: Spot) -> None:
        """A piece of one line."""
        if piece:
            self.pieces.append(piece)
            self.starts.append(self.size)
            self.spots.append(spot)
            self.size += len(piece)
