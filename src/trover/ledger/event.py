"""Accounts, legs and events: what happened, in integers of minor units.

An event is a transient account: its inputs enter in order, its outputs are drawn in order by the
tracing rule, the fee last. A bank transfer has one leg on each side, a chain transaction many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trover.sources.record import Pointer

EXTERNAL = "EXT:"
ASSET = "ASSET:"
FEE = "FEE:"
GAP = "EXT:GAP:"
"""Where all goes that reaches a gap in the statements of an account: no payment, and nobody's withdrawal."""
UNKNOWN, CASH = f"{EXTERNAL}UNKNOWN:", f"{EXTERNAL}CASH"
"""Parties that a row does not name, and cash: they are nobody."""
UNDERWAY = "UNDERWAY:"
"""Accounts for money that has left one account and not yet reached the next; made, never declared."""
_IN = " in "


class AccountKind(StrEnum):
    BANK = "bank"
    ASSET = "asset"
    WALLET = "wallet"
    CASH = "cash"
    OUTPUT = "output"
    """An unspent transaction output: filled once, emptied once."""
    EXTERNAL = "external"
    """A source or sink outside the ledger, without balance."""


@dataclass(frozen=True, slots=True)
class Account:
    """Anything that holds value. `opening` is in minor units of `currency` and may be negative.

    `address` is where it stands on a chain, empty elsewhere: a fact of the chain that names no person.
    """

    id: str
    currency: str
    kind: AccountKind
    holder: str = ""
    opening: int = 0
    address: str = ""

    @property
    def is_external(self) -> bool:
        return self.kind is AccountKind.EXTERNAL

    @property
    def is_asset(self) -> bool:
        return self.kind is AccountKind.ASSET


def kind_of(account_id: str, declared: str = "") -> AccountKind:
    """The kind an account id implies: EXT: and FEE: are external, ASSET: is a thing bought."""
    if account_id.startswith((EXTERNAL, FEE)):
        return AccountKind.EXTERNAL
    if account_id.startswith(ASSET):
        return AccountKind.ASSET
    return AccountKind(declared) if declared else AccountKind.BANK


def is_underway(account_id: str) -> bool:
    """Whether this is an account for money under way; it is nobody's and counts only while something is in it."""
    return account_id.startswith(UNDERWAY)


def in_currency(external_id: str, currency: str) -> str:
    """The id under which an external party is booked in a currency other than its first."""
    return f"{external_id}{_IN}{currency}"


def party_id(account_id: str) -> str:
    """The party's own id, whatever currency it is booked in: the reverse of `in_currency`."""
    return account_id.partition(_IN)[0] if account_id.startswith(EXTERNAL) else account_id


@dataclass(frozen=True, slots=True)
class Input:
    """`amount` (minor units) drawn from `account`."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Output:
    """`amount` (minor units of the receiving account) for which `cost` of the event's inputs is given.

    They differ where a currency is converted or an asset realised: cost is what is given up.
    """

    account: str
    amount: int
    cost: int


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Another row of evidence that states the same event: the payee's statement, or the same row in another file.

    `balance` (minor units) is what is printed beside that row for `balance_account`.
    """

    id: str
    source: Pointer | None = None
    note: str = ""
    balance: int | None = None
    balance_account: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Immutable; a correction is a new event that `replaces` this one.

    `time` is UTC; `time_text` is the original. `seq` is the posting order. `reverses` is what the
    source itself says is returned; an inferred return is a person's finding instead. `balance` is the
    running balance that the source prints beside the row for `balance_account`, the account on whose statement
    the row stands; the gate has compared it. `statement` is that statement's id; `booked` is false where it only
    announces. `references` are the numbers of the payment as printed. `also`: other rows that state this event.
    """

    id: str
    time: datetime
    seq: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    kind: str = ""
    note: str = ""
    time_text: str = ""
    source: Pointer | None = None
    reverses: str = ""
    replaces: str = ""
    balance: int | None = None
    balance_account: str = ""
    statement: str = ""
    booked: bool = True
    references: tuple[str, ...] = ()
    also: tuple[OtherRow, ...] = ()
    statements: tuple[str, ...] = ()
    """Ids of the statements the gate judged, those it implied included, on which the row stands in its source."""

    @property
    def sources(self) -> tuple[Pointer, ...]:
        """Every row of evidence that states this event."""
        return tuple(filter(None, (self.source, *(other.source for other in self.also))))

    @property
    def rows(self) -> tuple[OtherRow, ...]:
        """Every row of evidence that states this event, as it stands beside an event that states the same."""
        return (OtherRow(self.id, self.source, self.note, self.balance, self.balance_account), *self.also)


def transfer(
    id: str,
    time: datetime,
    seq: int,
    from_account: str,
    to_account: str,
    amount: int,
    amount_to: int | None = None,
    **more: object,
) -> Event:
    """The event of a plain transfer: one leg on each side."""
    arrives = amount if amount_to is None else amount_to
    legs = ((Input(from_account, amount),), (Output(to_account, arrives, amount),))
    return Event(id, time, seq, *legs, **more)  # type: ignore[arg-type]
