"""Problems with questions about clusters of addresses."""

from __future__ import annotations

from trover.errors.base import Problem


class AddressNotHeld(Problem):
    """An address is asked for that no transaction of the case names."""

    says = "is an address of no transaction in this case"
    remedy = "Check the spelling, or add the transactions in which it occurs (trover chain add)."


class TransactionNotHeld(Problem):
    """A transaction is to be left out that the case does not hold."""

    says = "is no transaction of this case"
    remedy = "Give the whole id of a transaction, 64 hexadecimal digits."


class EvidenceUnknown(Problem):
    """Evidence is named that nothing here is called."""

    says = "is no evidence that is known here"
