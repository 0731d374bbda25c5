"""Which accounts of the ledger an outside party's number or name means, and which it cannot mean.

Numbers are compared without spaces, signs and leading zeros. An IBAN and the account number inside it are
one number: its last digits, at least 8 of them, or fewer where zeros stand before them. Some countries put
two check digits behind the account number; both readings count. Names are compared as sets of words
without accents, case and titles. Legal forms stay: a firm and its holding are two persons.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum

from trover.ledger.event import CASH, EXTERNAL, UNKNOWN, Account, party_id

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_POCKET = re.compile(r" in [A-Z]{3}$", re.ASCII)
_TITLES = frozenset("mr mrs ms miss dr prof herr frau mme mlle m sr sra".split())
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})
_SHORTEST_TAIL, _SHORTEST_NUMBER, _SHORTEST_WORD = 8, 5, 3


class Says(IntEnum):
    """What one side of a payment says of the account on the other side."""

    OTHER = 0
    """It gives the number of another account."""
    STRANGER = 1
    """It gives a name that shares no word with the holder's."""
    NOTHING = 2
    NAME = 3
    NUMBER = 4


def number_of(text: str) -> str:
    """Letters and digits of an account number, in capitals."""
    return "".join(filter(str.isalnum, text)).upper()


def is_number(text: str) -> bool:
    """Whether a text is the number of an account rather than a name: at least five digits, and half of it digits."""
    plain = number_of(text)
    digits = sum(map(str.isdigit, plain))
    return digits >= _SHORTEST_NUMBER and 2 * digits >= len(plain)


def tails_of(iban: str) -> Iterator[str]:
    """The account numbers that may stand at the end of an IBAN, without leading zeros; none for another number."""
    if not _IBAN.fullmatch(iban):
        return
    for whole in (iban[4:], iban[4:-2]):
        for start in range(len(whole) - _SHORTEST_NUMBER + 1):
            tail = whole[start:]
            if tail[0] != "0" and (len(tail) >= _SHORTEST_TAIL or (start and whole[start - 1] == "0")):
                yield tail


def words_of(name: str) -> tuple[frozenset[str], ...]:
    """The words of a name, accents dropped and, where that is another spelling, written out."""
    lower = unicodedata.normalize("NFKC", name).casefold()
    found = [_words(text) for text in (lower, name.lower().translate(_UMLAUTS))]
    return tuple(dict.fromkeys(filter(None, found)))


def _words(text: str) -> frozenset[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = frozenset(re.findall(r"\w+", bare.casefold()))
    return words - _TITLES or words


def numbers_of(text: str) -> list[tuple[str, str]]:
    """(number, code of its bank) as an id may mean them: `bank/number` and `number/bank` are both written."""
    first, slash, second = text.partition("/")
    one, other = number_of(first), number_of(second)
    if not slash or not one or not other:
        return [(number_of(text), "")]
    return [(one, other), (other, one)]


def one_bank(ours: str, theirs: str) -> bool:
    """Whether two codes can be of one bank; a national code and a BIC cannot be compared."""
    if ours.isdigit() != theirs.isdigit():
        return True
    return ours.startswith(theirs) or theirs.startswith(ours)


def bank_of(iban: str, code: str) -> bool:
    """Whether the account with this IBAN can be at the bank with this code."""
    if code.isdigit():
        return code in iban[4:]
    return code[4:6] == iban[:2]


class Directory:
    """The accounts inside a ledger by every number and name under which an outsider may know them."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self.accounts = tuple(accounts)
        self._numbers: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._names: defaultdict[frozenset[str], set[int]] = defaultdict(set)
        self._words = [words_of(account.holder) for account in self.accounts]
        self._ibans: dict[int, str] = {}
        for row, account in enumerate(self.accounts):
            if account.is_external:
                continue
            for number, bank in numbers_of(_POCKET.sub("", account.id)):
                for each in (number, number.lstrip("0"), *tails_of(number)):
                    self._numbers[each].add((row, bank))
                if _IBAN.fullmatch(number):
                    self._ibans[row] = number
            for words in self._words[row]:
                self._names[words].add(row)
        self._numbers.pop("", None)
        self._found: dict[str, frozenset[int]] = {}

    def by_number(self, outside: Account) -> frozenset[int]:
        """Rows of the accounts whose number this outside party's id is."""
        known = self._found.get(outside.id)
        if known is None:
            every = (self._by_number(*each) for each in numbers_of(printed_id(outside)))
            known = self._found[outside.id] = frozenset(row for rows in every for row in rows)
        return known

    def _by_number(self, number: str, bank: str) -> set[int]:
        found = self._numbers.get(number, set()) | self._numbers.get(number.lstrip("0"), set())
        if not found:
            found = {each for tail in tails_of(number) for each in self._numbers.get(tail, ())}
        return {row for row, own in found if self._agree(row, own, number, bank)}

    def _agree(self, row: int, own: str, number: str, bank: str) -> bool:
        """Whether the banks of a number inside and of one outside can be one."""
        inside = self._ibans.get(row, "")
        if inside and _IBAN.fullmatch(number):
            return inside == number
        if inside and bank:
            return bank_of(inside, bank)
        if own and _IBAN.fullmatch(number):
            return bank_of(number, own)
        return one_bank(own, bank) if own and bank else True

    def by_name(self, outside: Account) -> frozenset[int]:
        """Rows of the accounts whose holder bears this outside party's name."""
        return frozenset(row for words in self._outside(outside) for row in self._names.get(words, ()))

    def named(self, outside: Account) -> frozenset[int]:
        """Rows of the accounts that this outside party may be: by number where it has one, else by name."""
        if _is_nobody(outside):
            return frozenset()
        found = self.by_number(outside)
        return found if found or is_number(printed_id(outside)) else self.by_name(outside)

    def says(self, outside: Account, row: int) -> Says:
        """What `outside`, as one side of a payment names its counterparty, says of the account in `row`."""
        if _named(outside) == CASH:
            return Says.OTHER
        if _is_nobody(outside):
            return Says.NOTHING
        named = self.by_number(outside)
        if named or is_number(printed_id(outside)):
            return Says.NUMBER if row in named else Says.OTHER
        named = self.by_name(outside)
        if named:
            return Says.NAME if row in named else Says.STRANGER
        return Says.NOTHING if self._may_be(outside, row) else Says.STRANGER

    def _may_be(self, outside: Account, row: int) -> bool:
        """Names that share a word of some length may be one person's; nothing is known of a holder without name."""
        known = frozenset(word for words in self._words[row] for word in words)
        given = frozenset(word for words in self._outside(outside) for word in words)
        return not known or not given or any(len(word) >= _SHORTEST_WORD for word in known & given)

    def _outside(self, outside: Account) -> tuple[frozenset[str], ...]:
        plain = printed_id(outside)
        return words_of(outside.holder if outside.holder and outside.holder != plain else plain)


def printed_id(outside: Account) -> str:
    """The number or name of a party outside the ledger as its source prints it, whatever the currency."""
    return party_id(outside.id).removeprefix(EXTERNAL)


def _named(outside: Account) -> str:
    """The party's id with its prefix, which a declared one may lack."""
    return f"{EXTERNAL}{printed_id(outside)}"


def is_unknown(outside: Account) -> bool:
    """Whether the row does not name its other party."""
    return _named(outside).startswith(UNKNOWN)


def _is_nobody(outside: Account) -> bool:
    return is_unknown(outside) or _named(outside) in (EXTERNAL, CASH)
