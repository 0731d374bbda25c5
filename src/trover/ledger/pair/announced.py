"""Rows that only announce a movement which a statement then shows as booked: the movement counts once.

Advices, intraday reports and payment orders tell of a payment before, or beside, the statement. The booked row is
the movement; the announced one becomes another row of evidence for it. They agree in account, direction and
amount, the booked row is of the same day or up to the window later, and nothing else fits: by reference, or because
each is the only one that fits the other and the other party is not somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from trover.ledger.event import EXTERNAL, Account, AccountKind, OtherRow
from trover.ledger.ledger import Ledger
from trover.ledger.pair.candidates import Candidates, carried, reference_codes, spread, windows
from trover.ledger.pair.decide import decide
from trover.ledger.pair.identity import Directory, Says, is_number, is_unknown, printed_id
from trover.ledger.pair.pairs import WINDOW
from trover.ledger.pair.sides import Legs, Rows, Sides, sides_of


def booked_later(ledger: Ledger, window: int = WINDOW) -> dict[str, str]:
    """Id of an announced row -> id of the booked row that is the same movement."""
    if pc.all(ledger.events["booked"]).as_py():
        return {}
    directory = Directory(ledger.account_list)
    ids = ledger.events["id"]
    found: dict[str, str] = {}
    for announced, booked in zip(_announced(ledger, directory), sides_of(ledger), strict=True):
        fits = _fitting(ledger, announced, booked, window)
        none = np.zeros(len(announced), bool), np.zeros(len(booked), bool)
        for place, _ in decide(fits, announced, booked, none).made:
            row, other = (int(s.event[r[place]]) for s, r in ((announced, fits.debit), (booked, fits.credit)))
            found.setdefault(ids[row].as_py(), ids[other].as_py())
    return found


def counted_once(ledger: Ledger, same: dict[str, str]) -> Ledger:
    """`ledger` without the announced rows of `same`, each named beside the booked row it announces."""
    if not same:
        return ledger
    gone = ledger.among(same)
    rows: defaultdict[str, list[OtherRow]] = defaultdict(list)
    for event in ledger.take(np.flatnonzero(gone)):
        rows[same[event.id]] += event.rows
    return ledger.take(np.flatnonzero(~gone)).with_also(rows)


def _announced(ledger: Ledger, directory: Directory) -> tuple[Sides, Sides]:
    """Debits and credits that are announced: on a report of the account itself, or in an order that names it."""
    own = sides_of(ledger, booked=False)
    orders = _orders(ledger, directory)
    return _together(own[0], orders[0]), _together(own[1], orders[1])


def _orders(ledger: Ledger, directory: Directory) -> tuple[Sides, Sides]:
    """What payment orders between two parties outside say of accounts inside, which they name by number."""
    book = Legs(ledger, booked=False)
    plain = book.usable & (ledger.events["inputs"].to_numpy() == 1) & (ledger.events["outputs"].to_numpy() == 1)
    rows = np.flatnonzero(plain)
    legs = [ledger.first_leg(side)[rows] for side in ("inputs", "outputs")]
    payer, payee = (book.account[side][leg] for side, leg in zip(("inputs", "outputs"), legs, strict=True))
    outside = book.external[payer] & book.external[payee]
    rows, payer, payee = rows[outside], payer[outside], payee[outside]
    amounts = [book.key(book.amount[side, "amount"][leg[outside]], ours) for side, leg, ours in (
        ("inputs", legs[0], payer), ("outputs", legs[1], payee))]  # fmt: skip
    return (
        _named_sides(book, directory, rows, payer, payee, amounts[0]),
        _named_sides(book, directory, rows, payee, payer, amounts[1]),
    )


def _named_sides(book: Legs, directory: Directory, rows: Rows, near: Rows, far: Rows, amount: Rows) -> Sides:
    accounts = directory.accounts
    named = [sorted(directory.by_number(accounts[account])) for account in near.tolist()]
    at = np.array([place for place, found in enumerate(named) for _ in found], np.int64)
    own = np.array([row for found in named for row in found], np.int64)
    zero = np.zeros(len(at), np.int64)
    keys = np.arange(len(at)), amount[at]
    return Sides(rows[at], own, far[at], zero, book.day[rows[at]], zero == 0, amount[at], keys)


def _together(first: Sides, second: Sides) -> Sides:
    names = ("event", "own", "outside", "leg", "day", "alone", "main")
    columns = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    return Sides(**columns, keys=(np.arange(len(columns["main"])), columns["main"]))


def _fitting(ledger: Ledger, announced: Sides, booked: Sides, window: int) -> Candidates:
    """Announced and booked sides of one account and amount within the window."""
    wide = len(ledger.account_list)
    ours, theirs = announced.main * wide + announced.own, booked.main * wide + booked.own
    order = np.lexsort((booked.day, theirs))
    at, place = spread(*windows(ours, announced.day, theirs, booked.day, window))
    other = order[place]
    says = [
        _says(ledger.account_list[one], ledger.account_list[two])
        for one, two in zip(announced.outside[at].tolist(), booked.outside[other].tolist(), strict=True)
    ]
    return Candidates(
        at,
        other,
        booked.day[other] - announced.day[at],
        np.ones(len(at), bool),
        np.array(says, np.int64),
        np.full(len(at), Says.NOTHING, np.int64),
        _shared(ledger, announced, booked, at, other),
    )


def _says(one: Account, two: Account) -> Says:
    """Whether two rows of one account name the same other party: by number where both give one, else by name."""
    if one.id == two.id:
        return Says.NUMBER
    if is_unknown(one) or is_unknown(two):
        return Says.NOTHING
    first, second = printed_id(one), printed_id(two)
    known = Directory([Account(second, two.currency, AccountKind.BANK, two.holder)])
    if is_number(first) and not is_number(second):
        return known.says(replace(one, id=f"{EXTERNAL}{one.holder}"), 0)
    return known.says(one, 0)


def _shared(ledger: Ledger, announced: Sides, booked: Sides, at: Rows, other: Rows) -> Rows:
    """How many references both of each two carry."""
    codes, events = reference_codes(ledger, np.union1d(announced.event, booked.event))
    ours, theirs = carried(codes, events, announced), carried(codes, events, booked)
    mine: dict[int, set[int]] = {}
    yours: dict[int, set[int]] = {}
    for kept, (code, side) in ((mine, ours), (yours, theirs)):
        for number, row in zip(code.tolist(), side.tolist(), strict=True):
            kept.setdefault(row, set()).add(number)
    shared = [len(mine.get(a, set()) & yours.get(b, set())) for a, b in zip(at.tolist(), other.tolist(), strict=True)]
    return np.array(shared, np.int64)
