"""The lines of a file of 1C: a heading, one section an account and period, and one section a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trover.errors import InputErrors, Place, Problem, RecordMisplaced, Truncated
from trover.sources.custody import SourceFile
from trover.sources.row_book import text_of
from trover.sources.text import shortened

HEADING = ""
ACCOUNT, ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
DOCUMENT, DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
END = "КонецФайла"
_CLOSES = {ACCOUNT: ACCOUNT_END, DOCUMENT: DOCUMENT_END}
_PURPOSE = "НазначениеПлатежа"


@dataclass(slots=True)
class Section:
    """The values of one section by their names, with single spaces.

    `row` is the line it begins on, `title` what follows its name.
    """

    kind: str
    title: str
    row: int
    values: dict[str, list[str]] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        """The first value that is not empty."""
        for name in names:
            for value in self.values.get(name, ()):
                if value:
                    return value
        return ""

    def every(self, name: str) -> list[str]:
        return [value for value in self.values.get(name, ()) if value]


@dataclass(slots=True)
class File:
    """The heading, the accounts with their periods and balances, and the documents."""

    heading: Section
    accounts: list[Section] = field(default_factory=list)
    documents: list[Section] = field(default_factory=list)


def sections_of(source: SourceFile) -> File:
    """Every section of the file. Raises `InputErrors` for a line that belongs to none, or a file that is cut off."""
    found: list[Problem] = []
    file = File(Section(HEADING, "", 1))
    at_hand, name, ended, row = file.heading, "", False, 0
    for row, line in _lines(_text(source)):
        key, sign, value = line.partition("=")
        key = key.strip()
        if sign and key not in _CLOSES and not ended:
            name = key
            words = " ".join(value.split())
            if name in at_hand.values:
                at_hand.values[name].append(words)
            else:
                at_hand.values[name] = [words]
            continue
        place = Place(source.name, row=row)
        if ended:
            found.append(RecordMisplaced(shortened(line), place, says="stands after the end of the file (КонецФайла)"))
            break
        if key in _CLOSES:
            if at_hand is not file.heading:
                says = f"begins inside the section of row {at_hand.row}, which is not closed"
                found.append(RecordMisplaced(key, place, says=says))
            at_hand, name = Section(key, value.strip(), row), ""
            (file.accounts if key == ACCOUNT else file.documents).append(at_hand)
        elif key in _CLOSES.values():
            if _CLOSES.get(at_hand.kind) != key:
                found.append(RecordMisplaced(key, place, says="closes a section that is not open"))
            at_hand = file.heading
        elif key == END:
            ended = True
        elif at_hand.kind == DOCUMENT and name.startswith(_PURPOSE):
            at_hand.values[name][-1] += f" {' '.join(line.split())}"
        else:
            found.append(RecordMisplaced(shortened(line), place, says="is neither a value nor a section"))
    if not ended or at_hand is not file.heading:
        says = "the file ends before its last line (КонецФайла)"
        found.append(Truncated("", Place(source.name, row=row), says=says))
    if found:
        raise InputErrors(found)
    return file


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, after the first, with their number."""
    for row, line in enumerate(text.splitlines(), 1):
        if row > 1 and line.strip():
            yield row, line.strip()


def _text(source: SourceFile) -> str:
    """The text in UTF-8, in CP866 where the heading in it says DOS, or else in Windows-1251."""
    heading = source.data[:4096].replace(b" ", b"").upper()
    return text_of(source, "cp866" if b"=DOS" in heading else "cp1251")
