"""One document of 1C: which own account it moves, on which day, between whom, and for what."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from trover.sources.one_c.sections import Section
from trover.sources.parties import Party
from trover.sources.row_book import Movement
from trover.sources.rows import account_id
from trover.sources.text import joined

OUT, IN = "out", "in"
_PERSON = {OUT: "Плательщик", IN: "Получатель"}
FAR = {OUT: "Получатель", IN: "Плательщик"}
_BOOKED = {OUT: "ДатаСписано", IN: "ДатаПоступило"}
_SHOWN = frozenset(
    "Номер Дата Сумма ДатаСписано ДатаПоступило НазначениеПлатежа ПлательщикСчет ПлательщикРасчСчет "
    "ПолучательСчет ПолучательРасчСчет Плательщик Плательщик1 Получатель Получатель1".split()
)
"""Values that are read, or that the note shows in words of its own."""


@dataclass(frozen=True, slots=True)
class Side:
    """The own account of a document, whether money comes to it, and the account on the other side."""

    account: str
    word: str
    other: str

    @property
    def comes(self) -> bool:
        return self.word == IN


def _numbers(document: Section, word: str) -> list[str]:
    """The account of one side: with its own bank, and, where that bank pays through another, that one's as well."""
    person = _PERSON[word]
    found = (account_id(document.get(f"{person}{end}")) for end in ("Счет", "РасчСчет"))
    return list(dict.fromkeys(filter(None, found)))


def sides_of(document: Section, own: Container[str]) -> list[Side]:
    """The own sides of a document: the payer's first. Both where it goes from one own account to another."""
    numbers = {word: _numbers(document, word) for word in (OUT, IN)}
    found = []
    for word, far in ((OUT, IN), (IN, OUT)):
        mine = next((number for number in numbers[word] if number in own), "")
        if mine:
            found.append(Side(mine, word, _far(numbers[far], own)))
    return found


def _far(numbers: list[str], own: Container[str]) -> str:
    """The account of the other side: one of this file, or else the one in its own bank."""
    return next((number for number in numbers if number in own), numbers[-1] if numbers else "")


def day_text(document: Section, side: Side, both: bool) -> str:
    """The day of booking as printed; banks that export one side only put it under either name."""
    own = document.get(_BOOKED[side.word])
    return own if own or both else document.get(_BOOKED[IN if side.word == OUT else OUT])


def movement_of(document: Section, side: Side, id: str, day: datetime, text: str, minor: int) -> Movement:
    number = document.get("Номер")
    return Movement(
        id=id,
        row=document.row,
        time=day,
        time_text=text,
        signed=minor if side.comes else -minor,
        party=_party(document, side),
        note=joined(_note(document, text)),
        references=(number,) if number.strip("0") else (),
    )


def _party(document: Section, side: Side) -> Party:
    person = FAR[side.word]
    taxpayer = document.get(f"{person}ИНН")
    name = document.get(f"{person}1", person)
    return Party(side.other, name, f"ИНН {taxpayer}" if taxpayer.strip("0") else "")


def _note(document: Section, booked: str) -> Iterator[str]:
    """Purpose, the document itself, both names, and every other value as printed."""
    purpose = [document.get("НазначениеПлатежа")]
    if not purpose[0]:
        purpose = [document.get(f"НазначениеПлатежа{number}") for number in range(1, 7)]
    yield " ".join(filter(None, purpose))
    day = document.get("Дата")
    yield " ".join(filter(None, (document.title, document.get("Номер"), day if day != booked else "")))
    yield document.get("Плательщик1", "Плательщик")
    yield document.get("Получатель1", "Получатель")
    for name in document.values:
        if name not in _SHOWN and not name.startswith("НазначениеПлатежа") and (value := document.get(name)):
            yield f"{name} {value}"
