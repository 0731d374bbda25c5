"""Find the two sides of every payment between accounts of a ledger: what is made, what waits, what is unanswered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.ledger import Ledger
from trover.ledger.pair.candidates import Candidates, Finder, coded
from trover.ledger.pair.decide import How, Why, decide, silent_groups
from trover.ledger.pair.score import judged
from trover.ledger.pair.sides import Mask, Rows, Sides, sides_of

WINDOW = 5
"""Calendar days within which a credit follows its debit."""
JUDGED = ("amount", "lag", "payer_says", "payee_says", "references")
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z/.-]*[0-9A-Za-z]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person found of two rows, named by their ids: that they are `same`, one payment, or are not."""

    payer: str
    payee: str
    same: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that are one payment. Legs count from 0 among the outputs of `payer` and the inputs of `payee`."""

    payer: str
    payee: str
    payer_account: str
    payee_account: str
    payer_leg: int
    payee_leg: int
    days: int
    score: int
    reasons: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two rows that may be one payment."""

    payer: str
    payee: str
    payer_account: str
    payee_account: str
    days: int
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Candidates that share rows and wait for a person, the best first."""

    why: Why
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row whose statement names another account of the ledger, on which no row answers it."""

    id: str
    account: str
    other: tuple[str, ...]
    direction: str
    """`paid` or `received`, as seen from `account`."""


@dataclass
class Pairing:
    """All pairs of a ledger as columns, and what waits. Iterate over `pairs()` for objects."""

    ledger: Ledger
    debits: Sides
    credits: Sides
    debit: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    credit: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    found: Candidates | None = None
    how: list[How] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    window: int = WINDOW

    def __len__(self) -> int:
        return len(self.debit)

    def pairs(self) -> Iterator[Pair]:
        """Every pair made, in ledger order of the payer's rows."""
        if self.found is None:
            return
        ends = _Ends(self.ledger, self.debits, self.credits)
        scores = _scores(self.found)
        for place, (debit, credit) in enumerate(zip(self.debit.tolist(), self.credit.tolist(), strict=True)):
            payer, payee, payer_account, payee_account = ends.of(debit, credit)
            legs = int(self.debits.leg[debit]), int(self.credits.leg[credit])
            days = int(self.found.lag[place])
            yield Pair(payer, payee, payer_account, payee_account, *legs, days, *scores[place], self.how[place])

    def plain(self) -> dict[str, Any]:
        """The lists as plain data: pairs made, candidates waiting, and rows whose other side is missing."""
        return {
            "window_days": self.window,
            "pairs": [_plain(pair) for pair in self.pairs()],
            "waiting": [
                {"why": str(group.why), "candidates": [_plain(candidate) for candidate in group.candidates]}
                for group in self.waiting
            ],
            "unmatched": [_plain(row) for row in self.unmatched],
        }


def find_pairs(
    ledger: Ledger, rulings: Iterable[Ruling] = (), held: Iterable[str] = (), window: int = WINDOW
) -> Pairing:
    """The two sides of every payment between accounts of `ledger` (rows in force, see `Ledger.current`).

    rulings: what people found; they come before everything else. held: ids of rows on which findings or
    returns rest, and which only a person pairs. window: calendar days within which the credit follows.
    """
    debits, credits = sides_of(ledger)
    finder = Finder(ledger, debits, credits, window)
    found = finder.evidenced()
    ruled = _Rulings(ledger, debits, credits, rulings)
    found = found.take(ruled.open(found))
    reserved = _holding(ledger, held)
    decision = decide(found, debits, credits, (reserved[debits.event], reserved[credits.event]))
    forced = finder.described(*ruled.same)
    rows = np.array([row for row, _ in decision.made], np.int64)
    whole = _joined(forced, found.take(rows))
    hows = [How.PERSON] * len(forced) + [how for _, how in decision.made]
    order = np.argsort(whole.debit, kind="stable")
    pairing = Pairing(
        ledger, debits, credits, whole.debit[order], whole.credit[order], whole.take(order),
        [hows[place] for place in order], window=window,
    )  # fmt: skip
    free = _free(debits, whole.debit), _free(credits, whole.credit)
    waiting = found.take(np.array([row for group, _ in decision.waiting for row in group], np.int64))
    free = free[0] & _free(debits, waiting.debit), free[1] & _free(credits, waiting.credit)
    silent = finder.silent(*free)
    silent = silent.take(ruled.open(silent))
    pairing.waiting = [_waiting(ledger, debits, credits, found, group, why) for group, why in decision.waiting]
    pairing.waiting += [_waiting(ledger, debits, credits, silent, group, Why.SILENT) for group in silent_groups(silent)]
    pairing.unmatched = [
        *_unmatched(finder, debits, free[0], "paid"),
        *_unmatched(finder, credits, free[1], "received"),
    ]
    return pairing


