"""Transactions that waited for the value of an input, completed by a file that was added later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trover.sources.reader import Reading
from trover.sources.record import NOT_STATED, AccountRecord, EventRecord, Pointer, StatementRecord


def newly_complete(
    reading: Reading, settled: Reading, ids: Collection[str], booked: Collection[str], known: Collection[str]
) -> Reading | None:
    """What of `reading` is complete in `settled` and was not when it was added; None if nothing is.

    ids: of the rows the ledger has. booked: statements of the file that are in it; what stands on another waits with
    it. known: statements the file has. What is added to a statement that is booked stands on a new one beside it, which
    proves what the first does.
    """
    sha256 = reading.source.sha256
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    was_open = {event.id for event in events if any(leg.amount == NOT_STATED for leg in event.inputs)}
    stated = {record.id: record for record in settled.records if isinstance(record, StatementRecord)}
    beside: dict[str, StatementRecord] = {}
    found: list[EventRecord] = []
    for event in settled.records:
        if not isinstance(event, EventRecord) or event.id not in was_open:
            continue
        if event.id in ids or f"{sha256[:12]}:{event.id}" in ids:
            continue
        if event.statement in booked:
            if event.statement not in beside:
                number = 1 + sum(id.startswith(f"{event.statement}, completed") for id in known)
                id = f"{event.statement}, completed {number}"
                beside[event.statement] = replace(stated[event.statement], id=id, pointer=Pointer(sha256))
            found.append(replace(event, statement=beside[event.statement].id))
        elif event.statement not in known:
            beside[event.statement] = stated[event.statement]
            found.append(event)
    if not found:
        return None
    used = {leg.account for event in found for leg in (*event.inputs, *event.outputs)}
    accounts = [r for r in settled.records if isinstance(r, AccountRecord) and r.id in used]
    return replace(
        reading, records=(*accounts, *beside.values(), *found), unbooked=(), broken_rows=(), remarks=(), claims=()
    )
