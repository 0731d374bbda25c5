"""Totals that a message states of itself: how many rows it has and what they sum to.

They prove nothing of balances, but where no balances are printed they are the only sign that a row is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from trover.errors import Problem, TotalContradicted
from trover.sources.amounts import POINT, Money
from trover.sources.iso20022.element import Context
from trover.sources.text import shortened
from trover.sources.xml_safe import Element, text_of

_FINEST = 18
"""Decimals in which sums are compared: as many as any currency has."""


def compare_totals(
    context: Context, parent: Element, path: str, amounts: Sequence[Money | None], mixed: bool = False
) -> None:
    """Remark where the count or the sum at `path` is not that of `amounts`, which are None where one cannot be read.

    A sum is compared where every amount is read; over several currencies only if the message counts so (`mixed`).
    """
    stated = parent.find(path)
    if stated is None:
        return
    count = text_of(stated, "NbOfNtries", "NbOfTxs")
    if count and count.lstrip("0") != str(len(amounts)).lstrip("0"):
        says = f"is the number of rows stated, but {len(amounts)} stand there"
        context.remark(TotalContradicted(shortened(count), says=says), stated, path)
    total = text_of(stated, "Sum", "CtrlSum")
    read = [amount for amount in amounts if amount]
    if total and len(read) == len(amounts) and (mixed or len({amount.currency for amount in read}) <= 1):
        counted = sum(_scaled(amount.text) or 0 for amount in read)
        if counted != _scaled(total):
            says = f"is the sum stated, but the rows come to {_plain(counted)}"
            context.remark(TotalContradicted(shortened(total), says=says), stated, path)


def _scaled(text: str) -> int | None:
    try:
        return POINT.minor(text, _FINEST)
    except Problem:
        return None


def _plain(scaled: int) -> str:
    whole, part = divmod(scaled, 10**_FINEST)
    return f"{whole}.{f'{part:018}'.rstrip('0').ljust(2, '0')}"
