"""One :61: with its :86: to one event: day, legs, references, and a note that leaves nothing out."""

from __future__ import annotations

from collections.abc import Sequence

from trover.errors import TooLong
from trover.sources.amounts import Money
from trover.sources.legs import two_sides
from trover.sources.mt.context import Context
from trover.sources.mt.details import IDENTIFYING, NAMES, Details, details_of, given, money_in, named_in_line
from trover.sources.mt.message import Field
from trover.sources.mt.values import Line, midnight
from trover.sources.parties import Party
from trover.sources.record import INTEREST, REVERSAL, EventRecord, LegRecord
from trover.sources.row_book import Own
from trover.sources.rows import EXTERNAL
from trover.sources.text import ID_LIMIT, TEXT_LIMIT, shortened

_MARKS = {"RC": "reversal of a credit", "RD": "reversal of a debit"}
_RETURNED_TYPES = ("NRTI", "FRTI")
_INTEREST_TYPES = ("NINT", "FINT")


def event_of(context: Context, own: Own, id: str, line: Line, where: Field, texts: Sequence[Field]) -> EventRecord:
    """The event of a row; what is wrong with it is added to `context.found`."""
    found = details_of(texts[0].tag, _lines(texts)) if texts else Details()
    if "/OCMT/" in line.more or "/CHGS/" in line.more:
        money_in(found, line.more)
    if "/CHGS/" in found.purpose or "/OCMT/" in found.purpose:
        money_in(found, found.purpose)
    party = named_in_line(found, line)
    if party.account and (party.account == own.number or own.number.endswith(f"/{party.account}")):
        party = Party("", party.name, party.identification)
    foreign = _foreign(found, own)
    pointer = context.pointer(where)
    other = f"{EXTERNAL}{party.account}"
    if not party.account or other not in context.outside.accounts:
        place = context.place(where.row, "86")
        other = context.outside.id(party, foreign.currency if foreign else own.currency, pointer, place, id)
    leg = LegRecord(own.account, line.minor, None, own.currency)
    far = LegRecord(other, foreign.minor, None, foreign.currency) if foreign else None
    inputs, outputs = two_sides(leg, other, credit=line.credit, foreign=far, fee=_fee(found, own, id, line))
    returned = line.mark in _MARKS or line.kind in _RETURNED_TYPES or found.returned
    note = _note(line, found, party, own)
    if len(note) > TEXT_LIMIT:
        context.report(TooLong(shortened(note)), where)
    return EventRecord(
        pointer=pointer,
        id=id,
        time=midnight(line.day),
        time_text=line.day_text,
        seq=context.seq,
        inputs=inputs,
        outputs=outputs,
        kind=REVERSAL if returned else INTEREST if line.credit and line.kind in _INTEREST_TYPES else "",
        note=note,
        statement=own.statement,
        references=references_of(line, found, party),
    )


def _lines(texts: Sequence[Field]) -> list[str]:
    return texts[0].lines if len(texts) == 1 else [line for text in texts for line in text.lines]


def _foreign(found: Details, own: Own) -> Money | None:
    ordered = found.original
    return ordered if ordered and ordered.minor and ordered.currency != own.currency else None


def _fee(found: Details, own: Own, id: str, line: Line) -> LegRecord | None:
    """Charges inside a debit, where what was ordered and the charges are together what was booked."""
    if line.credit or not found.charges or not found.original or found.original.currency != own.currency:
        return None
    charges = sum(charge.minor for charge in found.charges if charge.currency == own.currency)
    if not 0 < charges < line.minor or found.original.minor + charges != line.minor:
        return None
    return LegRecord(f"FEE:{id}", charges, None, own.currency)


def references_of(line: Line, found: Details, party: Party) -> tuple[str, ...]:
    """Numbers that name this one payment, each once, as printed."""
    numbers = [value for key, value in found.references.items() if key in IDENTIFYING]
    for each in (line.customer, line.bank):
        if each and given(each) and each != party.account and each not in numbers and len(each) <= ID_LIMIT:
            numbers.append(each)
    return tuple(numbers)


def _note(line: Line, found: Details, party: Party, own: Own) -> str:
    """Everything a reader of the statement sees beside the amount, in a fixed order, joined by `; `."""
    parts = [found.purpose] if found.purpose else []
    if party.account and party.name:
        parts.append(party.name)
    parts += [f"{NAMES[key]} {value}" for key, value in found.references.items()]
    parts += found.others
    if line.more and (more := " ".join(line.more.split())) not in parts:
        parts.append(more)
    if line.customer and given(line.customer) and line.customer != party.account:
        parts.append(f"customer's reference {line.customer}")
    if line.bank and given(line.bank):
        parts.append(f"bank's reference {line.bank}")
    if line.kind:
        parts.append(f"type {line.kind}")
    if line.value_text:
        parts.append(f"value date {line.value_text}")
    if found.original:
        parts.append(f"ordered {found.original.text}")
    if found.rate:
        parts.append(f"rate {found.rate}")
    parts += [f"charge {charge.text}" for charge in found.charges]
    if line.mark in _MARKS:
        parts.append(_MARKS[line.mark])
    if line.funds and line.funds != own.currency[2:]:
        parts.append(f"funds code {line.funds}")
    return "; ".join(parts)
