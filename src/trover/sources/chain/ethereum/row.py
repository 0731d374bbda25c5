"""One row of a file of Ethereum, whatever the file is: values by name, checked, with what is wrong collected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from trover.errors import AddressWrong, AmountTooLarge, DateUnreadable, FieldMissing, FieldWrong, Place, Problem
from trover.sources.chain.address import Network, check_address
from trover.sources.chain.ethereum.transfer import HIGHEST, UNSTATED
from trover.sources.record import Pointer
from trover.sources.text import shortened
from trover.sources.times import iso_moment

LARGEST = 10**38
"""Amounts from here on have no room in the ledger."""
WORD = 2**256
_HASH = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
_SMALL = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,78}", re.ASCII)
_POWER = re.compile(r"([0-9]{1,40})[eE]([0-9]{1,2})", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.0+)?(?: ?UTC|Z|\+00:00)?", re.ASCII
)
LATEST = 2**32


class Row:
    """Values by the plain names of their columns (`plain`). A getter takes several names, the first present counts."""

    def __init__(self, values: Mapping[str, Any], pointer: Pointer, name: str, keys: Iterable[str] = ()) -> None:
        self.values, self.pointer, self.name = values, pointer, name
        self.keys = keys
        """The names as the file writes them."""
        self.problems: list[Problem] = []

    @property
    def columns(self) -> frozenset[str]:
        """Plain names of all columns."""
        return frozenset(self.values)

    def has(self, *names: str) -> bool:
        """Whether any of them holds a value."""
        return self.raw(*names) is not None

    def raw(self, *names: str) -> Any:
        """The first value that is there; None without."""
        for name in names:
            value = self.values.get(name)
            if value is not None and value != "":
                return value
        return None

    def text(self, *names: str) -> str:
        """A text, empty without."""
        value = self.raw(*names)
        return "" if value is None else str(value) if isinstance(value, str | int) else self.wrong(value, names, "text")

    def whole(self, *names: str, most: int = WORD) -> int:
        """A whole number that must be there, below `most`."""
        found = self.whole_or_none(*names, most=most)
        if found is None:
            if not self.has(*names):
                self.lack(names[0])
            return 0
        return found

    def whole_or_none(self, *names: str, most: int = WORD) -> int | None:
        """A whole number below `most`, in decimal or (after 0x) hexadecimal digits; None without."""
        value = self.raw(*names)
        if value is None:
            return None
        number = _number(value)
        if number is None or not 0 <= number < most:
            self.wrong(value, names, "a whole number" if number is None else f"a whole number below {most}")
            return None
        return number

    def amount(self, *names: str) -> int:
        """An amount in the smallest unit, which the ledger must have room for."""
        value = self.whole(*names)
        if value >= LARGEST:
            says = "has more than 38 digits, more than an amount of the ledger can have"
            self.problems.append(AmountTooLarge(shortened(str(value)), self.place(names[0]), says=says, remedy=_HUGE))
            return 0
        return value

    def block(self, *names: str) -> int:
        return self.whole(*names, most=HIGHEST)

    def index(self, *names: str) -> int | None:
        return self.whole_or_none(*names, most=UNSTATED)

    def hash(self, *names: str) -> str:
        """The hash of a transaction, in small letters; it must be there."""
        text = self.text(*names).lower()
        if not text:
            self.lack(names[0])
        elif not _HASH.fullmatch(text):
            return self.wrong(text, names, "a hash of 0x and 64 hexadecimal digits")
        return text

    def address(self, *names: str) -> str:
        """An address in small letters, its capitals checked where it has some; empty without."""
        text = self.text(*names)
        if not text or _SMALL.fullmatch(text):
            return text
        try:
            return _checked(text)
        except AddressWrong as problem:
            self.problems.append(AddressWrong(problem.value, self.place(names[0]), says=problem.says))
            return ""

    def time(self, *names: str) -> tuple[datetime, str] | None:
        """The time of the block, in seconds since 1970 or as an ISO time in UTC, and how it is written here; None
        without."""
        text = self.raw(*names)
        if isinstance(text, str) and (match := _ISO.fullmatch(text)):
            text = f"{match[1]}T{match[2]}Z"
            try:
                return iso_moment(text).time, text
            except DateUnreadable:
                self.wrong(text, names, "a time")
                return None
        value = self.whole_or_none(*names, most=LATEST)
        return None if value is None else at_second(value)

    def wrong(self, value: object, names: tuple[str, ...], wanted: str) -> str:
        """Note that `value` is not what it must be; an empty text to go on with."""
        shown = shortened(str(value)) if isinstance(value, str | int) else type(value).__name__
        self.problems.append(FieldWrong(shown, self.place(names[0]), says=f"is not {wanted}", remedy=AGAIN))
        return ""

    def lack(self, name: str) -> None:
        """Note that a value is not there."""
        place = self.place(name)
        self.problems.append(FieldMissing(place.column, place, remedy=AGAIN))

    def place(self, column: str = "") -> Place:
        """Where a value stands, by the name that the file has for it."""
        own = next((key for key in self.keys if plain(key) == column), column)
        return Place(self.name, self.pointer.page, self.pointer.row or None, shortened(own))


@lru_cache(maxsize=10_000)
def at_second(seconds: int) -> tuple[datetime, str]:
    """The time that lies so many seconds after 1970 began, and its text."""
    time = datetime.fromtimestamp(seconds, UTC)
    return time, time.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(column: str) -> str:
    """The name of a column without what files write differently: `blockNumber`, `block_number`, `Block Number`."""
    return "".join(sign for sign in column.lower() if sign.isalnum())


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        return None
    if _WHOLE.fullmatch(value):
        return int(value)
    if match := _POWER.fullmatch(value):
        return int(match[1] + "0" * int(match[2]))
    return int(value, 16) if _HEX.fullmatch(value) else None


@lru_cache(maxsize=100_000)
def _checked(text: str) -> str:
    return check_address(text, Network.ETHEREUM).text.lower()


AGAIN = "Nothing of this row is used: it was altered or damaged. Obtain the file again."
_HUGE = "The transfer is kept and not booked: such an amount is printed by worthless tokens or by a damaged file."
