"""Amounts as sources write them: digits to integers of minor units, exactly or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trover.errors import AmountTooFine, AmountTooLarge, AmountUnreadable
from trover.sources.strict_json import DIGITS
from trover.sources.text import shortened

_SPACES = "\u00a0\u202f\u2009"


@dataclass(frozen=True, slots=True)
class AmountStyle:
    """How a source writes numbers: its decimal sign and, if it has one, its thousands sign."""

    decimal: str = "."
    thousands: str = ""
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        point = re.escape(self.decimal)
        whole = r"\d+"
        if self.thousands:
            whole = rf"\d{{1,3}}(?:{re.escape(self.thousands)}\d{{3}})+|\d+"
        pattern = re.compile(rf"(?P<sign>[+-]?)(?P<whole>{whole})(?:{point}(?P<part>\d+))?", re.ASCII)
        object.__setattr__(self, "_pattern", pattern)

    def minor(self, text: str, decimals: int) -> int:
        """`text` in minor units of a currency with `decimals`.

        Raises `AmountUnreadable`, `AmountTooFine` (it would have to be rounded) or `AmountTooLarge`.
        """
        written = text.strip()
        if self.thousands == " ":
            for space in _SPACES:
                written = written.replace(space, " ")
        match = self._pattern.fullmatch(written)
        if match is None:
            raise AmountUnreadable(shortened(text))
        part = match["part"] or ""
        if part[decimals:].strip("0"):
            raise AmountTooFine(shortened(text), says=f"has more decimals than its currency ({decimals})")
        whole = match["whole"].replace(self.thousands, "") if self.thousands else match["whole"]
        digits = (whole + part[:decimals].ljust(decimals, "0")).lstrip("0")
        if len(digits) > DIGITS:
            raise AmountTooLarge(shortened(text))
        value = int(digits or "0")
        return -value if match["sign"] == "-" else value
