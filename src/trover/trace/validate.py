"""Findings that a trace would not follow, all of them together: nothing a person entered is ignored in silence.

A claim enters once, from outside, where an engine looks for it. A return or a re-deposit is a credit from
outside and comes after a payment that left the ledger. Whatever a finding names is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.errors import (
    ClaimOnInterest,
    ClaimOnReturn,
    FieldWrong,
    Place,
    Problem,
    ReservedName,
    ReturnNotPossible,
    UnknownAccount,
    UnknownTransfer,
)
from trover.ledger.check import claim_problems
from trover.ledger.event import Event
from trover.ledger.ledger import Ledger
from trover.sources.record import ClaimRecord, Pointer
from trover.trace.claim import OWN, Assumptions
from trover.trace.pool import pool_problems
from trover.trace.result import CLEAN, TAINTED


def validate(ledger: Ledger, assumptions: Assumptions, files: Mapping[str, str] | None = None) -> list[Problem]:
    """Everything wrong with the findings for this ledger; empty where a trace follows them all.

    files: SHA-256 -> name, for the places of transfers. The limits of backward links are not looked at
    here: a link that breaks one only bars the variant @backward (`backward.refusal`).
    """
    check = _Check(ledger, assumptions, files or {})
    pools = (problem.at(check.of("consolidate")) for problem in pool_problems(ledger, assumptions.consolidate))
    return [*check.claims(), *check.names(), *check.links(), *pools]


class _Check:
    def __init__(self, ledger: Ledger, assumptions: Assumptions, files: Mapping[str, str]) -> None:
        self.ledger, self.facts, self.files = ledger, assumptions, files
        self.only_file = next(iter(files)) if len(files) == 1 else ""
        links = (assumptions.reverses, assumptions.linked_to, assumptions.backward_for)
        named = {id for link in links for pair in link.items() for id in pair}
        named |= assumptions.bfp | {claim.transfer for claim in assumptions.claims}
        named_rows = pc.index_in(ledger.events["id"], value_set=pa.array(sorted(named), pa.string())).is_valid()
        self.events = {event.id: event for event in ledger.take(np.flatnonzero(named_rows.to_numpy()))}

    def at(self, pointer: Pointer, column: str = "") -> Place:
        return Place(self.files.get(pointer.sha256, ""), pointer.page, pointer.row or None, column)

    def place(self, id: str, column: str) -> Place:
        """Where the transfer stands, or at least which findings name it."""
        event = self.events.get(id)
        return self.at(event.source if event and event.source else Pointer(self.only_file, "transfers"), column)

    def of(self, section: str) -> Place:
        return self.at(Pointer(self.only_file, section))

    def claims(self) -> Iterator[Problem]:
        """Claims that name no entry, exceed it, or stand where nothing would read them."""
        returns = {**self.facts.reverses, **self.facts.linked_to}
        entries: list[ClaimRecord] = []
        for row, claim in enumerate(self.facts.claims, 1):
            pointer = Pointer(self.only_file, "claims", row)
            if claim.claimant in ("", OWN, CLEAN, TAINTED):
                yield ReservedName(claim.claimant, self.at(pointer, "claimant"))
            if claim.repaid < 0:
                yield FieldWrong(claim.repaid, self.at(pointer, "repaid"), says="is repaid, and cannot be below zero")
            event = self.events.get(claim.transfer)
            if bool(claim.transfer) == bool(claim.account):
                yield FieldWrong("", self.at(pointer, "entered"), says="does not name one transfer or one account")
            elif claim.transfer in returns:
                yield ClaimOnReturn(claim.transfer, self.at(pointer, "entered"))
            elif event and event.kind == "interest":
                yield ClaimOnInterest(claim.transfer, self.at(pointer, "entered"))
            else:
                entries.append(ClaimRecord(pointer, claim.claimant, claim.amount, claim.transfer, claim.account))
        yield from claim_problems(entries, self.ledger.account_by_id, self.events.values(), place=self.at)

    def names(self) -> Iterator[Problem]:
        """Transfers and accounts that findings name and the ledger does not have."""
        for id in sorted(self.facts.bfp - self.events.keys()):
            yield UnknownTransfer(id, self.place("", "bfp"))
        accounts = self.ledger.account_by_id
        for what, ids in (("fund", self.facts.fund), ("dissipated", sorted(self.facts.dissipated))):
            for id in ids:
                if id not in accounts:
                    yield UnknownAccount(id, self.of(what))
                elif what == "dissipated" and not accounts[id].is_asset:
                    yield FieldWrong(id, self.of(what), says="is found to be gone, and is no asset")

    def links(self) -> Iterator[Problem]:
        """Links to transfers that are not there, and returns of what did not leave the ledger or left it later."""
        for column, links in (
            ("reverses", self.facts.reverses),
            ("linked_to", self.facts.linked_to),
            ("backward_for", self.facts.backward_for),
        ):
            for later, earlier in links.items():
                unknown = [id for id in (later, earlier) if id not in self.events]
                yield from (UnknownTransfer(id, self.place(later, column)) for id in unknown)
                if not unknown and column != "backward_for":
                    yield from self._return(self.events[later], self.events[earlier], column)

    def _return(self, again: Event, paid: Event, column: str) -> Iterator[Problem]:
        where = self.place(again.id, column)
        if again.id in self.facts.reverses and again.id in self.facts.linked_to and column == "linked_to":
            yield ReturnNotPossible(again.id, where, says="is both a return and a re-deposit of cash")
        if again.time < paid.time:
            yield ReturnNotPossible(again.id, where, says=f"comes before {paid.id}, which it is said to return")
        accounts = self.ledger.account_by_id
        if not any(accounts[leg.account].is_external for leg in again.inputs):
            return
        left = [leg for leg in paid.outputs if accounts[leg.account].is_external]
        if not left:
            yield ReturnNotPossible(again.id, where, says=f"comes from outside, but {paid.id} stayed in the ledger")
        converts = any(leg.amount != leg.cost for leg in left)
        if converts and all(leg.amount == leg.cost for leg in again.outputs):
            says = f"returns {paid.id}, which was converted, without saying what it was converted back from"
            yield ReturnNotPossible(again.id, where, says=says, remedy="Give the amounts in both currencies.")
