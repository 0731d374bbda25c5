"""Addresses of other coins than Bitcoin and Ethereum: which coin a text belongs to, by its checksum.

Most take base58 with a version of their own. What Bitcoin shares with another coin (old Litecoin scripts that begin
with 3, Bitcoin Cash in its old form) cannot be told apart and is called Bitcoin.
"""

from __future__ import annotations

import re

from trover.errors import Problem
from trover.sources.chain import base58, bech32
from trover.sources.chain.address import Network, check_address
from trover.sources.chain.keccak import keccak256

_PLAIN_ETHEREUM = re.compile("0[xX](?:[0-9a-f]{40}|[0-9A-F]{40})")
BITCOIN, ETHEREUM = "bitcoin", "ethereum"
_VERSIONS = {
    b"\x30": "litecoin", b"\x32": "litecoin", b"\x1e": "dogecoin", b"\x16": "dogecoin", b"\x4c": "dash",
    b"\x10": "dash", b"\x41": "tron", b"\x1c\xb8": "zcash", b"\x1c\xbd": "zcash",
    b"\x26": "bitcoin gold", b"\x17": "bitcoin gold",
}  # fmt: skip
"""First bytes of what base58 holds -> the coin. Verge shares that of Dogecoin."""
_XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_TO_PLAIN = str.maketrans(_XRP, base58.ALPHABET)
_MONERO = frozenset({18, 19, 42})
_BLOCK = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}
"""Signs of a block of Monero's base58 -> the bytes they hold."""


def coin_address(text: str) -> tuple[str, str, bool]:
    """Coin, the one way its address is written here, and whether a checksum was there. Raises `ValueError`.

    Ethereum is written in small letters: the capitals that check an address are costly to make, and say nothing more.
    """
    if _PLAIN_ETHEREUM.fullmatch(text):
        return ETHEREUM, text.lower(), False
    try:
        address = check_address(text)
    except Problem as problem:
        reason = problem.says
    else:
        if address.network not in (Network.MAIN, Network.ETHEREUM):
            raise ValueError("is an address of a test network, which holds nothing of value")
        if address.network is Network.ETHEREUM:
            return ETHEREUM, text.lower(), True
        return BITCOIN, address.text, True
    other = _base58(text) or _segwit(text) or _cash(text) or _xrp(text) or _monero(text)
    if other is None:
        raise ValueError(reason)
    return (*other, True)


def _base58(text: str) -> tuple[str, str] | None:
    try:
        payload = base58.decode(text) if len(text) <= 36 else b""
    except ValueError:
        return None
    coin = _VERSIONS.get(payload[:-20]) if len(payload) > 20 else None
    return (coin, text) if coin else None


def _segwit(text: str) -> tuple[str, str] | None:
    if not text.lower().startswith("ltc1"):
        return None
    try:
        _, values, variant = bech32.decode(text)
        program = bech32.to_bytes(values[1:])
    except ValueError:
        return None
    wanted = bech32.Variant.BECH32M if values and values[0] else bech32.Variant.BECH32
    held = values and values[0] <= 16 and 2 <= len(program) <= 40 and variant is wanted
    return ("litecoin", text.lower()) if held else None


def _cash(text: str) -> tuple[str, str] | None:
    """Bitcoin Cash: 40 bits of checksum over the prefix, which may be left out."""
    prefix, _, data = text.lower().rpartition(":")
    if (prefix or "bitcoincash") != "bitcoincash" or len(data) != 42 or data[0] not in "qp":
        return None
    if text not in (text.lower(), text.upper()) or any(sign not in bech32.CHARSET for sign in data):
        return None
    check = 1
    for value in [*(ord(sign) & 31 for sign in "bitcoincash"), 0, *map(bech32.CHARSET.index, data)]:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(_CASH):
            if top >> bit & 1:
                check ^= generator
    return ("bitcoin cash", f"bitcoincash:{data}") if check == 1 else None


_CASH = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def _xrp(text: str) -> tuple[str, str] | None:
    if not text.startswith("r") or not 25 <= len(text) <= 35 or set(text) - set(_XRP):
        return None
    try:
        payload = base58.decode(text.translate(_TO_PLAIN))
    except ValueError:
        return None
    return ("xrp", text) if len(payload) == 21 and not payload[0] else None


def _monero(text: str) -> tuple[str, str] | None:
    """Monero writes base58 in blocks of 8 bytes, and checks them by Keccak."""
    if len(text) not in (95, 106) or set(text) - set(base58.ALPHABET):
        return None
    data = b""
    for start in range(0, len(text), 11):
        block, number = text[start : start + 11], 0
        for sign in block:
            number = number * 58 + base58.ALPHABET.index(sign)
        size = _BLOCK[len(block)]
        if number >> 8 * size:
            return None
        data += number.to_bytes(size, "big")
    held = data[0] in _MONERO and keccak256(data[:-4])[:4] == data[-4:]
    return ("monero", text) if held else None
