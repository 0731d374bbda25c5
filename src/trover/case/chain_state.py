"""Outputs that no transaction of a case spends: unspent, spent elsewhere, or not known; and on what word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trover.case.state import Source
from trover.errors import InputErrors
from trover.ledger.event import AccountKind
from trover.ledger.hops import Outputs
from trover.sources.chain.totals import FORMAT
from trover.sources.reader import Reading
from trover.sources.record import AddressTotals
from trover.sources.sandbox import read_in_sandbox
from trover.trace.open_ends import End

if TYPE_CHECKING:
    from trover.case.case import Case


@dataclass(frozen=True, slots=True)
class Lying:
    """What is known of an output that no transaction of the case spends. `end`: None where it is known to be unspent.

    `says` gives the reason in words, `source` the file it rests on, if any.
    """

    end: End | None
    says: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Totals of an address, the name of the file that states them, and up to which block, where that is stated."""

    totals: AddressTotals
    file: str
    height: int | None


def told(case: Case) -> dict[str, Told]:
    """Address -> the fullest totals of it that the case has."""
    found: dict[str, tuple[AddressTotals, Source]] = {}
    heights: set[int] = set()
    for source in case.sources():
        if source.format != FORMAT:
            continue
        for each in _read(source, case.source_bytes(source.sha256)):
            if each.height is not None:
                heights.add(each.height)
            known = found.get(each.address)
            if each.address and (known is None or (each.filled, each.spent) >= (known[0].filled, known[0].spent)):
                found[each.address] = each, source
    height = heights.pop() if len(heights) == 1 else None
    return {address: Told(totals, source.name, height) for address, (totals, source) in found.items()}


def _read(source: Source, data: bytes) -> Iterator[AddressTotals]:
    answer = read_in_sandbox(source.file(data), None)
    if not isinstance(answer, Reading):
        raise InputErrors(answer.problems)
    yield from answer.totals


def lying_in(case: Case) -> dict[str, Lying]:
    """Every output of the traced ledger that nothing spends -> what is known of it."""
    ledger = case.traced()
    outputs = Outputs(ledger)
    lying = [id for id in outputs.made if id not in outputs.spent]
    if not lying:
        return {}
    totals = told(case)
    seen = _seen(outputs) if totals else {}
    accounts = ledger.account_by_id
    return {id: _known(accounts[id].address, totals, seen) for id in lying}


def stops_in(case: Case) -> dict[str, End]:
    """The outputs of the case at which its data stop, and why."""
    return {id: each.end for id, each in lying_in(case).items() if each.end is not None}


@dataclass
class _Seen:
    """What the case itself has of one address: outputs, and those spent, with their sums."""

    filled: int = 0
    spent: int = 0
    spent_sum: int = 0


def _seen(outputs: Outputs) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = {}
    filled = Counter(a.address for a in outputs.ledger.account_list if a.kind is AccountKind.OUTPUT and a.address)
    bridged = {event for event in outputs.ledger.events["id"].to_pylist() if event.startswith("GAP:")}
    for address, count in filled.items():
        seen[address] = _Seen(count)
    accounts = outputs.ledger.account_by_id
    ids = outputs.ledger.events["id"].to_pylist()
    for id, (row, amount) in outputs.spent.items():
        address = accounts[id].address
        if address and ids[row] not in bridged:
            seen[address].spent += 1
            seen[address].spent_sum += amount
    return seen


def _known(address: str, totals: Mapping[str, Told], seen: Mapping[str, _Seen]) -> Lying:
    if not address:
        return Lying(End.UNSPENT_UNKNOWN, "its script has no address by which more could be found")
    stated = totals.get(address)
    if stated is None:
        says = f"no transaction of this case spends it, and the case has no totals of {address}"
        return Lying(End.UNSPENT_UNKNOWN, says)
    own, total = seen[address], stated.totals
    until = f" up to block {stated.height:,}" if stated.height is not None else ""
    if own.filled > total.filled or own.spent > total.spent:
        return Lying(End.UNSPENT_UNKNOWN, f"{stated.file} is older than the transactions of the case", stated.file)
    if (own.spent, own.spent_sum) == (total.spent, total.spent_sum):
        says = f"unspent: {stated.file} counts {total.spent} spent{until}, and all of them are in this case"
        return Lying(None, says, stated.file)
    if total.spent == total.filled:
        says = f"spent: {stated.file} counts every output of the address as spent{until}"
        return Lying(End.SPENT, says, stated.file)
    missing = total.spent - own.spent
    says = f"{stated.file} counts {missing} spent outputs of the address whose transactions are not in this case"
    return Lying(End.UNSPENT_UNKNOWN, says, stated.file)
