"""Both sides of the payments of a case: what people found of them, and the lists a person works through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from trover.case import finding as kinds
from trover.case.finding import Finding
from trover.errors import plural
from trover.ledger.ledger import Ledger
from trover.ledger.pair import Joined, Pair, Pairing, Ruling, find_pairs

if TYPE_CHECKING:
    from trover.case.case import Case

BARRED = "not joined: their order does not allow it"


def pairing_of(ledger: Ledger, findings: Iterable[Finding]) -> Pairing:
    """The pairs of `ledger`, the rows in force, under these findings (those in force)."""
    bodies = [finding.body for finding in findings]
    return find_pairs(ledger, rulings_of(bodies), held_rows(ledger, bodies))


def rulings_of(bodies: Iterable[kinds.Body]) -> list[Ruling]:
    """What people found of two rows."""
    ruled = (kinds.SameTransfer, kinds.NotSameTransfer)
    return [
        Ruling(body.payer_row, body.payee_row, isinstance(body, kinds.SameTransfer))
        for body in bodies
        if isinstance(body, ruled)
    ]


def held_rows(ledger: Ledger, bodies: Iterable[kinds.Body]) -> set[str]:
    """Rows that only a person pairs: claims enter there, or they are a payment and its return.

    A claim enters from outside; were its row joined with the payer's, it would enter nowhere. A return restores what
    its payment had; as payments between two accounts they would be moves of whatever the accounts held.
    """
    held: set[str] = set()
    for body in bodies:
        if isinstance(body, kinds.Claimed):
            held.add(body.transfer)
        elif isinstance(body, kinds.Reversal):
            held |= {body.transfer, body.returned}
        elif isinstance(body, kinds.CashLink):
            held |= {body.transfer, body.withdrawal}
        elif isinstance(body, kinds.BackwardLink):
            held |= {body.transfer, body.debit}
        elif isinstance(body, kinds.ThroughService):
            held |= {*body.given, *body.received, body.credited, body.withdrawn}
    returns = ledger.events.select(["id", "reverses"]).filter(pc.not_equal(ledger.events["reverses"], ""))
    for row in returns.to_pylist():
        held |= {row["id"], row["reverses"]}
    return held - {""}


def notes_on(pairing: Pairing, joined: Joined) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was made of the pairs, in words, and the rows a reader must know of."""
    one, underway, barred = (plural(len(rows), "payment") for rows in (joined.one, joined.underway, joined.barred))
    if len(joined.one):
        yield f"{one} with rows on both statements of one day, each made one transfer", ()
    if len(joined.underway):
        yield f"{underway} with rows on both statements of two days, under way between them", ()
    if len(joined.barred):
        rows = tuple(row for pair in barred_pairs(pairing, joined) for row in (pair.payer, pair.payee))
        yield f"{barred} not joined: the rows of the two accounts stand in another order", rows
    waiting = {row for group in pairing.waiting for each in group.candidates for row in (each.payer, each.payee)}
    if waiting:
        yield f"{len(waiting):,} rows may be sides of payments and wait for a person", tuple(sorted(waiting))


def barred_pairs(pairing: Pairing, joined: Joined) -> list[Pair]:
    """The pairs that could not be made."""
    every = list(pairing.pairs()) if len(joined.barred) else []
    return [every[place] for place in joined.barred.tolist()]


def pairing_in(case: Case) -> tuple[Pairing, Joined]:
    """Both sides of the payments of `case`, and what became of them."""
    made = case.derived().pairing
    assert made is not None
    return made


def two_sided(case: Case) -> dict[str, Any]:
    """The lists a person works through (rules 6.1, item 6), as plain data: `pairs`, `waiting` and `unmatched` rows.

    Each pair and candidate has the ids and accounts of both rows, days between, score and reasons; a pair also
    `how` it is certain and what `became` of it, a group of candidates `why` it waits. An unmatched row names an
    account of the case on whose statements nothing answers it.
    """
    pairing, joined = pairing_in(case)
    plain = pairing.plain()
    became = dict.fromkeys(joined.one.tolist(), "one transfer")
    became |= dict.fromkeys(joined.underway.tolist(), "two, the money under way between them")
    became |= dict.fromkeys(joined.barred.tolist(), BARRED)
    for place, pair in enumerate(plain["pairs"]):
        pair["became"] = became[place]
    return plain
