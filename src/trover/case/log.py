"""The log of a case: every act, in order, each entry holding the hash of the one before (rules 6.3).

The log is the only thing that decides what belongs to a case. A file that no entry names does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from trover import __version__
from trover.case.canonical import digest
from trover.errors import CaseDamaged, Place, Problem
from trover.sources import custody_log
from trover.sources.custody_log import CustodyRecord

START = "0" * 64


class Action(StrEnum):
    CREATED = "created"
    SOURCE = "source added"
    REFUSED = "file refused"
    LEDGER = "part added to the ledger"
    FINDING = "finding recorded"
    RESULT = "result stored"
    EXHIBIT = "exhibit made"


@dataclass(frozen=True, slots=True)
class Act:
    """What an entry says before it has its place in the log.

    `item`: id of what was acted on. `inputs`, `outputs`: SHA-256 of what was read and made.
    """

    action: Action
    item: str
    actor: str
    time: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `time` is UTC. `previous` and `hash` chain the log; `seq` counts from 1."""

    seq: int
    action: str
    item: str
    actor: str
    organisation: str
    time: str
    location: str
    tool: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    payload: Mapping[str, Any]
    previous: str
    hash: str = ""

    def sealed(self) -> str:
        """The hash that the content gives."""
        return digest({name: value for name, value in asdict(self).items() if name != "hash"})


def chained(log: Sequence[Entry], acts: Sequence[Act], organisation: str, location: str) -> list[Entry]:
    """The entries that `acts` add to `log`."""
    previous = log[-1].hash if log else START
    result: list[Entry] = []
    for seq, act in enumerate(acts, len(log) + 1):
        entry = Entry(
            seq, str(act.action), act.item, act.actor, organisation, act.time, location, tool(),
            act.inputs, act.outputs, act.payload, previous,
        )  # fmt: skip
        previous = entry.sealed()
        result.append(Entry(**{**{n: getattr(entry, n) for n in Entry.__slots__}, "hash": previous}))
    return result


def custody_text(log: Sequence[Entry]) -> bytes:
    """The log as the chain of custody that anybody can read and check: one line of JSON an entry."""
    records = [
        CustodyRecord(
            item_id=entry.item,
            action=entry.action,
            actor=entry.actor,
            organisation=entry.organisation,
            utc_time=entry.time,
            location=entry.location,
            tool=entry.tool,
            input_hash=entry.inputs,
            output_hash=entry.outputs,
        )
        for entry in log
    ]
    return b"".join(record.line() for record in custody_log.chained(records))


def tool() -> str:
    """Name and version of what acts."""
    return f"trover {__version__}"


def chain_problems(log: Sequence[Entry], name: str) -> list[Problem]:
    """Entries that were changed, moved or removed after they were written."""
    found: list[Problem] = []
    previous = START
    for position, entry in enumerate(log, 1):
        place = Place(name, row=position)
        if entry.seq != position or entry.previous != previous:
            found.append(CaseDamaged(entry.item, place, says="does not follow on the entry before it"))
        elif entry.hash != entry.sealed():
            found.append(CaseDamaged(entry.item, place, says="was changed after it was written"))
        previous = entry.hash
    return found
