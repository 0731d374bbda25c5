"""Banco Cafetero, option (b) by election: any one withdrawal, up to the proceeds then in the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trover.trace.claim import OWN
from trover.trace.rules import DerivedRule, Table
from trover.trace.shares import by_weight

if TYPE_CHECKING:
    from trover.trace.derive import Basis
    from trover.trace.result import Movement


def derive(basis: Basis) -> Table:
    accounts = [a.id for a in basis.ledger.account_list if not a.is_external and not a.is_asset]
    best: Table = {id: {c: basis.trace.row(id)[c] for c in basis.claimants} for id in accounts}
    drawn = {m.event: m for m in basis.trace.movements if m.side == "in" and m.account in accounts}
    for movement in basis.trace.movements:
        if movement.side != "out" or movement.event not in drawn:
            continue
        reached = _reached(drawn[movement.event], movement.amount, basis.claimants)
        known = best.get(movement.account, {})
        if sum(reached.values()) > sum(known.values()):
            best[movement.account] = reached
    return best


def _reached(drawn: Movement, amount: int, claimants: tuple[str, ...]) -> dict[str, int]:
    """min(withdrawal, claimants' content just before it), rateably among the claimants."""
    before = {c: drawn.before.get(c, 0) for c in claimants}
    nano = sum(q for owner, q in drawn.before.items() if owner != OWN)
    return by_weight(min(amount, drawn.amount, nano // 10**9), before)


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
