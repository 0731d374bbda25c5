"""Where a trail is not followed further: gaps in statements, unidentified parties, cash (rules 1.10, 1.11).

What is reached there is stated, never called clean, and not carried on. Beyond a gap only an interval can be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trover.ledger.event import CASH, GAP, UNKNOWN, Account, party_id
from trover.ledger.gap import Bounds, Gap, bounds_after
from trover.ledger.ledger import Ledger
from trover.ledger.pair.identity import Directory
from trover.trace.claim import OWN
from trover.trace.compare import Answer
from trover.trace.recipients import party


class End(StrEnum):
    """Why the trail is not followed further."""

    GAP = "statements are missing or do not agree"
    UNSEEN = "paid to an account of this case whose own statements do not show it"
    UNKNOWN = "nobody knows yet who was paid"
    CASH = "it was taken out in cash"
    SPENT = "it was spent by a transaction that is not in this case"
    UNSPENT_UNKNOWN = "nothing in this case says whether it was spent"
    UNFOLLOWED = "no file of this case is about what this address did later"


@dataclass(frozen=True, slots=True)
class Reached:
    """What of one claimant's money reached a place, in minor units; `beyond` is what may be there after a gap."""

    amount: int
    beyond: Bounds | None = None


@dataclass
class OpenEnd:
    """A place where the trail is not followed further. `reached`: rule -> claimant -> how much."""

    end: End
    place: str
    name: str
    currency: str
    gap: Gap | None = None
    reached: dict[str, dict[str, Reached]] = field(default_factory=dict)

    @property
    def least(self) -> int:
        return min(sum(each.amount for each in row.values()) for row in self.reached.values())

    @property
    def most(self) -> int:
        return max(sum(each.amount for each in row.values()) for row in self.reached.values())

    @property
    def beyond(self) -> Bounds | None:
        """What may be there after the gap under any of the rules: the least and the most for all claimants together."""
        bounds = [_together(row.values(), self.gap) for row in self.reached.values()]
        known = [each for each in bounds if each is not None]
        return Bounds(min(b.least for b in known), max(b.most for b in known)) if known else None


def open_ends(
    answers: Iterable[Answer], ledger: Ledger, gaps: Mapping[str, Gap], inside: Mapping[str, End] | None = None
) -> list[OpenEnd]:
    """Every open end that claimed money reached under a rule on lots, the largest first. `gaps`: those not bridged,
    by their sink. A bridged gap has no interval: who bridged it answers for that. `inside`: accounts of the ledger at
    which its data stop, and why.
    """
    ends: dict[str, End | None] = dict(inside or {})
    places = {account.id: account for account in ledger.account_list if account.is_external or account.id in ends}
    directory = Directory(ledger.account_list)
    found: dict[str, OpenEnd] = {}
    for answer in answers:
        if answer.trace is None or not answer.rule.recoverable:
            continue
        for id in places.keys() & answer.trace.content.keys():
            row = {owner: units for owner, units in answer.trace.row(id).items() if owner != OWN and units}
            if not row:
                continue
            if id not in ends:
                ends[id] = _end(places[id], directory)
            end = ends[id]
            if end is None:
                continue
            gap = gaps.get(id)
            if id not in found:
                found[id] = OpenEnd(end, id, _name(places[id]), places[id].currency, gap)
            found[id].reached[answer.key] = {owner: _reached(units, gap) for owner, units in row.items()}
    return sorted(found.values(), key=lambda each: (list(End).index(each.end), -each.most, each.place))


def _end(outside: Account, directory: Directory) -> End | None:
    plain = party_id(outside.id)
    if plain.startswith(GAP):
        return End.GAP
    if plain.startswith(UNKNOWN):
        return End.UNKNOWN
    if plain.upper() == CASH or plain.upper().startswith(f"{CASH}:"):
        return End.CASH
    return End.UNSEEN if directory.named(outside) else None


def _name(account: Account) -> str:
    return party(account) if account.is_external else account.address or account.id


def _reached(units: int, gap: Gap | None) -> Reached:
    if gap is None or gap.after is None:
        return Reached(units)
    return Reached(units, bounds_after(units, gap.debits, gap.after))


def _together(reached: Iterable[Reached], gap: Gap | None) -> Bounds | None:
    """All claimants share one balance, so together they have no more than it holds."""
    return _reached(sum(each.amount for each in reached), gap).beyond
