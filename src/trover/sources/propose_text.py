"""How an unknown table is written: its encoding, the sign between values, the row of its header. With reasons."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trover.errors import InputErrors, NotCsv, Place
from trover.sources.custody import SourceFile
from trover.sources.propose_words import meanings_of
from trover.sources.table import Line

_ENCODINGS = ("cp1252", "cp1251", "cp1250", "cp1254", "cp1256", "cp1257", "cp866", "cp437")
_DELIMITERS = (";", ",", "\t", "|")
_LOOKED_AT = 60
"""Lines among which the header is looked for."""
_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Guess:
    """A value that is proposed, and why."""

    value: str
    reason: str


def encoding_of(source: SourceFile) -> Guess:
    """The likeliest encoding: a mark or validity prove UTF; else that in which most known words stand."""
    data = source.data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", "the file begins with the mark of UTF-16")
    if data.startswith(codecs.BOM_UTF8):
        return Guess("utf-8", "the file begins with the mark of UTF-8")
    if data.isascii():
        return Guess("utf-8", "every byte is ASCII, which is the same in all encodings proposed here")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_words(data)
    return Guess("utf-8", "every byte is valid UTF-8, which text of another encoding hardly ever is")


def _by_words(data: bytes) -> Guess:
    scores: dict[str, int] = {}
    words: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for name in _ENCODINGS:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if text in texts.values():
            continue  # this file reads the same in an encoding tried before
        texts[name] = text
        cells = [cell.strip(' "') for line in text.splitlines()[:_LOOKED_AT] for cell in _split_anyhow(line)]
        words[name] = [cell for cell in cells if not cell.isascii() and meanings_of(cell)]
        scores[name] = len(words[name])
    best = max(scores, key=scores.__getitem__, default="")
    rivals = [name for name, score in scores.items() if score == scores.get(best)]
    if best and scores[best] and len(rivals) == 1:  # a word of the list, and no other text holds as many
        return Guess(best, f"known words stand in the file only if read so: {', '.join(words[best][:3])}")
    said = f"the words {', '.join(words[best][:3])} stand in it" if best and scores[best] else "no known word decides"
    return Guess(best or "latin-1", f"ask: {said}; as well possible: {', '.join(r for r in rivals if r != best)}")


def _split_anyhow(line: str) -> list[str]:
    for sign in _DELIMITERS:
        line = line.replace(sign, "\t")
    return line.split("\t")


def delimiter_of(text: str) -> Guess:
    """The sign that cuts most lines into one and the same number of values, more than one."""
    lines = text.splitlines()[:_SAMPLE]
    best, found = Guess(",", "ask: no sign parts the lines into columns"), (0.0, 0)
    for sign in _DELIMITERS:
        counts = Counter(map(len, _rows(lines, sign)))
        widths = [(times, width) for width, times in counts.items() if width > 1]
        if not widths:
            continue
        times, width = max(widths)
        score = (round(times / max(1, sum(counts.values())), 2), width)
        if score > found:
            shown = "a tab" if sign == "\t" else sign
            best = Guess(sign, f"{shown} parts {times} of the first {sum(counts.values())} lines into {width} values")
            found = score
    return best


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter) if any(row)]
    except csv.Error:
        return []


def header_at(lines: Sequence[Line], name: str) -> tuple[int, Guess]:
    """Position among `lines` of the row that names the columns. Raises `InputErrors` if none looks like one."""
    best, most = -1, 0
    for at, (_, cells) in enumerate(lines[:_LOOKED_AT]):
        known = len({meaning for cell in cells if (meaning := meanings_of(cell))})
        if known > most:
            best, most = at, known
    if most < 2:
        says = "has no row in which the names of at least two columns are known"
        remedy = "Write the mapping by hand (docs/mapping.md); for a file without names of columns state header."
        raise InputErrors([NotCsv("", Place(name), says=says, remedy=remedy)])
    row, cells = lines[best]
    known_words = [cell.strip() for cell in cells if meanings_of(cell)]
    return best, Guess(str(row), f"row {row} names columns: {', '.join(known_words[:5])}")
