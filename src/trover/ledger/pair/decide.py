"""Which candidates are certain enough to be made one, and why the others wait for a person.

A pair is certain only if everything fits: a number, a name or a reference speaks for it, no statement names
somebody else, the amounts agree, and nothing else is possible. Where several payments of one amount run
between two accounts, they pair by their references, or if there is only one way to pair all of them, or if
all were paid on one day and credited on one day, when it makes no difference which is which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from trover.ledger.pair.candidates import Candidates
from trover.ledger.pair.sides import Mask, Rows, Sides


class How(StrEnum):
    """On what ground two rows are one payment."""

    ONLY = "each is the only candidate of the other"
    REFERENCE = "no other candidate carries their reference"
    ONLY_WAY = "there is only one way to pair all payments of this amount between these accounts"
    ALIKE = "equal payments of one day, paired in order: it makes no difference which is which"
    PERSON = "a person found that they are one payment"


class Why(StrEnum):
    """Why rows wait for a person."""

    SEVERAL = "several rows fit and nothing tells them apart"
    ACCOUNTS = "rows of several accounts fit"
    CONTRADICTED = "a statement names somebody else"
    AMOUNTS = "the amounts differ and no fee is stated"
    SILENT = "only amount and day speak for it"
    HELD = "a finding or a return rests on one of the rows"


@dataclass
class Decision:
    """Rows of a table of candidates: what is made, with the ground of each, and groups that wait, with theirs."""

    made: list[tuple[int, How]] = field(default_factory=list)
    waiting: list[tuple[list[int], Why]] = field(default_factory=list)


def decide(found: Candidates, debits: Sides, credits: Sides, held: tuple[Mask, Mask]) -> Decision:
    """Decide over candidates for which something speaks. `held`: debits and credits that only a person may pair."""
    decision = Decision()
    agreed = found.amount & ~_outdone(found)
    one = _one_account(found.take(agreed), debits, credits)
    clean = agreed & ~found.contradicted & ~held[0][found.debit] & ~held[1][found.credit]
    clean &= one[0][found.debit] & one[1][found.credit]
    left = agreed.copy()
    for rows, how in ((found.references > 0, How.REFERENCE), (np.ones(len(found), bool), How.ONLY)):
        chosen = _mutual(found, left & rows) & clean
        lone = _mutual(found, left)
        decision.made += [(int(row), How.ONLY if lone[row] else how) for row in np.flatnonzero(chosen)]
        left &= ~_touched(found, chosen)
    for group in _groups(found, np.flatnonzero(left)):
        made = _grouped(group, found, debits, credits, clean)
        decision.made += made
        if not made:
            decision.waiting.append((group, _why(group, found, held, one)))
    other = np.flatnonzero(~found.amount & ~_touched(found, agreed))
    decision.waiting += [(group, Why.AMOUNTS) for group in _groups(found, other)]
    return decision


def silent_groups(found: Candidates) -> list[list[int]]:
    """Candidates for which only amount and day speak, those together that share a row."""
    return list(_groups(found, np.arange(len(found))))


def _outdone(found: Candidates) -> Mask:
    """Contradicted candidates of a row that has a better one: uncontradicted where a number speaks against this
    one, and supported by both statements where only a name does."""
    better = found.amount & ~found.contradicted
    out = np.zeros(len(found), bool)
    for enough, worse in ((better, found.other_number), (better & found.both_sided, found.contradicted)):
        out |= worse & _touched(found, enough)
    return out


def _touched(found: Candidates, chosen: Mask) -> Mask:
    """Candidates that share a debit or a credit with one of the chosen."""
    out = np.zeros(len(found), bool)
    for rows in (found.debit, found.credit):
        mark = np.zeros(int(rows.max(initial=0)) + 1, bool)
        mark[rows[chosen]] = True
        out |= mark[rows]
    return out


def _one_account(found: Candidates, debits: Sides, credits: Sides) -> tuple[Mask, Mask]:
    """Whether all candidates of a side are rows of one account: for each debit, then for each credit."""

    def single(rows: Rows, accounts: Rows, count: int) -> Mask:
        low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
        np.minimum.at(low, rows, accounts)
        np.maximum.at(high, rows, accounts)
        return low >= high

    return (
        single(found.debit, credits.own[found.credit], len(debits)),
        single(found.credit, debits.own[found.debit], len(credits)),
    )


def _mutual(found: Candidates, chosen: Mask) -> Mask:
    """Candidates among the chosen whose debit and credit each have no other among the chosen."""
    out: Mask = chosen.copy()
    for rows in (found.debit, found.credit):
        times = np.bincount(rows[chosen], minlength=int(rows.max(initial=0)) + 1)
        out &= times[rows] == 1
    return out


def _groups(found: Candidates, rows: Rows) -> Iterator[list[int]]:
    """The candidates in `rows`, those together that share a debit or a credit, in their order."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    ends = [(int(found.debit[row]), -1 - int(found.credit[row])) for row in rows]
    for debit, credit in ends:
        parent[root(credit)] = root(debit)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row, (debit, _) in zip(rows.tolist(), ends, strict=True):
        groups[root(debit)].append(row)
    yield from groups.values()


