"""Problems of the data of blockchains: addresses, transactions, blocks."""

from __future__ import annotations

from trover.errors.base import Problem


class AddressWrong(Problem):
    says = "is not an address"
    remedy = "A sign was lost or altered: copy the address again from its source; nothing is paid to this text."


class AddressElsewhere(Problem):
    says = "is an address of another network"
    remedy = "Addresses of test networks hold nothing of value and are not mixed with others: give data of one network."


class AddressContradicted(Problem):
    says = "is not the address of the script beside it"
    remedy = "The address or the script was altered: obtain the transaction again from another source."


class BlockRefused(Problem):
    says = "is a block that cannot be right"
    remedy = "Obtain the block again, from two nodes, and compare the hash; nothing of it is used."


class RewardTooHigh(Problem):
    says = "pays its miner more than reward and fees"
    remedy = "No node accepts such a block: obtain it again, from two nodes, and compare; nothing of it is used."


class StaleBlock(Problem):
    says = "is off the branch with the most work"
    remedy = "Its transactions that stand in no other block are kept and not booked."


class TableAlone(Problem):
    says = "is a table of transactions that means nothing without its outputs and inputs"
    remedy = "Add it together with the one table of outputs and the one of inputs that belong to it."


class TxidWrong(Problem):
    says = "is not the id that the fields of this transaction give"
    remedy = "A field was altered or lost: obtain the transaction again and compare; nothing of it is used."


class ValueImpossible(Problem):
    says = "is not a value in satoshi: there are at most 21 million bitcoin"
    remedy = "The transaction was altered or read wrongly: obtain it again; nothing of it is used."


class ValueContradicted(Problem):
    says = "is not the value of this output"
    remedy = "Two sources state one output differently: obtain the transaction that made it, whose id proves the value."
