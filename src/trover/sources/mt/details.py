"""What :86: (or :NS:) says of a row, in each of the styles of banks: who, what for, and under which references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from trover.sources.amounts import Money
from trover.sources.mt.values import Line, amount_in
from trover.sources.parties import IBAN, Party, numbered_at

_NUMBERED = re.compile(r"\s*(?:(\d{3})\s*)?([?<>~^|@])(?=\d\d)", re.ASCII)
_SLASHED = re.compile(r"\s*/[A-Z]{2,4}/", re.ASCII)
_WIDTH = 27
"""Characters of a numbered part: one that is full goes on in the next without a space."""
_KEYS = r"((?:EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|BREF|RREF|UETR)\+|MTLG:)"
_PLUS = re.compile(rf"(?<![A-Za-z0-9]){_KEYS} ?")
_STARTS_PLUS = re.compile(_KEYS)
_LONGEST = 35
"""Characters of a reference of SEPA: what follows belongs to the text."""
_LINE = 65
_SLASH = re.compile(
    r"/(EREF|KREF|PREF|MREF|MARF|CSID|CNTP|IBAN|BIC|NAME|BENM|ORDP|REMI|TRTP|RTRN|ISDT|ULTD|ULTC|ULTB|PURP|SVCL"
    r"|ADDR|ID|OCMT|CHGS|EXCH|UETR|IACC|PY|PT|SWOD|SUM)/"
)
_MONEY = re.compile(r"/(OCMT|CHGS|EXCH)/([^/\s]+)")
_SEMICOLON = re.compile(r"(?:^|;\s*)(ID IPH|Z RACH\.|NA RACH\.|OD|DLA|TYT\.|TNR):\s*")
_REKENING = re.compile(r"REK: (\w+)/NAAM: (.+)")
_NUMBER = re.compile(r"\d{7,34}", re.ASCII)
PLACEHOLDERS = frozenset(
    (
        *"NONREF NOTPROVIDED NOT-PROVIDED KREF KREF+ EREF EREF+ MREF MREF+ PREF MARF NOREF N X".split(),
        "NOT PROVIDED",
        "",
    )
)
_PURPOSE = frozenset(map(str, (*range(20, 30), *range(60, 64))))
_TWO_DIGITS = frozenset(f"{number:02}" for number in range(100))
_NOBODY = Party()
NAMES = {
    "EREF": "end-to-end id",
    "KREF": "customer reference",
    "PREF": "payment information id",
    "MREF": "mandate",
    "MARF": "mandate",
    "CRED": "creditor id",
    "CSID": "creditor id",
    "DEBT": "debtor id",
    "BREF": "bank reference",
    "RREF": "return reference",
    "UETR": "UETR",
    "TNR": "transaction number",
}
IDENTIFYING = ("EREF", "KREF", "BREF", "RREF", "UETR", "PREF", "TNR")
"""References that name the payment. A mandate or an id of a creditor stands on many payments."""
_RETURNS = frozenset(("108", "109", "159"))


@dataclass(slots=True)
class Details:
    """`purpose` is free text, `others` what else stands there, each with its name; nothing is left out."""

    party: Party = _NOBODY
    purpose: str = ""
    references: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    original: Money | None = None
    """What was ordered, before exchange and charges."""
    charges: list[Money] = field(default_factory=list)
    rate: str = ""
    returned: bool = False


def given(reference: str) -> bool:
    """Whether a reference (without spaces around it) is one, and not a word that says there is none."""
    return reference.upper() not in PLACEHOLDERS


def details_of(tag: str, lines: Sequence[str]) -> Details:
    """The details of the lines of all :86: or :NS: fields of one row."""
    if tag == "NS":
        return _non_swift(lines)
    joined = _joined(lines)
    if match := _NUMBERED.match(joined):
        return _numbered(joined, match)
    if _SLASHED.match(joined):
        return _slashed(joined)
    spaced = " ".join(filter(None, (line.strip() for line in lines)))
    if _STARTS_PLUS.match(spaced) and _PLUS.search(spaced):
        found = Details()
        _plus(found, spaced)
        return found
    if "TYT.:" in spaced:
        return _semicolons(spaced)
    return _plain(spaced)


def _joined(lines: Sequence[str]) -> str:
    """Lines cut at 65 characters in one; a line of 64 among them has lost a space at its end."""
    if len(lines) == 1:
        return lines[0]
    widths = set(map(len, lines))
    if _LINE - 1 in widths and max(widths) >= _LINE:
        return "".join(f"{line} " if len(line) == _LINE - 1 else line for line in lines)
    return "".join(lines)


def money_in(found: Details, text: str) -> None:
    """Original amount, charges and rate that `text` states in the style /OCMT/, /CHGS/, /EXCH/."""
    for name, value in _MONEY.findall(text):
        _money(found, name, value)


def _money(found: Details, name: str, value: str) -> None:
    if name == "EXCH":
        found.rate = value
        return
    amount = amount_in(value)
    if amount is None:
        found.others.append(f"{name} {value}")
    elif name in ("OCMT", "OAMT"):
        found.original = amount
    elif amount not in found.charges:
        found.charges.append(amount)


def _numbered(joined: str, match: re.Match[str]) -> Details:
    """`166?00text?20purpose?30bank?31account?32name`, with any of several signs in place of `?`."""
    code, sign = match[1], match[2]
    others: list[str] = []
    purpose: list[str] = []
    name = bank = number = long = ""
    for part in _parts(joined[match.end() :], sign):
        key, text = part[:2], part[2:]
        if key in _PURPOSE:
            purpose.append(text)
        elif key == "32":
            name = text
        elif key == "33":
            name = _flowing([name, text])
        elif key == "30":
            bank = text.replace(" ", "")
        elif key == "31":
            number = text
        elif key == "38":
            long = "".join(text.split())
        elif text := text.strip():
            others.append(text if key == "00" else f"{sign}{key} {text}")
    if code:
        others.append(f"code {code}")
    if bank:
        others.append(f"bank {bank}")
    found = Details(others=others, returned=code in _RETURNS)
    _plus(found, _flowing(purpose, keyed=True))
    account = long or numbered_at(bank, number)
    name = " ".join(name.split())
    if account or name:
        found.party = Party(account or found.party.account, name or found.party.name, "" if account else bank)
    return found


def _parts(text: str, sign: str) -> list[str]:
    """What stands between two signs that two digits follow; a sign without them belongs to the text."""
    pieces = text.split(sign)
    if _TWO_DIGITS.issuperset([piece[:2] for piece in pieces]):
        return pieces
    parts = pieces[:1]
    for piece in pieces[1:]:
        if piece[:2] in _TWO_DIGITS:
            parts.append(piece)
        else:
            parts[-1] += sign + piece
    return parts


def _flowing(parts: Sequence[str], keyed: bool = False) -> str:
    """Parts in one text: a full one goes on in the next, a shorter one is followed by a space."""
    if not parts:
        return ""
    words = [parts[0]]
    for before, part in pairwise(parts):
        if len(before) < _WIDTH or (keyed and _STARTS_PLUS.match(part)):
            words.append(" ")
        words.append(part)
    return "".join(words)


def _plus(found: Details, text: str) -> None:
    """`EREF+... SVWZ+...`: references, purpose, and what comes before the first key."""
    pieces = _PLUS.split(text)
    purpose = pieces[0].split()
    for at in range(1, len(pieces), 2):
        key, words = pieces[at][:-1], pieces[at + 1].split()
        if key in ("SVWZ", "MTLG"):
            purpose += words
            continue
        shown = " ".join(words)
        if key in NAMES:
            reference = shown[:_LONGEST].rstrip()
            purpose += shown[_LONGEST:].split()
            if given(reference):
                found.references.setdefault(key, reference)
        elif key == "IBAN":
            found.party = Party(shown.replace(" ", ""), found.party.name)
        elif key in ("COAM", "OAMT"):
            _money(found, key, shown)
        elif shown:
            found.others.append(f"{key} {shown}")
    found.purpose = " ".join(purpose)


def _slashed(joined: str) -> Details:
    """`/EREF/.../NAME/.../REMI/...`."""
    found = Details()
    pieces = _SLASH.split(joined)
    account = name = ""
    if rest := pieces[0].strip(" /"):
        found.others.append(rest)
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        shown = " ".join(value.strip("/ ").split())
        if key == "CNTP":
            number, bic, who, *more = [*(part.strip() for part in value.split("/")), "", "", ""]
            account, name = number.replace(" ", ""), who
            found.others += [f"bank {bic}"] if bic else []
            found.others += [part for part in more if part]
        elif key == "IBAN":
            account = account or shown.replace(" ", "")
        elif key == "NAME":
            name = name or shown
        elif key in ("OCMT", "CHGS", "EXCH"):
            _money(found, key, shown)
        elif key in NAMES:
            if given(shown):
                found.references.setdefault(key, shown)
        elif key == "REMI":
            found.purpose = " ".join(filter(None, (found.purpose, shown)))
        elif key == "RTRN":
            found.returned = True
            found.others.append(f"returned: {shown}" if shown else "returned")
        elif shown:
            found.others.append(f"{key} {shown}")
    found.party = Party(account, name)
    return found


def _semicolons(text: str) -> Details:
    """`911 TRANSAKCJA; Z RACH.: ...; OD: ...; TYT.: ...`: a Polish style."""
    found = Details()
    pieces = _SEMICOLON.split(text)
    account = name = ""
    if pieces[0].strip("; "):
        found.others.append(pieces[0].strip("; "))
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        shown = " ".join(value.strip("; ").split())
        if key in ("Z RACH.", "NA RACH."):
            account = shown.replace(" ", "")
        elif key in ("OD", "DLA"):
            name = shown
        elif key == "TYT.":
            found.purpose = shown
        elif key == "TNR":
            found.references["TNR"] = shown.replace(" ", "")
        elif shown:
            found.others.append(f"{key} {shown}")
    found.party = Party(account, name)
    return found


def _non_swift(lines: Sequence[str]) -> Details:
    """:NS: with lines that begin with two digits: 01 to 14 purpose, 15 and 16 name, 33 and 34 bank and account."""
    found = Details()
    parts: list[tuple[str, str]] = []
    for line in lines:
        if line[:2].isdigit():
            parts.append((line[:2], line[2:].strip()))
        elif parts and line.strip():
            parts[-1] = (parts[-1][0], f"{parts[-1][1]} {line.strip()}".strip())
        elif line.strip():
            parts.append(("01", line.strip()))
    known = dict(parts)
    found.purpose = " ".join(text for number, text in parts if "01" <= number <= "14" and text)
    found.others = [f"{number} {text}" for number, text in parts if not "01" <= number <= "16" and text]
    name = " ".join(text for number, text in parts if number in ("15", "16") and text)
    found.party = Party(numbered_at(known.get("33", ""), known.get("34", "")), name)
    return found


def _plain(text: str) -> Details:
    """Free text. Only what banks mark as the other account is taken as one."""
    found = Details(purpose=" ".join(text.split()))
    if match := _REKENING.search(found.purpose):
        found.party = Party(match[1], match[2])
    return found


def named_in_line(found: Details, statement_line: Line) -> Party:
    """The party of a row whose statement line gives the other account in place of a reference.

    Some Dutch banks print the account as the customer's reference and again, with the name, in the text;
    others print an IBAN on the supplementary line, or (`padded`) account and name behind each other.
    """
    if found.party.account:
        return found.party
    customer = statement_line.customer
    line = statement_line.more.partition("\n")[0].strip()
    if statement_line.padded:
        return Party(customer if given(customer) else "", found.party.name or line)
    first, _, rest = found.purpose.partition(" ")
    if customer and customer == first and (IBAN.fullmatch(customer) or _NUMBER.fullmatch(customer)):
        name = found.party.name or (line if rest.startswith(line) else "")
        return Party(customer, name)
    if IBAN.fullmatch(line):
        return Party(line, found.party.name)
    return found.party
