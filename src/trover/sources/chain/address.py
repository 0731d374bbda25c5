"""Addresses of Bitcoin and Ethereum: what a text is, whether its checksum holds, and what script it stands for.

Bitcoin: base58check for keys and scripts, bech32 for witness version 0 (BIP-173), bech32m for later versions
(BIP-350). Ethereum: 40 hexadecimal digits whose capitals are a checksum (EIP-55); all small or all capital
letters carry none. An address is a fact of the chain; whose it is, is not.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from trover.errors import AddressElsewhere, AddressWrong, Place
from trover.errors.base import NOWHERE
from trover.sources.chain import base58, bech32
from trover.sources.chain.keccak import keccak256
from trover.sources.chain.ripemd160 import ripemd160
from trover.sources.text import shortened


class Network(StrEnum):
    """Which chain an address belongs to. `TEST` stands for testnet and signet, whose addresses are the same."""

    MAIN = "main"
    TEST = "test"
    REGTEST = "regtest"
    ETHEREUM = "ethereum"
    """Ethereum and every chain with its addresses; the text does not say which."""


class AddressKind(StrEnum):
    P2PKH = "p2pkh"
    P2SH = "p2sh"
    P2WPKH = "p2wpkh"
    P2WSH = "p2wsh"
    P2TR = "p2tr"
    WITNESS = "witness"
    """A witness version or length that has no meaning yet: anyone may spend from it."""
    ETHEREUM = "ethereum"


@dataclass(frozen=True, slots=True)
class Address:
    """`text` is the one way it is written here: small letters in bech32, EIP-55 capitals for Ethereum.

    `program` is the hash, key or witness program that `text` encodes (20 bytes for Ethereum). `checked` is false
    where the text carried no checksum.
    """

    text: str
    network: Network
    kind: AddressKind
    program: bytes
    version: int = 0
    checked: bool = True

    @property
    def script(self) -> bytes:
        """The output script that pays to it; empty for Ethereum."""
        if self.kind is AddressKind.ETHEREUM:
            return b""
        if self.kind is AddressKind.P2PKH:
            return b"\x76\xa9\x14" + self.program + b"\x88\xac"
        if self.kind is AddressKind.P2SH:
            return b"\xa9\x14" + self.program + b"\x87"
        return bytes((self.version + 0x50 if self.version else 0, len(self.program))) + self.program


_BASE58 = {
    0x00: (Network.MAIN, AddressKind.P2PKH),
    0x05: (Network.MAIN, AddressKind.P2SH),
    0x6F: (Network.TEST, AddressKind.P2PKH),
    0xC4: (Network.TEST, AddressKind.P2SH),
}
_PREFIXES = {"bc": Network.MAIN, "tb": Network.TEST, "bcrt": Network.REGTEST}
_PREFIX_OF = {network: prefix for prefix, network in _PREFIXES.items()}
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)
_LONGEST_BASE58 = 35


def check_address(text: str, network: Network | None = None, place: Place = NOWHERE) -> Address:
    """What `text` is. Raises `AddressWrong`, or `AddressElsewhere` if `network` is given and it is of another.

    Base58 addresses of regtest are written as those of the test network and accepted for both.
    """
    try:
        found = _read(text)
    except ValueError as error:
        raise AddressWrong(shortened(text), place, says=f"is not an address: it {error}") from None
    if network is not None and not _belongs(found, network):
        says = f"is an address of {_NAMES[found.network]}, not of {_NAMES[network]}"
        raise AddressElsewhere(text, place, says=says)
    return found


def is_address(text: str, network: Network | None = None) -> bool:
    """Whether `check_address` accepts `text`."""
    try:
        check_address(text, network)
    except (AddressWrong, AddressElsewhere):
        return False
    return True


@lru_cache(maxsize=100_000)
def address_of_script(script: bytes, network: Network = Network.MAIN) -> str:
    """The address that `script` pays to; empty where it has none (bare multisig, data, non-standard).

    A script that pays to a key itself is shown as the address of that key's hash, as block explorers do.
    """
    size = len(script)
    if size == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return _hash_address(script[3:23], network, is_script=False)
    if size == 23 and script[:2] == b"\xa9\x14" and script[22:] == b"\x87":
        return _hash_address(script[2:22], network, is_script=True)
    if 4 <= size <= 42 and size == script[1] + 2 and (script[0] == 0 or 0x51 <= script[0] <= 0x60):
        version = script[0] - 0x50 if script[0] else 0
        if version == 0 and size not in (22, 34):
            return ""
        return segwit_address(version, script[2:], network)
    if size in (35, 67) and script[0] == size - 2 and script[-1] == 0xAC and _is_key(script[1:-1]):
        return _hash_address(hash160(script[1:-1]), network, is_script=False)
    return ""


def segwit_address(version: int, program: bytes, network: Network = Network.MAIN) -> str:
    """The bech32 or bech32m text of a witness program."""
    variant = bech32.Variant.BECH32M if version else bech32.Variant.BECH32
    return bech32.encode(_PREFIX_OF[network], [version, *bech32.to_values(program)], variant)


def eip55(address: bytes) -> str:
    """The 20 bytes of an Ethereum address with the capitals that check it (EIP-55)."""
    digits = address.hex()
    hashed = keccak256(digits.encode()).hex()
    return "0x" + "".join(
        sign.upper() if int(mark, 16) >= 8 else sign for sign, mark in zip(digits, hashed, strict=False)
    )


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of SHA-256, 20 bytes."""
    return ripemd160(hashlib.sha256(data).digest())


