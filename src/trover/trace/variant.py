"""Variants of a rule: the same rule on the ledger read another way (rules 1.2, 1.8, 1.11, 2.8).

A variant changes the order, drops a link or merges accounts; the result is again a ledger whose order
is the order in which an engine runs it.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from trover.errors import MissingChoice, UnknownRule
from trover.ledger.event import AccountKind
from trover.ledger.ledger import Ledger
from trover.trace.backward import refusal
from trover.trace.claim import Assumptions
from trover.trace.order import Rows, reorder
from trover.trace.pool import consolidate


class Variant(StrEnum):
    AS_BOOKED = ""
    CREDITS_FIRST = "credits_first"
    DEBITS_FIRST = "debits_first"
    BACKWARD = "backward"
    CONSOLIDATED = "consolidated"
    NO_LINK = "no_link"


def variant(name: str) -> Variant:
    """The variant with that name (`seq` is the posting order). Raises `UnknownRule`."""
    if name in ("", "seq"):
        return Variant.AS_BOOKED
    try:
        return Variant(name)
    except ValueError:
        raise UnknownRule(
            f"@{name}", says="is not a variant", remedy=f"Variants are {', '.join(Variant)[2:]}."
        ) from None


def applicable(assumptions: Assumptions) -> list[Variant]:
    """The variants that can make a difference under these findings."""
    found = [Variant.AS_BOOKED, Variant.CREDITS_FIRST, Variant.DEBITS_FIRST]
    if assumptions.backward_for:
        found.append(Variant.BACKWARD)
    if assumptions.consolidate:
        found.append(Variant.CONSOLIDATED)
    if assumptions.linked_to:
        found.append(Variant.NO_LINK)
    return found


def apply(ledger: Ledger, assumptions: Assumptions, chosen: Variant) -> tuple[Ledger, Assumptions]:
    """The ledger and findings as `chosen` reads them.

    Raises `MissingChoice` where a finding is needed, and the `Problem` of a finding that cannot be followed.
    """
    if chosen not in applicable(assumptions):
        raise MissingChoice(f"@{chosen}")
    if chosen is Variant.NO_LINK:
        assumptions = replace(assumptions, linked_to={})
    if chosen is Variant.CONSOLIDATED:
        ledger, assumptions = consolidate(ledger, assumptions)
    backward = assumptions.backward_for if chosen is Variant.BACKWARD else {}
    if backward and (problem := refusal(ledger, assumptions)):
        raise problem
    returns = {**assumptions.linked_to, **assumptions.reverses}
    return reorder(ledger, _tie(ledger, chosen), backward, returns), assumptions


def _tie(ledger: Ledger, chosen: Variant) -> Rows:
    """0 for external credits, 1 for movements inside, 2 for payments out; all equal as booked."""
    if chosen not in (Variant.CREDITS_FIRST, Variant.DEBITS_FIRST):
        return np.zeros(len(ledger), np.int64)
    kinds = ledger.accounts["kind"].to_numpy()
    outside = kinds == AccountKind.EXTERNAL
    leaves = outside | (kinds == AccountKind.ASSET)
    from_outside = _every(outside, ledger.inputs["account"].to_numpy(), ledger.events["inputs"].to_numpy())
    paid_out = _every(leaves, ledger.outputs["account"].to_numpy(), ledger.events["outputs"].to_numpy())
    tie = np.where(from_outside, 0, np.where(paid_out, 2, 1)).astype(np.int64)
    return tie if chosen is Variant.CREDITS_FIRST else 2 - tie


def _every(flag: npt.NDArray[np.bool_], accounts: Rows, counts: Rows) -> npt.NDArray[np.bool_]:
    """Per event: whether `flag` holds for the account of every leg."""
    starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    if len(counts) == 0:
        return np.zeros(0, np.bool_)
    every: npt.NDArray[np.bool_] = np.minimum.reduceat(flag[accounts], starts).astype(np.bool_)
    return every
