"""Amounts, dates and names as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from trover.ledger.currency import minor_units
from trover.ledger.event import Event
from trover.ledger.money import money
from trover.report.material import Display
from trover.trace.arithmetic import NANO, half_even
from trover.trace.variant import Variant

ORDER_WORDS = {
    Variant.AS_BOOKED: "as booked",
    Variant.CREDITS_FIRST: "credits before debits",
    Variant.DEBITS_FIRST: "debits before credits",
    Variant.BACKWARD: "with backward tracing",
    Variant.CONSOLIDATED: "accounts consolidated",
    Variant.NO_LINK: "without the links of cash and settlements",
}
"""Variants in words."""

_SHORT = {"fifo": "FIFO", "lifo": "LIFO", "libr": "LIBR", "hallett_fifo": "Hallett, FIFO", "tiho": "TIHO"}

_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """`text` with characters that hide, reorder or break text written out, as in [U+202E]; line ends become spaces."""
    flat = re.sub(r"[\t\n\r]+", " ", text)
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", flat)


def when(event: Event) -> str:
    """The time as the source prints it, else the day; the seconds that a chain counts as the time that they are."""
    text = event.time_text
    if text.isdecimal() and int(text) == event.time.timestamp():
        return event.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    return text or event.time.date().isoformat()


class Shown:
    """Amounts as `display` wants them; integers in, text out."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def places(self, currency: str) -> int:
        """Decimals of the minor unit."""
        known = self.display.places.get(currency)
        return minor_units(currency) if known is None else known

    def decimals(self, currency: str) -> int:
        """Decimals shown."""
        places = self.places(currency)
        return min(self.display.shown.get(currency, places), places)

    def amount(self, minor: int, currency: str) -> str:
        """Minor units with thousands apart, rounded half to even to the decimals shown."""
        shown = self.decimals(currency)
        return money(half_even(minor, 10 ** (self.places(currency) - shown)), shown)

    def full(self, minor: int, currency: str) -> str:
        """Minor units in full."""
        return money(minor, self.places(currency))

    def nano(self, nano: int, currency: str) -> str:
        """Nano units to the minor unit; shorter where nothing is lost."""
        places = self.places(currency)
        minor = half_even(nano, NANO)
        short = self.decimals(currency)
        unit = 10 ** (places - short)
        return money(minor // unit, short) if minor % unit == 0 else money(minor, places)

    def rounds(self, currency: str) -> bool:
        """Whether people are shown fewer decimals than the minor unit has."""
        return self.decimals(currency) < self.places(currency)


def listed(items: Iterable[str]) -> str:
    """Names in a sentence: a, b and c."""
    names = list(items)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def width(text: str) -> float:
    """A rough width of `text` in ems of a sans-serif type, generous enough that labels do not overlap."""
    return sum(_EM.get(char) or _other_width(char) for char in text)


def _other_width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.64 if char.isupper() else 0.56


_EM = {**dict.fromkeys("iljI.,:;|'! ", 0.3), **dict.fromkeys("frt()[]-/", 0.4), **dict.fromkeys("mwMW@%", 0.9)}


def short_title(rule_id: str) -> str:
    """A rule's name for the head of a column; part 8 explains each."""
    return _SHORT.get(rule_id, rule_id.replace("_", " ").capitalize())
