"""Addresses of Ethereum at which the data of a case stop: no file is about what they did with what reached them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trover.case.state import Source
from trover.ledger.event import Event
from trover.ledger.ledger import Ledger

EXPLORER = "etherscan"
_PREFIX = "eth:"


def address_of(account: str) -> str:
    """The address of an account of Ethereum, empty for any other."""
    return account.split(":")[1] if account.startswith(_PREFIX) else ""


def followed(ledger: Ledger, sources: Iterable[Source]) -> frozenset[str]:
    """Addresses that a file of the case is about: the one that stands in every row of an explorer's answer.

    Rows with the same two addresses throughout do not say which of them is meant, unless another file does.
    """
    files = {source.sha256 for source in sources if source.format == EXPLORER}
    if not files:
        return frozenset()
    common: dict[str, set[str]] = {}
    for event in ledger:
        addresses = _addresses(event)
        for pointer in event.sources if addresses else ():
            if pointer.sha256 in files:
                common.setdefault(pointer.sha256, set(addresses)).intersection_update(addresses)
    return frozenset(address for found in common.values() if len(found) == 1 for address in found)


def unfollowed(ledger: Ledger, about: Collection[str]) -> list[str]:
    """Accounts of addresses that no file is about: what is left in them is what the rows leave there, and no more."""
    return [account.id for account in ledger.account_list if (at := address_of(account.id)) and at not in about]


def _addresses(event: Event) -> set[str]:
    accounts = [leg.account for leg in event.inputs] + [leg.account for leg in event.outputs]
    return {address for account in accounts if (address := address_of(account))}