def _read(text: str) -> Address:
    if not text:
        raise ValueError("is empty")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("holds a sign that no address has")
    if text[:2] in ("0x", "0X"):
        return _ethereum(text)
    if text.lower().startswith(tuple(f"{prefix}1" for prefix in _PREFIXES)):
        return _segwit(text)
    return _base58(text)


def _base58(text: str) -> Address:
    if len(text) > _LONGEST_BASE58:
        raise ValueError("has neither the prefix nor the length of one")
    payload = base58.decode(text)
    known = _BASE58.get(payload[0])
    if known is None:
        raise ValueError(f"has version {payload[0]}, which is of no network known here")
    if len(payload) != 21:
        raise ValueError(f"holds {len(payload) - 1} bytes and not 20")
    return Address(text, *known, payload[1:])


def _segwit(text: str) -> Address:
    prefix, values, variant = bech32.decode(text)
    if prefix not in _PREFIXES:
        raise ValueError("has the prefix of no network known here")
    if not values:
        raise ValueError("holds no witness program")
    version, program = values[0], bech32.to_bytes(values[1:])
    if version > 16:
        raise ValueError(f"has witness version {version}; there are 0 to 16")
    if not 2 <= len(program) <= 40:
        raise ValueError(f"holds a witness program of {len(program)} bytes; there are 2 to 40")
    if version == 0 and len(program) not in (20, 32):
        raise ValueError(f"holds a program of {len(program)} bytes; witness version 0 has 20 or 32")
    if variant is not (bech32.Variant.BECH32M if version else bech32.Variant.BECH32):
        raise ValueError(f"has the checksum of another encoding than witness version {version} has")
    kind = _KINDS.get((version, len(program)), AddressKind.WITNESS)
    return Address(text.lower(), _PREFIXES[prefix], kind, program, version)


_KINDS = {(0, 20): AddressKind.P2WPKH, (0, 32): AddressKind.P2WSH, (1, 32): AddressKind.P2TR}


def _ethereum(text: str) -> Address:
    if not _ETHEREUM.fullmatch(text):
        raise ValueError("does not have 40 hexadecimal digits after 0x")
    digits = text[2:]
    written = eip55(bytes.fromhex(digits))
    checked = digits not in (digits.lower(), digits.upper())
    if checked and written[2:] != digits:
        raise ValueError("fails its checksum (EIP-55)")
    return Address(written, Network.ETHEREUM, AddressKind.ETHEREUM, bytes.fromhex(digits), checked=checked)


def _belongs(address: Address, network: Network) -> bool:
    if address.network is network:
        return True
    return (
        network is Network.REGTEST
        and address.network is Network.TEST
        and address.kind in (AddressKind.P2PKH, AddressKind.P2SH)
    )


def _hash_address(digest: bytes, network: Network, is_script: bool) -> str:
    main = network is Network.MAIN
    version = (0x05 if main else 0xC4) if is_script else (0x00 if main else 0x6F)
    return base58.encode(bytes((version,)) + digest)


def _is_key(key: bytes) -> bool:
    """Whether `key` looks like a public key; whether it lies on the curve moves no coin."""
    return (len(key) == 33 and key[0] in (2, 3)) or (len(key) == 65 and key[0] in (4, 6, 7))


_NAMES = {
    Network.MAIN: "Bitcoin",
    Network.TEST: "a test network of Bitcoin",
    Network.REGTEST: "a private test network of Bitcoin",
    Network.ETHEREUM: "Ethereum",
}
