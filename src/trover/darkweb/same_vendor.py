"""Which vendors may be one person or group: proposed with reasons and points, never merged.

Points order what a person should look at; they are no probability. A shared key weighs most: it takes the private half
to use it. Names, texts and times are cheap to copy, and vendors copy one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from trover.darkweb.profile import Profile, folded, plain_name
from trover.sources.darkweb.mention import ADDRESS, FINGERPRINT, HANDLE, KEY

POINTS = {"key": 60, "address": 40, "handle": 40, "name": 25, "like_name": 10, "text": 8, "timing": 5}
MOST_TEXT = 32
"""Points that titles give together."""
FEWEST = 10
"""Points from which a pair is shown."""
RARE, FEW = 4, 30
"""Vendors that may share a title, or a like name, before it says nothing of any two of them; and anything else."""
SHORTEST_NAME, SHORTEST_TITLE = 4, 15
GAP_DAYS = 45


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` is key, address, handle, name, like_name, text or timing; `what` the shared thing in words."""

    kind: str
    what: str
    points: int


@dataclass(frozen=True, slots=True)
class Proposal:
    left: str
    right: str
    points: int
    reasons: tuple[Reason, ...]


def proposals(profiles: Iterable[Profile]) -> list[Proposal]:
    """Pairs of profiles that share something rare, the most points first."""
    held = list(profiles)
    reasons: dict[tuple[int, int], list[Reason]] = defaultdict(list)
    for pair, reason in _shared(held):
        reasons[pair].append(reason)
    found, looked = [], _looked(held)
    for (left, right), shared in reasons.items():
        kept = _capped(shared)
        if timing := _timing(held[left], held[right], looked):
            kept.append(timing)
        points = sum(reason.points for reason in kept)
        if points >= FEWEST:
            found.append(Proposal(held[left].id, held[right].id, points, tuple(kept)))
    return sorted(found, key=lambda each: (-each.points, each.left, each.right))


def _shared(held: Sequence[Profile]) -> Iterator[tuple[tuple[int, int], Reason]]:
    """Every pair that shares something, found by what is shared and not by comparing all with all."""
    where: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
    for number, profile in enumerate(held):
        for kind, what in _signs(profile):
            where[kind, what][number] = None
    named = set()
    for (kind, what), numbers in where.items():
        if not 2 <= len(numbers) <= (RARE if kind in ("text", "like_name") else FEW):
            continue
        for left, right in combinations(numbers, 2):
            if kind == "name":
                named.add((left, right))
            if kind == "like_name" and (left, right) in named:
                continue
            yield (left, right), Reason(kind, _words(kind, what, held[left], held[right]), POINTS[kind])


def _signs(profile: Profile) -> Iterator[tuple[str, str]]:
    for named in profile.named(KEY, FINGERPRINT):
        yield "key", named.value
    for named in profile.named(ADDRESS):
        yield "address", named.value
    for named in profile.named(HANDLE):
        yield "handle", f"{named.system} {named.value}"
    if len(name := plain_name(profile.vendor)) >= SHORTEST_NAME:
        yield "name", name
    if len(name := folded(profile.vendor)) >= SHORTEST_NAME:
        yield "like_name", name
    for title in {" ".join(listing.title.casefold().split()) for listing in profile.listings}:
        if len(title) >= SHORTEST_TITLE:
            yield "text", title


def _words(kind: str, what: str, left: Profile, right: Profile) -> str:
    if kind in ("name", "like_name"):
        how = "but for signs and capitals" if kind == "name" else "but for figures that stand for letters"
        return f"the names {left.vendor} and {right.vendor} are the same {how}"
    return {
        "key": f"both show the OpenPGP key {what}",
        "address": f"both name the address {what}",
        "handle": f"both name {what}",
        "text": f"both use the title {what!r}",
    }[kind]


def _capped(shared: Iterable[Reason]) -> list[Reason]:
    """The reasons, titles only as far as they count; the rest of them in one."""
    kept, room, more = [], MOST_TEXT, 0
    for reason in shared:
        if reason.kind == "text" and room < reason.points:
            more += 1
            continue
        room -= reason.points if reason.kind == "text" else 0
        kept.append(reason)
    return [*kept, Reason("text", f"and {more:,} more titles that both use", 0)] if more else kept


def _looked(held: Iterable[Profile]) -> dict[str, date]:
    """Market -> the last day on which anybody looked at it."""
    found: dict[str, date] = {}
    for profile in held:
        if profile.last:
            found[profile.market] = max(found.get(profile.market, profile.last), profile.last)
    return found


def _timing(left: Profile, right: Profile, looked: Mapping[str, date]) -> Reason | None:
    """One begins within a few weeks of the other's end: the last day it was seen, where its market was seen later."""
    for before, after in ((left, right), (right, left)):
        if not before.last or not after.first or looked[before.market] <= before.last:
            continue
        days = (after.first - before.last).days
        if 0 <= days <= GAP_DAYS:
            return Reason("timing", f"{after.id} begins {days} days after {before.id} was last seen", POINTS["timing"])
    return None
