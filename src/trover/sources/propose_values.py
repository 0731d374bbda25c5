"""What the values of columns prove: order of day and month, decimal sign, words of direction."""
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from trover.errors import Problem
from trover.sources.amounts import AmountStyle
from trover.sources.dates import DateStyle, pattern_of
from trover.sources.digits import plain_digits
from trover.sources.mapping_fields import folded
from trover.sources.propose_text import Guess
from trover.sources.propose_words import CREDIT, DEBIT

_DAYS = (
    *(
        "iso %d.%m.%Y %m.%d.%Y %d/%m/%Y %m/%d/%Y %Y/%m/%d %Y.%m.%d %d-%m-%Y %m-%d-%Y %Y%m%d %d%m%Y %m%d%Y %y%m%d "
        "%d%m%y %m%d%y %d.%m.%y %m.%d.%y %d/%m/%y %m/%d/%y %d-%m-%y %m-%d-%y %y/%m/%d %d-%b-%Y %d-%b-%y %d%b%Y"
    ).split(),
    "%d %m %Y", "%d %b %Y", "%d. %b %Y", "%d %b %y", "%b %d, %Y",
)  # fmt: skip
_TIMES = ("", " %H:%M:%S", " %H:%M", ", %H:%M:%S", ", %H:%M", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S")
_LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "ru", "uk", "tr", "az", "et", "lv", "lt", "ar",
)  # fmt: skip
_STYLES = ((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (".", "'"), (",", "'"))
_NOT_DIGITS = re.compile(r"[^\d.,'’ \-+()\u00a0\u202f\u2009\u2212\u066b\u066c]")
FIRST_YEAR = 1950


def dates_of(texts: Sequence[str]) -> tuple[list[Guess], str, bool]:
    """Formats that read all of `texts`, the language of their months, and whether years have two digits.

    One format is proved; several are a question that only a person can answer.
    """
    found: list[Guess] = []
    if all(_reads(DateStyle(), text) for text in texts):
        return [Guess("iso", "every date is written as ISO 8601 writes it")], "", False
    for day, time in product(_DAYS[1:], _TIMES):
        for language in _LANGUAGES if "%b" in day else ("",):
            style = DateStyle((day + time,), years_from=FIRST_YEAR, languages=(language or "en",))
            if all(_reads(style, text) for text in texts):
                found.append(Guess(day + time, language))
                break
    if not found:
        return [], "", False
    language = next((guess.reason for guess in found if guess.reason), "")
    proof = _proof(found[0].value, texts) if len(found) == 1 else ""
    return [Guess(guess.value, proof) for guess in found], language, "%y" in found[0].value


def _reads(style: DateStyle, text: str) -> bool:
    try:
        style.moment(text)
    except Problem:
        return False
    return True


def _proof(name: str, texts: Sequence[str]) -> str:
    for text in texts:
        match = pattern_of(name).fullmatch(plain_digits(text))
        if match and "m" in match.groupdict() and int(match["d"]) > 12:
            return f"the only format that reads every date, for example {text}"
    return "the only format that reads every date"


def style_of(texts: Sequence[str]) -> list[Guess]:
    """Pairs of decimal and thousands sign ('.,') under which every amount is a number; those that agree count once."""
    bare = list(dict.fromkeys(_NOT_DIGITS.sub("", text).strip() for text in texts if text.strip()))
    found: dict[tuple[int, ...], Guess] = {}
    for decimal, thousands in _STYLES:
        style = AmountStyle(decimal, thousands)
        values = []
        for text in bare:
            try:
                values.append(style.cell(text, 8))
            except Problem:
                break
        else:
            shown = next((text for text in bare if decimal in text), bare[0] if bare else "")
            found.setdefault(tuple(values), Guess(decimal + thousands, f"every amount is a number so, as {shown}"))
    return list(found.values())


def direction_words(columns: Mapping[str, Sequence[str]]) -> tuple[str, list[str], list[str], str] | None:
    """The column whose few words all say credit or debit: its name, both lists, the reason."""
    for name, texts in columns.items():
        words = {text.strip() for text in texts}
        if not 1 <= len(words) <= 6:
            continue
        credit = sorted(word for word in words if folded(word) in CREDIT)
        debit = sorted(word for word in words if folded(word) in DEBIT)
        if (credit or debit) and len(credit) + len(debit) == len(words):
            return name, credit, debit, "its words are known to say credit and debit"
    return None


def proved_words(
    columns: Mapping[str, Sequence[str]], amounts: Sequence[int], balances: Sequence[int], accounts: Sequence[str]
) -> tuple[str, list[str], list[str], str] | None:
    """The column, and the one way to read its words, under which most amounts lead from balance to balance."""
    found: list[tuple[int, str, list[str], list[str]]] = []
    steps = list(_steps(balances, accounts))
    for name, texts in columns.items():
        words = sorted({text.strip() for text in texts})
        if not 2 <= len(words) <= 5:
            continue
        for signs in product((1, -1), repeat=len(words)):
            sign = dict(zip(words, signs, strict=True))
            hits = sum(step == sign[texts[at].strip()] * amounts[at] for at, step in steps)
            credit = [word for word in words if sign[word] > 0]
            found.append((hits, name, credit, [word for word in words if sign[word] < 0]))
    found.sort(key=lambda each: each[0], reverse=True)
    best, second = found[0][0] if found else 0, found[1][0] if len(found) > 1 else 0
    if best < max(3, len(steps) // 5) or second * 10 > best * 9:
        return None  # rows of one day may stand in any order, so not every amount needs to fit
    hits, name, credit, debit = found[0]
    return name, credit, debit, f"read so, {hits} of {len(steps)} amounts lead from one printed balance to the next"


def _steps(balances: Sequence[int], accounts: Sequence[str]) -> Iterator[tuple[int, int]]:
    last: dict[str, int] = {}
    for at, (balance, account) in enumerate(zip(balances, accounts, strict=True)):
        if account in last:
            yield at, balance - last[account]
        last[account] = balance
