"""What a reader delivers: one row of evidence each, with the pointer to it.

A record is what the source says, normalised but not judged: text of the original is kept beside each
value that was interpreted. The ledger makes accounts and events of records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from trover.errors import Problem

INSTRUCTION, REVERSAL, INTEREST = "instruction", "reversal", "interest"
"""Kinds of events that banks name: ordered and not yet booked, a booking taken back, what a balance bore."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """One row of evidence: SHA-256 of the file, page or sheet, row (1 = first line of the file)."""

    sha256: str
    page: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account as a source declares it.

    `opening` and `closing` are printed balances in minor units; None where the source prints none. `address` is
    the address on a chain to which an output pays, or that holds a token; it names no person. The `opening` of an
    output is the value a source states for it without showing the transaction that made it.
    """

    pointer: Pointer
    id: str
    currency: str
    kind: str = ""
    holder: str = ""
    opening: int | None = None
    closing: int | None = None
    address: str = ""


NOT_STATED = -1
"""The amount of an input that empties an output whose value the source does not state: see `ledger.outputs`."""


@dataclass(frozen=True, slots=True)
class LegRecord:
    """`amount` (minor units) at `account`; `cost` is set on an output whose cost differs from its amount.

    `currency` is what the source states for this leg, empty where it states none.
    """

    account: str
    amount: int
    cost: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A movement as one row (or one transaction) of a source states it.

    `time` is UTC, `time_text` the original. `seq` is the posting order. `balance` is the running
    balance printed beside the row, in minor units, `balance_text` how it is printed; `balance_account`
    is the account on whose statement the row stands.
    """

    pointer: Pointer
    id: str
    time: datetime
    time_text: str
    seq: int
    inputs: tuple[LegRecord, ...]
    outputs: tuple[LegRecord, ...]
    kind: str = ""
    note: str = ""
    reverses: str = ""
    replaces: str = ""
    balance: int | None = None
    balance_account: str = ""
    balance_text: str = ""
    statement: str = ""
    """Id of the `StatementRecord` on which the row stands, where the source has statements."""
    references: tuple[str, ...] = ()
    """Numbers by which both banks know the payment (end-to-end id, UETR, cheque number), as printed."""


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One statement of one account in one currency, as a source prints it; a file may hold several.

    `opening` and `closing` are printed booked balances in minor units, `start` and `end` the days they are
    of; None where the source prints none. `number` is the bank's number or sequence of the statement.
    `booked` is false where rows are announced and not yet booked (intraday reports, advices). `chain` says what
    the data of a chain prove of themselves: `blocks`, `ids`, `tables`, `values` (of inputs, only stated),
    or `answers` of a node; else empty.
    """

    pointer: Pointer
    id: str
    account: str
    currency: str
    opening: int | None = None
    closing: int | None = None
    start: date | None = None
    end: date | None = None
    number: str = ""
    booked: bool = True
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A row that its source prints and that moves nothing, with the reason: pending, for information, zero.

    `amount` is the text as printed. It is no event; it is kept so that every row of a file is accounted for.
    """

    pointer: Pointer
    id: str
    statement: str
    account: str
    amount: str
    reason: str


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row of a known own `account` that could not be read: its statement proves nothing without it.

    A row whose account is not known is a problem of the whole file instead (`Reading.problems`).
    """

    pointer: Pointer
    id: str
    account: str
    statement: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim a file carries: `amount` (minor units) entered at one `transfer` or in the opening of one `account`."""

    pointer: Pointer
    claimant: str
    amount: int
    transfer: str = ""
    account: str = ""
    repaid: int = 0
    offence: str = ""


@dataclass(frozen=True)
class Flags:
    """Findings a file carries: transfers to a purchaser in good faith; return -> returned transfer;
    cash deposit -> withdrawal; credit -> the debit it funded."""

    bfp: frozenset[str] = frozenset()
    reverses: Mapping[str, str] = field(default_factory=dict)
    linked_to: Mapping[str, str] = field(default_factory=dict)
    backward_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddressTotals:
    """What an explorer says of one address on the day it is asked: how many outputs paid to it and how many of these
    were spent, with their sums in satoshi; `height` is that of the last block it then knew. `address` is empty, and
    the rest 0, where only the height is stated.
    """

    pointer: Pointer
    address: str
    filled: int = 0
    filled_sum: int = 0
    spent: int = 0
    spent_sum: int = 0
    height: int | None = None


@dataclass(frozen=True, slots=True)
class RateRecord:
    """On `day` one unit of `base` came to `text` units of `quote`, as printed. It says what a sum was worth; no leg."""

    pointer: Pointer
    day: date | None
    base: str
    quote: str
    text: str


Record = AccountRecord | EventRecord | StatementRecord