class _Rulings:
    """What people found, as sides. A batch cannot be meant by its id alone unless one leg alone is left to it."""

    def __init__(self, ledger: Ledger, debits: Sides, credits: Sides, rulings: Iterable[Ruling]) -> None:
        stated = list(rulings)
        payers, payees = ([getattr(ruling, name) for ruling in stated] for name in ("payer", "payee"))
        payer, payee = _events(ledger, payers), _events(ledger, payees)
        same: list[list[tuple[int, int]]] = []
        apart: list[list[tuple[int, int]]] = []
        for ruling, one, other in zip(stated, payer, payee, strict=True):
            sides = [
                (int(d), int(c)) for d in np.flatnonzero(debits.event == one)
                for c in np.flatnonzero(credits.event == other)
            ]  # fmt: skip
            (same if ruling.same else apart).append(sides)
        self.same = _columns([_best(sides, debits, credits) for sides in same if sides])
        self.apart = _columns([side for sides in apart for side in sides])

    def open(self, found: Candidates) -> Mask:
        """Candidates about which no person found anything."""
        left: Mask = ~np.isin(coded(found.debit, found.credit), coded(*self.apart))
        return left & ~np.isin(found.debit, self.same[0]) & ~np.isin(found.credit, self.same[1])


def _best(sides: Sequence[tuple[int, int]], debits: Sides, credits: Sides) -> tuple[int, int]:
    """Of the legs of two rows those with one amount, else the first."""
    return min(sides, key=lambda ends: (debits.main[ends[0]] != credits.main[ends[1]], ends))


def _columns(ends: Sequence[tuple[int, int]]) -> tuple[Rows, Rows]:
    return np.array([d for d, _ in ends], np.int64), np.array([c for _, c in ends], np.int64)


def _events(ledger: Ledger, ids: Sequence[str]) -> list[int]:
    """Row of each event, or -1."""
    if not ids:
        return []
    found = pc.index_in(pa.array(ids, pa.string()), value_set=ledger.events["id"].combine_chunks())
    rows: list[int] = pc.fill_null(found, -1).to_pylist()
    return rows


def _holding(ledger: Ledger, ids: Iterable[str]) -> Mask:
    held = np.zeros(len(ledger), bool)
    rows = [row for row in _events(ledger, sorted(set(ids))) if row >= 0]
    held[rows] = True
    return held


def _joined(first: Candidates, second: Candidates) -> Candidates:
    names = Candidates.__dataclass_fields__
    return Candidates(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in names))


def _free(sides: Sides, taken: Rows) -> Mask:
    free = np.ones(len(sides), bool)
    free[taken] = False
    return free


class _Ends:
    """Ids of rows and accounts by side."""

    def __init__(self, ledger: Ledger, debits: Sides, credits: Sides) -> None:
        self.debits, self.credits = debits, credits
        self.ids = ledger.events["id"]
        self.accounts = [account.id for account in ledger.account_list]

    def of(self, debit: int, credit: int) -> tuple[str, str, str, str]:
        ids = (self.ids[int(sides.event[row])].as_py() for sides, row in ((self.debits, debit), (self.credits, credit)))
        return (*ids, self.accounts[self.debits.own[debit]], self.accounts[self.credits.own[credit]])


def _scores(found: Candidates) -> list[tuple[int, tuple[str, ...]]]:
    return [judged(*row) for row in zip(*(getattr(found, name).tolist() for name in JUDGED), strict=True)]


def _waiting(
    ledger: Ledger, debits: Sides, credits: Sides, found: Candidates, group: Sequence[int], why: Why
) -> Waiting:
    ends, made = _Ends(ledger, debits, credits), []
    notes = ledger.events["note"]
    for row in group:
        debit, credit = int(found.debit[row]), int(found.credit[row])
        texts = [_numbers(notes[int(s.event[r])].as_py()) for s, r in ((debits, debit), (credits, credit))]
        values = (getattr(found, name)[row].item() for name in JUDGED)
        points, reasons = judged(*values, bool(texts[0] & texts[1]))
        made.append(Candidate(*ends.of(debit, credit), int(found.lag[row]), points, reasons))
    return Waiting(why, tuple(sorted(made, key=lambda candidate: -candidate.score)))


def _numbers(note: str) -> frozenset[str]:
    """Words of a purpose text that hold at least four digits and are no plain date."""
    words = {word.upper() for word in _TOKEN.findall(note) if sum(map(str.isdigit, word)) >= 4}
    return frozenset(word for word in words if not _DATE.fullmatch(word))


def _unmatched(finder: Finder, sides: Sides, free: Mask, direction: str) -> Iterator[Unmatched]:
    """Rows without any candidate that name an account of the ledger."""
    outside, place = np.unique(sides.outside[free], return_inverse=True)
    named = [finder.directory.named(finder.accounts[row]) for row in outside]
    rows = np.flatnonzero(free)
    ids = finder.ledger.events["id"]
    for row, at in zip(rows.tolist(), place.tolist(), strict=True):
        others = named[at] - {int(sides.own[row])}
        if others:
            own = finder.accounts[sides.own[row]].id
            names = tuple(sorted(finder.accounts[other].id for other in others))
            yield Unmatched(ids[int(sides.event[row])].as_py(), own, names, direction)


def _plain(row: Any) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, How) else v for name, v in asdict(row).items()}
