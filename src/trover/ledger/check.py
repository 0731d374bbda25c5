"""Claims against what entered: where each comes in, and that together they do not exceed it (rules 1.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from trover.errors import (
    AmountNotPositive,
    ClaimExceedsTransfer,
    ClaimNotExternal,
    Place,
    Problem,
    UnknownAccount,
    UnknownTransfer,
)
from trover.ledger.event import Account, Event
from trover.sources.record import Pointer


class PlaceOf(Protocol):
    """Turns a pointer, and our name of a column, into a place a person finds."""

    def __call__(self, pointer: Pointer, column: str = "") -> Place: ...


@dataclass(frozen=True)
class PlaceIn:
    """`PlaceOf` for records of known files. files: SHA-256 -> name; columns: SHA-256 -> our name -> the header's."""

    files: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def __call__(self, pointer: Pointer, column: str = "") -> Place:
        header = self.columns.get(pointer.sha256, {}).get(column, column)
        return Place(self.files.get(pointer.sha256, ""), pointer.page, pointer.row or None, header)


class ClaimLike(Protocol):
    """A claim as a file or a finding states it; it may carry a `pointer` to where it stands."""

    @property
    def claimant(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def transfer(self) -> str: ...
    @property
    def account(self) -> str: ...


def claim_problems(
    claims: Iterable[ClaimLike],
    accounts: Mapping[str, Account],
    events: Iterable[Event],
    broken: frozenset[str] | set[str] = frozenset(),
    place: PlaceOf = lambda pointer, column="": Place(),
) -> list[Problem]:
    """Claims that name no entry, or together exceed what entered there (rules 1.1)."""
    every = list(claims)
    wanted = {claim.transfer for claim in every}
    entries = {event.id: event for event in events if event.id in wanted}
    found: list[Problem] = []
    claimed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for claim in every:
        if claim.amount <= 0:
            found.append(AmountNotPositive(claim.amount, _where(claim, place, "amount")))
            continue
        if claim.transfer in broken and not claim.account:
            continue
        entered = _entered(claim, accounts, entries)
        if isinstance(entered, Problem):
            found.append(entered.at(_where(claim, place, "entered")))
            continue
        key = (claim.transfer, claim.account)
        claimed[key] += claim.amount
        if claimed[key] > entered:
            entry = claim.transfer or f"the opening of {claim.account}"
            says = f"is claimed together at {entry}, where {entered} came in"
            found.append(ClaimExceedsTransfer(claimed[key], _where(claim, place, "amount"), says=says))
    return found


def _where(claim: ClaimLike, place: PlaceOf, column: str) -> Place:
    pointer = getattr(claim, "pointer", None)
    return place(pointer, column) if isinstance(pointer, Pointer) else Place()


def _entered(claim: ClaimLike, accounts: Mapping[str, Account], entries: Mapping[str, Event]) -> int | Problem:
    """Minor units that entered where the claim says."""
    if claim.account:
        account = accounts.get(claim.account)
        return UnknownAccount(claim.account) if account is None else max(account.opening, 0)
    event = entries.get(claim.transfer)
    if event is None:
        return UnknownTransfer(claim.transfer)
    outside = [leg.amount for leg in event.inputs if accounts[leg.account].is_external]
    return sum(outside) if outside else ClaimNotExternal(claim.transfer)
