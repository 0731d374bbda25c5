"""Everything a text names: addresses, keys, onion names, handles. What has a checksum is kept only if it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trover.sources.darkweb.coins import coin_address
from trover.sources.darkweb.mention import ADDRESS, FINGERPRINT, HANDLE, KEY, ONION
from trover.sources.darkweb.onion import onion_version
from trover.sources.darkweb.pgp import ARMOUR, read_key
from trover.sources.text import shortened


@dataclass(frozen=True, slots=True)
class Found:
    """`start` is the offset of `printed` in the text that was searched."""

    start: int
    kind: str
    system: str
    value: str
    printed: str
    checked: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """What has the look of something and is not: `reason` says why, after `printed`."""

    start: int
    kind: str
    printed: str
    reason: str


def find_all(text: str) -> Iterator[Found | Failed]:
    """What `text` names, kind by kind; nothing that lies inside a block of OpenPGP is taken for something else."""
    for block in ARMOUR.finditer(text):
        yield _key(block)
    plain = _BLOCK.sub(lambda block: " " * len(block[0]), text)
    yield from _onions(plain)
    yield from _addresses(plain)
    yield from _fingerprints(plain)
    yield from _handles(plain)


_BLOCK = re.compile(r"-----BEGIN PGP ([A-Z ]{3,30})-----(?:(?!-----).){0,400000}-----END PGP \1-----", re.S)
_WORD = re.compile(r"(?<![A-Za-z0-9])(?:bitcoincash:)?[A-Za-z0-9]{25,106}(?![A-Za-z0-9])")
_BEGINS = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "8",
    "0x",
    "0X",
    "D",
    "L",
    "M",
    "T",
    "X",
    "7",
    "r",
    "t1",
    "t3",
    "q",
    "p",
    "A",
    "9",
    "G",
    "m",
    "n",
)
_SEGWIT = ("bc1", "tb1", "bcrt1", "ltc1", "bitcoincash:")
_LOOKS = re.compile(
    r"(?:[13](?=.*[a-z])(?=.*[A-Z])[1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1|BC1)[a-zA-Z0-9]{36,71}|0x[0-9a-fA-F]{40})"
)
_ONION = re.compile(r"(?<![A-Za-z0-9])([A-Za-z0-9]{16,60})\.onion(?![A-Za-z0-9])", re.I)
_HEX = r"[0-9A-Fa-f]"
_SPACED = re.compile(rf"(?<![0-9A-Za-z])(?:{_HEX}{{4}}[ \u00a0]{{1,2}}){{9}}{_HEX}{{4}}(?![0-9A-Za-z])")
_NAMED = re.compile(rf"(?:fingerprint|fpr|pgp|gpg|key)[^0-9A-Za-z]{{1,20}}(?:0x)?({_HEX}{{40}})(?![0-9A-Za-z])", re.I)
_MAIL = r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_IS = r"(?:\s?(?:id|me|im|handle|username|user|name|contact))?\s?[:=@~-]{1,2}\s?@?"
_HANDLES = tuple(
    (system, re.compile(pattern, re.I))
    for system, pattern in (
        ("telegram", r"(?<![\w.])(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,31})(?!\w)"),
        ("telegram", rf"(?<!\w)telegram{_IS}([A-Za-z]\w{{3,31}})(?![\w.])"),
        ("wickr", rf"(?<!\w)wickr{_IS}(\w{{3,32}})(?!\w)"),
        ("jabber", rf"(?<!\w)(?:jabber|xmpp|jid|otr){_IS}({_MAIL})"),
        ("discord", rf"(?<!\w)discord{_IS}([\w.]{{2,32}}(?:#[0-9]{{4}})?)(?!\w)"),
        ("icq", rf"(?<!\w)icq{_IS}([0-9]{{5,10}})(?![0-9])"),
        ("threema", rf"(?<!\w)threema{_IS}([A-Z0-9*][A-Z0-9]{{7}})(?!\w)"),
        ("signal", rf"(?<!\w)signal{_IS}(\+[0-9]{{8,15}})(?![0-9])"),
        ("session", r"(?<!\w)(05[0-9a-f]{64})(?!\w)"),
        ("email", rf"(?<![\w.%+-])({_MAIL})"),
    )
)
_TOX = re.compile(rf"(?<!\w){_HEX}{{76}}(?!\w)")


def _key(block: re.Match[str]) -> Found | Failed:
    try:
        key = read_key(block["body"])
    except ValueError as error:
        return Failed(block.start(), KEY, "a block of OpenPGP", str(error))
    detail = "; ".join((f"made {key.made:%Y-%m-%d}", *key.users))
    printed = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    return Found(block.start(), KEY, "openpgp", key.fingerprint, printed, key.checked, detail)


def _onions(text: str) -> Iterator[Found | Failed]:
    for name in _ONION.finditer(text):
        try:
            version = onion_version(name[1])
        except ValueError as error:
            yield Failed(name.start(), ONION, name[0], str(error))
        else:
            yield Found(name.start(), ONION, version, name[0].lower(), name[0], version == "v3")


def _addresses(text: str) -> Iterator[Found | Failed]:
    for word in _WORD.finditer(text):
        printed = word[0]
        lower = printed.lower()
        if text.startswith(".onion", word.end()) or not (printed.startswith(_BEGINS) or lower.startswith(_SEGWIT)):
            continue
        try:
            coin, value, checked = coin_address(printed)
        except ValueError as error:
            if _LOOKS.fullmatch(printed):
                yield Failed(word.start(), ADDRESS, printed, str(error))
        else:
            yield Found(word.start(), ADDRESS, coin, value, printed, checked)


def _fingerprints(text: str) -> Iterator[Found]:
    for match in _SPACED.finditer(text):
        value = "".join(match[0].split()).upper()
        yield Found(match.start(), FINGERPRINT, "openpgp", value, match[0])
    for match in _NAMED.finditer(text):
        yield Found(match.start(1), FINGERPRINT, "openpgp", match[1].upper(), match[1])


def _handles(text: str) -> Iterator[Found]:
    seen: set[int] = set()
    for system, pattern in _HANDLES:
        for match in pattern.finditer(text):
            if match.start(1) not in seen:
                seen.add(match.start(1))
                yield Found(match.start(1), HANDLE, system, match[1].lower(), match[1])
    for match in _TOX.finditer(text):
        data = bytes.fromhex(match[0])
        if not (_xor(data[0::2]) or _xor(data[1::2])):
            yield Found(match.start(), HANDLE, "tox", match[0].upper(), shortened(match[0]), True)


def _xor(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
    return value
