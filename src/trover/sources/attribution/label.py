"""One label that somebody gave to an address or a transaction, with who, from where, when and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trover.sources.record import Pointer

CONFIDENCE: Mapping[str, int] = {
    "override": 100,
    "ownership": 100,
    "ledger_immanent": 100,
    "manual_transaction": 90,
    "service_api": 70,
    "forensic_investigation": 70,
    "authority_data": 60,
    "trusted_provider": 50,
    "service_data": 50,
    "forensic": 50,
    "untrusted_transaction": 40,
    "web_crawl": 20,
    "heuristic": 10,
    "unknown": 5,
}
"""How labels come about -> the level GraphSense gives to it, of 100. A scale, not a probability."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one line of a source says of `subject`, an address or (`is_transaction`) the id of a transaction.

    `subject` is the one way it is written here, `printed` how the source has it. `system` is bitcoin, ethereum or
    another coin whose checksum it holds, else empty. `day` is the source's own date of the label. `checked`: the
    address carries a checksum, and it holds. What a pack says for all its labels stands in each.
    """

    pointer: Pointer
    subject: str
    printed: str
    is_transaction: bool
    system: str
    currency: str
    checked: bool
    label: str
    source: str
    creator: str
    title: str
    day: date | None
    confidence: str
    category: str = ""
    abuse: str = ""
    actor: str = ""
    concepts: tuple[str, ...] = ()
    context: str = ""
    is_definer: bool = False

    @property
    def level(self) -> int | None:
        """Of 100; None where the source states no confidence, or one of no known scale."""
        return CONFIDENCE.get(self.confidence)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody to whom labels refer by `id`. `context` is JSON as the source has it."""

    pointer: Pointer
    id: str
    label: str
    uri: str = ""
    categories: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    context: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of a taxonomy: what it means, and which wider one it belongs to."""

    pointer: Pointer
    id: str
    label: str
    description: str
    broader: str
    taxonomy: str
