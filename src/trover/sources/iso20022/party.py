"""Who stands on the other side: the account number, the name or the identification a message gives."""

from __future__ import annotations

from trover.sources.parties import Party
from trover.sources.rows import account_id
from trover.sources.xml_safe import Element, text_of

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


def party_of(parties: Element | None, role: str) -> Party:
    """The party in `role` (Dbtr or Cdtr) among `parties`: its own account, or whom it ultimately stands for."""
    if parties is None:
        return Party()
    element = parties.find(role)
    account = parties.find(f"{role}Acct")
    name = text_of(element, *_NAME) or text_of(account, "Nm")
    number = account_of(account)
    found = Party(number, name, "" if number else text_of(element, *_IDENTIFICATION))
    if found:
        return found
    ultimate = parties.find(f"Ultmt{role}")
    return Party("", text_of(ultimate, *_NAME), text_of(ultimate, *_IDENTIFICATION))
