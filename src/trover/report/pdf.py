"""The exhibit as PDF/A-2b by typst: the same figures, user text passed as data and never as markup.

Only fonts that come with typst are used, so that every machine makes the same bytes. Letters that they lack are
written by number, and the cover says so.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib import resources
from typing import Final

from trover.report.document import (
    Block,
    Cell,
    Heading,
    Line,
    Paragraph,
    Part,
    Picture,
    Points,
    Ref,
    RowRefs,
    Span,
    Table,
    Terms,
    spans,
    spans_of,
)
from trover.report.exhibit import Exhibit
from trover.report.figures import Figure
from trover.report.plain import span_text
from trover.report.words import visible, width

Json = dict[str, object]
WIDE = frozenset({3, 4, 5, 7, 9, 10, 12, 13})
"""Parts printed across the page."""
SENSITIVITY = 10
DIGIT = 7.2
"""Points for one em of the estimate `width` in the type of the tables."""
FONTS = ["Libertinus Serif", "New Computer Modern", "New Computer Modern Math", "DejaVu Sans Mono"]
STANDARD: Final = "a-2b"
LAST_ASCII = 126
TRIAL = b"#set text(font: json(bytes(sys.inputs.fonts)))\n#for text in json(bytes(sys.inputs.letters)) [#text]"
ANNEX = (
    "Every figure above zero, in the order in which it first appears, with the rows of the schedule (part 5) and what "
    "each contributes. For figures of zero and those of the sensitivity tables (part 10) the page and the workbook of "
    "this exhibit list the rows."
)
MISSING = (
    "Letters that the fonts of this document lack are written by their Unicode numbers, as in [U+20BF]. The page and "
    "the workbook of this exhibit show them."
)
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


def pdf(exhibit: Exhibit) -> bytes:
    """The document; the same exhibit gives the same bytes."""
    import typst

    whole = json.dumps(_Data(exhibit).exhibit(), ensure_ascii=False, separators=(",", ":"))
    missing = _missing("".join(sorted({letter for letter in whole if ord(letter) > LAST_ASCII})))
    whole = whole.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in missing})
    made = typst.compile(
        (resources.files("trover.report") / "templates" / "exhibit.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"exhibit": whole, "missing": MISSING if missing else ""},
        pdf_standards=STANDARD,
        pdf_tags=False,
        timestamp=datetime.combine(exhibit.cover.day, time(), UTC),
    )
    return bytes(made)


def _missing(letters: str) -> str:
    """Those of `letters` that no font of typst displays; PDF/A refuses them. Found by trying ever smaller sets."""
    import typst

    likely = "".join(letter for letter in letters if _likely(letter))
    gone = "".join(letter for letter in letters if letter not in likely)
    if not likely:
        return gone
    inputs = {"letters": json.dumps([likely]), "fonts": json.dumps(FONTS)}
    try:
        typst.compile(TRIAL, format="pdf", ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=STANDARD)
    except typst.TypstError:
        half = len(likely) // 2
        return gone + (_missing(likely[:half]) + _missing(likely[half:]) if half else likely)
    return gone


def _likely(letter: str) -> bool:
    """Whether the script is one that typst's fonts have at all."""
    return not letter.isalpha() or unicodedata.name(letter, "").startswith(SCRIPTS)


