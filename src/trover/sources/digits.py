"""Digits and signs of other scripts as the ones that are computed with; the original stays where it stood."""

from __future__ import annotations

import unicodedata

_MARKS = dict.fromkeys(
    [0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)],
)
"""Marks that steer the direction of writing and have no width: they would make two numbers of one."""

_SIGNS = str.maketrans({"\u2212": "-", "\ufe63": "-", "\uff0d": "-", "\uff0b": "+", "\u2010": "-", "\u2011": "-"})


def unmarked(text: str) -> str:
    """`text` without marks of direction and of no width."""
    return text if text.isascii() else text.translate(_MARKS).strip()


def plain_digits(text: str) -> str:
    """`text` without such marks, and with Arabic-Indic, Persian and every other decimal digit as 0 to 9."""
    if text.isascii():
        return text
    return "".join(_plain(sign) for sign in text.translate(_MARKS).translate(_SIGNS)).strip()


def _plain(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
