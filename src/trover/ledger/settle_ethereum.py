"""Movements of Ethereum across files, before they are booked: times of blocks, fees and outcomes from where they stand.

What one file leaves open another may state. A movement whose time nobody states is kept and not booked; a fee that
nobody states is not made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from trover.errors import ValueContradicted
from trover.ledger.check import PlaceOf
from trover.ledger.event import FEE, Event
from trover.sources.chain.ethereum.row import LATEST, at_second
from trover.sources.chain.ethereum.transfer import (
    BLOCKS,
    FAILED,
    NO_TIME,
    TOKEN,
    TRANSACTION,
    WITHOUT_FEE,
    WITHOUT_RECEIPT,
)
from trover.sources.record import NOT_STATED, BrokenRow, EventRecord, LegRecord, Record, Unbooked

_OWN = re.compile(r"^[0-9a-f]{12}:", re.ASCII)
NUMBERED = re.compile(r":(internal|token|flow):")
"""In names of movements whose place no file states: they are numbered as they stand in their file."""


DISPUTED = "?"
"""Stands for what two files state differently: nobody knows which is right, so it counts as not stated."""


def learn(known: dict[str, str], stated: Mapping[str, str]) -> None:
    """Add to `known` what another file states; parts that it leaves open (`-`) are filled in."""
    for key, text in stated.items():
        had = known.get(key, text)
        known[key] = text if had == text else _joined(had.split(), text.split())


def _joined(first: list[str], second: list[str]) -> str:
    if len(first) != len(second):
        return DISPUTED
    pairs = list(zip(first, second, strict=True))
    if any(one != two and "-" not in (one, two) for one, two in pairs):
        return DISPUTED
    return " ".join(two if one == "-" else one for one, two in pairs)


@dataclass
class Completed:
    """Records with time and outcome. `waiting`: rows that move nothing, or that nobody's data complete; `broken`:
    those that contradict a row of another file."""

    records: list[Record] = field(default_factory=list)
    waiting: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)


def lacks(records: Iterable[Record]) -> bool:
    """Whether a file leaves a time or a receipt to others."""
    events = (record for record in records if isinstance(record, EventRecord))
    return any(event.time == NO_TIME or event.kind in (WITHOUT_RECEIPT, TOKEN) for event in events)


def complete(records: Iterable[Record], stated: Mapping[str, str]) -> Completed:
    """`records` of one file completed by what all files of the case state (`Reading.stated`)."""
    done = Completed()
    for record in records:
        if not isinstance(record, EventRecord):
            done.records.append(record)
            continue
        event, reason = _completed(record, stated)
        if event is None:
            amount = str(sum(leg.amount for leg in record.outputs if leg.amount > 0))
            done.waiting.append(Unbooked(record.pointer, record.id, record.statement, "", amount, reason))
        else:
            done.records.append(event)
    return done


def agreed(done: Completed, known: Callable[[Collection[str]], Iterable[Event]], place: PlaceOf) -> Completed:
    """`done` without the rows that state a movement otherwise than the ledger has it. known: events by their ids."""
    named = [(name_of(each.id), each) for each in done.records if isinstance(each, EventRecord)]
    again = {name: each for name, each in named if name != each.id and not NUMBERED.search(name)}
    wrong: dict[str, Event] = {}
    for event in known(again):
        if contradict((event.kind, content_of(event)), (again[event.id].kind, content_of(again[event.id]))):
            wrong[again[event.id].id] = event
    if not wrong:
        return done
    kept: list[Record] = []
    for record in done.records:
        first = wrong.get(record.id) if isinstance(record, EventRecord) else None
        if first is None or not isinstance(record, EventRecord):
            kept.append(record)
            continue
        says = "is stated otherwise in another file"
        if first.source is not None:
            says = f"is stated otherwise by {place(first.source) or 'another file'}"
        problem = ValueContradicted(name_of(record.id), place(record.pointer), says=says, remedy=_OTHERWISE)
        own = f"{record.pointer.sha256[:12]}:{name_of(record.id)}"
        done.broken.append(BrokenRow(record.pointer, record.id, "", own, (problem,)))
    return Completed(kept, done.waiting, done.broken)


def content_of(event: Event | EventRecord) -> tuple[object, ...]:
    """Who pays in which block, and who gets how much, gas apart."""
    legs = [(leg.account, leg.amount) for leg in event.outputs if not leg.account.startswith(FEE)]
    return ((event.inputs[0].account, event.seq // BLOCKS), *legs)


def contradict(first: tuple[str, tuple[object, ...]], second: tuple[str, tuple[object, ...]]) -> bool:
    """Whether two rows, each its kind and content, cannot both be true of one movement."""
    kinds = {first[0], second[0]}
    if FAILED in kinds:
        return len(kinds) > 1 and WITHOUT_RECEIPT not in kinds
    moves = len(first[1]) > 1 and len(second[1]) > 1
    return first[1] != second[1] if moves else first[1][0] != second[1][0]


_OTHERWISE = "One of the files was altered or damaged: obtain both again, and withdraw the admission of the wrong one."


def name_of(id: str) -> str:
    """The name that all files share, from the id of an event that may carry the hash of its file before it."""
    return _OWN.sub("", id, count=1)


def _completed(event: EventRecord, stated: Mapping[str, str]) -> tuple[EventRecord | None, str]:
    if event.time == NO_TIME and not event.time_text:
        block = event.seq // BLOCKS
        text = stated.get(f"block {block}", "")
        if not text.isdecimal() or int(text) >= LATEST:
            said = "two files contradict each other on" if text == DISPUTED else "no file states"
            return None, f"{said} when block {block} was made"
        time, shown = at_second(int(text))
        event = replace(event, time=time, time_text=shown)
    if event.kind == TOKEN and f"thing {name_of(event.id)}" in stated:
        return None, "it is of no amount: another file shows a thing of its own (NFT)"
    if event.kind != WITHOUT_RECEIPT:
        return event, ""
    return _with_receipt(event, stated)


def _with_receipt(event: EventRecord, stated: Mapping[str, str]) -> tuple[EventRecord | None, str]:
    succeeded, fee = _receipt(name_of(event.id), stated)
    known = sum(leg.amount for leg in event.outputs if leg.account.startswith(FEE) and leg.amount != NOT_STATED)
    paid = fee if fee is not None else known or None
    value = [leg for leg in event.outputs if not leg.account.startswith(FEE)]
    if succeeded is False:
        value = []
    outputs = [
        *value,
        *([LegRecord(f"{FEE}{name_of(event.id)}", paid, currency=event.inputs[0].currency)] if paid else []),
    ]
    if not outputs:
        said = "it failed and moved nothing" if succeeded is False else "a call without value"
        return None, f"{said}; what it paid for gas is not stated"
    kind = WITHOUT_RECEIPT
    if succeeded is not None:
        kind = FAILED if not succeeded else TRANSACTION if paid is not None else WITHOUT_FEE
    total = sum(leg.amount for leg in outputs)
    return replace(event, kind=kind, inputs=(replace(event.inputs[0], amount=total),), outputs=tuple(outputs)), ""


def _receipt(hash: str, stated: Mapping[str, str]) -> tuple[bool | None, int | None]:
    """Whether a transaction succeeded and what it paid for gas, where files state it."""
    status, used, price = (*stated.get(f"receipt {hash}", "").split(), "-", "-", "-")[:3]
    if price == "-":
        price = stated.get(f"price {hash}", "-")
    if status == "-":
        status = stated.get(f"outcome {hash}", "-")
    fee = int(used) * int(price) if used.isdecimal() and price.isdecimal() else None
    return {"1": True, "0": False}.get(status), fee
