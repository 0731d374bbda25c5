"""What a label is about: the address as it is written here, of which coin, and whether its checksum holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trover.sources.darkweb.coins import BITCOIN, ETHEREUM, coin_address

_CODES = {
    "BTC": "bitcoin", "XBT": "bitcoin", "ETH": "ethereum", "LTC": "litecoin", "BCH": "bitcoin cash", "DOGE": "dogecoin",
    "DASH": "dash", "ZEC": "zcash", "TRX": "tron", "XRP": "xrp", "XMR": "monero", "BTG": "bitcoin gold",
}  # fmt: skip
_ON_ETHEREUM = frozenset("ETH ETC USDT USDC ARB BSC BEP20 AVAX MATIC BNB".split())
_AS_BITCOIN = frozenset("BCH BSV BTG USDT OMNI".split())
"""Coins that share the form of Bitcoin's addresses; USDT once lived on Bitcoin (Omni)."""
CHECKED = frozenset(_CODES)
"""Currencies whose addresses can be checked."""
ELSEWHERE = "Compare it with what was published: the checksum leaves no doubt of the coin, the source does."
_TRANSACTION = re.compile("(?:0x)?[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Subject:
    """`elsewhere` says so where the checksum is of another coin than the source states."""

    text: str
    system: str
    checked: bool
    elsewhere: str = ""


def subject_of(printed: str, currency: str) -> Subject:
    """The address `printed` of `currency`, empty where a source states none. Raises `ValueError` where it is none.

    An address of a coin that cannot be checked here is kept as it is printed.
    """
    wanted = _CODES.get(currency, "")
    try:
        system, text, checked = coin_address(printed)
    except ValueError:
        if wanted:
            raise
        return Subject(printed, "", False)
    fits = system == wanted or (system == ETHEREUM and currency in _ON_ETHEREUM)
    fits = fits or (system == BITCOIN and currency in _AS_BITCOIN)
    elsewhere = f"is an address of {system}, not of {wanted}; it is kept as one of {system}"
    return Subject(text, system, checked, elsewhere if wanted and not fits else "")


def transaction_of(printed: str) -> str:
    """The id of a transaction in small letters. Raises `ValueError`."""
    if not _TRANSACTION.fullmatch(printed):
        raise ValueError("is not the id of a transaction: 64 hexadecimal digits")
    return printed.lower()


def plain_address(text: str) -> str:
    """An address of an account as labels have it: those of Ethereum in small letters."""
    return text.lower() if text[:2] in ("0x", "0X") else text


def searched(text: str) -> str:
    """`text` as a label's subject would be written, whatever it is."""
    if _TRANSACTION.fullmatch(text):
        return text.lower()
    try:
        return coin_address(text)[1]
    except ValueError:
        return text
