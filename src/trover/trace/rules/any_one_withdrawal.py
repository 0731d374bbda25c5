"""Banco Cafetero, option (b) by election: any one withdrawal, up to the proceeds then in the account."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trover.ledger.event import GAP
from trover.trace.arithmetic import NANO
from trover.trace.rules import DerivedRule, Table
from trover.trace.shares import by_weight

if TYPE_CHECKING:
    from trover.trace.derive import Basis
    from trover.trace.result import Movement


def derive(basis: Basis) -> Table:
    accounts = [a.id for a in basis.ledger.account_list if not a.is_external and not a.is_asset]
    best: Table = {id: {c: basis.trace.row(id)[c] for c in basis.claimants} for id in accounts}
    drawn: dict[str, list[Movement]] = defaultdict(list)
    returned = _returned(basis)
    for movement in basis.trace.movements:
        if movement.side == "in" and movement.account in accounts:
            drawn[movement.event].append(movement)
        elif movement.side == "out" and drawn[movement.event] and not movement.account.startswith(GAP):
            target = f"BFP:{movement.event}" if movement.parts.protected else movement.account
            for source in drawn[movement.event]:
                reached = _reached(source, movement, returned.get(movement.event, 0), basis.claimants)
                if sum(reached.values()) > sum(best.get(target, {}).values()):
                    best[target] = reached
    return {id: row for id, row in best.items() if id not in accounts or not basis.trace.arrived(id)}


def _returned(basis: Basis) -> dict[str, int]:
    """What of each payment came back: it is no longer where it was paid."""
    links = {**basis.assumptions.linked_to, **basis.assumptions.reverses}
    returned: dict[str, int] = defaultdict(int)
    for event in basis.ledger:
        if event.id in links:
            returned[links[event.id]] += sum(leg.amount for leg in event.inputs)
    return returned


def _reached(source: Movement, paid: Movement, returned: int, claimants: tuple[str, ...]) -> dict[str, int]:
    """min(withdrawal, claimants' content just before it), rateably, in the currency it arrived in."""
    before = {c: source.before.get(c, 0) for c in claimants}
    cost = sum(paid.parts.given.values()) // NANO
    limit = min(cost, source.amount, sum(before.values()) // NANO)
    return by_weight(max(min(limit * paid.amount // cost, paid.amount - returned), 0), before)


RULE = DerivedRule(
    id="any_one_withdrawal",
    title="Any one withdrawal (election)",
    section="2.9",
    also_called=("Banco Cafetero option (b)",),
    between="the State against the claimant to the property",
    assumes=(
        "Any single withdrawal, or the asset bought with it, may be treated as the proceeds, up to what the lowest "
        "intermediate balance leaves in the account just before it."
    ),
    authority=("United States v. Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986), option (b)",),
    used="United States civil forfeiture. Contra for criminal forfeiture: United States v. Voigt (3d Cir. 1996).",
    favours="the State",
    caution=(
        "The lines are alternatives that exclude one another; they are never added up. Where one recipient was paid "
        "several times, its largest single withdrawal counts. The limit by the balance before is a conservative "
        "reading."
    ),
    derive=derive,
    needs_steps=True,
    applies=lambda basis: "" if basis.claimants else "no claim is entered",
)
