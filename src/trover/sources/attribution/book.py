"""All labels of a case in one place: what is said of an address, what kind of sink that makes it, who contradicts whom.

Nothing is merged and nothing is weighed: two labels that differ are two labels, and a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trover.sources.attribution.label import Actor, Label
from trover.sources.attribution.subject import searched


class Sink(StrEnum):
    """What an address is to whoever follows money into it."""

    EXCHANGE = "exchange"
    MIXER = "mixer"
    BRIDGE = "bridge"
    MARKET = "market"
    SANCTIONED = "sanctioned"
    UNKNOWN = "unknown"


STOPS = frozenset({Sink.MIXER})
"""Where the way of one coin cannot be followed: what comes out is not what went in."""
_WORDS: Mapping[str, Sink] = {
    "exchange": Sink.EXCHANGE,
    "peer_to_peer_exchange": Sink.EXCHANGE,
    "dex": Sink.EXCHANGE,
    "defi_dex": Sink.EXCHANGE,
    "atm": Sink.EXCHANGE,
    "crypto_atm": Sink.EXCHANGE,
    "mixing_service": Sink.MIXER,
    "mixing": Sink.MIXER,
    "tumbler": Sink.MIXER,
    "coinjoin": Sink.MIXER,
    "bridge": Sink.BRIDGE,
    "defi_bridge": Sink.BRIDGE,
    "market": Sink.MARKET,
    "dark_market": Sink.MARKET,
    "sanction": Sink.SANCTIONED,
    "sanctions": Sink.SANCTIONED,
    "sanctioned": Sink.SANCTIONED,
}
"""Words of labels (categories, abuses, concepts) and of actors -> the kind of sink."""
_AUTHORITY = ("treasury.gov/ofac", "ofac.treasury.gov", "treasury.gov/policy-issues/financial-sanctions")
"""In the source of a label: it comes from a list of sanctions, whatever else it calls the address."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one address. `kinds`: kind -> why; `differ`: field -> the values that labels give it."""

    subject: str
    labels: tuple[Label, ...]
    kinds: Mapping[Sink, tuple[str, ...]]
    differ: Mapping[str, tuple[str, ...]]


@dataclass
class LabelBook:
    """Labels by what they are about, and actors by their id."""

    labels: dict[str, list[Label]] = field(default_factory=lambda: defaultdict(list))
    actors: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    def of(cls, labels: Iterable[Label], actors: Iterable[Actor] = ()) -> LabelBook:
        book = cls()
        for label in labels:
            book.labels[label.subject].append(label)
        for actor in actors:
            book.actors.setdefault(actor.id, actor)
        return book

    def said(self, subject: str) -> Said:
        """Everything that is said of `subject`; it may be written in any of its forms."""
        name = searched(subject)
        labels = tuple(self.labels.get(name, ()))
        kinds: dict[Sink, dict[str, None]] = {}
        for label in labels:
            for kind, why in self.kinds_of(label):
                kinds.setdefault(kind, {})[why] = None
        if not kinds:
            kinds[Sink.UNKNOWN] = {"no label says what it is" if labels else "no label is known": None}
        return Said(name, labels, {kind: tuple(why) for kind, why in kinds.items()}, _differ(labels))

    def kinds_of(self, label: Label) -> list[tuple[Sink, str]]:
        """What one label makes of an address, each with the word it rests on."""
        found = [
            (kind, f"{name} {word}")
            for name, words in (
                ("category", (label.category,)),
                ("abuse", (label.abuse,)),
                ("concept", label.concepts),
                (f"actor {label.actor}", self.actors[label.actor].categories if label.actor in self.actors else ()),
            )
            for word in words
            if (kind := _WORDS.get(word))
        ]
        if any(part in label.source.lower() for part in _AUTHORITY):
            found.append((Sink.SANCTIONED, f"its source is a list of sanctions: {label.source}"))
        return found


def _differ(labels: Iterable[Label]) -> dict[str, tuple[str, ...]]:
    """Fields to which two labels give different values; what one leaves out contradicts nothing."""
    values: dict[str, dict[str, None]] = {"label": {}, "actor": {}, "category": {}, "abuse": {}}
    for label in labels:
        for name, seen in values.items():
            if value := getattr(label, name):
                seen[value] = None
    return {name: tuple(seen) for name, seen in values.items() if len(seen) > 1}
