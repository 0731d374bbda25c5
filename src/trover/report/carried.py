"""What each row of the ledger carried of whom, to where, under one trace: the rows behind every figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from trover.ledger.event import Event
from trover.trace.claim import Assumptions
from trover.trace.lot import Content
from trover.trace.result import Movement, Trace

Part = tuple[str, int]
"""Row id and nano units."""


class Carried:
    """Contributions by place and owner, in the order in which they were made. `trace` has its movements."""

    def __init__(self, trace: Trace, events: Mapping[str, Event], assumptions: Assumptions) -> None:
        self._parts: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
        self.trace = trace
        self._returns = {**assumptions.reverses, **assumptions.linked_to}
        self._seen: set[str] = set()
        for movement in trace.movements:
            self._count(movement)
        self._returned(events)
        self._never_moved(trace)

    def parts(self, place: str, owners: Sequence[str]) -> list[Part]:
        """Rows and nano units of `owners` that make up what they have at `place`."""
        found: list[Part] = []
        for owner in owners:
            found += self._parts.get((place, owner), [])
        return found

    def _count(self, movement: Movement) -> None:
        place = movement.account
        inside = place in self.trace.balances
        if inside and place not in self._seen:
            self._seen.add(place)
            self._add(place, f"opening:{place}", movement.before, {})
        self._add(place, movement.event, movement.after, movement.before)
        if inside and movement.side == "out" and movement.balance_before < 0:
            paid = {o: movement.before.get(o, 0) + q - movement.after.get(o, 0) for o, q in movement.content.items()}
            self._add(f"OD:{place}", movement.event, paid, {})

    def _add(self, place: str, row: str, after: Content, before: Content) -> None:
        for owner in {**before, **after}:
            change = after.get(owner, 0) - before.get(owner, 0)
            if change:
                self._parts[place, owner].append((row, change))

    def _returned(self, events: Mapping[str, Event]) -> None:
        """A return takes content out of the sink of the payment it returns; the sink's movements do not show it."""
        for again, first in self._returns.items():
            if again not in events or first not in events:
                continue
            back: Content = {}
            for movement in self.trace.movements:
                if movement.event == again and movement.side == "out":
                    for owner, quantity in movement.content.items():
                        back[owner] = back.get(owner, 0) + quantity
            sink = self._sink(events[again], events[first])
            if sink.startswith("BFP:"):
                self._add(sink, first, back, {})
            if sink:
                self._add(sink, again, {}, back)

    def _sink(self, again: Event, first: Event) -> str:
        """Where the returned money lay: with the purchaser in good faith, else with the payee that sends it back."""
        if f"BFP:{first.id}" in self.trace.content:
            return f"BFP:{first.id}"
        outside = [leg.account for leg in first.outputs if leg.account not in self.trace.balances]
        payer = again.inputs[0].account
        return payer if payer in outside else next(iter(outside), "")

    def _never_moved(self, trace: Trace) -> None:
        for place, content in trace.content.items():
            if place.startswith("BFP:"):
                self._add(place, place[4:], content, {})
            elif place in trace.balances and place not in self._seen:
                self._add(place, f"opening:{place}", content, {})
