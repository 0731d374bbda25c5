"""Where claims enter: at an external credit or in an opening balance (rules 1.1)."""

from __future__ import annotations

from collections import defaultdict

from trover.ledger.event import Account
from trover.trace.arithmetic import NANO
from trover.trace.claim import OWN, Assumptions, Claim
from trover.trace.lot import Content


class Entries:
    """Claims by the event or account at which they enter."""

    def __init__(self, assumptions: Assumptions) -> None:
        self._owners = assumptions.owners
        self._by_transfer: dict[str, list[Claim]] = defaultdict(list)
        self._by_account: dict[str, list[Claim]] = defaultdict(list)
        for claim in assumptions.claims:
            if claim.transfer:
                self._by_transfer[claim.transfer].append(claim)
            else:
                self._by_account[claim.account].append(claim)

    def at(self, event: str, amount: int) -> Content:
        """Composition of an external credit of `amount` minor units: the claims entered there, the rest OWN."""
        return self._blend(self._by_transfer.get(event, []), amount)

    def opening(self, account: Account) -> Content:
        """Composition of the opening balance: one blended lot of the claims entered there and OWN."""
        return self._blend(self._by_account.get(account.id, []), account.opening)

    def _blend(self, claims: list[Claim], amount: int) -> Content:
        content = dict.fromkeys(self._owners, 0)
        for claim in claims:
            content[claim.claimant] += claim.amount * NANO
        content[OWN] += amount * NANO - sum(content.values())
        return {owner: quantity for owner, quantity in content.items() if quantity}
