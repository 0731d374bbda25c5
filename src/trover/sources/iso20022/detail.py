"""The details of one entry: what each transaction inside it says of amount, parties, charges and references."""

from __future__ import annotations

from dataclasses import dataclass

from trover.sources.amounts import Money
from trover.sources.iso20022.element import CREDIT, Context
from trover.sources.iso20022.party import party_of
from trover.sources.parties import Party
from trover.sources.xml_safe import Element, text_of, texts_of

_REFERENCES = {
    "EndToEndId": "end-to-end id",
    "TxId": "transaction id",
    "UETR": "UETR",
    "InstrId": "instruction id",
    "AcctSvcrRef": "bank's reference",
    "PmtInfId": "payment information id",
    "ClrSysRef": "clearing reference",
    "ChqNb": "cheque",
    "MndtId": "mandate",
}
_NOT_GIVEN = ("NOTPROVIDED", "NOT PROVIDED", "NONREF")
IDENTIFYING = ("EndToEndId", "TxId", "UETR", "InstrId", "AcctSvcrRef")
"""References that identify one transaction, so that a return can be joined to what it returns."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge record: `included` where it is part of the amount of the entry."""

    amount: Money
    debit: bool
    included: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction of an entry; `amount` and `foreign` are None where not stated."""

    element: Element
    debtor: Party
    creditor: Party
    amount: Money | None
    foreign: Money | None
    """What was instructed or counted in another currency than `amount` or the entry."""
    rate: str
    indicator: str
    returned: str
    charges: tuple[Charge, ...]
    references: dict[str, str]
    remittance: str


def details_of(context: Context, entry: Element, currency: str) -> list[Detail]:
    """Every transaction inside `entry`, whose own amount is in `currency`, in printed order."""
    found = [*entry.iterfind("NtryDtls/TxDtls"), *entry.iterfind("TxDtls")]
    return [_detail(context, each, currency) for each in found]


def _detail(context: Context, element: Element, currency: str) -> Detail:
    parties = element.find("RltdPties")
    return Detail(
        element=element,
        debtor=party_of(parties, "Dbtr"),
        creditor=party_of(parties, "Cdtr"),
        amount=_amount(context, element),
        foreign=foreign_of(context, element, currency),
        rate=text_of(element, *(f"AmtDtls/{kind}/CcyXchg/XchgRate" for kind in ("TxAmt", "CntrValAmt", "InstdAmt"))),
        indicator=text_of(element, "CdtDbtInd"),
        returned=return_of(element),
        charges=charges_of(context, element),
        references=references_of(element.find("Refs")),
        remittance=remittance_of(element),
    )


def _amount(context: Context, element: Element) -> Money | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if (found := element.find(path)) is not None:
            return context.money(found, element, path)
    return None


def foreign_of(context: Context, element: Element, currency: str) -> Money | None:
    """The amount in another currency than `currency` that a detail or an entry states, if it does."""
    for path in ("AmtDtls/InstdAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/TxAmt/Amt"):
        found = element.find(path)
        if found is not None and found.get("Ccy", currency) != currency:
            money = context.money(found, element, path)
            return money if money and money.minor else None
    return None


def charges_of(context: Context, element: Element) -> tuple[Charge, ...]:
    """The charge records of an entry or a detail (version 2: `Chrgs` itself is the record)."""
    found = []
    for record in (*element.iterfind("Chrgs/Rcrd"), *element.iterfind("Chrgs")):
        if record.find("Amt") is None:
            continue
        amount = context.money(record.find("Amt"), record, "Chrgs/Amt")
        included = text_of(record, "ChrgInclInd") in ("true", "1")
        if amount and amount.minor:
            found.append(Charge(amount, text_of(record, "CdtDbtInd") != CREDIT, included))
    return tuple(found)


def references_of(refs: Element | None) -> dict[str, str]:
    """Name of a reference -> what is given; a reference that says it is not given is left out."""
    if refs is None:
        return {}
    found = {name: text_of(refs, name) for name in _REFERENCES}
    found["Prtry"] = ", ".join(texts_of(refs, "Prtry/Ref"))
    return {name: value for name, value in found.items() if value and value.upper() not in _NOT_GIVEN}


def shown_references(references: dict[str, str]) -> list[str]:
    return [f"{_REFERENCES.get(name, 'reference')} {value}" for name, value in references.items()]


def return_of(element: Element) -> str:
    """Why a transaction was returned, as printed; empty if nothing says that it was."""
    returned = element.find("RtrInf")
    if returned is None:
        return ""
    words = [text_of(returned, "Rsn/Cd", "Rsn/Prtry", "RtrRsn/Cd"), *texts_of(returned, "AddtlInf")]
    return " ".join(filter(None, words)) or "no reason given"


def remittance_of(element: Element) -> str:
    """What the payment is for: free text, structured references, and what the bank adds."""
    words = [
        *texts_of(element, "RmtInf/Ustrd"),
        *texts_of(element, "RmtInf/Strd/CdtrRefInf/Ref"),
        *texts_of(element, "RmtInf/Strd/CdtrRefInf/CdtrRef"),
        *texts_of(element, "RmtInf/Strd/RfrdDocInf/Nb"),
        *texts_of(element, "RmtInf/Strd/AddtlRmtInf"),
        text_of(element, "AddtlTxInf"),
    ]
    return " ".join(filter(None, words))
