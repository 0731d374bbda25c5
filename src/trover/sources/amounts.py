"""Amounts as sources write them: digits to integers of minor units, exactly or not at all."""
# ruff: noqa: RUF001

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trover.errors import AmountNotPositive, AmountTooFine, AmountTooLarge, AmountUnreadable, CurrencyMismatch
from trover.sources.currency import minor_units
from trover.sources.digits import plain_digits
from trover.sources.strict_json import DIGITS
from trover.sources.text import shortened

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\u2002\u2003", " "))
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc\u2032`\u00b4", "'"))
_ARABIC_DECIMAL, _ARABIC_THOUSANDS = "\u066b", "\u066c"

SIGNS = {
    "€": "EUR", "£": "GBP GIP FKP SHP EGP SYP LBP SDG SSP", "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY",
    "$": "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD UYU",
    "US$": "USD", "A$": "AUD", "C$": "CAD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "R$": "BRL", "R": "ZAR",
    "₽": "RUB", "руб": "RUB BYN", "руб.": "RUB BYN", "р.": "RUB", "₴": "UAH", "грн": "UAH", "грн.": "UAH",
    "₺": "TRY", "TL": "TRY", "₼": "AZN", "man.": "AZN", "₾": "GEL", "₸": "KZT", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "Fr.": "CHF", "SFr.": "CHF", "лв": "BGN KGS", "лв.": "BGN KGS",
    "₹": "INR", "Rs": "INR PKR LKR NPR MUR SCR", "Rs.": "INR PKR LKR NPR MUR SCR", "₦": "NGN", "₵": "GHS", "GH₵": "GHS",
    "KSh": "KES", "Ksh": "KES", "TSh": "TZS", "USh": "UGX", "₪": "ILS", "₫": "VND", "₱": "PHP", "฿": "THB", "₩": "KRW",
    "د.إ": "AED", "ر.س": "SAR", "ج.م": "EGP", "ریال": "IRR", "﷼": "IRR SAR YER OMR QAR", "₿": "BTC",
}  # fmt: skip
"""A currency's sign -> the currencies it may stand for. A sign never decides the currency; it may contradict it."""

_WORD = r"(?:[^\d+\-.,'() ]\.?)*+"
_AROUND = re.compile(rf"({_WORD}) ?(.*?\d\)?-?) ?({_WORD})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Money:
    """A printed amount: minor units of `currency`, and the text it stood in."""

    minor: int
    currency: str
    text: str

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"


@dataclass(frozen=True, slots=True)
class AmountStyle:
    """How a source writes numbers: its decimal sign and, if it has one, its thousands sign.

    A space stands for every space that separates thousands (no-break, thin), an apostrophe for every apostrophe.
    """

    decimal: str = "."
    thousands: str = ""
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        point = re.escape(self.decimal)
        whole = r"\d+"
        if self.thousands:
            sign = re.escape(self.thousands)
            whole = rf"\d{{1,3}}(?:{sign}\d{{3}})+|\d{{1,2}}(?:{sign}\d{{2}})+{sign}\d{{3}}|\d+"
        pattern = re.compile(rf"([+-]?)(?:({whole})(?:{point}(\d+))?|{point}(\d+))(-?)", re.ASCII)
        object.__setattr__(self, "_pattern", pattern)

    def minor(self, text: str, decimals: int) -> int:
        """`text` in minor units of a currency with `decimals`: digits, a sign before them, nothing else.

        Raises `AmountUnreadable`, `AmountTooFine` (it would have to be rounded) or `AmountTooLarge`.
        """
        match = self._pattern.fullmatch(text.strip())
        if match is None or match[5] or match[4]:
            raise AmountUnreadable(shortened(text))
        return self._value(match, text, decimals)

    def cell(self, text: str, decimals: int, currency: str = "") -> int:
        """As `minor`, for what people's tables hold: a minus may stand after the digits, or brackets around them,
        digits may be of another script, and a sign or code of a currency may stand beside them.

        That sign never decides the currency; one that `currency` is not written with raises `CurrencyMismatch`.
        """
        if decimals and text[-decimals - 1 : -decimals] == self.decimal and len(text) < DIGITS:
            digits = text[: -decimals - 1] + text[-decimals:]  # what most cells hold, without the pattern
            if digits.isdigit() and digits.isascii():
                return int(digits)
            if digits[0] == "-" and digits[1:].isdigit() and digits.isascii():
                return int(digits)
        match = self._pattern.fullmatch(text)
        if match is None:
            return self._odd_cell(text, decimals, currency)
        return self._value(match, text, decimals)

    def _odd_cell(self, text: str, decimals: int, currency: str) -> int:
        written, in_brackets = self._bare(text, currency)
        match = self._pattern.fullmatch(written)
        if match is None:
            raise AmountUnreadable(shortened(text))
        if in_brackets and (match[1] or match[5]):
            raise AmountUnreadable(shortened(text), says="has two signs")
        value = self._value(match, text, decimals)
        return -value if in_brackets else value

    def _value(self, match: re.Match[str], text: str, decimals: int) -> int:
        before, whole, part, only, after = match.groups()
        if before and after:
            raise AmountUnreadable(shortened(text), says="has two signs")
        part = part or only or ""
        if len(part) > decimals:
            if part[decimals:].strip("0"):
                raise AmountTooFine(shortened(text), says=f"has more decimals than its currency ({decimals})")
            part = part[:decimals]
        if self.thousands and whole:
            whole = whole.replace(self.thousands, "")
        digits = (whole or "") + part.ljust(decimals, "0")
        if len(digits) > DIGITS and len(digits.lstrip("0")) > DIGITS:
            raise AmountTooLarge(shortened(text))
        value = int(digits or "0")
        return -value if before == "-" or after else value

    def _bare(self, text: str, currency: str) -> tuple[str, bool]:
        """The number in `text` in the signs of the pattern, and whether brackets make it negative."""
        written = plain_digits(text).translate(_SPACES).strip()
        if self.thousands == "'":
            written = written.translate(_APOSTROPHES)
        written = written.replace(_ARABIC_DECIMAL, self.decimal)
        if self.thousands:
            written = written.replace(_ARABIC_THOUSANDS, self.thousands)
        written, negative = _out_of_brackets(written)
        written = self._without_currency(written, currency, text)
        if not negative:
            written, negative = _out_of_brackets(written)
        if written[:2] in ("- ", "+ "):
            written = written[0] + written[2:]
        elif written[-2:] == " -":
            written = written[:-2] + "-"
        return written, negative

    def _without_currency(self, written: str, currency: str, text: str) -> str:
        sign = written[:1] if written[:1] in ("+", "-") else ""
        match = _AROUND.fullmatch(written[len(sign) :].strip())
        if match is None or not (match[1] or match[3]):
            return written
        for found in filter(None, (match[1], match[3])):
            if found != currency and found.upper() != currency and currency not in SIGNS.get(found, "").split():
                if found in SIGNS or (len(found) == 3 and found.isalpha() and found.isupper()):
                    says = f"states {found}, but the currency of the row is {currency or 'not known'}"
                    raise CurrencyMismatch(shortened(text), says=says)
                raise AmountUnreadable(shortened(text))
        return sign + match[2]


def _out_of_brackets(written: str) -> tuple[str, bool]:
    if written.startswith("(") and written.endswith(")"):
        return written[1:-1].strip(), True
    return written, False


POINT, _COMMA = AmountStyle("."), AmountStyle(",")
_POINT_GROUPED, _COMMA_GROUPED = AmountStyle(".", ","), AmountStyle(",", ".")
_GROUP_OF_THREE = re.compile(r"\D*\d{1,3},\d{3}\D*")


def unsigned(text: str, currency: str) -> Money:
    """An amount of `currency` with a decimal point that is never negative.

    Raises `AmountUnreadable`, `AmountTooFine`, `AmountTooLarge`, `AmountNotPositive` or `UnknownCurrency`.
    """
    minor = POINT.minor(text, minor_units(currency))
    if minor < 0:
        raise AmountNotPositive(shortened(text))
    return Money(minor, currency, text)


def point_or_comma(text: str, decimals: int) -> int:
    """`text` in minor units, where a format allows either decimal sign; both together can be read in one way only.

    A comma before exactly three digits may separate thousands: it is refused unless the currency has three decimals.
    Raises `AmountUnreadable`, `AmountTooFine` or `AmountTooLarge`.
    """
    if "," not in text:
        return POINT.minor(text, decimals)
    if "." in text:
        style = _POINT_GROUPED if text.rindex(".") > text.rindex(",") else _COMMA_GROUPED
        return style.minor(text, decimals)
    if decimals < 3 and _GROUP_OF_THREE.fullmatch(text):
        raise AmountUnreadable(shortened(text), says="may be thousands or a part after the comma")
    return _COMMA.minor(text, decimals)
