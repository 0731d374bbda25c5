"""A movement of ether or of a token as any source of Ethereum states it, before it becomes accounts and an event.

A transaction, a call inside one, a log of a token, a withdrawal and a reward are movements of their own: different
files carry them, and each has a name that all files share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from trover.sources.record import Pointer

ETHER = "ETH"
BLOCKS, TRANSACTIONS = 10**10, 10**5
"""Posting order: block x BLOCKS + transaction x TRANSACTIONS + place inside it."""
UNSTATED = 50_000
"""Transactions whose place in the block is not stated are counted from here on."""
LOGS = 50_000
"""Places of logs inside a transaction come after those of its calls."""
HIGHEST = 9 * 10**8
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a movement whose file does not state when its block was made; its `time_text` is empty."""
NOBODY = "0x" + "0" * 40
"""The address tokens are made from and destroyed to."""

TRANSACTION = "transaction"
FAILED = "failed transaction"
WITHOUT_FEE = "transaction without fee"
WITHOUT_RECEIPT = "transaction without receipt"
CALL, TOKEN, WITHDRAWAL, REWARD, GENESIS = "call", "token transfer", "withdrawal", "reward", "genesis"
VALUED = "valued flow"
"""Kinds of events, as the ledger keeps them."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """`value` (wei, or the token's smallest unit) from `sender` to `receiver`, both in small letters.

    `token` is the contract, empty for ether. `fee` is what the sender paid for gas, None where it is not stated;
    `succeeded` is None where the source does not say. `index` is the place of the transaction in its block, `place`
    what tells this movement from others of its transaction: the path of a call, the index of a log; None where they
    are not stated. `sender` is empty for what comes from no address.
    """

    pointer: Pointer
    kind: str
    hash: str
    block: int
    time: datetime
    time_text: str
    sender: str
    receiver: str
    value: int
    token: str = ""
    index: int | None = None
    place: str | None = None
    fee: int | None = None
    succeeded: bool | None = None
    note: str = ""

    @property
    def is_transaction(self) -> bool:
        return self.kind in (TRANSACTION, FAILED, WITHOUT_FEE, WITHOUT_RECEIPT)


def account_id(address: str, token: str = "") -> str:
    """The account that an address is for ether, or for one token."""
    return f"eth:{address}:{token}" if token else f"eth:{address}"


def path_of(place: str) -> tuple[int, ...]:
    """The path of a call as numbers, so that calls sort as they were made."""
    return tuple(int(part) for part in place.split("_") if part)


def transaction_kind(succeeded: bool | None, fee: int | None) -> str:
    """What is known of a transaction, which decides how it is booked."""
    if succeeded is False:
        return FAILED
    if succeeded is None:
        return WITHOUT_RECEIPT
    return WITHOUT_FEE if fee is None else TRANSACTION
