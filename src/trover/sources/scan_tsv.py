"""Words of a page as Tesseract prints them (TSV): text, confidence and box."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trover.errors import InputErrors, NotTsv, Place
from trover.sources.text import shortened

HEADER = "level page_num block_num par_num line_num word_num left top width height conf text".split()
PAGE, WORD = "1", "5"
"""Levels of the rows that are used."""
_WHOLE = re.compile(r"\d{1,7}", re.ASCII)
_CONFIDENCE = re.compile(r"(\d{1,3})(?:\.(\d+))?", re.ASCII)
SURE = 10_000
"""Confidence of a word that the program has no doubt of: hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels from the left and the top of the page."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True, slots=True)
class Word:
    """`confidence` is in hundredths of a percent, as the program claims it."""

    text: str
    confidence: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """Width and height in pixels, and the words in the order printed."""

    width: int
    height: int
    words: tuple[Word, ...]


def read_tsv(text: str, name: str) -> list[Page]:
    """The pages of one image. Raises `InputErrors` at anything the program does not print."""
    lines = text.split("\n")
    if lines[0].rstrip("\r").split("\t") != HEADER:
        raise InputErrors([NotTsv(shortened(lines[0]), Place(name, row=1))])
    sizes: list[tuple[int, int]] = []
    words: list[list[Word]] = []
    for row, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        place = Place(name, row=row)
        if len(cells) != len(HEADER):
            raise InputErrors([NotTsv(shortened(line), place)])
        box = Box(*(_whole(cell, place) for cell in cells[6:10]))
        if cells[0] == PAGE:
            sizes.append((box.width, box.height))
            words.append([])
        elif cells[0] == WORD and cells[11].strip():
            if not words:
                raise InputErrors([NotTsv(shortened(line), place, says="is a word that stands on no page")])
            words[-1].append(Word(" ".join(cells[11].split()), _confidence(cells[10], place), box))
    if not sizes or any(0 in size for size in sizes):
        raise InputErrors([NotTsv("", Place(name), says="what Tesseract printed holds no page")])
    return [Page(*size, tuple(found)) for size, found in zip(sizes, words, strict=True)]


def _whole(text: str, place: Place) -> int:
    if not _WHOLE.fullmatch(text):
        raise InputErrors([NotTsv(shortened(text), place, says="is not a number of pixels")])
    return int(text)


def _confidence(text: str, place: Place) -> int:
    match = _CONFIDENCE.fullmatch(text)
    value = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")[:2]) if match else SURE + 1
    if value > SURE:
        raise InputErrors([NotTsv(shortened(text), place, says="is not a confidence from 0 to 100")])
    return value
