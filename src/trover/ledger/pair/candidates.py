"""Which debits and credits may be two sides of one payment, and what speaks for and against each.

Three ways lead to a candidate: the payer's statement names the payee's account, the payee's names the
payer's, or both carry one reference. Each is one join over sorted columns, so that millions of rows take
seconds. A fourth, amount and day alone, is only looked at for rows that name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.ledger import Ledger
from trover.ledger.pair.identity import Directory, Says, is_number, printed_id
from trover.ledger.pair.sides import Mask, Rows, Sides

COMMON = 50
"""A reference on more rows than this names no payment."""
FEW = 4
"""Rows that name nobody are listed one by one where at most so many fit."""
_STRONG, _MEANINGLESS = 6, re.compile(r"(NOTPROVIDED|NONREF|UNKNOWN|NONE|0+)")


@dataclass(frozen=True)
class Candidates:
    """Columns of equal length. `debit`, `credit`: rows in the sides; `lag`: days from debit to credit.

    `amount`: both state one amount. `payer_says`: what the payer's statement says of the payee's account, and
    `payee_says` the reverse (`Says`). `references`: how many references of some length both carry.
    """

    debit: Rows
    credit: Rows
    lag: Rows
    amount: Mask
    payer_says: Rows
    payee_says: Rows
    references: Rows

    def __len__(self) -> int:
        return len(self.debit)

    def take(self, rows: Rows | Mask) -> Candidates:
        return Candidates(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def contradicted(self) -> Mask:
        """One of the statements names somebody else."""
        found: Mask = (self.payer_says < Says.NOTHING) | (self.payee_says < Says.NOTHING)
        return found

    @property
    def other_number(self) -> Mask:
        """One of the statements gives the number of another account."""
        found: Mask = (self.payer_says == Says.OTHER) | (self.payee_says == Says.OTHER)
        return found

    @property
    def both_sided(self) -> Mask:
        """Both statements speak for it: each names the other, or both carry one reference."""
        found: Mask = (self.payer_says >= Says.NAME) & (self.payee_says >= Says.NAME) | (self.references > 0)
        return found

    @property
    def named(self) -> Mask:
        found: Mask = (self.payer_says >= Says.NAME) | (self.payee_says >= Says.NAME)
        return found


class Finder:
    """Finds candidates among two columns of sides."""

    def __init__(self, ledger: Ledger, debits: Sides, credits: Sides, window: int) -> None:
        self.ledger, self.debits, self.credits, self.window = ledger, debits, credits, window
        self.accounts = ledger.account_list
        self.directory = Directory(self.accounts)

    def evidenced(self) -> Candidates:
        """Candidates for which a name, a number or a reference speaks.

        The references of a batch are those of all its parts: alone they do not say which part is meant.
        """
        named = [self._named_by(self.debits), self._named_by(self.credits, reverse=True)]
        same = [np.concatenate(parts) for parts in zip(*named, strict=True)]
        referred = self._referred()
        debit, credit = _unique(*(np.concatenate(each) for each in zip(same, referred, strict=True)))
        found = self._described(debit, credit, coded(*same), coded(*referred))
        alone = self.debits.alone[debit] & self.credits.alone[credit]
        return found.take(alone | found.amount & (found.named | ~found.contradicted))

    def silent(self, debits: Mask, credits: Mask) -> Candidates:
        """Candidates among these sides for which only amount and day speak, where few fit and nothing contradicts."""
        left, right = self.debits, self.credits
        ours = np.flatnonzero(debits & self._unnumbered(left.outside))
        theirs = np.flatnonzero(credits & self._unnumbered(right.outside))
        first, last = windows(left.main[ours], left.day[ours], right.main[theirs], right.day[theirs], self.window)
        few = (last - first <= FEW) & (last > first)
        at, place = spread(first[few], last[few])
        order = np.lexsort((right.day[theirs], right.main[theirs]))
        debit, credit = ours[few][at], theirs[order[place]]
        apart = left.own[debit] != right.own[credit]
        debit, credit = debit[apart], credit[apart]
        found = self._described(debit, credit, coded(debit, credit), np.empty(0, np.int64))
        return found.take(~found.contradicted)

    def _unnumbered(self, outside: Rows) -> Mask:
        """Sides that give no number: one that does names an account, and it is none of those it could fit."""
        marked = np.zeros(len(self.accounts), bool)
        for row in _distinct(outside).tolist():
            marked[row] = not is_number(printed_id(self.accounts[row]))
        chosen: Mask = marked[outside]
        return chosen

    def described(self, debit: Rows, credit: Rows) -> Candidates:
        """These few sides, whether or not anything speaks for them."""
        lists, shared = self.ledger.events["references"], []
        for row, other in zip(self.debits.event[debit].tolist(), self.credits.event[credit].tolist(), strict=True):
            one, two = (set(strong_references(lists[event].as_py())) for event in (row, other))
            shared.append(len(one & two))
        found = self._described(debit, credit, np.empty(0, np.int64), np.empty(0, np.int64))
        return replace(found, references=np.array(shared, np.int64))

    def _named_by(self, sides: Sides, reverse: bool = False) -> tuple[Rows, Rows]:
        """(debit, credit) of one amount where `sides` name the account on the other side."""
        others = self.debits if reverse else self.credits
        outside = _distinct(sides.outside)
        place = np.searchsorted(outside, sides.outside)
        named = [sorted(self.directory.named(self.accounts[row])) for row in outside]
        counts = np.array([len(rows) for rows in named], np.int64)
        flat = np.array([row for rows in named for row in rows], np.int64)
        start = np.cumsum(counts) - counts
        side, key = sides.keys
        which = place[side]
        at, account = spread(start[which], start[which] + counts[which])
        wide = len(self.accounts)
        ours = key[at] * wide + flat[account]
        theirs = others.keys[1] * wide + others.own[others.keys[0]]
        near, far = side[at], others.keys[0]
        if reverse:
            left, right = self._joined(theirs, others.day[far], ours, sides.day[near])
            debit, credit = far[left], near[right]
        else:
            left, right = self._joined(ours, sides.day[near], theirs, others.day[far])
            debit, credit = near[left], far[right]
        return self._apart(debit, credit)

    def _referred(self) -> tuple[Rows, Rows]:
        """(debit, credit) that carry one reference, whatever their amounts; once for each reference they share."""
        codes, events = reference_codes(self.ledger, _distinct(np.concatenate([self.debits.event, self.credits.event])))
        ours, mine = carried(codes, events, self.debits)
        theirs, yours = carried(codes, events, self.credits)
        left, right = self._joined(ours, self.debits.day[mine], theirs, self.credits.day[yours])
        return self._apart(mine[left], yours[right])

    def _joined(self, left: Rows, left_day: Rows, right: Rows, right_day: Rows) -> tuple[Rows, Rows]:
        first, last = windows(left, left_day, right, right_day, self.window)
        at, place = spread(first, last)
        return at, np.lexsort((right_day, right))[place]

    def _apart(self, debit: Rows, credit: Rows) -> tuple[Rows, Rows]:
        apart = self.debits.own[debit] != self.credits.own[credit]
        return debit[apart], credit[apart]

    def _described(self, debit: Rows, credit: Rows, same: Rows, referred: Rows) -> Candidates:
        pairs = coded(debit, credit)
        ordered = np.sort(referred)
        amount = _within(pairs, np.sort(same))
        amount[~amount] = self._one_amount(debit[~amount], credit[~amount])
        return Candidates(
            debit,
            credit,
            self.credits.day[credit] - self.debits.day[debit],
            amount,
            self._says(self.debits.outside[debit], self.credits.own[credit]),
            self._says(self.credits.outside[credit], self.debits.own[debit]),
            np.searchsorted(ordered, pairs, "right") - np.searchsorted(ordered, pairs, "left"),
        )

    def _one_amount(self, debit: Rows, credit: Rows) -> Mask:
        """Whether some amount in which one side may be stated is one in which the other may be."""
        if not len(debit):
            return np.zeros(0, bool)
        wide = 1 + max(self.debits.keys[1].max(initial=0), self.credits.keys[1].max(initial=0))
        mine = np.sort(self.debits.keys[0] * wide + self.debits.keys[1])
        theirs = _Rows(*self.credits.keys, len(self.credits))
        at, keys = theirs.of(credit)
        hit = _within(debit[at] * wide + keys, mine)
        return np.bincount(at[hit], minlength=len(debit)) > 0

    def _says(self, outside: Rows, own: Rows) -> Rows:
        wide = len(self.accounts)
        codes = outside * wide + own
        pairs = _distinct(codes)
        place = np.searchsorted(pairs, codes)
        says = [self.directory.says(self.accounts[pair // wide], int(pair % wide)) for pair in pairs.tolist()]
        answers: Rows = np.array(says, np.int64)[place] if len(pairs) else np.empty(0, np.int64)
        return answers


class _Rows:
    """Values by the row they belong to."""

    def __init__(self, rows: Rows, values: Rows, count: int) -> None:
        order = np.argsort(rows, kind="stable")
        self.values = values[order]
        counts = np.bincount(rows, minlength=count).astype(np.int64)
        self.start = np.cumsum(counts) - counts
        self.counts = counts

    def of(self, rows: Rows) -> tuple[Rows, Rows]:
        """(place in `rows`, value) for every value of each of these rows."""
        at, place = spread(self.start[rows], self.start[rows] + self.counts[rows])
        return at, self.values[place]


def strong_references(texts: Iterable[str]) -> list[str]:
    """References without signs and spaces, in capitals; those that are too short or say nothing left out."""
    plain = ("".join(filter(str.isalnum, text)).upper() for text in texts)
    return [p for p in plain if len(p) >= _STRONG and any(map(str.isdigit, p)) and not _MEANINGLESS.fullmatch(p)]


def reference_codes(ledger: Ledger, events: Rows) -> tuple[Rows, Rows]:
    """(code of a reference, event) for every strong reference of these events that is not on too many of them."""
    lists = ledger.events["references"].take(pa.array(events)).combine_chunks()
    flat = pc.list_flatten(lists).dictionary_encode()
    if not len(flat):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    plain = [strong_references([text]) for text in flat.dictionary.to_pylist()]
    names = {text: code for code, text in enumerate(dict.fromkeys(p[0] for p in plain if p))}
    code = np.array([names[p[0]] if p else -1 for p in plain], np.int64)[flat.indices.to_numpy()]
    event = events[pc.list_parent_indices(lists).to_numpy()]
    good = code >= 0
    both = _distinct(coded(code[good], event[good]))
    code, event = both >> 32, both & 0xFFFFFFFF
    rare = np.bincount(code, minlength=len(names))[code] <= COMMON
    return code[rare], event[rare]


def carried(codes: Rows, events: Rows, sides: Sides) -> tuple[Rows, Rows]:
    """(code of a reference, side) for every side of an event that carries it."""
    order = np.argsort(sides.event, kind="stable")
    ordered = sides.event[order]
    at, place = spread(np.searchsorted(ordered, events, "left"), np.searchsorted(ordered, events, "right"))
    return codes[at], order[place]


def windows(left: Rows, left_day: Rows, right: Rows, right_day: Rows, window: int) -> tuple[Rows, Rows]:
    """For each on the left those on the right, sorted by (key, day), with its key and 0 to `window` days later."""
    if not len(left) or not len(right):
        return np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    start = min(int(left_day.min()), int(right_day.min()))
    wide = max(int(left_day.max()), int(right_day.max())) - start + window + 1
    if max(int(left.max()), int(right.max())) >= 2**62 // wide:
        keys = _distinct(np.concatenate([left, right]))
        left, right = np.searchsorted(keys, left), np.searchsorted(keys, right)
    ours = left * wide + (left_day - start)
    theirs = np.sort(right * wide + (right_day - start))
    return np.searchsorted(theirs, ours, "left"), np.searchsorted(theirs, ours + window, "right")


def spread(first: Rows, last: Rows) -> tuple[Rows, Rows]:
    """(which range, place) for every place of each range from `first` to before `last`."""
    counts = last - first
    at = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    return at, first[at] + within


def _distinct(values: Rows) -> Rows:
    """Each value once, in order. Sorting is faster here than the hash table of numpy."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    distinct: Rows = ordered[first]
    return distinct


def _within(values: Rows, ordered: Rows) -> Mask:
    """Whether each value is among the ordered ones."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    inside: Mask = ordered[place] == values
    return inside


def coded(debit: Rows, credit: Rows) -> Rows:
    """Both as one number."""
    code: Rows = (debit.astype(np.int64) << 32) | credit
    return code


def _unique(debit: Rows, credit: Rows) -> tuple[Rows, Rows]:
    codes = _distinct(coded(debit, credit))
    return codes >> 32, codes & 0xFFFFFFFF
