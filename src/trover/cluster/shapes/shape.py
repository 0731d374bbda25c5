"""What a shape is, and one transaction laid out for those who look at it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from trover.cluster.view import SCRIPT_TYPES, UNKNOWN, ChainView


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of transaction that several wallets make together (`several`), or one wallet for a known purpose."""

    key: str
    says: str
    several: bool
    source: str
    """Where the form is described."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one transaction: which, at least how many parties, what of the transaction shows it."""

    kind: str
    parties: int
    reasons: tuple[str, ...]


class Tx:
    """One transaction of a view as plain lists; `ins` and `outs` are satoshi."""

    def __init__(self, view: ChainView, number: int) -> None:
        at, to = view.inputs(number), view.outputs(number)
        self.number = number
        self.time = int(view.time[number])
        self.ins: list[int] = view.in_value[at].tolist()
        self.outs: list[int] = view.out_value[to].tolist()
        self.in_types = [SCRIPT_TYPES[t] for t in view.in_type[at].tolist()]
        self.out_types = [SCRIPT_TYPES[t] for t in view.out_type[to].tolist()]
        self.data_sizes = [s for s, t in zip(view.out_size[to].tolist(), self.out_types, strict=True) if t == "data"]
        self.senders: list[int] = view.in_address[at].tolist()
        self.receivers: list[int] = view.out_address[to].tolist()

    @cached_property
    def paid(self) -> list[int]:
        """Values of the outputs that carry value, not data."""
        return [value for value, kind in zip(self.outs, self.out_types, strict=True) if kind != "data"]

    @cached_property
    def distinct_senders(self) -> int:
        return len({address for address in self.senders if address != UNKNOWN})

    @cached_property
    def counts(self) -> Counter[int]:
        """How many outputs have each value."""
        return Counter(self.paid)

    @cached_property
    def most_equal(self) -> tuple[int, int]:
        """Value that most outputs have (the highest of several), and how many have it."""
        return max(self.counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))

    @cached_property
    def values_known(self) -> bool:
        return UNKNOWN not in self.ins
