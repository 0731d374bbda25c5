"""Who stands on the other side: the account number, the name or the identification a message gives."""

from __future__ import annotations

from dataclasses import dataclass

from trover.errors import TooLong
from trover.sources.iso20022.element import Context, text_of
from trover.sources.record import AccountRecord
from trover.sources.rows import EXTERNAL, account_id
from trover.sources.text import ID_LIMIT, shortened
from trover.sources.xml_safe import Element

ACCOUNT = (
    "Id/IBAN",
    "Id/Othr/Id",
    "Id/PrtryAcct/Id",
    "Id/BBAN",
    "Id/UPIC",
    "Prxy/Id",
)
"""Where versions 1 to 14 put the number of an account, the IBAN first."""
_NAME = ("Nm", "Pty/Nm", "FinInstnId/Nm", "Agt/FinInstnId/Nm", "FinInstnId/NmAndAdr/Nm")
_IDENTIFICATION = (
    "Id/OrgId/Othr/Id",
    "Id/OrgId/AnyBIC",
    "Id/OrgId/BICOrBEI",
    "Id/OrgId/LEI",
    "Id/PrvtId/Othr/Id",
    "Pty/Id/OrgId/Othr/Id",
    "Pty/Id/OrgId/AnyBIC",
    "Pty/Id/OrgId/LEI",
    "Pty/Id/PrvtId/Othr/Id",
    "FinInstnId/BICFI",
    "FinInstnId/BIC",
    "FinInstnId/LEI",
    "FinInstnId/ClrSysMmbId/MmbId",
    "Agt/FinInstnId/BICFI",
    "Agt/FinInstnId/LEI",
)


def account_of(account: Element | None) -> str:
    """The number of an account, an IBAN without spaces; empty where none is given."""
    return account_id(text_of(account, *ACCOUNT))


@dataclass(frozen=True, slots=True)
class Party:
    """A payer or payee as a message names it; every part may be empty."""

    account: str = ""
    name: str = ""
    identification: str = ""

    def __bool__(self) -> bool:
        return bool(self.account or self.name or self.identification)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.account or self.identification)))


def party_of(parties: Element | None, role: str) -> Party:
    """The party in `role` (Dbtr or Cdtr) among `parties`: its own account, or whom it ultimately stands for."""
    if parties is None:
        return Party()
    element = parties.find(role)
    account = parties.find(f"{role}Acct")
    name = text_of(element, *_NAME) or text_of(account, "Nm")
    found = Party(account_of(account), name, text_of(element, *_IDENTIFICATION))
    if found:
        return found
    ultimate = parties.find(f"Ultmt{role}")
    return Party("", text_of(ultimate, *_NAME), text_of(ultimate, *_IDENTIFICATION))


class Book:
    """The accounts that one file names: its own, and those outside it, each recorded once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.own: dict[str, AccountRecord] = {}
        self.others: dict[str, AccountRecord] = {}

    def other(self, party: Party, currency: str, element: Element, unknown: str) -> str:
        """The id of a party outside; a party that is not named at all gets one of its own from `unknown`."""
        plain = party.account or party.name or party.identification or f"UNKNOWN:{unknown}"
        if len(plain) > ID_LIMIT:
            self.context.report(TooLong(shortened(plain)), element, "RltdPties")
            plain = plain[:ID_LIMIT]
        id = f"{EXTERNAL}{plain}"
        if id not in self.others:
            pointer = self.context.pointer(element)
            self.others[id] = AccountRecord(pointer, id, currency, "external", party.name[:ID_LIMIT])
        return id

    def records(self) -> tuple[AccountRecord, ...]:
        return (*self.own.values(), *self.others.values())
