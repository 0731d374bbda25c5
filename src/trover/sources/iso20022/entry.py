"""One entry of a statement to one event: time, order, legs, references, and what is not booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trover.errors import FieldMissing, FieldWrong, Problem
from trover.sources.amounts import Money
from trover.sources.iso20022.detail import (
    IDENTIFYING,
    Charge,
    Detail,
    charges_of,
    details_of,
    foreign_of,
    references_of,
    shown_references,
)
from trover.sources.iso20022.element import Context, date_text, day_of, moment_of
from trover.sources.iso20022.legs import Legs, Posting, legs_of
from trover.sources.record import INTEREST, REVERSAL, EventRecord
from trover.sources.row_book import Own
from trover.sources.statements import Entry
from trover.sources.text import joined, labelled
from trover.sources.xml_safe import Element, text_of

BOOKED = "BOOK"
_NOT_BOOKED = {
    "PDNG": "the bank reports it as pending",
    "INFO": "the bank reports it for information only",
    "FUTR": "the bank reports it as a booking of the future",
}
_INTEREST = ("INTR", "INTP")


def status_of(entry: Element) -> str:
    """BOOK, PDNG, INFO or FUTR: a text until version 4, a code within `Sts` after."""
    return text_of(entry, "Sts/Cd", "Sts/Prtry", "Sts")


def booking_text(entry: Element) -> str:
    return date_text(entry.find("BookgDt"))


def not_booked(entry: Element, amount: Money | None) -> str:
    """Why an entry moves nothing; empty where it is booked."""
    return _NOT_BOOKED.get(status_of(entry), "") or ("its amount is zero" if amount and not amount.minor else "")


def read_entry(
    context: Context, entry: Element, amount: Money | None, own: Own, id: str, use_times: bool
) -> Entry | None:
    """The event of one booked entry; None after a problem, when everything else of it that is wrong is said too."""
    before = len(context.found)
    credit = context.credit(entry)
    if status_of(entry) != BOOKED:
        status = status_of(entry)
        wrong = FieldWrong(status, says="is not a status of an entry") if status else FieldMissing("Sts")
        context.report(wrong, entry, "Sts")
    when = booking_text(entry)
    time = _time(context, entry, when, use_times)
    details = details_of(context, entry, own.currency)
    returned = text_of(entry, "RvslInd") in ("true", "1") or any(detail.returned for detail in details)
    charges, foreign = charges_of(context, entry), foreign_of(context, entry, own.currency)
    if amount is None or credit is None:
        return None
    posting = Posting(
        element=entry,
        id=id,
        account=own.account,
        plain_account=own.number,
        amount=amount,
        credit=credit,
        returned=returned,
        charges=charges,
        foreign=foreign,
    )
    legs = legs_of(posting, details, context)
    if time is None or len(context.found) > before:
        return None
    event = EventRecord(
        pointer=context.pointer(entry),
        id=id,
        time=time,
        time_text=when,
        seq=context.seq,
        inputs=legs.inputs,
        outputs=legs.outputs,
        kind=REVERSAL if returned else _kind(entry, posting.credit),
        note=_note(entry, posting, details, legs),
        statement=own.statement,
        references=_numbers(entry, details),
    )
    return Entry(event, _identifying(entry, details), own.account, posting.credit, returned)


def _time(context: Context, entry: Element, when: str, use_times: bool) -> datetime | None:
    if not when:
        context.missing(entry, "BookgDt", "the booking date is missing")
        return None
    try:
        return moment_of(when).time if use_times else day_of(when)
    except Problem as problem:
        context.report(problem, entry, "BookgDt")
        return None


def _kind(entry: Element, credit: bool) -> str:
    """`interest` where the bank's code of the transaction says so; other codes stay in the note."""
    code = text_of(entry, "BkTxCd/Domn/Fmly/SubFmlyCd")
    return INTEREST if credit and code in _INTEREST else ""


def _note(entry: Element, posting: Posting, details: Sequence[Detail], legs: Legs) -> str:
    """Everything a reader of the statement sees beside the amount, in a fixed order, joined by `; `."""
    parts: list[str] = []
    for number, detail in enumerate(details, 1):
        words = [
            detail.remittance,
            *shown_references(detail.references),
            f"returned: {detail.returned}" if detail.returned else "",
            f"{detail.foreign} at rate {detail.rate}" if detail.foreign and detail.rate else "",
            *(_charge(charge) for charge in detail.charges if not posting.charges),
        ]
        shown = "; ".join(filter(None, words))
        parts.append(f"[{number}] {shown}" if len(details) > 1 and shown else shown)
    value = date_text(entry.find("ValDt"))
    parts += [
        text_of(entry, "AddtlNtryInf"),
        *shown_references(references_of(entry)),
        labelled("entry reference", text_of(entry, "NtryRef")),
        labelled("code", _code(entry)),
        labelled("value date", value if value != booking_text(entry) else ""),
        *(_charge(charge) for charge in posting.charges),
        *legs.remarks,
    ]
    if text_of(entry, "RvslInd") in ("true", "1"):
        parts.append("the bank marks it as a reversal")
    return joined(parts)


def _charge(charge: Charge) -> str:
    what = "charge" if charge.debit else "charge given back"
    return f"{what} {charge.amount}, {'included' if charge.included else 'not included'}"


def _code(entry: Element) -> str:
    """The bank's code of the transaction: domain/family/sub-family, and its own."""
    code = entry.find("BkTxCd")
    parts = [text_of(code, path) for path in ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")]
    return ", ".join(filter(None, ("/".join(filter(None, parts)), text_of(code, "Prtry/Cd"))))


def _numbers(entry: Element, details: Sequence[Detail]) -> tuple[str, ...]:
    """The numbers by which the payment is known: those of every detail, then those of the entry."""
    found = [detail.references for detail in details] + [references_of(entry)]
    numbers = [each[name] for each in found for name in (*IDENTIFYING, "ChqNb") if name in each]
    return tuple(dict.fromkeys(numbers))


def _identifying(entry: Element, details: Sequence[Detail]) -> frozenset[tuple[str, str]]:
    """References that name this one transaction; a batch is not named by those of its parts."""
    if len(details) > 1:
        return frozenset()
    found = details[0].references if details else {}
    pairs = {(name, found[name]) for name in IDENTIFYING if name in found}
    if reference := text_of(entry, "AcctSvcrRef"):
        pairs.add(("AcctSvcrRef", reference))
    return frozenset(pairs)
