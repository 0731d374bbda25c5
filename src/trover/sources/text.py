"""Bytes to text, strictly: a wrong encoding or a NUL byte is refused with the byte where it stands."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from trover.errors import InputErrors, NotText, NulByte, Place, Problem, TooLong, WrongEncoding

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
ID_LIMIT = 200
TEXT_LIMIT = 20_000
SHOWN = 60
"""Characters of a long value that a message repeats."""


def decode(data: bytes, name: str, encoding: str = "utf-8", remedy: str = "") -> str:
    """Text of `data`; a byte order mark of UTF-8 is dropped. Raises `InputErrors` naming byte and row.

    `remedy` says what helps, where the general one does not.
    """
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    try:
        text = data.decode(codec)
    except UnicodeError as error:
        problem = _undecodable(data, name, encoding, error)
        raise InputErrors([problem.at(problem.place, remedy)]) from None
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        at = data.index(b"\x00")
        raise InputErrors([NulByte("\\x00", Place(name, row=row), says=f"{NulByte.says} (byte {at})", remedy=remedy)])
    return text


def _undecodable(data: bytes, name: str, encoding: str, error: UnicodeError) -> Problem:
    if not isinstance(error, UnicodeDecodeError):
        return WrongEncoding(encoding, Place(name))
    row = data.count(b"\n", 0, error.start) + 1
    shown = data[error.start : error.start + 1].hex()
    says = f"(byte {error.start}, row {row}) is not {encoding} text"
    return WrongEncoding(f"0x{shown}", Place(name, row=row), says=says)


def shortened(value: str) -> str:
    """`value` as a message may repeat it."""
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}... ({len(value)} characters)"


def labelled(name: str, value: str) -> str:
    """A part of a note: `value` with its name before it; empty where there is none."""
    return f"{name} {value}" if value else ""


def joined(parts: Iterable[str]) -> str:
    """The parts of a note that are not empty, each once, joined by `; `."""
    return "; ".join(dict.fromkeys(filter(None, parts)))


def not_text(value: str, place: Place) -> Problem | None:
    """A problem if `value` holds what JSON can escape but no text file can hold."""
    return NotText(ascii(shortened(value)), place) if _NOT_TEXT.search(value) else None


def too_long(value: str, place: Place, limit: int) -> Problem | None:
    """A problem if `value` exceeds `limit` characters."""
    return TooLong(shortened(value), place) if len(value) > limit else None
