"""Pages to lines of words, each word with its box; text that runs from right to left in its logical order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from trover.errors import FileTooLarge, InputErrors, NotPdf, Place, Problem, TextLayerMissing, TooLong
from trover.sources.custody import SourceFile
from trover.sources.xml_safe import LARGEST

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the upper left corner of the page, as it is seen."""
PAGES, SIGNS = 10_000, 200_000
"""The most pages of a file, and signs of a page, that are read."""
_PASSWORD = 4
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_FIGURE = re.compile(r"[\u2212\u2013]?[\d.,']+[\u2212\u2013]?")
"""A number whose minus a typesetter may have made a longer dash."""


@dataclass(frozen=True, slots=True)
class Word:
    """Signs without a gap between them; `order` is their place in the logical order of the page."""

    text: str
    box: Box
    order: int

    @property
    def middle(self) -> float:
        return (self.box[0] + self.box[2]) / 2


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words that stand beside each other, from left to right; `row` counts lines from the top of the page."""

    page: int
    row: int
    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        return union([word.box for word in self.words])

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def parts(self) -> list[str]:
        """The texts of the line between wide gaps, from left to right."""
        found: list[list[Word]] = []
        for word in self.words:
            wide = 1.5 * (word.box[3] - word.box[1])
            if not found or word.box[0] - found[-1][-1].box[2] > wide:
                found.append([])
            found[-1].append(word)
        return [text_of(words) for words in found]


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of `boxes`."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def text_of(words: Sequence[Word]) -> str:
    """Words in the order they are read: from the left, or in logical order where one runs from right to left."""
    if any(_runs_left(word.text) for word in words):
        words = sorted(words, key=lambda word: word.order)
    return " ".join(word.text for word in words)


def _runs_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)


def pages_of(source: SourceFile) -> Iterator[list[TextLine]]:
    """The lines of every page. Raises `InputErrors`: FileTooLarge, NotPdf, TooLong or TextLayerMissing."""
    import pypdfium2

    if source.size > LARGEST:
        raise InputErrors([FileTooLarge(source.size, Place(source.name))])
    try:
        document = pypdfium2.PdfDocument(source.data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        raise InputErrors([_damaged(error, source)]) from None
    try:
        if count > PAGES:
            says = f"pages are more than {PAGES}, the most that are read"
            raise InputErrors([TooLong(count, Place(source.name), says=says)])
        signs = 0
        for number in range(count):
            lines, found = _page(document, number, source)
            signs += found
            yield lines
        if not signs:
            raise InputErrors([TextLayerMissing("", Place(source.name))])
    finally:
        document.close()


def _damaged(error: Any, source: SourceFile) -> Problem:
    if getattr(error, "err_code", None) == _PASSWORD:
        says = "the file is locked with a password"
        return NotPdf("", Place(source.name), says=says, remedy="Save a copy without the password and add that.")
    return NotPdf("", Place(source.name))


def _page(document: Any, number: int, source: SourceFile) -> tuple[list[TextLine], int]:
    import pypdfium2

    place = Place(source.name, str(number + 1))
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as layer:
            count: int = layer.count_chars()
            if count > SIGNS:
                raise InputErrors([TooLong(count, place, says=f"signs are more than {SIGNS}, the most of one page")])
            words = list(_words(page, layer, count))
    except pypdfium2.PdfiumError:
        raise InputErrors([NotPdf("", place, says="the page is damaged")]) from None
    return _lines(words, number + 1), count


def _words(page: Any, layer: Any, count: int) -> Iterator[Word]:
    """Signs put together to words, where neither a space nor a gap of more than a third of a line's height is."""
    left, upper = _frame(page)
    signs: list[str] = []
    boxes: list[Box] = []
    start = 0
    for at, sign, found in _signs(layer, count):
        if found is None:
            if signs:
                yield _word(signs, boxes, start)
                signs, boxes = [], []
            continue
        box = (found[0] - left, upper - found[3], found[2] - left, upper - found[1])
        if signs and not _joins(boxes[-1], box):
            yield _word(signs, boxes, start)
            signs, boxes = [], []
        if not signs:
            start = at
        signs.append(sign)
        boxes.append(box)
    if signs:
        yield _word(signs, boxes, start)


def _word(signs: Sequence[str], boxes: Sequence[Box], start: int) -> Word:
    text = "".join(signs)
    return Word(text.translate(_MINUS) if _FIGURE.fullmatch(text) else text, union(boxes), start)


def _frame(page: Any) -> tuple[float, float]:
    """Left and upper edge of what is seen of the page."""
    left, _, _, upper = page.get_cropbox()
    return left, upper


def _signs(layer: Any, count: int) -> Iterator[tuple[int, str, Box | None]]:
    """Every sign with its position and box (left, bottom, right, top); no box for a space or what no text can hold.

    Old forms of letters become the letters.
    """
    import pypdfium2.raw as raw

    rectangle = raw.FS_RECTF()
    for at in range(count):
        code = raw.FPDFText_GetUnicode(layer, at)
        usable = 0x20 < code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
        sign = chr(code) if usable else " "
        if sign.isspace() or not raw.FPDFText_GetLooseCharBox(layer, at, rectangle):
            yield at, " ", None
            continue
        if "\ufb00" <= sign <= "\ufdff" or "\ufe70" <= sign <= "\ufefc":
            sign = unicodedata.normalize("NFKC", sign)
        yield at, sign, (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _joins(before: Box, box: Box) -> bool:
    """Whether a sign continues the word of the sign before it: on one line, and close on either side."""
    height = min(before[3] - before[1], box[3] - box[1])
    if min(before[3], box[3]) - max(before[1], box[1]) < height / 2:
        return False
    gap = max(box[0] - before[2], before[0] - box[2])
    return gap < max(height, 1.0) / 3


def _lines(words: Sequence[Word], page: int) -> list[TextLine]:
    """Words whose middles are within half of a height of each other stand on one line, from the top down."""
    rows: list[tuple[Box, list[Word]]] = []
    for word in sorted(words, key=lambda word: (word.box[1] + word.box[3], word.box[0])):
        middle = (word.box[1] + word.box[3]) / 2
        if rows and abs(middle - (rows[-1][0][1] + rows[-1][0][3]) / 2) < (rows[-1][0][3] - rows[-1][0][1]) / 2:
            rows[-1][1].append(word)
        else:
            rows.append((word.box, [word]))
    ordered = (sorted(row, key=lambda word: word.box[0]) for _, row in rows)
    return [TextLine(page, number, tuple(row)) for number, row in enumerate(ordered, 1)]
