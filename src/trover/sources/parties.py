"""Payers and payees that a bank's message names, and the accounts outside the ledger they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from trover.errors import Place, Problem, TooLong
from trover.sources.record import AccountRecord, Pointer
from trover.sources.rows import EXTERNAL, account_id
from trover.sources.text import ID_LIMIT, shortened

IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
"""The shape of an IBAN, without its check."""
_BANK_CODE = re.compile(r"\d{6,12}|[A-Z]{6}[A-Z0-9]{2,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Party:
    """A payer or payee as a message names it; every part may be empty."""

    account: str = ""
    name: str = ""
    identification: str = ""
    in_full: bool = False
    """Its id is name and identification, because the name alone is the other party's too."""

    @property
    def id(self) -> str:
        """The account, else the name, else the identification; empty if nothing is named."""
        if self.in_full and not self.account:
            return str(self)
        return self.account or self.name or self.identification

    def __bool__(self) -> bool:
        return bool(self.account or self.name or self.identification)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.account or self.identification)))


def numbered_at(bank: str, number: str) -> str:
    """The id of an account: an IBAN alone, another number with the code of its bank, because alone it is not unique."""
    squeezed = number.replace(" ", "")
    if not squeezed or IBAN.fullmatch(squeezed):
        return squeezed
    if len(squeezed) >= 20 or not _BANK_CODE.fullmatch(bank):
        return account_id(number)
    return f"{bank}/{squeezed}"


def apart(payer: Party, payee: Party) -> tuple[Party, Party]:
    """Two persons of one name are told apart by their identifications; the same person stays the same."""
    if payer.id != payee.id or not payer:
        return payer, payee
    return replace(payer, in_full=True), replace(payee, in_full=True)


def unusable(id: str, party: Party, place: Place) -> Problem | None:
    """A problem where `id` or the name of `party` is longer than any is."""
    longest = max(id, party.name, key=len)
    if len(longest) <= ID_LIMIT:
        return None
    remedy = "Ids and names have at most 200 characters: check that the file is whole."
    return TooLong(shortened(longest), place, remedy=remedy)


class Outside:
    """The parties outside the ledger that one file names, each recorded once."""

    def __init__(self, found: list[Problem]) -> None:
        self.found = found
        self.accounts: dict[str, AccountRecord] = {}

    def id(self, party: Party, currency: str, pointer: Pointer, place: Place, unknown: str) -> str:
        """The id of `party`; one that is not named at all gets an id of its own, made of `unknown`.

        After a problem the id is of no use, and not recorded.
        """
        plain = party.id or f"UNKNOWN:{unknown}"
        if problem := unusable(plain, party, place):
            self.found.append(problem)
        id = f"{EXTERNAL}{plain}"
        if not problem and id not in self.accounts:
            self.accounts[id] = AccountRecord(pointer, id, currency, "external", party.name)
        return id
