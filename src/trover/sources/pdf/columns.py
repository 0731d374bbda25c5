"""Which column of the table a word stands in: by ranges that the mapping states, or by the words of the header."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass

from trover.sources.mapping import Mapping
from trover.sources.mapping_fields import folded
from trover.sources.pdf.text import Box, TextLine, Word, text_of, union

FIGURES = ("amount", "debit", "credit", "balance", "fee", "seq")
"""Columns that stand at their right edge, as the mapping names them."""
_NEAR = 2.0
"""Points by which a word may begin before the header of its column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns from left to right, and where each stands."""

    names: tuple[str, ...]
    ranges: tuple[tuple[float, float], ...] = ()
    """Left and right edge where the mapping states them."""
    heads: tuple[Box, ...] = ()
    """Boxes of the header's words where it does not."""
    figures: frozenset[str] = frozenset()

    def cells(self, line: TextLine) -> list[str]:
        """The text of each column; after them, one more cell with what stands in none, if anything does."""
        parts: list[list[Word]] = [[] for _ in self.names]
        outside: list[Word] = []
        for word in line.words:
            at = self._at(word)
            (outside if at is None else parts[at]).append(word)
        cells = [text_of(words) for words in parts]
        return [*cells, text_of(outside)] if outside else cells

    def _at(self, word: Word) -> int | None:
        if self.ranges:
            return next((at for at, (left, right) in enumerate(self.ranges) if left <= word.middle < right), None)
        under = [at for at, head in enumerate(self.heads) if word.box[0] < head[2] and head[0] < word.box[2]]
        under = [at for at in under if self.names[at] in self.figures]
        if under and _is_figure(word.text):
            return min(under, key=lambda at: abs(word.box[2] - self.heads[at][2]))
        begins = [
            at
            for at, (name, head) in enumerate(zip(self.names, self.heads, strict=True))
            if head[0] <= word.box[0] + _NEAR and name not in self.figures
        ]
        return begins[-1] if begins else None


def _is_figure(text: str) -> bool:
    """A number with its signs, or what stands beside one (a sign, S and H, CR and DR, a currency)."""
    return any(sign.isdigit() for sign in text) or len(text) <= 3


def figures_of(mapping: Mapping) -> frozenset[str]:
    """The header's names of the columns that stand at their right edge."""
    named = {theirs for ours, theirs in mapping.columns.items() if ours in FIGURES}
    return frozenset(named | set(mapping.layout.right if mapping.layout else ()))


def stated(mapping: Mapping) -> Columns | None:
    """The columns whose ranges the mapping states; None where the header has to be found."""
    ranges: Dict[str, tuple[int, int]] = mapping.layout.columns if mapping.layout else {}
    if not ranges:
        return None
    names = sorted(ranges, key=ranges.__getitem__)
    return Columns(tuple(names), tuple((float(ranges[n][0]), float(ranges[n][1])) for n in names))


def header_in(line: TextLine, names: Sequence[str], figures: frozenset[str]) -> Columns | None:
    """The columns where `line` is the header: it holds every one of `names`, each once, from left to right."""
    found: list[tuple[Box, str]] = []
    used: set[int] = set()
    for name in sorted(names, key=len, reverse=True):
        places = [run for run in _runs(line.words, len(name.split())) if _spells(line.words, run, name)]
        places = [run for run in places if not used & set(run)]
        if len(places) != 1:
            return None
        used |= set(places[0])
        found.append((union([line.words[at].box for at in places[0]]), name))
    found += [(word.box, word.text) for at, word in enumerate(line.words) if at not in used]
    found.sort()
    return Columns(tuple(name for _, name in found), (), tuple(box for box, _ in found), figures)


def _runs(words: Sequence[Word], length: int) -> list[tuple[int, ...]]:
    return [tuple(range(at, at + length)) for at in range(len(words) - length + 1)]


def _spells(words: Sequence[Word], run: Sequence[int], name: str) -> bool:
    return folded(text_of([words[at] for at in run])) == folded(name)