def _grouped(group: list[int], found: Candidates, debits: Sides, credits: Sides, clean: Mask) -> list[tuple[int, How]]:
    """Pair a whole group, or nothing of it."""
    by_ends = {(int(found.debit[row]), int(found.credit[row])): row for row in group}
    left, right = {debit for debit, _ in by_ends}, {credit for _, credit in by_ends}
    if len(left) != len(right) or not all(clean[row] for row in group):
        return []
    if only := _only_way(by_ends, len(left)):
        return [(by_ends[ends], How.ONLY_WAY) for ends in only]
    days = {(int(debits.day[found.debit[row]]), int(credits.day[found.credit[row]])) for row in group}
    amounts = {int(debits.main[row]) for row in left} | {int(credits.main[row]) for row in right}
    if len(days) == 1 and len(amounts) == 1 and len(group) == len(left) * len(right):
        return [(by_ends[ends], How.ALIKE) for ends in zip(sorted(left), sorted(right), strict=True)]
    return []


def _only_way(ends: Iterable[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The one way to pair all, or nothing: again and again somebody has only one candidate left."""
    mine: defaultdict[int, set[int]] = defaultdict(set)
    theirs: defaultdict[int, set[int]] = defaultdict(set)
    for debit, credit in ends:
        mine[debit].add(credit)
        theirs[credit].add(debit)
    made: list[tuple[int, int]] = []
    ready = [(debit, min(credits)) for debit, credits in mine.items() if len(credits) == 1]
    ready += [(min(debits), credit) for credit, debits in theirs.items() if len(debits) == 1]
    while ready:
        debit, credit = ready.pop()
        if debit not in mine or credit not in theirs or credit not in mine[debit]:
            continue
        made.append((debit, credit))
        for other in mine.pop(debit) - {credit}:
            theirs[other].discard(debit)
            if len(theirs[other]) == 1:
                ready.append((min(theirs[other]), other))
        for other in theirs.pop(credit) - {debit}:
            mine[other].discard(credit)
            if len(mine[other]) == 1:
                ready.append((other, min(mine[other])))
    return sorted(made) if len(made) == count else []


def _why(group: list[int], found: Candidates, held: tuple[Mask, Mask], one: tuple[Mask, Mask]) -> Why:
    """What keeps a group from being certain, the gravest first."""
    if any(held[0][found.debit[row]] or held[1][found.credit[row]] for row in group):
        return Why.HELD
    if found.contradicted[group].any():
        return Why.CONTRADICTED
    if not all(one[0][found.debit[row]] and one[1][found.credit[row]] for row in group):
        return Why.ACCOUNTS
    return Why.SEVERAL
