"""The result of a trace: who has what, where, under one rule and variant, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trover.ledger.event import is_underway
from trover.trace.arithmetic import NANO, largest_remainder
from trover.trace.claim import OWN
from trover.trace.lot import Content
from trover.trace.rules import Table

ENGINE_VERSION = "1"
"""Changes whenever an engine would return another integer for the same input."""

TAINTED = "TAINTED"
CLEAN = "CLEAN"


@dataclass(slots=True)
class Parts:
    """Of an output, in nano units: what makes its content checkable against the event's inputs.

    `given` is what the leg took of the inputs, in their currency; the movement's content is what that
    became in the account that received it. `repaid` is the part of the content that repaid an overdraft
    there, `protected` what a purchaser in good faith keeps (the content is then OWN instead).
    """

    given: Content = field(default_factory=dict)
    repaid: Content = field(default_factory=dict)
    protected: Content = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one leg of one event carried: `amount` in minor, `content` in nano units of the leg's account.

    `leg` counts inputs and outputs from 0. `before` and `after` are the content of the account, and
    `balance_before` / `balance_after` its balance in minor units (sinks: the sum received so far).
    `pieces` are what was taken, in the order in which it was, each with the event by which it had come
    into the account (empty: the opening balance).
    """

    event: str
    side: str
    leg: int
    account: str
    amount: int
    content: Content
    balance_before: int
    balance_after: int
    before: Content
    after: Content
    pieces: tuple[tuple[str, Content], ...] = ()
    parts: Parts = field(default_factory=Parts)


@dataclass(frozen=True)
class Trace:
    """Content of every account and sink after the last event.

    `content[account][owner]` is in nano units of the account's currency; `totals[account]` in minor
    units: the balance of an account (0 where overdrawn) or the sum a sink received. `assumptions`
    says in words what a reader must know. `movements` is filled where steps were asked for.
    """

    key: str
    rule: str
    owners: tuple[str, ...]
    content: Mapping[str, Content]
    totals: Mapping[str, int]
    balances: Mapping[str, int]
    movements: Sequence[Movement] = ()
    assumptions: tuple[str, ...] = ()
    engine: str = field(default=f"reference {ENGINE_VERSION}")

    def table(self) -> Table:
        """Minor units by account and owner, rounded by largest remainder; every row sums to its total.

        Money under way that has arrived has no row.
        """
        return {account: self.row(account) for account in self.content if not self.arrived(account)}

    def arrived(self, account: str) -> bool:
        """Whether this is an account for money under way in which nothing is left."""
        return is_underway(account) and not self.totals[account]

    def row(self, account: str) -> dict[str, int]:
        held = self.content[account]
        parts = [held.get(owner, 0) for owner in self.owners]
        return dict(zip(self.owners, largest_remainder(parts, self.totals[account]), strict=True))

    def claimed(self, account: str) -> int:
        """Nano units of claimants in `account`."""
        return sum(q for owner, q in self.content[account].items() if owner not in (OWN, CLEAN))


def whole(nano: int) -> int:
    """Nano units that are whole minor units, as minor units. Raises ValueError where they are not."""
    minor, rest = divmod(nano, NANO)
    if rest:
        raise ValueError(f"{nano} nano units are not whole minor units")
    return minor
