"""Problems of the data of blockchains: addresses, transactions, blocks."""

from __future__ import annotations

from trover.errors.base import Problem


class AddressWrong(Problem):
    says = "is not an address"
    remedy = "A sign was lost or altered: copy the address again from its source; nothing is paid to this text."


class AddressElsewhere(Problem):
    says = "is an address of another network"
    remedy = "Addresses of test networks hold nothing of value and are not mixed with others: give data of one network."
