"""What every reader of statements does alike: the account of several statements, and returns found by reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from trover.sources.record import AccountRecord, EventRecord, StatementRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """The event of one row of `account`, and the references by which a return may name it."""

    event: EventRecord
    references: Collection[Hashable]
    account: str
    credit: bool
    returned: bool


def account_of(known: AccountRecord | None, statement: StatementRecord, holder: str) -> AccountRecord:
    """The account of `statement`: its first booked opening, and the last closing, which only then can be proved."""
    if known is None:
        known = AccountRecord(statement.pointer, statement.account, statement.currency, "bank")
    opening, closing = known.opening, known.closing
    if statement.booked:
        opening = statement.opening if opening is None else opening
        closing = statement.closing if opening is not None else None
    return replace(known, holder=known.holder or holder, opening=opening, closing=closing)


def with_returns(entries: Sequence[Entry]) -> list[EventRecord]:
    """The events, those that return an earlier entry of this file naming it."""
    paid: defaultdict[Hashable, list[Entry]] = defaultdict(list)
    if any(entry.returned and entry.credit for entry in entries):
        for entry in entries:
            for reference in () if entry.credit or entry.returned else entry.references:
                paid[reference].append(entry)
    return [_linked(entry, paid) for entry in entries]


def _linked(entry: Entry, paid: Mapping[Hashable, list[Entry]]) -> EventRecord:
    """A credit that returns a debit names it where one reference is on both, the amounts agree, and no other fits."""
    event = entry.event
    if not (entry.returned and entry.credit):
        return event
    fits = {
        other.event.id
        for reference in entry.references
        for other in paid.get(reference, ())
        if other.account == entry.account
        and other.event.inputs[0].amount == event.outputs[0].amount
        and (other.event.time, other.event.seq) < (event.time, event.seq)
    }
    return replace(event, reverses=fits.pop()) if len(fits) == 1 else event