class _Data:
    """The exhibit as plain lists and texts for the template."""

    def __init__(self, exhibit: Exhibit) -> None:
        self.source = exhibit
        self.annexed = _annexed(exhibit)

    def exhibit(self) -> Json:
        cover = self.source.cover
        return {
            "cover": {
                "title": visible(cover.title),
                "case": visible(cover.case),
                "author": visible(cover.author),
                "exhibit_no": visible(cover.exhibit_no),
                "day": [cover.day.year, cover.day.month, cover.day.day],
            },
            "fonts": FONTS,
            "parts": [self.part(part) for part in self.source.parts],
            "figures": [self.figure(figure) for figure in self.annexed.values()],
            "annex": ANNEX,
        }

    def part(self, part: Part) -> Json:
        return {
            "number": part.number,
            "title": part.title,
            "anchor": part.anchor,
            "wide": part.number in WIDE,
            "blocks": [self.block(block) for block in part.blocks],
        }

    def block(self, block: Block) -> Json:
        if isinstance(block, Heading):
            return {"kind": "heading", "text": visible(block.text), "anchor": block.anchor}
        if isinstance(block, Paragraph):
            return {"kind": "paragraph", "spans": self.cell(block.spans), "tone": block.tone}
        if isinstance(block, Points):
            return {"kind": "points", "points": [self.cell(point) for point in block.points]}
        if isinstance(block, Terms):
            pairs = [{"name": visible(name), "value": self.cell(value)} for name, value in block.pairs]
            return {"kind": "terms", "pairs": pairs}
        if isinstance(block, Picture):
            return {"kind": "picture", "id": block.id, "svg": block.svg, "caption": visible(block.caption)}
        return self.table(block)

    def table(self, table: Table) -> Json:
        lines = [self.line(line) for line in table.lines]
        return {
            "kind": "table",
            "id": table.id,
            "title": visible(table.title),
            "note": visible(table.note),
            "empty": visible(table.empty or "Nothing was recorded."),
            "columns": _columns(table, lines),
            "lines": lines,
        }

    def line(self, line: Line) -> Json:
        cells = [self.cell(cell) for cell in line.cells]
        return {"cells": cells, "anchor": line.anchor, "weight": line.weight}

    def cell(self, cell: Cell) -> str | list[str | Json]:
        """A text, or texts and links one after another."""
        pieces = [piece for span in spans_of(cell) for piece in self.span(span)]
        if all(isinstance(piece, str) for piece in pieces):
            return "".join(str(piece) for piece in pieces)
        return pieces

    def span(self, span: Span) -> Iterator[str | Json]:
        if isinstance(span, RowRefs):
            yield from self.rows(span.rows)
            return
        text = span_text(span, self.source.shown, self.source.rows)
        if isinstance(span, Figure) and span.id in self.annexed:
            yield {"text": text, "to": span.id}
        elif isinstance(span, Ref):
            yield {"text": text, "to": span.anchor}
        else:
            yield text

    def rows(self, rows: tuple[str, ...]) -> Iterator[str | Json]:
        for number, row in enumerate(rows):
            if number:
                yield " "
            yield {"text": self.source.rows[row].label, "to": self.source.rows[row].anchor}

    def figure(self, figure: Figure) -> Json:
        shown = self.source.shown
        rows: list[str | Json] = [" = " if figure.parts else ", computed from rows "]
        for number, row in enumerate(figure.rows):
            if number:
                rows.append(" + " if figure.parts else " ")
            label = f"row {self.source.rows[row].label}" if figure.parts else self.source.rows[row].label
            rows.append({"text": label, "to": self.source.rows[row].anchor})
            if figure.parts:
                rows.append(f" {shown.nano(figure.parts[number], figure.currency)}")
        amount = f"{shown.amount(figure.amount, figure.currency)} {figure.currency}"
        return {"id": figure.id, "what": visible(figure.what), "amount": amount, "rows": rows}


def _columns(table: Table, lines: list[Json]) -> list[Json]:
    """Numbers get the room their longest needs, in points; texts share the rest in proportion."""
    found: list[Json] = []
    for number, column in enumerate(table.columns):
        fixed = column.kind in ("money", "number", "date") or (column.kind == "rows" and column.width <= 1)
        made: Json = {"title": visible(column.title), "kind": column.kind, "part": 0 if fixed else max(column.width, 1)}
        if fixed:
            cells = [cells[number] for line in lines if isinstance(cells := line["cells"], list)]
            longest = max((_length(cell) for cell in cells), default=0.0)
            word = max(width(word) for word in visible(column.title).split())
            made["points"] = round(max(longest * DIGIT, word * DIGIT * 1.08) + 10, 1)
        found.append(made)
    return found


def _length(cell: object) -> float:
    pieces = cell if isinstance(cell, list) else [cell]
    return sum(width(str(piece["text"] if isinstance(piece, dict) else piece)) for piece in pieces)


def _annexed(exhibit: Exhibit) -> dict[str, Figure]:
    """Figures above zero of every part but the sensitivity tables, which would double the document."""
    used: dict[str, Figure] = {}
    for part in exhibit.parts:
        for block in part.blocks if part.number != SENSITIVITY else ():
            used.update((s.id, s) for s in spans(block) if isinstance(s, Figure) and s.amount)
    return {id: used[id] for id in exhibit.figures if id in used}
