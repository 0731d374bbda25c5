"""Payjoin (BIP 78): payer and payee both give inputs. By design it looks like a payment, so this is a suspicion.

What is looked for is an input that no wallet would have added: without the smallest one the others still pay for
the larger output and the fee, which is to say that it is no larger than the smaller output (the unnecessary input
heuristic). Consolidations of few coins have it too.
"""

from __future__ import annotations

from trover.cluster.shapes.shape import Kind, Shape, Tx
from trover.cluster.view import UNKNOWN, ChainView, Flags, least

MOST_INPUTS = 4
FIRST = 1_533_081_600
"""1 August 2018: the first proposal (Pay to EndPoint) is of that month."""

PAYJOIN = Kind(
    "payjoin",
    "possible payjoin: two outputs, few inputs of one script type, one of them not needed for either output",
    True,
    "BIP 78 (2019); unnecessary input heuristic",
)


def spare_input(view: ChainView) -> Flags:
    """Transactions that may be later than the first proposal and whose smallest input is no more than an output."""
    smallest_in, smallest_out = least(view.in_first, view.in_value), least(view.out_first, view.out_value)
    spare: Flags = (smallest_in <= smallest_out) & ((view.time >= FIRST) | (view.time == UNKNOWN))
    return spare


def payjoin(tx: Tx) -> Shape | None:
    if not 2 <= len(tx.ins) <= MOST_INPUTS or len(tx.outs) != 2 or tx.distinct_senders < 2 or not tx.values_known:
        return None
    if UNKNOWN < tx.time < FIRST:
        return None
    kinds = {*tx.in_types, *tx.out_types}
    if len(kinds) != 1 or set(tx.senders) & set(tx.receivers):
        return None
    smallest = min(tx.ins)
    if smallest > min(tx.outs):
        return None
    return Shape(
        PAYJOIN.key,
        2,
        (f"the input of {smallest} sat is not needed for either output", f"all scripts are {kinds.pop()}"),
    )
